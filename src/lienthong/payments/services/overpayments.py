"""Settle what was paid beyond what is owed: it came back as money, or a decision keeps it back of what is paid next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.money import format_dong
from lienthong.kernel.text import clean_line
from lienthong.payments.events import OverpaymentSettled
from lienthong.payments.models import Overpayment
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


def _settle(row: Overpayment, note: str, *, acting_user_id: int, now: datetime) -> None:
    row.state, row.settled_at, row.settled_by_id, row.note = OverpaymentState.SETTLED, now, acting_user_id, note[:500]
    row.save(update_fields=["state", "settled_at", "settled_by", "note"])
    record(
        OverpaymentSettled(overpayment_id=row.pk, amount=row.amount), stream=row.stream, actor_id=acting_user_id, at=now
    )
