"""The classes of the poverty review, and how position beside the line and deprivations give one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lienthong.kernel.legal import LegalReference


class PovertyClass(StrEnum):
    """What a household is by a poverty standard.

    Kết quả phân loại hộ.
    """

    POOR = "poor"
    NEAR_POOR = "near_poor"
    AVERAGE = "average"
    NOT_POOR = "not_poor"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a screen or a printed decision."""
        return _CLASS_WORDS[self]


_CLASS_WORDS: Final = {
    PovertyClass.POOR: "hộ nghèo",
    PovertyClass.NEAR_POOR: "hộ cận nghèo",
    PovertyClass.AVERAGE: "hộ có mức sống trung bình",
    PovertyClass.NOT_POOR: "hộ không nghèo",
}


class Route(StrEnum):
    """By what it is judged whether a household lies at or below the line.

    Căn cứ xếp loại: thu nhập hoặc điểm B1.
    """

    INCOME = "income"
    POINTS = "points"

    @property
    def in_words(self) -> str:
        """Vietnamese words."""
        return "thu nhập bình quân" if self is Route.INCOME else "điểm B1"


class Position(StrEnum):
    """Where a household lies beside the lines: poor by that alone, at or below the line, average, or above."""

    ALONE = "alone"
    UNDER = "under"
    AVERAGE = "average"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one area by one route, in đồng or points; None is no such limit, or one that was not read."""

    alone: int | None
    line: int | None
    average: int | None
    line_reference: LegalReference
    average_reference: LegalReference


def has_enough(certain: int, undecided: int, minimum: int) -> bool | None:
    """Say whether a household is deprived often enough to be poor, whatever the undecided indicators turn out to be."""
    if certain >= minimum:
        return True
    return None if certain + undecided >= minimum else False


def class_at(position: Position, *, has_enough: bool) -> PovertyClass:
    """Give the class of a household of which everything is known."""
    if position is Position.ALONE:
        return PovertyClass.POOR
    if position is Position.UNDER:
        return PovertyClass.POOR if has_enough else PovertyClass.NEAR_POOR
    return PovertyClass.AVERAGE if position is Position.AVERAGE else PovertyClass.NOT_POOR
