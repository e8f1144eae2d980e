"""The numpy twin of :func:`lienthong.rules.poverty.classifying.classify`: every household of a province at once.

The same answers as one by one, without the words. A class is found by tables: where a household can lie beside the lines (four
bits) and whether it is deprived often enough (no, yes, undecided) give the classes that it can have (four bits).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.rules.poverty.classes import Position, PovertyClass, Route, class_at
from lienthong.rules.poverty.classifying import limits_of
from lienthong.rules.poverty.columns import NO_NUMBER, UNKNOWN, Codes, HouseholdColumns, Numbers
from lienthong.rules.poverty.facts import Area
from lienthong.rules.poverty.points import URBAN_COLUMN, PointsTable
from lienthong.rules.poverty.standards import PovertyStandard, ProvincialLines
from lienthong.rules.poverty.vectorised_indicators import Flags, deprivation_columns
from lienthong.rules.poverty.vectorised_points import points_columns

Bits = npt.NDArray[np.uint8]

_POSITION: Final[Mapping[Position, int]] = {one: 1 << place for place, one in enumerate(Position)}
_CLASS: Final[Mapping[PovertyClass, int]] = {one: 1 << place for place, one in enumerate(PovertyClass)}
CLASSES: Final = tuple(PovertyClass)
ROUTES: Final = tuple(Route)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedColumns:
    """What many households are.

    Attributes:
        classes: The place in ``CLASSES``; -1 while it is unknown.
        possible: One bit for each of ``CLASSES`` that the household can still be.
        routes: The place in ``ROUTES``.
        a_points: ``NO_NUMBER`` where no points were taken or the sum is not certain; as of b_points.
        a_lowest: The least of the sum by the table; ``NO_NUMBER`` without one.
        a_highest: The most.
        deprivation_count: Indicators deprived for certain.
        undecided_count: Indicators that may be.
        deprivations: By code of the indicator: 1, 0 or -1.
        is_low_income_worker: 1, 0 or -1.
    """

    classes: Codes
    possible: Bits
    routes: Codes
    a_points: Numbers
    a_lowest: Numbers
    a_highest: Numbers
    b_points: Numbers
    deprivation_count: Codes
    undecided_count: Codes
    deprivations: Mapping[str, Codes]
    is_low_income_worker: Codes

    def __len__(self) -> int:
        return len(self.classes)


def columns_of(columns: HouseholdColumns, table: PointsTable, *, region: str) -> npt.NDArray[np.intp]:
    """Give each household its column of a points table: the region's, or urban; -1 where the area is not known."""
    rural, urban = table.columns.index(region), table.columns.index(URBAN_COLUMN)
    by_area = np.array([rural if area is Area.RURAL else urban for area in Area] + [UNKNOWN], dtype=np.intp)
    return by_area[columns.area]


def classify_columns(
    columns: HouseholdColumns,
    standard: PovertyStandard,
    *,
    table: PointsTable | None = None,
    column_of: npt.NDArray[np.intp] | None = None,
    provincial_lines: ProvincialLines | None = None,
) -> ClassifiedColumns:
    """Classify many households.

    Phân loại nhiều hộ cùng lúc.

    Args:
        columns: The households.
        standard: Of the day of the review.
        table: The points table of form B1 in force; together with ``column_of``.
        column_of: For each household the place of its column among ``table.columns``, or -1: no points by the table.
        provincial_lines: Higher lines of income of the province, and higher ceilings of average living.

    Returns:
        For every household what ``classify`` says of it.
    """
    deprived = deprivation_columns(columns, standard)
    answers = np.stack([deprived[one.code] for one in standard.indicators])
    certain = np.count_nonzero(answers == 1, axis=0)
    undecided = np.count_nonzero(answers == UNKNOWN, axis=0)
    total, lowest, highest, has_points = _points(columns, standard, table, column_of)
    no_income = columns.income_per_person == NO_NUMBER
    by_points = has_points & (no_income if not standard.has_points else np.True_)
    possible = np.zeros(len(columns), dtype=np.uint8)
    enough = np.where(
        certain >= standard.minimum_deprivations,
        np.int8(1),
        np.where(certain + undecided >= standard.minimum_deprivations, np.int8(UNKNOWN), np.int8(0)),
    )
    least = np.where(total == NO_NUMBER, lowest, total)
    most = np.where(total == NO_NUMBER, highest, total)
    for place, area in enumerate(Area):
        positions = _by_income(columns.income_per_person, standard, area, provincial_lines)
        if by_points.any():
            points_say = _by_points((least, most), columns.income_per_person, standard, area, provincial_lines)
            positions = np.where(by_points, points_say, positions)
        here = (columns.area == place) | (columns.area == UNKNOWN)
        possible |= np.where(here, _TABLE[positions, enough], np.uint8(0))
    return ClassifiedColumns(
        classes=_ONE_CLASS[possible],
        possible=possible,
        routes=np.where(by_points, ROUTES.index(Route.POINTS), ROUTES.index(Route.INCOME)).astype(np.int8),
        a_points=total,
        a_lowest=lowest,
        a_highest=highest,
        b_points=np.where(undecided > 0, NO_NUMBER, certain * standard.points_of_an_indicator),
        deprivation_count=certain.astype(np.int8),
        undecided_count=undecided.astype(np.int8),
        deprivations=deprived,
        is_low_income_worker=_low_income_workers(columns, standard),
    )


