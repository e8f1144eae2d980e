"""Granting to many and writing many rates anew at once: the same rows and facts as one by one, in a few statements.

For taking over what another system paid, for a law that changes everybody's amount, and for invented provinces. Amounts are
always those of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db import transaction

from lienthong.assistance.events import EntitlementAdjusted, EntitlementEnded, EntitlementGranted
from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.months import RateSpan
from lienthong.assistance.services.rates import RateChange, Replacement, amount_in, computed, replacement
from lienthong.assistance.states import EntitlementState
from lienthong.infra import locks
from lienthong.infra.bulk import copy_rows, number_rows, take_ids
from lienthong.infra.events import Fact, Head, append, link_to, stream_lock
from lienthong.infra.models import Event
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of

_AT_ONCE: Final = 500
Told = tuple[Entitlement, Fact, int | None, datetime]
"""A fact of a benefit: who did it, and when."""


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
class ManyRates:
    """Collects what is to be written of many benefits, whose rows the caller holds, and writes it in a few statements."""

    rates: list[EntitlementRate] = field(default_factory=list)
    superseded: dict[datetime, list[int]] = field(default_factory=dict)
    ended: list[Entitlement] = field(default_factory=list)
    adjusted: list[tuple[RateChange, str, int | None, datetime]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def take(self, made: Replacement, *, at: datetime) -> None:
        """Let rates follow those that stand."""
        self.rates += made.rates
        self.superseded.setdefault(at, []).extend(made.superseded)

    def tell_adjusted(self, change: RateChange, *, reason: str, by: int | None, at: datetime) -> None:
        """Tell that a benefit comes to another amount, by rates that were taken."""
        self.adjusted.append((change, reason, by, at))

    def write(self) -> None:
        """Write everything, in the running transaction."""
        for at, ids in self.superseded.items():
            EntitlementRate.objects.filter(pk__in=ids).update(superseded_at=at)
        number_rows(self.rates)
        copy_rows(self.rates)
        if self.ended:
            Entitlement.objects.bulk_update(self.ended, ["state", "last_month", "ended_because"], batch_size=_AT_ONCE)
        tell_many([*self.told, *(_adjusted(*one) for one in self.adjusted)])


def _adjusted(change: RateChange, reason: str, by: int | None, at: datetime) -> Told:
    row = change.entitlement
    fact = EntitlementAdjusted(
        entitlement_id=row.pk, first_month=change.first_month, amount=change.amount, reason=reason,
        rate_ids=[rate.pk for rate in change.rates],
    )  # fmt: skip
    return row, fact, by, at


@transaction.atomic
def grant_many(grants: Sequence[GrantOfMany]) -> list[Entitlement]:
    """Write benefits with their rates and facts. Of whom the rules give nothing nothing is written.

    Quyết định hưởng hàng loạt.

    Returns:
        The benefits that were written.

    Raises:
        django.db.IntegrityError: Somebody receives one of them already; nothing was written.
    """
    written, rows = ManyRates(), []
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
        made = replacement(row, [], spans, from_month=row.first_month, acting_user_id=one.by, now=one.at)
        written.take(made, at=one.at)
        fact = EntitlementGranted(
            entitlement_id=row.pk, person_id=row.person_id, programme=row.programme, benefit=row.benefit,
            first_month=row.first_month, amount=amount_in(spans, max(month_of(on), row.first_month)) or spans[0].amount,
            decision_number=row.decision_number, dossier_code=row.dossier_code, source=row.source,
        )  # fmt: skip
        written.told.append((row, fact, one.by, one.at))
    copy_rows(rows)
    written.write()
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
    written = ManyRates()
    for one in rewrites:
        _rewrite(one, current.get(one.row.pk, []), written)
    written.write()


def _rewrite(one: Rewrite, rates: Sequence[EntitlementRate], written: ManyRates) -> None:
    row, from_month = one.row, max(month_of(one.from_month), one.row.first_month)
    standing = [rate for rate in rates if rate.end_month is None or rate.end_month > from_month]
    spans = computed(row, one.history, from_month=from_month, on=local_day(one.at), known_on=one.known_on)

    def following(owed: Sequence[RateSpan]) -> Replacement:
        return replacement(row, standing, owed, from_month=from_month, acting_user_id=one.by, now=one.at)

    made = following(spans)
    paid = [span for span in spans if span.amount]
    last = add_months(paid[-1].end_month, -1) if paid else add_months(from_month, -1)
    is_over = last <= month_of(local_day(one.at)) and (not paid or paid[-1].end_month < spans[-1].end_month)
    if made.superseded and is_over:
        made = following(paid)
        row.state, row.last_month, row.ended_because = EntitlementState.ENDED, max(last, row.first_month), one.reason
        written.ended.append(row)
        ended = EntitlementEnded(
            entitlement_id=row.pk, person_id=row.person_id, last_month=row.last_month, reason=one.reason
        )
        written.told.append((row, ended, one.by, one.at))
    elif made.change:
        written.tell_adjusted(made.change, reason=one.reason, by=one.by, at=one.at)
    written.take(made, at=one.at)


def tell_many(told: Sequence[Told]) -> None:
    """Append facts to the streams of benefits, each at its end, in a few statements."""
    streams = sorted({row.stream for row, _fact, _by, _at in told})
    locks.hold_all(stream_lock(stream) for stream in streams)
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
