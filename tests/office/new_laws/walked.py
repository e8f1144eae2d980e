"""An application of new levels for people with merit, behind the addresses that everybody walks."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.accounts.states import Role
from lienthong.assistance.models import LawChange
from tests.world import HOME_AFFAIRS, World


def law_routes(world: World) -> dict[str, dict[str, Any]]:
    """Return by address the change of the agency that is competent for merit."""
    change = LawChange.objects.create(
        programme="merit", from_month=date(2026, 7, 1), until_month=date(2026, 11, 1), known_before=date(2026, 9, 30),
        known_on=world.today, values=[], state="prepared", prepared_by=world.officer(Role.PROCESSOR, HOME_AFFAIRS),
        prepared_at=world.now,
    )  # fmt: skip
    names = ("assistance_law", "assistance_law_rows", "assistance_law_workbook")
    return {f"office:{name}": {"change_id": change.pk} for name in names}
