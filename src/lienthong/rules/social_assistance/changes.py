"""The days ahead on which a birthday changes what a person is owed, and whom the social pension took over.

Thay đổi sắp tới do đủ tuổi; chuyển sang trợ cấp hưu trí xã hội.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lienthong.kernel.days import BirthDate, DatePrecision, add_months
from lienthong.kernel.logic import Answer, any_of
from lienthong.kernel.money import Dong
from lienthong.rules.parameters import load_parameter
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import FOLDER, AssistanceLaw, ProvincialLevels, law_on
from lienthong.rules.social_assistance.timing import month_of

REPLACED: Final = (AssistanceCategory.ELDERLY_IN_DIFFICULT_AREA, AssistanceCategory.ELDERLY_WITHOUT_PENSION)
"""The allowances that the social pension replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingChange:
    """A birthday, the person's own or a child's, that changes what is owed.

    Thay đổi do đủ tuổi.

    Attributes:
        on: The day; with a date of birth that is only partly known, the first or the last day on which it may fall.
        is_certain: Whether the date of birth is known to the day.
        whose: ``person``, or ``children.2`` of the second child.
        months: The age that is reached, in months.
        before: Đồng a month on the day before; None while unknown.
        after: Đồng a month from the birthday.
        categories: What is paid from the birthday.
        first_month: The first month that is paid otherwise: that of the birthday when the sum changes, and the month after
            when everything is lost.
    """

    on: date
    is_certain: bool
    whose: str
    months: int
    before: Dong | None
    after: Dong | None
    categories: tuple[AssistanceCategory, ...]
    first_month: date


@dataclass(frozen=True, slots=True, order=True)
class _Birthday:
    on: date
    whose: str
    months: int
    is_certain: bool


def coming_changes(
    facts: PersonFacts, *, on: date, until: date, provincial: ProvincialLevels | None = None
) -> tuple[ComingChange, ...]:
    """Find the birthdays ahead that will change what is owed, everything else staying as it is.

    Args:
        facts: Of the person today.
        on: Today; a birthday today is not ahead any more.
        until: The last day to look at.
        provincial: Higher levels of the province beside those that are recorded.

    Returns:
        One change for each day and birthday, earliest first. A change of the law by itself is none.

    Raises:
        NoValueInForce: Something is not recorded for ``on``.
    """
    law = law_on(on, provincial=provincial)
    found = []
    for birthday in sorted(set(_birthdays(facts, law))):
        if not on < birthday.on <= until:
            continue
        of_the_day = law_on(birthday.on, provincial=provincial)
        eve = birthday.on - timedelta(days=1)
        before = assess(facts, on=eve, law=of_the_day)
        after = assess(facts, on=birthday.on, law=of_the_day)
        if _paid(before) != _paid(after):
            found.append(_change(birthday, before, after))
    return tuple(found)


def _birthdays(facts: PersonFacts, law: AssistanceLaw) -> Iterator[_Birthday]:
    for years in law.year_thresholds:
        yield from _birthday(facts.birth_date, "person", 12 * years)
    of_children = {12 * law.age(name) for name in ("child_below", "raised_student_below")}
    for place, child in enumerate(facts.children or (), 1):
        for months in {*of_children, law.age("infant_below_months")}:
            yield from _birthday(child.birth_date, f"children.{place}", months)


def _birthday(birth: BirthDate | None, whose: str, months: int) -> Iterator[_Birthday]:
    if birth is None:
        return
    is_certain = birth.precision is DatePrecision.DAY
    for day in {birth.earliest, birth.latest}:
        yield _Birthday(add_months(day, months), whose, months, is_certain)


def _paid(assessment: Assessment) -> object:
    lines = tuple((line.category, line.amount) for line in assessment.lines)
    return lines, assessment.lowest, assessment.highest


def _change(birthday: _Birthday, before: Assessment, after: Assessment) -> ComingChange:
    month = month_of(birthday.on)
    return ComingChange(
        on=birthday.on,
        is_certain=birthday.is_certain,
        whose=birthday.whose,
        months=birthday.months,
        before=before.amount,
        after=after.amount,
        categories=tuple(line.category for line in after.lines),
        first_month=add_months(month, 1) if before.highest and after.amount == 0 else month,
    )


def was_handed_over(facts: PersonFacts) -> Answer:
    """Say whether the allowance of the elderly that the social pension replaced was paid on its last day.

    Chuyển từ trợ cấp người cao tuổi sang trợ cấp hưu trí xã hội ngày 01/07/2025. Whoever was handed over is taken to have
    asked (``PensionRequest.HANDED_OVER``), by a rule that was not read in the official text.

    Args:
        facts: Of the person on that last day.
    """
    first_day = load_parameter(f"{FOLDER}/social_pension:level").values[0].applied_from
    found = assess(facts, on=first_day - timedelta(days=1))
    results = [found.category(one) for one in REPLACED]
    if found.amount is None:
        return any_of(*(one.holds for one in results))
    return any(one.is_paid for one in results)
