"""Of which benefits something may be kept back, beside paying it back; and what is left where that cannot go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum

from lienthong.assistance.models import Entitlement, Recovery
from lienthong.assistance.states import LIVE_STATES, RecoveryState
from lienthong.infra.missing import NotFound
from lienthong.payments import policies as payment_policies
from lienthong.payments.models import PaymentLine
from lienthong.units import queries as units


class RecoveryNotFound(NotFound):
    """There is no such recovery, or none that waits and that this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidNow:
    """A benefit that is received now.

    Attributes:
        entitlement_id: Of the decision.
        unit_id: The commune that pays, whose officers propose.
        programme: Code of the programme.
        is_recovering: Whether another decision keeps something back of it.
    """

    entitlement_id: int
    unit_id: int
    programme: str
    is_recovering: bool


def paid_now(person_ids: Iterable[int]) -> dict[tuple[str, int, str], PaidNow]:
    """Return what people receive or have suspended now, by programme, person and benefit; one question for all of them."""
    open_ones = Recovery.objects.filter(entitlement=OuterRef("pk"), state=RecoveryState.OPEN)
    rows = Entitlement.objects.filter(person__in=set(person_ids), state__in=LIVE_STATES).annotate(
        is_recovering=Exists(open_ones)
    )
    return {
        (row.programme, row.person_id, row.benefit): PaidNow(
            entitlement_id=row.pk, unit_id=row.unit_id, programme=row.programme, is_recovering=row.is_recovering
        )
        for row in rows.order_by("pk")
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A recovery of a benefit that ended before everything was kept back. Thu hồi dở dang.

    Attributes:
        recovery: The decision, with its benefit, the person and the commune.
        kept: What was kept back, in đồng.
        left: What is still to come back.
    """

    recovery: Recovery
    kept: int
    left: int


def unfinished(*, seen: Q | None = None, person_id: int | None = None) -> list[Unfinished]:
    """Return the recoveries of which something is left and nothing can be kept back any more, the oldest first.

    Args:
        seen: Which entitlements whoever asks may see; None for all.
        person_id: Of one person; None for everybody.
    """
    live = Entitlement.objects.filter(
        person=OuterRef("entitlement__person"), programme=OuterRef("entitlement__programme"),
        benefit=OuterRef("entitlement__benefit"), state__in=LIVE_STATES,
    )  # fmt: skip
    rows = Recovery.objects.filter(~Exists(live), state=RecoveryState.OPEN)
    if seen is not None:
        rows = rows.filter(seen)
    if person_id is not None:
        rows = rows.filter(entitlement__person=person_id)
    found = list(rows.select_related("entitlement__person__unit", "entitlement__unit").order_by("recorded_at", "pk"))
    if not found:
        return []
    people = {row.entitlement.person_id for row in found}
    due = _sums(
        Recovery.objects.filter(entitlement__person__in=people).exclude(state=RecoveryState.CANCELLED),
        ("entitlement__programme", "entitlement__person_id", "entitlement__benefit"), F("amount") - F("elsewhere"),
    )  # fmt: skip
    kept = _sums(
        PaymentLine.objects.filter(person__in=people, is_live=True), ("source", "person_id", "benefit"), F("deducted")
    )
    unfinished_ones = []
    for row in found:
        key = (row.entitlement.programme, row.entitlement.person_id, row.entitlement.benefit)
        left = min(row.amount - row.elsewhere, max(0, due[key] - kept.get(key, 0)))
        if left:
            due[key] -= left
            unfinished_ones.append(Unfinished(recovery=row, kept=row.amount - row.elsewhere - left, left=left))
    return unfinished_ones


def unfinished_seen(user: Any, *, on: date, commune: str = "", source: str = "") -> list[Unfinished]:
    """Return the unfinished recoveries of the communes whose payments the user sees.

    Args:
        user: Who asks.
        on: The day.
        commune: Code of one commune; empty for all.
        source: Code of one programme; empty for all.
    """
    # What is kept is shared out among all of a person before the list is narrowed.
    rows = unfinished(seen=payment_policies.visible_to(user, on=on, path="entitlement__unit"))
    if source:
        rows = [one for one in rows if one.recovery.entitlement.programme == source]
    if commune and rows:
        there = units.of_code("entitlement__unit", commune, on=on)
        kept = Recovery.objects.filter(there, pk__in=[one.recovery.pk for one in rows]).order_by()
        wanted = set(kept.values_list("pk", flat=True))
        rows = [one for one in rows if one.recovery.pk in wanted]
    return rows


def get_unfinished(recovery_id: int, user: Any, *, on: date) -> Unfinished:
    """Load one unfinished recovery.

    Raises:
        RecoveryNotFound: There is none that this user may see.
    """
    # What is kept is shared out among all of a person before one is looked at.
    seen = payment_policies.visible_to(user, on=on, path="entitlement__unit")
    person_id = Recovery.objects.filter(seen, pk=recovery_id).values_list("entitlement__person", flat=True).first()
    rows = unfinished(person_id=person_id) if person_id is not None else []
    found = next((one for one in rows if one.recovery.pk == recovery_id), None)
    if found is None:
        raise RecoveryNotFound
    return found


def _sums(rows: Any, key: tuple[str, str, str], amount: Any) -> dict[tuple[str, int, str], int]:
    counted = rows.order_by().values_list(*key).annotate(total=Sum(amount))
    return {(programme, person, benefit): total for programme, person, benefit, total in counted}
