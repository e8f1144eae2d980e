"""Reporting periods: months, quarters and years, half-open."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

MONTHS_OF_A_QUARTER = 3
MONTHS_OF_A_YEAR = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole months. Kỳ báo cáo.

    Attributes:
        key: As it stands in an address: ``2026-11``, ``2026-Q4`` or ``2026``.
        label: As people say it.
        first: First day.
        until: Day after the last.
    """

    key: str
    label: str
    first: date
    until: date

    @property
    def before(self) -> "Period":
        """The period of the same length just before this one."""
        months = (self.until.year - self.first.year) * MONTHS_OF_A_YEAR + self.until.month - self.first.month
        return Period("", "", _add_months(self.first, -months), self.first)


def month(year: int, number: int) -> Period:
    """Return a month."""
    first = date(year, number, 1)
    return Period(
        f"{year}-{number:02d}",
        _("Tháng %(month)s/%(year)s") % {"month": number, "year": year},
        first,
        _add_months(first, 1),
    )


def quarter(year: int, number: int) -> Period:
    """Return a quarter."""
    first = date(year, (number - 1) * MONTHS_OF_A_QUARTER + 1, 1)
    return Period(
        f"{year}-Q{number}",
        _("Quý %(quarter)s/%(year)s") % {"quarter": number, "year": year},
        first,
        _add_months(first, MONTHS_OF_A_QUARTER),
    )


def year(number: int) -> Period:
    """Return a year."""
    return Period(str(number), _("Năm %(year)s") % {"year": number}, date(number, 1, 1), date(number + 1, 1, 1))


def period_of(key: str, *, today: date) -> Period:
    """Read a period from an address; anything unreadable or far away is the month of today."""
    return read_period(key) or month(today.year, today.month)


def read_period(key: str) -> Period | None:
    """Read the key of a period; None where it is unreadable or lies outside 2000 to 2100."""
    head, _dash, tail = key.partition("-")
    try:
        if not tail:
            period = year(int(head))
        elif tail.startswith("Q"):
            period = quarter(int(head), int(tail[1:]))
        else:
            period = month(int(head), int(tail))
    except (ValueError, OverflowError):
        return None
    return period if FIRST_YEAR <= period.first.year <= LAST_YEAR else None


def recent_periods(today: date) -> list[Period]:
    """Return the periods to choose from: this month and the five before, this quarter, this year and the last, 2022."""
    months = [_add_months(date(today.year, today.month, 1), -back) for back in range(6)]
    quarter_now = (today.month - 1) // MONTHS_OF_A_QUARTER + 1
    years = [today.year, today.year - 1, 2022]
    return [
        *(month(first.year, first.month) for first in months),
        quarter(today.year, quarter_now),
        *(year(number) for number in dict.fromkeys(years)),
    ]


def _add_months(day: date, months: int) -> date:
    index = day.year * MONTHS_OF_A_YEAR + day.month - 1 + months
    return date(index // MONTHS_OF_A_YEAR, index % MONTHS_OF_A_YEAR + 1, 1)
