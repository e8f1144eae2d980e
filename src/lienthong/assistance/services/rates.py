"""Writing what an entitlement comes to: spans that no longer hold are superseded and others follow, never edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.queries.months import RateSpan, horizon, months_of_span
from lienthong.assistance.queries.owed import owed_spans
from lienthong.assistance.states import LIVE_STATES, Benefit, EntitlementState, Programme
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """What writing the rates of one entitlement anew changed.

    Attributes:
        first_month: The first month whose amount is another one.
        amount: Of that month, đồng.
        rates: The rows that were written.
    """

    entitlement: Entitlement
    first_month: date
    amount: int
    rates: tuple[EntitlementRate, ...]


def refresh_rates(
    person_id: int, *, from_month: date, acting_user_id: int | None, now: datetime, known_on: date | None = None
) -> list[RateChange]:
    """Compute the rates of everything that a person receives anew from a month on, by the facts and the law known now.

    Tính lại mức hưởng. What people with merit receive comes first: social assistance is compared with it. Amounts that stay as
    they are are not touched.

    Args:
        person_id: Of the person; the caller holds no lock on their entitlements, this does.
        from_month: The first month to compute, by any of its days.
        acting_user_id: Who caused it; None for the house itself.
        now: The moment.
        known_on: Apply only the law that was in force on this day; None: on the day of ``now``. What was signed and is not
            in force yet is not paid; once it is, whatever it reaches back for follows as arrears.
    """
    from_month = month_of(from_month)
    rows = list(Entitlement.objects.select_for_update().filter(person_id=person_id).order_by("pk"))
    changes: list[RateChange] = []
    for programme in (Programme.MERIT, Programme.SOCIAL):
        touched = [row for row in rows if row.programme == programme and _is_touched(row, from_month)]
        if not touched:
            continue
        history = histories_of([person_id])[person_id]
        paid = {rate.entitlement_id for rate in history.rates}
        for row in touched:
            if row.state not in LIVE_STATES and row.pk not in paid:
                continue  # it ended before it began, so no month of it is owed
            if row.benefit == Benefit.ONE_OFF:  # what one decision pays once, no other does
                history = histories_of([person_id])[person_id]
            spans = computed(row, history, from_month=from_month, on=local_day(now), known_on=known_on)
            changes += replace_rates(row, spans, from_month=from_month, acting_user_id=acting_user_id, now=now)
    return changes


def _is_touched(row: Entitlement, from_month: date) -> bool:
    if row.state in LIVE_STATES:
        return True
    return row.last_month is not None and row.last_month >= from_month


def computed(
    row: Entitlement, history: History, *, from_month: date, on: date, known_on: date | None = None,
    starts: Mapping[str, date] | None = None, keeps_suspended: bool = True,
) -> list[RateSpan]:  # fmt: skip
    """Return the rates of an entitlement from a month until as far ahead as rates are computed, or until it ends.

    By the law that is in force on ``known_on``, or else on ``on``. Months that a suspension took away stay unpaid after it,
    unless ``keeps_suspended`` is False: whoever decides to pay again names the month.
    """
    known_on = known_on or on
    first = max(row.first_month, from_month)
    until = horizon(on)
    if row.last_month is not None:
        until = min(until, add_months(row.last_month, 1))
    months = list(months_of_span(first, until))
    if not months:
        return []
    spans = owed_spans(row, history, months, known_on=known_on, starts=starts)
    ends = until
    if row.state == EntitlementState.SUSPENDED and row.suspended_from is not None:
        ends = row.suspended_from
        spans = without(spans, ends, until, words="Tạm dừng hưởng.")
    for rate in history.rates if keeps_suspended else ():
        if rate.entitlement_id == row.pk and rate.basis.get("suspended"):
            begin, end = max(rate.first_month, first), min(rate.end_month or until, ends)
            spans = without(spans, begin, end, words=rate.words) if begin < end else spans
    return spans


def differing_since(row: Entitlement, *, on: date) -> date | None:
    """Return since which month what is set is another sum than the rules give for certain, without a break until next month.

    What lies before a month that agrees, or that unknown facts leave open, stays as it was decided; None where next month does.
    """
    first, current = row.first_month, list(row.rates.filter(superseded_at=None))
    spans = computed(row, histories_of([row.person_id])[row.person_id], from_month=first, on=on)
    month, found = add_months(month_of(on), 1), None
    while month >= first:
        span = next((one for one in spans if one.first_month <= month < one.end_month), None)
        if span is None or span.basis.get("is_open") or span.amount == amount_in(current, month):
            break
        found, month = month, add_months(month, -1)
    return found


def without(spans: Sequence[RateSpan], first: date, until: date, *, words: str) -> list[RateSpan]:
    """Return the spans with nothing owed from one month to before another, marked as suspended."""
    begin = max(first, spans[0].first_month) if spans else first
    kept = [part for one in spans for part in _outside(one, first, until)]
    if begin < until:
        kept.append(
            RateSpan(first_month=begin, end_month=until, amount=0, basis={**_NOTHING, "lines": []}, words=words)
        )
    return sorted(kept, key=lambda span: span.first_month)


_NOTHING: Final = {
    "category": "", "starts": {}, "is_open": False, "notices": [], "known_on": None, "facts": "", "suspended": True,
}  # fmt: skip


def _outside(span: RateSpan, first: date, until: date) -> Iterable[RateSpan]:
    if span.first_month < first:
        yield replace(span, end_month=min(span.end_month, first))
    if span.end_month > until:
        yield replace(span, first_month=max(span.first_month, until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What lets spans follow the rates of one entitlement; nothing is written yet.

    Attributes:
        superseded: Ids of the rates that no longer hold.
        rates: Those that follow.
        change: What became another amount; None where months were only added or said in other words.
    """

    superseded: tuple[int, ...]
    rates: tuple[EntitlementRate, ...]
    change: RateChange | None


