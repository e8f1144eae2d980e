"""Who is dead when money leaves is paid nothing, to the last moment; the list, its totals and its signatures stay in order."""

import threading
from datetime import date

import pytest
from django.db import connections, transaction

from lienthong.infra.events import sentence_of
from lienthong.infra.models import Event
from lienthong.payments.file_health import runs_that_leave_twice
from lienthong.payments.health import months_paid_twice, runs_told_otherwise, runs_with_other_totals
from lienthong.payments.models import PaymentAccount, PaymentLine, PaymentRun
from lienthong.payments.queries.agreeing import disagreeing_lines
from lienthong.payments.queries.leaving import leaving
from lienthong.payments.services.accounts import end_account
from lienthong.payments.services.signing import cancel_run
from lienthong.payments.states import HoldReason, LineState, RunState
from lienthong.people import services as people
from lienthong.people.models import Person
from tests.factories.payments import PaymentAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER, NOVEMBER, House


def dies(house: House, person: Person, on: date) -> None:
    command = people.RecordDeath(person_id=person.pk, died_on=on)
    people.record_death(command, acting_user_id=None, now=house.later())


def approved(house: House, month: date = NOVEMBER) -> PaymentRun:
    return house.approve(house.check(house.prepare(month)))


def all_is_well() -> bool:
    checks = (runs_with_other_totals, months_paid_twice, runs_told_otherwise, runs_that_leave_twice)
    return [list(check()) for check in checks] == [[], [], [], []]


@pytest.mark.django_db
class TestWhoDiesBetweenTheListAndTheMoney:
    def test_is_held_and_everybody_else_is_paid(self, house: House) -> None:
        living, dead = house.person(), house.person()
        house.owe(living, 500_000)
        house.owe(dead, 400_000)
        run = approved(house)
        digest = run.digest
        dies(house, dead, date(2026, 11, 10))

        run = house.release(run)

        held, sent = PaymentLine.objects.get(person=dead), PaymentLine.objects.get(person=living)
        assert (held.state, held.is_live, held.why_code) == (LineState.HELD, False, "payee_died")
        assert sent.state == LineState.SENT
        assert (run.lines_total, run.net_total, run.held_lines, run.held_amount) == (1, 500_000, 1, 400_000)
        assert run.digest == digest
        assert [line.pk for line in leaving(run)] == [sent.pk]
        assert all_is_well()
        said = [sentence_of(event) for event in Event.objects.filter(stream=run.stream).order_by("sequence")][-3:]
        assert said == [
            "Duyệt chi 2 khoản, 900.000 đồng.",
            "Giữ lại 1 khoản, 400.000 đồng, vì người hưởng hoặc người nhận đã mất sau khi lập danh sách.",
            "Chuyển chi trả 1 khoản, 500.000 đồng.",
        ]

    def test_is_owed_the_month_of_the_death_through_somebody_else(self, house: House) -> None:
        dead, guardian = house.person(account=False), house.person()
        house.owe(dead, 400_000, payee_id=guardian.pk)
        run = approved(house)
        dies(house, dead, date(2026, 11, 10))
        assert house.lines(house.release(run))[0].state == LineState.SENT

    def test_is_owed_no_later_month_whoever_is_paid(self, house: House) -> None:
        dead, guardian = house.person(account=False), house.person()
        house.owe(dead, 400_000, payee_id=guardian.pk)
        run = approved(house)
        dies(house, dead, date(2026, 10, 31))

        run = house.release(run)

        assert [(line.state, line.why_code) for line in house.lines(run)] == [(LineState.HELD, "person_died")]
        assert (run.lines_total, run.amount_total, run.held_amount) == (0, 0, 400_000)
        assert all_is_well()

    def test_is_paid_what_is_owed_because_of_the_death(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(house.source), "paid_because_of_death", lambda _self: frozenset({"care"}))
        dead, claimant = house.person(account=False, died_on=date(2026, 8, 3)), house.person()
        house.owe(dead, 10_000_000, benefit="care", payee_id=claimant.pk)
        assert house.lines(house.release(approved(house)))[0].state == LineState.SENT

    def test_is_kept_out_of_what_is_deducted_too(self, house: House) -> None:
        dead, living = house.person(), house.person()
        house.owe(dead, 400_000, deduction=400_000)
        house.owe(living, 400_000, deduction=100_000)
        run = approved(house)
        dies(house, dead, date(2026, 10, 20))

        run = house.release(run)

        assert (run.lines_total, run.amount_total, run.deducted_total) == (1, 400_000, 100_000)
        assert (run.held_lines, run.held_amount) == (1, 0)
        assert all_is_well()

    def test_is_looked_at_again_by_the_next_run(self, house: House) -> None:
        dead, heir = house.person(), house.person()
        house.owe(dead, 400_000)
        run = approved(house)
        dies(house, dead, date(2026, 11, 10))
        run = house.release(run)
        house.owe(dead, 400_000, payee_id=heir.pk)

        (carried,) = house.lines(house.pay(DECEMBER))

        held = PaymentLine.objects.get(run=run)
        assert (carried.payee_id, carried.for_month, carried.carried_from_id) == (heir.pk, NOVEMBER, held.pk)
        assert (carried.state, held.resumed_by_id) == (LineState.SENT, carried.run_id)
        assert all_is_well()

    def test_who_lives_after_all_is_paid_by_the_next_run(self, house: House) -> None:
        person = house.person()
        house.owe(person, 400_000)
        run = approved(house)
        dies(house, person, date(2026, 10, 20))
        house.release(run)
        command = people.WithdrawDeath(person_id=person.pk, reason="Trùng tên với người khác")
        people.withdraw_death(command, acting_user_id=None, now=house.later())
        (carried,) = house.lines(house.pay(DECEMBER))
        assert (carried.amount, carried.state) == (400_000, LineState.SENT)

    def test_a_run_in_which_everybody_lives_is_released_as_it_was_approved(self, house: House) -> None:
        house.owe(house.person(), 400_000)
        run = house.release(approved(house))
        assert (run.lines_total, run.held_lines) == (1, 0)
        assert not Event.objects.filter(name="PaymentLinesHeldOut").exists()

    def test_a_run_with_somebody_dead_may_still_be_cancelled(self, house: House) -> None:
        dead = house.person()
        house.owe(dead, 400_000)
        run = approved(house)
        dies(house, dead, date(2026, 11, 10))
        run = cancel_run(house.target(run), reason="Lập nhầm tháng", acting_user=house.leader, now=house.later())
        assert run.state == RunState.CANCELLED


