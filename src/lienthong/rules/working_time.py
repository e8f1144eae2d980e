"""Working days and office hours of an agency: an immutable, dated calendar that can say why a day does not count.

A calendar does not know deadlines. It answers for the days it knows and refuses for others, because a day silently taken
for an ordinary one would promise a date during Tết.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from types import MappingProxyType

import holidays

from lienthong.kernel.days import Span, format_day, local_moment
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.rules.parameters import PARAMETERS_FOLDER, load_parameter, load_yaml

Period = tuple[time, time]
Hours = tuple[Period, ...]
Moments = tuple[tuple[datetime, datetime], ...]

_NOON = time(12)
_ONE_DAY = timedelta(days=1)
_WEEKEND = "cuối tuần"
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class DayKind(StrEnum):
    """What a day is that differs from its weekday.

    Loại ngày: nghỉ, làm việc, chỉ buổi sáng, chỉ buổi chiều, chỉ tiếp nhận.
    """

    OFF = "off"
    WORKING = "working"
    MORNING_ONLY = "morning_only"
    AFTERNOON_ONLY = "afternoon_only"
    RECEPTION_ONLY = "reception_only"  # papers are received, no time limit runs


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A day that differs from its weekday, why, and on which paper.

    Ngày nghỉ, ngày làm bù, ngày làm nửa buổi.
    """

    kind: DayKind
    reason: str
    reference: LegalReference | None = None
    confidence: Confidence | None = None


class OutsideCalendar(LookupError):
    """The calendar does not reach the day; the message says how far it reaches."""


class UnreadableHours(ValueError):
    """The office hours cannot be read or overlap; the message says what to type."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening periods for each weekday, Monday first; an empty one means closed.

    Giờ làm việc.
    """

    by_weekday: tuple[Hours, ...]

    def __post_init__(self) -> None:
        if len(self.by_weekday) != 7:
            raise UnreadableHours("Giờ làm việc phải nêu đủ bảy ngày trong tuần, bắt đầu từ thứ Hai.")
        for hours in self.by_weekday:
            edges = [edge for period in hours for edge in period]
            if any(later <= earlier for earlier, later in pairwise(edges)):
                raise UnreadableHours("Giờ đóng cửa phải sau giờ mở cửa, các buổi không được chồng nhau.")
        if not any(self.by_weekday):
            raise UnreadableHours("Giờ làm việc phải có ít nhất một ngày mở cửa.")

    @classmethod
    def parse(cls, text: str, *, weekdays: Iterable[int] = range(5)) -> OfficeHours:
        """Read hours that are the same on several weekdays.

        Args:
            text: Periods such as ``07:30-11:30,13:30-17:00``.
            weekdays: Days on which they hold; Monday is 0.

        Raises:
            UnreadableHours: Not such periods; worded in Vietnamese.
        """
        hours = tuple(_read_period(part) for part in text.split(","))
        days = set(weekdays)
        return cls(tuple(hours if weekday in days else () for weekday in range(7)))

    @property
    def of_make_up_day(self) -> Hours:
        """Hours of a day worked although its weekday is closed: those of the first weekday that is open."""
        return next(hours for hours in self.by_weekday if hours)


def _read_period(text: str) -> Period:
    match = _HOURS.fullmatch(text.strip())
    try:
        if match:
            return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        pass
    raise UnreadableHours(f"Giờ làm việc “{text.strip()}” không đọc được. Hãy nhập như 07:30-11:30,13:30-17:00.")


