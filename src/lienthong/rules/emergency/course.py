"""The way of a list from the village to whoever decides: the head lists, the village meets, the commune decides within days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Reason
from lienthong.rules.allowances import Allowance, Unit
from lienthong.rules.emergency.facts import InjuryFacts
from lienthong.rules.emergency.kinds import Emergency
from lienthong.rules.parameters import DatedValue, load_parameter

_FILE: Final = "emergency/deciding"


class Step(StrEnum):
    """Whether the village must meet.

    Họp thôn, bản, tổ dân phố.
    """

    NEEDED = "needed"
    NONE = "none"
    SKIPPABLE = "skippable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What was done before the decision.

    Trình tự lập danh sách, họp xét.

    Attributes:
        listed_on: The head of the village put the list together.
        met_on: The village met about it.
        urgent_reason: Why there was no time to meet; empty where there was.
    """

    listed_on: date | None = None
    met_on: date | None = None
    urgent_reason: str = ""

    def __post_init__(self) -> None:
        if self.listed_on and self.met_on and self.met_on < self.listed_on:
            raise ValueError("Ngày họp thôn không thể trước ngày lập danh sách. Hãy kiểm tra lại hai ngày.")


def course_reasons(
    course: Course, emergency: Emergency, *, on: date, received_on: date | None = None, known_on: date | None = None
) -> tuple[Reason, ...]:
    """Say of each step whether it was done, and whether the decision is in time.

    Args:
        course: What was done.
        emergency: For what.
        on: The day of the decision.
        received_on: The day on which it was asked for, whose law says the steps and the time; None: ``on``.
        known_on: Apply only what was in force on this day; None applies all.

    Returns:
        Reasons that do not hold where a step is missing. A decision that is late is told as such and is still one.

    Raises:
        NoValueInForce: Nothing is recorded for ``on``.

    Legal source:
        20/2021/NĐ-CP, Điều 12 khoản 3 (list, meeting, decision), Điều 17 khoản 2 (very urgent).
    """
    kind, asked_on = _name(emergency), received_on or on
    meeting = _value(f"{kind}_meeting", asked_on, known_on)
    found = []
    if course.listed_on is not None:
        found.append(Reason(f"Trưởng thôn lập danh sách ngày {format_day(course.listed_on)}", True, meeting.reference))
    if meeting.value == Step.NEEDED:
        found.append(_met(course, meeting, asked_on, known_on))
    if (last := course.met_on or course.listed_on) is not None:
        found.append(_in_time(kind, last, on, asked_on, known_on))
    return tuple(found)


def _met(course: Course, meeting: DatedValue, on: date, known_on: date | None) -> Reason:
    if course.met_on is not None:
        return Reason(f"Thôn họp xét ngày {format_day(course.met_on)}", True, meeting.reference)
    urgent = _value("urgent_meeting", on, known_on)
    if course.urgent_reason and urgent.value == Step.SKIPPABLE:
        words = f"Cần giúp rất khẩn cấp ({course.urgent_reason}) nên quyết định không qua họp thôn"
        return Reason(words, True, urgent.reference)
    return Reason("Thôn họp xét danh sách, hoặc cần giúp rất khẩn cấp", False, meeting.reference)


def _in_time(kind: str, begun: date, on: date, asked_on: date, known_on: date | None) -> Reason:
    limit = load_parameter(f"{_FILE}:{kind}_days")
    days = limit.dated_value_on(asked_on, known_on=known_on)
    within = Allowance(int(days.value), Unit(limit.unit))
    words = f"Quyết định trong {within.in_words} từ ngày {format_day(begun)}"
    if within.unit is Unit.CALENDAR_DAY and on > (due := begun + timedelta(days=within.amount)):
        words += f", đến hết {format_day(due)}; đã trễ {(on - due).days} ngày"
    return Reason(words, True, days.reference)


def _name(emergency: Emergency) -> str:
    """Give what begins the names of a kind in the file: who was injured elsewhere is decided on otherwise."""
    if isinstance(emergency.facts, InjuryFacts) and emergency.facts.at_residence is False:
        return "injury_elsewhere"
    return emergency.kind.value


def _value(name: str, on: date, known_on: date | None) -> DatedValue:
    return load_parameter(f"{_FILE}:{name}").dated_value_on(on, known_on=known_on)
