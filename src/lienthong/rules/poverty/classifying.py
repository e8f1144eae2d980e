"""The class of a household, with every condition tried, what is missing, and what would change it.

Phân loại hộ: hộ nghèo, hộ cận nghèo, hộ có mức sống trung bình, hộ không nghèo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lienthong.kernel.decisions import Reason
from lienthong.rules.poverty import explaining
from lienthong.rules.poverty.classes import Limits, Position, PovertyClass, Route, class_at, has_enough
from lienthong.rules.poverty.facts import Area, HouseholdFacts
from lienthong.rules.poverty.indicators import IndicatorResult, deprivations
from lienthong.rules.poverty.points import PointsScore, PointsTable, score
from lienthong.rules.poverty.standards import PovertyStandard, ProvincialLines


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a household is, and why.

    Phân loại hộ.

    Attributes:
        poverty_class: None while an unknown fact could change it.
        possible_classes: All that it can still be; one when it is known.
        route: By what it was judged whether the household lies at or below the line.
        a_points: Sum of form B1; None where it was not taken or is not complete.
        b_points: Sum of form B2; None while it is not certain which indicators are deprived.
        deprivation_count: Indicators deprived for certain; ``undecided_count`` more may be.
        is_low_income_worker: Whether the income lies at or below that ceiling; None where unknown.
        missing: Facts that would settle the class; empty unless it is unknown.
    """

    standard_id: str
    area: Area | None
    poverty_class: PovertyClass | None
    possible_classes: tuple[PovertyClass, ...]
    route: Route
    a_points: int | None
    b_points: int | None
    deprivation_count: int
    undecided_count: int
    deprivations: tuple[IndicatorResult, ...]
    points: PointsScore | None
    income_per_person: int | None
    is_low_income_worker: bool | None
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    what_would_change: tuple[str, ...]
    notices: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """The class in Vietnamese."""
        return self.poverty_class.in_words if self.poverty_class else "chưa đủ thông tin để phân loại"

    @property
    def deprived_codes(self) -> tuple[str, ...]:
        """The codes of the indicators that are deprived for certain."""
        return tuple(one.code for one in self.deprivations if one.is_deprived)


def limits_of(
    standard: PovertyStandard, area: Area, route: Route, provincial_lines: ProvincialLines | None = None
) -> Limits:
    """Give the limits that hold for an area; of two lines of income, and of two ceilings of average living, the higher."""
    average, average_reference = standard.average_ceilings[area], standard.references["average_ceilings"]
    own_average = provincial_lines.average_of(area) if provincial_lines else None
    if provincial_lines and own_average is not None and (average is None or own_average > average):
        average, average_reference = own_average, provincial_lines.average_reference or provincial_lines.reference
    if route is Route.POINTS:
        threshold, reference = standard.a_thresholds[area], standard.references["a_thresholds"]
        return Limits(None, threshold, average, reference, average_reference)
    line, reference = standard.lines[area], standard.references["lines"]
    own = provincial_lines.of(area) if provincial_lines else None
    if provincial_lines and own is not None and own > line:
        line, reference = own, provincial_lines.reference
    return Limits(standard.lines_alone.get(area), line, average, reference, average_reference)


