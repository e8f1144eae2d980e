"""Whatever a file holds, the engine answers: one row per record, a status, a probability, a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from lienthong.verification.linkage import Model, Places, affected_rows, duplicates, link, precheck, variants
from lienthong.verification.linkage.vocabulary import Status
from tests.verification.linkage.small import NO_PLACES, prepared, register_of, village

PEOPLE = village(40)
RECORDS = register_of(village(40), [0, 7, 20])


def every(frame: pl.DataFrame, keep: tuple[str, ...], value: Any) -> pl.DataFrame:
    return frame.with_columns(pl.lit(value).cast(pl.String).alias(name) for name in frame.columns if name not in keep)


POPULATIONS = {
    "empty": PEOPLE.clear(),
    "one": PEOPLE.head(1),
    "nothing known": every(PEOPLE, ("is_head",), None),
    "numbers and names": PEOPLE.select("number", "full_name"),
    "numbers": PEOPLE.select("number"),
    "no households": PEOPLE.drop("household_id", "is_head"),
    "no communes": PEOPLE.drop("commune_code"),
    "no ethnicity and sex": PEOPLE.drop("ethnicity", "sex"),
    "no births": PEOPLE.drop("birth_date"),
    "no old numbers": PEOPLE.drop("old_number"),
    "one person over and over": pl.concat([PEOPLE.head(1)] * 3),
    "a long name": PEOPLE.with_columns(full_name=pl.lit("Nguyễn" * 2_000)),
    "rubbish": every(PEOPLE, ("is_head",), "\x00'\\;--🙂\u202e"),
    "numbers as numbers": PEOPLE.with_columns(pl.col("number").cast(pl.Int64), pl.col("household_id").cast(pl.Int32)),
    "negative households": PEOPLE.with_columns(household_id=pl.lit(-5)),
    "dates as dates": PEOPLE.with_columns(pl.col("birth_date").str.to_date("%Y%m%d")),
    "flags in words": PEOPLE.with_columns(is_head=pl.lit("x"), life_status=pl.lit("Đã mất")),
}
REGISTERS = {
    "empty": RECORDS.clear(),
    "one": RECORDS.head(1),
    "nothing said": every(RECORDS, ("record_id",), None),
    "ids": RECORDS.select("record_id"),
    "no names": RECORDS.drop("full_name"),
    "no communes": RECORDS.drop("commune_code"),
    "one record over and over": pl.concat([RECORDS.head(1)] * 3),
    "a long name": RECORDS.with_columns(full_name=pl.lit("ễ" * 10_000)),
    "a name of many words": RECORDS.with_columns(full_name=pl.lit("Nguyễn " * 3_000)),
    "a long number": RECORDS.with_columns(number=pl.lit("1234567890" * 1_000)),
    "rubbish": every(RECORDS, ("record_id",), "\x00'\\;--🙂\u202e"),
    "other digits": every(RECORDS, ("record_id", "full_name"), "٠٥/٠٧/١٩٦٠"),
    "formulas": every(RECORDS, ("record_id",), '=HYPERLINK("http://example.com")'),
    "ids as numbers": RECORDS.with_columns(record_id=pl.Series([1, 2, 3])),
    "numbers as numbers": RECORDS.with_columns(number=pl.Series([19160000001.0, 2.0, None])),
    "dates as serials": RECORDS.with_columns(birth_date=pl.Series([22102, 1955, -3])),
    "columns of nothing": RECORDS.with_columns(number=pl.lit(None), sex=pl.lit(None), household_id=pl.lit(None)),
}


def answered(register: pl.DataFrame, population: pl.DataFrame) -> None:
    ready, there = prepared(register, population)
    linkage = link(ready, there)
    verdicts = linkage.verdicts

    assert verdicts.height == register.height
    assert verdicts["status"].is_in(list(Status)).all()
    assert verdicts["probability"].is_between(0, 1).all()
    assert verdicts["explanation"].str.ends_with(".").all()
    assert verdicts["explanation"].null_count() == 0
    assert (verdicts["number"].is_not_null() == verdicts["is_linked"]).all() or "number" not in population.columns
    assert Model.from_plain_data(linkage.model.as_plain_data()).as_plain_data() == linkage.model.as_plain_data()
    assert linkage.calibration
    nobody = np.zeros(population.height, np.bool_)
    assert affected_rows(ready, there, changed_people=nobody, previous=verdicts, model=linkage.model).size == 0


@pytest.mark.parametrize("name", POPULATIONS)
def test_any_population_is_answered_from(name: str) -> None:
    answered(RECORDS, POPULATIONS[name])


@pytest.mark.parametrize("name", REGISTERS)
def test_any_register_is_answered(name: str) -> None:
    answered(REGISTERS[name], PEOPLE)


@pytest.mark.parametrize("name", ["empty", "nothing said", "one record over and over", "rubbish"])
def test_any_register_is_answered_from_nobody(name: str) -> None:
    answered(REGISTERS[name], PEOPLE.clear())


@pytest.mark.parametrize("name", REGISTERS)
def test_any_register_can_be_looked_at_alone(name: str) -> None:
    register = REGISTERS[name]

    precheck(register, this_year=2026)
    duplicates(register, places=NO_PLACES)
    for record in register.cast(pl.String).iter_rows(named=True):
        variants(record, this_year=2026)


def test_nobody_is_found_among_nobody() -> None:
    verdicts = link(*prepared(RECORDS, PEOPLE.clear())).verdicts

    assert set(verdicts["status"]) == {Status.NOT_FOUND}
    assert set(verdicts["explanation"]) == {"Không thấy ai giống trong dữ liệu dân cư."}


def test_three_rows_of_one_person_are_three_records_of_one_person() -> None:
    three = pl.concat([RECORDS.head(1)] * 3)

    verdicts = link(*prepared(three, PEOPLE)).verdicts

    assert verdicts["status"].to_list() == [Status.DUPLICATE] * 3
    assert verdicts["number"].n_unique() == 1


def test_a_map_of_communes_that_says_nothing_is_none() -> None:
    nothing = Places.read(pl.DataFrame({"old": [], "new": []}, schema={"old": pl.String, "new": pl.String}))

    assert link(*prepared(RECORDS, PEOPLE, nothing)).verdicts["status"].to_list() == [Status.VERIFIED] * 3
