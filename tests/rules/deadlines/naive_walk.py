"""The deadline rules once more, written as simply as possible: a walk over every minute, or over every day.

Knows nothing of the code it checks but the values that pass in and out: no calendar, no merging, no searching. Everything
is in naive Vietnamese minutes. It is slow on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Period = tuple[int, int]  # minutes since midnight
Stop = tuple[datetime, datetime | None, bool]  # start, end, whether counting starts again

WEEKDAY_HOURS: tuple[Period, ...] = ((7 * 60 + 30, 11 * 60 + 30), (13 * 60 + 30, 17 * 60))


@dataclass
class WallCalendar:
    """Days off, days worked and half days as somebody would mark them on the wall."""

    off: set[date] = field(default_factory=set)
    worked: set[date] = field(default_factory=set)
    mornings: set[date] = field(default_factory=set)
    afternoons: set[date] = field(default_factory=set)

    def hours(self, day: date) -> tuple[Period, ...]:
        if day in self.off:
            return ()
        if day in self.mornings:
            return WEEKDAY_HOURS[:1]
        if day in self.afternoons:
            return WEEKDAY_HOURS[1:]
        return WEEKDAY_HOURS if day.weekday() < 5 or day in self.worked else ()

    def is_open(self, minute: datetime) -> bool:
        clock = minute.hour * 60 + minute.minute
        return any(opens <= clock < closes for opens, closes in self.hours(minute.date()))

    def closing(self, day: date) -> datetime:
        """The last moment of the day: closing time, or midnight."""
        hours = self.hours(day)
        return datetime.combine(day, time(0)) + (hours[-1][1] * MINUTE if hours else DAY)


def is_stopped(minute: datetime, stops: Sequence[Stop]) -> bool:
    return any(start <= minute and (end is None or minute < end) for start, end, _ in stops)


def walk_hours(start: datetime, hours: int, wall: WallCalendar, stops: Sequence[Stop]) -> datetime | None:
    """Look at every minute; a stop that restarts sets the count back to nothing."""
    counted, minute, last = 0, start, start + 120 * DAY
    restarting = [stop for stop in stops if stop[2]]
    while minute < last:
        if is_stopped(minute, restarting):
            counted = 0
        elif wall.is_open(minute) and not is_stopped(minute, stops):
            counted += 1
            if counted == hours * 60:
                return minute + MINUTE
        minute += MINUTE
    return None


def walk_days(start: datetime, amount: int, unit: str, wall: WallCalendar, stops: Sequence[Stop]) -> datetime | None:
    """Look at every day at its last minute; what restarts begins again with the day on which the stop ends."""
    begin = start
    while True:
        due = _walk_days_once(begin, amount, unit, wall, [stop for stop in stops if not stop[2]])
        again = [
            (since, until)
            for since, until, restarts in stops
            if restarts and since != until and (until is None or until > begin) and (due is None or since < due)
        ]
        if not again:
            return due
        _, until = min(again, key=lambda stop: stop[0])
        if until is None:
            return None
        begin = until


def _walk_days_once(
    begin: datetime, amount: int, unit: str, wall: WallCalendar, stops: Sequence[Stop]
) -> datetime | None:
    day, counted, needed = begin.date(), 0, amount
    if unit == "month":
        needed = days_of_months(day, amount)
    while counted < needed:
        day += DAY
        if day > begin.date() + 800 * DAY:
            return None
        counts = bool(wall.hours(day)) or unit != "working_day"
        if counts and not is_stopped(wall.closing(day) - MINUTE, stops):
            counted += 1
    while not wall.hours(day) or wall.closing(day) < begin or is_stopped(wall.closing(day) - MINUTE, stops):
        day += DAY
        if day > begin.date() + 800 * DAY:
            return None
    return wall.closing(day)


def days_of_months(day: date, months: int) -> int:
    """Step through the days until the month is the wanted one and the day has come, or the month is about to end."""
    wanted = (day.year * 12 + day.month + months - 1) % 12 + 1
    passed, walked, seen = day, 0, 0
    while not (seen == months and (passed.day == day.day or (passed + DAY).month != wanted)):
        if (passed + DAY).month != passed.month:
            seen += 1
        passed += DAY
        walked += 1
    return walked
