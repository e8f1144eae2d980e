"""The words of a classification: the conditions tried, what is missing, what would change it, and what to beware of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import format_dong
from lienthong.rules.poverty.classes import Limits, Position, PovertyClass, Route
from lienthong.rules.poverty.facts import Area, HouseholdFacts
from lienthong.rules.poverty.indicators import IndicatorResult
from lienthong.rules.poverty.points import PointsScore, PointsTable
from lienthong.rules.poverty.standards import PovertyStandard

_LOW = frozenset({Position.ALONE, Position.UNDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that was found on the way to a class."""

    facts: HouseholdFacts
    standard: PovertyStandard
    results: tuple[IndicatorResult, ...]
    points: PointsScore | None
    route: Route
    a_points: int | None
    certain: int
    undecided: int
    enough: bool | None
    positions: Mapping[Area, frozenset[Position]]
    possible: tuple[PovertyClass, ...]
    limits: Mapping[Area, Limits]
    table: PointsTable | None

    @property
    def all_positions(self) -> frozenset[Position]:
        """Where the household can lie, in whichever area."""
        return frozenset().union(*self.positions.values())


def reasons(told: Told) -> tuple[Reason, ...]:
    """Give every condition that was tried: the lines of each possible area, the count, and each indicator."""
    found = []
    for area, limits in told.limits.items():
        found += _by_points(told, area, limits) if told.route is Route.POINTS else _by_income(told, area, limits)
    least = told.standard.minimum_deprivations
    total = len(told.results)
    count = f"{told.certain}" if not told.undecided else f"{told.certain} đến {told.certain + told.undecided}"
    found.append(
        Reason(
            f"Thiếu hụt từ {least} chỉ số trở lên: {count} trên {total} chỉ số",
            told.enough,
            told.standard.references["minimum_deprivations"],
        )
    )
    found += [
        Reason(f"Thiếu hụt chỉ số {one.number}, {one.name}: {one.why.rstrip('.')}", one.is_deprived, one.reference)
        for one in told.results
    ]
    return tuple(found)


def _by_points(told: Told, area: Area, limits: Limits) -> list[Reason]:
    if limits.line is None:
        return [
            Reason(
                f"Điểm B1 không quá ngưỡng A của khu vực {area.in_words}: "
                f"chưa có ngưỡng điểm của chuẩn {told.standard.id}",
                None,
                limits.line_reference,
            )
        ]
    positions = told.positions[area]
    known = f"{told.a_points} điểm" if told.a_points is not None else _bounds(told)
    found = [
        Reason(
            f"Điểm B1 không quá ngưỡng A {limits.line} điểm của khu vực {area.in_words}: {known}",
            _all_or_none(positions, _LOW),
            limits.line_reference,
        )
    ]
    if Position.AVERAGE in positions and limits.average is not None:
        found.append(_average(told, limits.average, area, limits.average_reference, holds=True))
    return found


def _bounds(told: Told) -> str:
    if told.points is None:
        return "chưa rõ"
    return f"chưa đủ, trong khoảng {told.points.lowest} đến {told.points.highest} điểm"


def _by_income(told: Told, area: Area, limits: Limits) -> list[Reason]:
    positions, income = told.positions[area], told.facts.income_per_person
    known = "chưa biết thu nhập" if income is None else format_dong(income)
    found = []
    if limits.alone is not None:
        found.append(
            Reason(
                f"Thu nhập bình quân không quá {format_dong(limits.alone)} của khu vực {area.in_words}: {known}",
                _all_or_none(positions, frozenset({Position.ALONE})),
                told.standard.references["lines_alone"],
            )
        )
    if limits.line is not None:
        found.append(
            Reason(
                f"Thu nhập bình quân không quá chuẩn {format_dong(limits.line)} của khu vực {area.in_words}: {known}",
                _all_or_none(positions, _LOW),
                limits.line_reference,
            )
        )
    if limits.average is not None and not positions <= _LOW:
        found.append(
            _average(
                told,
                limits.average,
                area,
                limits.average_reference,
                holds=_all_or_none(positions, frozenset({Position.AVERAGE, *_LOW})),
            )
        )
    return found


def _average(told: Told, ceiling: int, area: Area, reference: LegalReference, *, holds: bool | None) -> Reason:
    income = told.facts.income_per_person
    known = "chưa biết thu nhập" if income is None else format_dong(income)
    return Reason(
        f"Thu nhập bình quân không quá {format_dong(ceiling)}, mức sống trung bình của khu vực {area.in_words}: {known}",
        holds,
        reference,
    )


