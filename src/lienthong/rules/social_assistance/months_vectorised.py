"""What many persons are owed for a month: the numpy twin of :func:`lienthong.rules.social_assistance.months.monthly_amounts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from lienthong.kernel.days import add_months
from lienthong.rules.social_assistance.categories import BenefitGroup
from lienthong.rules.social_assistance.columns import Numbers, PersonColumns
from lienthong.rules.social_assistance.law import AssistanceLaw, ProvincialLevels, law_on
from lienthong.rules.social_assistance.timing import month_of
from lienthong.rules.social_assistance.vectorised import OUTCOMES, AssessedColumns, assess_columns

ONE_BY_ONE: Final = -1
"""Stands for whoever has to be looked at one by one, because unknown facts could change the amount."""

_UNKNOWN: Final = next(place for place, outcome in enumerate(OUTCOMES) if outcome == "unknown")


def monthly_columns(
    columns: PersonColumns,
    month: date,
    *,
    known_on: date | None = None,
    law: AssistanceLaw | None = None,
    provincial: ProvincialLevels | None = None,
) -> Numbers:
    """Work out what many persons are owed for one month.

    Mức hưởng của một tháng cho nhiều người cùng lúc.

    Args:
        columns: The persons, as they stand in that month.
        month: Any of its days.
        known_on: By the law as it was in force on this day; None: everything recorded.
        law: Other values than those of the month, as of a draft.
        provincial: Higher levels of the province beside those that are recorded.

    Returns:
        For every person what ``monthly_amounts`` says, in đồng; ``ONE_BY_ONE`` where unknown facts could change it.

    Raises:
        NoValueInForce: Something is not recorded for the month; the message names the file and the key to complete.
    """
    return monthly_group_columns(columns, month, known_on=known_on, law=law, provincial=provincial).total


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthColumns:
    """What many persons are owed for a month, by group; in each ``ONE_BY_ONE`` where unknown facts could change the sum."""

    groups: Mapping[BenefitGroup, Numbers]
    total: Numbers


def monthly_group_columns(
    columns: PersonColumns,
    month: date,
    *,
    known_on: date | None = None,
    law: AssistanceLaw | None = None,
    provincial: ProvincialLevels | None = None,
) -> MonthColumns:
    """Work out the same for each group of benefits.

    Args:
        columns: As for :func:`monthly_columns`; so are the others.

    Raises:
        NoValueInForce: Something is not recorded for the month; the message names the file and the key to complete.
    """
    first = month_of(month)
    last = add_months(first, 1) - timedelta(days=1)
    law = law or law_on(last, known_on=known_on, provincial=provincial)
    at_end = assess_columns(columns, on=last, law=law)
    at_start = assess_columns(columns, on=first - timedelta(days=1), law=law)
    is_open = (at_end.outcome == _UNKNOWN) | (at_start.outcome == _UNKNOWN)
    groups = {
        group: np.where(now > 0, now, before)
        for group, now, before in zip(BenefitGroup, _groups(at_end), _groups(at_start), strict=True)
    }
    total = np.zeros(len(columns), dtype=np.int64)
    for one in groups.values():
        total += one
        one[is_open] = ONE_BY_ONE
    total[is_open] = ONE_BY_ONE
    return MonthColumns(groups=groups, total=total)


def _groups(found: AssessedColumns) -> tuple[Numbers, ...]:
    return found.amount + found.single_parent, found.own_support, found.carer
