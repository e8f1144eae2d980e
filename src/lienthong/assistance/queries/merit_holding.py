"""What goes on of a benefit of merit while facts lack: the claim and the row of the table, at the level of each month. Tạm giữ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from lienthong.assistance.models import MeritClaim
from lienthong.assistance.queries.months import RateSpan
from lienthong.assistance.states import Benefit
from lienthong.kernel.days import add_months
from lienthong.kernel.money import format_dong
from lienthong.rules.merit.asking import missing_of
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.facts import MeritFacts
from lienthong.rules.merit.law import Level, MeritLaw, merit_law
from lienthong.rules.merit.lines import LineKind

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMerit:
    """What was paid the last time, and by which law, as it can go on. Khoản ưu đãi đang được tạm giữ."""

    lines: tuple[Line, ...]
    law: MeritLaw


def kept_lines(
    held: HeldMerit, facts: MeritFacts, claims: Sequence[MeritClaim], due: Sequence[Line], *, kind: LineKind, law: MeritLaw
) -> list[dict[str, Any]]:  # fmt: skip
    """Return what was paid the last time and is due no more for certain only because a fact lacks.

    A benefit ends by a decision, and not because nobody asked. What a recorded fact ends is not among it.

    Args:
        held: What was paid the last time.
        facts: Of the day.
        claims: Recorded for the day, in the order of the facts.
        due: What is certain on the day.
        kind: Of the benefit.
        law: Of the day.
    """
    certain = {line["claim"] for line in due}
    places = {claim.pk: place for place, claim in enumerate(claims)}
    kept = []
    for line in held.lines:
        place = places.get(line.get("claim", 0))
        if line.get("claim") in certain or place is None:
            continue
        alone = assess_merit(replace(facts, claims=(facts.claims[place],)), on=law.on, known_on=law.known_on)
        if missing_of(alone.missing, kind):
            kept.append(_at(line, held.law, law))
    return kept


def _at(line: Line, before: MeritLaw, law: MeritLaw) -> dict[str, Any]:
    """Give a line at the level of another law; one whose row is not found there stays as it was."""
    old, new = _levels(line, before, law)
    times, rest = divmod(line["amount"], old.amount) if old else (0, 1)
    if new is None or rest:
        return dict(line)
    amount = times * new.amount
    name, article = line["words"].rpartition(":")[0], line["reference"].partition("; ")[0]
    words = f"{name}: {format_dong(amount)}"
    return {**line, "amount": amount, "words": words, "reference": f"{article}; {new.reference}"}


def _levels(line: Line, before: MeritLaw, law: MeritLaw) -> tuple[Level | None, Level | None]:
    code = line["code"]
    if code in before.by_rate:
        rates = before.by_rate[code]
        rate = next((rate for rate, level in rates.items() if level.amount == line["amount"]), None)
        return (None, None) if rate is None else (rates[rate], law.by_rate[code].get(rate))
    old, new = ({**one.monthly, **one.yearly}.get(code) for one in (before, law))
    return old, new


def repeated_merit(last: Any, held: HeldMerit, months: Iterable[date], *, known_on: date) -> list[RateSpan]:
    """Return what was decided last for further months: the same rows of the tables, at the level of each month.

    Args:
        last: The rate that was paid the last time.
        held: The same, with its law.
        months: First days of the months in which it is paid.
        known_on: By the law of which day.
    """
    spans: list[RateSpan] = []
    for month in months:
        law = merit_law(add_months(month, 1) - timedelta(days=1), known_on=known_on)
        lines = [_at(line, held.law, law) for line in held.lines]
        amount = sum(line["amount"] for line in lines)
        if spans and (spans[-1].amount, spans[-1].end_month) == (amount, month):
            spans[-1] = replace(spans[-1], end_month=add_months(month, 1))
            continue
        words = " ".join(f"{line['words']}." for line in lines) or last.words
        basis = {**last.basis, "lines": lines, "known_on": known_on.isoformat()}
        spans.append(
            RateSpan(first_month=month, end_month=add_months(month, 1), amount=amount, basis=basis, words=words)
        )
    return spans


def held_merit_before(rates: Iterable[Any], month: date, *, benefit: str, first_month: date) -> HeldMerit | None:
    """Return what rates paid the last time before a month; None where nothing was decided before it.

    Args:
        rates: Of one benefit, decided and not suspended, by month.
        month: Its first day.
        benefit: A kind of line; what is paid yearly was paid in the last January, or when it began.
        first_month: Of the benefit.
    """
    due = add_months(month, -1)
    if benefit == Benefit.YEARLY:
        due = max(date(due.year, 1, 1), first_month)
    earlier = [rate for rate in rates if rate.first_month <= due < month]
    if not earlier:
        return None
    last = earlier[-1]
    day = add_months(min(due, add_months(last.end_month or month, -1)), 1) - timedelta(days=1)
    known_on = last.basis.get("known_on")
    law = merit_law(day, known_on=date.fromisoformat(known_on) if known_on else None)
    return HeldMerit(lines=tuple(last.basis.get("lines", ())), law=law)
