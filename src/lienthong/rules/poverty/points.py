"""The points of form B1: a table as data, and the sum for one household.

Bảng điểm B1. A table is loaded by the department; the law of the day only says which sum stands for the line of income.
``points_reading.py`` checks rows and makes a table of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from lienthong.rules.poverty import words
from lienthong.rules.poverty.facts import Area, HouseholdFacts, MemberFacts, Qualification
from lienthong.rules.poverty.standards import Definitions
from lienthong.rules.poverty.words import listed, member_in_words

URBAN_COLUMN: Final = "urban"
COLUMNS: Final[Mapping[str, str]] = {
    "red_river_delta": "Nông thôn: Đồng bằng sông Hồng",
    "northern_midlands_mountains": "Nông thôn: Trung du và miền núi phía Bắc",
    "north_central_coast": "Nông thôn: Bắc Trung Bộ và Duyên hải miền Trung",
    "central_highlands": "Nông thôn: Tây Nguyên",
    "southeast": "Nông thôn: Đông Nam Bộ",
    "mekong_delta": "Nông thôn: Đồng bằng sông Cửu Long",
    URBAN_COLUMN: "Thành thị",
}
"""The columns of a table: six rural regions, and urban."""

NUMBERS: Final = ("household_size", "dependants", "pensioners")
QUALIFICATIONS: Final = ("college", "vocational", "upper_secondary", "lower")
JOBS: Final = ("public", "non_farm", "none")
MATERIALS: Final = ("durable", "not_durable")
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "highest_qualification": QUALIFICATIONS,
    "best_job": JOBS,
    "wall": MATERIALS,
    "pillar": MATERIALS,
    "roof": MATERIALS,
}
"""What is derived from the facts: numbers, and choices with the levels they can have, highest first."""


class Kind(StrEnum):
    """Where the level of a feature comes from: derived from other facts, or asked."""

    DERIVED = "derived"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One row of a points table.

    Mức của bảng điểm.

    Attributes:
        minimum: Of a number: the least that belongs here; None for a choice.
        maximum: The most; None means "and more".
        points: By column.
    """

    code: str
    label: str
    minimum: int | None = None
    maximum: int | None = None
    points: Mapping[str, int]

    def holds(self, number: int) -> bool:
        """Say whether a number belongs to this level."""
        return self.minimum is not None and self.minimum <= number and (self.maximum is None or number <= self.maximum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature of a points table with its levels.

    Đặc điểm của bảng điểm.
    """

    code: str
    label: str
    kind: Kind
    levels: tuple[Level, ...]

    @property
    def is_number(self) -> bool:
        """Whether its levels are spans of numbers."""
        return any(level.minimum is not None for level in self.levels)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTable:
    """A points table of form B1.

    Bảng điểm B1.

    Attributes:
        version: How the table is named beside the scores that it gave.
        columns: The columns it has, in their order.
        is_superseded: Whether it is known to be no longer in force; every result says so.
    """

    version: str
    features: tuple[Feature, ...]
    columns: tuple[str, ...]
    is_superseded: bool = False

    @property
    def asked(self) -> tuple[Feature, ...]:
        """The features that a form has to ask."""
        return tuple(feature for feature in self.features if feature.kind is Kind.ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPoints:
    """What one feature gives a household.

    Attributes:
        level: None while it is not known.
        points: None while the level is unknown and the levels possible differ in points.
        lowest: The least that it can give, whatever is not yet known; equal to ``points`` when they are known.
        highest: The most.
        missing: The fact that would settle it.
    """

    feature: str
    label: str
    level: str | None
    level_label: str | None
    points: int | None
    lowest: int
    highest: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsScore:
    """The points of one household by one column of one table.

    Điểm B1 của hộ.

    Attributes:
        total: None while an item is open.
    """

    version: str
    column: str
    items: tuple[ItemPoints, ...]
    total: int | None
    lowest: int
    highest: int
    missing: tuple[str, ...] = ()


class NoColumn(LookupError):
    """The table has no such column; the message names those it has."""


def column_for(area: Area, region: str) -> str:
    """Name the column of a household.

    Args:
        area: Of its place.
        region: The rural region of the province, such as ``northern_midlands_mountains``.
    """
    return URBAN_COLUMN if area == Area.URBAN else region


def score(facts: HouseholdFacts, table: PointsTable, column: str, law: Definitions) -> PointsScore:
    """Add up the points of form B1.

    Điểm B1: điểm tính thu nhập của hộ.

    Args:
        facts: What is known of the household.
        table: A table that ``points_reading.table_from_rows`` made.
        column: A key of ``COLUMNS`` that the table has.
        law: The definitions of the standard, ``standard.definitions``.

    Returns:
        Each feature with level and points. The total is None while an unknown fact could change it; lowest and highest
        then bound it.

    Raises:
        NoColumn: The table has no such column.
    """
    if column not in table.columns:
        raise NoColumn(f"Bảng điểm {table.version} không có cột “{column}”. Các cột: {', '.join(table.columns)}.")
    items = tuple(_item(feature, facts, column, law) for feature in table.features)
    known = [item.points for item in items if item.points is not None]
    return PointsScore(
        version=table.version,
        column=column,
        items=items,
        total=sum(known) if len(known) == len(items) else None,
        lowest=sum(item.lowest for item in items),
        highest=sum(item.highest for item in items),
        missing=tuple(fact for item in items for fact in item.missing),
    )


def _item(feature: Feature, facts: HouseholdFacts, column: str, law: Definitions) -> ItemPoints:
    levels, missing = _possible_levels(feature, facts, law)
    points = [level.points[column] for level in levels]
    level = levels[0] if len(levels) == 1 else None
    is_known = min(points) == max(points)
    return ItemPoints(
        feature=feature.code,
        label=feature.label,
        level=level.code if level else None,
        level_label=level.label if level else None,
        points=points[0] if is_known else None,
        lowest=min(points),
        highest=max(points),
        missing=() if is_known else missing,
    )


def _possible_levels(
    feature: Feature, facts: HouseholdFacts, law: Definitions
) -> tuple[tuple[Level, ...], tuple[str, ...]]:
    """Give the levels that a household can have by what is known, and the facts that would leave one."""
    if feature.kind is Kind.ASKED:
        answer = facts.asked.get(feature.code)
        found = tuple(level for level in feature.levels if level.code == answer)
        return (found or feature.levels), (() if found else (feature.label,))
    if feature.code in NUMBERS:
        lowest, highest, missing = _number(feature.code, facts, law)
        return tuple(level for level in feature.levels if _overlaps(level, lowest, highest)), missing
    choices, missing = _choices(feature.code, facts, law)
    return tuple(level for level in feature.levels if level.code in choices), missing


def _overlaps(level: Level, lowest: int, highest: int | None) -> bool:
    least = level.minimum or 0
    return (highest is None or least <= highest) and (level.maximum is None or lowest <= level.maximum)


def _number(code: str, facts: HouseholdFacts, law: Definitions) -> tuple[int, int | None, tuple[str, ...]]:
    if not facts.members:
        return (1 if code == "household_size" else 0), None, ("danh sách thành viên của hộ",)
    if code == "household_size":
        return len(facts.members), len(facts.members), ()
    counts, what = (
        (is_dependant, "tuổi, khuyết tật hoặc bệnh tật") if code == "dependants" else (is_pensioner, "lương hưu")
    )
    answers = [counts(member, law) for member in facts.members]
    certain = answers.count(True)
    return certain, certain + answers.count(None), _lacking(what, facts, answers)


def _lacking(what: str, facts: HouseholdFacts, answers: Iterable[bool | None]) -> tuple[str, ...]:
    unknown = [
        member_in_words(position, member)
        for position, (member, answer) in enumerate(zip(facts.members, answers, strict=True), 1)
        if answer is None
    ]
    return (f"{what} của {listed(unknown)}",) if unknown else ()


def is_dependant(member: MemberFacts, law: Definitions) -> bool | None:
    """Say whether a member counts as dependant on form B1: a child, an old, a disabled or an ill person."""
    if member.is_disabled_or_ill or (
        member.age is not None and (member.age < law.dependant_below_age or member.age > law.dependant_above_age)
    ):
        return True
    return None if member.age is None or member.is_disabled_or_ill is None else False


def is_pensioner(member: MemberFacts, law: Definitions) -> bool | None:
    """Say whether a member receives a pension; those too young to be asked do not."""
    return _asked_or(member, member.receives_pension, law, otherwise=False)


def qualification_of(member: MemberFacts, law: Definitions) -> str | None:
    """Give the level of form B1 that a member's qualification has; None while it is not known."""
    known = None if member.qualification is None else _QUALIFICATION_LEVELS[member.qualification]
    return _asked_or(member, known, law, otherwise="lower")


def job_of(member: MemberFacts, law: Definitions) -> str | None:
    """Give the level of form B1 that a member's job has; work on a farm counts as none."""
    known = None if member.job is None else (member.job if member.job in JOBS else "none")
    return _asked_or(member, known, law, otherwise="none")


_QUALIFICATION_LEVELS: Final[Mapping[str, str]] = {
    level: level if level in QUALIFICATIONS else "lower" for level in Qualification
}


_T = TypeVar("_T")


def _asked_or(member: MemberFacts, answer: _T | None, law: Definitions, *, otherwise: _T) -> _T | None:
    """Give the answer, or for a member too young to be asked what holds without asking."""
    if answer is None and member.age is not None and member.age < law.asked_about_work_from_age:
        return otherwise
    return answer


def _choices(code: str, facts: HouseholdFacts, law: Definitions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if code in words.STRUCTURES:
        material = {"wall": facts.wall, "pillar": facts.pillar, "roof": facts.roof}[code]
        if material is None:
            return MATERIALS, (f"vật liệu của {words.STRUCTURES[code]}",)
        return (material,), ()
    order = CHOICES[code]
    if not facts.members:
        return order, ("danh sách thành viên của hộ",)
    answer_of, what = (qualification_of, "bằng cấp") if code == "highest_qualification" else (job_of, "nghề chính")
    answers = [answer_of(member, law) for member in facts.members]
    best = min((order.index(answer) for answer in answers if answer is not None), default=len(order) - 1)
    if None not in answers:
        return (order[best],), ()
    return order[: best + 1], _lacking(what, facts, [None if answer is None else True for answer in answers])
