"""The numpy twin of :mod:`lienthong.rules.poverty.indicators`: 1 deprived, 0 not, -1 undecided, for every household.

The rank of a level is its code: the enumerations go from the lowest level to the highest, and unknown lies below all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.rules.poverty.columns import (
    CM2_OF_M2,
    NO_NUMBER,
    UNKNOWN,
    Codes,
    HouseholdColumns,
    MemberColumns,
    Numbers,
)
from lienthong.rules.poverty.facts import (
    Material,
    MonthlyAllowance,
    Nutrition,
    Study,
    Toilet,
    Waste,
    WaterSource,
    Work,
)
from lienthong.rules.poverty.indicators import QUALIFICATION_RANK, STUDY_RANK
from lienthong.rules.poverty.standards import Definitions, PovertyStandard

Flags = npt.NDArray[np.bool_]


def deprivation_columns(columns: HouseholdColumns, standard: PovertyStandard) -> dict[str, Codes]:
    """Try every indicator for every household.

    Returns:
        By code, 1, 0 or -1 for each household; the same as ``indicators.deprivations`` says one by one.
    """
    found = {}
    for indicator in standard.indicators:
        answer = _TESTS[indicator.code](columns, standard.definitions)
        given = columns.given.get(indicator.code)
        found[indicator.code] = answer if given is None else np.where(given == UNKNOWN, answer, given)
    return found


def sums(flags: Flags, members: MemberColumns) -> Numbers:
    """Count the members of each household that something holds for; also of a household without members."""
    running = np.zeros(len(flags) + 1, dtype=np.int64)
    np.cumsum(flags, out=running[1:])
    return running[members.offsets[1:]] - running[members.offsets[:-1]]


def sizes(members: MemberColumns) -> Numbers:
    """Count the members of each household."""
    return np.diff(members.offsets)


def _answer(is_true: Flags, is_open: Flags) -> Codes:
    return np.where(is_true, np.int8(1), np.where(is_open, np.int8(UNKNOWN), np.int8(0)))


def _any_member(members: MemberColumns, deprived: Flags, is_open: Flags) -> Codes:
    none_known = sizes(members) == 0
    return _answer(sums(deprived, members) > 0, (sums(is_open, members) > 0) | none_known)


def _set_of(kind: type[StrEnum], words: Iterable[str]) -> Flags:
    """Make a table from code to whether it is one of some words; -1 finds the last place, which is False."""
    wanted = set(words)
    return np.array([*(word in wanted for word in kind), False])


def _employment(columns: HouseholdColumns, law: Definitions) -> Codes:
    people = columns.members
    deprived = _set_of(Work, law.deprived_work)[people.work]
    asked = (people.age == UNKNOWN) | (people.age >= law.asked_about_work_from_age)
    return _any_member(people, deprived, (people.work == UNKNOWN) & asked)


def _dependent_person(columns: HouseholdColumns, law: Definitions) -> Codes:
    people = columns.members
    certain = ((people.age != UNKNOWN) & (people.age < law.child_below_age)) | (
        _set_of(MonthlyAllowance, law.dependent_allowances)[people.monthly_allowance]
    )
    is_open = ~certain & ((people.age == UNKNOWN) | (people.monthly_allowance == UNKNOWN))
    size, number = sizes(people), sums(certain, people)
    limit = law.dependency_percent * size
    is_true = number * 100 > limit
    may_be = (number + sums(is_open, people)) * 100 > limit
    return _answer(is_true, (~is_true & may_be) | (size == 0))


def _nutrition(columns: HouseholdColumns, law: Definitions) -> Codes:
    people = columns.members
    normal = list(Nutrition).index(Nutrition.NORMAL)
    not_deprived = (people.nutrition == normal) | (people.age >= law.child_below_age)
    is_open = ~not_deprived & ((people.nutrition == UNKNOWN) | (people.age == UNKNOWN))
    return _any_member(people, ~not_deprived & ~is_open, is_open)


def _health_insurance(columns: HouseholdColumns, law: Definitions) -> Codes:
    people = columns.members
    not_deprived = (people.has_health_insurance == 1) | ((people.age != UNKNOWN) & (people.age < law.insured_from_age))
    is_open = ~not_deprived & ((people.has_health_insurance == UNKNOWN) | (people.age == UNKNOWN))
    return _any_member(people, ~not_deprived & ~is_open, is_open)


def _adult_education(columns: HouseholdColumns, law: Definitions) -> Codes:
    people = columns.members
    no_age = people.age == UNKNOWN
    in_band = (people.age >= law.adult_from_age) & (people.age <= law.adult_until_age)
    young = in_band & (people.age < law.grown_from_age)
    study = np.where(young, np.int8(STUDY_RANK[law.adult_level]), np.int8(STUDY_RANK[law.grown_level]))
    completed = np.where(
        young, np.int8(QUALIFICATION_RANK[law.adult_level]), np.int8(QUALIFICATION_RANK[law.grown_level])
    )
    educated = (people.studying >= study) | (people.qualification >= completed)
    unclear = (people.studying == UNKNOWN) | (people.qualification == UNKNOWN)
    return _any_member(people, in_band & ~educated & ~unclear, ~educated & (no_age | (in_band & unclear)))


def _child_school_attendance(columns: HouseholdColumns, law: Definitions) -> Codes:
    people = columns.members
    no_age, no_level = people.age == UNKNOWN, people.studying == UNKNOWN
    in_band = (people.age >= law.preschool_from_age) & (people.age < law.school_below_age)
    needed = np.full(len(people), STUDY_RANK[Study.PRESCHOOL], dtype=np.int8)
    needed[people.age >= law.primary_from_age] = STUDY_RANK[Study.PRIMARY]
    needed[(people.age >= law.lower_secondary_from_age) | no_age] = STUDY_RANK[Study.LOWER_SECONDARY]
    too_low = people.studying < needed
    return _any_member(people, in_band & too_low & ~no_level, (in_band & no_level) | (no_age & too_low))


def _housing_quality(columns: HouseholdColumns, law: Definitions) -> Codes:
    weak_code = list(Material).index(Material.NOT_DURABLE)
    parts = np.stack([columns.wall, columns.pillar, columns.roof])
    weak = np.count_nonzero(parts == weak_code, axis=0)
    unknown = np.count_nonzero(parts == UNKNOWN, axis=0)
    is_true = weak >= law.weak_structures
    return _answer(is_true, ~is_true & (weak + unknown >= law.weak_structures))


def _housing_area(columns: HouseholdColumns, law: Definitions) -> Codes:
    size = sizes(columns.members)
    unknown = (columns.housing_area_cm2 == NO_NUMBER) | (size == 0)
    return _answer(~unknown & (columns.housing_area_cm2 < law.area_per_person * CM2_OF_M2 * size), unknown)


def _outside(codes: Codes, kind: type[StrEnum], improved: Iterable[str]) -> Codes:
    unknown = codes == UNKNOWN
    return _answer(~unknown & ~_set_of(kind, improved)[codes], unknown)


def _clean_water(columns: HouseholdColumns, law: Definitions) -> Codes:
    return _outside(columns.water_source, WaterSource, law.clean_water)


def _hygienic_toilet(columns: HouseholdColumns, law: Definitions) -> Codes:
    return _outside(columns.toilet, Toilet, law.hygienic_toilets)


def _telecommunication(columns: HouseholdColumns, law: Definitions) -> Codes:
    people = columns.members
    used = sums(people.uses_internet == 1, people) > 0
    is_open = ~used & ((sums(people.uses_internet == UNKNOWN, people) > 0) | (sizes(people) == 0))
    return _answer(~used & ~is_open, is_open)


def _information_access_assets(columns: HouseholdColumns, law: Definitions) -> Codes:
    return _answer(columns.devices == 0, columns.devices == UNKNOWN)


def _waste_treatment(columns: HouseholdColumns, law: Definitions) -> Codes:
    untreated = list(Waste).index(Waste.UNTREATED)
    return _answer(columns.waste == untreated, columns.waste == UNKNOWN)


_TESTS: Final[Mapping[str, Callable[[HouseholdColumns, Definitions], Codes]]] = {
    "employment": _employment,
    "dependentPerson": _dependent_person,
    "nutrition": _nutrition,
    "healthInsurance": _health_insurance,
    "adultEducation": _adult_education,
    "childSchoolAttendance": _child_school_attendance,
    "housingQuality": _housing_quality,
    "housingArea": _housing_area,
    "cleanWater": _clean_water,
    "hygienicToilet": _hygienic_toilet,
    "telecommunication": _telecommunication,
    "informationAccessAssets": _information_access_assets,
    "wasteTreatment": _waste_treatment,
}
