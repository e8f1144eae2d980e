"""Exact legal deadlines: from a start and an allowance to the due moment, with every counted and skipped day told.

Thời hạn giải quyết.

**Day units** (working days, calendar days, months). The day of receipt is day 0, even when it is not a working day, and
counting begins with the next day. A working day counts when the calendar says so, a half day counts as a day. A month ends
on the day with the same number, or on the last day of a month that has no such day. What is due is due at closing time of
the last day; a last day that is not a working day moves to the next one. Zero days means the day of receipt itself, or the
next working day when the office has closed. (91/2015/QH13, Điều 147 khoản 2, Điều 148 khoản 3 và khoản 5.)

**Hour unit.** The clock runs at once in working time and stands still at lunch, at night and on days off; a start outside
working time moves to the next opening. The due moment is the earliest at which the time is used up. (Điều 147 khoản 1.)

**Chains.** Each part starts where the last one ended: the last day of a part is day 0 of the next.

**Pauses that resume.** In the hour unit, working time inside a pause does not run. In day units, a day is left out when
the clock is paused in the moments before its closing time (midnight, for a day without office hours); so the same number
of days is added whatever the hour, a pause within one day adds none, and no due moment lies inside a pause. A month under
a pause is counted as the number of days it has.

**Pauses that restart.** The whole allowance is counted again from the end of the pause, which becomes day 0.

A pause that begins at or after the due moment changes nothing: the time had run out. While a pause that matters is still
open there is no due moment, only what remains.

Counting is additive (a + b days is b days after a days, for amounts of at least one) and monotone (a later start, a larger
amount or a longer pause never gives an earlier due moment).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lienthong.kernel.days import add_months, format_day, format_moment, local_day, local_moment, local_time
from lienthong.rules.deadline_trace import Step, StepKind, TraceLine, duration_in_words, told
from lienthong.rules.timeliness import TimeLeft, Timeliness, classify, hand_over_due, time_left
from lienthong.rules.working_time import Moments, WorkCalendar

__all__ = [
    "Allowance",
    "Due",
    "Pause",
    "PauseRule",
    "Remaining",
    "TimeLeft",
    "Timeliness",
    "TraceLine",
    "Unit",
    "classify",
    "due_at",
    "hand_over_due",
    "time_left",
]

_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_LARGEST_AMOUNT = 9999


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
    """A time limit, or one part of it.

    Thời hạn.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= _LARGEST_AMOUNT:
            raise ValueError(f"Thời hạn phải từ 0 đến {_LARGEST_AMOUNT}; đang là {self.amount}.")

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
    working_time: timedelta = _NOTHING

    @property
    def in_words(self) -> str:
        """What is left, in the order in which it will run."""
        hours = [f"{duration_in_words(self.working_time)} làm việc"] if self.working_time else []
        return " + ".join([*hours, *(part.in_words for part in self.parts)])


@dataclass(frozen=True, slots=True)
class Due:
    """The due moment with its trace; while a pause is open, None with what remains.

    Thời điểm đến hạn.
    """

    due_at: datetime | None
    trace: tuple[TraceLine, ...]
    remaining: Remaining | None = None