@dataclass(frozen=True)
class WorkCalendar:
    """The working time of one agency: exceptional days over dated office hours.

    Lịch làm việc.

    Two calendars are equal when all they hold is equal; the hash is that of ``version``, which whoever stores calendars
    changes with every edit.

    Args:
        version: Name of this state of the calendar, kept with every deadline computed from it.
        days: The days that differ from their weekday.
        hours: Office hours with the span in which they hold, in order and without gaps over ``known``.
        known: The days for which the calendar answers.
        announced_until: First day for which no official notice exists yet, so that what follows is computed from the
            law alone; None when all is announced.
    """

    version: str
    days: Mapping[date, ExceptionalDay]
    hours: tuple[tuple[Span, OfficeHours], ...]
    known: Span
    announced_until: date | None = None
    _periods: dict[date, Moments] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        reached: date | None = self.known.valid_from
        for span, _ in self.hours:
            if reached is None or span.valid_from > reached:
                break
            reached = span.valid_until
        if reached is not None and (self.known.valid_until is None or reached < self.known.valid_until):
            raise UnreadableHours(f"Lịch {self.version} thiếu giờ làm việc từ {format_day(reached)}.")

    def __hash__(self) -> int:
        return hash(self.version)

    def is_working_day(self, day: date) -> bool:
        """Say whether time limits count the day; a half day counts as a day.

        Raises:
            OutsideCalendar: The calendar does not know the day.
        """
        return bool(self.periods_on(day))

    def receives_on(self, day: date) -> bool:
        """Say whether papers are received on the day, be it a working day or open for reception only."""
        return bool(self.reception_periods_on(day))

    def periods_on(self, day: date) -> Moments:
        """Give the opening and closing moments between which working time runs; none on a day that does not count.

        Raises:
            OutsideCalendar: The calendar does not know the day.
        """
        if (known := self._periods.get(day)) is not None:
            return known
        kind = self._kind_of(day)
        periods = () if kind is DayKind.RECEPTION_ONLY else self._open_on(day, kind)
        self._periods[day] = periods
        return periods

    def reception_periods_on(self, day: date) -> Moments:
        """Give the opening and closing moments between which papers are received.

        Raises:
            OutsideCalendar: The calendar does not know the day.
        """
        return self._open_on(day, self._kind_of(day))

    def opening_at(self, day: date) -> datetime:
        """Give the moment a working day begins.

        Raises:
            ValueError: Not a working day.
        """
        return self._periods_of_working_day(day)[0][0]

    def closing_at(self, day: date) -> datetime:
        """Give the moment a working day ends: when what is due that day is due.

        Raises:
            ValueError: Not a working day.
        """
        return self._periods_of_working_day(day)[-1][1]

    def next_working_day(self, day: date) -> date:
        """Give the first working day after a day.

        Raises:
            OutsideCalendar: The calendar ends before there is one.
        """
        following = day + _ONE_DAY
        while not self.is_working_day(following):
            following += _ONE_DAY
        return following

    def reason_for(self, day: date) -> str:
        """Say why a day differs ("nghỉ Quốc khánh", "cuối tuần", "làm bù …"); empty for an ordinary working day."""
        if exceptional := self.days.get(day):
            return exceptional.reason
        if self.is_working_day(day):
            return ""
        return _WEEKEND if day.weekday() >= 5 else "ngày không làm việc"

    def with_days(self, days: Mapping[date, ExceptionalDay], *, version: str) -> WorkCalendar:
        """Give a calendar in which these days are added or replaced, as an agency or a storm needs."""
        return replace(self, days={**self.days, **days}, version=version)

    def with_hours(self, hours: OfficeHours, *, version: str) -> WorkCalendar:
        """Give a calendar with the same days and other office hours for its whole span."""
        return replace(self, hours=((self.known, hours),), version=version)

    def _periods_of_working_day(self, day: date) -> Moments:
        if periods := self.periods_on(day):
            return periods
        raise ValueError(f"{format_day(day)} không phải ngày làm việc ({self.reason_for(day)}).")

    def _kind_of(self, day: date) -> DayKind | None:
        if not self.known.contains(day):
            raise OutsideCalendar(
                f"Lịch làm việc {self.version} chỉ có {self.known}, không có ngày {format_day(day)}. "
                "Hãy kiểm tra lại ngày hoặc bổ sung lịch."
            )
        exceptional = self.days.get(day)
        return exceptional.kind if exceptional else None

    def _open_on(self, day: date, kind: DayKind | None) -> Moments:
        if kind is DayKind.OFF:
            return ()
        office = next(hours for span, hours in self.hours if span.contains(day))
        hours = office.by_weekday[day.weekday()]
        if kind is not None and not hours:
            hours = office.of_make_up_day
        if kind is DayKind.MORNING_ONLY:
            hours = tuple((opens, min(closes, _NOON)) for opens, closes in hours if opens < _NOON)
        elif kind is DayKind.AFTERNOON_ONLY:
            hours = tuple((max(opens, _NOON), closes) for opens, closes in hours if closes > _NOON)
        return tuple((local_moment(day, opens), local_moment(day, closes)) for opens, closes in hours)


