"""Households of every kind for property tests, and the points tables they are scored by."""

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lienthong.ops.demo import poverty
from lienthong.rules.poverty.facts import (
    Area,
    Device,
    HouseholdFacts,
    Job,
    Material,
    MemberFacts,
    MonthlyAllowance,
    Nutrition,
    Qualification,
    Study,
    Toilet,
    Waste,
    WaterSource,
    Work,
)
from lienthong.rules.poverty.points import PointsTable
from lienthong.rules.poverty.points_reading import table_from_rows

FIXTURE = Path(poverty.__file__).with_name("points-2016-2020.csv")


def fixture_rows() -> list[dict[str, str]]:
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ASKED_ROWS = [
    {
        "feature": "tractor", "feature_label": "Máy kéo", "kind": "asked", "level": level, "level_label": label,
        "minimum": "", "maximum": "", "red_river_delta": points, "northern_midlands_mountains": points,
        "north_central_coast": points, "central_highlands": 2 * points, "southeast": points, "mekong_delta": points,
        "urban": 0,
    }
    for level, label, points in (("has", "Có", 40), ("shares", "Dùng chung", 15), ("none", "Không có", 0))
]  # fmt: skip


@cache
def old_table() -> PointsTable:
    return table_from_rows(fixture_rows(), version="2016-2020", is_superseded=True)


@cache
def table_with_questions() -> PointsTable:
    return table_from_rows([*fixture_rows(), *ASKED_ROWS], version="thử")


# Around every age and income that a definition names, where mistakes live.
AGES = (0, 2, 3, 5, 6, 11, 12, 14, 15, 16, 17, 18, 19, 25, 30, 31, 45, 59, 60, 61, 80)
LINES = (
    700_000,
    900_000,
    1_000_000,
    1_300_000,
    1_500_000,
    1_950_000,
    2_000_000,
    2_200_000,
    2_250_000,
    2_800_000,
    3_000_000,
)


def random_households(seed: int, count: int, *, unknown: float = 0.15) -> list[HouseholdFacts]:
    """Invent households; each fact is unknown with this probability."""
    chance = random.Random(seed)

    def maybe(make: Callable[[], Any]) -> Any:
        return None if chance.random() < unknown else make()

    def one_of(values: Sequence[Any]) -> Any:
        return maybe(lambda: chance.choice(values))

    def member() -> MemberFacts:
        return MemberFacts(
            age=maybe(lambda: chance.choice(AGES) if chance.random() < 0.6 else chance.randint(0, 100)),
            work=one_of(list(Work)),
            job=one_of(list(Job)),
            has_health_insurance=one_of((True, True, True, False)),
            studying=one_of(list(Study)),
            qualification=one_of(list(Qualification)),
            nutrition=one_of((Nutrition.NORMAL, *Nutrition)),
            monthly_allowance=one_of(list(MonthlyAllowance)),
            is_disabled_or_ill=one_of((False, False, True)),
            receives_pension=one_of((False, False, True)),
            uses_internet=one_of((False, False, True)),
        )

    def household() -> HouseholdFacts:
        size = chance.choice((0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8)) if unknown else chance.randint(1, 8)
        return HouseholdFacts(
            area=one_of(list(Area)),
            members=tuple(member() for _ in range(size)),
            wall=one_of(list(Material)),
            pillar=one_of(list(Material)),
            roof=one_of(list(Material)),
            housing_area_m2=maybe(lambda: Decimal(8 * size) + Decimal(chance.choice((-100, -1, 0, 0, 1, 1550))) / 100),
            water_source=one_of(list(WaterSource)),
            toilet=one_of(list(Toilet)),
            devices=maybe(lambda: frozenset(chance.sample(list(Device), chance.choice((0, 0, 1, 3))))),
            waste=one_of(list(Waste)),
            income_per_person=maybe(lambda: chance.choice(LINES) + chance.choice((-1, 0, 1, 300_000))),
            asked=chance.choice(({}, {"tractor": "has"}, {"tractor": "shares"}, {"tractor": "none"})) if unknown
            else {"tractor": chance.choice(("has", "none"))},
        )  # fmt: skip

    return [_not_negative(household()) for _ in range(count)]


def _not_negative(facts: HouseholdFacts) -> HouseholdFacts:
    area = facts.housing_area_m2
    return replace(facts, housing_area_m2=Decimal(0)) if area is not None and area < 0 else facts
