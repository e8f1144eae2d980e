"""A million due moments at once, and whether each is what the function for one dossier says."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lienthong.ops.bench import machine
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure, Report, grouped
from lienthong.rules.allowances import Allowance, Pause, PauseRule, Unit
from lienthong.rules.deadlines import due_at
from lienthong.rules.deadlines_vectorised import due_moments
from lienthong.rules.working_time import WorkCalendar, official_calendar

Moments = NDArray[np.datetime64]

COUNT, COUNT_QUICK = 1_000_000, 50_000
SAMPLE, SAMPLE_QUICK = 20_000, 2_000
SEED = 147148  # the articles of the Civil Code that count time
FIRST, LAST = date(2022, 1, 1), date(2027, 12, 31)
# As the catalogue has them: most limits in working days, few in calendar days, hours and months.
UNITS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.WORKING_HOUR, Unit.MONTH)
SHARES = (0.7, 0.18, 0.1, 0.02)
LONGEST = {Unit.WORKING_DAY: 30, Unit.CALENDAR_DAY: 60, Unit.WORKING_HOUR: 40, Unit.MONTH: 6}
PAUSED_SHARE = 0.25

FLOOR = "một lượt numpy (searchsorted) tìm từng thời điểm nhận trong lịch: việc ít nhất mà phép tính nào cũng phải làm"


@dataclass(frozen=True, slots=True)
class Questions:
    """Time limits to work out, column by column."""

    starts: Moments
    amounts: NDArray[np.int64]
    units: NDArray[np.str_]
    pause_starts: Moments
    pause_ends: Moments
    restarts: NDArray[np.bool_]


def measure(order: Order) -> Report:
    """Measure limits without and with pauses, and compare a sample with the function for one."""
    count, sample = (COUNT_QUICK, SAMPLE_QUICK) if order.is_quick else (COUNT, SAMPLE)
    calendar = official_calendar()
    questions = _questions(count)
    _all_at_once(_part(questions, slice(0, 100)), calendar, pauses=True)  # the calendar's tables are made once
    order.say(f"{grouped(count)} thời hạn cùng lúc")
    closings = _closings(calendar)
    floor = _seconds(lambda: np.searchsorted(closings, questions.starts.astype(np.int64)))
    plain = _seconds(lambda: _all_at_once(questions, calendar, pauses=False))
    paused = _seconds(lambda: _all_at_once(questions, calendar, pauses=True))
    order.say(f"{grouped(sample)} thời hạn từng cái một để so")
    chosen = _part(questions, np.random.default_rng(SEED).choice(count, sample, replace=False))
    together = _all_at_once(chosen, calendar, pauses=True)
    one_by_one: list[datetime | None] = []
    alone = _seconds(lambda: one_by_one.extend(_one_by_one(chosen, calendar)), times=1)
    differing = int(np.sum(together != np.array([_utc(moment) for moment in one_by_one], dtype="datetime64[s]")))
    measures = [
        Measure(what=f"{grouped(count)} thời hạn", ours=plain, unit="giây", floor=floor, ratio=plain / floor),
        Measure(
            what=f"{grouped(count)} thời hạn, một phần tư có tạm dừng",
            ours=paused, unit="giây", floor=floor, ratio=paused / floor,
        ),
        Measure(
            what="Khác với hàm tính từng cái", ours=differing, unit=f"trên {grouped(sample)}", target="0", is_met=differing == 0,
            detail={"sample": sample, "differences": differing},
        ),
        Measure(
            what="Hàm tính từng cái, có giải thích", ours=sample / alone, unit="thời hạn/giây",
            floor=count / paused, detail={"floor": "cùng phép tính, cả loạt"},
        ),
    ]  # fmt: skip
    return Report(
        name="deadlines",
        floor=FLOOR,
        meaning=(
            f"Tính lại hạn của {grouped(count)} hồ sơ mất {grouped(paused)} giây, nên đổi lịch nghỉ là biết ngay hồ sơ nào bị ảnh hưởng; "
            f"kết quả trùng với hàm tính từng hồ sơ ở cả {grouped(sample)} trường hợp được so."
            if differing == 0
            else f"Có {differing} kết quả khác hàm tính từng hồ sơ: phải sửa trước khi dùng."
        ),
        measures=measures,
        machine=machine.facts(database=False),
        is_quick=order.is_quick,
    )


def _questions(count: int) -> Questions:
    rng = np.random.default_rng(SEED)
    first, last = (int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in (FIRST, LAST))
    starts = rng.integers(first, last, count).astype("datetime64[s]")
    kinds = rng.choice(len(UNITS), count, p=SHARES)
    longest = np.array([LONGEST[unit] for unit in UNITS])[kinds]
    paused = rng.random(count) < PAUSED_SHARE
    never = np.datetime64("NaT", "s")
    begins = starts + rng.integers(0, 20 * 86400, count).astype("timedelta64[s]")
    ends = begins + rng.integers(3600, 15 * 86400, count).astype("timedelta64[s]")
    return Questions(
        starts=starts,
        amounts=rng.integers(1, longest + 1),
        units=np.array([unit.value for unit in UNITS])[kinds],
        pause_starts=np.where(paused, begins, never)[:, None],
        pause_ends=np.where(paused, ends, never)[:, None],
        restarts=(rng.random(count) < 0.5)[:, None],
    )


def _part(questions: Questions, rows: Any) -> Questions:
    return Questions(*(getattr(questions, name)[rows] for name in Questions.__slots__))


def _all_at_once(questions: Questions, calendar: WorkCalendar, *, pauses: bool) -> Moments:
    if not pauses:
        return due_moments(questions.starts, questions.amounts, questions.units, calendar)
    return due_moments(
        questions.starts,
        questions.amounts,
        questions.units,
        calendar,
        pause_starts=questions.pause_starts,
        pause_ends=questions.pause_ends,
        pause_restarts=questions.restarts,
    )


def _one_by_one(questions: Questions, calendar: WorkCalendar) -> list[datetime | None]:
    rules = {True: PauseRule.RESTART, False: PauseRule.RESUME}
    found = []
    for row in range(len(questions.starts)):
        pauses = []
        if not np.isnat(questions.pause_starts[row, 0]):
            rule = rules[bool(questions.restarts[row, 0])]
            pauses = [Pause(_moment(questions.pause_starts[row, 0]), _moment(questions.pause_ends[row, 0]), rule)]
        allowance = Allowance(int(questions.amounts[row]), Unit(str(questions.units[row])))
        start = _moment(questions.starts[row])
        found.append(due_at(start=start, allowance=allowance, calendar=calendar, pauses=pauses).due_at)
    return found


def _closings(calendar: WorkCalendar) -> NDArray[np.int64]:
    days = (date.fromordinal(number) for number in range(FIRST.toordinal(), LAST.toordinal() + 1))
    return np.array([int(calendar.closing_at(day).timestamp()) for day in days if calendar.is_working_day(day)])


def _moment(moment: np.datetime64) -> datetime:
    return datetime.fromtimestamp(int(moment.astype("datetime64[s]").astype(np.int64)), UTC)


def _utc(moment: datetime | None) -> np.datetime64:
    return np.datetime64("NaT", "s") if moment is None else np.datetime64(int(moment.timestamp()), "s")


def _seconds(work: Any, *, times: int = 3) -> float:
    """Return the shortest of some runs: the one that was least disturbed."""
    shortest = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        shortest = min(shortest, time.perf_counter() - began)
    return shortest
