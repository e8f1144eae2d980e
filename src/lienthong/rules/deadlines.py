"""Exact legal deadlines: due moments, pauses, time left, timeliness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lienthong.rules.working_time import WorkCalendar


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Allowance:
    amount: int
    unit: Unit

    @property
    def in_words(self) -> str: raise NotImplementedError


class PauseRule(StrEnum):
    RESUME = "resume"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Pause:
    start: datetime
    end: datetime | None = None
    rule: PauseRule = PauseRule.RESUME


@dataclass(frozen=True, slots=True)
class TraceLine:
    text: str
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Remaining:
    parts: tuple[Allowance, ...]
    working_time: timedelta = timedelta(0)

    @property
    def in_words(self) -> str: raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Due:
    due_at: datetime | None      # aware, +07:00; None while a pause is open
    trace: tuple[TraceLine, ...]
    remaining: Remaining | None = None


@dataclass(frozen=True, slots=True)
class TimeLeft:
    is_late: bool
    working_days: int
    working_time: timedelta
    calendar_days_late: int

    def in_words(self) -> str: raise NotImplementedError


class Timeliness(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    WITHOUT_DEADLINE = "without_deadline"


def due_at(*, start: datetime, allowance: Allowance | Sequence[Allowance], calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> Due: raise NotImplementedError
def hand_over_due(received_at: datetime, calendar: WorkCalendar) -> datetime: raise NotImplementedError
def time_left(now: datetime, due: datetime, calendar: WorkCalendar) -> TimeLeft: raise NotImplementedError
def classify(finished_at: datetime, promised_due: datetime | None) -> Timeliness: raise NotImplementedError
