"""Counting one run of an allowance, day by day, the way a person would with a wall calendar.

The rules are told in :mod:`lienthong.rules.deadlines`; the numpy twin in ``deadlines_vectorised`` must give the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lienthong.kernel.days import add_months, format_day, format_moment, local_day, local_moment
from lienthong.rules.allowances import Allowance, Pause, Remaining, Unit
from lienthong.rules.deadline_trace import Step, StepKind
from lienthong.rules.working_time import Moments, WorkCalendar

_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which the clock stands still; ``end`` None is open."""

    start: datetime
    end: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Say whether the clock stands still in the moments before this one."""
        return self.start < moment and (self.end is None or moment <= self.end)


def merged(pauses: Sequence[Pause]) -> tuple[Stop, ...]:
    """Put pauses in order and join those that touch; empty ones vanish."""
    stops: list[Stop] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        last = stops[-1] if stops else None
        if pause.start == pause.end:
            continue
        if last and (last.end is None or pause.start <= last.end):
            end = None if last.end is None or pause.end is None else max(last.end, pause.end)
            stops[-1] = Stop(last.start, end)
        else:
            stops.append(Stop(pause.start, pause.end))
    return tuple(stops)


def say(moment: datetime, words: str) -> Step:
    """Make a step that is only a sentence."""
    return Step(StepKind.SAID, local_day(moment), words)


class _OpenStop(Exception):
    """Counting met a stop that has not ended; carries what is left of the current part."""

    def __init__(self, stop: Stop, left: Remaining) -> None:
        self.stop, self.left = stop, left


class DayByDay:
    """One run of an allowance from a beginning, day by day."""

    def __init__(
        self,
        begin: datetime,
        chain: tuple[Allowance, ...],
        stops: tuple[Stop, ...],
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
                    say(at, f"{format_moment(at)}: hết {chain[position - 1].in_words}; tiếp theo {part.in_words}.")
                )
            try:
                at = self._hours(at, part) if part.unit is Unit.WORKING_HOUR else self._days(at, part)
            except _OpenStop as open_stop:
                left = open_stop.left
                self.remaining = Remaining((*left.parts, *chain[position + 1 :]), left.working_time)
                since = format_moment(open_stop.stop.start)
                self.steps.append(say(at, f"Tạm dừng từ {since}, chưa kết thúc; còn {self.remaining.in_words}."))
                return
        self.due = at
        self._say_end(at)

    def _say_beginning(self, at: datetime, part: Allowance, opening: str) -> None:
        if part.unit is Unit.WORKING_HOUR:
            self.steps.append(say(at, f"Bắt đầu từ {format_moment(at)}."))
        elif part.amount:
            self.steps.append(say(at, f"{format_day(local_day(at))} là {opening}, không tính."))
        else:
            self.steps.append(say(at, f"{format_day(local_day(at))} là {opening}, giải quyết trong ngày."))

    def _say_end(self, at: datetime) -> None:
        self.steps.append(say(at, f"Đến hạn {format_moment(at)}."))
        announced = self._calendar.announced_until
        if announced and local_day(at) >= announced:
            self.steps.append(
                say(at, f"Lịch nghỉ từ {format_day(announced)} chưa được công bố; phần này tạm tính theo luật.")
            )

    def _days(self, begin: datetime, part: Allowance) -> datetime:
        """Count whole days after the day of the beginning, then move on to a working day."""
        day, amount = local_day(begin), part.amount
        self._calendar.is_working_day(day)  # refuses a beginning the calendar does not know
        if part.unit is Unit.MONTH:
            last = add_months(day, part.amount)
            amount = (last - day).days
            self.steps.append(say(begin, f"{part.in_words}, đến ngày tương ứng {format_day(last)}, là {amount} ngày."))
        left_unit = Unit.WORKING_DAY if part.unit is Unit.WORKING_DAY else Unit.CALENDAR_DAY
        counted = 0
        while counted < amount:
            day += _ONE_DAY
            is_working = self._calendar.is_working_day(day)
            if part.unit is Unit.WORKING_DAY and not is_working:
                self._step(StepKind.NOT_COUNTED, day, self._calendar.reason_for(day))
            elif self._is_stopped(day, amount - counted, left_unit):
                self._step(StepKind.PAUSED, day)
            else:
                counted += 1
                self._step(StepKind.COUNTED, day, self._counted_words(day, left_unit), number=counted)
        while True:
            if not self._calendar.is_working_day(day):
                self._step(StepKind.MOVED_ON, day, self._calendar.reason_for(day))
            elif self._calendar.closing_at(day) < begin:
                self._step(StepKind.MOVED_ON, day, "đã hết giờ làm việc")
            elif self._is_stopped(day, 0, left_unit):
                self._step(StepKind.PAUSED, day)
            else:
                return self._calendar.closing_at(day)
            day += _ONE_DAY

    def _counted_words(self, day: date, unit: Unit) -> str:
        reason = self._calendar.reason_for(day) if unit is Unit.WORKING_DAY else ""
        return f"{reason}, {unit.in_words}" if reason else unit.in_words

    def _is_stopped(self, day: date, left: int, unit: Unit) -> bool:
        if not self._stops:
            return False
        periods = self._calendar.periods_on(day)
        end_of_day = periods[-1][1] if periods else local_moment(day + _ONE_DAY)
        stop = next((stop for stop in self._stops if stop.covers(end_of_day)), None)
        if stop and stop.end is None:
            raise _OpenStop(stop, Remaining((Allowance(left, unit),)))
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
                if until > begin
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
