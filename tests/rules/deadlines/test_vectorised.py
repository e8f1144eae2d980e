"""The numpy twin refuses what it cannot count, and is fast (its equality with the scalar function: test_properties)."""

from datetime import date
from time import perf_counter

import numpy as np
import pytest

from lienthong.kernel.days import Span
from lienthong.rules.deadlines_vectorised import due_moments
from lienthong.rules.working_time import OfficeHours, OutsideCalendar, WorkCalendar, official_calendar

MORNING = np.array(["2022-09-05T02:00:00", "2022-09-06T02:00:00"], dtype="datetime64[s]")


def test_one_amount_and_unit_may_serve_for_all() -> None:
    due = due_moments(MORNING, 5, "working_day", official_calendar())

    assert due.tolist() == np.array(["2022-09-12T10:00:00", "2022-09-13T10:00:00"], dtype="datetime64[s]").tolist()


def test_no_rows_give_no_rows() -> None:
    assert due_moments(MORNING[:0], np.array([], int), np.array([], str), official_calendar()).shape == (0,)


def test_finer_moments_are_taken_to_the_second() -> None:
    fine = MORNING.astype("datetime64[us]") + np.timedelta64(999_999, "us")

    due = due_moments(fine, 2, "working_hour", official_calendar())

    assert (due == MORNING + np.timedelta64(7200, "s")).all()


def test_an_unknown_unit_is_refused_and_not_skipped() -> None:
    with pytest.raises(ValueError, match="chỉ có thể là working_day"):
        due_moments(MORNING, 5, np.array(["working_day", "week"]), official_calendar())


def test_rows_that_leave_the_calendar_are_counted_and_the_first_named() -> None:
    starts = np.array(["2022-09-05T02:00:00", "2040-12-30T02:00:00"], dtype="datetime64[s]")

    with pytest.raises(OutsideCalendar, match=r"1 thời hạn vượt ra ngoài.*thứ tự đầu tiên: 1"):
        due_moments(starts, 5, "working_day", official_calendar())
    with pytest.raises(OutsideCalendar, match="2 thời hạn"):
        due_moments(starts, 9000, "working_hour", official_calendar(years=range(2022, 2024)))


@pytest.mark.parametrize("known", [Span(date(2022, 1, 1)), Span(date(1970, 1, 1), date(1980, 1, 1))])
def test_a_calendar_without_an_end_or_older_than_the_time_zone_is_refused(known: Span) -> None:
    calendar = WorkCalendar("other", {}, ((known, OfficeHours.parse("07:30-11:30")),), known)

    with pytest.raises(ValueError, match="calendar with an end"):
        due_moments(MORNING, 5, "working_day", calendar)


def test_a_million_take_seconds_at_most() -> None:
    rng = np.random.default_rng(2022)
    starts = MORNING[0] + rng.integers(0, 4 * 365 * 86400, 1_000_000).astype("timedelta64[s]")
    units = np.array(["working_day", "calendar_day", "working_hour", "month"])[rng.integers(0, 4, 1_000_000)]
    begun = perf_counter()

    due = due_moments(starts, rng.integers(1, 12, 1_000_000), units, official_calendar())

    assert perf_counter() - begun < 5  # 0.3 s on a quiet machine; five leaves room for a busy one
    assert (due > starts).all()
