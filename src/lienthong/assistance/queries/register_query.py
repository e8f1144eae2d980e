"""The statement that reads everybody at once, with the places of earlier days as they are on the day that is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lienthong.assistance.models import DifficultArea
from lienthong.rules.social_assistance.columns import EVER, NEVER, code_of
from lienthong.rules.social_assistance.facts import CHOICES, PovertyStanding
from lienthong.units import queries as units

COLUMNS: Final = {
    "person": "int8", "birth_earliest": "int4", "birth_latest": "int4", "died": "int4", "sex": "int2", "ethnicity": "int2",
    "unit": "int8", "lived_in": "int8", "household": "int8", "poverty": "int2", "difficult": "int2", "places": "int2",
}  # fmt: skip
# ``r``: where somebody lives on the day, the permanent residence before others, on the map of that day; ``s``: the class of the
# household; ``heir``: the commune in which one that was absorbed lies.
_QUERY: Final = """
WITH heir (absorbed_id, heir_id) AS (SELECT * FROM unnest({absorbed}, {heirs}))
SELECT p.id::int8,
  coalesce(CASE p.birth_precision WHEN 'year' THEN date_trunc('year', p.birth_on)::date
    WHEN 'month' THEN date_trunc('month', p.birth_on)::date ELSE p.birth_on END - DATE '1970-01-01', {never})::int4,
  coalesce(CASE p.birth_precision WHEN 'year' THEN (date_trunc('year', p.birth_on) + INTERVAL '1 year - 1 day')::date
    WHEN 'month' THEN (date_trunc('month', p.birth_on) + INTERVAL '1 month - 1 day')::date
    ELSE p.birth_on END - DATE '1970-01-01', {ever})::int4,
  coalesce(p.died_on - DATE '1970-01-01', {ever})::int4,
  (CASE p.sex WHEN 'male' THEN {male} WHEN 'female' THEN {female} ELSE -1 END)::int2,
  coalesce(array_position({ethnicities}, p.ethnicity::text), 0)::int2,
  coalesce(r.place_id, 0)::int8,
  coalesce(home.heir_id, p.unit_id, 0)::int8,
  coalesce(m.household_id, 0)::int8,
  (CASE WHEN s.household_class IS NULL THEN -1 WHEN s.household_class = 'poor' THEN {poor}
    WHEN s.household_class = 'near_poor' THEN {near_poor} ELSE {other} END)::int2,
  (CASE WHEN r.is_divided THEN 1 WHEN a.units IS NULL THEN CASE WHEN r.place_id = ANY ({undecided}) THEN 1 ELSE 0 END
    WHEN a.is_whole OR lower(r.hamlet) = ANY (a.hamlets) THEN 2
    WHEN r.hamlet <> '' THEN 0 ELSE 1 END)::int2,
  (CASE WHEN r.unit_id IS NULL THEN 0 ELSE 1 END)::int2
FROM people_person p
LEFT JOIN (
  SELECT DISTINCT ON (person_id) person_id, unit_id, coalesce(heir_id, unit_id) AS place_id, hamlet,
    unit_id = ANY ({divided}) AS is_divided
  FROM people_residence LEFT JOIN heir ON absorbed_id = unit_id
  WHERE valid_from <= '{on}' AND (valid_until IS NULL OR valid_until > '{on}')
  ORDER BY person_id, CASE kind WHEN 'permanent' THEN 0 WHEN 'temporary' THEN 1 ELSE 2 END, id
) r ON r.person_id = p.id
LEFT JOIN heir AS home ON home.absorbed_id = p.unit_id
LEFT JOIN people_householdmembership m
  ON m.person_id = p.id AND m.valid_from <= '{on}' AND (m.valid_until IS NULL OR m.valid_until > '{on}')
LEFT JOIN poverty_householdstanding s
  ON s.household_id = m.household_id AND s.valid_from <= '{on}' AND (s.valid_until IS NULL OR s.valid_until > '{on}')
LEFT JOIN (
  SELECT unit_id, count(*) AS units, bool_or(hamlet = '') AS is_whole, array_agg(lower(hamlet)) AS hamlets
  FROM assistance_difficultarea WHERE valid_from <= '{on}' AND (valid_until IS NULL OR valid_until > '{on}')
    AND unit_id <> ALL ({ended})
  GROUP BY unit_id
) a ON a.unit_id = r.place_id
{where}
ORDER BY p.id
"""


@dataclass(frozen=True, slots=True)
class Places:
    """What the places of earlier days are on a day, and whose list of difficult areas is decided on it.

    ``undecided`` are communes that took over one with difficult areas.
    """

    ended: Mapping[int, frozenset[int]]
    knows_areas: bool
    undecided: frozenset[int]

    @property
    def absorbed(self) -> dict[int, int]:
        """Communes that were absorbed whole, each with the one in which it lies."""
        return {place: min(heirs) for place, heirs in self.ended.items() if len(heirs) == 1}

    @property
    def divided(self) -> list[int]:
        """Communes of which nobody can say what they are without who lives there."""
        return [place for place, heirs in self.ended.items() if len(heirs) > 1]


def places_on(on: date) -> Places:
    """Read what places of earlier days are on a day, and whose difficult areas are decided."""
    ended = units.successions().ended_by(on)
    listed = set(DifficultArea.objects.valid_on(on).order_by().values_list("unit_id", flat=True).distinct())
    undecided = frozenset[int]().union(*(ended[place] for place in listed & ended.keys()))
    return Places(ended, bool(listed - ended.keys()), undecided)


def statement(
    on: date, ethnicities: tuple[str, ...], places: Places, *, unit_id: int | None, person_ids: Iterable[int] | None
) -> str:
    """Return the statement that reads everybody on a day, or those of a commune, or some people."""
    where = _where(places, unit_id, person_ids)
    quoted = ", ".join("'" + one.replace("'", "''") + "'" for one in ethnicities)
    return _QUERY.format(
        on=on.isoformat(), never=NEVER, ever=EVER, male=_sex("male"), female=_sex("female"),
        poor=code_of(PovertyStanding.POOR), near_poor=code_of(PovertyStanding.NEAR_POOR), other=code_of(PovertyStanding.OTHER),
        absorbed=_array(places.absorbed), heirs=_array(places.absorbed.values()), divided=_array(places.divided),
        ended=_array(places.ended), undecided=_array(places.undecided), ethnicities=f"ARRAY[{quoted}]::text[]", where=f"WHERE {where}" if where else "",
    )  # fmt: skip


def _sex(name: str) -> int:
    return list(CHOICES["sex"]).index(CHOICES["sex"](name))


def _array(ids: Iterable[int]) -> str:
    return f"ARRAY[{', '.join(str(int(one)) for one in ids)}]::bigint[]"


def _where(places: Places, unit_id: int | None, person_ids: Iterable[int] | None) -> str:
    parts = []
    if unit_id is not None:
        here = _array([unit_id, *(place for place, heir in places.absorbed.items() if heir == unit_id)])
        paid = f"SELECT e.person_id FROM assistance_entitlement e WHERE e.state <> 'ended' AND e.unit_id = ANY ({here})"  # noqa: S608 -- ids
        parts.append(f"r.place_id = {int(unit_id)} OR p.unit_id = ANY ({here}) OR p.id IN ({paid})")
    if person_ids is not None:
        listed = ", ".join(str(int(one)) for one in person_ids) or "0"
        parts.append(f"p.id IN ({listed})")
    return " AND ".join(f"({part})" for part in parts)
