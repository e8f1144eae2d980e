"""Whether the house was paying for a child without care when it turned sixteen: what a student's allowance follows from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from lienthong.kernel.days import add_months
from lienthong.rules.parameters import load_parameter
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.timing import month_of

AS_CHILD: Final = AssistanceCategory.CHILD_WITHOUT_CARE
AS_STUDENT: Final = AssistanceCategory.STUDENT_WITHOUT_CARE


class PaidMonths(NamedTuple):
    """For which categories something was paid over some months, half-open."""

    codes: frozenset[str]
    first_month: date
    end_month: date | None


def was_paid_at_sixteen(earliest: date, latest: date, paid: Iterable[PaidMonths]) -> bool:
    """Tell whether the allowance of a child without care was paid for the month in which it turned sixteen.

    Đang hưởng trợ cấp mà đủ 16 tuổi. Who had ceased to receive before does not begin again as a student. Where the month of
    birth is not known, all months that it may be are asked for.

    Args:
        earliest: The first day on which the child may have been born.
        latest: The last one.
        paid: What the house paid, more than nothing.

    Legal source:
        20/2021/NĐ-CP, Điều 5 khoản 2.
    """
    rates = list(paid)
    years = int(load_parameter("social_assistance/ages:child_below").values[0].value)
    month, last = (month_of(add_months(day, 12 * years)) for day in (earliest, latest))
    while month <= last:
        now, before = _codes(rates, month), _codes(rates, add_months(month, -1))
        if not (AS_CHILD in now or (AS_STUDENT in now and AS_CHILD in before)):
            return False
        month = add_months(month, 1)
    return True


def _codes(rates: Iterable[PaidMonths], month: date) -> set[str]:
    covering = (one for one in rates if one.first_month <= month and (one.end_month is None or month < one.end_month))
    return {code for one in covering for code in one.codes}