@pytest.mark.django_db
def test_files_are_made_of_who_lives(bank: BankedHouse) -> None:
    house = bank.house
    living, dead = house.person(), house.person()
    house.owe(living, 500_000)
    house.owe(dead, 400_000)
    run = approved(house)
    dies(house, dead, date(2026, 11, 10))
    run = house.release(run)
    assert sum(file.amount for file in bank.export(run)) == 500_000
    assert all_is_well()


@pytest.mark.django_db(transaction=True)
def test_a_death_that_is_being_recorded_is_waited_for(house: House) -> None:
    dead = house.person()
    house.owe(dead, 400_000)
    house.owe(house.person(), 500_000)
    run = approved(house)

    def release() -> None:
        try:
            house.release(run)
        finally:
            connections.close_all()

    releasing = threading.Thread(target=release)
    with transaction.atomic():
        dies(house, dead, date(2026, 11, 10))
        releasing.start()
        releasing.join(1)
        assert releasing.is_alive(), "it waits until the death is written"
    releasing.join()

    assert PaymentLine.objects.get(person=dead).state == LineState.HELD
    run.refresh_from_db()
    assert (run.state, run.net_total) == (RunState.RELEASED, 500_000)
    assert all_is_well()


@pytest.mark.django_db
class TestAPlaceThatIsPaidNoMore:
    def test_gets_nothing_once_it_was_ended(self, house: House) -> None:
        person, other = house.person(), house.person()
        for one in (person, other):
            house.owe(one, 400_000)
        run = approved(house)
        account = PaymentAccount.objects.get(person=person)
        end_account(
            account.pk, ends_on=house.now.date(), reason="Mất sổ, đã đổi ngân hàng", acting_user=house.accountant,
            now=house.later(),
        )  # fmt: skip
        assert [one.hold for one in disagreeing_lines(run, on=house.now.date())] == [HoldReason.ACCOUNT_NOT_USED]

        run = house.release(run)

        assert {line.person_id: line.state for line in house.lines(run)} == {
            person.pk: LineState.HELD, other.pk: LineState.SENT
        }  # fmt: skip
        assert (run.lines_total, run.held_lines, run.held_amount) == (1, 1, 400_000)
        told = Event.objects.get(name="PaymentLinesWithoutPlace")
        assert sentence_of(told).startswith("Giữ lại 1 khoản, 400.000 đồng, vì nơi nhận tiền không còn được chi")
        assert all_is_well()

    def test_gets_nothing_once_its_holder_is_another_and_the_next_run_pays_where_they_are_paid_then(
        self, house: House
    ) -> None:
        person = house.person()
        house.owe(person, 400_000)
        run = approved(house)
        PaymentAccount.objects.filter(person=person).update(name_check="different")

        run = house.release(run)

        assert [(line.state, line.why_code) for line in house.lines(run)] == [(LineState.HELD, "account_not_used")]
        PaymentAccount.objects.filter(person=person).update(valid_until=house.now.date())
        place = PaymentAccountFactory(person=person, number="0071009990001", valid_from=house.now.date())
        (carried,) = house.lines(house.pay(DECEMBER))
        assert (carried.account_id, carried.for_month, carried.state) == (place.pk, NOVEMBER, LineState.SENT)
        assert all_is_well()
