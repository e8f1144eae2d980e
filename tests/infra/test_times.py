"""Times are said in the language of the reader."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from lienthong.infra.times import hours_in_words, moment_in_words, weekday_in_words
from lienthong.kernel.days import format_moment
from lienthong.rules.deadline_trace import duration_in_words

MOMENT = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
STRETCHES = [timedelta(hours=3, minutes=30), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=20)]


def test_vietnamese_is_what_the_kernel_and_the_rules_say() -> None:
    assert moment_in_words(MOMENT) == format_moment(MOMENT) == "17:00 thứ Sáu 27/11/2026"
    assert [hours_in_words(stretch) for stretch in STRETCHES] == [duration_in_words(stretch) for stretch in STRETCHES]


@pytest.mark.parametrize(("day", "name"), [(date(2026, 11, 23), "Monday"), (date(2026, 11, 29), "Sunday")])
def test_english_names_the_days(day: date, name: str) -> None:
    with translation.override("en"):
        assert weekday_in_words(day) == name


def test_english_counts_hours_and_minutes() -> None:
    with translation.override("en"):
        words = [hours_in_words(stretch) for stretch in STRETCHES]

    assert words == ["3 hours 30 minutes", "1 hour", "1 minute", "less than 1 minute"]
