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
from lienthong.assistance.queries.holding import Held, Kept, at_level, held_of, hold
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
    before: Held | None = None, known_on: date | None = None,
) -> list[RateSpan]:  # fmt: skip
    """Return the rates of one benefit over some months.

    While unknown facts leave a month open, the category and coefficient that were paid before go on within what is possible: a
    benefit ends by a decision and not because a fact is missing.

    Args:
        months: What is owed, each following the one before.
        history: Of the person.
        benefit: A group of social assistance.
        starts: First month of each category that began later than the months do.
        before: What was paid for the month before the first; None where the benefit begins.
        known_on: By the law of which day they were computed.
    """
    spans: list[RateSpan] = []
    held = before or Held()
    for one in months:
        begins = before is None and one is months[0]
        if one.amount is None:
            kept = _while_open(history, one, benefit, held, known_on, begins=begins)
        else:
            lines = [
                line
                for line in one.lines
                if is_paid_here(line.category, benefit) and one.month >= (starts or {}).get(line.category, one.month)
            ]
            amount = sum(line.amount for line in lines)
            kept = Kept(held=Held(lines=tuple(lines)), amount=amount, is_open=False)
        held = kept.held
        basis = _basis(one, kept, history, benefit, starts=starts, known_on=known_on)
        if spans and spans[-1].amount == kept.amount and _same(spans[-1].basis, basis):
            spans[-1] = replace(spans[-1], end_month=add_months(one.month, 1))
            continue
        spans.append(
            RateSpan(
                first_month=one.month,
                end_month=add_months(one.month, 1),
                amount=kept.amount,
                basis=basis,
                words=_words(kept),
            )
        )
    return spans


def held_before(rates: Iterable[Any], month: date) -> Held | None:
    """Return what goes on of what rates paid last before a month; None where nothing was decided before it.

    Args:
        rates: Of one benefit, decided and not suspended, by month.
        month: Its first day.
    """
    earlier = [rate for rate in rates if rate.first_month < month]
    if not earlier:
        return None
    last = earlier[-1]
    told = next((rate for rate in reversed(earlier) if rate.basis.get("lines") or not rate.basis.get("is_open")), last)
    # What was held before lines were kept with it said only its sum: it goes on from the lines that were decided last.
    return (
        held_of(last.amount, last.basis.get("lines", ())) if told is last else held_of(told.amount, told.basis["lines"])
    )


def repeated(last: Any, months: Iterable[date], *, known_on: date) -> list[RateSpan]:
    """Return what was decided last for further months: the same categories and coefficients, at the level of each.

    Args:
        last: The rate that holds last.
        months: First days, each following the one before.
        known_on: By the law of which day.
    """
    spans: list[RateSpan] = []
    decided = held_of(last.amount, last.basis.get("lines", ()))
    rest = [line for line in last.basis.get("lines", ()) if line.get("level") is None]
    for month in months:
        law = _law(add_months(month, 1) - timedelta(days=1), known_on)
        held = replace(decided, lines=tuple(at_level(line, law) for line in decided.lines))
        amount = held.amount + sum(line.amount for line in held.lines)
        if spans and spans[-1].amount == amount:
            spans[-1] = replace(spans[-1], end_month=add_months(month, 1))
            continue
        lines = [*(dict(_plain_line(line)) for line in held.lines), *rest]
        words = " ".join(line_words(line) for line in held.lines) or last.words
        basis = {**last.basis, "lines": lines, "known_on": known_on.isoformat()}
        spans.append(
            RateSpan(first_month=month, end_month=add_months(month, 1), amount=amount, basis=basis, words=words)
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


def _words(kept: Kept) -> str:
    sentences = [line_words(line) for line in kept.held.lines]
    if kept.is_open and kept.amount:
        told = f"Tạm giữ mức {format_dong(kept.amount)}: chưa đủ thông tin để kết luận, cần xác minh."
        sentences = [told, *sentences]
    elif kept.is_open:
        sentences = ["Chưa chi: chưa đủ thông tin để kết luận, cần xác minh."]
    elif not kept.amount:
        sentences = ["Theo quy định không có khoản nào được hưởng."]
    return " ".join(sentences)


def _basis(
    one: MonthAmount, kept: Kept, history: History, benefit: str, *, starts: Starts | None, known_on: date | None
) -> dict[str, Any]:  # fmt: skip
    lines = kept.held.lines
    rest = [_rest(kept.held.amount, benefit)] if kept.held.amount else []
    return {
        "category": str(lines[0].category) if lines else "",
        "lines": [*(dict(_plain_line(line)) for line in lines), *rest],
        "starts": {name: month.isoformat() for name, month in (starts or {}).items()},
        "is_open": kept.is_open,
        "is_last": one.is_last and bool(lines),
        "notices": list(one.notices),
        "known_on": known_on.isoformat() if known_on else None,
        "facts": history.digest_on(add_months(one.month, 1) - timedelta(days=1)),
    }


def _rest(amount: int, benefit: str) -> dict[str, Any]:
    words = f"Mức đang hưởng theo quyết định đã có: {format_dong(amount)} mỗi tháng."
    return {"code": benefit, "kind": benefit, "words": words, "amount": amount, "reference": "", "confidence": "memory", "notices": []}  # fmt: skip


@lru_cache(maxsize=4096)
def _plain_line(line: BenefitLine) -> Mapping[str, Any]:
    return {
        "code": str(line.category),
        "kind": str(line.kind),
        "words": line_words(line),
        "amount": line.amount,
        "tenths": line.tenths,
        "times": line.times,
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


def _while_open(
    history: History, one: MonthAmount, benefit: str, held: Held, known_on: date | None, *, begins: bool
) -> Kept:
    last, before = add_months(one.month, 1) - timedelta(days=1), one.month - timedelta(days=1)
    facts = history.facts_on(last)
    is_institutions = benefit == Benefit.INSTITUTION
    if is_institutions or benefit == Benefit.PERSONAL:  # one takes the place of the other
        if facts.in_institution is not None and facts.in_institution != is_institutions:
            return Kept(held=Held(), amount=0, is_open=False)
        benefit = Benefit.PERSONAL
    law = _law(last, known_on)
    at_start = _assessed(facts if begins else history.facts_on(before), on=before, law=law)
    return hold(
        held, at_end=_assessed(facts, on=last, law=law), at_start=at_start, group=BenefitGroup(benefit), law=law
    )


@lru_cache(maxsize=4096)
def _law(day: date, known_on: date | None) -> AssistanceLaw:
    return law_on(day, known_on=known_on)


CATEGORY_WORDS: Final = {str(one): one.in_words for one in AssistanceCategory}
