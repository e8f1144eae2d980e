"""Lines that nobody understood: a reason, and two people where a payment moves."""

from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.ops.simulated_bank.answering import BankAnswer, Booking, Wishes
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import PaymentRun, StatementLine
from lienthong.payments.queries.statements import (
    StatementFilter,
    StatementLineFilter,
    StatementLineNotFound,
    StatementNotFound,
    StrangeFilter,
    get_statement,
    get_strange_line,
    lines_of,
    statements,
    strange_counts,
    strange_lines,
)
from lienthong.payments.services.refusals import ReasonNeeded
from lienthong.payments.services.resolving import (
    DoesNotFit,
    NotYoursToResolve,
    PaymentNotFound,
    ProposeResolution,
    SecondPersonNeeded,
    SettledAlready,
    StrangeLineUnknown,
    confirm_resolution,
    decline_resolution,
    propose_resolution,
    reopen_line,
)
from lienthong.payments.states import LineState, Match, Resolution, Strange
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER

pytestmark = pytest.mark.django_db
REASON = "Ngân hàng xác nhận bằng văn bản"


@pytest.fixture
def run(bank: BankedHouse) -> PaymentRun:
    return bank.released(people=1)


def strange(bank: BankedHouse, run: PaymentRun, *bookings: tuple[str, int], number: str = "1") -> StatementLine:
    said = bank.answer(run)
    key = said.bookings[0].key
    told = tuple(Booking(key if name == "a" else name, amount, "") for name, amount in bookings)
    bank.take_in(bank.statement(BankAnswer(said.order, said.booked_on, 9_000_000, told), number))
    return StatementLine.objects.exclude(strange="").latest("pk")


def propose(bank: BankedHouse, line: StatementLine, what: Resolution, by: Any = None, **facts: Any) -> StatementLine:
    command = ProposeResolution(**{"statement_line_id": line.pk, "resolution": what, "reason": REASON} | facts)
    return propose_resolution(command, acting_user=by or bank.house.accountant, now=bank.house.later())


def confirm(bank: BankedHouse, line: StatementLine, by: Any = None) -> StatementLine:
    return confirm_resolution(line.pk, acting_user=by or bank.house.head, now=bank.house.later())


def test_what_is_not_about_payments_is_set_aside_with_a_reason(bank: BankedHouse, run: PaymentRun) -> None:
    line = strange(bank, run, ("", -11_000))
    with pytest.raises(ReasonNeeded):
        propose(bank, line, Resolution.NOT_OURS, reason="phí")

    settled = propose(bank, line, Resolution.NOT_OURS, reason="Phí dịch vụ tài khoản")

    assert (settled.match, settled.note, settled.matched_by) == (
        Match.NOT_OURS,
        "Phí dịch vụ tài khoản",
        bank.house.accountant,
    )
    with pytest.raises(SettledAlready):
        propose(bank, line, Resolution.NOT_OURS)


def test_a_payment_moves_only_when_a_second_person_confirms(bank: BankedHouse, run: PaymentRun) -> None:
    line = strange(bank, run, ("", -540_000))
    (payment,) = bank.house.lines(run)
    propose(bank, line, Resolution.PAID, key=key_of(payment.pk))
    assert bank.states(run) == [LineState.SENT]
    with pytest.raises(SecondPersonNeeded):
        confirm(bank, line, by=bank.house.accountant)

    settled = confirm(bank, line)

    payment.refresh_from_db()
    assert (settled.match, settled.payment_line, payment.state) == (Match.BY_HAND, payment, LineState.PAID)
    assert payment.paid_on == line.booked_on
    assert Event.objects.filter(name="PaymentsAnswered", stream=run.stream).count() == 1


def test_a_proposal_may_be_sent_back(bank: BankedHouse, run: PaymentRun) -> None:
    line = strange(bank, run, ("", -540_000))
    key = key_of(bank.house.lines(run)[0].pk)
    propose(bank, line, Resolution.PAID, key=key)
    with pytest.raises(SettledAlready):
        propose(bank, line, Resolution.NOTED, key=key)

    decline_resolution(line.pk, reason="Chưa có văn bản", acting_user=bank.house.head, now=bank.house.later())
    propose(bank, line, Resolution.NOTED, key=key)
    confirm(bank, line)

    assert bank.states(run) == [LineState.SENT]
    assert set(Event.objects.filter(stream=line.statement.stream).values_list("name", flat=True)) >= {
        "StrangeLineProposed", "StrangeLineReopened", "StrangeLineResolved",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "what"), [(-11_000, Resolution.PAID), (-1_080_000, Resolution.PAID), (40_000, Resolution.RETURNED)]
)
def test_an_amount_that_is_far_from_what_was_sent_moves_no_payment(
    bank: BankedHouse, run: PaymentRun, amount: int, what: Resolution
) -> None:
    line = strange(bank, run, ("a", amount))

    with pytest.raises(DoesNotFit, match="Số tiền khác nhau quá nhiều"):
        propose(bank, line, what)
    propose(bank, line, Resolution.NOTED)
    confirm(bank, line)

    assert bank.states(run) == [LineState.SENT]


@pytest.mark.parametrize("booking", [("a", -540_000), ("", 11_000)])
def test_what_names_a_payment_or_comes_in_is_not_set_aside_by_one_person(
    bank: BankedHouse, run: PaymentRun, booking: tuple[str, int]
) -> None:
    bank.take_in(bank.statement(bank.answer(run), "0"))
    line = strange(bank, run, booking)

    propose(bank, line, Resolution.NOT_OURS)
    with pytest.raises(SecondPersonNeeded):
        confirm(bank, line, by=bank.house.accountant)
    assert strange_counts(bank.house.head, on=bank.house.now.date())["proposed"] == 1
    settled = confirm(bank, line)

    assert (settled.match, settled.matched_by, settled.payment_line) == (Match.NOT_OURS, bank.house.head, None)
    assert bank.states(run) == [LineState.PAID]


