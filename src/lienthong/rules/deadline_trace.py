"""How a deadline was counted, in sentences a citizen can check against a wall calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from lienthong.kernel.days import format_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One sentence of the trace, with the days it speaks of where it speaks of days.

    Một dòng giải trình cách tính thời hạn.
    """

    text: str
    first_day: date | None = None
    last_day: date | None = None

    def __str__(self) -> str:
        return self.text


class StepKind(Enum):
    """What counting did with a day."""

    COUNTED = "counted"
    WORKED = "worked"
    NOT_COUNTED = "not_counted"
    PAUSED = "paused"
    MOVED_ON = "moved_on"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Step:
    """One day of counting, or with ``last_day`` and ``until`` several days in a row that are told together.

    Args:
        kind: What was done with the day.
        day: The day.
        words: The reason, or the unit a counted day is told in.
        number: Its place in the count, for a counted day.
        worked: Working time used, for the hour unit.
    """

    kind: StepKind
    day: date
    words: str = ""
    number: int = 0
    worked: timedelta = timedelta(0)
    last_day: date | None = None
    last_number: int = 0


def told(steps: Iterable[Step]) -> tuple[TraceLine, ...]:
    """Turn steps into sentences, those of one kind in a row into one."""
    return tuple(TraceLine(_sentence(step), step.day, step.last_day or step.day) for step in _grouped(steps))


def duration_in_words(duration: timedelta) -> str:
    """Write working time in hours and minutes ("3 giờ 30 phút"); seconds are left out.

    Examples:
        >>> duration_in_words(timedelta(hours=3, minutes=30)), duration_in_words(timedelta(seconds=20))
        ('3 giờ 30 phút', 'dưới 1 phút')
    """
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    words = [f"{hours} giờ"] * bool(hours) + [f"{minutes} phút"] * bool(minutes)
    return " ".join(words) or "dưới 1 phút"


def _grouped(steps: Iterable[Step]) -> Iterator[Step]:
    group: Step | None = None
    for step in steps:
        if group and _continues(group, step):
            group = replace(group, last_day=step.day, last_number=step.number, worked=group.worked + step.worked)
            continue
        if group:
            yield group
        group = step
    if group:
        yield group


def _continues(group: Step, step: Step) -> bool:
    return (
        step.kind is not StepKind.SAID
        and (group.kind, group.words) == (step.kind, step.words)
        and step.day == (group.last_day or group.day) + _ONE_DAY
    )


def _sentence(step: Step) -> str:
    if step.kind is StepKind.SAID:
        return step.words
    days = format_day(step.day)
    if step.last_day:
        days = f"{days} – {format_day(step.last_day)}"
    if step.kind is StepKind.COUNTED:
        numbers = f"thứ {step.number}" + (f" đến thứ {step.last_number}" if step.last_day else "")
        return f"{days}: {step.words} {numbers}."
    if step.kind is StepKind.WORKED:
        return f"{days}: {duration_in_words(step.worked)} làm việc{step.words}."
    if step.kind is StepKind.PAUSED:
        return f"{days}: tạm dừng tính thời hạn, không tính."
    if step.kind is StepKind.MOVED_ON:
        return f"{days}: {step.words}, chuyển sang ngày làm việc tiếp theo."
    return f"{days}: {step.words}, không tính."
