"""Which communes and hamlets are especially difficult, and what waits for a second person."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lienthong.assistance.models import DifficultArea, DifficultAreaDraft
from lienthong.assistance.states import ProposalState
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import whole_number


class DraftNotFound(NotFound):
    """There is no such area that waits."""


def areas(*, on: date | None = None, commune: str = "") -> QuerySet[DifficultArea]:
    """Return the areas that hold on a day, or all, by place; of one commune (its id), or of every one."""
    rows = DifficultArea.objects.valid_on(on) if on is not None else DifficultArea.objects.all()
    if (unit_id := whole_number(commune)) is not None:
        rows = rows.filter(unit=unit_id)
    ordered: QuerySet[DifficultArea] = rows.select_related("unit", "recorded_by").order_by(
        "unit__sort_key", "hamlet", "-valid_from", "pk"
    )
    return ordered


def drafts_waiting(*, commune: str = "") -> QuerySet[DifficultAreaDraft]:
    """Return what was put down and nobody decided yet, oldest first; of one commune (its id), or of every one."""
    rows = DifficultAreaDraft.objects.filter(state=ProposalState.PENDING)
    if (unit_id := whole_number(commune)) is not None:
        rows = rows.filter(unit=unit_id)
    return rows.select_related("unit", "prepared_by").order_by("prepared_at", "pk")


def get_draft(draft_id: int) -> DifficultAreaDraft:
    """Load one area that was put down.

    Raises:
        DraftNotFound: There is none.
    """
    draft = DifficultAreaDraft.objects.select_related("unit", "prepared_by", "decided_by").filter(pk=draft_id).first()
    if draft is None:
        raise DraftNotFound
    return draft
