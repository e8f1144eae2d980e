"""Whose benefit was suspended for refusing a review, so long ago that the law ends it: put on the commune's list, decided by people."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lienthong.assistance.models import Entitlement, Finding
from lienthong.assistance.services.uncollected import WORKED_ON
from lienthong.assistance.states import EntitlementState, FindingKind, FindingState, Programme
from lienthong.kernel.days import format_day, local_day
from lienthong.rules.social_assistance.timing import Conduct, end_of


@transaction.atomic
def note_refused_reviews(*, now: datetime) -> int:
    """List whose suspended benefit is to end, and return how many are new; doing it again changes nothing.

    Hết thời hạn tạm dừng mà vẫn không chấp hành xác định lại. A suspension because nothing was collected, or for detention, has no
    such end: it lasts until somebody lets the benefit be paid again.

    Raises:
        NoValueInForce: The rules are not recorded for the day.

    Legal source:
        02/2021/TT-BLĐTBXH, Điều 2 khoản 1 điểm đ.
    """
    on = local_day(now)
    suspended = Entitlement.objects.filter(
        programme=Programme.SOCIAL, state=EntitlementState.SUSPENDED, suspended_for_refusal_on__isnull=False
    )
    over = {row.pk: (row, reason) for row in suspended.order_by("pk") if (reason := _end_of(row, on))}
    found = Finding.objects.filter(kind=FindingKind.REFUSED_REVIEW)
    found.filter(state__in=WORKED_ON).exclude(entitlement__in=list(over)).update(
        state=FindingState.SETTLED, note=f"Đã cho hưởng trở lại hoặc đã thôi hưởng, theo lượt xét ngày {format_day(on)}.",
        decided_at=now,
    )  # fmt: skip
    # What was set aside comes back only with another suspension.
    known = set(found.filter(state__in=WORKED_ON).order_by("pk").values_list("entitlement_id", flat=True))
    dismissed = set(found.exclude(state__in=WORKED_ON).order_by("pk").values_list("entitlement_id", "ground"))
    made = [
        Finding(
            person_id=row.person_id, unit_id=row.unit_id, kind=FindingKind.REFUSED_REVIEW, programme=row.programme,
            benefit=row.benefit, reasons=[reason], missing=[], entitlement=row, found_on=on, run_id=f"day:{on.isoformat()}",
            ground=_ground(row),
        )
        for row, reason in over.values()
        if row.pk not in known and (row.pk, _ground(row)) not in dismissed
    ]  # fmt: skip
    Finding.objects.bulk_create(made)
    return len(made)


def _end_of(row: Entitlement, on: date) -> str:
    end = end_of(Conduct(suspended_for_refusal_on=row.suspended_for_refusal_on), on=on)
    return str(end.reason) if end is not None else ""


def _ground(row: Entitlement) -> str:
    day = row.suspended_for_refusal_on
    return f"suspended:{day.isoformat()}" if day is not None else ""
