"""A province as columns: as many people as a province has, as old, as poor and as disabled as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lienthong.kernel.identity import Sex
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.columns import CATEGORIES, RELATIONS, SCHOOLS, ClaimColumns, MeritColumns
from lienthong.rules.merit.columns import UNKNOWN as NOT_TOLD
from lienthong.rules.merit.facts import CLAIM_FLAGS, PERSON_FLAGS, School
from lienthong.rules.social_assistance.columns import (
    FALSE,
    NO_AMOUNT,
    NO_CODE,
    TRUE,
    UNKNOWN,
    ChildColumns,
    PersonColumns,
    code_of,
    day_number,
)
from lienthong.rules.social_assistance.facts import (
    FLAGS,
    Care,
    MaritalState,
    ParentState,
    PensionRequest,
    PovertyStanding,
)

TODAY: Final = date(2026, 8, 15)
YEAR: Final = 365.2425
PENSIONS: Final = (0, 450_000, 1_800_000, 3_500_000, 5_500_000)
UNKNOWN_SHARE: Final = 0.004  # of each fact that the house asks of everybody
MERIT_SHARE: Final = 0.022
_AGES: Final = (0, 15, 25, 40, 60, 70, 75, 80, 105)
_AGE_SHARES: Final = (0.24, 0.14, 0.23, 0.25, 0.08, 0.022, 0.016, 0.022)
_DAY_BETWEEN: Final = date(1970, 1, 1).toordinal()

Codes = npt.NDArray[np.int8]


def invent_persons(count: int, seed: int) -> PersonColumns:
    """Invent people for social assistance: few are poor, few are disabled, a few facts of everybody are unknown."""
    rng = np.random.default_rng(seed)
    born, is_year_only = _births(rng, count)
    age = (day_number(TODAY) - born) / YEAR

    def chosen(shares: Mapping[Any, float], *, unknown: float = UNKNOWN_SHARE) -> Codes:
        codes = rng.choice([code_of(one) for one in shares], count, p=list(shares.values())).astype(np.int8)
        codes[rng.random(count) < unknown] = NO_CODE
        return codes

    def flag(share: float, *, unknown: float = 0.0) -> Codes:
        found = np.where(rng.random(count) < share, np.int8(TRUE), np.int8(FALSE))
        found[rng.random(count) < unknown] = UNKNOWN
        return found

    disability = np.full(count, code_of(DisabilityLevel.MILD), dtype=np.int8)
    is_disabled = rng.random(count) < 0.012 + 0.06 * (age > 70)
    levels = [code_of(DisabilityLevel.SEVERE), code_of(DisabilityLevel.EXTREMELY_SEVERE)]
    disability[is_disabled] = rng.choice(levels, int(is_disabled.sum()), p=[0.78, 0.22])
    pension = rng.choice(PENSIONS, count, p=[0.2, 0.1, 0.2, 0.3, 0.2])
    pension[(rng.random(count) < 0.7) | (age < 55)] = 0
    pension[(rng.random(count) < UNKNOWN_SHARE) & (age > 55)] = NO_AMOUNT
    request = np.full(count, code_of(PensionRequest.NONE), dtype=np.int8)
    asked = (age > 74) & (rng.random(count) < 0.8)
    request[asked] = rng.choice(
        [code_of(PensionRequest.WRITTEN), code_of(PensionRequest.HANDED_OVER)], int(asked.sum())
    )
    marital = np.full(count, code_of(MaritalState.NEVER_MARRIED), dtype=np.int8)
    grown = age > 24
    marital[grown] = rng.choice(
        [code_of(one) for one in (MaritalState.MARRIED, MaritalState.WIDOWED, MaritalState.DIVORCED)],
        int(grown.sum()), p=[0.88, 0.08, 0.04],
    )  # fmt: skip
    parents = {ParentState.CARING: 0.985, ParentState.DEAD: 0.012, ParentState.DETAINED: 0.003}
    poor = {PovertyStanding.POOR: 0.031, PovertyStanding.NEAR_POOR: 0.036, PovertyStanding.OTHER: 0.933}
    flags: dict[str, Any] = {name: flag(0.0) for name in FLAGS}
    flags |= {
        "has_hiv": flag(0.002), "is_studying": flag(0.2), "has_supporter": flag(0.97, unknown=UNKNOWN_SHARE),
        "lives_in_difficult_area": flag(0.12), "is_pregnant": flag(0.008), "in_institution": flag(0.0004),
        "has_stable_income": flag(0.3),
    }  # fmt: skip
    return PersonColumns(
        birth_earliest=born,
        birth_latest=np.where(is_year_only, born + 364, born).astype(np.int32),
        sex=chosen({Sex.MALE: 0.5, Sex.FEMALE: 0.5}, unknown=0.0),
        poverty=chosen(poor, unknown=0.001),
        disability=disability,
        father=chosen(parents, unknown=0.0),
        mother=chosen(parents, unknown=0.0),
        marital=marital,
        pension=pension.astype(np.int64),
        other_benefit=np.where(rng.random(count) < MERIT_SHARE, 2_055_000, 0).astype(np.int64),
        care=chosen({Care.NONE: 0.985, Care.HOUSEHOLD: 0.013, Care.TAKEN_IN: 0.002}, unknown=0.0),
        pension_request=request,
        has_known_children=np.ones(count, dtype=np.int8),
        children=_children(rng, age),
        **flags,
    )


def invent_merit(count: int, seed: int) -> MeritColumns:
    """Invent what the rules for people with merit know of everybody: one in fifty has claims."""
    rng = np.random.default_rng(seed)
    sizes = np.where(rng.random(count) < MERIT_SHARE, rng.choice([1, 2, 3], count, p=[0.86, 0.12, 0.02]), 0)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)]).astype(np.int64)
    claims = int(offsets[-1])

    def flags(number: int, *, unknown: float = 0.1) -> Codes:
        found = (rng.random(number) < 0.5).astype(np.int8)
        found[rng.random(number) < unknown] = NOT_TOLD
        return found

    def numbers(most: int) -> npt.NDArray[np.int16]:
        return rng.integers(1, most, claims, endpoint=True).astype(np.int16)

    born, is_year_only = _births(rng, count)
    born = born + np.int32(_DAY_BETWEEN)
    of_claims: dict[str, Any] = {name: flags(claims) for name in CLAIM_FLAGS}
    of_people: dict[str, Any] = {name: flags(count) for name in PERSON_FLAGS}
    return MeritColumns(
        born_from=born,
        born_until=np.where(is_year_only, born + 364, born).astype(np.int32),
        school=np.where(rng.random(count) < 0.2, SCHOOLS.index(School.GENERAL), SCHOOLS.index(School.NONE)).astype(np.int8),
        disability=np.full(count, NOT_TOLD, dtype=np.int8),
        suspension=np.full(count, NOT_TOLD, dtype=np.int8),
        monthly_income=np.full(count, NOT_TOLD, dtype=np.int64),
        claims=ClaimColumns(
            offsets=offsets,
            category=rng.integers(0, len(CATEGORIES), claims).astype(np.int8),
            relation=rng.integers(0, len(RELATIONS), claims).astype(np.int8),
            origin=np.full(claims, NOT_TOLD, dtype=np.int64),
            rate=numbers(100), seniority_units=numbers(20), resistance_months=numbers(300), number_of_martyrs=numbers(3),
            **of_claims,
        ),
        **of_people,
    )  # fmt: skip


def _births(rng: np.random.Generator, count: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Give days of birth since 1970, and of whom only the year is known."""
    band = rng.choice(len(_AGE_SHARES), count, p=np.array(_AGE_SHARES) / sum(_AGE_SHARES))
    low, high = np.array(_AGES[:-1])[band], np.array(_AGES[1:])[band]
    age = low + rng.random(count) * (high - low)
    born = (day_number(TODAY) - age * YEAR).astype(np.int32)
    is_year_only = (age > 60) & (rng.random(count) < 0.05)
    first_of_year = born.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int32)
    return np.where(is_year_only, first_of_year, born).astype(np.int32), is_year_only


def _children(rng: np.random.Generator, age: npt.NDArray[np.float64]) -> ChildColumns:
    raises = np.flatnonzero((age > 22) & (age < 50) & (rng.random(len(age)) < 0.55))
    parent = np.repeat(raises, rng.choice([1, 2, 3], len(raises), p=[0.4, 0.45, 0.15])).astype(np.int32)
    born = (day_number(TODAY) - rng.random(len(parent)) * 20 * YEAR).astype(np.int32)
    is_studying = np.where(rng.random(len(parent)) < 0.7, np.int8(TRUE), np.int8(FALSE))
    return ChildColumns(parent=parent, birth_earliest=born, birth_latest=born, is_studying=is_studying)
