"""Ways back from a payment over the counter that was ticked as received by mistake: another person reverses it, with a reason.

Đảo kết quả ghi nhầm. Nothing is deleted: the reversal is a line of its own beside the tick. What a payer or a bank confirmed,
and what a later run has looked at again, is not reversed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.kernel.text import clean_line
from lienthong.payments.file_events import PaymentTickReversed
from lienthong.payments.models import Overpayment, PaymentLine, Statement, StatementLine
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.overpayments import take_back_what_is_owed
from lienthong.payments.services.recording import units_of
from lienthong.payments.services.refusals import PaymentRefused, ReasonNeeded
from lienthong.payments.services.signing import LEAST_REASON
from lienthong.payments.states import (
    Channel,
    LineState,
    Match,
    OverpaymentState,
    RunState,
    StatementFormat,
)

REVERSED = "reversed"
_OVER_THE_COUNTER = (Channel.POST, Channel.CASH)


class TickUnknown(NotFound):
    """There is no such payment, or none that this user may answer."""


class NotReversible(PaymentRefused):
    """The payment is not, or not only, received because somebody ticked it; the sentence says why."""


class TickedByYou(PaymentRefused):
    """Whoever ticked does not reverse."""

    def __init__(self) -> None:
        super().__init__(_("Bạn đã ghi kết quả này nên không tự đảo lại được. Hãy nhờ người khác đảo kết quả."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseTick:
    """Đảo kết quả đã nhận ghi nhầm của một khoản tiền mặt, bưu điện.

    Attributes:
        reason: What was mistaken; at least five letters.
    """

    line_id: int
    reason: str


@transaction.atomic
def reverse_tick(command: ReverseTick, *, acting_user: User, now: datetime) -> PaymentLine:
    """Take back that a payment was received; only somebody else than whoever ticked it can.

    Đảo kết quả đã nhận. While the run is open the payment waits for its result again; of a run that was closed nobody came for
    it, so that the next run pays it.

    Raises:
        NotYoursToRecord, TickUnknown: The user or the payment is wrong.
        TickedByYou: The user ticked it.
        NotReversible: Somebody else confirmed it, a later run looked at it, or it was not ticked at all.
        ReasonNeeded: The reason says nothing.
    """
    hold_answers()
    units = units_of(acting_user, on=local_day(now))
    rows = PaymentLine.objects.select_for_update(of=("self",)).select_related("run")
    line = rows.filter(pk=command.line_id).first()
    if line is None or (units is not None and line.unit_id not in units):
        raise TickUnknown
    tick = ticked(line)
    if tick.statement.imported_by_id == acting_user.pk:
        raise TickedByYou
    reason = clean_line(command.reason, at_most=300)
    if len(reason) < LEAST_REASON:
        raise ReasonNeeded
    is_closed = line.run.state == RunState.CLOSED
    line.paid_on = None
    line.state, line.is_live = (LineState.UNCOLLECTED, False) if is_closed else (LineState.SENT, True)
    line.why = _("Đã ghi nhầm là đã nhận: %(reason)s") % {"reason": reason} if is_closed else ""
    line.save(update_fields=["state", "is_live", "paid_on", "why"])
    _keep(line, tick, reason, by=acting_user, now=now)
    if is_closed:  # nothing is overpaid of what nobody received
        take_back_what_is_owed(
            source=line.source, person_id=line.person_id, benefit=line.benefit, owed={line.for_month: line.owed},
            matter=line.matter, acting_user_id=acting_user.pk, now=now,
        )  # fmt: skip
    fact = PaymentTickReversed(
        run_id=line.run_id, payment_line_id=line.pk, statement_line_id=tick.pk, becomes=line.state, reason=reason
    )
    record(fact, stream=line.run.stream, actor_id=acting_user.pk, at=now)
    return line


def ticked(line: PaymentLine) -> StatementLine:
    """Return the tick by which alone a payment counts as received.

    Raises:
        NotReversible: There is none, or more than that says so.
    """
    if line.state != LineState.PAID or line.channel not in _OVER_THE_COUNTER or line.net == 0:
        raise NotReversible(
            _("Chỉ đảo được khoản tiền mặt, bưu điện đã được đánh dấu là đã nhận. Hãy mở lại trang để xem.")
        )
    if line.resumed_by_id is not None or line.carried_to.exclude(state=LineState.CANCELLED).exists():
        raise NotReversible(_("Khoản này đã được một đợt sau xét chi lại nên không đảo kết quả được nữa."))
    said = list(StatementLine.objects.filter(payment_line=line).select_related("statement").order_by("pk"))
    if any(one.statement.format != StatementFormat.TICKS and one.outcome != LineState.UNCOLLECTED for one in said):
        raise NotReversible(
            _(
                "Sao kê hoặc danh sách kết quả của nơi chi trả đã xác nhận khoản này nên không đảo được; hãy hỏi lại nơi chi trả."
            )
        )
    if not said or said[-1].outcome != LineState.PAID:
        raise NotReversible(_("Khoản này không phải do cán bộ đánh dấu nên không đảo được."))
    mine = {
        "source": line.source, "person": line.person_id, "benefit": line.benefit, "for_month": line.for_month,
        "matter": line.matter,
    }  # fmt: skip
    if Overpayment.objects.filter(state=OverpaymentState.SETTLED, **mine).exists():
        raise NotReversible(
            _("Khoản chi thừa của tháng này đã được xử lý dựa trên kết quả đã nhận nên không đảo được nữa.")
        )
    return said[-1]


def _keep(line: PaymentLine, tick: StatementLine, reason: str, *, by: User, now: datetime) -> None:
    """Put the reversal down beside the tick, by two hands: the database refuses the same ones."""
    seed = f"reversal|{tick.pk}|{by.pk}|{now.isoformat()}"
    statement = Statement.objects.create(
        format=StatementFormat.TICKS, amount_total=line.net, lines_total=1, imported_by=by, imported_at=now,
        reconciled_at=now, run_id=line.run_id, sha256=hashlib.sha256(seed.encode()).hexdigest(),
    )  # fmt: skip
    StatementLine.objects.create(
        statement=statement, number=1, reference=tick.reference, amount=line.net, booked_on=local_day(now), text=reason,
        outcome=REVERSED, is_reversal=True, match=Match.BY_HAND, payment_line=line, proposed_by=tick.statement.imported_by,
        proposed_at=tick.statement.imported_at, matched_by=by, matched_at=now, note=reason,
    )  # fmt: skip
