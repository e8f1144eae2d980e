"""What a wrong death ended in another programme: on the work list of whoever is competent there, until it is received again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.utils.text import capfirst

from lienthong.assistance.models import Entitlement, Finding
from lienthong.assistance.services.uncollected import WORKED_ON
from lienthong.assistance.states import Benefit, FindingKind, FindingState, Programme
from lienthong.kernel.days import format_day, local_day

_GROUND: Final = "reinstate"


def in_words(rows: Iterable[Entitlement]) -> str:
    """Name benefits, each with its programme."""
    return "; ".join(f"{Benefit(row.benefit).label} ({Programme(row.programme).label})" for row in rows)


def ask_to_reinstate(rows: Iterable[Entitlement], *, died_on: date, now: datetime) -> None:
    """Put benefits that a wrong record of a death ended on the list of their programme. Chờ đề xuất phục hồi hưởng.

    Runs inside the transaction that takes the death back. What waits on the list already is not put there twice.

    Args:
        rows: What ended, and is not received again by the decision that takes the death back.
        died_on: The day that was recorded by mistake.
        now: The moment.
    """
    for row in rows:
        mine = {
            "person_id": row.person_id, "kind": FindingKind.NOT_RECEIVING, "programme": row.programme, "benefit": row.benefit,
        }  # fmt: skip
        if Finding.objects.filter(**mine, state__in=WORKED_ON).exists():
            continue
        last = row.rates.filter(superseded_at=None).order_by("first_month", "pk").last()
        reason = f"{capfirst(Benefit(row.benefit).label)} thôi hưởng vì ghi nhầm người chết ngày {format_day(died_on)}; ghi nhận đó đã rút. Hãy đề xuất phục hồi hưởng."
        Finding.objects.create(
            **mine, unit_id=row.unit_id, amount=last.amount if last else 0, reasons=[reason], missing=[], entitlement=row,
            ground=f"{_GROUND}:{row.pk}:{died_on.isoformat()}", found_on=local_day(now), run_id=f"day:{local_day(now).isoformat()}",
        )  # fmt: skip


def asks_to_reinstate(row: Finding) -> bool:
    """Tell whether a finding asks to let a benefit go on that a wrong record of a death ended."""
    return row.ground.startswith(f"{_GROUND}:")


def settle_reinstated(row: Entitlement, *, acting_user_id: int | None, now: datetime) -> None:
    """Take a benefit that is received again off the list."""
    mine = Finding.objects.filter(entitlement=row, ground__startswith=f"{_GROUND}:", state__in=WORKED_ON)
    mine.update(state=FindingState.SETTLED, decided_by=acting_user_id, decided_at=now)
