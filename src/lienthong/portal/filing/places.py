"""Where a request may be handed in on a day: the desk of the province, the committees of the communes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthong.catalogue.states import ReceivingLevel
from lienthong.units import queries as units
from lienthong.units.states import AgencyLevel

_LEVELS = {
    ReceivingLevel.PROVINCE: (AgencyLevel.PROVINCE,),
    ReceivingLevel.COMMUNE: (AgencyLevel.COMMUNE,),
    ReceivingLevel.PROVINCE_OR_COMMUNE: (AgencyLevel.COMMUNE, AgencyLevel.PROVINCE),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where a request may go. ``proposed`` is the committee of the commune that the applicant lives in."""

    proposed: Any
    desks: tuple[Any, ...]
    committees: tuple[Any, ...]

    def find(self, agency_id: int | None) -> Any:
        """Return one of these agencies; None where it is not among them (any more)."""
        return next((agency for agency in (*self.desks, *self.committees) if agency.pk == agency_id), None)


def places_for(version: Any, *, unit: Any, on: date) -> Places:
    """Return where a request under a version may be handed in.

    Args:
        version: The version of the procedure.
        unit: The commune of the applicant today; None where it is not known.
        on: The day.
    """
    levels = _LEVELS[ReceivingLevel(version.receiving_level)]
    desks = tuple(units.receiving_agencies(AgencyLevel.PROVINCE, on=on)) if AgencyLevel.PROVINCE in levels else ()
    committees = tuple(units.receiving_agencies(AgencyLevel.COMMUNE, on=on)) if AgencyLevel.COMMUNE in levels else ()
    here = unit.pk if unit is not None else None
    return Places(next((one for one in committees if one.unit_id == here), None), desks, committees)


def unit_of_request(agency: Any, *, unit: Any) -> int:
    """Return the place that a matter belongs to: the chosen commune, or at the province's desk where the applicant lives."""
    if agency.level == AgencyLevel.COMMUNE or unit is None:
        return int(agency.unit_id)
    return int(unit.pk)
