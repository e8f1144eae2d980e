"""Granting to many and writing many rates anew at once: the same rows and facts as one by one, in a few statements.

For taking over what another system paid, for a law that changes everybody's amount, and for invented provinces. Amounts are
always those of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lienthong.assistance.events import EntitlementAdjusted, EntitlementEnded, EntitlementGranted
from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.months import RateSpan
from lienthong.assistance.services.rates import computed
from lienthong.assistance.states import EntitlementState
from lienthong.infra.bulk import take_ids
from lienthong.infra.events import Fact, Head, append, link_to
from lienthong.infra.models import Event
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantOfMany:
    """One benefit among many that are granted.

    Attributes:
        row: As it is to be written, not saved yet.
        history: What is known of the person on that day.
        starts: First month of each category, as ``starts_of`` gives them.
        known_on: By the law of which day the rates are computed.
        at: When it was decided.
        by: Who decided.
    """

    row: Entitlement
    history: History
    starts: Mapping[str, date]
    known_on: date
    at: datetime
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """Rates of one benefit that are computed anew.

    Attributes:
        from_month: The first month that is computed.
        reason: What changed, for the timeline.
        by: Who decided; None for what the law itself changes.
    """

    row: Entitlement
    history: History
    from_month: date
    known_on: date
    reason: str
    at: datetime
    by: int | None


@dataclass(slots=True)
class _Written:
    rates: list[EntitlementRate] = field(default_factory=list)
    superseded: dict[datetime, list[int]] = field(default_factory=dict)
    ended: list[Entitlement] = field(default_factory=list)
    told: list[tuple[Entitlement, Fact, int | None, datetime]] = field(default_factory=list)


@transaction.atomic
def grant_many(grants: Sequence[GrantOfMany]) -> list[Entitlement]:
    """Write benefits with their rates and facts. Of whom the rules give nothing nothing is written.

    Quyết định hưởng hàng loạt.

    Returns:
        The benefits that were written.

    Raises:
        django.db.IntegrityError: Somebody receives one of them already; nothing was written.
    """
    written, rows = _Written(), []
    first = take_ids(Entitlement._meta.db_table, len(grants)) if grants else 0
    for number, one in enumerate(grants, start=first):
        row, on = one.row, local_day(one.at)
        spans = computed(
            row, one.history, from_month=row.first_month, on=on, known_on=one.known_on, starts=dict(one.starts)
        )
        if not any(span.amount for span in spans):
            continue
        row.pk = number
        rows.append(row)
        written.rates += [_rate(row, span, one.at, one.by) for span in spans]
        fact = EntitlementGranted(
            entitlement_id=row.pk, person_id=row.person_id, programme=row.programme, benefit=row.benefit,
            first_month=row.first_month, amount=_amount_in(spans, max(month_of(on), row.first_month)) or spans[0].amount,
            decision_number=row.decision_number, dossier_code=row.dossier_code, source=row.source,
        )  # fmt: skip
        written.told.append((row, fact, one.by, one.at))
    Entitlement.objects.bulk_create(rows, batch_size=_AT_ONCE)
    _write(written)
    return rows


@transaction.atomic
def rewrite_many(rewrites: Sequence[Rewrite]) -> None:
    """Compute rates anew and let them follow those that stand; a benefit of which nothing is left ends.

    Tính lại mức hưởng hàng loạt. Where the amounts stay as they are nothing is written.
    """
    current: dict[int, list[EntitlementRate]] = {}
    ids = [one.row.pk for one in rewrites]
    for rate in EntitlementRate.objects.filter(entitlement__in=ids, superseded_at=None).order_by("first_month"):
        current.setdefault(rate.entitlement_id, []).append(rate)
    written = _Written()
    for one in rewrites:
        _rewrite(one, current.get(one.row.pk, []), written)
    _write(written)


def _rewrite(one: Rewrite, rates: Sequence[EntitlementRate], written: _Written) -> None:
    row, from_month = one.row, max(month_of(one.from_month), one.row.first_month)
    standing = [rate for rate in rates if rate.end_month is None or rate.end_month > from_month]
    spans = computed(row, one.history, from_month=from_month, on=local_day(one.at), known_on=one.known_on)
    if _first_difference(standing, spans, from_month, _said_in) is None:
        known_until = _end(standing, from_month)
        further = [span for span in spans if span.end_month > known_until]
        written.rates += [
            _rate(row, span, one.at, one.by, first_month=max(span.first_month, known_until)) for span in further
        ]
        return
    paid = [span for span in spans if span.amount]
    last = add_months(paid[-1].end_month, -1) if paid else add_months(from_month, -1)
    is_over = last <= month_of(local_day(one.at)) and (not paid or paid[-1].end_month < spans[-1].end_month)
    if is_over:
        spans = paid
    written.superseded.setdefault(one.at, []).extend(rate.pk for rate in standing)
    before = [_rate(row, rate, one.at, one.by) for rate in standing if rate.first_month < from_month]
    for rate in before:
        rate.end_month = from_month
    rates_now = [*before, *(_rate(row, span, one.at, one.by) for span in spans)]
    for number, rate in enumerate(
        rates_now, start=take_ids(EntitlementRate._meta.db_table, len(rates_now)) if rates_now else 0
    ):
        rate.pk = number
    written.rates += rates_now
    if is_over:
        row.state, row.last_month, row.ended_because = EntitlementState.ENDED, max(last, row.first_month), one.reason
        written.ended.append(row)
        ended = EntitlementEnded(
            entitlement_id=row.pk, person_id=row.person_id, last_month=row.last_month, reason=one.reason
        )
        written.told.append((row, ended, one.by, one.at))
    elif month := _first_difference(standing, spans, from_month, _amount_in):
        adjusted = EntitlementAdjusted(
            entitlement_id=row.pk, first_month=month, amount=_amount_in(spans, month), reason=one.reason,
            rate_ids=[rate.pk for rate in rates_now],
        )  # fmt: skip
        written.told.append((row, adjusted, one.by, one.at))


def _rate(
    row: Entitlement, span: RateSpan | EntitlementRate, at: datetime, by: int | None, *, first_month: date | None = None
) -> EntitlementRate:
    return EntitlementRate(
        entitlement=row, first_month=first_month or span.first_month, end_month=span.end_month, amount=span.amount,
        basis=dict(span.basis), words=span.words, recorded_at=at, recorded_by_id=by,
    )  # fmt: skip


def _first_difference(
    old: Sequence[EntitlementRate], new: Sequence[RateSpan], from_month: date, say: Callable[..., Any]
) -> date | None:
    """Return the first month of which something else is said, up to where both are computed."""
    until = (
        min(_end(old, from_month), _end(new, from_month))
        if old and new
        else max(_end(old, from_month), _end(new, from_month))
    )
    month = from_month
    while month < until:
        if say(old, month) != say(new, month):
            return month
        month = add_months(month, 1)
    return None


def _end(spans: Sequence[RateSpan | EntitlementRate], from_month: date) -> date:
    return max((span.end_month for span in spans if span.end_month is not None), default=from_month)


def _amount_in(spans: Iterable[RateSpan | EntitlementRate], month: date) -> int:
    covering = (one for one in spans if one.first_month <= month and (one.end_month is None or month < one.end_month))
    return next((one.amount for one in covering), 0)


def _said_in(spans: Iterable[RateSpan | EntitlementRate], month: date) -> tuple[Any, ...]:
    """Return the amount of a month and the lines it consists of."""
    covering = (one for one in spans if one.first_month <= month and (one.end_month is None or month < one.end_month))
    found = next(covering, None)
    if found is None:
        return (0,)
    lines = found.basis.get("lines", ())
    return (found.amount, *((line["code"], line["amount"], line["reference"]) for line in lines))


def _write(written: _Written) -> None:
    for at, ids in written.superseded.items():
        EntitlementRate.objects.filter(pk__in=ids).update(superseded_at=at)
    EntitlementRate.objects.bulk_create(written.rates, batch_size=_AT_ONCE)
    if written.ended:
        Entitlement.objects.bulk_update(written.ended, ["state", "last_month", "ended_because"], batch_size=_AT_ONCE)
    tell_many(written.told)


def tell_many(told: Sequence[tuple[Entitlement, Fact, int | None, datetime]]) -> None:
    """Append facts to the streams of benefits, each at its end, in a few statements."""
    streams = sorted({row.stream for row, _fact, _by, _at in told})
    ends = Event.objects.filter(stream__in=streams).order_by("stream", "-sequence").distinct("stream")
    heads = {
        stream: Head(sequence, digest) for stream, sequence, digest in ends.values_list("stream", "sequence", "hash")
    }
    links = []
    for row, fact, by, at in told:
        link = link_to(heads.get(row.stream, Head()), fact, stream=row.stream, actor_id=by, at=at)
        heads[row.stream] = link.head
        links.append(link)
    for begin in range(0, len(links), _AT_ONCE):
        append(links[begin : begin + _AT_ONCE])
