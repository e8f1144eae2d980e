"""Settle what was paid beyond what is owed: it came back as money, or a decision keeps it back of what is paid next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact, record
from lienthong.kernel.money import format_dong
from lienthong.kernel.text import clean_line
from lienthong.payments.events import (
    OverpaymentFound,
    OverpaymentProposalRefused,
    OverpaymentSettled,
    OverpaymentSettlementProposed,
    OverpaymentWithdrawn,
)
from lienthong.payments.models import Overpayment, PaymentLine
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.refusals import OverpaymentRefused, ReasonNeeded
from lienthong.payments.states import OverpaymentState

LEAST_NOTE = 5


class SettledByTwo(OverpaymentRefused):
    """Whoever says that money came back does not also confirm it."""

    def __init__(self) -> None:
        super().__init__(_("Khoản này do bạn đề nghị; người thứ hai phải xác nhận."))


@transaction.atomic
def propose_settlement(overpayment_id: int, *, note: str, acting_user: User, now: datetime) -> Overpayment:
    """Say by which paper an overpayment came back; whoever calls has asked whether the user may.

    Đề nghị ghi khoản chi thừa đã nộp lại. It stays open until a second person has confirmed it. Said anew, the later word counts.

    Raises:
        ReasonNeeded: The note says nothing.
        OverpaymentRefused: There is none, or it is not open.
    """
    words = clean_line(note, at_most=500)
    if len(words) < LEAST_NOTE:
        raise ReasonNeeded
    row = _open_one(overpayment_id)
    row.proposed_by, row.proposed_at, row.note = acting_user, now, words
    row.save(update_fields=["proposed_by", "proposed_at", "note"])
    fact = OverpaymentSettlementProposed(overpayment_id=row.pk, amount=row.amount, note=words)
    record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
    return row


@transaction.atomic
def confirm_settlement(
    overpayment_id: int, *, seen_amount: int, seen_note: str, acting_user: User, now: datetime
) -> Overpayment:
    """Confirm as the second person that an overpayment came back; whoever calls has asked whether the user may.

    Xác nhận khoản chi thừa đã nộp lại. It stays counted: no later run finds it again.

    Args:
        overpayment_id: Which.
        seen_amount: What the user saw that came back, in đồng.
        seen_note: The paper that the user saw.
        acting_user: The second person.
        now: The moment.

    Raises:
        OverpaymentRefused: There is none, it is not open, nobody proposed it, or amount or paper changed since they were seen.
        SettledByTwo: The user proposed it.
    """
    row = _open_one(overpayment_id)
    if row.proposed_by_id is None:
        raise OverpaymentRefused(_("Chưa ai đề nghị ghi khoản này đã nộp lại. Hãy mở lại trang."))
    if row.proposed_by_id == acting_user.pk:
        raise SettledByTwo
    if (row.amount, row.note) != (seen_amount, seen_note):
        raise OverpaymentRefused(
            _("Khoản này nay là %(amount)s, “%(note)s”, khác lúc bạn xem. Hãy xem lại rồi xác nhận.")
            % {"amount": format_dong(row.amount), "note": row.note}
        )
    _settle(row, row.note, proposed_by_id=row.proposed_by_id, acting_user_id=acting_user.pk, now=now)
    return row


@transaction.atomic
def refuse_settlement(overpayment_id: int, *, reason: str, acting_user: User, now: datetime) -> Overpayment:
    """Send back what was proposed, with the reason: the money did not come back. The overpayment waits as before.

    Không xác nhận khoản chi thừa đã nộp lại.

    Raises:
        ReasonNeeded: The reason says nothing.
        OverpaymentRefused: There is none, it is not open, or nobody proposed it.
    """
    words = clean_line(reason, at_most=300)
    if len(words) < LEAST_NOTE:
        raise ReasonNeeded
    row = _open_one(overpayment_id)
    if row.proposed_by_id is None:
        raise OverpaymentRefused(_("Chưa ai đề nghị ghi khoản này đã nộp lại. Hãy mở lại trang."))
    row.proposed_by, row.proposed_at, row.note = None, None, ""
    row.save(update_fields=["proposed_by", "proposed_at", "note"])
    fact = OverpaymentProposalRefused(overpayment_id=row.pk, reason=words)
    record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
    return row


def settle_by_deduction(
    overpayment_ids: Collection[int], *, source: str, person_id: int, benefit: str, amount: int, note: str,
    proposed_by_id: int | None, acting_user_id: int, now: datetime,
) -> None:  # fmt: skip
    """Put down that a decision keeps overpayments back month by month; inside the transaction of whoever decides.

    Thu hồi bằng khấu trừ. From now on they are not found again, nor can the same money be recovered another way.

    Args:
        overpayment_ids: Which; all of one benefit of one person.
        source: Code of the programme.
        person_id: Whose benefit.
        benefit: Code of the benefit.
        amount: What the decision recovers; exactly what they come to.
        note: The decision in a line.
        proposed_by_id: Who proposed the decision.
        acting_user_id: Who decides.
        now: The moment.

    Raises:
        SettledByTwo: The same person proposed and decides.
        OverpaymentRefused: One is not open, belongs to another benefit, or waits until it is confirmed that it came back as money;
            or they come to another amount by now.
    """
    if proposed_by_id in {None, acting_user_id}:
        raise SettledByTwo
    hold_answers()  # no run looks at it meanwhile
    mine = {"source": source, "person": person_id, "benefit": benefit}
    rows = list(Overpayment.objects.select_for_update().filter(pk__in=overpayment_ids, **mine).order_by("pk"))
    if len(rows) != len(set(overpayment_ids)) or any(row.state != OverpaymentState.OPEN for row in rows):
        raise OverpaymentRefused(
            _("Có khoản chi thừa đã được xử lý, hoặc không còn thừa. Hãy mở lại trang và lập đề xuất thu hồi mới.")
        )
    if any(row.proposed_by_id is not None for row in rows):
        raise OverpaymentRefused(
            _("Có khoản chi thừa đang chờ xác nhận đã nộp lại tiền. Hãy chờ xác nhận xong rồi lập đề xuất thu hồi mới.")
        )
    if (total := sum(row.amount for row in rows)) != amount:
        raise OverpaymentRefused(
            _("Các khoản chi thừa nay là %(total)s, đề xuất ghi %(amount)s. Hãy lập đề xuất thu hồi mới.")
            % {"total": format_dong(total), "amount": format_dong(amount)}
        )
    for row in rows:
        _settle(row, note, proposed_by_id=proposed_by_id, acting_user_id=acting_user_id, now=now)


def take_back_what_is_owed(
    *, source: str, person_id: int, benefit: str, owed: Mapping[date, int], acting_user_id: int | None, now: datetime,
    matter: str = "",
) -> list[date]:  # fmt: skip
    """Take back what waits as overpaid of months that are owed after all; inside the transaction of whoever decided it.

    Không còn thừa. What is paid beyond what is owed now stays open with that amount. What was settled stays settled: money that
    came back is paid again by the next run.

    Args:
        source: Code of the programme.
        person_id: Whose benefit.
        benefit: Code of the benefit.
        owed: What is owed now for each month that was decided anew, in đồng.
        acting_user_id: Who decided.
        now: The moment.
        matter: Of what is paid once, for which decision.

    Returns:
        The months of which nothing is overpaid any more, the earliest first.
    """
    hold_answers()  # what a run counts as paid is not changed meanwhile
    mine = {"source": source, "person": person_id, "benefit": benefit, "matter": matter, "for_month__in": list(owed)}
    closed = []
    rows = (
        Overpayment.objects.select_for_update().filter(state=OverpaymentState.OPEN, **mine).order_by("for_month", "pk")
    )
    for row in rows:
        of_month = {**mine, "for_month": row.for_month}
        del of_month["for_month__in"]
        lines = PaymentLine.objects.filter(**of_month)
        lines.update(owed=owed[row.for_month])
        paid = lines.filter(is_live=True).aggregate(sum=Sum("amount", default=0))["sum"]
        settled = Overpayment.objects.filter(state=OverpaymentState.SETTLED, **of_month)
        left = max(0, paid - owed[row.for_month] - settled.aggregate(sum=Sum("amount", default=0))["sum"])
        if left == row.amount:
            continue
        if left:
            row.amount = left
            row.save(update_fields=["amount"])
            fact: Fact = OverpaymentFound(
                overpayment_id=row.pk, run_id=row.run_id, source=source, benefit=benefit, person_id=person_id,
                for_month=row.for_month, amount=left,
            )  # fmt: skip
        else:
            row.state, row.settled_at = OverpaymentState.WITHDRAWN, now
            row.save(update_fields=["state", "settled_at"])
            fact = OverpaymentWithdrawn(overpayment_id=row.pk, run_id=row.run_id, for_month=row.for_month)
            closed.append(row.for_month)
        record(fact, stream=row.stream, actor_id=acting_user_id, at=now)
    return closed


def _open_one(overpayment_id: int) -> Overpayment:
    """Lock an overpayment that is open; no run looks at it meanwhile."""
    hold_answers()
    row = Overpayment.objects.select_for_update().filter(pk=overpayment_id).first()
    if row is None or row.state != OverpaymentState.OPEN:
        raise OverpaymentRefused(_("Khoản chi thừa này không còn chờ xử lý. Hãy mở lại trang."))
    return row


def _settle(row: Overpayment, note: str, *, proposed_by_id: int | None, acting_user_id: int, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by_id, row.note = OverpaymentState.SETTLED, now, acting_user_id, note[:500]
    row.proposed_by_id, row.proposed_at = proposed_by_id, row.proposed_at or now
    row.save(update_fields=["state", "proposed_by", "proposed_at", "settled_at", "settled_by", "note"])
    record(
        OverpaymentSettled(overpayment_id=row.pk, amount=row.amount), stream=row.stream, actor_id=acting_user_id, at=now
    )
