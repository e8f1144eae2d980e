"""Who receives what in a month, as columns beside those of the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.states import LIVE_STATES, Benefit, EntitlementState, Programme
from lienthong.units import queries as units

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One live entitlement: what is set for the month, on which category it rests, which commune of the day pays."""

    entitlement_id: int
    amount: int
    category: str
    unit_id: int
    is_suspended: bool

    @property
    def is_held(self) -> bool:
        """Whether anything is set for the month, or suspended."""
        return bool(self.amount) or self.is_suspended


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """Live entitlements by programme and benefit, each with the rows of the people who have them."""

    size: int
    paid: Mapping[tuple[str, str], Mapping[int, Paid]]

    def kinds(self) -> list[tuple[str, str]]:
        """Name the programmes and benefits that anybody receives."""
        return sorted(self.paid)

    def of(self, row: int, programme: str, benefit: str) -> Paid | None:
        """Return the live entitlement of a person."""
        return self.paid.get((programme, benefit), {}).get(row)

    def of_person(self, row: int, programme: str) -> dict[str, Paid]:
        """Return the live entitlements of a person in a programme, by benefit."""
        found = {benefit: rows.get(row) for (of, benefit), rows in self.paid.items() if of == programme}
        return {benefit: one for benefit, one in found.items() if one is not None}

    def live(self, programme: str, benefit: str) -> Flags:
        """Say who has a benefit, suspended or not."""
        return self._flags(list(self.paid.get((programme, benefit), {})))

    def active(self, programme: str, benefit: str) -> Flags:
        """Say who is paid a benefit."""
        rows = self.paid.get((programme, benefit), {})
        return self._flags([row for row, one in rows.items() if not one.is_suspended])

    def has(self, programme: str) -> Flags:
        """Say who is paid anything by a programme, or has something suspended; months that come to nothing are nothing."""
        held = [rows for (of, _benefit), rows in self.paid.items() if of == programme]
        return self._flags([row for rows in held for row, one in rows.items() if one.is_held])

    def holds(self, row: int, programme: str) -> bool:
        """Say the same of one person."""
        return any(one.is_held for one in self.of_person(row, programme).values())

    def amount(self, programme: str, benefit: str) -> Numbers:
        """Give what is set for the month."""
        amounts = np.zeros(self.size, dtype=np.int64)
        for row, one in self.paid.get((programme, benefit), {}).items():
            amounts[row] = one.amount
        return amounts

    def paid_of(self, programme: str, benefit: str) -> Numbers:
        """Give what is paid for the month: nothing of what is suspended."""
        return np.where(self.active(programme, benefit), self.amount(programme, benefit), 0)

    def _flags(self, rows: list[int]) -> Flags:
        flags = np.zeros(self.size, dtype=np.bool_)
        flags[rows] = True
        return flags


def receiving_in(month: date, people: Numbers, *, on: date, yearly_in: date | None = None) -> Receiving:
    """Read who has what in a month.

    Args:
        month: Its first day; what ends before it is not received any more.
        people: Ids of everybody in the register, in ascending order.
        on: The day on whose map the communes that pay are named.
        yearly_in: The month whose sum is read of what is paid once a year; None: the same.
    """
    heirs = units.successions().sole_heirs(on)
    of_month, of_year = _rates_in(month), _rates_in(next_yearly(month))
    rows = (
        Entitlement.objects.filter(Q(last_month=None) | Q(last_month__gte=month), state__in=LIVE_STATES)
        .annotate(
            of_month=Case(
                When(benefit=Benefit.YEARLY, then=Subquery(of_year.values("amount")[:1])),
                default=Subquery(of_month.values("amount")[:1]),
            ),
            category=Subquery(of_month.values("basis__category")[:1]),
        )
        .order_by("pk")
        .values_list("pk", "person_id", "programme", "benefit", "unit_id", "state", "of_month", "category")
    )
    found: dict[tuple[str, str], dict[int, Paid]] = {}
    for pk, person, programme, benefit, unit, state, amount, category in rows.iterator(chunk_size=20_000):
        place = int(np.searchsorted(people, person))
        if place < len(people) and people[place] == person:
            found.setdefault((programme, benefit), {})[place] = Paid(
                entitlement_id=pk, amount=amount or 0, category=category or "", unit_id=heirs.get(unit, unit),
                is_suspended=state == EntitlementState.SUSPENDED,
            )  # fmt: skip
    return Receiving(size=len(people), paid=found)


def next_yearly(month: date) -> date:
    """Return in which month what goes on from year to year is paid next, counted from a month."""
    return month if month.month == 1 else date(month.year + 1, 1, 1)


def paid_next(rates: Sequence[EntitlementRate], month: date) -> EntitlementRate | None:
    """Return of what is paid once or each year what is paid next, counted from a month, or was paid last.

    Args:
        rates: Of one benefit, by month.
        month: Its first day.
    """
    paid = [one for one in rates if one.amount]
    return next((one for one in paid if one.end_month is None or one.end_month > month), paid[-1] if paid else None)


def paid_once_to(people: Iterable[int]) -> dict[int, frozenset[tuple[int | None, str]]]:
    """Return claim and code of each line that was paid once, by any decision, for some people."""
    rates = EntitlementRate.objects.filter(
        entitlement__person__in=list(people), entitlement__programme=Programme.MERIT,
        entitlement__benefit=Benefit.ONE_OFF, superseded_at=None,
    )  # fmt: skip
    found: dict[int, set[tuple[int | None, str]]] = {}
    for person, basis in rates.order_by("pk").values_list("entitlement__person_id", "basis"):
        found.setdefault(person, set()).update((line.get("claim"), line["code"]) for line in basis.get("lines", ()))
    return {person: frozenset(lines) for person, lines in found.items()}


def _rates_in(month: date) -> QuerySet[EntitlementRate]:
    return EntitlementRate.objects.filter(
        Q(end_month=None) | Q(end_month__gt=month),
        entitlement=OuterRef("pk"),
        superseded_at=None,
        first_month__lte=month,
    )
