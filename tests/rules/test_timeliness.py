"""Time left in words, early or late by day, and the desk's duty to hand over."""

from datetime import datetime

import pytest

from lienthong.rules.deadline_text import read_moment
from lienthong.rules.deadlines import Timeliness, classify, hand_over_due, time_left
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.working_time import DayKind, ExceptionalDay, official_calendar


class TestHandOver:
    @pytest.mark.parametrize(
        ("received", "due"),
        [
            ("2022-09-09T14:59", "2022-09-09T17:00"),
            ("2022-09-09T15:00", "2022-09-09T17:00"),
            ("2022-09-09T15:01", "2022-09-12T07:30"),  # Friday: the next working morning is Monday's
            ("2022-09-09T06:00", "2022-09-09T17:00"),
            ("2022-09-10T09:00", "2022-09-12T07:30"),
            ("2026-02-13T15:01", "2026-02-23T07:30"),
        ],
    )
    def test_by_three_the_same_day_and_after_three_the_next_working_morning(self, received: str, due: str) -> None:
        assert hand_over_due(read_moment(received), official_calendar()) == read_moment(due)

    def test_a_half_day_ends_the_duty_at_noon(self) -> None:
        friday = read_moment("2022-09-09T00:00").date()
        calendar = official_calendar().with_days(
            {friday: ExceptionalDay(DayKind.MORNING_ONLY, "họp")}, version="half-day"
        )

        assert hand_over_due(read_moment("2022-09-09T10:00"), calendar) == read_moment("2022-09-09T11:30")
        assert hand_over_due(read_moment("2022-09-09T12:00"), calendar) == read_moment("2022-09-12T07:30")

    def test_before_the_rule_existed_there_is_no_hour(self) -> None:
        with pytest.raises(NoValueInForce, match=r"working_time/intake\.yaml"):
            hand_over_due(read_moment("2017-09-07T10:00"), official_calendar())


class TestTimeLeft:
    @pytest.mark.parametrize(
        ("now", "words"),
        [
            ("2026-11-25T09:00", "còn 2 ngày làm việc"),
            ("2026-11-23T09:00", "còn 3 ngày làm việc"),  # 24 November is a holiday
            ("2026-11-26T23:00", "còn 1 ngày làm việc"),
            ("2026-11-27T07:00", "còn 7 giờ 30 phút làm việc"),
            ("2026-11-27T11:00", "còn 4 giờ làm việc"),
            ("2026-11-27T16:15", "còn 45 phút làm việc"),
            ("2026-11-27T17:00", "còn dưới 1 phút làm việc"),
            ("2026-11-27T17:01", "quá giờ hẹn hôm nay"),
            ("2026-11-28T08:00", "trễ 1 ngày"),
            ("2026-11-30T08:00", "trễ 3 ngày"),
        ],
    )
    def test_is_told_as_people_say_it(self, now: str, words: str) -> None:
        due = read_moment("2026-11-27T17:00")

        assert time_left(read_moment(now), due, official_calendar()).in_words() == words

    def test_lateness_is_measured_in_working_time_too(self) -> None:
        left = time_left(read_moment("2026-11-30T09:00"), read_moment("2026-11-27T16:00"), official_calendar())

        assert (left.is_late, left.working_days, left.calendar_days_late) == (True, 0, 3)
        assert left.working_time.total_seconds() == 2.5 * 3600


class TestClassification:
    @pytest.mark.parametrize(
        ("finished", "timeliness"),
        [
            ("2022-09-09T23:59", Timeliness.EARLY),
            ("2022-09-12T00:00", Timeliness.ON_TIME),
            ("2022-09-12T19:00", Timeliness.ON_TIME),
            ("2022-09-13T00:00", Timeliness.LATE),
        ],
    )
    def test_is_by_day(self, finished: str, timeliness: Timeliness) -> None:
        assert classify(read_moment(finished), read_moment("2022-09-12T17:00")) is timeliness

    def test_the_day_is_the_day_in_vietnam(self) -> None:
        finished = datetime.fromisoformat("2022-09-11T17:30:00+00:00")  # half past midnight on the 12th

        assert classify(finished, read_moment("2022-09-12T17:00")) is Timeliness.ON_TIME

    def test_without_a_promise_it_is_neither_early_nor_on_time(self) -> None:
        assert classify(read_moment("2022-09-12T09:00"), None) is Timeliness.WITHOUT_DEADLINE

    def test_every_class_has_words(self) -> None:
        assert len({timeliness.in_words for timeliness in Timeliness}) == len(Timeliness)
