"""What the decided months themselves bring to an end: a birthday, most often. It ends by itself, and says why."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lienthong.assistance.models import Entitlement, EntitlementRate, LawChangeRow
from lienthong.assistance.models.law_changes import OPEN_STATES
from lienthong.assistance.services.apart import each_apart
from lienthong.assistance.services.changing import locked_at_any_time, stop
from lienthong.assistance.services.decision_sheets import Decided, keep_sheet
from lienthong.assistance.services.settling import last_month_due
from lienthong.assistance.states import NOT_MONTHLY, Benefit, EntitlementState, LawRowState, Programme, ProposalKind
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of


def end_what_ran_out(*, now: datetime) -> int:
    """End what pays nothing any more for certain in any month that is computed, and return how many; again it changes nothing.

    Thôi hưởng do các tháng đã quyết định hết mức hưởng. Two people decided on these months when they granted or adjusted them.
    What is suspended, held while facts lack, or gives way to care in an institution stays for whoever decides on that; so does what a
    new law changes that is reckoned and not written yet.

    Raises:
        ExceptionGroup: Some could not be ended, each logged; the others have ended.

    Legal source:
        20/2021/NĐ-CP, Điều 8 khoản 2 (end from the month after).
    """
    on = local_day(now)
    ended: list[int] = []

    def end(pk: int) -> None:
        if _end(pk, on=on, now=now):
            ended.append(pk)

    each_apart(end, list(_running_out(on).order_by("pk").values_list("pk", flat=True)))
    return len(ended)


@transaction.atomic
def _end(pk: int, *, on: date, now: datetime) -> bool:
    row = locked_at_any_time(pk)
    last = last_month_due(row, since=on, on=on)
    if last is None or not _running_out(on).filter(pk=pk).exists():  # somebody decided on it meanwhile
        return False
    stop(row, last_month=last, reason=_reason(row, last), acting_user_id=None, now=now)
    keep_sheet(_told(row), acting_user=None, now=now)
    return True


def _running_out(on: date) -> QuerySet[Entitlement]:
    rates = EntitlementRate.objects.filter(entitlement=OuterRef("pk"), superseded_at=None)
    later = Q(end_month=None) | Q(end_month__gt=add_months(month_of(on), 1))
    due = rates.filter(later).filter(Q(amount__gt=0) | Q(basis__is_open=True) | Q(basis__suspended=True))
    cared_for = Entitlement.objects.filter(
        person=OuterRef("person"), benefit=Benefit.INSTITUTION, state=EntitlementState.ACTIVE
    )
    rising = LawChangeRow.objects.filter(
        entitlement=OuterRef("pk"), state=LawRowState.LAW, change__state__in=OPEN_STATES
    )
    live = Entitlement.objects.filter(state=EntitlementState.ACTIVE, last_month=None).exclude(benefit__in=NOT_MONTHLY)
    return live.filter(Exists(rates.filter(later)), ~Exists(due), ~Exists(cared_for), ~Exists(rising))


def _told(row: Entitlement) -> Decided:
    return Decided(
        kind=ProposalKind.STOP, is_granted=True, person_id=row.person_id, unit_id=row.unit_id, programme=row.programme,
        benefit=row.benefit, entitlement_ids=[row.pk], reasons=[f"{row.ended_because}."],
        payload={"first_month": str(row.last_month)},
    )  # fmt: skip


def _reason(row: Entitlement, last: date) -> str:
    words = _("Không còn đủ điều kiện hưởng từ tháng %(month)s, theo các tháng đã quyết định") % {
        "month": f"{add_months(last, 1):%m/%Y}"
    }
    return f"{words} (20/2021/NĐ-CP, Điều 8 khoản 2)" if row.programme == Programme.SOCIAL else words
