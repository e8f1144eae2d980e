"""Load a whole population at once: columns in, COPY to the tables, indexes built at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from lienthong.infra import locks
from lienthong.infra.bulk import NOTHING, copy_lines, escaped, take_ids, without_indexes
from lienthong.infra.events import record
from lienthong.kernel.text import fold, person_sort_key
from lienthong.people.events import PeopleLoaded
from lienthong.people.states import RESIDENCE_ORDER, IdentityKind

Days: TypeAlias = "NDArray[np.datetime64]"
Positions: TypeAlias = "NDArray[np.int64]"

_TABLES = (
    "people_person",
    "people_identitynumber",
    "people_residence",
    "people_household",
    "people_householdmembership",
    "people_personname",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonColumns:
    """One entry for each person; its position is how the other columns name the person.

    Attributes:
        full_name: Names as written, with diacritics, in composed form (NFC).
        sex: Values of ``people.states.Sex``.
        birth_on: First day of what is known of the birth; NaT for nothing.
        birth_precision: Values of ``people.states.BirthPrecision``.
        ethnicity: Names of ethnic groups, or empty.
        died_on: NaT for the living.
        phone: Numbers, or empty.
    """

    full_name: Sequence[str]
    sex: Sequence[str]
    birth_on: Days
    birth_precision: Sequence[str]
    ethnicity: Sequence[str]
    died_on: Days
    phone: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberColumns:
    """One entry for each number that a person held; ``kind`` holds values of ``IdentityKind``."""

    person: Positions
    kind: Sequence[str]
    number: Sequence[str]
    issued_on: Days
    issued_by: Sequence[str]
    valid_from: Days
    valid_until: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceColumns:
    """One entry for each place where a person lived, and where that is known from.

    ``kind`` holds values of ``ResidenceKind``, ``unit`` ids of communes.
    """

    person: Positions
    kind: Sequence[str]
    unit: Positions
    hamlet: Sequence[str]
    address: Sequence[str]
    valid_from: Days
    valid_until: Days
    source: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdColumns:
    """One entry for each household; its position is how memberships name it. ``unit`` holds ids of communes."""

    code: Sequence[str]
    unit: Positions
    hamlet: Sequence[str]
    valid_from: Days
    valid_until: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipColumns:
    """One entry for each stay of a person in a household; ``relation`` holds values of ``HouseholdRelation``."""

    household: Positions
    person: Positions
    relation: Sequence[str]
    valid_from: Days
    valid_until: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Everything that is loaded together."""

    people: PersonColumns
    numbers: NumberColumns
    residences: ResidenceColumns
    households: HouseholdColumns
    memberships: MembershipColumns


@dataclass(frozen=True, slots=True)
class LoadedPopulation:
    """Where the loaded rows begin: the person at position ``i`` has the id ``first_person_id + i``; households alike."""

    first_person_id: int
    first_household_id: int


@transaction.atomic
def bulk_load_people(
    population: Population, *, source: str, acting_user_id: int | None, now: datetime
) -> LoadedPopulation:
    """Write a population into the tables, with every constraint checked and every index built.

    Nạp dân cư hàng loạt.

    Columns instead of rows, because a million objects would cost minutes: texts are sequences of ``str``, days are numpy
    arrays of ``datetime64[D]`` (``NaT`` for none), references are numpy arrays of whole numbers. Within one of the
    parts all columns have the same length. Spans are half-open. Nothing is corrected on the way: names are taken as they
    are, and what the tables forbid (two holders of a number on one day, two households, an empty span) makes the whole
    load fail.

    Args:
        population: The columns.
        source: Where they come from, for the log.
        acting_user_id: Who loads; None for the system.
        now: When.

    Returns:
        The ids that the first person and the first household got; the others follow in order.

    Raises:
        ValueError: The columns of one part differ in length.
        django.db.IntegrityError: The data break a constraint; nothing was loaded.
    """
    locks.hold("bulk load people")
    _refuse_ragged(population)
    loaded = LoadedPopulation(
        take_ids("people_person", len(population.people.full_name)),
        take_ids("people_household", len(population.households.code)),
    )
    with without_indexes(_TABLES):
        _copy_all(population, loaded)
    fact = PeopleLoaded(
        source=source, people=len(population.people.full_name), households=len(population.households.code)
    )
    record(fact, stream="people:bulk", actor_id=acting_user_id, at=now)
    return loaded


def _refuse_ragged(population: Population) -> None:
    for part in (getattr(population, name) for name in Population.__slots__):
        lengths = {name: len(getattr(part, name)) for name in type(part).__slots__}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of {type(part).__name__} differ in length: {lengths}")


