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
from lienthong.payments.events import OverpaymentFound, OverpaymentSettled, OverpaymentWithdrawn
from lienthong.payments.models import Overpayment, PaymentLine
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.refusals import OverpaymentRefused, ReasonNeeded
from lienthong.payments.states import OverpaymentState

LEAST_NOTE = 5


@transaction.atomic
def settle_overpayment(overpayment_id: int, *, note: str, acting_user: User, now: datetime) -> Overpayment:
    """Put down how an overpayment was settled; whoever calls has asked whether the user may.

    Xử lý khoản chi thừa. It stays counted: no later run finds it again.

    Raises:
        ReasonNeeded: The note says nothing.
        OverpaymentRefused: There is none, or it is not open.
    """
    words = clean_line(note, at_most=500)
    if len(words) < LEAST_NOTE:
        raise ReasonNeeded
    row = Overpayment.objects.select_for_update().filter(pk=overpayment_id).first()
    if row is None or row.state != OverpaymentState.OPEN:
        raise OverpaymentRefused(_("Khoản chi thừa này không còn chờ xử lý. Hãy mở lại trang."))
    _settle(row, words, acting_user_id=acting_user.pk, now=now)
    return row


def settle_by_deduction(
    overpayment_ids: Collection[int], *, source: str, person_id: int, benefit: str, amount: int, note: str,
    acting_user_id: int, now: datetime,
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
        acting_user_id: Who decides.
        now: The moment.

    Raises:
        OverpaymentRefused: One is not open, belongs to another benefit, or they come to another amount by now.
    """
    mine = {"source": source, "person": person_id, "benefit": benefit}
    rows = list(Overpayment.objects.select_for_update().filter(pk__in=overpayment_ids, **mine).order_by("pk"))
    if len(rows) != len(set(overpayment_ids)) or any(row.state != OverpaymentState.OPEN for row in rows):
        raise OverpaymentRefused(
            _("Có khoản chi thừa đã được xử lý, hoặc không còn thừa. Hãy mở lại trang và lập đề xuất thu hồi mới.")
        )
    if (total := sum(row.amount for row in rows)) != amount:
        raise OverpaymentRefused(
            _("Các khoản chi thừa nay là %(total)s, đề xuất ghi %(amount)s. Hãy lập đề xuất thu hồi mới.")
            % {"total": format_dong(total), "amount": format_dong(amount)}
        )
    for row in rows:
        _settle(row, note, acting_user_id=acting_user_id, now=now)


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


def _settle(row: Overpayment, note: str, *, acting_user_id: int, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by_id, row.note = OverpaymentState.SETTLED, now, acting_user_id, note[:500]
    row.save(update_fields=["state", "settled_at", "settled_by", "note"])
    record(
        OverpaymentSettled(overpayment_id=row.pk, amount=row.amount), stream=row.stream, actor_id=acting_user_id, at=now
    )
