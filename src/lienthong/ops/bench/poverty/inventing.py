"""Invented households as columns, as many as a province has."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from lienthong.rules.poverty.columns import CM2_OF_M2, NO_NUMBER, UNKNOWN, HouseholdColumns, MemberColumns
from lienthong.rules.poverty.facts import HOUSEHOLD_CHOICES, MEMBER_CHOICES, MEMBER_FLAGS, Device
from lienthong.rules.poverty.points import CHOICES, COLUMNS, NUMBERS, Feature, Kind, Level, PointsTable

UNKNOWN_SHARE = 0.02
LARGEST_HOUSEHOLD = 8
OLDEST = 95
LARGEST_AREA_M2 = 150
HIGHEST_INCOME = 6_000_000


def invent(count: int, seed: int) -> HouseholdColumns:
    """Invent households with three to four members each and a few facts unknown."""
    rng = np.random.default_rng(seed)
    sizes = np.minimum(1 + rng.poisson(2.5, count), LARGEST_HOUSEHOLD).astype(np.int64)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
    people = int(offsets[-1])

    def codes(kind: type[StrEnum], number: int) -> npt.NDArray[np.int8]:
        found = rng.integers(0, len(kind), number).astype(np.int8)
        found[rng.random(number) < UNKNOWN_SHARE] = UNKNOWN
        return found

    def flags() -> npt.NDArray[np.int8]:
        found = (rng.random(people) < 0.8).astype(np.int8)
        found[rng.random(people) < UNKNOWN_SHARE] = UNKNOWN
        return found

    income = rng.integers(0, HIGHEST_INCOME, count)
    income[rng.random(count) < UNKNOWN_SHARE] = NO_NUMBER
    chosen: dict[str, Any] = {name: codes(kind, count) for name, kind in HOUSEHOLD_CHOICES.items()}
    return HouseholdColumns(
        **chosen,
        devices=rng.integers(0, 1 << len(Device), count).astype(np.int16),
        housing_area_cm2=rng.integers(0, LARGEST_AREA_M2 * CM2_OF_M2, count),
        income_per_person=income,
        members=MemberColumns(
            offsets=offsets,
            age=rng.integers(0, OLDEST, people).astype(np.int16),
            **{name: codes(kind, people) for name, kind in MEMBER_CHOICES.items()},
            **{name: flags() for name in MEMBER_FLAGS},
        ),
    )


def invent_table() -> PointsTable:
    """Invent a points table of the usual shape; its points mean nothing."""
    features = []
    for code in NUMBERS:
        first = 1 if code == "household_size" else 0
        levels = [
            Level(
                code=f"level_{number}", label=str(number), minimum=number,
                maximum=None if number == LARGEST_HOUSEHOLD else number,
                points=dict.fromkeys(COLUMNS, 5 * (LARGEST_HOUSEHOLD - number)),
            )
            for number in range(first, LARGEST_HOUSEHOLD + 1)
        ]  # fmt: skip
        features.append(Feature(code=code, label=code, kind=Kind.DERIVED, levels=tuple(levels)))
    for code, choices in CHOICES.items():
        chosen = tuple(
            Level(code=choice, label=choice, points=dict.fromkeys(COLUMNS, 15 * (len(choices) - place - 1)))
            for place, choice in enumerate(choices)
        )
        features.append(Feature(code=code, label=code, kind=Kind.DERIVED, levels=chosen))
    return PointsTable(version="invented", features=tuple(features), columns=tuple(COLUMNS))
