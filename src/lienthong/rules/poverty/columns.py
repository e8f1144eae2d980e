"""Facts of many households as columns of numbers, for :mod:`lienthong.rules.poverty.vectorised`.

A code is the place of its word in the enumeration of ``facts.py``; -1 is unknown. Members lie one household after the other,
``offsets`` says where each begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lienthong.rules.poverty.facts import (
    HOUSEHOLD_CHOICES,
    MEMBER_CHOICES,
    MEMBER_FLAGS,
    Device,
    HouseholdFacts,
    MemberFacts,
)
from lienthong.rules.poverty.points import PointsTable

Codes = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.int64]

UNKNOWN: Final = -1
NO_NUMBER: Final = -(2**63)
CM2_OF_M2: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberColumns:
    """Members of all households, one after the other; flags are 1, 0 or -1."""

    offsets: Numbers
    age: npt.NDArray[np.int16]
    work: Codes
    job: Codes
    studying: Codes
    qualification: Codes
    nutrition: Codes
    monthly_allowance: Codes
    has_health_insurance: Codes
    is_disabled_or_ill: Codes
    receives_pension: Codes
    uses_internet: Codes

    def __len__(self) -> int:
        return len(self.age)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdColumns:
    """Households, column by column.

    Attributes:
        housing_area_cm2: Whole cm² below the area; ``NO_NUMBER`` is unknown, as of income and points.
        devices: One bit for each device in the order of ``Device``; -1 is unknown.
        asked: By feature, the place of the level among the levels of the feature.
        a_points: Sums of form B1 that were added up already.
        given: By code of the indicator, deprivations recorded already.
    """

    area: Codes
    wall: Codes
    pillar: Codes
    roof: Codes
    water_source: Codes
    toilet: Codes
    waste: Codes
    devices: npt.NDArray[np.int16]
    housing_area_cm2: Numbers
    income_per_person: Numbers
    members: MemberColumns
    asked: Mapping[str, Codes] = field(default_factory=dict)
    a_points: Numbers | None = None
    given: Mapping[str, Codes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.area)


def code_of(value: StrEnum | None) -> int:
    """Give the code of a word; -1 for none."""
    return UNKNOWN if value is None else list(type(value)).index(value)


def columns_from_facts(
    households: Sequence[HouseholdFacts],
    *,
    table: PointsTable | None = None,
    a_points: Sequence[int | None] | None = None,
    given: Sequence[Mapping[str, bool | None]] | None = None,
) -> HouseholdColumns:
    """Turn facts into columns.

    Args:
        households: One after the other.
        table: Whose asked features are to be columns.
        a_points: Sums of form B1 added up already, one for each household.
        given: Deprivations recorded already, one mapping for each household.
    """
    members = [member for household in households for member in household.members]
    sizes = np.array([len(household.members) for household in households], dtype=np.int64)
    asked = {
        feature.code: _codes(
            {level.code: place for place, level in enumerate(feature.levels)}.get(
                household.asked.get(feature.code, ""), UNKNOWN
            )
            for household in households
        )
        for feature in (table.asked if table else ())
    }
    codes = sorted({code for one in given or () for code in one})
    return HouseholdColumns(
        **{name: _codes(code_of(getattr(one, name)) for one in households) for name in HOUSEHOLD_CHOICES},
        devices=np.array([_bits(one.devices) for one in households], dtype=np.int16),
        housing_area_cm2=_numbers(
            None if one.housing_area_m2 is None else int(one.housing_area_m2 * CM2_OF_M2) for one in households
        ),
        income_per_person=_numbers(one.income_per_person for one in households),
        members=MemberColumns(
            offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)]),
            age=np.array([UNKNOWN if one.age is None else one.age for one in members], dtype=np.int16),
            **{name: _codes(code_of(getattr(one, name)) for one in members) for name in MEMBER_CHOICES},
            **{name: _codes(_flag(getattr(one, name)) for one in members) for name in MEMBER_FLAGS},
        ),
        asked=asked,
        a_points=None if a_points is None else _numbers(a_points),
        given={code: _codes(_flag(one.get(code)) for one in given or ()) for code in codes},
    )


def facts_at(columns: HouseholdColumns, row: int, *, table: PointsTable | None = None) -> HouseholdFacts:
    """Turn one row back into facts, to reason about it one by one."""
    first, last = columns.members.offsets[row], columns.members.offsets[row + 1]
    area = int(columns.housing_area_cm2[row])
    income = int(columns.income_per_person[row])
    bits = int(columns.devices[row])
    asked = {
        feature.code: feature.levels[columns.asked[feature.code][row]].code
        for feature in (table.asked if table else ())
        if feature.code in columns.asked and columns.asked[feature.code][row] != UNKNOWN
    }
    return HouseholdFacts(
        **{name: _word(kind, getattr(columns, name)[row]) for name, kind in HOUSEHOLD_CHOICES.items()},
        members=tuple(_member(columns.members, place) for place in range(first, last)),
        devices=None if bits < 0 else frozenset(one for place, one in enumerate(Device) if bits >> place & 1),
        housing_area_m2=None if area == NO_NUMBER else Decimal(area) / CM2_OF_M2,
        income_per_person=None if income == NO_NUMBER else income,
        asked=asked,
    )


def given_at(columns: HouseholdColumns, row: int) -> dict[str, bool]:
    """Give the deprivations recorded already for one row."""
    return {code: bool(flags[row]) for code, flags in columns.given.items() if flags[row] != UNKNOWN}


def a_points_at(columns: HouseholdColumns, row: int) -> int | None:
    """Give the sum of form B1 that was added up already for one row."""
    if columns.a_points is None or columns.a_points[row] == NO_NUMBER:
        return None
    return int(columns.a_points[row])


def _member(members: MemberColumns, place: int) -> MemberFacts:
    age = int(members.age[place])
    found: dict[str, Any] = {name: _word(kind, getattr(members, name)[place]) for name, kind in MEMBER_CHOICES.items()}
    for name in MEMBER_FLAGS:
        value = int(getattr(members, name)[place])
        found[name] = None if value == UNKNOWN else bool(value)
    return MemberFacts(age=None if age == UNKNOWN else age, **found)


def _word(kind: type[StrEnum], code: np.int8) -> Any:
    return None if code == UNKNOWN else list(kind)[code]


def _flag(value: bool | None) -> int:
    return UNKNOWN if value is None else int(value)


def _bits(devices: frozenset[Device] | None) -> int:
    return UNKNOWN if devices is None else sum(1 << place for place, one in enumerate(Device) if one in devices)


def _codes(values: Iterable[int]) -> Codes:
    return np.fromiter(values, dtype=np.int8)


def _numbers(values: Iterable[int | None]) -> Numbers:
    return np.array([NO_NUMBER if value is None else value for value in values], dtype=np.int64)
