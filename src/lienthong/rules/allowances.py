"""Time limits and pauses as values: what a deadline is computed from, and what is left while its clock stands still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lienthong.kernel.days import format_moment, local_time
from lienthong.rules.deadline_trace import duration_in_words

_LARGEST_AMOUNT, _MOST_MONTHS = 9999, 300  # a typing error, not a time limit, lies beyond


class Unit(StrEnum):
    """What an allowance is counted in.

    Đơn vị thời hạn: ngày làm việc, ngày, giờ làm việc, tháng.
    """

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    MONTH = "month"

    @property
    def in_words(self) -> str:
        """Vietnamese word of the unit; "ngày" alone is a calendar day."""
        return _UNIT_WORDS[self]


_UNIT_WORDS = {
    Unit.WORKING_DAY: "ngày làm việc",
    Unit.CALENDAR_DAY: "ngày",
    Unit.WORKING_HOUR: "giờ làm việc",
    Unit.MONTH: "tháng",
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """A time limit, or one part of it; zero days means within the day of receipt.

    Thời hạn.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        smallest = 0 if self.unit in {Unit.WORKING_DAY, Unit.CALENDAR_DAY} else 1
        largest = _MOST_MONTHS if self.unit is Unit.MONTH else _LARGEST_AMOUNT
        if not smallest <= self.amount <= largest:
            raise ValueError(
                f"Thời hạn tính bằng {self.unit.in_words} phải từ {smallest} đến {largest}; đang là {self.amount}."
            )

    @property
    def in_words(self) -> str:
        """The time limit as the law writes it ("5 ngày làm việc")."""
        return f"{self.amount} {self.unit.in_words}" if self.amount else "trong ngày"


class PauseRule(StrEnum):
    """What the clock does after a pause.

    Sau khi tạm dừng: tính tiếp hoặc tính lại từ đầu.
    """

    RESUME = "resume"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stands still, from ``start`` to ``end`` (None: still open).

    Tạm dừng tính thời hạn.
    """

    start: datetime
    end: datetime | None = None
    rule: PauseRule = PauseRule.RESUME

    def __post_init__(self) -> None:
        if local_time(self.start) > local_time(self.end or self.start):
            raise ValueError(
                f"Thời gian tạm dừng phải kết thúc sau khi bắt đầu {format_moment(self.start)}; "
                f"đang kết thúc {format_moment(self.end or self.start)}."
            )


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of an allowance while its clock is stopped: whole parts, and working time of a part in hours.

    Thời hạn còn lại.
    """

    parts: tuple[Allowance, ...]
    working_time: timedelta = timedelta(0)

    @property
    def in_words(self) -> str:
        """What is left, in the order in which it will run."""
        hours = [f"{duration_in_words(self.working_time)} làm việc"] if self.working_time else []
        return " + ".join([*hours, *(part.in_words for part in self.parts)])
