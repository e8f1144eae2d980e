"""Working days and office hours of an agency: immutable, dated, printable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from lienthong.kernel.days import Span


class DayKind(StrEnum):
    OFF = "off"
    WORKING = "working"
    MORNING_ONLY = "morning_only"
    AFTERNOON_ONLY = "afternoon_only"
    RECEPTION_ONLY = "reception_only"


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    kind: DayKind
    reason: str


class OutsideCalendar(LookupError):
    """The calendar does not reach the day; the message says how far it reaches and what to add."""


Hours = tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    by_weekday: tuple[Hours, ...]   # seven, Monday first; () = closed

    @classmethod
    def parse(cls, text: str) -> OfficeHours: raise NotImplementedError   # "07:30-11:30,13:30-17:00" Monday to Friday


@dataclass(frozen=True)
class WorkCalendar:
    version: str
    days: Mapping[date, ExceptionalDay]
    hours: tuple[tuple[Span, OfficeHours], ...]
    known: Span
    provisional_from: date | None = None

    def is_working_day(self, day: date) -> bool: raise NotImplementedError
    def receives_on(self, day: date) -> bool: raise NotImplementedError
    def periods_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]: raise NotImplementedError
    def reception_periods_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]: raise NotImplementedError
    def opening_at(self, day: date) -> datetime: raise NotImplementedError
    def closing_at(self, day: date) -> datetime: raise NotImplementedError
    def next_working_day(self, day: date) -> date: raise NotImplementedError   # strictly after
    def reason_for(self, day: date) -> str: raise NotImplementedError
    def with_days(self, days: Mapping[date, ExceptionalDay], *, version: str) -> WorkCalendar: raise NotImplementedError
    def with_hours(self, hours: OfficeHours, *, version: str) -> WorkCalendar: raise NotImplementedError


def official_calendar(*, years: Iterable[int] = range(2018, 2036), office_hours: OfficeHours | None = None) -> WorkCalendar: raise NotImplementedError
