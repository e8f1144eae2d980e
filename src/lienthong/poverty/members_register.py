"""The people of poor and near-poor households, as a register that verification compares with the population database."""

from __future__ import annotations

from datetime import date

import polars as pl

from lienthong.verification import sources
from lienthong.verification.people_columns import copied_frame

# Who belongs today to a household that is poor or near-poor today, with the place of the household.
_QUERY = """
COPY (
    SELECT p.id, CASE s.household_class WHEN 'poor' THEN 'Hộ nghèo' ELSE 'Hộ cận nghèo' END, p.personal_id_number,
        p.full_name,
        CASE p.birth_precision
            WHEN 'year' THEN to_char(p.birth_on, 'YYYY')
            WHEN 'month' THEN to_char(p.birth_on, 'MM/YYYY')
            ELSE to_char(p.birth_on, 'DD/MM/YYYY') END,
        CASE p.sex WHEN 'male' THEN 'Nam' WHEN 'female' THEN 'Nữ' END,
        p.ethnicity, u.code, h.hamlet, h.code, head.full_name
    FROM poverty_householdstanding s
    JOIN people_household h ON h.id = s.household_id
    JOIN people_householdmembership m ON m.household_id = h.id
        AND m.valid_from <= '{on}' AND (m.valid_until IS NULL OR m.valid_until > '{on}')
    JOIN people_person p ON p.id = m.person_id AND p.died_on IS NULL
    LEFT JOIN units_administrativeunit u ON u.id = p.unit_id
    LEFT JOIN LATERAL (
        SELECT boss.full_name FROM people_householdmembership hm JOIN people_person boss ON boss.id = hm.person_id
        WHERE hm.household_id = h.id AND hm.relation = 'head'
            AND hm.valid_from <= '{on}' AND (hm.valid_until IS NULL OR hm.valid_until > '{on}')
        LIMIT 1
    ) head ON TRUE
    WHERE s.household_class IN ('poor', 'near_poor')
        AND s.valid_from <= '{on}' AND (s.valid_until IS NULL OR s.valid_until > '{on}')
    ORDER BY p.id
) TO STDOUT (FORMAT csv)
"""


class MembersOfPoorHouseholds(sources.RegisterSource):
    """Everybody alive in a poor or near-poor household. Thành viên hộ nghèo, hộ cận nghèo.

    A correction of a person is written into the people's own register, of which this one only shows a part.
    """

    key = "poor-households"
    name = "Thành viên hộ nghèo, hộ cận nghèo"

    def read(self, *, on: date) -> pl.DataFrame:
        """Return the members as they are on a day."""
        return copied_frame(_QUERY.format(on=on.isoformat()))