def classify(
    facts: HouseholdFacts,
    standard: PovertyStandard,
    *,
    points_table: PointsTable | None = None,
    column: str | None = None,
    a_points: int | None = None,
    given: Mapping[str, bool | None] | None = None,
    provincial_lines: ProvincialLines | None = None,
) -> Classification:
    """Classify one household.

    Phân loại hộ theo chuẩn nghèo đa chiều.

    Points of form B1 decide whether the household lies at or below the line where they are taken and the standard has
    thresholds; the income decides otherwise. Average living is by income only. Facts that are unknown leave the class open
    only while they could change it.

    Args:
        facts: What is known of the household.
        standard: Of the day of the review.
        points_table: The table of form B1 in force; together with ``column``.
        column: Of the table, by region and area.
        a_points: The sum of form B1 where it was added up already; takes the place of the table.
        given: Deprivations recorded already, by code of the indicator.
        provincial_lines: Higher lines of income of the province, and higher ceilings of average living.

    Returns:
        The class with points, deprivations, every condition tried, what is missing and what would change it.

    Raises:
        NoColumn: The table has no such column.
        ValueError: A table was given without a column.

    Legal source:
        07/2021/NĐ-CP, Điều 3 (lines, indicators, classes); 351/2025/NĐ-CP (until the end of 2026, and from 2027).
        07/2021/TT-BLĐTBXH (points of forms B1 and B2).
        59/2015/QĐ-TTg, Điều 2 (until the end of 2021).
    """
    if points_table is not None and column is None:
        raise ValueError("Phải nêu cột (vùng) của bảng điểm.")
    points = score(facts, points_table, column, standard.definitions) if points_table and column else None
    results = deprivations(facts, standard, given=given)
    route = _route(facts, standard, has_points=points is not None or a_points is not None)
    areas = tuple(Area) if facts.area is None else (facts.area,)
    total = a_points if a_points is not None else (points.total if points else None)
    bounds = (points.lowest, points.highest) if total is None and points else (total or 0, total or 0)
    position_sets = {
        area: (
            _by_income(limits_of(standard, area, route, provincial_lines), facts.income_per_person)
            if route is Route.INCOME
            else _by_points(
                standard.a_thresholds[area],
                bounds,
                limits_of(standard, area, Route.INCOME, provincial_lines),
                facts.income_per_person,
            )
        )
        for area in areas
    }
    certain = sum(one.is_deprived is True for one in results)
    undecided = sum(one.is_deprived is None for one in results)
    enough = has_enough(certain, undecided, standard.minimum_deprivations)
    possible = _possible_classes(position_sets, enough)
    told = explaining.Told(
        facts=facts, standard=standard, results=results, points=points, route=route,
        a_points=total,
        certain=certain, undecided=undecided, enough=enough, positions=position_sets, possible=possible,
        limits={area: limits_of(standard, area, route, provincial_lines) for area in areas},
        table=points_table,
    )  # fmt: skip
    return Classification(
        standard_id=standard.id,
        area=facts.area,
        poverty_class=possible[0] if len(possible) == 1 else None,
        possible_classes=possible,
        route=route,
        a_points=told.a_points,
        b_points=None if undecided else certain * standard.points_of_an_indicator,
        deprivation_count=certain,
        undecided_count=undecided,
        deprivations=results,
        points=points,
        income_per_person=facts.income_per_person,
        is_low_income_worker=_is_low_income_worker(facts, standard, areas),
        reasons=explaining.reasons(told),
        missing=explaining.missing(told),
        what_would_change=explaining.what_would_change(told),
        notices=explaining.notices(told),
    )


def _route(facts: HouseholdFacts, standard: PovertyStandard, *, has_points: bool) -> Route:
    """Take the points where there are some and the standard says what they mean."""
    if has_points and (standard.has_points or facts.income_per_person is None):
        return Route.POINTS
    return Route.INCOME


def _possible_classes(positions: Mapping[Area, frozenset[Position]], enough: bool | None) -> tuple[PovertyClass, ...]:
    answers = (True, False) if enough is None else (enough,)
    found = {
        class_at(position, has_enough=answer)
        for possible in positions.values()
        for position in possible
        for answer in answers
    }
    return tuple(one for one in PovertyClass if one in found)


def _by_points(
    threshold: int | None, bounds: tuple[int, int], income_limits: Limits, income: int | None
) -> frozenset[Position]:
    """Say where a household can lie whose points lie within bounds."""
    lowest, highest = bounds
    found: set[Position] = set()
    if threshold is None and income_limits.alone is not None:
        found.add(Position.ALONE)
    if threshold is None or lowest <= threshold:
        found.add(Position.UNDER)
    if threshold is None or highest > threshold:
        found.add(_above_by_points(income_limits, income))
    return frozenset(found)


def _above_by_points(limits: Limits, income: int | None) -> Position:
    """Say what a household above the threshold of points is: average living is by income, where it is known."""
    if income is None or limits.average is None or limits.line is None or not limits.line < income <= limits.average:
        return Position.ABOVE
    return Position.AVERAGE


def _by_income(limits: Limits, income: int | None) -> frozenset[Position]:
    if income is None:
        absent = {Position.ALONE} if limits.alone is None else set()
        absent |= {Position.AVERAGE} if limits.average is None else set()
        return frozenset(Position) - absent
    if limits.alone is not None and income <= limits.alone:
        return frozenset({Position.ALONE})
    if limits.line is not None and income <= limits.line:
        return frozenset({Position.UNDER})
    if limits.average is not None and income <= limits.average:
        return frozenset({Position.AVERAGE})
    return frozenset({Position.ABOVE})


def _is_low_income_worker(facts: HouseholdFacts, standard: PovertyStandard, areas: Iterable[Area]) -> bool | None:
    if facts.income_per_person is None:
        return None
    ceilings = [standard.low_income_worker_ceilings[area] for area in areas]
    answers = {None if ceiling is None else facts.income_per_person <= ceiling for ceiling in ceilings}
    return answers.pop() if len(answers) == 1 else None
