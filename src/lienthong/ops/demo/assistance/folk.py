"""The people of the demo province as social assistance asks after them: ages, homes, classes of households, through time."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from lienthong.kernel.days import BirthDate, DatePrecision
from lienthong.kernel.identity import Sex
from lienthong.rules.social_assistance.facts import PovertyStanding

_PEOPLE = """
COPY (
    SELECT p.id, p.full_name, p.sex, p.birth_on, p.birth_precision, p.died_on, m.household_id, m.relation, p.phone
    FROM people_person p JOIN people_householdmembership m ON m.person_id = p.id AND m.valid_until IS NULL
    WHERE p.birth_on IS NOT NULL AND EXISTS (SELECT FROM people_residence r WHERE r.person_id = p.id)
        AND m.household_id % {every} = 0
    ORDER BY p.id
) TO STDOUT (FORMAT csv)
"""
_PLACES = """
COPY (
    SELECT r.person_id, r.unit_id, r.hamlet, r.valid_from
    FROM people_residence r JOIN people_householdmembership m ON m.person_id = r.person_id AND m.valid_until IS NULL
    WHERE m.household_id % {every} = 0
    ORDER BY r.person_id, r.valid_from
) TO STDOUT (FORMAT csv)
"""
_CLASSES = """
COPY (
    SELECT household_id, household_class, valid_from, valid_until
    FROM poverty_householdstanding WHERE household_id % {every} = 0 ORDER BY household_id, valid_from
) TO STDOUT (FORMAT csv)
"""
_STANDINGS = {"poor": PovertyStanding.POOR, "near_poor": PovertyStanding.NEAR_POOR}


@dataclass(frozen=True, slots=True)
class Someone:
    """One person of the register.

    Attributes:
        number: Place in the register: what is drawn for somebody depends on it, and not on how ids were given.
        places: Where the person lived, oldest first: since when, id of the commune of then, hamlet.
    """

    id: int
    number: int
    full_name: str
    sex: Sex
    born: BirthDate
    died_on: date | None
    household_id: int
    relation: str
    has_phone: bool
    places: tuple[tuple[date, int, str], ...]

    def age_on(self, day: date) -> int:
        """Return the whole years that the person has certainly completed on a day; 0 before the birth."""
        return 0 if day < self.born.earliest else self.born.age_on(day).lowest

    def lives_on(self, day: date) -> bool:
        """Tell whether the person was born and is alive on a day."""
        return self.born.latest <= day and (self.died_on is None or self.died_on > day)

    def place_on(self, day: date) -> tuple[int, str]:
        """Return commune and hamlet on a day; before the first that is recorded, that one."""
        found = bisect_right(self.places, day, key=lambda place: place[0])
        _since, unit_id, hamlet = self.places[max(found - 1, 0)]
        return unit_id, hamlet


class Folk:
    """Everybody, in the order of the register, with their households.

    Args:
        every: Only each so many-th household is looked at, so that a large province has a story too.
    """

    def __init__(self, *, every: int = 1) -> None:
        places: dict[int, list[tuple[date, int, str]]] = {}
        for person_id, unit_id, hamlet, since in _copied(
            _PLACES.format(every=every), {"person": pl.Int64, "unit": pl.Int64, "hamlet": pl.String, "since": pl.Date}
        ):
            places.setdefault(person_id, []).append((since, unit_id, hamlet or ""))
        columns = {
            "id": pl.Int64, "name": pl.String, "sex": pl.String, "born": pl.Date, "precision": pl.String,
            "died": pl.Date, "household": pl.Int64, "relation": pl.String, "phone": pl.String,
        }  # fmt: skip
        self.people = [
            Someone(
                id=row[0], number=number, full_name=row[1], sex=Sex(row[2]), born=BirthDate(row[3], DatePrecision(row[4])),
                died_on=row[5], household_id=row[6], relation=row[7], has_phone=bool(row[8]),
                places=tuple(places[row[0]]),
            )
            for number, row in enumerate(_copied(_PEOPLE.format(every=every), columns))
        ]  # fmt: skip
        self.households: dict[int, list[Someone]] = {}
        for one in self.people:
            self.households.setdefault(one.household_id, []).append(one)
        self._classes: dict[int, list[tuple[date, date | None, PovertyStanding]]] = {}
        for household_id, name, since, until in _copied(
            _CLASSES.format(every=every),
            {"household": pl.Int64, "class": pl.String, "since": pl.Date, "until": pl.Date},
        ):
            standing = _STANDINGS.get(name, PovertyStanding.OTHER)
            self._classes.setdefault(household_id, []).append((since, until, standing))

    def class_on(self, household_id: int, day: date) -> PovertyStanding | None:
        """Return the class that a household held on a day; None where none is recorded."""
        for since, until, standing in self._classes.get(household_id, ()):
            if since <= day and (until is None or day < until):
                return standing
        return None

    def class_changes(self, household_id: int) -> Sequence[tuple[date, PovertyStanding]]:
        """Return since when a household held which class, oldest first."""
        return [(since, standing) for since, _until, standing in self._classes.get(household_id, ())]

    def family_of(self, one: Someone) -> list[Someone]:
        """Return the other members of a person's household."""
        return [other for other in self.households[one.household_id] if other.id != one.id]


def _copied(statement: str, columns: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            buffer.write(piece)
    buffer.seek(0)
    if not buffer.getbuffer().nbytes:
        return []
    frame = pl.read_csv(buffer, has_header=False, new_columns=list(columns), schema_overrides=list(columns.values()))
    return frame.rows()
