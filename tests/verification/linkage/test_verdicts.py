"""What an officer reads: each status, each verdict on a field, who came second, and why, in one Vietnamese sentence."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import pytest

from lienthong.verification.linkage.vocabulary import MINISTRY_STATUS, Field, FieldVerdict, MinistryStatus, Status
from tests.verification.linkage.small import linked, record_of, records, register_of, verdict_on, village

SOMEBODY = 20
WORD_TWICE = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)


def changed(row: int, **facts: object) -> pl.DataFrame:
    """Return the village with one of its people changed."""
    here = pl.int_range(pl.len()) == row
    return village().with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in facts.items()
    )


def person(row: int = SOMEBODY) -> dict[str, Any]:
    return village().row(row, named=True)


def somebody_in(commune: str, *, other_than: int = SOMEBODY) -> int:
    return next(
        row for row in range(village().height) if village()["commune_code"][row] == commune and row != other_than
    )


def told(status: Status) -> dict[str, Any]:
    """Return the verdict on a record made for a status."""
    known = person()
    other_commune = next(code for code in ("05443", "05446", "05449") if code != known["commune_code"])
    other_sex = "Nam" if known["sex"] == "Nữ" else "Nữ"
    year = int(known["birth_date"][:4])
    cases: dict[Status, dict[str, Any]] = {
        Status.DEAD: {},
        Status.DUPLICATE: {},
        Status.VERIFIED: {},
        Status.NUMBER_OF_ANOTHER: {"number": person(300)["number"]},
        Status.NAME_DIFFERS: {"full_name": known["full_name"].title() + "h"},
        Status.BIRTH_DIFFERS: {"birth_date": str(year)},
        Status.SEX_DIFFERS: {"sex": other_sex},
        Status.NUMBER_WRONG: {"number": known["number"][:-2] + "99"},
        Status.NUMBER_MISSING: {"number": None},
        Status.ETHNICITY_DIFFERS: {"ethnicity": "Mường" if known["ethnicity"] != "Mường" else "Kinh"},
        Status.MOVED: {"commune_code": other_commune},
        Status.SEVERAL_CANDIDATES: {"number": None, "head_name": None, "household_id": None},
        Status.NOT_FOUND: {
            "number": "036099123456", "full_name": "Vàng Mí Sính", "birth_date": "03/03/1933", "head_name": "Vàng Mí Lử",
            "household_id": "9999",
        },
    }  # fmt: skip
    population = village()
    if status is Status.DEAD:
        population = changed(SOMEBODY, life_status="chet")
    if status is Status.ETHNICITY_DIFFERS:
        population = pl.concat([population, population.head(1).with_columns(ethnicity=pl.lit("Mường"))])
    if status is Status.SEVERAL_CANDIDATES:
        twin = population[SOMEBODY].with_columns(
            number=pl.lit("019999999999"), old_number=pl.lit(None, pl.String), household_id=pl.lit("800")
        )
        population = pl.concat([population, twin])
    record = record_of(village(), SOMEBODY, **cases[status])
    beside = [record_of(village(), SOMEBODY)] if status is Status.DUPLICATE else []
    return verdict_on(record, population, *beside)


@pytest.mark.parametrize("status", list(Status))
class TestStatuses:
    def test_each_status_arises_where_it_should(self, status: Status) -> None:
        verdict = told(status)

        assert verdict["status"] == status
        assert status not in verdict["tags"]

    def test_who_is_found_is_named_and_who_is_not_is_not(self, status: Status) -> None:
        verdict = told(status)
        is_found = status not in {Status.SEVERAL_CANDIDATES, Status.NOT_FOUND}

        assert verdict["is_linked"] is is_found
        assert verdict["number"] == (person()["number"] if is_found else None)
        assert (verdict["population_row"] >= 0) is is_found
        assert 0 <= verdict["probability"] <= 1

    def test_it_is_explained_in_whole_sentences(self, status: Status) -> None:
        sentence = told(status)["explanation"]

        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert "  " not in sentence
        assert ".." not in sentence
        assert not WORD_TWICE.search(sentence)
        assert not re.search(r"None|null|nan|_", sentence)
        assert re.search("[ăâđêôơưàáạảã]", sentence)


def test_statuses_that_hold_beside_the_first_are_tags() -> None:
    population = changed(SOMEBODY, life_status="chet")

    verdict = verdict_on(record_of(village(), SOMEBODY, number=None, birth_date=person()["birth_date"][:4]), population)

    assert verdict["status"] == Status.DEAD
    assert set(verdict["tags"]) == {Status.BIRTH_DIFFERS, Status.NUMBER_MISSING}


def test_a_year_that_is_all_that_both_know_does_not_differ() -> None:
    year = person()["birth_date"][:4]

    verdict = verdict_on(record_of(village(), SOMEBODY, birth_date=year), changed(SOMEBODY, birth_date=f"{year}0000"))

    assert verdict["status"] == Status.VERIFIED


@pytest.mark.parametrize(
    ("record", "population", "field", "expected"),
    [
        ({}, {}, Field.NAME, FieldVerdict.EQUAL),
        ({"full_name": "  " + person()["full_name"].lower()}, {}, Field.NAME, FieldVerdict.EQUAL_NORMALISED),
        ({"full_name": "Hoang Huu Quan"}, {"full_name": "HOÀNG HỮU QUÂN"}, Field.NAME, FieldVerdict.SIMILAR),
        ({"full_name": "Hoàng Văn Quân"}, {"full_name": "HOÀNG HỮU QUÂN"}, Field.NAME, FieldVerdict.DIFFERENT),
        ({"full_name": None}, {}, Field.NAME, FieldVerdict.MISSING_HERE),
        ({}, {"full_name": None}, Field.NAME, FieldVerdict.MISSING_THERE),
        ({}, {}, Field.BIRTH, FieldVerdict.EQUAL),
        ({"birth_date": person()["birth_date"]}, {}, Field.BIRTH, FieldVerdict.EQUAL_NORMALISED),
        ({"birth_date": person()["birth_date"][:4]}, {}, Field.BIRTH, FieldVerdict.SIMILAR),
        ({"birth_date": "không rõ"}, {}, Field.BIRTH, FieldVerdict.MISSING_HERE),
        ({}, {"birth_date": None}, Field.BIRTH, FieldVerdict.MISSING_THERE),
        ({}, {}, Field.NUMBER, FieldVerdict.EQUAL),
        ({"number": person()["number"].lstrip("0")}, {}, Field.NUMBER, FieldVerdict.EQUAL_NORMALISED),
        ({"number": person()["number"][:-1] + "9"}, {}, Field.NUMBER, FieldVerdict.SIMILAR),
        ({"number": "036099123456"}, {}, Field.NUMBER, FieldVerdict.DIFFERENT),
        ({"number": None}, {}, Field.NUMBER, FieldVerdict.MISSING_HERE),
        ({}, {}, Field.SEX, FieldVerdict.EQUAL),
        ({"sex": None}, {}, Field.SEX, FieldVerdict.MISSING_HERE),
        ({}, {"sex": None}, Field.SEX, FieldVerdict.MISSING_THERE),
        ({}, {}, Field.COMMUNE, FieldVerdict.EQUAL),
        ({"commune_code": person()["commune_code"].lstrip("0")}, {}, Field.COMMUNE, FieldVerdict.EQUAL_NORMALISED),
        ({"commune_code": None}, {}, Field.COMMUNE, FieldVerdict.MISSING_HERE),
        ({"ethnicity": None}, {}, Field.ETHNICITY, FieldVerdict.MISSING_HERE),
    ],
)
def test_how_each_field_compares(
    record: dict[str, str | None], population: dict[str, object], field: Field, expected: FieldVerdict
) -> None:
    there = changed(SOMEBODY, **population) if population else village()

    verdict = verdict_on(record_of(village(), SOMEBODY, **record), there)

    assert verdict[f"{field}_verdict"] == expected


def test_weights_of_fields_say_for_and_against() -> None:
    verdict = verdict_on(record_of(village(), SOMEBODY, sex="Nam" if person()["sex"] == "Nữ" else "Nữ"), village())

    assert verdict["name_weight"] > 0
    assert verdict["number_weight"] > 0
    assert verdict["sex_weight"] < 0


def test_who_came_second_is_told_with_the_field_in_which_they_lost() -> None:
    known = person()
    cousin = village()[SOMEBODY].with_columns(
        number=pl.lit("019999999999"), old_number=pl.lit(None, pl.String), household_id=pl.lit("800"),
        birth_date=pl.lit(known["birth_date"][:4] + "0101"),
    )  # fmt: skip

    verdict = verdict_on(record_of(village(), SOMEBODY, number=None), pl.concat([village(), cousin]))

    assert verdict["number"] == known["number"]
    assert verdict["runner_up"] == "019999999999"
    assert verdict["runner_up_probability"] < verdict["probability"]
    assert verdict["runner_up_reason"].startswith("thua ở ")
    assert verdict["runner_up_reason"] in verdict["explanation"]


def test_every_status_is_one_of_the_ministrys() -> None:
    assert set(MINISTRY_STATUS) == set(Status)
    assert set(MINISTRY_STATUS.values()) <= set(MinistryStatus)


def test_one_row_per_record_in_the_order_of_the_register() -> None:
    register = register_of(village(), [9, 3, 300, 41])

    verdicts = linked(register, village()).verdicts

    assert verdicts["record_id"].to_list() == ["P9", "P3", "P300", "P41"]
    assert verdicts["status"].to_list() == [Status.VERIFIED] * 4


def test_two_runs_and_a_shuffled_one_say_the_same() -> None:
    register = register_of(village(), range(0, 400, 2)).with_columns(
        pl.when(pl.int_range(pl.len()) % 3 == 0).then(None).otherwise("number").alias("number")
    )

    first = linked(register, village()).verdicts
    again = linked(register, village()).verdicts
    shuffled = linked(
        register.sample(fraction=1.0, shuffle=True, seed=3), village().sample(fraction=1.0, shuffle=True, seed=4)
    )

    columns = ("record_id", "status", "tags", "number", "probability", "runner_up", "explanation")
    assert first.equals(again)
    assert first.select(columns).sort("record_id").equals(shuffled.verdicts.select(columns).sort("record_id"))


def test_a_relatives_number_is_told_apart_from_ones_own() -> None:
    household = village().filter(pl.col("household_id") == person()["household_id"])["number"].to_list()
    relative = next(number for number in household if number != person()["number"])

    verdict = verdict_on(record_of(village(), SOMEBODY, number=relative), village())

    assert verdict["status"] == Status.NUMBER_OF_ANOTHER
    assert verdict["number"] == person()["number"]


def test_a_number_alone_is_nobody() -> None:
    stranger = {"number": person()["number"], "full_name": "Vàng Mí Sính", "birth_date": "03/03/1933", "sex": "Nam"}

    verdict = verdict_on(stranger, village())

    assert not verdict["is_linked"]


def test_members_of_a_household_that_was_found_speak_for_the_others() -> None:
    home = village()["household_id"].value_counts().filter(pl.col("count") >= 4)["household_id"].sort()[0]
    rows = [row for row in range(village().height) if village()["household_id"][row] == home]
    members = [record_of(village(), row) for row in rows[:-1]]
    last = record_of(village(), rows[-1], number=None, birth_date=None, commune_code=None, head_name=None, sex=None)

    verdicts = linked(records(*members, last), village()).verdicts

    assert verdicts["number"][len(rows) - 1] == village()["number"][rows[-1]]
    assert verdicts["stage"][len(rows) - 1] == "household"


@pytest.mark.parametrize("known", [None, "stated"])
def test_bands_of_calibration_hold_everybody_with_a_candidate(known: str | None) -> None:
    linkage = linked(register_of(village(), range(0, 200, 2)), village())

    bands = linkage.calibration

    assert sum(band["records"] for band in bands) == linkage.verdicts.filter(pl.col("stage") != "none").height
    assert all(band["stated"] is None or band["from"] <= band["stated"] <= band["until"] for band in bands)