@pytest.mark.parametrize("what", [Resolution.NOTED, Resolution.NOT_OURS])
def test_what_was_settled_by_mistake_and_moved_nothing_is_taken_up_again(
    bank: BankedHouse, run: PaymentRun, what: Resolution
) -> None:
    line = strange(bank, run, ("a", -500_000))
    propose(bank, line, what)
    confirm(bank, line)
    again = {"acting_user": bank.house.accountant, "now": bank.house.later()}
    with pytest.raises(ReasonNeeded):
        reopen_line(line.pk, reason="sai", **again)

    reopened = reopen_line(line.pk, reason="Ngân hàng xác nhận là khoản này", **again)
    assert (reopened.match, reopened.proposed, reopened.payment_line) == (Match.NONE, "", None)
    propose(bank, line, Resolution.PAID)
    confirm(bank, line)

    assert bank.states(run) == [LineState.PAID]
    with pytest.raises(DoesNotFit, match="không đổi trạng thái"):
        reopen_line(line.pk, reason="Ngân hàng xác nhận là khoản này", **again)
    with pytest.raises(NotYoursToResolve):
        reopen_line(line.pk, reason="Nhầm khoản khác", acting_user=bank.house.leader, now=bank.house.later())


def test_a_double_debit_is_noted_and_paid_no_second_time(bank: BankedHouse, run: PaymentRun) -> None:
    line = strange(bank, run, ("a", -540_000), ("a", -540_000))
    propose(bank, line, Resolution.NOTED)
    confirm(bank, line)
    assert bank.states(run) == [LineState.PAID]
    with pytest.raises(DoesNotFit, match="đã được ghi là đã nhận"):
        other = strange(bank, run, ("a", -540_000), number="2")
        propose(bank, other, Resolution.PAID)


def test_money_that_came_back_in_words_only_is_returned_by_two_people(bank: BankedHouse, run: PaymentRun) -> None:
    bank.take_in(bank.statement(bank.answer(run), "0"))
    line = strange(bank, run, ("", 540_000))
    (payment,) = bank.house.lines(run)
    with pytest.raises(DoesNotFit, match="vào tài khoản"):
        propose(bank, line, Resolution.PAID, key=key_of(payment.pk))

    propose(bank, line, Resolution.RETURNED, key=key_of(payment.pk))
    confirm(bank, line)

    payment.refresh_from_db()
    assert (payment.state, payment.why, payment.is_live) == (LineState.RETURNED, REASON, False)


def test_what_the_next_run_pays_is_not_paid_again_by_hand(bank: BankedHouse, run: PaymentRun) -> None:
    bank.take_in(bank.report(bank.answer(run, Wishes(rejected=1))))
    line = strange(bank, run, ("a", -540_000))
    propose(bank, line, Resolution.PAID)
    bank.house.pay(DECEMBER)

    with pytest.raises(DoesNotFit, match="đợt sau"):
        confirm(bank, line)
    assert bank.states(run) == [LineState.FAILED]


@pytest.mark.parametrize("key", ["LT00000000000196", "LT00009999999944", "abc"])
def test_a_name_of_no_payment_is_refused(bank: BankedHouse, run: PaymentRun, key: str) -> None:
    line = strange(bank, run, ("", -540_000))

    with pytest.raises(PaymentNotFound):
        propose(bank, line, Resolution.PAID, key=key)
    with pytest.raises(PaymentNotFound):
        propose(bank, line, Resolution.PAID)


def test_only_the_competent_agency_sees_and_settles(bank: BankedHouse, run: PaymentRun) -> None:
    line = strange(bank, run, ("", -540_000))
    on = bank.house.now.date()
    stranger = bank.house.world.officer(Role.PROCESSOR, "H55.05443")

    with pytest.raises(StrangeLineUnknown):
        propose(bank, line, Resolution.NOT_OURS, by=stranger)
    with pytest.raises(NotYoursToResolve):
        propose(bank, line, Resolution.NOT_OURS, by=bank.house.leader)
    with pytest.raises(StatementLineNotFound):
        get_strange_line(line.pk, user=stranger, on=on)
    with pytest.raises(StatementNotFound):
        get_statement(line.statement_id, user=stranger, on=on)
    assert not strange_lines(stranger, StrangeFilter(), on=on)
    assert strange_counts(stranger, on=on) == {}


def test_lists_say_what_waits_and_why(bank: BankedHouse, run: PaymentRun) -> None:
    user, on = bank.house.accountant, bank.house.now.date()
    line = strange(bank, run, ("a", -539_000), ("", -11_000))
    propose(bank, line, Resolution.NOT_OURS)

    (statement,) = statements(user, StatementFilter(waiting="1"), on=on)
    assert statement.waiting == 1
    assert strange_counts(user, on=on)["all"] == strange_counts(user, on=on)[Strange.PARTIAL] == 1
    (waiting,) = strange_lines(user, StrangeFilter(), on=on)
    assert waiting.named_line == bank.house.lines(run)[0]
    assert list(strange_lines(user, StrangeFilter(stage="settled"), on=on)) == [line]
    assert list(strange_lines(user, StrangeFilter(q=key_of(bank.house.lines(run)[0].pk)), on=on)) == [waiting]
    assert list(lines_of(statement, StatementLineFilter(match="strange"), on=on)) == [waiting]
    assert get_strange_line(line.pk, user=user, on=on) == line
