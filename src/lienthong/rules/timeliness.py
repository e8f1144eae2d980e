"""Where a dossier stands against its due moment: time left, early, on time or late, and the office's own duty to hand over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from lienthong.kernel.days import local_day, local_moment, local_time
from lienthong.rules.deadline_trace import duration_in_words
from lienthong.rules.parameters import load_parameter
from lienthong.rules.working_time import WorkCalendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Time to a due moment, or how far it is past.

    Thời gian còn lại.

    Args:
        is_late: Whether the due moment is past.
        working_days: Working days after today up to the due day; zero on the due day and when late.
        working_time: Working time to the due moment, or since it when late.
        calendar_days_late: Days from the due day to today, weekends included, so that lateness is not made smaller.
    """

    is_late: bool
    working_days: int
    working_time: timedelta
    calendar_days_late: int

    def in_words(self) -> str:
        """Say it in the words of the work list ("còn 2 ngày làm việc", "trễ 1 ngày")."""
        if self.calendar_days_late:
            return f"trễ {self.calendar_days_late} ngày"
        if self.is_late:
            return "quá giờ hẹn hôm nay"
        if self.working_days:
            return f"còn {self.working_days} ngày làm việc"
        return f"còn {duration_in_words(self.working_time)} làm việc"


class Timeliness(StrEnum):
    """How a result came against its time limit, by day.

    Trước hạn, đúng hạn, trễ hạn.
    """

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    WITHOUT_DEADLINE = "without_deadline"

    @property
    def in_words(self) -> str:
        """Vietnamese words of the reports."""
        return _TIMELINESS_WORDS[self]


_TIMELINESS_WORDS = {
    Timeliness.EARLY: "trước hạn",
    Timeliness.ON_TIME: "đúng hạn",
    Timeliness.LATE: "trễ hạn",
    Timeliness.WITHOUT_DEADLINE: "không có thời hạn",
}


def time_left(now: datetime, due: datetime, calendar: WorkCalendar) -> TimeLeft:
    """Measure the time from now to a due moment.

    Raises:
        OutsideCalendar: One of the moments lies outside the calendar.
    """
    if now > due:
        late_by = (local_day(now) - local_day(due)).days
        return TimeLeft(True, 0, _working_time(due, now, calendar), late_by)
    days, day = 0, local_day(now)
    while day < local_day(due):
        day += _ONE_DAY
        days += calendar.is_working_day(day)
    return TimeLeft(False, days, _working_time(now, due, calendar), 0)


def _working_time(since: datetime, until: datetime, calendar: WorkCalendar) -> timedelta:
    total, day = timedelta(0), local_day(since)
    while day <= local_day(until):
        for opens, closes in calendar.periods_on(day):
            total += max(timedelta(0), min(closes, until) - max(opens, since))
        day += _ONE_DAY
    return total


def classify(finished_at: datetime, due: datetime | None) -> Timeliness:
    """Compare the day of a result with the day it was due.

    A dossier without a time limit is a class of its own: it is neither early nor on time.
    """
    if due is None:
        return Timeliness.WITHOUT_DEADLINE
    finished_on, due_on = local_day(finished_at), local_day(due)
    if finished_on == due_on:
        return Timeliness.ON_TIME
    return Timeliness.EARLY if finished_on < due_on else Timeliness.LATE


def hand_over_due(received_at: datetime, calendar: WorkCalendar) -> datetime:
    """Work out by when the desk must hand a dossier over to the agency that settles it.

    Hạn chuyển hồ sơ đến cơ quan giải quyết.

    Received by 15:00 on a working day: by the close of that day. Received later, or on another day: at the opening of the
    next working day. This is the desk's duty and never moves the applicant's due moment.

    Raises:
        NoValueInForce: No hour is recorded for the day of receipt.

    Legal source:
        61/2018/NĐ-CP, Điều 18 khoản 2.
    """
    day = local_day(received_at)
    hour = load_parameter("working_time/intake:hand_over_hour").value_on(day)
    in_time = local_time(received_at) <= local_moment(day, time(hour))
    if in_time and calendar.is_working_day(day) and received_at <= calendar.closing_at(day):
        return calendar.closing_at(day)
    return calendar.opening_at(calendar.next_working_day(day))
