"""The households of the demo province: who heads them, where they lived on any day, who their members are."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from django.db import connection
from numpy.typing import NDArray

from lienthong.kernel.text import person_sort_key

Whole = NDArray[np.int64]
Days = NDArray[np.datetime64]

_HEADS = """
COPY (
    SELECT h.id, h.code, h.hamlet, h.unit_id, p.ethnicity
    FROM people_household h
    JOIN people_householdmembership m ON m.household_id = h.id AND m.relation = 'head' AND m.valid_until IS NULL
    JOIN people_person p ON p.id = m.person_id
    ORDER BY h.id
) TO STDOUT (FORMAT csv)
"""
_PLACES = """
COPY (
    SELECT m.household_id, r.unit_id, r.valid_from, r.valid_until
    FROM people_householdmembership m JOIN people_residence r ON r.person_id = m.person_id
    WHERE m.relation = 'head' AND m.valid_until IS NULL
    ORDER BY m.household_id, r.valid_from
) TO STDOUT (FORMAT csv)
"""
_MEMBERS = """
SELECT m.household_id, p.full_name, m.relation, p.sex, p.birth_on, p.birth_precision, p.died_on, p.ethnicity
FROM people_householdmembership m JOIN people_person p ON p.id = m.person_id
WHERE m.household_id = ANY(%s) AND m.valid_until IS NULL AND p.birth_on IS NOT NULL
ORDER BY m.household_id, m.relation <> 'head', p.birth_on, p.id
"""
_EMPTY = """
SELECT m.household_id FROM people_householdmembership m JOIN people_person p ON p.id = m.person_id
WHERE m.valid_until IS NULL
GROUP BY m.household_id
HAVING bool_and(p.died_on IS NOT NULL AND p.died_on <= %s OR p.birth_on IS NULL OR p.birth_on > %s)
"""
_PEOPLE = """
SELECT r.unit_id, count(*) FROM people_residence r JOIN people_person p ON p.id = r.person_id
WHERE r.valid_from <= %(day)s AND (r.valid_until IS NULL OR r.valid_until > %(day)s)
    AND (p.died_on IS NULL OR p.died_on > %(day)s)
GROUP BY r.unit_id
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a household."""

    full_name: str
    relation: str
    sex: str
    birth_on: date
    birth_precision: str
    died_on: date | None
    ethnicity: str

    def age_on(self, day: date) -> int:
        """Return whole years on a day."""
        before_birthday = (day.month, day.day) < (self.birth_on.month, self.birth_on.day)
        return day.year - self.birth_on.year - before_birthday

    @property
    def sort_key(self) -> str:
        """How lists order the name."""
        return person_sort_key(self.full_name)


def living_on(people: Iterable[Person], day: date) -> list[Person]:
    """Return who was born and alive on a day."""
    return [one for one in people if one.birth_on <= day and (one.died_on is None or one.died_on > day)]


def head_of(living: list[Person]) -> Person:
    """Return who heads a household: its head, or whoever is oldest once the head has died."""
    return next((one for one in living if one.relation == "head"), min(living, key=lambda one: one.birth_on))


class Homes:
    """All households, by their place in the columns."""

    def __init__(self) -> None:
        heads = _copied(
            _HEADS,
            {"id": pl.Int64, "code": pl.String, "hamlet": pl.String, "unit": pl.Int64, "ethnicity": pl.String},
        )
        self.ids: Whole = heads["id"].to_numpy()
        self.codes: list[str] = heads["code"].to_list()
        self.hamlets: list[str] = heads["hamlet"].fill_null("").to_list()
        self.is_kinh: NDArray[np.bool_] = (heads["ethnicity"] == "Kinh").fill_null(value=True).to_numpy()
        self.units_now: Whole = heads["unit"].to_numpy()
        places = _copied(_PLACES, {"home": pl.Int64, "unit": pl.Int64, "from": pl.Date, "until": pl.Date})
        self._home: Whole = np.searchsorted(self.ids, places["home"].to_numpy())
        self._unit: Whole = places["unit"].to_numpy()
        self._from: Days = places["from"].to_numpy().astype("datetime64[D]")
        self._until: Days = places["until"].to_numpy().astype("datetime64[D]")

    def __len__(self) -> int:
        return len(self.ids)

    def units_on(self, day: date) -> Whole:
        """Return the unit in which each household lived on a day; 0 where it did not live anywhere."""
        then = np.datetime64(day, "D")
        lived = (self._from <= then) & (np.isnat(self._until) | (self._until > then))
        found = np.zeros(len(self), dtype=np.int64)
        found[self._home[lived]] = self._unit[lived]
        return found

    def empty_on(self, day: date) -> list[int]:
        """Return the places of households in which nobody is alive on a day."""
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY, [day, day])
            ids = np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
        places: list[int] = np.searchsorted(self.ids, np.intersect1d(ids, self.ids)).tolist()
        return places

    def members(self, homes: Iterable[int]) -> dict[int, list[Person]]:
        """Return the members of some households by their place, the head first."""
        ids = self.ids[sorted(homes)].tolist()
        with connection.cursor() as cursor:
            cursor.execute(_MEMBERS, [ids])
            rows = cursor.fetchall()
        places = np.searchsorted(self.ids, np.array([row[0] for row in rows], dtype=np.int64)).tolist()
        found: dict[int, list[Person]] = {}
        for place, row in zip(places, rows, strict=True):
            found.setdefault(place, []).append(Person(*row[1:]))
        return found


def people_by_unit(day: date) -> dict[int, int]:
    """Count who lived in each unit on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"day": day})
        return dict(cursor.fetchall())


def _copied(statement: str, columns: dict[str, Any]) -> pl.DataFrame:
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            buffer.write(piece)
    buffer.seek(0)
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=columns)
    return pl.read_csv(buffer, has_header=False, new_columns=list(columns), schema_overrides=list(columns.values()))