def _points(
    columns: HouseholdColumns,
    standard: PovertyStandard,
    table: PointsTable | None,
    column_of: npt.NDArray[np.intp] | None,
) -> tuple[Numbers, Numbers, Numbers, Flags]:
    """Give the sum, its bounds, and whether there are points at all."""
    nothing = np.full(len(columns), NO_NUMBER, dtype=np.int64)
    total, lowest, highest = nothing.copy(), nothing, nothing
    has_points = np.zeros(len(columns), dtype=np.bool_)
    if table is not None and column_of is not None:
        has_points = column_of != UNKNOWN
        least, most = points_columns(columns, table, np.maximum(column_of, 0), standard.definitions)
        lowest, highest = np.where(has_points, least, NO_NUMBER), np.where(has_points, most, NO_NUMBER)
        total = np.where(has_points & (least == most), least, NO_NUMBER)
    if columns.a_points is not None:
        is_given = columns.a_points != NO_NUMBER
        total = np.where(is_given, columns.a_points, total)
        has_points = has_points | is_given
    return total, lowest, highest, has_points


def _by_income(
    income: Numbers, standard: PovertyStandard, area: Area, provincial_lines: ProvincialLines | None
) -> Bits:
    limits = limits_of(standard, area, Route.INCOME, provincial_lines)
    found = np.full(len(income), _POSITION[Position.ABOVE], dtype=np.uint8)
    unknown = sum(_POSITION.values())
    for limit, position in (
        (limits.average, Position.AVERAGE),
        (limits.line, Position.UNDER),
        (limits.alone, Position.ALONE),
    ):
        if limit is None:
            unknown -= _POSITION[position]
        else:
            found[income <= limit] = _POSITION[position]
    found[income == NO_NUMBER] = unknown
    return found


def _by_points(
    bounds: tuple[Numbers, Numbers],
    income: Numbers,
    standard: PovertyStandard,
    area: Area,
    provincial_lines: ProvincialLines | None,
) -> Bits:
    least, most = bounds
    limits = limits_of(standard, area, Route.INCOME, provincial_lines)
    above = np.full(len(income), _POSITION[Position.ABOVE], dtype=np.uint8)
    if limits.average is not None and limits.line is not None:
        above[(income > limits.line) & (income <= limits.average)] = _POSITION[Position.AVERAGE]
    threshold = standard.a_thresholds[area]
    under = np.uint8(_POSITION[Position.UNDER])
    if threshold is None:
        alone = np.uint8(_POSITION[Position.ALONE] if limits.alone is not None else 0)
        return (above | (under | alone)).astype(np.uint8)
    found = np.where(most > threshold, above, np.uint8(0)).astype(np.uint8)
    found[least <= threshold] |= under
    return found


def _low_income_workers(columns: HouseholdColumns, standard: PovertyStandard) -> Codes:
    income = columns.income_per_person
    by_area = []
    for area in Area:
        ceiling = standard.low_income_worker_ceilings[area]
        if ceiling is None:
            by_area.append(np.full(len(income), UNKNOWN, dtype=np.int8))
        else:
            by_area.append(np.where(income == NO_NUMBER, np.int8(UNKNOWN), (income <= ceiling).astype(np.int8)))
    rural, urban = by_area
    either = np.where(rural == urban, rural, np.int8(UNKNOWN))
    return np.where(columns.area == 0, rural, np.where(columns.area == 1, urban, either))


def _classes_by_position() -> Bits:
    """Make the table from positions and "deprived often enough" (0, 1, and -1 at the end) to possible classes."""
    table = np.zeros((1 << len(Position), 3), dtype=np.uint8)
    for bits in range(1 << len(Position)):
        for position, bit in _POSITION.items():
            if bits & bit:
                without, having = (_CLASS[class_at(position, has_enough=answer)] for answer in (False, True))
                table[bits] |= np.array([without, having, without | having], dtype=np.uint8)
    return table


_TABLE: Final = _classes_by_position()
_ONE_CLASS: Final = np.array(
    [bits.bit_length() - 1 if bits.bit_count() == 1 else UNKNOWN for bits in range(1 << len(PovertyClass))],
    dtype=np.int8,
)
