"""Đúng, đủ, sạch, sống: each part, case by case."""

from datetime import date, timedelta
from typing import Any

import pytest

from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.quality import (
    DEFINITIONS,
    FRESH_FOR,
    LABELS,
    Answer,
    Part,
    RecordFacts,
    Standing,
    rate,
    standing,
)

TODAY = date(2026, 11, 16)
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def record(**changes: Any) -> RecordFacts:
    """A record about which everything is known and good."""
    known: dict[str, Any] = {
        "number": "019185001234",
        "full_name": "Nguyễn Thị Ngọc Ỷ",
        "birth_date": "01/05/1985",
        "sex": "Nữ",
        "ethnicity": "Tày",
        "commune_code": "05443",
        "status": Status.VERIFIED,
        "data_as_of": date(2026, 11, 1),
        "is_prechecked": True,
    }
    return RecordFacts(**{**known, **changes})


def answers(**changes: Any) -> Standing:
    return standing(record(**changes), on=TODAY)


def test_a_record_that_is_all_four() -> None:
    assert answers() == Standing(YES, YES, YES, YES)
    assert answers().whole == YES


def test_of_a_record_that_nobody_checked_only_its_own_gaps_are_known() -> None:
    bare = answers(status=None, data_as_of=None, is_prechecked=False)

    assert bare == Standing(UNKNOWN, YES, UNKNOWN, UNKNOWN)
    assert bare.whole == UNKNOWN


@pytest.mark.parametrize("status", [Status.NOT_FOUND, Status.SEVERAL_CANDIDATES])
def test_who_was_not_found_is_neither_wrong_nor_dead(status: Status) -> None:
    assert answers(status=status) == Standing(UNKNOWN, YES, YES, UNKNOWN)


@pytest.mark.parametrize(
    "status",
    [
        Status.NAME_DIFFERS,
        Status.BIRTH_DIFFERS,
        Status.SEX_DIFFERS,
        Status.ETHNICITY_DIFFERS,
        Status.NUMBER_WRONG,
        Status.NUMBER_OF_ANOTHER,
    ],
)
def test_what_differs_is_not_correct_as_status_and_as_tag(status: Status) -> None:
    assert answers(status=status).correct == NO
    assert answers(status=Status.DEAD, tags=[status]).correct == NO


def test_a_missing_number_is_a_gap_and_no_error() -> None:
    assert answers(number="", status=Status.NUMBER_MISSING) == Standing(YES, NO, YES, YES)


@pytest.mark.parametrize("name", ["number", "full_name", "birth_date", "sex", "ethnicity", "commune_code"])
@pytest.mark.parametrize("nothing", ["", "   "])
def test_each_gap_makes_a_record_incomplete(name: str, nothing: str) -> None:
    assert answers(**{name: nothing}).complete == NO


@pytest.mark.parametrize(
    ("number", "expected"),
    [("090123456", NO), ("19185001234", YES), ("'019185001234", YES), ("0191 8500 1234", YES), ("không có", NO)],
)
def test_the_number_of_an_identity_card_is_no_personal_number(number: str, expected: Answer) -> None:
    assert answers(number=number).complete == expected


def test_a_duplicate_a_contradiction_and_an_open_pair_are_not_clean() -> None:
    assert answers(status=Status.DUPLICATE).clean == NO
    assert answers(tags=[Status.DUPLICATE]).clean == NO
    assert answers(findings=["number_other_sex"]).clean == NO
    assert answers(in_open_pair=True).clean == NO
    assert answers(status=Status.DUPLICATE).correct == YES


@pytest.mark.parametrize("finding", ["number_missing", "sex_missing", "birth_year_only", "birth_first_of_january"])
def test_a_gap_and_a_birth_known_by_the_year_are_no_dirt(finding: str) -> None:
    assert answers(findings=[finding]).clean == YES
    assert answers(findings=[finding, "number_twice"]).clean == NO


def test_the_dead_and_the_moved_are_not_alive_there() -> None:
    assert answers(status=Status.DEAD).alive == NO
    assert answers(status=Status.MOVED).alive == NO
    assert answers(status=Status.DEAD).whole == NO


def test_old_data_do_not_say_who_is_alive_but_say_who_was_dead() -> None:
    last_fresh = TODAY - FRESH_FOR

    assert answers(data_as_of=last_fresh).alive == YES
    assert answers(data_as_of=last_fresh - timedelta(days=1)).alive == UNKNOWN
    assert answers(data_as_of=last_fresh - timedelta(days=1), status=Status.DEAD).alive == NO


def test_nothing_known_is_no_rate() -> None:
    assert rate(0, 0) is None
    assert rate(3, 1) == 0.75


def test_every_part_is_named_and_defined() -> None:
    assert set(LABELS) == set(DEFINITIONS) == set(Part)
    assert all(str(DEFINITIONS[part]).startswith(f"{LABELS[part]}:") for part in Part)
    assert str(FRESH_FOR.days) in str(DEFINITIONS[Part.ALIVE])
