"""Facts of many people as columns of numbers, for :mod:`lienthong.rules.merit.vectorised`.

A code is the place of its word in its enumeration; -1 is unknown. Claims lie one person after the other, ``offsets`` says where
each begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.facts import (
    CLAIM_FLAGS,
    CLAIM_NUMBERS,
    PERSON_FLAGS,
    Category,
    MeritFacts,
    Relation,
    School,
    Suspension,
)

Codes = npt.NDArray[np.int8]
Small = npt.NDArray[np.int16]
Days = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]

UNKNOWN: Final = -1
CATEGORIES: Final = tuple(Category)
RELATIONS: Final = tuple(Relation)
SCHOOLS: Final = tuple(School)
LEVELS: Final = tuple(DisabilityLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimColumns:
    """Claims of all people, one person after the other; flags are 1, 0 or -1.

    Attributes:
        origin: A number for each person with merit whom claims derive from; -1 where it is not told.
    """

    offsets: Numbers
    category: Codes
    relation: Codes
    origin: Numbers
    rate: Small
    seniority_units: Small
    resistance_months: Small
    number_of_martyrs: Small
    has_especially_severe_condition: Codes
    was_detached: Codes
    has_infertility_or_affected_child: Codes
    has_died: Codes
    died_while_receiving: Codes
    has_cared_for_martyrs_family: Codes
    martyr_has_recipient: Codes

    def __len__(self) -> int:
        return len(self.category)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritColumns:
    """People, column by column.

    Attributes:
        born_from: First day that the person can have been born on, counted as ``date.toordinal`` does; -1 is unknown.
        born_until: Last one.
        suspension: -1 where there is none.
        monthly_income: Đồng; -1 is unknown.
    """

    born_from: Days
    born_until: Days
    school: Codes
    disability: Codes
    suspension: Codes
    monthly_income: Numbers
    is_lonely: Codes
    is_orphan: Codes
    has_reached_pension_age: Codes
    has_used_study_benefit: Codes
    disabled_before_18: Codes
    lives_at_home: Codes
    claims: ClaimColumns

    def __len__(self) -> int:
        return len(self.school)


def columns_from_facts(people: Sequence[MeritFacts]) -> MeritColumns:
    """Turn facts into columns."""
    claims = [claim for one in people for claim in one.claims]
    sizes = np.array([len(one.claims) for one in people], dtype=np.int64)
    names = {name: place for place, name in enumerate(sorted({claim.origin for claim in claims if claim.origin}))}
    flags: dict[str, Any] = {name: _codes(_flag(getattr(claim, name)) for claim in claims) for name in CLAIM_FLAGS}
    numbers: dict[str, Any] = {name: _small(getattr(claim, name) for claim in claims) for name in CLAIM_NUMBERS}
    return MeritColumns(
        born_from=_days(one.birth_date.earliest.toordinal() if one.birth_date else None for one in people),
        born_until=_days(one.birth_date.latest.toordinal() if one.birth_date else None for one in people),
        school=_codes(_code(School, one.school) for one in people),
        disability=_codes(_code(DisabilityLevel, one.disability) for one in people),
        suspension=_codes(_code(Suspension, one.suspension) for one in people),
        monthly_income=np.array(
            [UNKNOWN if one.monthly_income is None else one.monthly_income for one in people], dtype=np.int64
        ),
        **{name: _codes(_flag(getattr(one, name)) for one in people) for name in PERSON_FLAGS},
        claims=ClaimColumns(
            offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)]),
            category=_codes(_code(Category, claim.category) for claim in claims),
            relation=_codes(_code(Relation, claim.relation) for claim in claims),
            origin=np.array([names.get(claim.origin or "", UNKNOWN) for claim in claims], dtype=np.int64),
            **numbers,
            **flags,
        ),
    )


PEOPLE_COLUMNS: Final = tuple(one.name for one in fields(MeritColumns) if one.name != "claims")


def with_claims(columns: MeritColumns) -> tuple[npt.NDArray[np.intp], MeritColumns]:
    """Leave out whoever has no claim at all: almost everybody of a province.

    Returns:
        The rows that are kept, and they themselves; their claims are the same as before.
    """
    sizes = np.diff(columns.claims.offsets)
    rows = np.flatnonzero(sizes)
    if len(rows) == len(columns):
        return rows, columns
    kept: dict[str, Any] = {name: getattr(columns, name)[rows] for name in PEOPLE_COLUMNS}
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes[rows])])
    return rows, MeritColumns(**kept, claims=replace(columns.claims, offsets=offsets))


def _code(kind: type[StrEnum], value: StrEnum | None) -> int:
    return UNKNOWN if value is None else list(kind).index(value)


def _flag(value: bool | None) -> int:
    return UNKNOWN if value is None else int(value)


def _codes(values: Iterable[int]) -> Codes:
    return np.fromiter(values, dtype=np.int8)


def _small(values: Iterable[int | None]) -> Small:
    return np.array([UNKNOWN if value is None else value for value in values], dtype=np.int16)


def _days(values: Iterable[int | None]) -> Days:
    return np.array([UNKNOWN if value is None else value for value in values], dtype=np.int32)
