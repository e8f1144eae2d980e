"""Local days and moments, half-open spans of days, and dates of birth that may be partly known.

A day (``date``) is a day in Vietnam; a moment (``datetime``) is always aware. No function reads the clock.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_LOCAL_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})")
_YEAR = re.compile(r"\d{4}")


def local_day(moment: datetime) -> date:
    """Give the day it is in Vietnam at a moment.

    Raises:
        ValueError: The moment is naive, so nobody can say which day it is.
    """
    return local_time(moment).date()


def local_time(moment: datetime) -> datetime:
    """Give the same moment on Vietnamese clocks.

    Raises:
        ValueError: The moment is naive, or beyond the last day of the calendar.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment must carry its time zone.")
    try:
        return moment.astimezone(LOCAL_ZONE)
    except OverflowError:
        raise ValueError(f"Thời điểm {moment.isoformat()} nằm ngoài lịch. Hãy kiểm tra lại năm.") from None


def local_moment(day: date, at: time = time.min) -> datetime:
    """Give the moment at which Vietnamese clocks show a time on a day."""
    return datetime.combine(day, at, LOCAL_ZONE)


def weekday_name(day: date) -> str:
    """Name the day of the week ("thứ Sáu", "Chủ nhật")."""
    return _WEEKDAYS[day.weekday()]


def format_day(day: date) -> str:
    """Write a day as dd/mm/yyyy.

    Examples:
        >>> format_day(date(2026, 11, 27))
        '27/11/2026'
    """
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_moment(moment: datetime) -> str:
    """Write a moment as Vietnamese clocks and calendars show it.

    Examples:
        >>> format_moment(local_moment(date(2026, 11, 27), time(17)))
        '17:00 thứ Sáu 27/11/2026'
    """
    local = local_time(moment)
    return f"{local:%H:%M} {weekday_name(local.date())} {format_day(local.date())}"


def parse_day(text: str) -> date:
    """Read a day as people type it: 27/11/2026, 27.11.2026, 27-11-2026 or 2026-11-27.

    Raises:
        ValueError: Not a day, or a day that does not exist; worded in Vietnamese.
    """
    bare = text.strip()
    if match := _ISO_DAY.fullmatch(bare):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _LOCAL_DAY.fullmatch(bare):
        year, month, day = int(match[4]), int(match[3]), int(match[1])
    else:
        raise ValueError(f"Ngày “{bare}” không đọc được. Hãy nhập theo dạng ngày/tháng/năm, ví dụ 27/11/2026.")
    return _existing_day(year, month, day)


