"""Month by month, by the cases in ``cases/months.yaml``; birthdays ahead, pauses and ends."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.kernel.days import BirthDate, add_months
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.parameters import NoValueInForce, load_yaml
from lienthong.rules.social_assistance import law
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.changes import coming_changes, was_handed_over
from lienthong.rules.social_assistance.columns import columns_from_facts
from lienthong.rules.social_assistance.facts import Care, ChildFacts, ParentState, PersonFacts
from lienthong.rules.social_assistance.law import law_on
from lienthong.rules.social_assistance.months import arrears, monthly_amounts, months_between
from lienthong.rules.social_assistance.months_vectorised import ONE_BY_ONE, monthly_columns
from lienthong.rules.social_assistance.timing import (
    Conduct,
    deciding_authority_on,
    end_of,
    start_of,
    suspension_reasons,
)
from tests.rules.social_assistance.test_cases import facts_of
from tests.rules.social_assistance.worlds import ORDINARY, random_person

CASES: dict[str, list[dict[str, Any]]] = load_yaml(Path(__file__).parent / "cases" / "months.yaml")
BEFORE, AFTER = date(2026, 10, 4), date(2026, 10, 5)


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


@named(CASES["amounts"])
def test_the_amount_of_each_month(case: dict[str, Any]) -> None:
    expected = {month(one): amount for one, amount in case["months"].items()}

    found = monthly_amounts(
        facts_of(case),
        expected,
        known_on=case.get("known_on"),
        start_month=case.get("start"),
        conduct=Conduct(**case["conduct"]) if "conduct" in case else None,
    )

    assert {one.month: one.amount for one in found} == expected
    for one in found:
        assert one.amount is None or one.lowest == one.amount == one.highest
        assert one.lowest <= one.highest
        assert not one.lines or sum(line.amount for line in one.lines) == one.amount


@named(CASES["arrears"])
def test_arrears_of_a_law_that_reaches_back(case: dict[str, Any]) -> None:
    found = arrears(
        facts_of(case),
        months_between(case["from"], case["to"]),
        paid_known_on=BEFORE,
        now_known_on=AFTER,
        conduct=Conduct(**case["conduct"]) if "conduct" in case else None,
    )

    assert {one.month: one.difference for one in found} == {
        month(one): amount for one, amount in case["expect"].items()
    }
    for one in found:
        assert set(case.get("causes", ())) <= {str(cause) for cause in one.causes}


@named(CASES["starts"])
def test_the_first_month(case: dict[str, Any]) -> None:
    birth = BirthDate.parse(str(case["birth_date"])) if "birth_date" in case else None

    start = start_of(
        C(case["category"]),
        PersonFacts(birth_date=birth),
        decided_on=case["decided_on"],
        certified_on=case.get("certified_on"),
    )

    assert start.month == (month(case["month"]) if "month" in case else None)
    assert start.missing == case.get("missing")
    assert case.get("notice", "") in (start.notice or "")


def test_facts_that_change_are_asked_day_by_day() -> None:
    healthy = replace(ORDINARY, birth_date=BirthDate(date(1990, 1, 1)))
    disabled = replace(healthy, disability=DisabilityLevel.SEVERE)

    def facts(day: date) -> PersonFacts:
        return disabled if day < date(2024, 8, 10) else healthy

    found = monthly_amounts(facts, [date(2024, 7, 1), date(2024, 8, 1), date(2024, 9, 1)])

    assert [(one.amount, one.is_last) for one in found] == [(750_000, False), (750_000, True), (0, False)]


@given(seed=st.integers(0, 2**32), chosen=st.sampled_from([date(2024, 7, 1), date(2025, 7, 3), date(2026, 8, 31)]))
@settings(max_examples=15, deadline=None)
def test_a_month_of_many_persons_is_that_of_each(seed: int, chosen: date) -> None:
    chance = random.Random(seed)
    persons = [random_person(chance, chosen, unknown=chance.choice((0, 0.05))) for _ in range(40)]

    together = monthly_columns(columns_from_facts(persons), chosen, known_on=BEFORE)

    last = add_months(chosen.replace(day=1), 1) - timedelta(days=1)
    of_month = law_on(last, known_on=BEFORE)
    for amount, person in zip(together, persons, strict=True):
        (alone,) = monthly_amounts(person, [chosen], known_on=BEFORE)
        days = (last, chosen.replace(day=1) - timedelta(days=1))
        is_open = any(assess(person, on=day, law=of_month).amount is None for day in days)
        assert amount == (ONE_BY_ONE if is_open else alone.amount)


DAYS = st.dates(date(2021, 7, 1), date(2028, 12, 31))


@given(day=DAYS, known_on=st.none() | DAYS)
@settings(max_examples=60)
def test_the_law_of_a_day_is_gathered_once_and_is_that_of_the_day(day: date, known_on: date | None) -> None:
    gathered = law._law(day, known_on, None)

    assert law_on(day, known_on=known_on) == gathered


def test_nobody_in_a_month_is_no_trouble() -> None:
    assert np.array_equal(monthly_columns(columns_from_facts([]), date(2026, 8, 1)), np.zeros(0))


class TestComingChanges:
    def test_the_fourth_birthday_lowers_the_coefficient_from_its_month(self) -> None:
        child = replace(
            ORDINARY, birth_date=BirthDate(date(2022, 9, 15)), father=ParentState.DEAD, mother=ParentState.DEAD
        )

        (change,) = coming_changes(child, on=date(2026, 8, 1), until=date(2027, 8, 1))

        assert (change.on, change.whose, change.months) == (date(2026, 9, 15), "person", 48)
        assert (change.before, change.after) == (1_350_000, 810_000)
        assert (change.first_month, change.is_certain) == (date(2026, 9, 1), True)

    def test_the_sixteenth_birthday_ends_it_from_the_month_after(self) -> None:
        child = replace(
            ORDINARY, birth_date=BirthDate(date(2010, 9, 15)), father=ParentState.DEAD, mother=ParentState.DEAD
        )

        (change,) = coming_changes(child, on=date(2026, 8, 1), until=date(2027, 8, 1))

        assert (change.after, change.categories, change.first_month) == (0, (), date(2026, 10, 1))

    def test_a_child_s_birthdays_count_too(self) -> None:
        born = BirthDate(date(2023, 9, 15))
        parent = replace(
            ORDINARY,
            birth_date=BirthDate(date(1990, 1, 1)),
            disability=DisabilityLevel.SEVERE,
            children=(ChildFacts(birth_date=BirthDate(date(2015, 1, 1))), ChildFacts(birth_date=born)),
        )

        (change,) = coming_changes(parent, on=date(2026, 8, 1), until=date(2026, 12, 31))

        assert (change.whose, change.on, change.months) == ("children.2", date(2026, 9, 15), 36)
        assert (change.before, change.after, change.categories) == (1_620_000, 810_000, (C.DISABILITY,))

    def test_a_date_of_birth_that_is_partly_known_gives_the_days_between_which_it_falls(self) -> None:
        child = replace(ORDINARY, birth_date=BirthDate.parse("2010"), disability=DisabilityLevel.SEVERE)

        found = coming_changes(child, on=date(2025, 8, 1), until=date(2027, 8, 1))

        assert [(one.on, one.before, one.after) for one in found] == [
            (date(2026, 1, 1), 1_000_000, None),
            (date(2026, 12, 31), None, 810_000),
        ]
        assert not any(one.is_certain for one in found)

    def test_what_changes_nothing_is_not_told(self) -> None:
        grown = replace(ORDINARY, birth_date=BirthDate(date(1966, 9, 15)))

        assert coming_changes(grown, on=date(2026, 8, 1), until=date(2030, 8, 1)) == ()

    def test_a_birthday_today_is_not_ahead(self) -> None:
        child = replace(ORDINARY, birth_date=BirthDate(date(2010, 8, 1)), disability=DisabilityLevel.SEVERE)

        assert coming_changes(child, on=date(2026, 8, 1), until=date(2030, 8, 1)) == ()

    def test_the_carer_s_support_is_among_what_changes(self) -> None:
        child = replace(
            ORDINARY,
            birth_date=BirthDate(date(2010, 9, 15)),
            disability=DisabilityLevel.EXTREMELY_SEVERE,
            care=Care.TAKEN_IN,
        )

        (change,) = coming_changes(child, on=date(2026, 8, 1), until=date(2027, 8, 1))

        assert (change.before, change.after) == (2_700_000, 1_890_000)


@pytest.mark.parametrize(
    ("birth", "pension", "expected"),
    [("1945-06-30", 0, True), ("1945-07-01", 0, False), ("1940", 500_000, False), ("1940", None, None)],
)
def test_who_was_handed_over_to_the_social_pension(birth: str, pension: Any, expected: bool | None) -> None:
    person = replace(ORDINARY, birth_date=BirthDate.parse(birth), pension=pension)

    assert was_handed_over(person) is expected


def test_who_decides_and_within_which_time() -> None:
    before, after = (deciding_authority_on(day) for day in (date(2025, 6, 30), date(2025, 7, 1)))

    assert (before.name, before.working_days) == ("Chủ tịch Ủy ban nhân dân cấp huyện", 20)
    assert (after.name, after.working_days) == ("Chủ tịch Ủy ban nhân dân cấp xã", 10)
    assert str(after.reference) == "147/2025/NĐ-CP"


ON = date(2026, 8, 15)


@pytest.mark.parametrize(
    ("conduct", "points"),
    [
        (Conduct(uncollected_months=2), []),
        (Conduct(uncollected_months=3), ["a"]),
        (Conduct(refuses_review_on=ON), ["b"]),
        (Conduct(refuses_review_on=date(2026, 8, 16)), []),
        (Conduct(detained_on=date(2026, 7, 15)), ["c"]),
        (Conduct(detained_on=date(2026, 7, 16)), []),
        (Conduct(detained_on=date(2026, 1, 15), released_on=date(2026, 8, 10)), []),
        (Conduct(uncollected_months=5, refuses_review_on=date(2026, 1, 1)), ["a", "b"]),
    ],
)
def test_when_a_benefit_is_suspended(conduct: Conduct, points: list[str]) -> None:
    reasons = suspension_reasons(conduct, on=ON)

    assert [reason.reference.point for reason in reasons if reason.reference] == points


@pytest.mark.parametrize(
    ("conduct", "last_month", "point"),
    [
        (Conduct(died_on=date(2026, 8, 1)), date(2026, 8, 1), "a"),
        (Conduct(died_on=date(2026, 8, 16)), None, ""),
        (Conduct(missing_on=date(2026, 7, 31)), date(2026, 7, 1), "a"),
        (Conduct(ineligible_on=date(2026, 6, 30)), date(2026, 6, 1), "b"),
        (Conduct(imprisoned_on=date(2026, 6, 30)), date(2026, 6, 1), "c"),
        (Conduct(declined_on=date(2026, 6, 30)), date(2026, 6, 1), "d"),
        (Conduct(suspended_for_refusal_on=date(2026, 5, 15)), date(2026, 8, 1), "đ"),
        (Conduct(suspended_for_refusal_on=date(2026, 5, 16)), None, ""),
        (Conduct(died_on=date(2026, 8, 1), declined_on=date(2026, 3, 1)), date(2026, 3, 1), "d"),
        (Conduct(uncollected_months=12), None, ""),
    ],
)
def test_when_a_benefit_ends(conduct: Conduct, last_month: date | None, point: str) -> None:
    end = end_of(conduct, on=ON)

    assert (end.last_month if end else None) == last_month
    if end and end.reason.reference:
        assert end.reason.reference.point == point
        assert end.first_unpaid_month == add_months(end.last_month, 1)


def test_before_the_decree_there_are_no_rules() -> None:
    with pytest.raises(NoValueInForce, match=r"coefficients\.yaml, mục child_without_care_youngest"):
        monthly_amounts(ORDINARY, [date(2021, 6, 1)])