@dataclass(frozen=True, slots=True)
class OfficialDays:
    """The official table of days off and days worked, complete for its span.

    Ngày nghỉ lễ, tết, nghỉ bù, hoán đổi và làm bù.
    """

    complete: Span
    days: Mapping[date, ExceptionalDay]


@cache
def official_days() -> OfficialDays:
    """Read the official table.

    Legal source:
        45/2019/QH14, Điều 111 khoản 3, Điều 112; 28/2026/QH16, Điều 2; the yearly notices named in the table.
    """
    content = load_yaml(PARAMETERS_FOLDER / "working_time" / "official_days.yaml")
    days = {
        day: ExceptionalDay(
            DayKind(entry["kind"]),
            entry["reason"],
            LegalReference.parse(entry["reference"]),
            Confidence(entry["confidence"]),
        )
        for day, entry in content["days"].items()
    }
    return OfficialDays(Span(content["complete_from"], content["complete_until"]), MappingProxyType(days))


@cache
def _default_office_hours() -> tuple[tuple[Span, OfficeHours], ...]:
    """Read the dated office hours where an agency has none of its own."""
    values = load_parameter("working_time/office_hours").values
    ends = [*(value.applied_from for value in values[1:]), None]
    return tuple(
        (Span(value.applied_from, end), OfficeHours.parse(str(value.value)))
        for value, end in zip(values, ends, strict=True)
    )


_LAW = LegalReference(document="45/2019/QH14", article="112")


def _computed_days(year: int) -> dict[date, ExceptionalDay]:
    """Compute the days of one year from the law, where no official table exists."""
    vietnam = holidays.country_holidays("VN", years=year, language="vi")
    days = {
        day: ExceptionalDay(DayKind.OFF, f"nghỉ {name}", _LAW, Confidence.SECONDARY)
        for day, name in vietnam.items()
        if day.year == year
    }
    for day in vietnam.weekend_workdays:
        if day.year == year:
            days[day] = ExceptionalDay(DayKind.WORKING, "làm bù", _LAW, Confidence.SECONDARY)
    return days


@cache
def _official_calendar(first_year: int, last_year: int, office_hours: OfficeHours | None) -> WorkCalendar:
    official = official_days()
    days: dict[date, ExceptionalDay] = {}
    for year in range(first_year, last_year + 1):
        if not official.complete.contains(date(year, 1, 1)):
            days |= _computed_days(year)
    known = Span(date(first_year, 1, 1), date(last_year + 1, 1, 1))
    days |= {day: exceptional for day, exceptional in official.days.items() if known.contains(day)}
    hours = ((known, office_hours),) if office_hours else _default_office_hours()
    content = repr((sorted(days.items()), hours)).encode()
    return WorkCalendar(
        version=f"VN-{first_year}-{last_year}-{hashlib.sha256(content).hexdigest()[:8]}",
        days=days,
        hours=hours,
        known=known,
        announced_until=official.complete.valid_until,
    )


def official_calendar(
    *, years: Iterable[int] = range(2016, 2041), office_hours: OfficeHours | None = None
) -> WorkCalendar:
    """Build the calendar of a public office with the official days off.

    For the years of the official table it alone decides; before and after it the days are computed from the law, and
    those after it are provisional until the yearly notice.

    Args:
        years: Years the calendar answers for; those between the first and the last are included.
        office_hours: The agency's own hours; the default of the province where None.
    """
    wanted = sorted(years)
    return _official_calendar(wanted[0], wanted[-1], office_hours)
