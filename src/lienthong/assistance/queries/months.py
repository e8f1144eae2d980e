"""What the rules owe a person month by month, as spans of equal rates, whatever the dated facts do. Mức hưởng theo tháng.

The rules are asked once for every month that can differ from the one before it: another day of facts, another law, a birthday.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lienthong.assistance.queries.facts import History
from lienthong.assistance.states import Benefit
from lienthong.kernel.days import add_months
from lienthong.kernel.decisions import Outcome
from lienthong.kernel.legal import Confidence
from lienthong.kernel.money import format_dong
from lienthong.rules.social_assistance import words as rule_words
from lienthong.rules.social_assistance.assessing import Assessment, BenefitLine, assess
from lienthong.rules.social_assistance.categories import AssistanceCategory, BenefitGroup, Payee
from lienthong.rules.social_assistance.explaining import sources_of
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import AssistanceLaw, law_on, stretch_of
from lienthong.rules.social_assistance.months import MonthAmount, monthly_amounts, months_between, stages_on
from lienthong.rules.social_assistance.timing import month_of, start_of

AHEAD: Final = 24
"""Months that are computed ahead, with the birthdays that fall into them."""

Starts = Mapping[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpan:
    """One rate over some months, half-open, with what it rests on."""

    first_month: date
    end_month: date
    amount: int
    basis: Mapping[str, Any]
    words: str


def is_paid_here(category: AssistanceCategory, benefit: str) -> bool:
    """Tell whether what a category gives is money of a benefit.

    Care in an institution belongs to the institution: it takes the place of the person's own allowance, is not paid to them and
    is a benefit of its own (20/2021/NĐ-CP, Điều 25 khoản 5).
    """
    if category.payee is Payee.INSTITUTION:
        return benefit == Benefit.INSTITUTION
    return category.group == benefit


def paid_here(assessment: Assessment, benefit: str) -> tuple[int, int]:
    """Return what somebody is paid of a benefit at least and at most; what belongs to an institution is a benefit of its own."""
    if benefit == Benefit.INSTITUTION:
        amount = sum(line.amount for line in assessment.lines if is_paid_here(line.category, benefit))
        is_open = (
            assessment.outcome is Outcome.UNKNOWN
            and assessment.category(AssistanceCategory.INSTITUTION).holds is not False
        )
        return (0, assessment.groups[BenefitGroup.PERSONAL][1]) if is_open else (amount, amount)
    if any(line.category.group == benefit and not is_paid_here(line.category, benefit) for line in assessment.lines):
        return 0, 0
    return assessment.groups[BenefitGroup(benefit)]


def horizon(day: date) -> date:
    """Return the month before which rates are computed on a day."""
    return add_months(month_of(day), AHEAD)


def owed_months(
    history: History, months: Iterable[date], *, known_on: date | None = None, first_month: date | None = None
) -> tuple[MonthAmount, ...]:
    """Return what the rules owe for each month; ``rules.social_assistance.months`` with what cannot differ asked once.

    Between two people of the same age under the same law who are alike in everything else nothing can differ either.

    Args:
        history: Of the person.
        months: First days.
        known_on: By the law as it was in force on this day; None: everything recorded.
        first_month: Of the benefit: nothing was received before it, so how it stood before does not matter for it.
    """
    found = []
    mine: dict[Any, MonthAmount] = {}
    stood = None
    for month in months:
        last, before = add_months(month, 1) - timedelta(days=1), month - timedelta(days=1)
        law, stretch = _law(last, known_on), stretch_of(last, known_on=known_on)
        at_end = _standing(history, last, law, stretch)
        if month == first_month:
            at_start = _Standing(before, stretch, at_end.facts, stages_on(at_end.facts, before, law))
        elif stood and (stood.day, stood.stretch) == (before, stretch):
            at_start = stood
        else:
            at_start = _standing(history, before, law, stretch)
        stood = at_end
        key = (
            stretch,
            *((id(one.facts), one.stages) for one in (at_end, at_start)),
        )  # the history holds the facts meanwhile
        if key not in mine:
            facts = {last: at_end.facts, before: at_start.facts}
            (mine[key],) = monthly_amounts(facts.__getitem__, [month], known_on=known_on, assessed=_assessed)
        found.append(replace(mine[key], month=month))
    return tuple(found)


class _Standing(NamedTuple):
    """How somebody stands on a day, as far as the law of some month looks at it."""

    day: date
    stretch: tuple[date, date | None]
    facts: PersonFacts
    stages: tuple[Any, ...]


def _standing(history: History, day: date, law: AssistanceLaw, stretch: tuple[date, date | None]) -> _Standing:
    facts = history.facts_on(day)
    return _Standing(day, stretch, facts, stages_on(facts, day, law))


def _assessed(facts: PersonFacts, *, on: date, law: AssistanceLaw) -> Assessment:
    """Assess facts, or remember what was assessed of somebody alike."""
    key = (_ageless(facts), stages_on(facts, on, law), stretch_of(law.on, known_on=law.known_on))
    found = _SEEN.get(key)
    if found is None:
        if len(_SEEN) > _MOST_SEEN:
            _SEEN.clear()
        found = _SEEN[key] = assess(facts, on=on, law=law)
    return found


_SEEN: Final[dict[Any, Assessment]] = {}
_MOST_SEEN: Final = 20_000


def _ageless(facts: PersonFacts) -> PersonFacts:
    """Return the facts without the dates of birth, which count by the ages only."""
    children = facts.children and tuple(replace(child, birth_date=None) for child in facts.children)
    return replace(facts, birth_date=None, children=children)


def spans_of(
    months: Sequence[MonthAmount], history: History, benefit: str, *, starts: Starts | None = None,
    before: int | None = None, known_on: date | None = None,
) -> list[RateSpan]:  # fmt: skip
    """Return the rates of one benefit over some months.

    While unknown facts leave a month open, what was paid before goes on within what is possible: a benefit ends by a decision
    and not because a fact is missing.

    Args:
        months: What is owed, each following the one before.
        history: Of the person.
        benefit: A group of social assistance.
        starts: First month of each category that began later than the months do.
        before: What was paid for the month before the first.
        known_on: By the law of which day they were computed.
    """
    spans: list[RateSpan] = []
    paid = before or 0
    for one in months:
        lines = [
            line
            for line in one.lines
            if is_paid_here(line.category, benefit) and one.month >= (starts or {}).get(line.category, one.month)
        ]
        is_open = one.amount is None
        amount = _while_open(history, one, benefit, paid, known_on) if is_open else sum(line.amount for line in lines)
        basis = _basis(one, lines, history, benefit, starts=starts, is_open=is_open, known_on=known_on)
        paid = amount
        if spans and spans[-1].amount == amount and _same(spans[-1].basis, basis):
            spans[-1] = replace(spans[-1], end_month=add_months(one.month, 1))
            continue
        spans.append(
            RateSpan(
                first_month=one.month,
                end_month=add_months(one.month, 1),
                amount=amount,
                basis=basis,
                words=_words(lines, amount, is_open=is_open),
            )
        )
    return spans


def starts_of(history: History, benefit: str, *, decided_on: date, first_month: date | None = None) -> dict[str, date]:
    """Return the first month of each category that a person holds on the day of a decision, by the rules' timing.

    By the law that is in force on that day: what was signed and is not in force yet gives nobody anything.

    Raises:
        NoValueInForce: No rule is recorded for the day.
    """
    facts = history.facts_on(decided_on)
    found = {}
    for line in assess(facts, on=decided_on, known_on=decided_on).lines:
        if not is_paid_here(line.category, benefit):
            continue
        certificate = next((row for row in history.certificates if row.valid_from <= decided_on), None)  # newest first
        start = start_of(
            line.category, facts, decided_on=decided_on, certified_on=certificate.issued_on if certificate else None,
            known_on=decided_on,
        )  # fmt: skip
        month = start.month or month_of(decided_on)
        found[str(line.category)] = max(month, first_month) if first_month else month
    return found


def explanation(history: History, day: date, *, known_on: date | None = None) -> tuple[str, ...]:
    """Return what the rules say of a person on a day, sentence by sentence, as it is printed."""
    return assess(history.facts_on(day), on=day, known_on=known_on).in_words


def months_of_span(first: date, until: date) -> Iterator[date]:
    """Yield the months from one to before another."""
    return (month for month in months_between(first, until) if month < until)


def line_words(line: BenefitLine) -> str:
    """Return one line as a sentence: how it was reckoned, and by which articles."""
    reckoning = ""
    if line.tenths is not None:
        each = rule_words.coefficient(line.tenths // line.times)
        times = f" × {line.times} con" if line.times > 1 else ""
        reckoning = f"hệ số {each}{times} × mức chuẩn {format_dong(line.level)} = "
    sources = "; ".join(f"{source.what}: {source.reference}" for source in sources_of(line))
    return f"{line.category.in_words}: {reckoning}{format_dong(line.amount)} mỗi tháng ({sources})."


def _words(lines: Sequence[BenefitLine], amount: int, *, is_open: bool) -> str:
    sentences = [line_words(line) for line in lines]
    if is_open:
        sentences = [f"Tạm giữ mức {format_dong(amount)}: chưa đủ thông tin để kết luận, cần xác minh."]
    elif not lines:
        sentences = ["Theo quy định không có khoản nào được hưởng."]
    return " ".join(sentences)


def _basis(
    one: MonthAmount, lines: Sequence[BenefitLine], history: History, benefit: str, *, starts: Starts | None,
    is_open: bool, known_on: date | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "category": str(lines[0].category) if lines else "",
        "lines": [dict(_plain_line(line)) for line in lines],
        "starts": {name: month.isoformat() for name, month in (starts or {}).items()},
        "is_open": is_open,
        "is_last": one.is_last and bool(lines),
        "notices": list(one.notices),
        "known_on": known_on.isoformat() if known_on else None,
        "facts": history.digest_on(add_months(one.month, 1) - timedelta(days=1)),
    }


@lru_cache(maxsize=4096)
def _plain_line(line: BenefitLine) -> Mapping[str, Any]:
    return {
        "code": str(line.category),
        "kind": str(line.kind),
        "words": line_words(line),
        "amount": line.amount,
        "tenths": line.tenths,
        "level": line.level,
        "reference": str(line.reference),
        "coefficient_reference": str(line.coefficient_reference),
        "level_reference": str(line.level_reference),
        "confidence": str(_confidence(line.notices)),
        "notices": list(line.notices),
    }


def _confidence(notices: Iterable[str]) -> Confidence:
    told = " ".join(notices)
    return next((one for one in (Confidence.MEMORY, Confidence.SECONDARY) if one.in_words in told), Confidence.VERIFIED)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("lines", "is_open", "known_on"))


def _while_open(history: History, one: MonthAmount, benefit: str, paid: int, known_on: date | None) -> int:
    day = add_months(one.month, 1) - timedelta(days=1)
    facts = history.facts_on(day)
    is_institutions = benefit == Benefit.INSTITUTION
    if is_institutions or benefit == Benefit.PERSONAL:  # one takes the place of the other
        if facts.in_institution is not None and facts.in_institution != is_institutions:
            return 0
        benefit = Benefit.PERSONAL
    lowest, highest = _assessed(facts, on=day, law=_law(day, known_on)).groups[BenefitGroup(benefit)]
    return min(max(paid, lowest), highest)


@lru_cache(maxsize=4096)
def _law(day: date, known_on: date | None) -> AssistanceLaw:
    return law_on(day, known_on=known_on)


CATEGORY_WORDS: Final = {str(one): one.in_words for one in AssistanceCategory}