def _copy_all(population: Population, loaded: LoadedPopulation) -> None:
    _copy_people(population, loaded)
    numbers, residences, memberships = population.numbers, population.residences, population.memberships
    households = population.households
    _copy(
        "people_identitynumber",
        {
            "person_id": _whole(numbers.person + loaded.first_person_id),
            "kind": numbers.kind,
            "number": _texts(numbers.number),
            "issued_on": _days(numbers.issued_on),
            "issued_by": _texts(numbers.issued_by),
            "valid_from": _days(numbers.valid_from),
            "valid_until": _days(numbers.valid_until),
        },
    )
    _copy(
        "people_residence",
        {
            "person_id": _whole(residences.person + loaded.first_person_id),
            "kind": residences.kind,
            "unit_id": _whole(residences.unit),
            "hamlet": _texts(residences.hamlet),
            "address": _texts(residences.address),
            "valid_from": _days(residences.valid_from),
            "valid_until": _days(residences.valid_until),
            "source": _texts(residences.source),
        },
    )
    _copy(
        "people_household",
        {
            "id": _whole(np.arange(len(households.code)) + loaded.first_household_id),
            "code": households.code,
            "unit_id": _whole(households.unit),
            "hamlet": _texts(households.hamlet),
            "valid_from": _days(households.valid_from),
            "valid_until": _days(households.valid_until),
        },
    )
    _copy(
        "people_householdmembership",
        {
            "household_id": _whole(memberships.household + loaded.first_household_id),
            "person_id": _whole(memberships.person + loaded.first_person_id),
            "relation": memberships.relation,
            "valid_from": _days(memberships.valid_from),
            "valid_until": _days(memberships.valid_until),
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_personname (name_key, people)"
            " SELECT name_key, count(*) FROM people_person WHERE id >= %s GROUP BY name_key"
            " ON CONFLICT (name_key) DO UPDATE SET people = people_personname.people + excluded.people",
            [loaded.first_person_id],
        )


def _copy_people(population: Population, loaded: LoadedPopulation) -> None:
    people = population.people
    keys = {name: (fold(name), person_sort_key(name)) for name in set(people.full_name)}
    _copy(
        "people_person",
        {
            "id": _whole(np.arange(len(people.full_name)) + loaded.first_person_id),
            "full_name": _texts(people.full_name),
            "name_key": _texts([keys[name][0] for name in people.full_name]),
            "sort_key": _texts([keys[name][1] for name in people.full_name]),
            "sex": people.sex,
            "birth_on": _days(people.birth_on),
            "birth_precision": people.birth_precision,
            "ethnicity": _texts(people.ethnicity),
            "died_on": _days(people.died_on),
            "phone": _texts(people.phone),
            "email": [""] * len(people.full_name),
            "personal_id_number": _numbers_held(population),
            "unit_id": _communes_lived_in(population),
            "household_code": _households_belonged_to(population),
        },
    )


def _numbers_held(population: Population) -> list[str]:
    held = np.full(len(population.people.full_name), "", dtype=object)
    is_held = np.isnat(population.numbers.valid_until) & (
        np.array(population.numbers.kind) == IdentityKind.PERSONAL_ID.value
    )
    held[population.numbers.person[is_held]] = np.array(population.numbers.number, dtype=object)[is_held]
    return _plain_list(held)


def _communes_lived_in(population: Population) -> list[str]:
    """Give the commune of the residence that lasts longest; among equals the permanent one comes first, then the newest."""
    residences, lived_in = population.residences, np.full(len(population.people.full_name), NOTHING, dtype=object)
    if len(residences.kind):
        until = residences.valid_until.astype("datetime64[D]").astype(np.int64)
        until[np.isnat(residences.valid_until)] = np.iinfo(np.int64).max
        precedence = -np.array([RESIDENCE_ORDER.index(kind) for kind in residences.kind])
        order = np.lexsort((residences.valid_from, precedence, until, residences.person))
        lived_in[residences.person[order]] = np.array(_whole(residences.unit), dtype=object)[order]
    return _plain_list(lived_in)


def _households_belonged_to(population: Population) -> list[str]:
    memberships, codes = population.memberships, np.full(len(population.people.full_name), "", dtype=object)
    is_member = np.isnat(memberships.valid_until)
    household_codes = np.array(population.households.code, dtype=object)
    codes[memberships.person[is_member]] = household_codes[memberships.household[is_member]]
    return _plain_list(codes)


def _plain_list(values: "NDArray[Any]") -> list[str]:
    listed: list[str] = values.tolist()
    return listed


def _whole(values: Positions) -> list[str]:
    return [str(value) for value in values.tolist()]


def _days(values: Days) -> list[str]:
    texts = np.datetime_as_string(values.astype("datetime64[D]"))
    return _plain_list(np.where(np.isnat(values), NOTHING, texts))


def _texts(values: Sequence[str]) -> Sequence[str]:
    """Escape the few characters that mean something in COPY; most columns hold none of them."""
    if any(mark in value for value in set(values) for mark in "\\\t\n\r"):
        return [escaped(value) for value in values]
    return values


def _copy(table: str, columns: dict[str, Sequence[str]]) -> None:
    copy_lines(table, list(columns), map("\t".join, zip(*columns.values(), strict=True)))
