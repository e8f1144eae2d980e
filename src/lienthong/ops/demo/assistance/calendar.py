"""On which days the demo prepares, signs, sends and settles what is paid in a month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lienthong.kernel.days import add_months, local_moment
from lienthong.ops.demo.assistance.timeline import FIRST_MONTH

# Lists and money are handed over before the 25th of the month before (20/2021/NĐ-CP, Điều 34).
BEGINS_ON, BOOKED_FROM, SETTLED_BY = 15, 3, 13


@dataclass(frozen=True, slots=True)
class RunDays:
    """The days of one month's payments.

    Attributes:
        month: Its first day.
        is_last: Whether it is the newest, which waits for its check.
    """

    month: date
    prepared: datetime
    checked: datetime
    approved: datetime
    released: datetime
    booked: date
    answered: datetime
    settled: datetime
    is_last: bool = False


def months_of(today: date) -> Iterator[RunDays]:
    """Yield every month from the first that was paid to the one after today's; the last was prepared just now.

    Nothing was answered later than the day before that, also where banks usually answer later in the month.
    """
    month, last = FIRST_MONTH, add_months(today.replace(day=1), 1)
    latest = weekday_before(weekday_before(today))
    while month < last:
        yield days_of(month, latest=latest)
        month = add_months(month, 1)
    prepared = local_moment(weekday_before(today), time(9, 5))
    usual = days_of(last)
    yield RunDays(
        last, min(prepared, max(usual.prepared, prepared)), usual.checked, usual.approved, usual.released, usual.booked,
        usual.answered, usual.settled, is_last=True,
    )  # fmt: skip


def days_of(month: date, *, latest: date = date.max) -> RunDays:
    """Return the usual days of a month, those of its answers not after the latest day."""
    first = weekday_from(add_months(month, -1).replace(day=BEGINS_ON))
    second = weekday_from(first + timedelta(days=1))
    third = weekday_from(second + timedelta(days=1))
    fourth = weekday_from(third + timedelta(days=1))
    booked = weekday_from(month.replace(day=BOOKED_FROM))
    answered = min(weekday_from(booked + timedelta(days=1)), latest)
    settled = min(weekday_before(month.replace(day=SETTLED_BY + 1)), latest)
    return RunDays(
        month, local_moment(first, time(9, 5)), local_moment(second, time(10, 20)), local_moment(third, time(14, 45)),
        local_moment(fourth, time(8, 40)), min(booked, latest), local_moment(answered, time(9, 15)), local_moment(settled, time(15, 30)),
    )  # fmt: skip


def weekday_from(day: date) -> date:
    """Return the day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def weekday_before(day: date) -> date:
    """Return the last weekday before a day."""
    before = day - timedelta(days=1)
    return before - timedelta(days=max(0, before.weekday() - 4))
