"""Settle what was paid beyond what is owed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
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
    row.state, row.settled_at, row.settled_by, row.note = OverpaymentState.SETTLED, now, acting_user, words
    row.save(update_fields=["state", "settled_at", "settled_by", "note"])
    record(
        OverpaymentSettled(overpayment_id=row.pk, amount=row.amount), stream=row.stream, actor_id=acting_user.pk, at=now
    )
    return row
