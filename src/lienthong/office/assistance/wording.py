"""Words that the screens of assistance share: months, tones, people in a line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from lienthong.assistance.states import EntitlementState, ProposalState
from lienthong.kernel.days import BirthDate, DatePrecision, add_months, format_day

STATE_TONES = {
    EntitlementState.ACTIVE: "done", EntitlementState.SUSPENDED: "soon", EntitlementState.ENDED: "ended",
}  # fmt: skip
PROPOSAL_TONES = {
    ProposalState.PENDING: "wait", ProposalState.APPROVED: "done", ProposalState.REFUSED: "refused",
    ProposalState.WITHDRAWN: "ended",
}  # fmt: skip


def month_words(month: date) -> str:
    """Write a month: 11/2026."""
    return f"{month:%m/%Y}"


def this_month(day: date) -> date:
    """Return the month of a day as its first day."""
    return day.replace(day=1)


def months_span(first: date, last: date | None) -> str:
    """Write the months from one to another, both paid."""
    if last is None:
        return _("từ tháng %(month)s") % {"month": month_words(first)}
    if last == first:
        return _("tháng %(month)s") % {"month": month_words(first)}
    return _("từ tháng %(first)s đến hết tháng %(last)s") % {"first": month_words(first), "last": month_words(last)}


def last_month_before(end: date | None) -> date | None:
    """Return the last month of a half-open span."""
    return add_months(end, -1) if end else None


def days_span(first: date, until: date | None) -> str:
    """Write half-open days as people do, with the last day that counts."""
    if until is None:
        return _("từ %(day)s") % {"day": format_day(first)}
    words = {"first": format_day(first), "last": format_day(until - timedelta(days=1))}
    return _("từ %(first)s đến hết %(last)s") % words


def birth_words(person: Any) -> str:
    """Write a date of birth as far as it is known; empty where it is not."""
    if person.birth_on is None:
        return ""
    return str(BirthDate(person.birth_on, DatePrecision(person.birth_precision)))


def until_of(last_day: date | None) -> date | None:
    """Return the first day after a last day that was typed."""
    return last_day + timedelta(days=1) if last_day else None
