"""The plain case of who is competent, asked at every step of every dossier: by one statement that is planned once."""

from datetime import date

from lienthong.infra import statements
from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries.agencies import competent_agency
from lienthong.units.states import AgencyKind, AgencyLevel

_ASSIGNED = """
SELECT assignment.agency_id
FROM units_administrativeunit AS place
LEFT JOIN units_administrativeunit AS above ON above.id = place.parent_id
LEFT JOIN units_administrativeunit AS top ON top.id = above.parent_id
JOIN units_fieldassignment AS assignment ON assignment.field_code = %s AND assignment.level = %s
    AND assignment.valid_from <= %s AND (assignment.valid_until IS NULL OR assignment.valid_until > %s)
JOIN units_agency AS agency ON agency.id = assignment.agency_id
JOIN units_administrativeunit AS seat ON seat.id = agency.unit_id
    AND seat.code = CASE assignment.level WHEN place.kind THEN place.code WHEN above.kind THEN above.code ELSE top.code END
WHERE place.id = %s AND place.valid_from <= %s AND (place.valid_until IS NULL OR place.valid_until > %s)
ORDER BY assignment.agency_id LIMIT 1
"""
_COMMITTEE = """
SELECT agency.id FROM units_agency AS agency
WHERE agency.unit_id = %s AND agency.kind = %s
    AND agency.valid_from <= %s AND (agency.valid_until IS NULL OR agency.valid_until > %s)
ORDER BY agency.id LIMIT 1
"""


def competent_agency_id(*, field_code: str, level: AgencyLevel, unit_id: int | None, on: date) -> int:
    """Return the id of the agency that ``competent_agency`` names.

    A place that has ended, or that nobody knows, is left to ``competent_agency``, which finds its heir or says why not.

    Raises:
        NobodyCompetent: The place is missing or was divided, or no agency is assigned that day.
    """
    if unit_id is not None:
        if level == AgencyLevel.COMMUNE:
            found = statements.execute(_COMMITTEE, [unit_id, AgencyKind.COMMUNE_COMMITTEE.value, on, on])
        else:
            found = statements.execute(_ASSIGNED, [field_code, level.value, on, on, unit_id, on, on])
        if found:
            return int(found[0][0])
    unit = AdministrativeUnit.objects.get(pk=unit_id) if unit_id is not None else None
    return competent_agency(field_code=field_code, level=level, unit=unit, on=on).pk
