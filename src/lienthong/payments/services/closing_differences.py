"""Differences with a bank that it does not make good: one person says why the house lets them be, another confirms.

Đóng chênh lệch với ngân hàng. Nothing is changed or deleted: a line of its own beside those of the bank evens the sum, and
``resolving`` confirms it or sends it back like any other.
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
from lienthong.payments import policies
from lienthong.payments.file_events import StrangeLineProposed
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import PaymentLine, Statement, StatementLine
from lienthong.payments.queries.bookings import ADJUSTED, open_differences
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.refusals import ReasonNeeded
from lienthong.payments.services.resolving import DoesNotFit, NotYoursToResolve, SettledAlready
from lienthong.payments.services.signing import LEAST_REASON
from lienthong.payments.states import Match, Resolution, StatementFormat, Strange


class DifferenceUnknown(NotFound):
    """There is no such payment, or none that this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDifference:
    """Why a difference with the bank is let be: a fee that is borne, a rest that was paid otherwise. Đề nghị đóng chênh lệch.

    Attributes:
        reason: At least five letters.
    """

    payment_line_id: int
    reason: str


@transaction.atomic
def propose_closing(command: CloseDifference, *, acting_user: User, now: datetime) -> StatementLine:
    """Propose to close the difference of a payment as it stands now; it stays open until another person confirms.

    Đề nghị đóng chênh lệch với ngân hàng.

    Returns:
        The line that evens the sum once it is confirmed (``confirm_resolution``) and falls away once it is declined.

    Raises:
        DifferenceUnknown, NotYoursToResolve: The payment or the user is wrong.
        DoesNotFit: The payment has no difference.
        SettledAlready: Somebody proposed that already.
        ReasonNeeded: The reason says nothing.
    """
    hold_answers()
    on = local_day(now)
    payment = PaymentLine.objects.filter(pk=command.payment_line_id).first()
    if payment is None or not policies.sees_province(acting_user, on=on):
        raise DifferenceUnknown
    if not (policies.prepares(acting_user, on=on) or policies.checks(acting_user, on=on)):
        raise NotYoursToResolve
    difference = open_differences([payment.pk]).get(payment.pk)
    if difference is None:
        raise DoesNotFit(_("Khoản chi này không còn chênh lệch với ngân hàng."))
    if StatementLine.objects.filter(named_line=payment, outcome=ADJUSTED, match=Match.NONE).exists():
        raise SettledAlready(_("Đã có đề nghị đóng chênh lệch này, đang chờ người thứ hai xác nhận."))
    reason = clean_line(command.reason, at_most=300)
    if len(reason) < LEAST_REASON:
        raise ReasonNeeded
    seed = f"difference|{payment.pk}|{acting_user.pk}|{now.isoformat()}"
    statement = Statement.objects.create(
        format=StatementFormat.TICKS, amount_total=difference, lines_total=1, imported_by=acting_user, imported_at=now,
        reconciled_at=now, run_id=payment.run_id, sha256=hashlib.sha256(seed.encode()).hexdigest(),
    )  # fmt: skip
    line = StatementLine.objects.create(
        statement=statement, number=1, reference=key_of(payment.pk), amount=difference, booked_on=on,
        text=_("Đóng chênh lệch với ngân hàng"), outcome=ADJUSTED, strange=Strange.PARTIAL, named_line=payment,
        proposed=Resolution.NOTED, proposed_line=payment, proposed_by=acting_user, proposed_at=now, note=reason,
    )  # fmt: skip
    fact = StrangeLineProposed(
        statement_line_id=line.pk, number=line.number, resolution=Resolution.NOTED, payment_line_id=payment.pk,
        reason=reason,
    )  # fmt: skip
    record(fact, stream=statement.stream, actor_id=acting_user.pk, at=now)
    return line
