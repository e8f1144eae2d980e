"""Runs before and after a merger: the next one pays where the commune lies now, and lines that are written keep their commune."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.accounts.states import Role
from lienthong.payments import policies
from lienthong.payments.models import PaymentAccount, PaymentComplaint, PaymentLine
from lienthong.payments.queries.overview import month_overview
from lienthong.payments.queries.run_lines import LineFilter, filtered_lines, unpaid_by_commune, unpaid_lines
from lienthong.payments.services.recording import TickResults, record_ticks
from lienthong.payments.states import LineState
from tests.factories.payments import PaymentAccountFactory
from tests.mergers import HEIR, divide, merge
from tests.payments.house import DECEMBER, House
from tests.world import COMMUNE, at

pytestmark = pytest.mark.django_db
D = date(2026, 12, 1)


def test_the_next_run_pays_at_the_new_commune_and_old_lines_stay(house: House) -> None:
    one, failed = house.person(), house.person()
    house.owe(one, 500_000)
    house.owe(failed, 400_000)
    before = house.pay()
    house.answer(PaymentLine.objects.get(run=before, person=one), LineState.PAID)
    house.answer(PaymentLine.objects.get(run=before, person=failed), LineState.FAILED)
    heir = merge(house.unit, on=D)
    house.later(days=20)
    house.owe(one, 500_000, DECEMBER)
    house.owe(failed, 400_000, DECEMBER)

    after = house.pay(DECEMBER)

    assert {line.unit_id for line in house.lines(after)} == {heir.pk}
    assert [line.for_month.month for line in house.lines(after) if line.person_id == failed.pk] == [11, 12]
    assert {line.unit_id for line in house.lines(before)} == {house.unit.pk}
    totals = {
        run: [(one.label, one.amount) for one in month_overview(run, house.head, on=D).by_unit]
        for run in (before, after)
    }
    assert totals == {before: [(house.unit.name, 900_000)], after: [(heir.name, 1_300_000)]}


def test_a_run_of_a_month_that_begins_with_the_merger_pays_at_the_new_commune_though_prepared_before(
    house: House,
) -> None:
    person = house.person()
    heir = merge(house.unit, on=D)
    house.owe(person, 500_000, DECEMBER)

    (line,) = house.lines(house.prepare(DECEMBER))

    assert line.unit_id == heir.pk


def test_what_was_divided_is_paid_where_it_was_until_somebody_says_where(house: House) -> None:
    person = house.person()
    divide(house.unit, on=D)
    house.later(days=20)
    house.owe(person, 500_000, DECEMBER)

    (line,) = house.lines(house.prepare(DECEMBER))

    assert line.unit_id == house.unit.pk


def test_the_officer_of_the_new_commune_answers_for_lines_accounts_and_complaints_of_the_old_one(house: House) -> None:
    person = house.person(account=False)
    PaymentAccountFactory(person=person, cash=True)
    house.owe(person, 500_000)
    run = house.pay()
    (line,) = house.lines(run)
    complaint = PaymentComplaint.objects.create(
        person=person, unit=house.unit, line=line, text="Chưa nhận", made_at=house.now
    )
    merge(house.unit, on=D)
    house.world.now = at("2026-12-10 09:00")
    house.later(days=24)
    officer, stranger = (house.world.officer(Role.PROCESSOR, code) for code in (HEIR, "H55.05500"))

    for user, n in ((officer, 1), (stranger, 0)):
        on = house.world.today
        assert PaymentLine.objects.filter(policies.visible_to(user, on=on)).count() == n
        assert PaymentAccount.objects.filter(policies.visible_to(user, on=on, path="person__unit")).count() == n
        assert PaymentComplaint.objects.filter(policies.visible_to(user, on=on)).count() == n
        assert policies.records_accounts(user, complaint.unit_id, on=on) == bool(n)
        assert sum(total.lines for total in month_overview(run, user, on=on).by_unit) == n
    record_ticks(TickResults(paid=(line.pk,)), acting_user=officer, now=house.now)

    line.refresh_from_db()
    assert (line.state, line.unit_id) == (LineState.PAID, house.unit.pk)


def test_what_waits_of_all_runs_stands_under_the_commune_of_the_day(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    run = house.pay()
    (line,) = house.lines(run)
    house.answer(line, LineState.FAILED)
    heir = merge(house.unit, on=D)

    for day, place in ((D, heir), (house.world.today, house.unit)):
        assert unpaid_by_commune(house.head, LineFilter(), on=day) == [(place.code, place.name, 1, 500_000)]
        found = unpaid_lines(house.head, LineFilter(commune=place.code), on=day)
        assert [one.pk for one in found] == [line.pk]
    assert [one.pk for one in filtered_lines(house.head, LineFilter(commune=house.unit.code), on=D, run=run)] == [
        line.pk
    ]


def test_the_old_commune_answers_alone_before_the_day(house: House) -> None:
    house.owe(house.person(), 500_000)
    house.prepare()
    merge(house.unit, on=D)

    officer = house.world.officer(Role.PROCESSOR, COMMUNE)
    assert PaymentLine.objects.filter(policies.visible_to(officer, on=house.world.today)).count() == 1
