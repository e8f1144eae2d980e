"""A certificate whose last day has passed says nothing more: nothing is kept or stopped in silence, and it is on the work list."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import DisabilityCertificate, Entitlement
from lienthong.assistance.queries.certificates import (
    CertificateFilter,
    certificates,
    due_in_communes,
    due_of_people,
    renewal_of,
)
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.own import own_notices
from lienthong.assistance.services.changing import adjust
from lienthong.people.models import Person
from tests.assistance.known import amount_in, disabled, granted
from tests.factories.assistance import DisabilityCertificateFactory
from tests.screens import enter
from tests.world import COMMUNE, World, at

NOVEMBER, ENDS = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def row(world: World) -> Entitlement:
    """Somebody who receives by a certificate with a last day, before it has come."""
    person = disabled(world, number="019080000077")
    DisabilityCertificate.objects.filter(person=person).update(valid_until=ENDS)
    return granted(world, person)


def due(world: World) -> list[str]:
    found = certificates(world.officer(Role.PROCESSOR), CertificateFilter(due="yes"), on=world.today)
    return [one.number for one in found]


def test_the_last_day_is_told_before_it_comes(world: World, row: Entitlement) -> None:
    paper = DisabilityCertificate.objects.get(person=row.person)
    assert renewal_of(paper, on=world.today).due_on == ENDS
    assert due(world) == [paper.number]
    assert due_in_communes([world.agency(COMMUNE).unit_id], on=world.today) == 1


def test_after_it_the_degree_is_unknown_and_the_amount_is_held(world: World, row: Entitlement) -> None:
    held = row.rates.get(first_month=ENDS, superseded_at=None)
    assert (held.amount, held.basis["is_open"]) == (810_000, True)
    assert "cần xác minh" in held.words
    world.now = at("2027-01-10 09:00")
    assert history_of(row.person_id).facts_on(world.today).disability is None
    adjust(row.person_id, from_month=ENDS, reason="Rà soát", acting_user_id=None, now=world.now)
    row.refresh_from_db()
    assert (row.state, amount_in(row, date(2027, 1, 1))) == ("active", 810_000)


def test_a_paper_that_has_ended_stays_on_the_list_until_another_follows(world: World, row: Entitlement) -> None:
    paper = DisabilityCertificate.objects.get(person=row.person)
    world.now = at("2027-01-10 09:00")
    assert due(world) == [paper.number]
    assert due_in_communes([world.agency(COMMUNE).unit_id], on=world.today) == 1
    page = enter(world.officer(Role.PROCESSOR)).open("/office/assistance/certificates/?due=yes")
    assert "hết giá trị từ ngày 01/12/2026" in page.words

    DisabilityCertificateFactory(person=row.person, valid_from=date(2027, 1, 5))
    assert due(world) == []
    assert due_in_communes([world.agency(COMMUNE).unit_id], on=world.today) == 0


def test_of_the_dead_nothing_is_asked(world: World, row: Entitlement) -> None:
    Person.objects.filter(pk=row.person_id).update(died_on=date(2026, 12, 20))
    world.now = at("2027-01-10 09:00")
    assert due(world) == []


def test_whoever_receives_is_told_that_it_has_ended(world: World, row: Entitlement) -> None:
    assert "trước ngày 01/12/2026" in own_notices(row.person_id, on=world.today)[0]
    assert "đã hết giá trị" in own_notices(row.person_id, on=date(2027, 1, 10))[0]


def test_a_child_of_six_keeps_the_degree_and_is_on_the_list(world: World) -> None:
    child = disabled(world, born=date(2020, 10, 1), number="019320000077", since=date(2025, 3, 10))
    paper = DisabilityCertificate.objects.get(person=child)
    assert due(world) == [paper.number]
    assert not renewal_of(paper, on=world.today).is_expiry
    assert history_of(child.pk).facts_on(world.today).disability == "severe"
    assert [one.pk for one in due_of_people(Person.objects.filter(pk=child.pk), on=world.today)] == [paper.pk]


def test_whichever_day_comes_first_counts(world: World) -> None:
    child = disabled(world, born=date(2021, 1, 10), number="019320000077", since=date(2025, 3, 10))
    paper = DisabilityCertificate.objects.get(person=child)
    paper.valid_until = date(2027, 6, 1)
    assert renewal_of(paper, on=world.today).due_on == date(2027, 1, 10)
    paper.valid_until = NOVEMBER
    assert renewal_of(paper, on=world.today).is_expiry
