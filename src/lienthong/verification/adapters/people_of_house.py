"""The people whom this house knows, as a register: read by one COPY, never person by person."""

from __future__ import annotations

from datetime import date

import polars as pl

from lienthong.verification import sources
from lienthong.verification.people_columns import copied_frame

# The head of a household on the day, by household code; the hamlet of the residence in which somebody lives.
_QUERY = """
COPY (
    SELECT p.id, '', p.personal_id_number, p.full_name,
        CASE p.birth_precision
            WHEN 'year' THEN to_char(p.birth_on, 'YYYY')
            WHEN 'month' THEN to_char(p.birth_on, 'MM/YYYY')
            ELSE to_char(p.birth_on, 'DD/MM/YYYY') END,
        CASE p.sex WHEN 'male' THEN 'Nam' WHEN 'female' THEN 'Nữ' END,
        p.ethnicity, u.code, home.hamlet, p.household_code, head.full_name
    FROM people_person p
    LEFT JOIN units_administrativeunit u ON u.id = p.unit_id
    LEFT JOIN LATERAL (
        SELECT r.hamlet FROM people_residence r
        WHERE r.person_id = p.id AND r.valid_from <= '{on}' AND (r.valid_until IS NULL OR r.valid_until > '{on}')
        ORDER BY r.kind, r.id LIMIT 1
    ) home ON TRUE
    LEFT JOIN (
        SELECT h.code, boss.full_name FROM people_householdmembership m
        JOIN people_household h ON h.id = m.household_id
        JOIN people_person boss ON boss.id = m.person_id
        WHERE m.relation = 'head' AND m.valid_from <= '{on}' AND (m.valid_until IS NULL OR m.valid_until > '{on}')
    ) head ON head.code = p.household_code AND p.household_code <> ''
    WHERE p.died_on IS NULL
    ORDER BY p.id
) TO STDOUT (FORMAT csv)
"""


class PeopleOfHouse(sources.RegisterSource):
    """Everybody alive whom this house knows. Người đã có trong hệ thống."""

    key = "people"
    name = "Người đã có hồ sơ trong hệ thống"

    def read(self, *, on: date) -> pl.DataFrame:
        """Return the people as they are on a day."""
        return copied_frame(_QUERY.format(on=on.isoformat()))


def register_source() -> None:
    """Let the people of this house be verified."""
    sources.register(PeopleOfHouse())
