"""Dates of birth as registers hold them, read into year and month-day.

Half of what differs between two dates of birth is habit: the year alone, 1 January for an unknown day, day and month
swapped, two digits of the year, a spreadsheet's serial number.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.hashing import distinct

UNKNOWN_YEAR = -1
FIRST_OF_JANUARY = 101
_OLDEST, _YOUNGEST = 1880, 2099
_SERIAL_ZERO = date(1899, 12, 30)
_USUAL = r"^(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})$"
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[/\-. ]\s*([0-9]{1,2})\s*[/\-. ]\s*([0-9]{4}|[0-9]{2})(?:\s.*)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/\-.]([0-9]{1,2})[/\-.]([0-9]{1,2})(?:[t\s].*)?")
_IN_WORDS = re.compile(r"ngày\s*([0-9]{1,2})\s*tháng\s*([0-9]{1,2})\s*năm\s*([0-9]{4})")
_MONTH_AND_YEAR = re.compile(r"(?:tháng\s*)?([0-9]{1,2})\s*(?:[/\-.]|năm)\s*([0-9]{4})")
_YEAR_WITHIN = re.compile(r"(?<![0-9])((?:18|19|20)[0-9]{2})(?![0-9])")
_EIGHT_DIGITS, _SERIAL_DIGITS = 8, range(3, 6)


class BirthDates(NamedTuple):
    """Dates of birth as columns.

    Attributes:
        year: Year; -1 where none can be read.
        month_day: Month times 100 plus day; 0 where unknown.
        is_year_short: Whether the year was written with two digits, so that its century is a guess.
    """

    year: npt.NDArray[np.int32]
    month_day: npt.NDArray[np.int32]
    is_year_short: npt.NDArray[np.bool_]


def read_birth_dates(column: pl.Series, *, newest_year: int, any_year: bool = False) -> BirthDates:
    """Read dates of birth.

    Args:
        column: Texts as typed.
        newest_year: The newest year of birth that occurs, which says the century of a year of two digits.
        any_year: Whether a year in which nobody lives now is kept: with the day and the month it is a year that was
            mistyped, as 7023 for 2023, and can be compared as one.
    """
    codes, texts = distinct(column)
    # Most are written day/month/year in full; the rest is read one by one.
    usual = texts.str.extract_groups(_USUAL).struct.unnest().cast(pl.Int32)
    day, month, year = (usual[name].fill_null(0).to_numpy() for name in usual.columns)
    read = np.stack([year, month * 100 + day, np.zeros_like(year)], axis=1)
    whole = (year >= _OLDEST) & (year <= _YOUNGEST) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    others = np.flatnonzero(~whole)
    read[others] = np.array([_read(text, newest_year) for text in texts.gather(others).to_list()], np.int32).reshape(
        -1, 3
    )
    if not any_year:
        read[(read[:, 0] < _OLDEST) | (read[:, 0] > _YOUNGEST)] = UNKNOWN_YEAR, 0, 0
    rows = read[codes]
    return BirthDates(rows[:, 0], rows[:, 1], rows[:, 2].astype(np.bool_))


def read_compact_dates(column: pl.Series) -> BirthDates:
    """Read dates of the population, eight digits YYYYMMDD with 0000 for an unknown day; other forms are read one by one."""
    numbers = column.cast(pl.Int32, strict=False).fill_null(0).to_numpy()
    year, month_day = numbers // 10000, numbers % 10000
    compact = (year >= _OLDEST) & (year <= _YOUNGEST) & (month_day // 100 <= 12) & (month_day % 100 <= 31)
    dates = BirthDates(
        np.where(compact, year, UNKNOWN_YEAR), np.where(compact, month_day, 0), np.zeros(len(column), bool)
    )
    rest = np.flatnonzero(~compact)
    if len(rest):
        others = read_birth_dates(column.gather(rest), newest_year=int(year[compact].max(initial=_OLDEST)) or _YOUNGEST)
        for whole, part in zip(dates, others, strict=True):
            whole[rest] = part
    return dates


def _read(text: str, newest_year: int) -> tuple[int, int, int]:
    text = text.strip().strip("'").lower()
    if not text:
        return UNKNOWN_YEAR, 0, 0
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        is_short = len(match[3]) == 2
        if is_short:
            year += 2000 if 2000 + year <= newest_year else 1900
        if month > 12 >= day:
            day, month = month, day
        return _checked(year, month, day, is_short)
    if match := _YEAR_FIRST.fullmatch(text) or None:
        return _checked(int(match[1]), int(match[2]), int(match[3]))
    text = text.removesuffix(".0")
    if text.isascii() and text.isdigit():
        return _read_digits(text)
    if match := _IN_WORDS.search(text):
        return _checked(int(match[3]), int(match[2]), int(match[1]))
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return _checked(int(match[2]), 0, 0)
    if match := _YEAR_WITHIN.search(text):
        return _checked(int(match[1]), 0, 0)
    return UNKNOWN_YEAR, 0, 0


def _read_digits(text: str) -> tuple[int, int, int]:
    if len(text) == _EIGHT_DIGITS:
        if _OLDEST <= int(text[4:]) <= _YOUNGEST and int(text[2:4]) <= 12:
            return _checked(int(text[4:]), int(text[2:4]), int(text[:2]))
        return _checked(int(text[:4]), int(text[4:6]), int(text[6:]))
    if len(text) == 4 and _OLDEST <= int(text) <= _YOUNGEST:
        return int(text), 0, 0
    if len(text) in _SERIAL_DIGITS and not text.startswith("0"):
        day = _SERIAL_ZERO + timedelta(days=int(text))
        return day.year, day.month * 100 + day.day, 0
    return UNKNOWN_YEAR, 0, 0


def _checked(year: int, month: int, day: int, is_short: bool = False) -> tuple[int, int, int]:
    known = 1 <= month <= 12 and 1 <= day <= 31
    if not (_OLDEST <= year <= _YOUNGEST or (known and year >= 1000)):
        return UNKNOWN_YEAR, 0, 0
    return year, month * 100 + day if known else 0, int(is_short)