def due_at(
    *,
    start: datetime,
    allowance: Allowance | Sequence[Allowance],
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
) -> Due:
    """Work out when an allowance runs out, and tell how.

    Thời hạn giải quyết.

    Args:
        start: Moment of receipt.
        allowance: One time limit or a chain of them.
        calendar: Working days and hours of the agency.
        pauses: In any order; they may overlap.

    Returns:
        The due moment in Vietnamese time with its trace, or what remains while a pause is open.

    Raises:
        OutsideCalendar: Counting leaves the days the calendar knows.
        ValueError: The allowance is empty, or a moment carries no time zone.

    Legal source:
        91/2015/QH13, Điều 147, Điều 148.

    Examples:
        >>> from datetime import time
        >>> from lienthong.rules.working_time import official_calendar
        >>> monday = local_moment(date(2022, 9, 5), time(16, 30))
        >>> due = due_at(start=monday, allowance=Allowance(5, Unit.WORKING_DAY), calendar=official_calendar())
        >>> due.due_at.isoformat()
        '2022-09-12T17:00:00+07:00'
        >>> print(*due.trace, sep="\\n")
        05/09/2022 là ngày nhận, không tính.
        06/09/2022 – 09/09/2022: ngày làm việc thứ 1 đến thứ 4.
        10/09/2022 – 11/09/2022: cuối tuần, không tính.
        12/09/2022: ngày làm việc thứ 5.
        Đến hạn 17:00 thứ Hai 12/09/2022.
    """
    chain = (allowance,) if isinstance(allowance, Allowance) else tuple(allowance)
    if not chain:
        raise ValueError("Thời hạn phải có ít nhất một phần.")
    begin, opening = local_time(start), "ngày nhận"
    stops = _merged([pause for pause in pauses if pause.rule is PauseRule.RESUME])
    said: list[Step] = []
    for restart in sorted(
        (pause for pause in pauses if pause.rule is PauseRule.RESTART), key=lambda pause: pause.start
    ):
        if restart.start == restart.end or (restart.end and restart.end <= begin):
            continue
        reached = _Count(begin, chain, stops, calendar, opening).due
        if reached is not None and reached <= restart.start:
            break
        since = format_moment(restart.start)
        if restart.end is None:
            said.append(_say(begin, f"Tạm dừng từ {since}, chưa kết thúc; sau đó thời hạn tính lại từ đầu."))
            return Due(None, told(said), Remaining(chain))
        said.append(_say(begin, f"Tạm dừng từ {since} đến {format_moment(restart.end)}; thời hạn tính lại từ đầu."))
        begin, opening = local_time(restart.end), "ngày tính lại"
    count = _Count(begin, chain, stops, calendar, opening)
    return Due(count.due, told([*said, *count.steps]), count.remaining)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stretch in which the clock stands still; ``end`` None is open."""

    start: datetime
    end: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Say whether the clock stands still in the moments before this one."""
        return self.start < moment and (self.end is None or moment <= self.end)


def _merged(pauses: Sequence[Pause]) -> tuple[_Stop, ...]:
    """Put pauses in order and join those that touch; empty ones vanish."""
    merged: list[_Stop] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        last = merged[-1] if merged else None
        if pause.start == pause.end:
            continue
        if last and (last.end is None or pause.start <= last.end):
            end = None if last.end is None or pause.end is None else max(last.end, pause.end)
            merged[-1] = _Stop(last.start, end)
        else:
            merged.append(_Stop(pause.start, pause.end))
    return tuple(merged)


def _say(moment: datetime, words: str) -> Step:
    return Step(StepKind.SAID, local_day(moment), words)


class _OpenStop(Exception):
    """Counting met a stop that has not ended; carries what is left of the current part."""

    def __init__(self, stop: _Stop, left: Remaining) -> None:
        self.stop, self.left = stop, left


