"""Whatever is generated: the engine equals a naive walk, is monotone and additive, and its twin equals it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lienthong.kernel.days import LOCAL_ZONE, Span, local_moment
from lienthong.rules.deadlines import Allowance, Pause, PauseRule, Unit, due_at
from lienthong.rules.deadlines_vectorised import due_moments
from lienthong.rules.working_time import DayKind, ExceptionalDay, OfficeHours, WorkCalendar
from tests.rules.deadlines.naive_walk import Stop, WallCalendar, walk_days, walk_hours

TET = {date(2026, 2, day) for day in range(16, 21)}
WALL = WallCalendar(
    off={date(2026, 1, 1), date(2026, 1, 2), *TET, date(2026, 2, 28)},
    worked={date(2026, 1, 10), date(2026, 2, 28)},
    mornings={date(2026, 1, 9), date(2026, 2, 13)},
    afternoons={date(2026, 2, 23), date(2026, 1, 24)},
)
FIRST, LAST = datetime(2025, 12, 28), datetime(2026, 3, 10)

minutes = st.integers(0, int((LAST - FIRST).total_seconds() // 60)).map(lambda count: FIRST + timedelta(minutes=count))
# Around opening, noon, closing and midnight, where mistakes live.
edges = st.builds(
    lambda day, clock, shift: datetime.combine(FIRST.date() + timedelta(days=day), clock) + timedelta(minutes=shift),
    st.integers(0, 70),
    st.sampled_from([time(0), time(7, 30), time(11, 30), time(13, 30), time(17)]),
    st.integers(-1, 1),
)
moments = minutes | edges
day_units = st.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY])


@st.composite
def stops(draw: st.DrawFn) -> list[Stop]:
    drawn: list[Stop] = []
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted((draw(moments), draw(moments)))
        drawn.append((start, None if draw(st.integers(0, 9)) == 0 else end, draw(st.integers(0, 3)) == 0))
    return drawn


@cache
def calendar() -> WorkCalendar:
    kinds = {
        DayKind.WORKING: WALL.worked,
        DayKind.MORNING_ONLY: WALL.mornings,
        DayKind.AFTERNOON_ONLY: WALL.afternoons,
        DayKind.OFF: WALL.off,
    }
    days = {day: ExceptionalDay(kind, kind.value) for kind, marked in kinds.items() for day in marked}
    known = Span(date(2025, 1, 1), date(2032, 1, 1))
    return WorkCalendar("wall", days, ((known, OfficeHours.parse("07:30-11:30,13:30-17:00")),), known)


def aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=LOCAL_ZONE)


def as_pauses(drawn: list[Stop]) -> list[Pause]:
    return [
        Pause(aware(start), aware(end) if end else None, PauseRule.RESTART if restarts else PauseRule.RESUME)
        for start, end, restarts in drawn
    ]


def engine(start: datetime, amount: int, unit: Unit, drawn: list[Stop] | None = None) -> datetime | None:
    due = due_at(
        start=aware(start), allowance=Allowance(amount, unit), calendar=calendar(), pauses=as_pauses(drawn or [])
    )
    return due.due_at.replace(tzinfo=None) if due.due_at else None


def later_or_never(one: datetime | None, other: datetime | None) -> bool:
    return other is None or (one is not None and one <= other)


class TestAgainstTheNaiveWalk:
    @settings(max_examples=120, deadline=None)
    @given(moments, st.integers(1, 24), stops())
    @example(datetime(2026, 1, 5, 11, 30), 4, [(datetime(2026, 1, 5, 11, 30), datetime(2026, 1, 5, 13, 30), False)])
    @example(datetime(2026, 1, 5, 7, 30), 4, [(datetime(2026, 1, 5, 11, 30), None, False)])
    def test_hours_equal_a_walk_over_every_minute(self, start: datetime, hours: int, drawn: list[Stop]) -> None:
        assert engine(start, hours, Unit.WORKING_HOUR, drawn) == walk_hours(start, hours, WALL, drawn)

    @settings(max_examples=400, deadline=None)
    @given(moments, st.integers(0, 30), day_units, stops())
    def test_days_equal_a_walk_over_every_day(
        self, start: datetime, amount: int, unit: Unit, drawn: list[Stop]
    ) -> None:
        assert engine(start, amount, unit, drawn) == walk_days(start, amount, unit.value, WALL, drawn)

    @settings(max_examples=200, deadline=None)
    @given(moments, st.integers(1, 14), stops())
    @example(datetime(2026, 1, 31, 9), 1, [])
    def test_months_equal_a_walk_over_every_day(self, start: datetime, amount: int, drawn: list[Stop]) -> None:
        assert engine(start, amount, Unit.MONTH, drawn) == walk_days(start, amount, "month", WALL, drawn)


class TestLaws:
    @settings(deadline=None)
    @given(moments, moments, st.integers(1, 30), st.sampled_from(Unit))
    def test_a_later_start_is_never_due_earlier(self, one: datetime, other: datetime, amount: int, unit: Unit) -> None:
        earlier, later = sorted((one, other))

        assert later_or_never(engine(earlier, amount, unit), engine(later, amount, unit))

    @settings(deadline=None)
    @given(moments, moments, st.integers(0, 30), day_units, stops())
    def test_nor_is_it_under_pauses_in_days(
        self, one: datetime, other: datetime, amount: int, unit: Unit, drawn: list[Stop]
    ) -> None:
        earlier, later = sorted((one, other))

        assert later_or_never(engine(earlier, amount, unit, drawn), engine(later, amount, unit, drawn))

    @settings(deadline=None)
    @given(moments, st.integers(1, 30), st.sampled_from(Unit), stops())
    def test_a_larger_amount_is_never_due_earlier(
        self, start: datetime, amount: int, unit: Unit, drawn: list[Stop]
    ) -> None:
        assert later_or_never(engine(start, amount, unit, drawn), engine(start, amount + 1, unit, drawn))

    @settings(deadline=None)
    @given(
        moments, st.integers(1, 20), st.integers(1, 20), st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR]), stops()
    )
    def test_two_amounts_in_a_row_are_their_sum(
        self, start: datetime, one: int, other: int, unit: Unit, drawn: list[Stop]
    ) -> None:
        resuming = [stop for stop in drawn if not stop[2]]
        middle = engine(start, one, unit, resuming)

        whole = engine(start, one + other, unit, resuming)

        assert whole == (engine(middle, other, unit, resuming) if middle else None)

    @settings(deadline=None)
    @given(moments, st.integers(1, 20), st.integers(1, 20), st.sampled_from(Unit), st.sampled_from(Unit))
    def test_a_chain_is_its_parts_one_after_the_other(
        self, start: datetime, one: int, other: int, unit: Unit, next_unit: Unit
    ) -> None:
        chain = [Allowance(one, unit), Allowance(other, next_unit)]

        whole = due_at(start=aware(start), allowance=chain, calendar=calendar()).due_at

        middle = engine(start, one, unit)
        assert middle is not None
        assert whole is not None
        assert whole.replace(tzinfo=None) == engine(middle, other, next_unit)

    @settings(deadline=None)
    @given(moments, st.integers(1, 30), st.sampled_from(Unit), moments, st.booleans())
    def test_a_pause_of_no_length_changes_nothing(
        self, start: datetime, amount: int, unit: Unit, at: datetime, restarts: bool
    ) -> None:
        assert engine(start, amount, unit, [(at, at, restarts)]) == engine(start, amount, unit)

    @settings(deadline=None)
    @given(moments, st.integers(1, 30), st.sampled_from(Unit), stops(), moments)
    def test_a_pause_cut_in_two_is_the_same_pause(
        self, start: datetime, amount: int, unit: Unit, drawn: list[Stop], cut: datetime
    ) -> None:
        resuming = [stop for stop in drawn if not stop[2]]
        pieces: list[Stop] = []
        for since, until, _ in resuming:
            if since < cut and (until is None or cut < until):
                pieces += [(cut, until, False), (since, cut, False)]
            else:
                pieces.append((since, until, False))

        assert engine(start, amount, unit, pieces) == engine(start, amount, unit, resuming)

    @settings(deadline=None)
    @given(moments, st.integers(1, 30), st.sampled_from(Unit), stops())
    def test_a_longer_pause_is_never_due_earlier(
        self, start: datetime, amount: int, unit: Unit, drawn: list[Stop]
    ) -> None:
        longer = [(since, until and until + timedelta(days=1), restarts) for since, until, restarts in drawn]

        short, long = engine(start, amount, unit, drawn), engine(start, amount, unit, longer)

        assert later_or_never(engine(start, amount, unit), short)
        assert later_or_never(short, long)

    @settings(deadline=None)
    @given(moments, st.integers(1, 30), st.sampled_from(Unit), stops())
    def test_what_is_due_is_due_in_working_time_and_outside_every_pause(
        self, start: datetime, amount: int, unit: Unit, drawn: list[Stop]
    ) -> None:
        due = engine(start, amount, unit, drawn)

        if due:
            before = due - timedelta(minutes=1)
            assert due > start
            assert WALL.is_open(before)
            assert not any(since <= before and (end is None or before < end) for since, end, _ in drawn)

    @settings(deadline=None)
    @given(moments, st.integers(1, 30), st.sampled_from(Unit), stops())
    def test_without_a_due_moment_something_remains_and_the_trace_says_so(
        self, start: datetime, amount: int, unit: Unit, drawn: list[Stop]
    ) -> None:
        due = due_at(
            start=aware(start), allowance=Allowance(amount, unit), calendar=calendar(), pauses=as_pauses(drawn)
        )

        assert (due.due_at is None) == (due.remaining is not None)
        assert ("chưa kết thúc" in due.trace[-1].text) == (due.due_at is None)
        assert any(line.text.startswith("Đến hạn") for line in due.trace) == (due.due_at is not None)


class TestTwin:
    @pytest.mark.parametrize("seed", range(6))
    def test_equals_the_scalar_function_on_anything_generated(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        rows, parts, columns = 400, 1 + seed % 3, seed % 4
        first = int(local_moment(FIRST.date()).timestamp())
        grid = np.array([0, 450 * 60, 690 * 60, 810 * 60, 1020 * 60])

        def some_moments(*shape: int) -> np.ndarray:
            at_random = rng.integers(0, 75 * 86400, shape)
            at_edges = rng.integers(0, 75, shape) * 86400 + rng.choice(grid, shape) + rng.integers(-1, 2, shape)
            return (first + np.where(rng.random(shape) < 0.5, at_random, at_edges)).astype("datetime64[s]")

        starts = some_moments(rows)
        units = rng.choice([unit.value for unit in Unit], (rows, parts))
        smallest = np.isin(units, ["working_hour", "month"]).astype(int)
        amounts = np.maximum(rng.integers(0, 12, (rows, parts)), smallest)
        amounts[rng.random((rows, parts)) < 0.2] = -1
        amounts[:, 0] = np.maximum(amounts[:, 0], 1)
        edges_of_pauses = np.sort(some_moments(rows, columns, 2), axis=2)
        pause_starts, pause_ends = edges_of_pauses[:, :, 0].copy(), edges_of_pauses[:, :, 1].copy()
        pause_starts[rng.random((rows, columns)) < 0.3] = np.datetime64("NaT")
        pause_ends[rng.random((rows, columns)) < 0.1] = np.datetime64("NaT")
        restarts = rng.random((rows, columns)) < 0.3

        together = due_moments(
            starts,
            amounts,
            units,
            calendar(),
            pause_starts=pause_starts,
            pause_ends=pause_ends,
            pause_restarts=restarts,
        )

        for row in range(rows):
            chain = [
                Allowance(int(amount), Unit(str(unit)))
                for amount, unit in zip(amounts[row], units[row], strict=True)
                if amount >= 0
            ]
            pauses = [
                Pause(
                    as_moment(since),
                    None if np.isnat(until) else as_moment(until),
                    PauseRule.RESTART if again else PauseRule.RESUME,
                )
                for since, until, again in zip(pause_starts[row], pause_ends[row], restarts[row], strict=True)
                if not np.isnat(since)
            ]
            alone = due_at(start=as_moment(starts[row]), allowance=chain, calendar=calendar(), pauses=pauses).due_at
            assert np.isnat(together[row]) == (alone is None), (row, chain, pauses)
            assert alone is None or as_moment(together[row]) == alone, (row, chain, pauses)
        assert columns == 0 or np.isnat(together).any()


def as_moment(seconds: np.datetime64) -> datetime:
    return datetime.fromtimestamp(int(seconds.astype(np.int64)), LOCAL_ZONE)