def _all_or_none(positions: frozenset[Position], wanted: frozenset[Position]) -> bool | None:
    if positions <= wanted:
        return True
    return None if positions & wanted else False


def missing(told: Told) -> tuple[str, ...]:
    """Name the facts that would settle the class, each once; nothing when it is settled."""
    if len(told.possible) == 1:
        return ()
    found: list[str] = []
    if told.facts.area is None:
        found.append("khu vực (nông thôn hay thành thị)")
    if any(len(positions) > 1 for positions in told.positions.values()):
        if told.route is Route.INCOME:
            found.append("thu nhập bình quân đầu người một tháng")
        elif any(limits.line is None for limits in told.limits.values()):
            found.append(f"ngưỡng điểm A của chuẩn {told.standard.id} (hoặc thu nhập bình quân đầu người một tháng)")
        elif told.points is not None:
            found += told.points.missing
    if told.enough is None and Position.UNDER in told.all_positions:
        found += [fact for one in told.results if one.is_deprived is None for fact in one.missing]
    return tuple(dict.fromkeys(found))


def what_would_change(told: Told) -> tuple[str, ...]:
    """Say how far the household is from another class: by deprivations, and by points or income."""
    found: list[str] = []
    least = told.standard.minimum_deprivations
    if told.all_positions == {Position.UNDER} and not told.undecided:
        if told.certain < least:
            found.append(f"Nếu thêm {least - told.certain} chỉ số thiếu hụt thì thành hộ nghèo.")
        else:
            found.append(f"Nếu bớt {told.certain - least + 1} chỉ số thiếu hụt thì thành hộ cận nghèo.")
    if len(told.limits) == 1:
        (limits,) = told.limits.values()
        found += _distance_of_points(told, limits) if told.route is Route.POINTS else _distance_of_income(told, limits)
    return tuple(found)


def _distance_of_points(told: Told, limits: Limits) -> list[str]:
    if told.a_points is None or limits.line is None:
        return []
    if told.a_points <= limits.line:
        away = limits.line - told.a_points
        return [
            f"Điểm B1 cách ngưỡng {away} điểm; nếu thêm {away + 1} điểm thì không còn là hộ nghèo, hộ cận nghèo."
            if away
            else "Điểm B1 bằng đúng ngưỡng; nếu thêm 1 điểm thì không còn là hộ nghèo, hộ cận nghèo."
        ]
    over = told.a_points - limits.line
    outcome = {True: "hộ nghèo", False: "hộ cận nghèo", None: "hộ nghèo hoặc hộ cận nghèo"}[told.enough]
    return [f"Điểm B1 vượt ngưỡng {over} điểm; nếu bớt {over} điểm thì thành {outcome}."]


def _distance_of_income(told: Told, limits: Limits) -> list[str]:
    income = told.facts.income_per_person
    if income is None or limits.line is None:
        return []
    if income <= limits.line:
        away = f"thấp hơn chuẩn {format_dong(limits.line - income)}" if income < limits.line else "bằng đúng chuẩn"
        return [f"Thu nhập {away}; vượt {format_dong(limits.line)} thì không còn là hộ nghèo, hộ cận nghèo."]
    outcome = {True: "hộ nghèo", False: "hộ cận nghèo", None: "hộ nghèo hoặc hộ cận nghèo"}[told.enough]
    over, line = format_dong(income - limits.line), format_dong(limits.line)
    return [f"Thu nhập cao hơn chuẩn {over}; từ {line} trở xuống thì thành {outcome}."]


def notices(told: Told) -> tuple[str, ...]:
    """Say what to beware of: a table no longer in force, a text that was not read, a ceiling that is not known."""
    found: list[str] = []
    if told.table is not None and told.table.is_superseded:
        found.append(f"Bảng điểm {told.table.version} đã hết hiệu lực, chỉ dùng để thử.")
    if told.standard.confidence is Confidence.MEMORY:
        found.append(f"Chuẩn {told.standard.id}: một số ngưỡng hoặc định nghĩa chưa đối chiếu được với văn bản gốc.")
    if Position.ABOVE in told.all_positions and told.facts.income_per_person is None and told.route is Route.POINTS:
        found.append("Chưa biết thu nhập nên chưa xét mức sống trung bình.")
    elif Position.ABOVE in told.all_positions and any(limits.average is None for limits in told.limits.values()):
        found.append(f"Chưa có mức trần của mức sống trung bình theo chuẩn {told.standard.id}, nên chưa xét.")
    return tuple(found)
