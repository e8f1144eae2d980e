"""The same person twice, within a register and between registers."""

from __future__ import annotations

import polars as pl
import pytest

from lienthong.verification.linkage import duplicates
from tests.verification.linkage.small import NO_PLACES, record_of, records, register_of, village

COLUMNS = ["record_id", "other_record_id", "probability", "explanation"]


def doubled(**otherwise: str | None) -> pl.DataFrame:
    """Put one record beside a register a second time, changed."""
    again = records({"record_id": "again"} | record_of(village(), 100, **otherwise))
    return duplicates(pl.concat([register_of(village(), range(0, 600, 2)), again]), places=NO_PLACES)


@pytest.mark.parametrize(
    "otherwise",
    [
        {},
        {"number": None},
        {"number": None, "full_name": village()["full_name"][100].lower()},
        {"birth_date": None},
        {"number": None, "commune_code": None, "household_id": None, "head_name": None},
    ],
)
def test_a_record_that_is_there_twice_is_found(otherwise: dict[str, str | None]) -> None:
    found = doubled(**otherwise)

    assert found.columns == COLUMNS
    assert ("P100", "again") in {tuple(sorted(pair)) for pair in found.select(COLUMNS[:2]).iter_rows()}


def test_each_pair_is_told_once_the_surest_first_and_explained() -> None:
    found = doubled(number=None)

    pairs = [tuple(sorted(pair)) for pair in found.select(COLUMNS[:2]).iter_rows()]
    assert len(set(pairs)) == len(pairs)
    assert found["probability"].is_sorted(descending=True)
    assert found["probability"].is_between(0.5, 1).all()
    assert "họ tên" in found["explanation"][0]


def test_different_people_are_not_each_other() -> None:
    assert duplicates(register_of(village(), range(0, 600, 2)), places=NO_PLACES).height == 0


def test_members_of_a_household_are_not_each_other() -> None:
    home = village()["household_id"].value_counts().sort("count", "household_id")["household_id"][-1]
    members = [row for row in range(village().height) if village()["household_id"][row] == home]

    found = duplicates(register_of(village(), sorted({*members, *range(300, 600, 2)})), places=NO_PLACES)

    assert found.height == 0


@pytest.mark.parametrize("rows", [0, 1])
def test_fewer_than_two_records_are_no_pair(rows: int) -> None:
    found = duplicates(register_of(village(), range(rows)), places=NO_PLACES)

    assert found.height == 0
    assert found.columns == COLUMNS


@pytest.mark.parametrize("kept", [["record_id"], ["record_id", "full_name"], ["record_id", "number"]])
def test_records_that_say_little_are_looked_at_all_the_same(kept: list[str]) -> None:
    found = duplicates(register_of(village(), range(20)).select(kept), places=NO_PLACES)

    assert found.columns == COLUMNS


def test_the_order_of_rows_does_not_matter() -> None:
    again = records({"record_id": "again"} | record_of(village(), 100, number=None))
    frame = pl.concat([register_of(village(), range(0, 600, 2)), again])

    straight = duplicates(frame, places=NO_PLACES)
    turned = duplicates(frame.reverse(), places=NO_PLACES)

    def pairs(found: pl.DataFrame) -> set[tuple[str, ...]]:
        return {tuple(sorted(pair)) for pair in found.select(COLUMNS[:2]).iter_rows()}

    assert pairs(straight) == pairs(turned)