def _existing_day(year: int, month: int, day: int) -> date:
    if not 1 <= year <= 9999:
        raise ValueError(f"Năm {year} không có trong lịch. Hãy kiểm tra lại năm.")
    if not 1 <= month <= 12:
        raise ValueError(f"Không có tháng {month}. Hãy nhập tháng từ 1 đến 12, theo thứ tự ngày/tháng/năm.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"Tháng {month:02d}/{year} chỉ có {last} ngày, không có ngày {day}. Hãy kiểm tra lại ngày.")
    return date(year, month, day)


_IN_EVERY_MONTH = 28


def add_months(day: date, months: int) -> date:
    """Give the same day some months later, or the last day of that month where it has no such day.

    Legal source:
        91/2015/QH13, Điều 148 khoản 3.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month, day.day)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of days: ``valid_from`` belongs to it, ``valid_until`` does not; None means without end.

    Khoảng thời gian hiệu lực.
    """

    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError(
                f"Khoảng thời gian phải kết thúc sau ngày bắt đầu {format_day(self.valid_from)}; "
                f"đang là {format_day(self.valid_until)}."
            )

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to the span: what screens print. None means without end."""
        return None if self.valid_until is None else self.valid_until - timedelta(days=1)

    def contains(self, day: date) -> bool:
        """Say whether a day belongs to the span."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share at least one day."""
        return self.intersection(other) is not None

    def intersection(self, other: Span) -> Span | None:
        """Give the days both spans share, or None."""
        ends = [end for end in (self.valid_until, other.valid_until) if end is not None]
        start, end = max(self.valid_from, other.valid_from), min(ends, default=None)
        return None if end is not None and end <= start else Span(start, end)

    def __str__(self) -> str:
        if self.last_day is None:
            return f"từ {format_day(self.valid_from)}"
        return f"từ {format_day(self.valid_from)} đến hết {format_day(self.last_day)}"


class DatePrecision(StrEnum):
    """How much of a date is known.

    Mức độ chính xác của ngày: ngày, tháng, năm.
    """

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class AgeRange(NamedTuple):
    """The ages in whole years that a partly known date of birth allows; both are equal when it is fully known."""

    lowest: int
    highest: int

    def at_least(self, years: int) -> bool | None:
        """Say whether the age has been reached; None when the date of birth does not tell."""
        if self.lowest >= years:
            return True
        return False if self.highest < years else None


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A date of birth with what is known of it: the day, only the month, or only the year.

    Ngày sinh (có thể chỉ biết tháng hoặc năm).

    ``day`` is the first day of the known month or year, so that equal knowledge compares equal.
    """

    day: date
    precision: DatePrecision = DatePrecision.DAY

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", self.earliest)

    @classmethod
    def parse(cls, text: str) -> BirthDate:
        """Read "1954", "03/1954", "12/03/1954" or their ISO forms.

        Raises:
            ValueError: None of these, or a date that does not exist; worded in Vietnamese.
        """
        bare = text.strip()
        if _YEAR.fullmatch(bare):
            return cls(_existing_day(int(bare), 1, 1), DatePrecision.YEAR)
        if match := _LOCAL_MONTH.fullmatch(bare):
            year, month = int(match[2] or match[3]), int(match[1] or match[4])
            return cls(_existing_day(year, month, 1), DatePrecision.MONTH)
        try:
            return cls(parse_day(bare))
        except ValueError as unreadable:
            if _ISO_DAY.fullmatch(bare) or _LOCAL_DAY.fullmatch(bare):
                raise
            raise ValueError(
                f"Ngày sinh “{bare}” không đọc được. Hãy nhập 12/03/1954; nếu chỉ biết tháng hoặc năm thì 03/1954 hoặc 1954."
            ) from unreadable

    @property
    def year(self) -> int:
        """The year of birth."""
        return self.day.year

    @property
    def earliest(self) -> date:
        """The first day on which the person may have been born."""
        if self.precision is DatePrecision.YEAR:
            return self.day.replace(month=1, day=1)
        return self.day.replace(day=1) if self.precision is DatePrecision.MONTH else self.day

    @property
    def latest(self) -> date:
        """The last day on which the person may have been born."""
        if self.precision is DatePrecision.YEAR:
            return self.day.replace(month=12, day=31)
        if self.precision is DatePrecision.MONTH:
            return self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])
        return self.day

    def age_on(self, day: date) -> AgeRange:
        """Give the age in whole years on a day, as the range that the known part allows.

        Born on 29 February, a person reaches an age on 28 February of a year without one, by the rule of the
        Civil Code on a month that lacks the day.

        Raises:
            ValueError: The day lies before the birth.

        Examples:
            >>> BirthDate.parse("1954").age_on(date(2024, 6, 1))
            AgeRange(lowest=69, highest=70)
        """
        if day < self.earliest:
            raise ValueError(f"Ngày {format_day(day)} trước ngày sinh {self}.")
        return AgeRange(max(0, _whole_years(self.latest, day)), _whole_years(self.earliest, day))

    def __str__(self) -> str:
        if self.precision is DatePrecision.YEAR:
            return f"{self.day.year:04d}"
        if self.precision is DatePrecision.MONTH:
            return f"{self.day.month:02d}/{self.day.year:04d}"
        return format_day(self.day)


def _whole_years(born: date, day: date) -> int:
    years = day.year - born.year
    return years if add_months(born, 12 * years) <= day else years - 1
