"""What the rules give for months of one benefit, going on from what was decided before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.holding import Held, held_of
from lienthong.assistance.queries.merit_holding import held_merit_before
from lienthong.assistance.queries.merit_months import merit_spans, paid_once
from lienthong.assistance.queries.months import RateSpan, held_before, months_of_span, owed_months, spans_of
from lienthong.assistance.states import Benefit, Programme


def owed_spans(
    row: Entitlement,
    history: History,
    months: Sequence[date],
    *,
    known_on: date,
    starts: Mapping[str, date] | None = None,
) -> list[RateSpan]:
    """Return the rates of a benefit over some months, whatever is suspended of them.

    Args:
        row: The benefit.
        history: Of the person.
        months: First days, each following the one before; at least one.
        known_on: By the law that was in force on this day.
        starts: First month of each category that begins later; None: as it was decided.

    Raises:
        NoValueInForce: The law of a month is not recorded.
    """
    first, earlier = months[0], _decided(row, history)
    if row.programme == Programme.MERIT:
        paid = paid_once(history, but=row.pk) if row.benefit == Benefit.ONE_OFF else frozenset()
        before = held_merit_before(earlier, first, benefit=row.benefit, first_month=row.first_month)
        return merit_spans(
            history, row.benefit, months, first_month=row.first_month, known_on=known_on, paid=paid, before=before
        )
    starts = starts or _starts_in(earlier)
    owed = owed_months(history, months, known_on=known_on, first_month=row.first_month)
    held = _paid_before(row, history, earlier, first, starts=starts, known_on=known_on)
    return spans_of(owed, history, row.benefit, starts=starts, before=held, known_on=known_on)


def _decided(row: Entitlement, history: History) -> list[EntitlementRate]:
    """Return what was decided and not suspended: the rates that hold, or where all of them are, those that it took away last."""
    found = [rate for rate in history.rates if rate.entitlement_id == row.pk and not rate.basis.get("suspended")]
    if found or row.pk is None:
        return found
    taken = EntitlementRate.objects.filter(entitlement=row, superseded_at__isnull=False)
    last: list[EntitlementRate] = []
    for rate in taken.order_by("-superseded_at", "first_month"):
        if not rate.basis.get("suspended") and (not last or last[0].superseded_at == rate.superseded_at):
            last.append(rate)
    return last


def _paid_before(
    row: Entitlement, history: History, earlier: Sequence[EntitlementRate], first: date, *, starts: Mapping[str, date],
    known_on: date,
) -> Held | None:  # fmt: skip
    """Return what the month before the first was paid, or would have been but for a suspension: what is open goes on from it."""
    before = [rate for rate in earlier if rate.first_month < first]
    if not before:  # decided from this month on, and taken away since
        is_decided = any(rate.first_month == first and rate.superseded_at is None for rate in earlier)
        return None if is_decided or not earlier else held_of(earlier[0].amount, earlier[0].basis["lines"])
    last = before[-1]
    resumed, held = last.end_month or first, held_before(before, first)
    if resumed >= first:
        return held
    between = owed_months(history, months_of_span(resumed, first), known_on=known_on, first_month=row.first_month)
    spans = spans_of(between, history, row.benefit, starts=starts, before=held, known_on=known_on)
    return held_of(spans[-1].amount, spans[-1].basis["lines"])


def _starts_in(rates: Sequence[EntitlementRate]) -> dict[str, date]:
    told: dict[str, str] = next(
        (rate.basis.get("starts", {}) for rate in reversed(rates) if not rate.basis.get("suspended")), {}
    )
    return {name: date.fromisoformat(month) for name, month in told.items()}
