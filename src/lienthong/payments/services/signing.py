"""Check, approve, release, close and cancel a run: four people, and a fifth word for each."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.text import clean_line
from lienthong.payments.events import (
    PaymentLinesHeldOut,
    PaymentLinesNoLongerOwed,
    PaymentLinesWithoutPlace,
    PaymentRunApproved,
    PaymentRunCancelled,
    PaymentRunChecked,
    PaymentRunClosed,
    PaymentRunReleased,
)
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.budgets_left import check_budgets
from lienthong.payments.services.holding_out import HeldOut, hold_out
from lienthong.payments.services.moving import RunTarget, change_run
from lienthong.payments.services.refusals import LinesUnanswered, ListChanged, ReasonNeeded
from lienthong.payments.states import UNPAID_STATES, HoldReason, LineState, RunAction

LEAST_REASON = 5
_HELD_OUT: Final = (
    (PaymentLinesHeldOut, (HoldReason.PAYEE_DIED, HoldReason.PERSON_DIED)),
    (PaymentLinesNoLongerOwed, (HoldReason.NO_LONGER_OWED,)),
    (PaymentLinesWithoutPlace, (HoldReason.ACCOUNT_NOT_USED,)),
)
"""What is put down when lines are held out at the release, by their reasons."""


def check_run(target: RunTarget, *, acting_user: User, now: datetime) -> PaymentRun:
    """Put down that the list was checked, by a head of a division who did not prepare it.

    Kiểm tra danh sách chi trả.

    Raises:
        RunUnknown, StaleRun, NotYourRun, NotPossibleNow, SignedBySamePerson, KeyUsedElsewhere: See ``change_run``.
        ListChanged: The lines are not those that were prepared.
    """

    def change(run: PaymentRun) -> PaymentRunChecked:
        _must_be_as_prepared(run)
        run.checked_by, run.checked_at = acting_user, now
        return PaymentRunChecked(run_id=run.pk, lines=run.lines_total, amount=run.net_total, digest=run.digest)

    return change_run(target, RunAction.CHECK, change, acting_user=acting_user, now=now)


def approve_run(target: RunTarget, *, acting_user: User, now: datetime) -> PaymentRun:
    """Approve the list, as a leader who neither prepared nor checked it.

    Duyệt chi trả.

    Raises:
        RunUnknown, StaleRun, NotYourRun, NotPossibleNow, SignedBySamePerson, KeyUsedElsewhere: See ``change_run``.
        ListChanged: The lines are not those that were prepared.
        BudgetShort: A budget was taken back meanwhile and does not suffice any more; the figures say by how much.
    """

    def change(run: PaymentRun) -> PaymentRunApproved:
        _must_be_as_prepared(run)
        check_budgets(run)
        run.approved_by, run.approved_at = acting_user, now
        return PaymentRunApproved(run_id=run.pk, lines=run.lines_total, amount=run.net_total, digest=run.digest)

    return change_run(target, RunAction.APPROVE, change, acting_user=acting_user, now=now)


def release_run(target: RunTarget, *, acting_user: User, now: datetime) -> PaymentRun:
    """Hand the approved lines to who pays, in one transaction: all of them are sent, or none.

    Chuyển chi trả. A line of which everything is kept back is paid with that. Lines of people who died after the list was
    prepared, and lines that are more than is owed now, are held out: they stay in the list, and the next run looks at them again.

    Raises:
        RunUnknown, StaleRun, NotYourRun, NotPossibleNow, SignedBySamePerson, KeyUsedElsewhere: See ``change_run``.
        ListChanged: The lines are not those that were prepared.
        BudgetShort: A budget was taken back meanwhile and does not suffice any more; the figures say by how much.
    """

    def change(run: PaymentRun) -> PaymentRunReleased:
        _must_be_as_prepared(run)
        held = hold_out(run, acting_user_id=acting_user.pk, now=now)
        for told, reasons in _HELD_OUT:
            together = sum((held[reason] for reason in reasons if reason in held), HeldOut())
            if together.lines:
                fact = told(run_id=run.pk, lines=together.lines, amount=together.net)
                record(fact, stream=run.stream, actor_id=acting_user.pk, at=now)
        check_budgets(run)
        nothing_left = Q(amount=F("deducted"))
        PaymentLine.objects.filter(run=run, state=LineState.PLANNED).update(
            state=Case(When(nothing_left, then=Value(LineState.PAID.value)), default=Value(LineState.SENT.value)),
            paid_on=Case(When(nothing_left, then=Value(local_day(now))), default=None),
        )
        run.released_by, run.released_at = acting_user, now
        return PaymentRunReleased(run_id=run.pk, lines=run.lines_total, amount=run.net_total, digest=run.digest)

    return change_run(target, RunAction.RELEASE, change, acting_user=acting_user, now=now)


def close_run(target: RunTarget, *, acting_user: User, now: datetime) -> PaymentRun:
    """Close a run of which every line was answered. What did not arrive is paid by the next run.

    Khóa sổ đợt chi trả.

    Raises:
        RunUnknown, StaleRun, NotYourRun, NotPossibleNow, KeyUsedElsewhere: See ``change_run``.
        LinesUnanswered: Some are still on their way.
    """

    def change(run: PaymentRun) -> PaymentRunClosed:
        hold_answers()  # no tick is reversed meanwhile
        counted = PaymentLine.objects.filter(run=run).aggregate(
            sent=Count("pk", filter=Q(state=LineState.SENT)),
            paid=Count("pk", filter=Q(state=LineState.PAID)),
            unpaid=Count("pk", filter=Q(state__in=UNPAID_STATES)),
        )
        if counted["sent"]:
            raise LinesUnanswered(counted["sent"])
        run.closed_by, run.closed_at = acting_user, now
        return PaymentRunClosed(run_id=run.pk, paid=counted["paid"], unpaid=counted["unpaid"])

    return change_run(target, RunAction.CLOSE, change, acting_user=acting_user, now=now)


def cancel_run(target: RunTarget, *, reason: str, acting_user: User, now: datetime) -> PaymentRun:
    """Cancel a run that was not released. The next run looks at everything again that it held.

    Hủy đợt chi trả. What did not arrive before waits as if the run had never looked at it: should it turn out to have arrived
    after all, that can be put down.

    Raises:
        RunUnknown, StaleRun, NotYourRun, NotPossibleNow, KeyUsedElsewhere: See ``change_run``.
        ReasonNeeded: The reason says nothing.
    """
    words = clean_line(reason, at_most=500)
    if len(words) < LEAST_REASON:
        raise ReasonNeeded

    def change(run: PaymentRun) -> PaymentRunCancelled:
        hold_answers()  # nobody says meanwhile that what waits again has arrived
        PaymentLine.objects.filter(run=run).update(state=LineState.CANCELLED, is_live=False)
        PaymentLine.objects.filter(resumed_by=run).update(resumed_by=None)
        run.cancelled_by, run.cancelled_at, run.cancelled_reason = acting_user, now, words
        run.stopped = ""
        run.progress = {**run.progress, "stage": _("Đã hủy")}
        return PaymentRunCancelled(run_id=run.pk, reason=words)

    return change_run(target, RunAction.CANCEL, change, acting_user=acting_user, now=now)


def _must_be_as_prepared(run: PaymentRun) -> None:
    counted = PaymentLine.objects.filter(run=run, state=LineState.PLANNED).aggregate(
        lines=Count("pk"), amount=Sum("amount", default=0), deducted=Sum("deducted", default=0)
    )
    if (counted["lines"], counted["amount"], counted["deducted"]) != (
        run.lines_total,
        run.amount_total,
        run.deducted_total,
    ):
        raise ListChanged
