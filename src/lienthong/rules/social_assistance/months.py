"""What a person is owed month by month, and what is owed in arrears when a law applies from before it was known.

Mức hưởng theo tháng và truy lĩnh. A month is written as its first day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from lienthong.kernel.days import add_months
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.social_assistance.assessing import Assessment, BenefitLine, assess
from lienthong.rules.social_assistance.branches import thresholds
from lienthong.rules.social_assistance.categories import BenefitGroup
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import AssistanceLaw, ProvincialLevels, law_on
from lienthong.rules.social_assistance.timing import Conduct, end_of, month_of

FactsOf = PersonFacts | Callable[[date], PersonFacts]
"""The facts of a person, or how they stand on a day."""


class Assess(Protocol):
    """Assesses facts by the law of a day, as ``assess`` does."""

    def __call__(self, facts: PersonFacts, *, on: date, law: AssistanceLaw) -> Assessment: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthAmount:
    """What is owed for one month.

    Mức hưởng của một tháng.

    Attributes:
        month: Its first day.
        amount: Đồng; None while unknown facts could change it.
        lines: What it consists of; empty while unknown.
        is_last: Whether something is paid only because it was lost in this month and ends from the next.
    """

    month: date
    amount: Dong | None
    lowest: Dong
    highest: Dong
    lines: tuple[BenefitLine, ...]
    is_last: bool
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrearsMonth:
    """The difference between what was paid for a month and what is owed for it.

    Truy lĩnh của một tháng.

    Attributes:
        paid: Đồng by the law as it was known when the month was paid; None while unknown.
        due: Đồng by the law as it is known now.
        difference: Đồng; negative where too much was paid.
        causes: The articles that made the difference.
    """

    month: date
    paid: Dong | None
    due: Dong | None
    difference: Dong | None
    causes: tuple[LegalReference, ...]


def months_between(first: date, last: date) -> Iterator[date]:
    """Yield every month from the one of a day to the one of another."""
    month = month_of(first)
    while month <= last:
        yield month
        month = add_months(month, 1)


def monthly_amounts(
    facts: FactsOf,
    months: Iterable[date],
    *,
    known_on: date | None = None,
    start_month: date | None = None,
    conduct: Conduct | None = None,
    provincial: ProvincialLevels | None = None,
    assessed: Assess = assess,
) -> tuple[MonthAmount, ...]:
    """Work out what is owed for each of some months.

    A birthday that changes a coefficient counts from the month in which it falls. What is lost in a month is paid for that
    month still, and ends from the next; what the law itself ends is not.

    Args:
        facts: Of the person; or a function that says how they stood on a day.
        months: Each by any of its days.
        known_on: By the law as it was in force on this day; None: everything recorded.
        start_month: Nothing is owed before it.
        conduct: What ended the benefit, where something did.
        provincial: Higher levels of the province beside those that are recorded.
        assessed: Assesses facts by the law of a day, for callers who remember what was assessed before.

    Raises:
        NoValueInForce: Something is not recorded for a month; the message names the file and the key to complete.

    Legal source:
        20/2021/NĐ-CP, Điều 8 khoản 1 điểm đ (adjustment), khoản 2 (end).
    """

    def of_month(month: date) -> MonthAmount:
        last = add_months(month, 1) - timedelta(days=1)
        law = law_on(last, known_on=known_on, provincial=provincial)
        end = end_of(conduct, on=last) if conduct else None
        is_outside = (start_month is not None and month < month_of(start_month)) or (
            end is not None and month > end.last_month
        )
        if is_outside:
            return _of_month(month, (), is_last=False, notices=())
        return _from_assessments(facts, month, last, law, assessed)

    return tuple(of_month(month_of(one)) for one in months)


def _from_assessments(facts: FactsOf, month: date, last: date, law: AssistanceLaw, assessed: Assess) -> MonthAmount:
    before = month - timedelta(days=1)
    now, then = _facts_on(facts, last), _facts_on(facts, before)
    at_end = assessed(now, on=last, law=law)
    stands_alike = now == then and stages_on(now, last, law) == stages_on(then, before, law)
    at_start = at_end if stands_alike else assessed(then, on=before, law=law)
    if at_end.amount is None or at_start.amount is None:
        return _by_bounds(month, at_end, at_start)
    kept = _groups(at_end.lines)
    lost = {group: lines for group, lines in _groups(at_start.lines).items() if group not in kept}
    lines = tuple(line for group in (*kept.values(), *lost.values()) for line in group)
    return _of_month(month, lines, is_last=bool(lost), notices=at_end.notices)


def stages_on(facts: PersonFacts, day: date, law: AssistanceLaw) -> tuple[Any, ...]:
    """Return between which of the ages that the law names a person and the children are.

    Under one law nothing else of a day counts, so that what is alike in facts and stages is owed the same.
    """
    births = (facts.birth_date, *(child.birth_date for child in facts.children or ()))
    years, infant = thresholds(law), law.age("infant_below_months")
    return tuple(
        birth and tuple(_stage(start, day, years, infant) for start in (birth.earliest, birth.latest))
        for birth in births
    )


def _stage(born: date, day: date, years: Sequence[int], infant: int) -> tuple[int, bool]:
    months = (day.year - born.year) * 12 + day.month - born.month
    if add_months(born, months) > day if months >= 0 else True:
        months -= 1
    return (bisect_right(years, months // 12) if months >= 0 else -1), months < infant


def _of_month(month: date, lines: tuple[BenefitLine, ...], *, is_last: bool, notices: tuple[str, ...]) -> MonthAmount:
    total = Dong(sum(line.amount for line in lines))
    return MonthAmount(
        month=month, amount=total, lowest=total, highest=total, lines=lines, is_last=is_last, notices=notices
    )


def _by_bounds(month: date, at_end: Assessment, at_start: Assessment) -> MonthAmount:
    """Give the month by what is certain: of each group what the end of it gives, or else what was there before."""
    lowest = highest = 0
    for group in BenefitGroup:
        (least, most), (least_before, most_before) = at_end.groups[group], at_start.groups[group]
        if most == 0:
            least, most = least_before, most_before
        elif least == 0:
            most = max(most, most_before)
        lowest, highest = lowest + least, highest + most
    is_known = lowest == highest
    return MonthAmount(
        month=month,
        amount=Dong(lowest) if is_known else None,
        lowest=Dong(lowest),
        highest=Dong(highest),
        lines=at_end.lines if is_known and sum(line.amount for line in at_end.lines) == lowest else (),
        is_last=False,
        notices=at_end.notices,
    )


def _facts_on(facts: FactsOf, day: date) -> PersonFacts:
    return facts(day) if callable(facts) else facts


def _groups(lines: tuple[BenefitLine, ...]) -> dict[BenefitGroup, tuple[BenefitLine, ...]]:
    found: dict[BenefitGroup, tuple[BenefitLine, ...]] = {}
    for line in lines:
        found[line.category.group] = (*found.get(line.category.group, ()), line)
    return found


def arrears(
    facts: FactsOf,
    months: Iterable[date],
    *,
    paid_known_on: date,
    now_known_on: date | None = None,
    start_month: date | None = None,
    conduct: Conduct | None = None,
    provincial: ProvincialLevels | None = None,
) -> tuple[ArrearsMonth, ...]:
    """Work out what a law that applies from before it was known makes owed in arrears, month by month.

    Truy lĩnh do văn bản áp dụng sớm hơn ngày có hiệu lực.

    Args:
        facts: Of the person; or a function that says how they stood on a day.
        months: Those that were paid already, each by any of its days.
        paid_known_on: The day up to which laws were in force when the months were paid.
        now_known_on: The day up to which they are in force now; None: everything recorded.
        start_month: Nothing is owed before it.
        conduct: What ended the benefit, where something did.
        provincial: Higher levels of the province beside those that are recorded.

    Returns:
        The months with a difference, and those that unknown facts leave open.
    """
    asked = [month_of(one) for one in months]

    def by_law_of(known_on: date | None) -> tuple[MonthAmount, ...]:
        return monthly_amounts(
            facts, asked, known_on=known_on, start_month=start_month, conduct=conduct, provincial=provincial
        )

    found = []
    for paid, due in zip(by_law_of(paid_known_on), by_law_of(now_known_on), strict=True):
        is_open = paid.amount is None or due.amount is None
        difference = None if paid.amount is None or due.amount is None else Dong(due.amount - paid.amount)
        if is_open or difference:
            found.append(
                ArrearsMonth(
                    month=paid.month,
                    paid=paid.amount,
                    due=due.amount,
                    difference=difference,
                    causes=_causes(paid, due),
                )
            )
    return tuple(found)


def _causes(paid: MonthAmount, due: MonthAmount) -> tuple[LegalReference, ...]:
    """Name the articles whose numbers differ; of what was not paid at all, where the category is defined."""
    before = {line.category: line for line in paid.lines}
    found: list[LegalReference] = []
    for line in due.lines:
        old = before.get(line.category)
        if old is None:
            found.append(line.reference)
        else:
            found += [line.level_reference] if line.level != old.level else []
            found += [line.coefficient_reference] if line.tenths != old.tenths else []
    return tuple(dict.fromkeys(found))
