"""Questions about places, agencies and calendars, each as of a day. Everything here is public; see ``policies``."""

from lienthong.units.queries.agencies import (
    AgencyHistory,
    AgencyUnknown,
    NobodyCompetent,
    agencies_on,
    agency_names,
    agency_on,
    competent_agency,
    get_agency,
    history_of,
    receiving_agencies,
)
from lienthong.units.queries.calendars import (
    CalendarMissing,
    agencies_with_a_calendar,
    calendar_owner,
    calendar_version,
    days_changed_by,
    latest_calendar,
    work_calendar,
)
from lienthong.units.queries.competence import competent_agency_id
from lienthong.units.queries.places import (
    Descendant,
    UnitUnknown,
    communes_on,
    descendants_on,
    predecessors_of,
    search_units,
    successors_of,
    unit_on,
)

__all__ = [
    "AgencyHistory",
    "AgencyUnknown",
    "CalendarMissing",
    "Descendant",
    "NobodyCompetent",
    "UnitUnknown",
    "agencies_on",
    "agencies_with_a_calendar",
    "agency_names",
    "agency_on",
    "calendar_owner",
    "calendar_version",
    "communes_on",
    "competent_agency",
    "competent_agency_id",
    "days_changed_by",
    "descendants_on",
    "get_agency",
    "history_of",
    "latest_calendar",
    "predecessors_of",
    "receiving_agencies",
    "search_units",
    "successors_of",
    "unit_on",
    "work_calendar",
]
