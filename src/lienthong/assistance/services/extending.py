"""Computing rates further ahead as time goes by: what was decided goes on, and nothing that nobody decided gets in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.queries.merit_holding import held_merit_before, repeated_merit
from lienthong.assistance.queries.months import RateSpan, horizon, months_of_span, repeated
from lienthong.assistance.services.rates import computed, current_rates, replace_rates
from lienthong.assistance.states import LIVE_STATES, Benefit, Programme
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of

LEAST_AHEAD: Final = 12
"""Rates are computed further once fewer months than these lie ahead."""


def people_to_extend(on: date) -> list[int]:
    """Return whose rates do not reach far enough ahead any more."""
    live = Entitlement.objects.filter(state__in=LIVE_STATES, last_month=None)
    reach = live.annotate(until=Max("rates__end_month", filter=Q(rates__superseded_at=None)))
    short = reach.filter(Q(until=None) | Q(until__lt=add_months(month_of(on), LEAST_AHEAD)))
    return list(short.order_by("person_id").values_list("person_id", flat=True).distinct())


@transaction.atomic
def extend_rates(person_id: int, *, now: datetime) -> None:
    """Compute each benefit of a person further ahead, from its own last month; what is computed already stays as it is.

    Tính trước mức hưởng cho các tháng tới. Birthdays, the law, and the last days that were recorded with a fact count by
    themselves. Where the rules say otherwise already of the last month that was decided, somebody recorded a fact that nobody
    decided on, or that was refused: then what was decided last goes on, and the review finds the difference.
    """
    on = local_day(now)
    rows = list(
        Entitlement.objects.select_for_update().filter(person_id=person_id, state__in=LIVE_STATES).order_by("pk")
    )
    for programme in (Programme.MERIT, Programme.SOCIAL):  # what is paid for merit, social assistance is compared with
        history = histories_of([person_id])[person_id]
        for row in rows:
            if row.programme == programme and row.benefit != Benefit.ONE_OFF:
                _extend(row, history, on=on, now=now)


def _extend(row: Entitlement, history: History, *, on: date, now: datetime) -> None:
    current = list(current_rates([row.pk], from_month=row.first_month))
    reached = max((rate.end_month for rate in current if rate.end_month), default=row.first_month)
    until = min(horizon(on), add_months(row.last_month, 1)) if row.last_month else horizon(on)
    if reached < until:
        spans = _further(row, history, current, reached=reached, until=until, on=on)
        replace_rates(row, spans, from_month=reached, acting_user_id=None, now=now)


def _further(
    row: Entitlement, history: History, current: Sequence[EntitlementRate], *, reached: date, until: date, on: date
) -> list[RateSpan]:
    if not current:
        return computed(row, history, from_month=reached, on=on)
    decided_for = _last_paid_month(row, reached)
    last = next((rate for rate in reversed(current) if rate.first_month <= decided_for), current[0])
    spans = computed(row, history, from_month=decided_for, on=on)
    if not spans or _rests_on(spans[0].basis) == _rests_on(last.basis):
        return _reaching_from(spans, reached)
    months = list(months_of_span(reached, until))
    if row.programme == Programme.SOCIAL:
        return repeated(last, months, known_on=on)
    held = held_merit_before(current, reached, benefit=row.benefit, first_month=row.first_month)
    if held is None:  # every rate lies ahead of the month that was reached: nothing is decided that could go on
        return _reaching_from(spans, reached)
    return _with_gaps(repeated_merit(last, held, _paid_in(row, months), known_on=on), reached, until)


def _reaching_from(spans: Sequence[RateSpan], month: date) -> list[RateSpan]:
    return [replace(span, first_month=max(span.first_month, month)) for span in spans if span.end_month > month]


def _last_paid_month(row: Entitlement, reached: date) -> date:
    """Return the last month before one in which a benefit is paid: of what is paid each year the last January, or the first."""
    month = add_months(reached, -1)
    return max(date(month.year, 1, 1), row.first_month) if row.benefit == Benefit.YEARLY else month


def _paid_in(row: Entitlement, months: Sequence[date]) -> list[date]:
    return [month for month in months if row.benefit != Benefit.YEARLY or month.month == 1]


def _rests_on(basis: Any) -> tuple[Any, ...]:
    """Return what an amount rests on beside the law's level: categories and coefficients, or rows and claims."""
    lines = ((line["code"], line.get("tenths"), line.get("claim")) for line in basis.get("lines", ()))
    return (bool(basis.get("suspended")), *lines)


def _with_gaps(spans: Sequence[RateSpan], first: date, until: date) -> list[RateSpan]:
    """Put nothing where nothing is paid: between the Januaries of what is paid each year."""
    found: list[RateSpan] = []
    month = first
    for span in [*spans, None]:
        end = span.first_month if span else until
        if month < end:
            basis = {**(spans[0].basis if spans else {}), "category": "", "lines": []}
            found.append(
                RateSpan(
                    first_month=month,
                    end_month=end,
                    amount=0,
                    basis=basis,
                    words="Tháng này không có khoản nào được hưởng.",
                )
            )
        if span:
            found.append(span)
            month = span.end_month
    return found
