"""What ``./lienthong doctor`` asks of people: do the columns that repeat dated facts still say what the facts say?"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from lienthong.infra.health import register_check

_SHOWN = 20

_NUMBERS = """
SELECT person.id FROM people_person AS person
LEFT JOIN (
    SELECT DISTINCT ON (person_id) person_id, number FROM people_identitynumber
    WHERE kind = 'personal_id' AND valid_until IS NULL ORDER BY person_id, valid_from DESC, id DESC
) AS held ON held.person_id = person.id
WHERE person.personal_id_number <> coalesce(held.number, '')
"""
_UNITS = """
SELECT person.id FROM people_person AS person
LEFT JOIN (
    SELECT DISTINCT ON (person_id) person_id, unit_id FROM people_residence
    ORDER BY person_id, valid_until DESC NULLS FIRST, array_position('{permanent,temporary,current}', kind::text),
        valid_from DESC
) AS lived ON lived.person_id = person.id
WHERE person.unit_id IS DISTINCT FROM lived.unit_id
"""
_HOUSEHOLDS = """
SELECT person.id FROM people_person AS person
LEFT JOIN (
    SELECT membership.person_id, household.code
    FROM people_householdmembership AS membership JOIN people_household AS household ON household.id = membership.household_id
    WHERE membership.valid_until IS NULL
) AS belongs ON belongs.person_id = person.id
WHERE person.household_code <> coalesce(belongs.code, '')
"""
_NAMES = """
SELECT coalesce(name.name_key, counted.name_key), coalesce(name.people, 0), coalesce(counted.people, 0)
FROM people_personname AS name
FULL JOIN (SELECT name_key, count(*) AS people FROM people_person GROUP BY name_key) AS counted USING (name_key)
WHERE name.people IS DISTINCT FROM counted.people
"""


def wrong_numbers() -> Iterator[str]:
    """Name the people whose repeated number is not the one they hold."""
    yield from _differing(_NUMBERS, "số định danh ghi ở hồ sơ khác với giấy tờ đang dùng")


def wrong_units() -> Iterator[str]:
    """Name the people whose repeated commune is not where they live."""
    yield from _differing(_UNITS, "xã, phường ghi ở hồ sơ khác với nơi cư trú")


def wrong_households() -> Iterator[str]:
    """Name the people whose repeated household is not theirs."""
    yield from _differing(_HOUSEHOLDS, "mã hộ ghi ở hồ sơ khác với hộ đang thuộc")


def wrong_name_counts() -> Iterator[str]:
    """Name the entries of the dictionary that count other than there are people."""
    for name, counted, people in _rows(_NAMES):
        yield f"Tên “{name}” được đếm {counted} người, thật ra có {people}"


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Số định danh ở hồ sơ khớp giấy tờ đang dùng", wrong_numbers)
    register_check("Xã, phường ở hồ sơ khớp nơi cư trú", wrong_units)
    register_check("Mã hộ ở hồ sơ khớp hộ đang thuộc", wrong_households)
    register_check("Từ điển họ tên đếm đúng số người", wrong_name_counts)


def _differing(query: str, what: str) -> Iterator[str]:
    for (person_id,) in _rows(query):
        yield f"Hồ sơ cá nhân số {person_id}: {what}"


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        # Found first and limited afterwards, or the planner hopes for twenty early ones and looks at people one by one.
        cursor.execute(f"WITH wrong AS MATERIALIZED ({query}) SELECT * FROM wrong ORDER BY 1 LIMIT {_SHOWN}")  # noqa: S608
        return list(cursor.fetchall())
