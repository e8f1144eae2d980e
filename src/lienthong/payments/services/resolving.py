"""Lines of statements that nobody understood: one person says what they are and why, another confirms where money moves.

Xử lý dòng sao kê lạ. A payment may be confirmed as paid or returned although the bank booked somewhat more or less; the
difference stays open beside it until the bank makes it good or two people close it (``closing_differences``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.kernel.text import clean_line
from lienthong.payments import policies
from lienthong.payments.file_events import StrangeLineProposed, StrangeLineReopened, StrangeLineResolved
from lienthong.payments.line_keys import line_of
from lienthong.payments.models import PaymentLine, StatementLine
from lienthong.payments.queries.bookings import ADJUSTED, open_differences, times_out
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.reconciling import Outcome, tell_run
from lienthong.payments.services.refusals import PaymentRefused, ReasonNeeded
from lienthong.payments.services.signing import LEAST_REASON
from lienthong.payments.states import UNPAID_STATES, LineState, Match, Resolution, RunState, StatementFormat

_WITHOUT_WAY = (StatementFormat.PAIN002, StatementFormat.LIST, StatementFormat.TICKS)


class StrangeLineUnknown(NotFound):
    """There is no such line, or none that this user may see."""


class ResolvingRefused(PaymentRefused):
    """The line cannot be settled so; the message says why and what to do."""


class NotYoursToResolve(ResolvingRefused):
    """The user is neither accountant nor head at the competent agency."""

    def __init__(self) -> None:
        super().__init__(
            _("Chỉ kế toán chi trả hoặc trưởng phòng của sở phụ trách bảo trợ xã hội xử lý được dòng sao kê.")
        )


class SettledAlready(ResolvingRefused):
    """Somebody settled the line, or waits for it to be confirmed."""


class PaymentNotFound(ResolvingRefused):
    """The name is none of a payment that was handed over."""

    def __init__(self, key: str) -> None:
        super().__init__(
            _("Không có khoản chi mã “%s” trong các đợt đã chuyển chi trả. Hãy kiểm tra mã dòng (LT và 14 chữ số).")
            % key[:20]
        )


class DoesNotFit(ResolvingRefused):
    """State or direction do not allow it."""


class SecondPersonNeeded(ResolvingRefused):
    """Whoever proposed does not confirm."""

    def __init__(self) -> None:
        super().__init__(_("Bạn đã đề nghị cách xử lý dòng này; người khác phải xác nhận."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeResolution:
    """What a person makes of a strange line. Đề nghị xử lý dòng sao kê.

    Attributes:
        key: Name of the payment it belongs to; empty takes the one that the line names itself.
        reason: At least five letters.
    """

    statement_line_id: int
    resolution: Resolution
    key: str = ""
    reason: str


@transaction.atomic
def propose_resolution(command: ProposeResolution, *, acting_user: User, now: datetime) -> StatementLine:
    """Say what a strange line is; another person confirms it.

    Đề nghị cách xử lý một dòng sao kê. Only what leaves the account and names no payment, such as a fee, is settled by one person
    who calls it not ours: money that came in, and whatever names a payment, is nobody's to set aside alone.

    Raises:
        NotYoursToResolve, StrangeLineUnknown, SettledAlready: The user or the line is wrong.
        ReasonNeeded: The reason says nothing.
        PaymentNotFound, DoesNotFit: The payment does not go with it.
    """
    line = _locked(command.statement_line_id, acting_user, now)
    if line.proposed:
        raise SettledAlready(_("Dòng này đã có đề nghị, đang chờ người thứ hai xác nhận. Hãy mở lại trang."))
    reason = clean_line(command.reason, at_most=300)
    if len(reason) < LEAST_REASON:
        raise ReasonNeeded
    payment = None
    if command.resolution == Resolution.NOT_OURS:
        if line.named_line_id is None and line.amount <= 0:
            line.note = reason
            _set_aside(line, by=acting_user, now=now)
            return line
    else:
        payment = _payment(line, command.key)
        _must_fit(line, payment, command.resolution)
    line.proposed, line.proposed_line, line.note = command.resolution, payment, reason
    line.proposed_by, line.proposed_at = acting_user, now
    line.save(update_fields=["proposed", "proposed_line", "note", "proposed_by", "proposed_at"])
    fact = StrangeLineProposed(
        statement_line_id=line.pk,
        number=line.number,
        resolution=command.resolution,
        payment_line_id=payment.pk if payment else None,
        reason=reason,
    )
    record(fact, stream=line.statement.stream, actor_id=acting_user.pk, at=now)
    return line


@transaction.atomic
def confirm_resolution(statement_line_id: int, *, acting_user: User, now: datetime) -> StatementLine:
    """Confirm as a second person what somebody proposed; only now does the payment move.

    Xác nhận cách xử lý một dòng sao kê.

    Raises:
        NotYoursToResolve, StrangeLineUnknown, SettledAlready, SecondPersonNeeded: The user or the line is wrong.
        DoesNotFit: The payment changed meanwhile.
    """
    hold_answers()
    line = _locked(statement_line_id, acting_user, now)
    if not line.proposed:
        raise SettledAlready(_("Dòng này chưa có đề nghị nào để xác nhận. Hãy mở lại trang."))
    if line.proposed_by_id == acting_user.pk:
        raise SecondPersonNeeded
    resolution = Resolution(line.proposed)
    if resolution == Resolution.NOT_OURS:
        _set_aside(line, by=acting_user, now=now)
        return line
    payment = PaymentLine.objects.select_for_update().select_related("run").get(pk=line.proposed_line_id or 0)
    _must_fit(line, payment, resolution)
    _move(line, payment, resolution, by=acting_user, now=now)
    line.match, line.payment_line, line.matched_by, line.matched_at = Match.BY_HAND, payment, acting_user, now
    line.save(update_fields=["match", "payment_line", "matched_by", "matched_at"])
    _tell_resolved(line, resolution, payment, line.note, by=acting_user, now=now)
    return line


@transaction.atomic
def decline_resolution(statement_line_id: int, *, reason: str, acting_user: User, now: datetime) -> StatementLine:
    """Send a proposal back; the line waits again. Whoever proposed may take it back so.

    Không xác nhận đề nghị.

    Raises:
        NotYoursToResolve, StrangeLineUnknown, SettledAlready, ReasonNeeded: See ``propose_resolution``.
    """
    line = _locked(statement_line_id, acting_user, now)
    if not line.proposed:
        raise SettledAlready(_("Dòng này chưa có đề nghị nào. Hãy mở lại trang."))
    words = clean_line(reason, at_most=300)
    if len(words) < LEAST_REASON:
        raise ReasonNeeded
    line.proposed, line.proposed_line, line.proposed_by, line.proposed_at, line.note = "", None, None, None, ""
    changed = ["proposed", "proposed_line", "proposed_by", "proposed_at", "note"]
    if line.outcome == ADJUSTED:  # no bank said it: what was not closed is nothing that waits
        line.match, line.matched_by, line.matched_at, line.note = Match.NOT_OURS, acting_user, now, words
        changed += ["match", "matched_by", "matched_at"]
    line.save(update_fields=changed)
    fact = StrangeLineReopened(statement_line_id=line.pk, number=line.number, reason=words)
    record(fact, stream=line.statement.stream, actor_id=acting_user.pk, at=now)
    return line


@transaction.atomic
def reopen_line(statement_line_id: int, *, reason: str, acting_user: User, now: datetime) -> StatementLine:
    """Let a line wait again that was noted or set aside by mistake. What moved a payment stays.

    Mở lại dòng sao kê đã xử lý.

    Raises:
        NotYoursToResolve, StrangeLineUnknown: The user or the line is wrong.
        DoesNotFit: The line moved a payment, waits already, or is none of a bank.
        ReasonNeeded: The reason says nothing.
    """
    hold_answers()
    line = _found(statement_line_id, acting_user, now)
    if not may_reopen(line):
        raise DoesNotFit(_("Chỉ mở lại được dòng đã xử lý mà không đổi trạng thái khoản chi nào."))
    words = clean_line(reason, at_most=300)
    if len(words) < LEAST_REASON:
        raise ReasonNeeded
    line.proposed, line.proposed_line, line.proposed_by, line.proposed_at, line.note = "", None, None, None, ""
    line.match, line.payment_line, line.matched_by, line.matched_at = Match.NONE, None, None, None
    line.save()
    fact = StrangeLineReopened(statement_line_id=line.pk, number=line.number, reason=words)
    record(fact, stream=line.statement.stream, actor_id=acting_user.pk, at=now)
    return line


def may_reopen(line: StatementLine) -> bool:
    """Tell whether a line was settled without moving a payment, so that it may be settled otherwise."""
    is_noted = line.match == Match.BY_HAND and line.proposed == Resolution.NOTED
    return (is_noted or line.match == Match.NOT_OURS) and line.outcome != ADJUSTED


def _locked(statement_line_id: int, user: User, now: datetime) -> StatementLine:
    line = _found(statement_line_id, user, now)
    if line.match != Match.NONE:
        raise SettledAlready(_("Dòng này đã được xử lý. Hãy mở lại trang để xem."))
    return line


def _found(statement_line_id: int, user: User, now: datetime) -> StatementLine:
    on = local_day(now)
    if not policies.sees_province(user, on=on):
        raise StrangeLineUnknown
    rows = StatementLine.objects.select_for_update(of=("self",)).select_related("statement")
    line: StatementLine | None = rows.filter(pk=statement_line_id).exclude(strange="").first()
    if line is None:
        raise StrangeLineUnknown
    if not (policies.prepares(user, on=on) or policies.checks(user, on=on)):
        raise NotYoursToResolve
    return line


def _payment(line: StatementLine, key: str) -> PaymentLine:
    line_id = line_of(key) if key.strip() else line.named_line_id
    payment: PaymentLine | None = (
        PaymentLine.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(pk=line_id or 0, run__state__in=(RunState.RELEASED, RunState.CLOSED))
        .exclude(state__in=(LineState.HELD, LineState.CANCELLED, LineState.PLANNED))
        .first()
    )
    if payment is None:
        raise PaymentNotFound(key.strip() or _("(chưa ghi)"))
    return payment


def _must_fit(line: StatementLine, payment: PaymentLine, resolution: Resolution) -> None:
    leaves, has_way = line.amount < 0, line.statement.format not in _WITHOUT_WAY
    state = LineState(payment.state)
    if line.outcome == ADJUSTED and open_differences([payment.pk]).get(payment.pk) != line.amount:
        raise DoesNotFit(_("Chênh lệch đã thay đổi từ khi có đề nghị. Hãy trả lại đề nghị này rồi đề nghị lại."))
    if resolution != Resolution.NOTED and has_way and not payment.net <= 2 * abs(line.amount) <= 3 * payment.net:
        words = {"line": format_dong(abs(line.amount)), "payment": format_dong(payment.net)}
        raise DoesNotFit(
            _(
                "Dòng này ghi %(line)s, khoản chi là %(payment)s. Số tiền khác nhau quá nhiều nên chỉ chọn được không đổi trạng "
                "thái; hãy hỏi lại ngân hàng."
            )
            % words
        )
    if resolution == Resolution.PAID:
        if has_way and not leaves:
            raise DoesNotFit(_("Dòng này ghi tiền vào tài khoản chi nên không thể là khoản đã nhận."))
        if state == LineState.PAID:
            raise DoesNotFit(
                _("Khoản chi này đã được ghi là đã nhận. Nếu ngân hàng chi hai lần, hãy chọn không đổi trạng thái.")
            )
        if state in UNPAID_STATES and payment.resumed_by_id is not None:
            raise DoesNotFit(
                _(
                    "Khoản chi này đã được chuyển sang đợt sau để chi lại, nên không thể ghi đã nhận ở đợt cũ. Nếu đợt sau chưa chuyển "
                    "chi trả, hãy hủy đợt đó rồi ghi lại."
                )
            )
    if resolution == Resolution.RETURNED:
        if has_way and leaves:
            raise DoesNotFit(_("Dòng này ghi tiền ra khỏi tài khoản chi nên không thể là tiền hoàn trả."))
        if state not in {LineState.SENT, LineState.PAID}:
            raise DoesNotFit(_("Khoản chi này %(state)s nên không thể bị hoàn trả.") % {"state": state.label})
        if times_out(payment, beside=line) > 1:
            raise DoesNotFit(
                _(
                    "Ngân hàng đã trừ tiền khoản chi này hai lần và chưa trả lại lần thừa. Tiền về là của lần thừa; hãy chọn không đổi "
                    "trạng thái."
                )
            )


def _move(line: StatementLine, payment: PaymentLine, resolution: Resolution, *, by: User, now: datetime) -> None:
    if resolution == Resolution.NOTED:
        return
    if resolution == Resolution.PAID:
        payment.state, payment.is_live, payment.why, payment.why_code = LineState.PAID, True, "", ""
        payment.paid_on = line.booked_on or local_day(now)
    else:
        payment.state, payment.is_live, payment.paid_on = LineState.RETURNED, False, None
        payment.why, payment.why_code = line.note, ""
    try:
        with transaction.atomic():
            payment.save(update_fields=["state", "is_live", "why", "why_code", "paid_on"])
    except IntegrityError as taken:
        raise DoesNotFit(
            _("Người này, khoản này, tháng này đã được chi ở một đợt khác, nên không thể ghi đã nhận lần nữa.")
        ) from taken
    outcome = Outcome(paid=1) if resolution == Resolution.PAID else Outcome(returned=1)
    tell_run(payment.run_id, line.statement_id, outcome, actor_id=by.pk, now=now)


def _set_aside(line: StatementLine, *, by: User, now: datetime) -> None:
    line.match, line.matched_by, line.matched_at = Match.NOT_OURS, by, now
    line.save(update_fields=["match", "matched_by", "matched_at", "note"])
    _tell_resolved(line, Resolution.NOT_OURS, None, line.note, by=by, now=now)


def _tell_resolved(
    line: StatementLine, resolution: Resolution, payment: PaymentLine | None, reason: str, *, by: User, now: datetime
) -> None:
    fact = StrangeLineResolved(
        statement_line_id=line.pk, number=line.number, resolution=resolution,
        payment_line_id=payment.pk if payment else None, reason=reason,
    )  # fmt: skip
    record(fact, stream=line.statement.stream, actor_id=by.pk, at=now)
