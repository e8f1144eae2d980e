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

Working days and working hours are additive: a + b is b counted from where a ended. All units are monotone: a larger amount
or a longer pause never gives an earlier due moment, nor does a later start (but for months under a pause, which differ in
length).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.kernel.days import format_moment, local_time
from lienthong.rules.allowances import Allowance, Pause, PauseRule, Remaining, Unit
from lienthong.rules.day_count import DayByDay, merged, say
from lienthong.rules.deadline_trace import Step, TraceLine, told
from lienthong.rules.timeliness import TimeLeft, Timeliness, classify, hand_over_due, time_left
from lienthong.rules.working_time import WorkCalendar

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
        >>> from lienthong.rules.working_time import official_calendar
        >>> monday = datetime.fromisoformat("2022-09-05T16:30+07:00")
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
    stops = merged([pause for pause in pauses if pause.rule is PauseRule.RESUME])
    said: list[Step] = []
    for restart in sorted(
        (pause for pause in pauses if pause.rule is PauseRule.RESTART), key=lambda pause: pause.start
    ):
        if restart.start == restart.end or (restart.end and restart.end <= begin):
            continue
        reached = DayByDay(begin, chain, stops, calendar, opening).due
        if reached is not None and reached <= restart.start:
            break
        since = format_moment(restart.start)
        if restart.end is None:
            said.append(say(begin, f"Tạm dừng từ {since}, chưa kết thúc; sau đó thời hạn tính lại từ đầu."))
            return Due(None, told(said), Remaining(chain))
        said.append(say(begin, f"Tạm dừng từ {since} đến {format_moment(restart.end)}; thời hạn tính lại từ đầu."))
        begin, opening = local_time(restart.end), "ngày tính lại"
    count = DayByDay(begin, chain, stops, calendar, opening)
    return Due(count.due, told([*said, *count.steps]), count.remaining)
