"""A payment that was ticked as received by mistake is reversed by another person, beside the tick, and paid after all."""

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.states import Role
from lienthong.infra.events import sentence_of
from lienthong.infra.models import Event
from lienthong.payments.file_health import statements_that_do_not_close
from lienthong.payments.models import PaymentLine, PaymentRun, StatementLine
from lienthong.payments.services.recording import TickResults, record_ticks
from lienthong.payments.services.refusals import ReasonNeeded
from lienthong.payments.services.reversing import (
    NotReversible,
    ReverseTick,
    TickedByYou,
    TickUnknown,
    reverse_tick,
)
from lienthong.payments.services.signing import close_run
from lienthong.payments.states import Channel, LineState, OverpaymentState, StatementFormat
from tests.factories.payments import OverpaymentFactory, PaymentAccountFactory
from tests.payments.house import DECEMBER, House

pytestmark = pytest.mark.django_db
WRONG = "Đánh dấu nhầm dòng"


@pytest.fixture
def run(house: House) -> PaymentRun:
    """A released run that pays somebody in cash and somebody by bank."""
    person = house.person(account=False)
    PaymentAccountFactory(person=person, cash=True)
    house.owe(person, 360_000)
    house.owe(house.person(), 540_000)
    return house.pay()


@pytest.fixture
def line(house: House, run: PaymentRun) -> PaymentLine:
    """The cash, ticked as received by an accountant."""
    line = PaymentLine.objects.get(run=run, channel=Channel.CASH)
    record_ticks(TickResults(paid=(line.pk,)), acting_user=house.accountant, now=house.later())
    line.refresh_from_db()
    assert line.state == LineState.PAID
    return line


def undone(house: House, line: PaymentLine, *, by: object = None, reason: str = WRONG) -> PaymentLine:
    command = ReverseTick(line_id=line.pk, reason=reason)
    return reverse_tick(command, acting_user=by or house.another_accountant, now=house.later())  # type: ignore[arg-type]


def test_another_person_reverses_it_and_the_payment_waits_again(house: House, line: PaymentLine) -> None:
    undone(house, line)

    line.refresh_from_db()
    assert (line.state, line.is_live, line.paid_on) == (LineState.SENT, True, None)
    kept = list(StatementLine.objects.filter(payment_line=line).order_by("pk"))
    assert [(one.outcome, one.is_reversal) for one in kept] == [("paid", False), ("reversed", True)]
    assert kept[1].note == WRONG
    event = Event.objects.get(name="PaymentTickReversed")
    assert sentence_of(event) == f"Đảo kết quả đã nhận của một khoản, nay đã chuyển, chờ kết quả: {WRONG}"
    assert list(statements_that_do_not_close()) == []
    record_ticks(TickResults(uncollected={line.pk: "Đi vắng"}), acting_user=house.accountant, now=house.later())
    line.refresh_from_db()
    assert line.state == LineState.UNCOLLECTED


def test_whoever_ticked_does_not_reverse(house: House, line: PaymentLine) -> None:
    with pytest.raises(TickedByYou):
        undone(house, line, by=house.accountant)
    undone(house, line)
    kept = StatementLine.objects.get(is_reversal=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementLine.objects.filter(pk=kept.pk).update(matched_by=kept.proposed_by)


def test_of_a_closed_run_the_next_one_pays_it(house: House, run: PaymentRun, line: PaymentLine) -> None:
    house.answer(PaymentLine.objects.get(run=run, channel=Channel.BANK), LineState.PAID)
    close_run(house.target(run), acting_user=house.accountant, now=house.later())

    undone(house, line)

    line.refresh_from_db()
    assert (line.state, line.is_live) == (LineState.UNCOLLECTED, False)
    assert line.why == f"Đã ghi nhầm là đã nhận: {WRONG}"
    (carried,) = house.lines(house.pay(DECEMBER))
    assert (carried.carried_from_id, carried.amount) == (line.pk, 360_000)
    line.refresh_from_db()
    with pytest.raises(NotReversible):
        undone(house, line)


def test_once_reversed_it_is_not_reversed_again_unless_ticked_again(house: House, line: PaymentLine) -> None:
    undone(house, line)
    with pytest.raises(NotReversible):
        undone(house, line)
    record_ticks(TickResults(paid=(line.pk,)), acting_user=house.another_accountant, now=house.later())
    undone(house, line, by=house.accountant)
    line.refresh_from_db()
    assert line.state == LineState.SENT


def test_what_a_bank_or_the_payer_confirmed_stays(house: House, run: PaymentRun, line: PaymentLine) -> None:
    by_bank = PaymentLine.objects.get(run=run, channel=Channel.BANK)
    house.answer(by_bank, LineState.PAID)
    with pytest.raises(NotReversible):
        undone(house, by_bank)
    statement = StatementLine.objects.get(payment_line=line).statement
    statement.pk, statement.sha256, statement.content = None, "7" * 64, ""
    statement.format = StatementFormat.LIST
    statement.save(force_insert=True)
    StatementLine.objects.create(
        statement=statement, number=1, amount=line.net, outcome="paid", match="reference", payment_line=line
    )
    with pytest.raises(NotReversible, match="đã xác nhận"):
        undone(house, line)


def test_what_was_settled_as_overpaid_because_it_was_received_stays(house: House, line: PaymentLine) -> None:
    OverpaymentFactory(
        person=line.person, benefit=line.benefit, for_month=line.for_month, state=OverpaymentState.SETTLED,
        settled_at=house.now, note="Đã nộp lại", run=line.run,
    )  # fmt: skip
    with pytest.raises(NotReversible, match="chi thừa"):
        undone(house, line)


def test_it_needs_a_reason_and_somebody_of_the_commune(house: House, line: PaymentLine) -> None:
    with pytest.raises(ReasonNeeded):
        undone(house, line, reason="sai")
    with pytest.raises(TickUnknown):
        undone(house, line, by=house.world.officer(Role.PROCESSOR, "H55.05455"))
