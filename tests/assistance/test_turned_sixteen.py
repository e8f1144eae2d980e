"""A student's allowance follows from the one that was paid when the child turned sixteen, one by one and in columns."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.assistance.queries.facts import facts_of
from lienthong.assistance.queries.register_columns import register_on
from lienthong.people.models import Person
from lienthong.people.states import BirthPrecision
from lienthong.rules.social_assistance.columns import facts_at
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
ON, BORN = date(2026, 7, 15), date(2008, 5, 20)
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def paid(
    *codes: tuple[str, date, date | None], amount: int = 750_000, born: date = BORN,
    precision: str = BirthPrecision.DAY,
) -> Person:  # fmt: skip
    person = PersonFactory(birth_on=born, birth_precision=precision)
    row = EntitlementFactory(person=person, first_month=min(first for _code, first, _end in codes))
    for code, first, end in codes:
        basis = {"category": code, "lines": [{"code": code, "amount": amount, "words": code}]}
        EntitlementRateFactory(entitlement=row, first_month=first, end_month=end, amount=amount, basis=basis)
    return person


def said(person: Person) -> bool | None:
    """Return what is known one by one, and hold the columns to it."""
    alone = facts_of(person.pk, ON).received_as_orphan
    register = register_on(ON, person_ids=[person.pk])
    assert facts_at(register.persons, 0).received_as_orphan == alone
    return alone


CHILD, STUDENT = "child_without_care", "student_without_care"


def test_who_received_until_the_month_of_the_birthday_was_receiving() -> None:
    assert said(paid((CHILD, date(2021, 7, 1), JUNE)))


def test_who_receives_as_a_student_since_that_month_was_receiving_before() -> None:
    assert said(paid((CHILD, date(2021, 7, 1), MAY), (STUDENT, MAY, None)))


def test_whose_allowance_had_ended_years_before_is_to_be_asked() -> None:
    assert said(paid((CHILD, date(2021, 7, 1), date(2023, 1, 1)))) is None


def test_whose_allowance_ended_in_the_month_before_is_to_be_asked() -> None:
    assert said(paid((CHILD, date(2021, 7, 1), MAY))) is None


def test_whom_nothing_was_paid_for_that_month_is_to_be_asked() -> None:
    assert said(paid((CHILD, date(2021, 7, 1), JUNE), amount=0)) is None


def test_another_allowance_at_sixteen_is_none_of_a_child_without_care() -> None:
    assert said(paid(("disability", date(2021, 7, 1), None))) is None


@pytest.mark.parametrize(("end", "expected"), [(date(2025, 1, 1), True), (date(2024, 12, 1), None)])
def test_of_whom_only_the_year_is_known_all_its_months_count(end: date, expected: bool | None) -> None:
    assert said(paid((CHILD, date(2021, 7, 1), end), precision=BirthPrecision.YEAR)) is expected
