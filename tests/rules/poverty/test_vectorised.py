"""Many households at once are what they are one by one."""

import random
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.kernel.legal import LegalReference
from lienthong.rules.poverty.classifying import Classification, classify
from lienthong.rules.poverty.columns import NO_NUMBER, UNKNOWN, columns_from_facts, facts_at
from lienthong.rules.poverty.facts import Area, HouseholdFacts
from lienthong.rules.poverty.points import PointsTable, column_for
from lienthong.rules.poverty.standards import PovertyStandard, ProvincialLines, standard, standard_ids
from lienthong.rules.poverty.vectorised import CLASSES, ROUTES, ClassifiedColumns, classify_columns, columns_of
from tests.rules.poverty.worlds import old_table, random_households, table_with_questions

REGION = "northern_midlands_mountains"
CEILINGS = ProvincialLines(
    average_rural=2_600_000, average_urban=3_300_000, reference=LegalReference(document="Nghị quyết của tỉnh")
)
HIGHER = ProvincialLines(rural=1_700_000, urban=3_100_000, reference=LegalReference(document="Nghị quyết của tỉnh"))
batches = st.builds(
    random_households, st.integers(0, 2**32), st.just(60), unknown=st.sampled_from([0.0, 0.02, 0.1, 0.3])
)


def number(value: np.int64) -> int | None:
    return None if value == NO_NUMBER else int(value)


def flag(value: np.int8) -> bool | None:
    return None if value == UNKNOWN else bool(value)


def assert_same(found: ClassifiedColumns, row: int, alone: Classification) -> None:
    assert tuple(one for place, one in enumerate(CLASSES) if found.possible[row] >> place & 1) == alone.possible_classes
    assert (None if found.classes[row] == UNKNOWN else CLASSES[found.classes[row]]) == alone.poverty_class
    assert ROUTES[found.routes[row]] == alone.route
    assert number(found.a_points[row]) == alone.a_points
    assert number(found.b_points[row]) == alone.b_points
    assert (found.deprivation_count[row], found.undecided_count[row]) == (
        alone.deprivation_count,
        alone.undecided_count,
    )
    assert {code: flag(answers[row]) for code, answers in found.deprivations.items()} == {
        one.code: one.is_deprived for one in alone.deprivations
    }
    assert flag(found.is_low_income_worker[row]) == alone.is_low_income_worker
    if alone.points:
        assert (found.a_lowest[row], found.a_highest[row]) == (alone.points.lowest, alone.points.highest)


def compare(
    facts: Sequence[HouseholdFacts],
    law: PovertyStandard,
    *,
    table: PointsTable | None = None,
    a_points: Sequence[int | None] | None = None,
    recorded: Sequence[Mapping[str, bool | None]] | None = None,
    lines: ProvincialLines | None = None,
) -> None:
    columns = columns_from_facts(facts, table=table, a_points=a_points, given=recorded)
    found = classify_columns(
        columns, law, table=table, provincial_lines=lines,
        column_of=columns_of(columns, table, region=REGION) if table else None,
    )  # fmt: skip
    for row, household in enumerate(facts):
        has_table = table if household.area else None
        alone = classify(
            household,
            law,
            points_table=has_table,
            column=column_for(household.area, REGION) if has_table and household.area else None,
            a_points=a_points[row] if a_points else None,
            given=recorded[row] if recorded else None,
            provincial_lines=lines,
        )
        assert_same(found, row, alone)


@pytest.mark.parametrize("standard_id", standard_ids())
@given(facts=batches)
@settings(max_examples=8, deadline=None)
def test_by_income_the_same_as_one_by_one(standard_id: str, facts: list[HouseholdFacts]) -> None:
    compare(facts, standard(standard_id))


@pytest.mark.parametrize("standard_id", standard_ids())
@pytest.mark.parametrize("make", [old_table, table_with_questions])
@given(facts=batches)
@settings(max_examples=6, deadline=None)
def test_by_points_the_same_as_one_by_one(
    standard_id: str, make: Callable[[], PointsTable], facts: list[HouseholdFacts]
) -> None:
    compare(facts, standard(standard_id), table=make())


@given(
    facts=batches,
    chance=st.randoms(use_true_random=True),
    lines=st.sampled_from([None, HIGHER, CEILINGS]),
)
@settings(max_examples=8, deadline=None)
def test_with_points_and_deprivations_recorded_already_the_same(
    facts: list[HouseholdFacts], chance: random.Random, lines: ProvincialLines | None
) -> None:
    points = [chance.choice([None, 100, 139, 140, 141, 174, 175, 176]) for _ in facts]
    answers: list[dict[str, bool | None]] = [
        {code: chance.choice([None, True, False]) for code in ("employment", "cleanWater")} for _ in facts
    ]
    for table in (None, table_with_questions()):
        compare(facts, standard("2022-2026"), table=table, a_points=points, recorded=answers, lines=lines)


@given(facts=batches)
@settings(max_examples=4, deadline=None)
def test_columns_keep_every_fact(facts: list[HouseholdFacts]) -> None:
    table = table_with_questions()
    columns = columns_from_facts(facts, table=table)

    assert [facts_at(columns, row, table=table) for row in range(len(facts))] == facts


def test_no_households_are_no_trouble() -> None:
    found = classify_columns(columns_from_facts([]), standard("2022-2026"))

    assert len(found) == 0


def test_a_household_without_area_has_no_column() -> None:
    columns = columns_from_facts([HouseholdFacts(), HouseholdFacts(area=Area.URBAN), HouseholdFacts(area=Area.RURAL)])

    assert columns_of(columns, old_table(), region=REGION).tolist() == [-1, 6, 1]
