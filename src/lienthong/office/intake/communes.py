"""Which commune decides: its own desk knows, any other desk is told by the clerk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import StepLevel
from lienthong.units import queries as units
from lienthong.units.states import AgencyLevel


def communes_to_choose(version: Any, *, desks: Sequence[Any], on: date) -> list[Any]:
    """Return the communes of a day from which the clerk chooses, by name; none where nobody has to choose.

    Args:
        version: The version of the procedure.
        desks: Where the clerk receives.
        on: The day.
    """
    is_decided_by_commune = any(step.agency_level == StepLevel.COMMUNE for step in catalogue.steps_of(version.pk))
    if not is_decided_by_commune or all(is_of_a_commune(desk) for desk in desks):
        return []
    committees = units.receiving_agencies(AgencyLevel.COMMUNE, on=on)
    return sorted((committee.unit for committee in committees), key=lambda unit: unit.sort_key)


def is_of_a_commune(desk: Any) -> bool:
    """Whether what is handed in at a desk belongs to one commune."""
    return bool(desk.level == AgencyLevel.COMMUNE)
