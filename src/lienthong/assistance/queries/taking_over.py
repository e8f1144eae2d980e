"""Registers that are taken over: what was loaded, what waits, and every row with what is wrong or different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import TakeOver, TakeOverRow
from lienthong.assistance.states import Programme, TakeOverState
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import whole_number


class TakeOverUnknown(NotFound):
    """There is no such register, or none that the user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverFilter:
    """Which registers a list shows; empty means all."""

    state: str = ""
    programme: str = ""
    commune: str = ""


def take_overs(user: User, *, on: date, asked: TakeOverFilter = TakeOverFilter()) -> QuerySet[TakeOver]:
    """Return the registers that a user may see, newest first."""
    rows = TakeOver.objects.filter(policies.visible_to(user, on=on))
    if asked.state in set(TakeOverState):
        rows = rows.filter(state=asked.state)
    if asked.programme in set(Programme):
        rows = rows.filter(programme=asked.programme)
    if (commune := whole_number(asked.commune)) is not None:
        rows = rows.filter(unit=commune)
    ordered: QuerySet[TakeOver] = rows.select_related("unit", "prepared_by", "decided_by").order_by(
        "-prepared_at", "-pk"
    )
    return ordered


def get_take_over(take_over_id: int, *, as_: User, on: date) -> TakeOver:
    """Load one register.

    Raises:
        TakeOverUnknown: There is none that the user may see.
    """
    found = take_overs(as_, on=on).filter(pk=take_over_id).first()
    if found is None:
        raise TakeOverUnknown
    return found


def rows_of(held: TakeOver, *, only: str = "") -> QuerySet[TakeOverRow]:
    """Return the rows of a register in their order.

    Args:
        held: The register.
        only: ``problems`` for those that cannot be taken, ``differing`` for those that differ from the rules; empty for all.
    """
    rows = held.lines.select_related("person", "payee").order_by("number")
    if only == "problems":
        return rows.exclude(problems=[])
    if only == "differing":
        return rows.exclude(note="")
    return rows