def replace_rates(
    row: Entitlement, spans: Sequence[RateSpan], *, from_month: date, acting_user_id: int | None, now: datetime
) -> list[RateChange]:
    """Let spans follow the current rates from a month on; nothing is written where they say the same.

    Of a rate that began before the month, the part before it is written again as it was.
    """
    current = list(current_rates([row.pk], from_month=from_month))
    made = replacement(row, current, spans, from_month=from_month, acting_user_id=acting_user_id, now=now)
    if made.superseded:
        EntitlementRate.objects.filter(pk__in=made.superseded).update(superseded_at=now)
    EntitlementRate.objects.bulk_create(made.rates)
    return [made.change] if made.change else []


def current_rates(entitlement_ids: Iterable[int], *, from_month: date) -> Iterable[EntitlementRate]:
    """Return the rates that hold and reach into a month or beyond it, in the order of their months."""
    rates = EntitlementRate.objects.filter(entitlement__in=list(entitlement_ids), superseded_at=None)
    return rates.exclude(end_month__lte=from_month).order_by("first_month")


def replacement(
    row: Entitlement, current: Sequence[EntitlementRate], spans: Sequence[RateSpan], *, from_month: date,
    acting_user_id: int | None, now: datetime,
) -> Replacement:  # fmt: skip
    """Say what must be written for spans to follow ``current`` from a month on.

    Args:
        row: The entitlement.
        current: Its rates that hold and reach into the month or beyond it, in the order of their months.
        spans: What is owed from the month on.
    """
    known_until = max((rate.end_month for rate in current if rate.end_month), default=from_month)
    new_until = max((span.end_month for span in spans), default=from_month)
    if new_until >= known_until and _says(current, from_month, known_until) == _says(spans, from_month, known_until):
        further = [
            _rate(row, max(span.first_month, known_until), span, acting_user_id, now)
            for span in spans
            if span.end_month > known_until
        ]
        return Replacement(superseded=(), rates=tuple(further), change=None)
    rates = [
        _rate(row, rate.first_month, rate, acting_user_id, now, end_month=from_month)
        for rate in current
        if rate.first_month < from_month
    ]
    rates += [_rate(row, span.first_month, span, acting_user_id, now) for span in spans]
    month = _first_difference(current, spans, from_month, known_until if current else new_until)
    change = month and RateChange(
        entitlement=row, first_month=month, amount=amount_in(spans, month), rates=tuple(rates)
    )
    return Replacement(superseded=tuple(rate.pk for rate in current), rates=tuple(rates), change=change or None)


def _rate(
    row: Entitlement, first: date, span: RateSpan | EntitlementRate, user_id: int | None, now: datetime, *,
    end_month: date | None = None,
) -> EntitlementRate:  # fmt: skip
    return EntitlementRate(
        entitlement=row, first_month=first, end_month=end_month or span.end_month, amount=span.amount,
        basis=dict(span.basis), words=span.words, recorded_at=now, recorded_by_id=user_id,
    )  # fmt: skip


Said = tuple[date, date, int, tuple[Any, ...]]


def _says(rates: Sequence[Any], first: date, until: date) -> list[Said]:
    """Return what rates say of some months, as it is compared: neighbours that say the same are one."""
    said: list[Said] = []
    for rate in rates:
        begin, end = max(rate.first_month, first), min(rate.end_month or until, until)
        if begin >= end:
            continue
        lines = _plain_lines(rate.basis)
        if said and said[-1][1:] == (begin, rate.amount, lines):  # it goes on
            said[-1] = (said[-1][0], end, rate.amount, lines)
        else:
            said.append((begin, end, rate.amount, lines))
    return said


def _plain_lines(basis: Mapping[str, Any]) -> tuple[Any, ...]:
    lines = ((line["code"], line["amount"], line["reference"]) for line in basis.get("lines", ()))
    return (bool(basis.get("suspended")), bool(basis.get("is_open")), *lines)


def _first_difference(old: Sequence[Any], new: Sequence[Any], from_month: date, until: date) -> date | None:
    edges: set[date] = {max(one.first_month, from_month) for one in (*old, *new)}
    edges |= {one.end_month for one in (*old, *new) if one.end_month is not None}
    for month in sorted(edge for edge in edges if from_month <= edge < until):
        if amount_in(old, month) != amount_in(new, month):
            return month
    return None


def amount_in(rates: Sequence[RateSpan | EntitlementRate], month: date) -> int:
    """Return what rates give for a month, đồng."""
    covering = (
        rate for rate in rates if rate.first_month <= month and (rate.end_month is None or month < rate.end_month)
    )
    return next((rate.amount for rate in covering), 0)
