"""Especially difficult areas of the demo: invented communes among those of the mountains, before and after the merger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import UnitKind

REFERENCE = "Danh sách xã, thôn đặc biệt khó khăn bịa cho bản minh họa"
FIRST_DAY = date(2021, 7, 1)
SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Area:
    """A commune that is among the difficult ones between two days."""

    unit_id: int
    since: date
    until: date | None


def draw_areas(seed: int, *, lived_in: frozenset[int], without: int) -> list[Area]:
    """Choose some rural communes in which people live, with every row that became them; one commune is left out.

    Args:
        seed: The same seed gives the same areas.
        lived_in: Ids of communes in which people live.
        without: Id of the commune that is left out.
    """
    luck = Random(f"{seed}/difficult areas")
    rural = AdministrativeUnit.objects.filter(pk__in=lived_in, valid_until=None).exclude(kind=UnitKind.WARD)
    found: dict[int, Area] = {}
    for unit in rural.exclude(pk=without).order_by("code"):
        if luck.random() < SHARE:
            _add(unit, found)
    return [found[pk] for pk in sorted(found)]


def _add(unit: AdministrativeUnit, found: dict[int, Area]) -> None:
    """Add a commune, and what it was before, back to the first day of the list."""
    found[unit.pk] = Area(unit.pk, max(unit.valid_from, FIRST_DAY), unit.valid_until)
    if unit.valid_from <= FIRST_DAY:
        return
    for edge in units.predecessors_of(unit):
        if edge.predecessor_id not in found:
            _add(edge.predecessor, found)
