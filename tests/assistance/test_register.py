"""The columns of the whole register say what is known of each person one by one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.assistance.assumptions import assume, assume_columns
from lienthong.assistance.queries.facts import facts_of_many, history_of
from lienthong.assistance.queries.register_columns import RegisterColumns, register_on
from lienthong.people.models import Condition, Person
from lienthong.rules.social_assistance.columns import facts_at
from lienthong.rules.social_assistance.facts import FIELDS
from tests.assistance.register_folk import ON, settle
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


def by_person(register: RegisterColumns) -> dict[int, Any]:
    return {person: facts_at(register.persons, row) for row, person in enumerate(register.person.tolist())}


@pytest.mark.parametrize(("seed", "on"), [(1, ON), (2, ON), (3, date(2025, 9, 1)), (4, date(2023, 5, 1))])
def test_everybody_is_known_in_columns_as_one_by_one(seed: int, on: date) -> None:
    people = settle(120, seed)
    columns, alone = by_person(register_on(on)), facts_of_many([one.pk for one in people], on)

    assert set(columns) == set(alone)
    assert [
        (pk, name, getattr(columns[pk], name), getattr(alone[pk], name))
        for pk in columns
        for name in FIELDS
        if getattr(columns[pk], name) != getattr(alone[pk], name)
    ] == []


def test_a_commune_and_a_few_people_are_parts_of_the_same_register() -> None:
    people = settle(60, 5)
    whole = by_person(register_on(ON))
    unit = Person.objects.get(pk=people[0].pk).unit_id

    assert unit is not None
    commune = by_person(register_on(ON, unit_id=unit))
    few = by_person(register_on(ON, person_ids=[one.pk for one in people[:7]]))
    assert people[0].pk in commune
    assert 0 < len(commune) < len(whole)
    assert sorted(few) == sorted(one.pk for one in people[:7])
    assert all(whole[pk] == facts for pk, facts in (commune | few).items())


def test_people_with_merit_are_known_as_one_by_one() -> None:
    settle(150, 6)
    register = register_on(ON)

    assert len(register.claimants) > 3
    for row, facts in zip(register.claimants.rows.tolist(), register.claimants.facts, strict=True):
        assert facts == history_of(int(register.person[row])).merit_facts_on(ON)


def test_it_asks_as_many_questions_for_many_people_as_for_few() -> None:
    settle(30, 7)
    with CaptureQueriesContext(
        connection,
    ) as few:
        register_on(ON)
    settle(60, 8)
    with CaptureQueriesContext(connection) as many:
        register_on(ON)

    assert len(many) == len(few) <= 14


def test_what_is_assumed_of_everybody_is_assumed_of_each() -> None:
    settle(150, 9)
    register = register_on(ON)
    receives = register.person % 3 == 0

    found = assume_columns(register.persons, hints=register.hints, receives=receives)

    for row, person in enumerate(register.person.tolist()):
        hints = set(Condition.objects.filter(person_id=person).values_list("kind", flat=True))
        alone, _made = assume(facts_at(register.persons, row), hints=hints, receives=bool(receives[row]))
        assert facts_at(found, row) == alone


def test_where_a_record_hints_at_something_it_is_asked_and_not_assumed() -> None:
    from lienthong.rules.social_assistance.facts import PersonFacts

    orphan, made = assume(PersonFacts(), hints={"orphan"})
    ordinary, all_made = assume(PersonFacts())

    assert (orphan.father, orphan.mother, orphan.is_abandoned) == (None, None, None)
    assert ordinary.father == "caring"
    assert ordinary.pension is None, "a pension is asked for, never assumed"
    assert len(made) < len(all_made)
    receiving, few = assume(PersonFacts(), receives=True)
    assert receiving.pension == 0
    assert receiving.disability is None, "nobody loses an allowance because a record is missing"
    assert all(one.of_recipients for one in few)
    assert all(one.words.endswith(".") for one in all_made)


def test_the_dead_and_those_who_left_are_told_apart_from_those_who_live_here() -> None:
    dead = PersonFactory(died_on=ON - timedelta(days=1))
    today = PersonFactory(died_on=ON)
    settle(1, 10)
    register = register_on(ON, person_ids=[dead.pk, today.pk])

    assert register.is_dead.tolist() == [True, False]
    assert register.is_here.tolist() == [False, False]


def test_an_empty_house_has_empty_columns() -> None:
    register = register_on(ON, person_ids=[])

    assert len(register) == len(register.claimants) == 0
