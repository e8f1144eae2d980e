"""Of which benefits something may be kept back: what an overpayment can be recovered from, beside paying it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from lienthong.assistance.models import Entitlement, Recovery
from lienthong.assistance.states import LIVE_STATES, RecoveryState


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
