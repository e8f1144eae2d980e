"""Values are written as officials write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lienthong.infra.templatetags import formats
from lienthong.kernel.days import BirthDate

NBSP = "\u00a0"


def test_money_and_numbers_are_grouped_with_dots() -> None:
    assert formats.dong(1_234_567) == f"1.234.567{NBSP}₫"
    assert formats.number(1_234_567) == "1.234.567"
    assert formats.dong(None) == formats.number(None) == ""


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0.6817, "68,17"), (Decimal(587) / 861, "68,18"), (1, "100,00"), (0, "0,00"), (12.5, "1.250,00")],
)
def test_a_rate_has_a_decimal_comma_and_a_thin_distance_to_its_sign(rate: float, words: str) -> None:
    assert formats.percent(rate) == f"{words}{NBSP}%"


def test_a_rate_with_nothing_below_the_line_is_no_data_and_not_everything() -> None:
    assert formats.percent(None) == "không có số liệu"


def test_moments_are_told_by_vietnamese_clocks() -> None:
    late_evening = datetime(2026, 11, 26, 20, 5, tzinfo=UTC)

    assert formats.day(late_evening) == "27/11/2026"
    assert formats.moment(late_evening) == "03:05 thứ Sáu 27/11/2026"
    assert formats.moment_short(late_evening) == "27/11/2026 03:05"
    assert formats.machine_moment(late_evening) == "2026-11-27T03:05:00+07:00"


def test_a_partly_known_birth_is_told_as_far_as_it_is_known() -> None:
    assert formats.day(BirthDate.parse("1954")) == "1954"
    assert formats.day(date(1954, 3, 12)) == "12/03/1954"
    assert formats.day(None) == ""


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 KB"), (812_000, "793 KB"), (2_516_582, "2,4 MB"), (26_214_400, "25 MB"), (5 * 10**9, "4,7 GB")],
)
def test_a_file_has_a_weight_that_people_know(size: int, words: str) -> None:
    assert formats.file_size(size) == words.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("days", "words"),
    [(2, "còn 2 ngày làm việc"), (0, "đến hạn hôm nay"), (-1, "trễ 1 ngày làm việc"), (None, "không có hạn")],
)
def test_time_left_is_told_in_words(days: int | None, words: str) -> None:
    assert formats.time_left(days) == words


def test_a_value_that_knows_its_words_says_them() -> None:
    class Left:
        def in_words(self) -> str:
            return "còn 3 giờ làm việc"

    assert formats.time_left(Left()) == "còn 3 giờ làm việc"


def test_a_long_number_is_grouped_to_be_read_aloud() -> None:
    assert formats.grouped("019085001234") == NBSP.join(["0190", "8500", "1234"])
    assert formats.grouped("0912345678") == NBSP.join(["0912", "345", "678"])
    assert formats.grouped("123456789") == NBSP.join(["123", "456", "789"])
    assert formats.grouped("không rõ") == "không rõ"
    assert formats.grouped(None) == ""