class _Count:
    """One run of an allowance from a beginning, day by day."""

    def __init__(
        self,
        begin: datetime,
        chain: tuple[Allowance, ...],
        stops: tuple[_Stop, ...],
        calendar: WorkCalendar,
        opening: str,
    ) -> None:
        self._stops, self._calendar = stops, calendar
        self.steps: list[Step] = []
        self.due: datetime | None = None
        self.remaining: Remaining | None = None
        at = begin
        for position, part in enumerate(chain):
            if position == 0:
                self._say_beginning(at, part, opening)
            else:
                self.steps.append(
                    _say(at, f"{format_moment(at)}: hết {chain[position - 1].in_words}; tiếp theo {part.in_words}.")
                )
            try:
                at = self._hours(at, part) if part.unit is Unit.WORKING_HOUR else self._days(at, part)
            except _OpenStop as open_stop:
                left = open_stop.left
                self.remaining = Remaining((*left.parts, *chain[position + 1 :]), left.working_time)
                since = format_moment(open_stop.stop.start)
                self.steps.append(_say(at, f"Tạm dừng từ {since}, chưa kết thúc; còn {self.remaining.in_words}."))
                return
        self.due = at
        self._say_end(at)

    def _say_beginning(self, at: datetime, part: Allowance, opening: str) -> None:
        if part.unit is Unit.WORKING_HOUR:
            self.steps.append(_say(at, f"Bắt đầu từ {format_moment(at)}."))
        elif part.amount:
            self.steps.append(_say(at, f"{format_day(local_day(at))} là {opening}, không tính."))
        else:
            self.steps.append(_say(at, f"{format_day(local_day(at))} là {opening}, giải quyết trong ngày."))

    def _say_end(self, at: datetime) -> None:
        self.steps.append(_say(at, f"Đến hạn {format_moment(at)}."))
        announced = self._calendar.announced_until
        if announced and local_day(at) >= announced:
            self.steps.append(
                _say(at, f"Lịch nghỉ từ {format_day(announced)} chưa được công bố; phần này tạm tính theo luật.")
            )

    def _days(self, begin: datetime, part: Allowance) -> datetime:
        """Count whole days after the day of the beginning, then move on to a working day."""
        day, amount = local_day(begin), part.amount
        if part.unit is Unit.MONTH:
            last = add_months(day, part.amount)
            amount = (last - day).days
            if part.amount:
                self.steps.append(
                    _say(begin, f"{part.in_words}, đến ngày tương ứng {format_day(last)}, là {amount} ngày.")
                )
        left_unit = Unit.WORKING_DAY if part.unit is Unit.WORKING_DAY else Unit.CALENDAR_DAY
        counted = 0
        while counted < amount:
            day += _ONE_DAY
            is_working = self._calendar.is_working_day(day)
            if part.unit is Unit.WORKING_DAY and not is_working:
                self._step(StepKind.NOT_COUNTED, day, self._calendar.reason_for(day))
            elif self._is_stopped(day, Allowance(amount - counted, left_unit)):
                self._step(StepKind.PAUSED, day)
            else:
                counted += 1
                self._step(StepKind.COUNTED, day, self._counted_words(day, left_unit), number=counted)
        while True:
            if not self._calendar.is_working_day(day):
                self._step(StepKind.MOVED_ON, day, self._calendar.reason_for(day))
            elif self._calendar.closing_at(day) < begin:
                self._step(StepKind.MOVED_ON, day, "đã hết giờ làm việc")
            elif self._is_stopped(day, Allowance(0, left_unit)):
                self._step(StepKind.PAUSED, day)
            else:
                return self._calendar.closing_at(day)
            day += _ONE_DAY

    def _counted_words(self, day: date, unit: Unit) -> str:
        reason = self._calendar.reason_for(day) if unit is Unit.WORKING_DAY else ""
        return f"{reason}, {unit.in_words}" if reason else unit.in_words

    def _is_stopped(self, day: date, left: Allowance) -> bool:
        if not self._stops:
            return False
        periods = self._calendar.periods_on(day)
        end_of_day = periods[-1][1] if periods else local_moment(day + _ONE_DAY)
        stop = next((stop for stop in self._stops if stop.covers(end_of_day)), None)
        if stop and stop.end is None:
            raise _OpenStop(stop, Remaining((left,)))
        return stop is not None

    def _hours(self, begin: datetime, part: Allowance) -> datetime:
        """Use up working time from the beginning on."""
        left, day = timedelta(hours=part.amount), local_day(begin)
        while True:
            periods = self._calendar.periods_on(day)
            running = [
                (max(since, begin), until)
                for opens, closes in periods
                for since, until in self._running(opens, closes)
                if until >= begin
            ]
            worked = _NOTHING
            for since, until in running:
                if until - since >= left - worked:
                    self._step(StepKind.WORKED, day, self._pause_words(periods), worked=left)
                    return since + (left - worked)
                worked += until - since
            left -= worked
            if worked:
                self._step(StepKind.WORKED, day, self._pause_words(periods), worked=worked)
            elif not periods:
                self._step(StepKind.NOT_COUNTED, day, self._calendar.reason_for(day))
            elif self._pause_words(periods):
                self._step(StepKind.PAUSED, day)
            closes = periods[-1][1] if periods else begin
            if stop := next((stop for stop in self._stops if stop.end is None and stop.start < closes), None):
                raise _OpenStop(stop, Remaining((), left))
            day += _ONE_DAY

    def _pause_words(self, periods: Moments) -> str:
        overlapping = (
            stop
            for stop in self._stops
            for opens, closes in periods
            if stop.start < closes and (stop.end is None or opens < stop.end)
        )
        return ", trừ thời gian tạm dừng" if any(overlapping) else ""

    def _running(self, opens: datetime, closes: datetime) -> list[tuple[datetime, datetime]]:
        """Cut the stops out of one period of working time."""
        pieces, since = [], opens
        for stop in self._stops:
            if stop.start >= closes:
                break
            if since < stop.start:
                pieces.append((since, stop.start))
            since = closes if stop.end is None else max(since, stop.end)
        return [*pieces, (since, closes)] if since < closes else pieces

    def _step(
        self, kind: StepKind, day: date, words: str = "", *, number: int = 0, worked: timedelta = _NOTHING
    ) -> None:
        self.steps.append(Step(kind, day, words, number, worked))
