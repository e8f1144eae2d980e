"""Weights: a rare agreement counts for more than a common one, and what a household shares counts for little."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.verification.linkage import Model
from lienthong.verification.linkage.comparing import Pairs, compare, measure_names
from lienthong.verification.linkage.levels import COMPARISONS
from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.linkage.weights import (
    Evidence,
    comparison_of,
    first_model,
    flattened,
    learn_shares,
    level_words,
    log_chances,
    share_households,
    usual_shares,
)
from tests.verification.linkage.small import linked, people, prepared, record_of, records, register_of, village


def weights_of(*couples: tuple[dict[str, str | None], int], population: pl.DataFrame) -> dict[Field, np.ndarray]:
    """Weigh each record against a person of the population, by the usual shares."""
    register, there = prepared(records(*(record for record, _ in couples)), population)
    pairs = Pairs(np.arange(len(couples)), np.array([person for _, person in couples]))
    compare(register, there, pairs)
    measure_names(register, there, pairs, np.ones(len(pairs), np.bool_))
    model = first_model(register, there)
    return Evidence(pairs, log_chances(register, there, pairs, model.chances)).by_field(model)


def named(population: pl.DataFrame, row: int, **facts: object) -> pl.DataFrame:
    """Let one person of a population be another."""
    here = pl.int_range(pl.len()) == row
    return population.with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in facts.items()
    )


class TestFrequencies:
    def test_a_rare_name_weighs_more_than_a_common_one(self) -> None:
        common = pl.concat(
            [village(), *(village().head(1).with_columns(full_name=pl.lit("NGUYỄN VĂN HÙNG")) for _ in range(60))]
        )
        population = named(common, 5, full_name="LỤC PHƯƠNG THUYỀN")

        weights = weights_of(
            (record_of(population, 5, head_name=None), 5),
            (record_of(population, population.height - 1, head_name=None), population.height - 1),
            population=population,
        )  # fmt: skip

        rare, frequent = weights[Field.NAME]
        assert rare > frequent + 4

    def test_the_first_of_january_weighs_less_than_another_day(self) -> None:
        heap = village().with_columns(
            pl.when(pl.int_range(pl.len()) % 3 == 0)
            .then(pl.lit("19600101"))
            .otherwise("birth_date")
            .alias("birth_date")
        )

        weights = weights_of((record_of(heap, 0), 0), (record_of(heap, 1), 1), population=heap)

        assert weights[Field.BIRTH][0] < weights[Field.BIRTH][1] - 4

    def test_a_small_people_weighs_more_than_the_largest(self) -> None:
        population = named(village(), 0, ethnicity="Lô Lô")
        kinh = population["ethnicity"].to_list().index("Kinh")

        weights = weights_of((record_of(population, 0), 0), (record_of(population, kinh), kinh), population=population)

        assert weights[Field.ETHNICITY][0] > weights[Field.ETHNICITY][1] + 4

    @pytest.mark.parametrize("field", [Field.NAME, Field.BIRTH, Field.NUMBER, Field.SEX, Field.COMMUNE, Field.HEAD])
    def test_agreement_speaks_for_and_difference_against(self, field: Field) -> None:
        population = village()
        other = next(
            row for row in range(1, population.height)
            if population["sex"][row] != population["sex"][0] and population["commune_code"][row] != population["commune_code"][0]
            and not population["is_head"][row]
        )  # fmt: skip

        weights = weights_of(
            (record_of(population, other), other), (record_of(population, other), 0), population=population
        )

        assert weights[field][0] > 0 > weights[field][1]

    def test_a_slip_that_made_a_name_of_many_people_weighs_less_than_one_that_made_none(self) -> None:
        crowd = [village().head(1).with_columns(full_name=pl.lit("NGUYỄN VĂN HÙNG")) for _ in range(60)]
        population = named(pl.concat([village(), *crowd]), 5, full_name="NGUYỄN VĂN HÙNH")

        weights = weights_of(
            (record_of(population, 5, full_name="Nguyễn Văn Hùng"), 5), (record_of(population, 5, full_name="Nguyễn Văn Hùnx"), 5),
            population=population,
        )  # fmt: skip

        assert weights[Field.NAME][0] < weights[Field.NAME][1] - 2


class TestHouseholds:
    def home(self, **record: str | None) -> dict[Field, float]:
        """Weigh a record against the member of its own household who is its twin."""
        twins = people(
            *(
                {
                    "number": f"01916000000{place}", "full_name": name, "birth_date": "19600705", "sex": "Nữ",
                    "ethnicity": "Tày", "commune_code": "05443", "household_id": "900", "is_head": place == 1,
                }
                for place, name in ((1, "MA THỊ LAN"), (2, "MA THỊ MAI"))
            )
        )  # fmt: skip
        population = pl.concat([twins, village()])
        register, there = prepared(records(record_of(population, 0) | record), population)
        pairs = Pairs(np.array([0]), np.array([1]))
        compare(register, there, pairs)
        model = first_model(register, there)
        logs = log_chances(register, there, pairs, model.chances)
        share_households(register, there, pairs, logs, np.array([0]))
        return {name: float(log[0]) for name, log in logs.items()}

    def test_twins_share_a_birthday(self) -> None:
        assert self.home()[Field.BIRTH] >= np.log2(0.004) - 1e-6

    def test_a_relatives_number_is_written_for_ones_own_now_and_then(self) -> None:
        assert self.home(number="019160000002")[Field.NUMBER] == pytest.approx(np.log2(0.01))

    def test_the_surname_is_shared_and_so_are_the_people(self) -> None:
        chances = self.home()

        assert chances[Field.ETHNICITY] == 0
        # What is left of the name is the given name: some dozen are usual, not some thousand.
        assert chances[Field.NAME] > -8

    def test_the_only_one_with_a_surname_keeps_what_the_given_name_weighs(self) -> None:
        population = named(village(), 3, full_name="LỤC PHƯƠNG THUYỀN")
        assert not population["is_head"][3]

        weights = weights_of((record_of(population, 3), 3), population=population)

        assert weights[Field.NAME][0] > 6


class TestShares:
    def test_usual_shares_are_shares(self) -> None:
        for shares in (usual_shares(), flattened(usual_shares())):
            for comparison in COMPARISONS:
                assert len(shares[comparison.field]) == len(comparison.levels)
                assert shares[comparison.field].sum() == pytest.approx(1)
                assert (shares[comparison.field] > 0).all()

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(-1, 1), st.floats(0, 1)), max_size=30), st.floats(min_value=0.01, max_value=1000)
    )
    def test_learnt_shares_sum_to_one_and_none_is_nought(self, seen: list[tuple[int, float]], strength: float) -> None:
        levels = np.array([level for level, _ in seen], np.int8)
        pairs = Pairs(
            np.arange(len(seen)), np.arange(len(seen)), {comparison.field: levels for comparison in COMPARISONS}
        )

        learnt = learn_shares(pairs, np.array([weight for _, weight in seen]), usual_shares(), strength=strength)

        for comparison in COMPARISONS:
            assert learnt[comparison.field].sum() == pytest.approx(1)
            assert (learnt[comparison.field] > 0).all()

    def test_shares_follow_what_was_seen_and_silence_teaches_nothing(self) -> None:
        pairs = Pairs(
            np.arange(1000), np.arange(1000),
            {comparison.field: np.full(1000, -1, np.int8) for comparison in COMPARISONS} | {Field.SEX: np.ones(1000, np.int8)},
        )  # fmt: skip

        learnt = learn_shares(pairs, np.ones(1000), usual_shares(), strength=20.0)

        assert learnt[Field.SEX][1] > 0.9
        assert np.allclose(learnt[Field.NAME], usual_shares()[Field.NAME])


class TestModel:
    def test_a_model_comes_back_from_plain_data_as_it_was(self) -> None:
        model = linked(register_of(village(), range(0, 300, 3)), village()).model

        again = Model.from_plain_data(model.as_plain_data())

        for name in Field:
            assert np.array_equal(again.careful[name], model.careful[name])
            assert np.array_equal(again.careless[name], model.careless[name])
            assert np.array_equal(again.chances[name], model.chances[name])
        assert again.as_plain_data() == model.as_plain_data()

    def test_every_share_of_a_learnt_model_is_a_share(self) -> None:
        model = linked(register_of(village(), range(0, 300, 3)), village()).model

        for shares in (model.careful, model.careless):
            for share in shares.values():
                assert share.sum() == pytest.approx(1)
        for chances in model.chances.values():
            assert ((chances > 0) & (chances < 1)).all()
        for one in (model.share_present, model.share_careless, model.share_at_home):
            assert 0 < one < 1

    def test_levels_have_words(self) -> None:
        words = level_words(Field.NAME, np.array([0, 1, -1], np.int8))

        assert words.to_list() == ["họ tên (đúng từng chữ)", "họ tên (chỉ khác dấu)", None]
        for comparison in COMPARISONS:
            codes = [level.code for level in comparison.levels]
            assert len(set(codes)) == len(codes)
            assert comparison is comparison_of(comparison.field)
            assert not comparison.levels[-1].condition
