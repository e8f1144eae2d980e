"""What a fact that one person prepared and another decided does to what somebody receives: adjusted, and ended where nothing is due."""

from __future__ import annotations

from datetime import date, datetime

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.services.changing import adjust, stop
from lienthong.assistance.states import EntitlementState, Programme
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of


def settle(
    person_id: int, *, since: date, reason: str, acting_user_id: int, now: datetime
) -> list[Entitlement]:  # fmt: skip
    """Compute what a person receives anew since a day, and end what the rules give no more for certain.

    Điều chỉnh, thôi hưởng theo sự việc đã được quyết định. Runs inside the transaction of an approval: two people have seen the
    fact. What unknown facts leave open goes on as it was, and what is suspended stays for whoever decides on that.

    Args:
        person_id: Of the person.
        since: The day of the fact.
        reason: Which decision; every change names it.
        acting_user_id: Who approves.
        now: The moment.

    Returns:
        What has ended.

    Legal source:
        20/2021/NĐ-CP, Điều 8 khoản 1 điểm đ (adjustment), khoản 2 (end).
    """
    adjust(person_id, from_month=since, reason=reason, acting_user_id=acting_user_id, now=now)
    active = Entitlement.objects.filter(person_id=person_id, programme=Programme.SOCIAL, state=EntitlementState.ACTIVE)
    ended = []
    for row in active.select_for_update().order_by("pk"):
        last = last_month_due(row, since=since, on=local_day(now))
        if last is not None:
            stop(row, last_month=last, reason=reason, acting_user_id=acting_user_id, now=now)
            ended.append(row)
    return ended


def last_month_due(row: Entitlement, *, since: date, on: date) -> date | None:
    """Return the last month of which something is due; None while something is, will be, or may be."""
    rates = list(EntitlementRate.objects.filter(entitlement=row, superseded_at=None).order_by("first_month"))
    due = [rate for rate in rates if rate.amount or rate.basis.get("is_open")]
    after = max(month_of(since), month_of(on))
    if not rates or any(rate.end_month is None or rate.end_month > add_months(after, 1) for rate in due):
        return None
    ends = [rate.end_month for rate in due if rate.end_month is not None]
    return add_months(max(ends), -1) if ends else add_months(row.first_month, -1)
