"""The numpy twin of :func:`lienthong.rules.deadlines.due_at`: a million due moments at once, equal to one by one.

Inside, moments are whole seconds of Vietnamese clocks since 1970. A calendar becomes a few sorted arrays (closing times of
working days, ends of all days, opening periods with the working time before them), and every question becomes a search in
one of them: a pause that resumes takes a stretch of positions out of such an array.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lienthong.rules.allowances import Unit
from lienthong.rules.working_time import OutsideCalendar, WorkCalendar

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]

_DAY, _HOUR = 86400, 3600
_LOCAL_OFFSET = 7 * _HOUR  # Vietnam has kept UTC+7 since 13 June 1975
_FIRST_DAY_OF_OFFSET = date(1975, 6, 13)
_NEVER = np.iinfo(np.int64).max // 4
_UNITS, _NO_UNIT = tuple(unit.value for unit in Unit), -1
_OPEN, _OUTSIDE = -_NEVER, -_NEVER + 1  # in place of a due moment


def due_moments(
    starts: Moments,
    amounts: npt.ArrayLike,
    units: npt.ArrayLike,
    calendar: WorkCalendar,
    *,
    pause_starts: Moments | None = None,
    pause_ends: Moments | None = None,
    pause_restarts: npt.ArrayLike | None = None,
) -> Moments:
    """Work out many due moments.

    Args:
        starts: Moments of receipt in UTC, shape (n,); taken to the second.
        amounts: One amount, or shape (n,), or (n, parts) for chains; -1 is a part that a shorter chain does not have.
        units: Values of :class:`Unit`, one or in the shape of ``amounts``.
        calendar: Working days and hours, the same for all.
        pause_starts: Starts of pauses in UTC, shape (n, pauses); NaT where there is none.
        pause_ends: Their ends; NaT where a pause is still open.
        pause_restarts: Whether the allowance is counted again after the pause; False is to resume.

    Returns:
        Due moments in UTC, shape (n,), to the second; NaT while an open pause holds them back.

    Raises:
        ValueError: A unit is not one of :class:`Unit`.
        OutsideCalendar: Some leave the days the calendar knows; says how many and which is the first.
    """
    tables = _tables(calendar)
    begins = _local_seconds(starts)
    shape = (len(begins), 1) if np.ndim(amounts) < 2 else np.shape(amounts)
    chains = _Chains(begins, _column_wise(np.asarray(amounts, np.int64), shape), _column_wise(_numbered(units), shape))
    if np.any((chains.kinds == _NO_UNIT) & (chains.limits >= 0)):
        raise ValueError(f"Đơn vị thời hạn chỉ có thể là {', '.join(_UNITS)}.")
    if pause_starts is None or pause_ends is None:
        due = tables.run(chains, _Stops([]))
    else:
        restarts = np.zeros(pause_starts.shape, bool) if pause_restarts is None else pause_restarts
        due = _with_pauses(tables, chains, pause_starts, pause_ends, np.asarray(restarts, bool))
    if np.any(due == _OUTSIDE):
        lost = np.flatnonzero(due == _OUTSIDE)
        raise OutsideCalendar(
            f"{len(lost)} thời hạn vượt ra ngoài lịch làm việc {calendar.version} ({calendar.known}); "
            f"thứ tự đầu tiên: {lost[0]}. Hãy bổ sung lịch."
        )
    moments = (due - _LOCAL_OFFSET).astype("datetime64[s]")
    moments[due == _OPEN] = np.datetime64("NaT")
    return moments


@dataclass(frozen=True)
class _Chains:
    """One chain of allowances per row, with its beginning."""

    begins: Ints
    limits: Ints
    kinds: Ints  # position in _UNITS

    def of_rows(self, rows: npt.NDArray[np.intp], begins: Ints) -> _Chains:
        return _Chains(begins[rows], self.limits[rows], self.kinds[rows])


def _with_pauses(tables: _Tables, chains: _Chains, starts: Moments, ends: Moments, again: Flags) -> Ints:
    begins = chains.begins.copy()
    exists = ~np.isnat(starts)
    since = np.where(exists, _local_seconds(starts), _NEVER)
    until = np.where(exists & ~np.isnat(ends), _local_seconds(ends), _NEVER)
    stops = _Stops.of(np.where(again, _NEVER, since), np.where(again, _NEVER, until))
    is_held = np.zeros(len(begins), bool)
    for since_one, until_one in _in_order(np.where(again, since, _NEVER), np.where(again, until, _NEVER)):
        rows = np.flatnonzero((since_one < until_one) & (until_one > begins) & ~is_held)
        if not len(rows):
            continue
        reached = tables.run(chains.of_rows(rows, begins), stops.of_rows(rows))
        rows = rows[(reached == _OPEN) | (reached == _OUTSIDE) | (reached > since_one[rows])]
        is_held[rows] = until_one[rows] == _NEVER
        begins[rows] = np.where(is_held[rows], begins[rows], until_one[rows])
    due = np.full(len(begins), _OPEN)
    rows = np.flatnonzero(~is_held)
    due[rows] = tables.run(chains.of_rows(rows, begins), stops.of_rows(rows))
    return due


def _local_seconds(moments: Moments) -> Ints:
    return moments.astype("datetime64[s]").astype(np.int64) + _LOCAL_OFFSET


def _numbered(units: npt.ArrayLike) -> Ints:
    """Turn units into their numbers, because comparing text a million times is slow."""
    text = np.asarray(units, np.str_)
    return np.select([text == unit for unit in _UNITS], range(len(_UNITS)), _NO_UNIT)


def _column_wise(values: Ints, shape: tuple[int, ...]) -> Ints:
    return np.broadcast_to(values[:, None] if values.ndim == 1 else values, shape)


def _in_order(since: Ints, until: Ints) -> list[tuple[Ints, Ints]]:
    """Put the pauses of each row in order of their start and give them column by column."""
    order = np.argsort(since, axis=1, kind="stable")
    since, until = np.take_along_axis(since, order, 1), np.take_along_axis(until, order, 1)
    return [(since[:, column], until[:, column]) for column in range(since.shape[1])]


@dataclass(frozen=True)
class _Stops:
    """Stretches in which clocks stand still, in order and without overlap, column by column."""

    columns: list[tuple[Ints, Ints]]

    @classmethod
    def of(cls, since: Ints, until: Ints) -> _Stops:
        reached = np.full(len(since), -_NEVER)
        columns = []
        for since_one, until_one in _in_order(since, until):
            begin = np.maximum(since_one, reached)
            reached = np.maximum(until_one, begin)
            columns.append((begin, reached))
        return cls(columns)

    def of_rows(self, rows: npt.NDArray[np.intp]) -> _Stops:
        return _Stops([(since[rows], until[rows]) for since, until in self.columns])


@dataclass(frozen=True)
class _Tables:
    """A calendar as sorted arrays."""

    first_day: int
    day_ends: Ints  # of every day: closing time, or midnight of a day without office hours
    closings: Ints  # of working days only
    day_numbers: Ints  # of working days only
    working_before: Ints  # number of working days before each day, with one entry more for the end
    opens: Ints  # of opening periods
    worked_before: Ints  # working time before each opening period
    worked_after: Ints  # and after it

    def run(self, chains: _Chains, stops: _Stops) -> Ints:
        """Run each row's chain from its beginning; gives due seconds, _OPEN or _OUTSIDE."""
        at, limits, kinds = chains.begins.copy(), chains.limits, chains.kinds
        for part in range(limits.shape[1]):
            is_running = (at > _OUTSIDE) & (limits[:, part] >= 0)
            for number, unit in enumerate(Unit):
                rows = np.flatnonzero(is_running & (kinds[:, part] == number))
                if not len(rows):
                    continue
                count = self._hours if unit is Unit.WORKING_HOUR else self._days
                at[rows] = count(at[rows], limits[rows, part], unit, stops.of_rows(rows))
        return at

    def _days(self, begins: Ints, amounts: Ints, unit: Unit, stops: _Stops) -> Ints:
        first = begins // _DAY - self.first_day
        known = (first >= 0) & (first < len(self.day_ends))
        day0 = np.where(known, first, 0)
        if unit is Unit.MONTH:
            amounts = self._days_in_months(day0, amounts)
        if unit is Unit.WORKING_DAY:
            ends, before_first = self.closings, self.working_before[day0 + 1]
        else:
            ends, before_first = self.day_ends, day0 + 1
        last, is_open = before_first + amounts - 1, np.zeros(len(begins), bool)
        for since, until in stops.columns:
            lowest = np.maximum(np.searchsorted(ends, since, "right"), before_first)
            beyond = np.searchsorted(ends, until, "right")
            is_hit = (lowest <= last) & (beyond > lowest) & (last < len(ends))
            is_open |= is_hit & (until == _NEVER)
            last = last + np.where(is_hit, beyond - lowest, 0)
        known &= last < len(ends)
        last_day = np.minimum(last, len(ends) - 1)
        if unit is Unit.WORKING_DAY:
            last_day = self.day_numbers[np.maximum(last_day, 0)]
        last_day = np.where(amounts == 0, day0, last_day)
        due, is_open_later = self._end_of_working_day(begins, last_day, stops)
        due = np.where(known, due, _OUTSIDE)
        return np.where(is_open | (known & is_open_later), _OPEN, due)

    def _end_of_working_day(self, begins: Ints, days: Ints, stops: _Stops) -> tuple[Ints, Flags]:
        """Move on to the first working day that the clock reaches running."""
        rank = np.maximum(self.working_before[days], np.searchsorted(self.closings, begins, "left"))
        is_open = np.zeros(len(days), bool)
        for since, until in stops.columns:
            lowest, beyond = (
                np.searchsorted(self.closings, since, "right"),
                np.searchsorted(self.closings, until, "right"),
            )
            is_hit = (lowest <= rank) & (rank < beyond)
            is_open |= is_hit & (until == _NEVER)
            rank = np.where(is_hit, beyond, rank)
        known = rank < len(self.closings)
        return np.where(known, self.closings[np.minimum(rank, len(self.closings) - 1)], _OUTSIDE), is_open

    def _days_in_months(self, day0: Ints, months: Ints) -> Ints:
        days = (day0 + self.first_day).astype("datetime64[D]")
        month = days.astype("datetime64[M]")
        day_of_month = (days - month.astype("datetime64[D]")).astype(np.int64)
        target = month + months
        length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64)
        last = target.astype("datetime64[D]") + np.minimum(day_of_month, length - 1)
        return np.asarray((last - days).astype(np.int64))

    def _hours(self, begins: Ints, amounts: Ints, unit: Unit, stops: _Stops) -> Ints:
        known = (begins >= self.first_day * _DAY) & (begins < (self.first_day + len(self.day_ends)) * _DAY)
        worked = self._worked_at(begins)
        goal, is_open = worked + amounts * _HOUR, np.zeros(len(begins), bool)
        for since, until in stops.columns:
            stopped_at = np.maximum(self._worked_at(since), worked)
            is_hit = (stopped_at < goal) & (until > begins) & (goal <= self.worked_after[-1])
            is_open |= is_hit & (until == _NEVER) & (since < until)
            goal = goal + np.where(is_hit, np.maximum(self._worked_at(until) - stopped_at, 0), 0)
        known &= goal <= self.worked_after[-1]
        period = np.minimum(np.searchsorted(self.worked_after, goal, "left"), len(self.opens) - 1)
        due = self.opens[period] + goal - self.worked_before[period]
        return np.where(is_open, _OPEN, np.where(known, due, _OUTSIDE))

    def _worked_at(self, moments: Ints) -> Ints:
        """Give the working time from the calendar's beginning to each moment."""
        period = np.maximum(np.searchsorted(self.opens, moments, "right") - 1, 0)
        inside = np.clip(moments - self.opens[period], 0, self.worked_after[period] - self.worked_before[period])
        return np.asarray(self.worked_before[period] + inside)


