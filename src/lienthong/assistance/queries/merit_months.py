"""What a person with merit, or a relative, is due month by month, as spans. Mức hưởng ưu đãi theo tháng.

What is paid once a year is a rate of one month: the first of the benefit, then each January. What is paid once is a rate of
the month in which it begins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from lienthong.assistance.models import MeritClaim
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.merit_holding import HeldMerit, kept_lines
from lienthong.assistance.queries.months import RateSpan
from lienthong.assistance.states import MERIT_BENEFITS, Benefit
from lienthong.kernel.days import add_months
from lienthong.kernel.money import format_dong
from lienthong.rules.merit.asking import missing_of
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.law import MeritLaw, merit_law
from lienthong.rules.merit.lines import LineKind, MeritAssessment, MeritLine
from lienthong.rules.merit.plain_facts import merit_as_plain
from lienthong.rules.social_assistance.timing import month_of


def merit_on(history: History, day: date, *, known_on: date | None = None) -> MeritAssessment:
    """Return what the rules give a person on a day."""
    return assess_merit(history.merit_facts_on(day), on=day, known_on=known_on)


def merit_benefits_on(history: History, day: date) -> tuple[str, ...]:
    """Return the benefits of which something is due on a day by the law in force on it, in the order of the law."""
    kinds = {str(line.kind) for line in merit_on(history, day, known_on=day).lines}
    return tuple(str(benefit) for benefit in MERIT_BENEFITS if benefit.value in kinds)


def merit_first_month(history: History, day: date, benefit: str) -> date:
    """Return from which month a benefit is due by the law in force on a day: the first of those claims that give it.

    Of what is paid once, claims that were paid before are left out.
    """
    claims = claims_on(history, day)
    paid = paid_once(history) if benefit == Benefit.ONE_OFF else frozenset()
    lines = (line for line in merit_on(history, day, known_on=day).lines if line.kind == benefit)
    days = [claims[line.claim].valid_from for line in lines if not _is_paid(paid, claims[line.claim], line)]
    return month_of(min(days)) if days else month_of(day)


Paid = frozenset[tuple[int | None, str]]


def paid_once(history: History, *, but: int | None = None) -> Paid:
    """Return claim and code of each line that is paid once, by any decision but one."""
    rates = (
        rate for rate in history.rates if rate.entitlement.benefit == Benefit.ONE_OFF and rate.entitlement_id != but
    )
    return frozenset((line.get("claim"), line["code"]) for rate in rates for line in rate.basis["lines"])


def unreceived(history: History, day: date, received: Collection[str]) -> list[MeritLine]:
    """Return what is due on a day and is neither received nor, of what is paid once, was paid by any decision.

    Args:
        history: Of the person.
        day: The day.
        received: The benefits that are received.
    """
    claims, paid = claims_on(history, day), paid_once(history)
    return [
        line
        for line in merit_on(history, day, known_on=day).lines
        if (
            not _is_paid(paid, claims[line.claim], line)
            if line.kind is LineKind.ONE_OFF
            else str(line.kind) not in received
        )
    ]


def _is_paid(paid: Paid, claim: MeritClaim, line: MeritLine) -> bool:
    return not paid.isdisjoint({(claim.pk, line.code), (None, line.code)})  # None: recorded without its claim


def claims_on(history: History, day: date) -> list[MeritClaim]:
    """Return the claims in the order in which the lines count them."""
    return [row for row in history.claims if row.valid_from <= day and (row.valid_until or date.max) > day]


def merit_spans(
    history: History, benefit: str, months: Iterable[date], *, first_month: date, known_on: date | None = None,
    paid: Paid = frozenset(), before: HeldMerit | None = None,
) -> list[RateSpan]:  # fmt: skip
    """Return the rates of one benefit over months that follow each other.

    While unknown facts leave a claim open, what it paid the last time goes on at the level of the month.

    Args:
        history: Of the person.
        benefit: A kind of line.
        months: First days.
        first_month: The first month of the benefit.
        known_on: By the law as it was in force on this day; None: everything recorded.
        paid: Lines to leave out.
        before: What was paid the last time before the first month.
    """
    spans: list[RateSpan] = []
    held = before
    alike: dict[Any, RateSpan] = {}
    for month in months:
        is_due = _is_due(benefit, month, first_month)
        key = _what_decides(history, add_months(month, 1) - timedelta(days=1), known_on, is_due=is_due)
        if key not in alike:
            alike[key] = _of_month(history, benefit, month, is_due=is_due, known_on=known_on, paid=paid)
        span = replace(alike[key], first_month=month, end_month=add_months(month, 1))
        if is_due and benefit != Benefit.ONE_OFF:
            law = merit_law(add_months(month, 1) - timedelta(days=1), known_on=known_on)
            if held and span.basis["is_open"]:
                span = _with_held(span, held, history, LineKind(benefit), law)
            held = HeldMerit(lines=tuple(span.basis["lines"]), law=law)
        if spans and spans[-1].end_month == month and _same(spans[-1], span):
            spans[-1] = replace(spans[-1], end_month=span.end_month)
        else:
            spans.append(span)
    return spans


def _with_held(span: RateSpan, held: HeldMerit, history: History, kind: LineKind, law: MeritLaw) -> RateSpan:
    facts, claims = history.merit_facts_on(law.on), claims_on(history, law.on)
    lines = span.basis["lines"]
    kept = kept_lines(held, facts, claims, lines, kind=kind, law=law)
    if not kept:
        return span
    told = " ".join(f"{line['words']}." for line in (*lines, *kept))
    amount = span.amount + sum(line["amount"] for line in kept)
    words = f"Tạm giữ mức {format_dong(amount)}: chưa đủ thông tin để kết luận, cần xác minh. {told}"
    category = span.basis["category"] or kept[0]["code"]
    return replace(
        span, amount=amount, basis={**span.basis, "category": category, "lines": [*lines, *kept]}, words=words
    )


def _is_due(benefit: str, month: date, first_month: date) -> bool:
    if benefit == Benefit.YEARLY:
        return month == first_month or (month > first_month and month.month == 1)
    return month == first_month if benefit == Benefit.ONE_OFF else month >= first_month


def _what_decides(history: History, day: date, known_on: date | None, *, is_due: bool) -> tuple[Any, ...]:
    """Return what the months of one person differ by: the records of the day, the law, and who is grown by it."""
    facts = history.merit_facts_on(day)
    records = (id(facts), *(claim.pk for claim in claims_on(history, day)))  # the history holds them while it is asked
    if not is_due:
        return records
    grown_until, born = merit_law(day, known_on=known_on).grown_until, facts.birth_date
    is_grown = born and (born.earliest > grown_until, born.latest <= grown_until)
    return records, _law_key(day, known_on), is_grown


@lru_cache(maxsize=65_536)
def _law_key(day: date, known_on: date | None) -> int:
    law = merit_law(day, known_on=known_on)
    by_rate = (tuple(levels.items()) for levels in law.by_rate.values())
    levels = (law.monthly, law.bands, law.once, law.yearly, law.sources)
    return hash((law.standard, law.injuries, *by_rate, *(tuple(one.items()) for one in levels)))


def _of_month(
    history: History, benefit: str, month: date, *, is_due: bool, known_on: date | None, paid: Paid
) -> RateSpan:
    day = add_months(month, 1) - timedelta(days=1)
    found = merit_on(history, day, known_on=known_on) if is_due else None
    lines = [line for line in found.lines if line.kind == LineKind(benefit)] if found else []
    if paid:
        claims = claims_on(history, day)
        lines = [line for line in lines if not _is_paid(paid, claims[line.claim], line)]
    return RateSpan(
        first_month=month,
        end_month=add_months(month, 1),
        amount=sum(line.amount for line in lines),
        basis=_basis(history, LineKind(benefit), lines, found, day, known_on=known_on),
        words=" ".join(f"{line}." for line in lines) or _nothing(found, LineKind(benefit)),
    )


def _nothing(found: MeritAssessment | None, kind: LineKind) -> str:
    if found and missing_of(found.missing, kind):
        return "Chưa chi: chưa đủ thông tin để kết luận, cần xác minh."
    return "Tháng này không có khoản nào được hưởng."


def _basis(
    history: History, kind: LineKind, lines: Sequence[MeritLine], found: MeritAssessment | None, day: date,
    *, known_on: date | None,
) -> dict[str, Any]:  # fmt: skip
    claims = claims_on(history, day)
    text = json.dumps(merit_as_plain(history.merit_facts_on(day)), sort_keys=True, ensure_ascii=False)
    return {
        "category": lines[0].code if lines else "",
        "lines": [
            {
                "code": line.code,
                "kind": str(line.kind),
                "claim": claims[line.claim].pk,
                "words": f"{line.words}: {format_dong(line.amount)}",
                "amount": line.amount,
                "reference": f"{line.article}; {line.reference}",
                "confidence": str(line.confidence),
                "notices": [line.notice] if line.notice else [],
            }
            for line in lines
        ],
        "starts": {},
        "is_open": bool(found and missing_of(found.missing, kind)),
        "notices": list(found.notices) if found else [],
        "known_on": known_on.isoformat() if known_on else None,
        "facts": hashlib.sha256(text.encode()).hexdigest(),
    }


def _same(one: RateSpan, other: RateSpan) -> bool:
    return one.amount == other.amount and all(one.basis[name] == other.basis[name] for name in ("lines", "is_open"))
