"""How a clerk writes a date of birth: which day, and in which of the many ways."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import numpy as np

from lienthong.ops.invented.dirt import Rates
from lienthong.ops.invented.households import THIS_YEAR
from lienthong.ops.invented.vocabulary import Flags, Whole

Day = tuple[int, int, int]
Slip = Callable[[int, int, int, Random], Day]

MOST = 0.6
FIRST_SPREADSHEET_YEAR = 1910
SPREADSHEET_BEGINS = date(1899, 12, 30)
_LOOKS_LIKE = {"1": "7", "7": "1", "3": "8", "8": "3", "5": "6", "6": "5", "0": "6", "9": "4", "4": "9", "2": "7"}


def write_dates(
    rng: np.random.Generator, year: Whole, month: Whole, day: Whole, *, noise: np.ndarray, rates: Rates,
    forced: dict[str, Flags] | None = None,
) -> tuple[list[str | None], list[str]]:  # fmt: skip
    """Write dates of birth as a register has them, and say what is wrong with each.

    Args:
        rng: Where chance comes from.
        year: Right year of each.
        month: Right month, 0 where nobody knows it.
        day: Right day, 0 where nobody knows it.
        noise: By how much the rates are multiplied, for each date.
        rates: Rate of each slip.
        forced: Slips that happen for certain, and to whom.
    """
    codes = list(rates)
    odds = np.stack([np.minimum(rates[code] * noise, MOST) for code in codes], axis=1)
    happens = rng.random((len(year), len(codes))) < odds
    for code, who in (forced or {}).items():
        happens[:, codes.index(code)] |= who
    events: list[list[str]] = [[] for _ in year]
    for row, column in zip(*np.nonzero(happens), strict=True):
        events[row].append(codes[column])
    luck = Random(int(rng.integers(0, 2**62)))
    days = zip(year.tolist(), month.tolist(), day.tolist(), strict=True)
    written = [write_date(one, happened, luck) for one, happened in zip(days, events, strict=True)]
    return [text for text, _wrong in written], [wrong for _text, wrong in written]


def write_date(born: Day, events: list[str], luck: Random) -> tuple[str | None, str]:
    """Write one date with the slips that happen, and return the code of that which changed it."""
    year, month, day = born
    if "d_miss" in events and month:
        return None, "d_miss"
    if not month or "d_year" in events:
        if not month and luck.random() < 0.5:
            return f"01/01/{year}", "d_jan"
        return (f"{year}" if not month or luck.random() < 0.75 else f"00/00/{year}"), "d_year"
    if "d_jan" in events and (month, day) != (1, 1):
        return f"01/01/{year}", "d_jan"
    wrong = ""
    for code, slip in SLIPS:
        changed = slip(year, month, day, luck) if code in events else born
        if changed != born:
            (year, month, day), wrong = changed, code
            break
    return _in_figures(year, month, day, events, luck), wrong


def _in_figures(year: int, month: int, day: int, events: list[str], luck: Random) -> str:
    if "d_serial" in events and year > FIRST_SPREADSHEET_YEAR and _is_day(year, month, day):
        return str((date(year, month, day) - SPREADSHEET_BEGINS).days)
    if "d_yy" in events:
        return f"{day}/{month}/{year % 100:02d}"
    text = _in_some_manner(year, month, day, luck.random())
    if "d_misread" in events:
        place = luck.choice([place for place, sign in enumerate(text) if sign in _LOOKS_LIKE])
        return text[:place] + _LOOKS_LIKE[text[place]] + text[place + 1 :]
    return text


def _in_some_manner(year: int, month: int, day: int, chance: float) -> str:
    if chance < 0.82:
        return f"{day:02d}/{month:02d}/{year}"
    if chance < 0.90:
        return f"{day}/{month}/{year}"
    if chance < 0.94:
        return f"{year}-{month:02d}-{day:02d}"
    return f"{day:02d}-{month:02d}-{year}" if chance < 0.97 else f"{day:02d}.{month:02d}.{year}"


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _swapped(year: int, month: int, day: int, _luck: Random) -> Day:
    return (year, day, month) if day <= 12 else (year, month, day)


def _lunar(year: int, month: int, day: int, luck: Random) -> Day:
    """Give the day of the lunar calendar, which falls some weeks earlier and has at most thirty days a month."""
    moved = date(year, month, day) - timedelta(days=luck.randrange(20, 50))
    return moved.year, moved.month, min(moved.day, 30)


def _a_year_off(year: int, month: int, day: int, luck: Random) -> Day:
    return year + luck.choice((1, -1)), month, day


def _a_day_off(year: int, month: int, day: int, luck: Random) -> Day:
    moved = date(year, month, day) + timedelta(days=luck.choice((1, -1)))
    return moved.year, moved.month, moved.day


def _another_day(year: int, month: int, day: int, luck: Random) -> Day:
    tens, ones = divmod(day, 10)
    near = (ones, ones + 10, ones + 20, tens * 10 + luck.randrange(10), tens + ones * 10)
    return year, month, luck.choice([number for number in near if 1 <= number <= 31] or [day])


def _another_month(year: int, _month: int, day: int, luck: Random) -> Day:
    return year, luck.randrange(1, 13), day


def _another_digit(year: int, month: int, day: int, luck: Random) -> Day:
    text = str(year)
    place = luck.randrange(2, 4)
    swapped = text[:2] + text[3] + text[2]
    other = text[:place] + str(luck.randrange(10)) + text[place + 1 :] if luck.random() < 0.6 else swapped
    return (int(other), month, day) if int(other) <= THIS_YEAR else (year, month, day)


# One of them at most; the first that changes the day.
SLIPS: tuple[tuple[str, Slip], ...] = (
    ("d_swap", _swapped),
    ("d_lunar", _lunar),
    ("d_year1", _a_year_off),
    ("d_day1", _a_day_off),
    ("d_daytypo", _another_day),
    ("d_montypo", _another_month),
    ("d_ydig", _another_digit),
)
