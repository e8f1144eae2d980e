"""Points tables: what is refused, and what a household gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.rules.poverty.classifying import classify
from lienthong.rules.poverty.facts import Area, HouseholdFacts, Job, Material, MemberFacts, Qualification
from lienthong.rules.poverty.points import score
from lienthong.rules.poverty.points_reading import check_points_table
from lienthong.rules.poverty.recording import as_json, from_json
from lienthong.rules.poverty.standards import standard
from tests.rules.poverty.worlds import fixture_rows, old_table, random_households, table_with_questions

COLUMN = "northern_midlands_mountains"
LAW = standard("2022-2026").definitions


def changed(row: int, **cells: str) -> list[dict[str, str]]:
    rows = fixture_rows()
    rows[row].update(cells)
    return rows


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "không có dòng nào"),
        (fixture_rows()[:2] + fixture_rows()[3:], "thiếu mức cho số 3"),
        (changed(1, maximum="3"), "chồng lên dòng 3 ở số 3"),
        (changed(6, maximum="9"), "thiếu mức cho số từ 10 trở lên"),
        (changed(1, level="persons_1"), "đã có ở dòng 2"),
        (changed(1, urban="5.5"), "không phải số nguyên"),
        (changed(1, urban="-5"), "là số âm"),
        (changed(1, urban=""), "ô trống; hãy ghi số điểm"),
        (changed(10, level="doctor"), "không có mức “doctor”"),
        (changed(1, kind="guessed"), "phải là derived hoặc asked"),
        (fixture_rows()[:-1], "pillar thiếu mức not_durable"),
        (
            [{k: v for k, v in row.items() if k != "urban"} for row in fixture_rows()],
            "Dòng 1, cột urban: thiếu cột này",
        ),
    ],
)
def test_refuses_a_table_that_is_not_whole(rows: list[dict[str, str]], sentence: str) -> None:
    assert any(sentence in str(problem) for problem in check_points_table(rows))


def test_takes_the_old_table() -> None:
    assert check_points_table(fixture_rows()) == ()


def test_adds_up_the_items_of_a_household() -> None:
    facts = HouseholdFacts(
        area=Area.RURAL, wall=Material.DURABLE, pillar=Material.NOT_DURABLE,
        members=(
            MemberFacts(age=40, qualification=Qualification.VOCATIONAL, job=Job.PUBLIC, receives_pension=False,
                        is_disabled_or_ill=False),
            MemberFacts(age=14),
        ),
    )  # fmt: skip

    found = score(facts, old_table(), COLUMN, LAW)

    assert {item.feature: item.points for item in found.items} == {
        "household_size": 65, "dependants": 5, "highest_qualification": 10, "best_job": 45, "pensioners": 0, "wall": 5,
        "pillar": 0,
    }  # fmt: skip
    assert found.total == 130


@given(seed=st.integers(0, 2**32))
def test_a_record_says_what_was_recorded(seed: int) -> None:
    (facts,) = random_households(seed, 1)
    found = classify(facts, standard("2022-2026"), points_table=table_with_questions(), column=COLUMN)

    assert from_json(as_json(found)) == found
