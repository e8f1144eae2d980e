"""A delta run: what it looks at again comes out as in a full run, and what it does not would have stayed as it is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.verification.linkage import Linkage, affected_rows, link
from tests.verification.linkage.small import POPULATION_COLUMNS, linked, prepared, register_of, village

TOLD = ("record_id", "status", "tags", "number")


@dataclass(frozen=True)
class Sides:
    """Both sides after a change, and what changed."""

    register: pl.DataFrame
    population: pl.DataFrame
    changed_people: np.ndarray
    changed_records: np.ndarray

    def rows(self, before: Linkage) -> np.ndarray:
        """Return the rows that a delta run looks at."""
        return affected_rows(
            *prepared(self.register, self.population), changed_people=self.changed_people, previous=before.verdicts,
            model=before.model, changed_records=self.changed_records,
        )  # fmt: skip


@cache
def register() -> pl.DataFrame:
    """Write down every third person, each third of them without a number, some of them twice."""
    written = register_of(village(), [*range(0, 540, 3), *range(0, 540, 60)])
    return written.with_columns(
        pl.when(pl.int_range(pl.len()) % 3 == 0).then(None).otherwise("number").alias("number"),
        pl.int_range(pl.len()).cast(pl.String).alias("record_id"),
    )


@cache
def before() -> Linkage:
    return linked(register(), village())


def changed_person(chance: random.Random) -> dict[str, str]:
    """Return what a person says otherwise."""
    return chance.choice(
        [
            {"life_status": "chet"},
            {"commune_code": chance.choice(("05443", "05446", "05449"))},
            {"full_name": "MA THỊ PHƯỢNG"},
            {"birth_date": "19770707"},
            {"household_id": str(chance.randint(1, 150))},
        ]
    )


def changed_record(chance: random.Random) -> dict[str, str | None]:
    """Return what a record says otherwise."""
    return chance.choice(
        [
            {"full_name": "Lò Văn Sơn"},
            {"number": village()["number"][chance.randrange(600)]},
            {"number": None},
            {"birth_date": "1960"},
            {"household_id": register()["household_id"][chance.randrange(150)]},
        ]
    )


def changed(seed: int, *, how_many: int) -> Sides:
    """Change a few people and a few records; let some leave and some come."""
    chance = random.Random(seed)
    people, entries = village().to_dicts(), register().to_dicts()
    for row in chance.sample(range(len(people)), how_many):
        people[row] |= changed_person(chance) | {"is_changed": True}
    for row in chance.sample(range(len(entries)), how_many):
        entries[row] |= changed_record(chance) | {"is_changed": True}
    people = chance.sample(people, len(people) - how_many // 2)
    entries = chance.sample(entries, len(entries) - how_many // 2)
    people += [
        people[place] | {"number": f"0199999{place:05d}", "household_id": None, "is_head": False, "is_changed": True}
        for place in range(2)
    ]
    entries.append(chance.choice(entries) | {"record_id": "new", "is_changed": True})
    return Sides(
        pl.DataFrame([{name: row[name] for name in register().columns} for row in entries], schema=register().schema),
        pl.DataFrame([{name: row[name] for name in POPULATION_COLUMNS} for row in people], schema=village().schema),
        np.array([row.get("is_changed", False) for row in people]),
        np.array([row.get("is_changed", False) for row in entries]),
    )


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), how_many=st.integers(0, 8))
def test_a_delta_run_over_any_small_change_equals_the_full_run(seed: int, how_many: int) -> None:
    now = changed(seed, how_many=how_many)
    rows = now.rows(before())

    whole = link(*prepared(now.register, now.population), model=before().model).verdicts
    part = link(
        *prepared(now.register, now.population), only=rows, previous=before().verdicts, model=before().model
    ).verdicts

    assert part[rows].select(TOLD).equals(whole[rows].select(TOLD))
    others = np.setdiff1d(np.arange(now.register.height), rows)
    stood = now.register[others].select("record_id").join(before().verdicts, on="record_id", maintain_order="left")
    assert stood.select(TOLD).equals(whole[others].select(TOLD))


def test_where_nothing_changed_nothing_is_looked_at() -> None:
    same = Sides(register(), village(), np.zeros(village().height, np.bool_), np.zeros(register().height, np.bool_))

    assert same.rows(before()).size == 0


def test_a_small_change_is_a_small_run() -> None:
    now = changed(5, how_many=3)

    assert 0 < now.rows(before()).size < 90


def test_rows_that_are_not_asked_about_come_back_undecided() -> None:
    part = link(
        *prepared(register(), village()), only=np.array([4]), previous=before().verdicts, model=before().model
    ).verdicts

    assert part["is_linked"].sum() == 1
    assert part["number"][4] == before().verdicts["number"][4]
    assert part.filter(pl.col("record_id") != "4")["probability"].max() == 0


def test_a_model_that_was_given_is_the_model_that_comes_back() -> None:
    again = link(*prepared(register(), village()), model=before().model)

    assert again.model is before().model
    assert again.verdicts.select(TOLD).equals(before().verdicts.select(TOLD))


def test_records_of_one_name_in_a_file_do_not_stop_it() -> None:
    twice = pl.concat([register(), register().head(3)])

    rows = affected_rows(
        *prepared(twice, village()), changed_people=np.zeros(village().height, np.bool_), previous=before().verdicts,
        model=before().model,
    )  # fmt: skip

    assert rows.size == 0
