"""What a decision changes after the list was made is said before each signature, and what is too much does not leave."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from lienthong.infra.events import sentence_of
from lienthong.infra.models import Event
from lienthong.payments.file_health import runs_that_leave_twice
from lienthong.payments.health import months_paid_twice, runs_told_otherwise, runs_with_other_totals
from lienthong.payments.models import Overpayment, PaymentLine, PaymentRun
from lienthong.payments.queries.agreeing import disagreeing_lines
from lienthong.payments.queries.leaving import leaving
from lienthong.payments.states import HoldReason, LineState, OverpaymentState
from lienthong.people.models import Person
from tests.payments.house import DECEMBER, JANUARY, NOVEMBER, House

pytestmark = pytest.mark.django_db


def told(house: House, run: PaymentRun) -> list[tuple[int, int, int, HoldReason | None]]:
    """Return person, prepared amount, amount now and why held, of each line that no longer agrees."""
    run.refresh_from_db()
    found = disagreeing_lines(run, on=house.now.date())
    return [(one.line.person_id, one.line.amount, one.now, one.hold) for one in found]


def all_is_well() -> bool:
    checks = (runs_with_other_totals, months_paid_twice, runs_told_otherwise, runs_that_leave_twice)
    return [list(check()) for check in checks] == [[], [], [], []]


@pytest.fixture
def people(house: House) -> tuple[Person, Person]:
    """One whose benefit will be revoked, one who keeps theirs."""
    revoked, keeps = house.person(), house.person()
    house.owe(revoked, 400_000)
    house.owe(keeps, 500_000)
    return revoked, keeps


class TestBeforeEachSignature:
    def test_a_run_that_nothing_changed_agrees(self, house: House, people: tuple[Person, Person]) -> None:
        run = house.prepare()
        assert told(house, run) == []
        house.release(house.approve(house.check(run)))
        assert not Event.objects.filter(name="PaymentLinesNoLongerOwed").exists()

    def test_what_is_owed_no_more_is_told_with_its_reason(
        self, house: House, people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def why(_self: object, _month: date, pairs: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
            return dict.fromkeys(pairs, "Quyết định bị thu hồi.")

        monkeypatch.setattr(type(house.source), "why_stopped", why)
        run = house.prepare()
        house.later(hours=1)
        house.owe(people[0], 0)
        for sign in (house.check, house.approve):
            assert told(house, run) == [(people[0].pk, 400_000, 0, HoldReason.NO_LONGER_OWED)]
            sign(run)
        (one,) = disagreeing_lines(PaymentRun.objects.get(pk=run.pk), on=house.now.date())
        assert (one.why, one.owed) == ("Quyết định bị thu hồi.", 0)

    def test_what_is_owed_less_tells_how_it_is_computed_now(self, house: House, people: tuple[Person, Person]) -> None:
        run = house.prepare()
        house.later(hours=1)
        house.owe(people[0], 300_000)
        (one,) = disagreeing_lines(run, on=house.now.date())
        assert (one.now, one.why, one.hold) == (300_000, "Mức 300000 đồng.", HoldReason.NO_LONGER_OWED)

    def test_what_is_owed_more_is_told_and_paid(self, house: House, people: tuple[Person, Person]) -> None:
        run = house.prepare()
        house.later(hours=1)
        house.owe(people[0], 450_000)
        assert told(house, run) == [(people[0].pk, 400_000, 450_000, None)]
        run = house.release(house.approve(house.check(run)))
        assert (run.lines_total, run.held_lines) == (2, 0)
        (rest,) = house.lines(house.prepare(DECEMBER))
        assert (rest.person_id, rest.for_month, rest.amount) == (people[0].pk, NOVEMBER, 50_000)

    def test_who_died_is_told_too(self, house: House, people: tuple[Person, Person]) -> None:
        run = house.prepare()
        Person.objects.filter(pk=people[0].pk).update(died_on=date(2026, 10, 20))
        assert told(house, run) == [(people[0].pk, 400_000, 0, HoldReason.PERSON_DIED)]

    def test_a_run_that_left_or_was_cancelled_is_not_looked_at(
        self, house: House, people: tuple[Person, Person]
    ) -> None:
        run = house.pay()
        cancelled = house.cancel(house.prepare(DECEMBER))
        house.later(hours=1)
        house.owe(people[0], 0)
        assert told(house, run) == told(house, cancelled) == []


class TestWhenItLeaves:
    def test_what_is_owed_no_more_stays_in_the_list_and_does_not_leave(
        self, house: House, people: tuple[Person, Person]
    ) -> None:
        run = house.approve(house.check(house.prepare()))
        digest = run.digest
        house.later(hours=1)
        house.owe(people[0], 0)

        run = house.release(run)

        held, sent = PaymentLine.objects.get(person=people[0]), PaymentLine.objects.get(person=people[1])
        assert (held.state, held.is_live, held.why_code, held.amount) == (
            LineState.HELD, False, "no_longer_owed", 400_000
        )  # fmt: skip
        assert sent.state == LineState.SENT
        assert (run.lines_total, run.net_total, run.held_lines, run.held_amount) == (1, 500_000, 1, 400_000)
        assert run.digest == digest
        assert [line.pk for line in leaving(run)] == [sent.pk]
        said = [sentence_of(event) for event in Event.objects.filter(stream=run.stream).order_by("sequence")][-2:]
        assert said == [
            "Giữ lại 1 khoản, 400.000 đồng, vì số phải chi đã giảm sau khi lập danh sách.",
            "Chuyển chi trả 1 khoản, 500.000 đồng.",
        ]
        assert all_is_well()

    def test_the_next_run_pays_what_is_left_and_nobody_is_overpaid(
        self, house: House, people: tuple[Person, Person]
    ) -> None:
        run = house.approve(house.check(house.prepare()))
        house.later(hours=1)
        house.owe(people[0], 300_000)
        house.release(run)
        house.later(days=3)

        (carried,) = house.lines(house.pay(DECEMBER))

        assert (carried.person_id, carried.for_month, carried.amount) == (people[0].pk, NOVEMBER, 300_000)
        assert not Overpayment.objects.exists()
        assert all_is_well()

    def test_the_next_run_pays_nothing_of_what_is_owed_no_more_even_if_it_does_not_hear_of_it_again(
        self, house: House, people: tuple[Person, Person]
    ) -> None:
        run = house.approve(house.check(house.prepare()))
        house.later(hours=1)
        house.owe(people[0], 0)
        house.release(run)
        house.source.totals.pop((people[0].pk, "allowance", NOVEMBER))
        assert house.lines(house.pay(DECEMBER)) == []
        assert house.lines(house.pay(JANUARY)) == []
        assert all_is_well()

    def test_what_another_run_found_as_overpaid_because_it_was_planned_is_taken_back(
        self, house: House, people: tuple[Person, Person]
    ) -> None:
        run = house.approve(house.check(house.prepare()))
        house.later(hours=1)
        house.owe(people[0], 0)
        house.pay(DECEMBER)
        assert Overpayment.objects.get().state == OverpaymentState.OPEN
        assert told(house, run) == [(people[0].pk, 400_000, 0, HoldReason.NO_LONGER_OWED)]

        house.release(run)

        assert Overpayment.objects.get().state == OverpaymentState.WITHDRAWN
        assert all_is_well()

    def test_only_the_run_that_has_not_left_holds_back(self, house: House, people: tuple[Person, Person]) -> None:
        house.pay()
        house.later(days=2)
        house.owe(people[0], 600_000)
        more = house.approve(house.check(house.prepare(DECEMBER)))
        house.later(hours=1)
        house.owe(people[0], 350_000)
        assert told(house, more) == [(people[0].pk, 200_000, 0, HoldReason.NO_LONGER_OWED)]

        more = house.release(more)
        house.later(days=2)
        house.prepare(JANUARY)

        assert (more.lines_total, more.held_lines) == (0, 1)
        assert Overpayment.objects.get().amount == 50_000
        assert all_is_well()

    def test_what_is_kept_back_is_held_with_it(self, house: House, people: tuple[Person, Person]) -> None:
        indebted = house.person()
        house.owe(indebted, 400_000, deduction=150_000)
        run = house.approve(house.check(house.prepare()))
        house.later(hours=1)
        house.owe(indebted, 0)
        run = house.release(run)
        assert (run.lines_total, run.amount_total, run.deducted_total) == (2, 900_000, 0)
        assert (run.held_lines, run.held_amount) == (1, 250_000)
        assert all_is_well()
