"""A province of households scored and classified at once, beside one pass over the same columns."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from lienthong.ops.bench.order import Order
from lienthong.ops.bench.poverty.inventing import invent, invent_table
from lienthong.ops.bench.report import Measure, grouped
from lienthong.rules.poverty.classifying import classify
from lienthong.rules.poverty.columns import NO_NUMBER, HouseholdColumns, facts_at
from lienthong.rules.poverty.facts import HOUSEHOLD_CHOICES, MEMBER_CHOICES, MEMBER_FLAGS
from lienthong.rules.poverty.points import PointsTable, column_for
from lienthong.rules.poverty.standards import PovertyStandard, standard
from lienthong.rules.poverty.vectorised import CLASSES, ClassifiedColumns, classify_columns, columns_of

COUNT, COUNT_QUICK = 350_000, 20_000
SAMPLE, SAMPLE_QUICK = 2_000, 200
SEED = 72021  # the decree that set the standard
STANDARD = "2022-2026"
REGION = "northern_midlands_mountains"

FLOOR = "một lượt numpy đọc đúng các cột ấy (tổng mỗi cột): việc ít nhất mà phép phân loại nào cũng phải làm"


def measure(order: Order) -> list[Measure]:
    """Measure scoring and classifying, and compare a sample with the engine for one household."""
    count, sample = (COUNT_QUICK, SAMPLE_QUICK) if order.is_quick else (COUNT, SAMPLE)
    columns, table, law = invent(count, SEED), invent_table(), standard(STANDARD)
    people = len(columns.members)
    order.say(f"{grouped(count)} hộ, {grouped(people)} người cùng lúc")
    floor = _seconds(lambda: _read_everything(columns))
    ours = _seconds(lambda: _classify(columns, law, table))
    found = _classify(columns, law, table)
    order.say(f"{grouped(sample)} hộ từng hộ một để so")
    chosen = np.random.default_rng(SEED).choice(count, sample, replace=False)
    differing = 0
    began = time.perf_counter()
    for row in chosen.tolist():
        differing += not _is_same(columns, found, row, law, table)
    alone = time.perf_counter() - began
    return [
        Measure(
            what=f"{grouped(count)} hộ, {grouped(people)} người: chấm điểm và phân loại",
            ours=ours, unit="giây", floor=floor, ratio=ours / floor,
            detail={"households": count, "members": people, "households_per_second": count / ours},
        ),
        Measure(
            what="Khác với phân loại từng hộ", ours=differing, unit=f"trên {grouped(sample)}", target="0",
            is_met=differing == 0, detail={"sample": sample, "differences": differing},
        ),
        Measure(
            what="Phân loại từng hộ, có giải thích", ours=sample / alone, unit="hộ/giây", floor=count / ours,
            detail={"floor": "cùng phép tính, cả loạt"},
        ),
    ]  # fmt: skip


def _classify(columns: HouseholdColumns, law: PovertyStandard, table: PointsTable) -> ClassifiedColumns:
    return classify_columns(columns, law, table=table, column_of=columns_of(columns, table, region=REGION))


def _read_everything(columns: HouseholdColumns) -> int:
    """Read every column that scoring reads, once."""
    total = 0
    for name in (*HOUSEHOLD_CHOICES, "devices", "housing_area_cm2", "income_per_person"):
        total += int(getattr(columns, name).sum(dtype=np.int64))
    for name in ("age", *MEMBER_CHOICES, *MEMBER_FLAGS):
        total += int(
            np.add.reduceat(getattr(columns.members, name), columns.members.offsets[:-1], dtype=np.int64).sum()
        )
    return total


def _is_same(
    columns: HouseholdColumns, found: ClassifiedColumns, row: int, law: PovertyStandard, table: PointsTable
) -> bool:
    facts = facts_at(columns, row)
    alone = classify(
        facts,
        law,
        points_table=table if facts.area else None,
        column=column_for(facts.area, REGION) if facts.area else None,
    )
    points = None if found.a_points[row] == NO_NUMBER else int(found.a_points[row])
    possible = tuple(one for place, one in enumerate(CLASSES) if found.possible[row] >> place & 1)
    deprived = tuple(one.code for one in law.indicators if found.deprivations[one.code][row] == 1)
    return (points, possible, deprived) == (alone.a_points, alone.possible_classes, alone.deprived_codes)


def _seconds(work: Callable[[], object], *, times: int = 3) -> float:
    """Return the shortest of some runs: the one that was least disturbed."""
    shortest = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        shortest = min(shortest, time.perf_counter() - began)
    return shortest