@lru_cache(maxsize=16)
def _tables(calendar: WorkCalendar) -> _Tables:
    known = calendar.known
    if known.valid_until is None or known.valid_from < _FIRST_DAY_OF_OFFSET:
        raise ValueError("Only a calendar with an end, and after 13 June 1975, can be searched.")
    first, beyond = known.valid_from.toordinal(), known.valid_until.toordinal()
    first_day = first - date(1970, 1, 1).toordinal()
    periods = [calendar.periods_on(date.fromordinal(ordinal)) for ordinal in range(first, beyond)]
    is_working = np.array([bool(day) for day in periods])
    midnights = (np.arange(len(periods), dtype=np.int64) + first_day + 1) * _DAY
    closings = np.array([_seconds(day[-1][1]) for day in periods if day], dtype=np.int64)
    day_ends = midnights.copy()
    day_ends[is_working] = closings
    opens = np.array([_seconds(opening) for day in periods for opening, _ in day], dtype=np.int64)
    closes = np.array([_seconds(closing) for day in periods for _, closing in day], dtype=np.int64)
    worked_after = np.cumsum(closes - opens)
    return _Tables(
        first_day=first_day,
        day_ends=day_ends,
        closings=closings,
        day_numbers=np.flatnonzero(is_working).astype(np.int64),
        working_before=np.concatenate([[0], np.cumsum(is_working)]).astype(np.int64),
        opens=opens,
        worked_before=worked_after - (closes - opens),
        worked_after=worked_after,
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp()) + _LOCAL_OFFSET
