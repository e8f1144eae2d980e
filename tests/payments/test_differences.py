"""What the bank has of a payment beyond what is right stays open until it makes it good, or two people close it."""

import pytest

from lienthong.payments.models import PaymentLine, PaymentRun, StatementLine
from lienthong.payments.queries.bookings import open_differences
from lienthong.payments.queries.own import get_own_payment, own_payments
from lienthong.payments.queries.statements import StrangeFilter, strange_counts, strange_lines
from lienthong.payments.services.closing_differences import CloseDifference, DifferenceUnknown, propose_closing
from lienthong.payments.services.refusals import ReasonNeeded
from lienthong.payments.services.resolving import (
    DoesNotFit,
    NotYoursToResolve,
    SecondPersonNeeded,
    SettledAlready,
    decline_resolution,
)
from lienthong.payments.services.signing import close_run
from lienthong.payments.states import LineState, Match, Resolution, RunState, Strange
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER
from tests.payments.test_double_debits import NET, book, settle
from tests.payments.test_resolving import confirm, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(bank: BankedHouse) -> PaymentRun:
    return bank.released(people=1)


@pytest.fixture
def payment(bank: BankedHouse, run: PaymentRun) -> PaymentLine:
    (payment,) = bank.house.lines(run)
    return payment


def close(bank: BankedHouse, payment: PaymentLine, reason: str = "Phí do sở chịu, chứng từ 12") -> StatementLine:
    command = CloseDifference(payment_line_id=payment.pk, reason=reason)
    return propose_closing(command, acting_user=bank.house.accountant, now=bank.house.later())


@pytest.mark.parametrize(("booked", "difference"), [(-500_000, -40_000), (-543_300, 3_300), (-270_000, -270_000)])
def test_a_payment_is_confirmed_with_the_difference_beside_it(
    bank: BankedHouse, run: PaymentRun, payment: PaymentLine, booked: int, difference: int
) -> None:
    book(bank, run, "1", booked)
    settle(bank, Resolution.PAID)

    assert bank.states(run) == [LineState.PAID]
    assert open_differences() == {payment.pk: difference}
    closed = close_run(bank.house.target(run), acting_user=bank.house.accountant, now=bank.house.later())
    assert closed.state == RunState.CLOSED
    assert open_differences([payment.pk]) == {payment.pk: difference}


def test_a_rest_that_the_bank_pays_later_closes_the_difference(
    bank: BankedHouse, run: PaymentRun, payment: PaymentLine
) -> None:
    book(bank, run, "1", -500_000)
    settle(bank, Resolution.PAID)
    book(bank, run, "2", -40_000)
    assert open_differences() == {payment.pk: -40_000}

    settle(bank, Resolution.NOTED)

    assert open_differences() == {}
    assert book(bank, run, "3", NET).outcome.returned == 1


def test_a_return_less_a_fee_is_returned_and_the_fee_stays_open(
    bank: BankedHouse, run: PaymentRun, payment: PaymentLine
) -> None:
    book(bank, run, "1", -NET)
    book(bank, run, "2", NET - 3_300)
    settle(bank, Resolution.RETURNED)

    assert bank.states(run) == [LineState.RETURNED]
    assert open_differences() == {payment.pk: 3_300}
    assert [line.amount for line in bank.house.lines(bank.house.pay(DECEMBER))] == [NET]


def test_a_return_of_less_than_was_paid_twice_is_no_return_of_the_payment(bank: BankedHouse, run: PaymentRun) -> None:
    book(bank, run, "1", -NET, -NET)
    settle(bank, Resolution.NOTED)
    book(bank, run, "2", NET - 3_300)

    with pytest.raises(DoesNotFit, match="hai lần"):
        settle(bank, Resolution.RETURNED)


def test_a_double_debit_is_claimed_from_the_bank_until_it_comes_back(
    bank: BankedHouse, run: PaymentRun, payment: PaymentLine
) -> None:
    book(bank, run, "1", -NET, -NET)
    assert open_differences() == {}
    line = settle(bank, Resolution.NOTED)
    user, on = bank.house.accountant, bank.house.now.date()

    assert open_differences() == {payment.pk: NET}
    assert strange_counts(user, on=on)["different"] == 1
    assert list(strange_lines(user, StrangeFilter(stage="different"), on=on)) == [line]
    book(bank, run, "2", NET)

    assert open_differences() == {}
    assert strange_counts(user, on=on)["different"] == 0


def test_two_people_close_a_difference_with_a_reason(bank: BankedHouse, run: PaymentRun, payment: PaymentLine) -> None:
    book(bank, run, "1", -NET, -NET)
    settle(bank, Resolution.NOTED)
    with pytest.raises(ReasonNeeded):
        close(bank, payment, "phí")

    line = close(bank, payment)
    assert open_differences() == {payment.pk: NET}
    with pytest.raises(SettledAlready):
        close(bank, payment)
    with pytest.raises(SecondPersonNeeded):
        confirm(bank, line, by=bank.house.accountant)
    confirm(bank, line)

    assert open_differences() == {}
    with pytest.raises(DoesNotFit, match="không còn chênh lệch"):
        close(bank, payment)
    assert book(bank, run, "2", NET).outcome.noted == 1, "the month stays paid"
    assert bank.states(run) == [LineState.PAID]
    assert open_differences() == {payment.pk: -NET}


def test_what_is_declined_or_was_overtaken_closes_nothing(
    bank: BankedHouse, run: PaymentRun, payment: PaymentLine
) -> None:
    book(bank, run, "1", -543_300)
    settle(bank, Resolution.PAID)
    line = close(bank, payment)
    decline_resolution(line.pk, reason="Ngân hàng sẽ trả lại", acting_user=bank.house.head, now=bank.house.later())
    assert open_differences() == {payment.pk: 3_300}
    assert not StatementLine.objects.filter(match=Match.NONE).exists()

    again = close(bank, payment)
    book(bank, run, "2", 300)
    given_back = StatementLine.objects.get(match=Match.NONE, strange=Strange.PARTIAL, proposed="")
    propose(bank, given_back, Resolution.NOTED)
    confirm(bank, given_back)

    with pytest.raises(DoesNotFit, match="đã thay đổi"):
        confirm(bank, again)
    assert open_differences() == {payment.pk: 3_000}


def test_only_who_settles_lines_closes_differences(bank: BankedHouse, run: PaymentRun, payment: PaymentLine) -> None:
    book(bank, run, "1", -543_300)
    settle(bank, Resolution.PAID)
    command = CloseDifference(payment_line_id=payment.pk, reason="Phí do sở chịu")

    with pytest.raises(NotYoursToResolve):
        propose_closing(command, acting_user=bank.house.leader, now=bank.house.later())
    with pytest.raises(DifferenceUnknown):
        propose_closing(
            CloseDifference(payment_line_id=0, reason="Phí do sở chịu"), acting_user=bank.house.head, now=bank.house.now
        )


def test_who_was_paid_too_little_is_told_what_is_missing(
    bank: BankedHouse, run: PaymentRun, payment: PaymentLine
) -> None:
    book(bank, run, "1", -500_000)
    settle(bank, Resolution.PAID)

    (own,) = own_payments(payment.person_id)

    assert own.state.replace("\u00a0", " ").endswith("còn thiếu 40.000 ₫")
    assert own == get_own_payment(payment.pk, person_id=payment.person_id)
    assert "ngân hàng chi nốt" in own.next_step
    book(bank, run, "2", -40_000)
    settle(bank, Resolution.NOTED)
    assert "thiếu" not in own_payments(payment.person_id)[0].state
