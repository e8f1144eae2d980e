"""Days are Vietnamese days, spans are half-open, and a date of birth says how much of it is known."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.kernel.days import (
    AgeRange,
    BirthDate,
    DatePrecision,
    Span,
    add_months,
    format_day,
    format_moment,
    local_day,
    local_moment,
    parse_day,
    weekday_name,
)

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))


class TestDays:
    def test_the_day_changes_at_midnight_in_vietnam(self) -> None:
        assert local_day(datetime(2026, 1, 1, 16, 59, tzinfo=UTC)) == date(2026, 1, 1)
        assert local_day(datetime(2026, 1, 1, 17, 0, tzinfo=UTC)) == date(2026, 1, 2)

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            local_day(datetime(2026, 1, 1))

    def test_a_moment_beyond_the_calendar_is_a_sentence_and_not_an_overflow(self) -> None:
        with pytest.raises(ValueError, match="nằm ngoài lịch"):
            local_day(datetime.max.replace(tzinfo=UTC))

    def test_a_moment_is_printed_with_its_weekday(self) -> None:
        assert format_moment(datetime(2026, 11, 27, 10, 0, tzinfo=UTC)) == "17:00 thứ Sáu 27/11/2026"
        assert weekday_name(date(2026, 11, 29)) == "Chủ nhật"

    def test_a_local_moment_is_seven_hours_ahead_of_universal_time(self) -> None:
        assert local_moment(date(2022, 9, 5), time(7, 30)) == datetime(2022, 9, 5, 0, 30, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["27/11/2026", "27.11.2026", "27-11-2026", "2026-11-27", " 27/11/2026 "])
    def test_reads_a_day_as_people_type_it(self, text: str) -> None:
        assert parse_day(text) == date(2026, 11, 27)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("30/02/2024", "Tháng 02/2024 chỉ có 29 ngày, không có ngày 30"),
            ("11/27/2026", "Không có tháng 27"),
            ("hôm qua", "không đọc được"),
            ("27/11.2026", "không đọc được"),
            ("27/11/26", "không đọc được"),
            ("01/01/0000", "Năm 0 không có trong lịch"),
            ("", "không đọc được"),
        ],
    )
    def test_a_day_that_does_not_exist_is_explained(self, text: str, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            parse_day(text)

    @given(days)
    def test_every_day_that_is_printed_can_be_read_back(self, day: date) -> None:
        assert parse_day(format_day(day)) == day == parse_day(day.isoformat())

    def test_a_month_that_lacks_the_day_ends_on_its_last_day(self) -> None:
        assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
        assert add_months(date(2023, 1, 31), 1) == date(2023, 2, 28)
        assert add_months(date(2023, 12, 15), 2) == date(2024, 2, 15)


class TestSpan:
    def test_the_end_does_not_belong_to_the_span_and_screens_print_the_day_before(self) -> None:
        districts = Span(date(2021, 1, 1), date(2025, 7, 1))

        assert districts.contains(date(2025, 6, 30))
        assert not districts.contains(date(2025, 7, 1))
        assert districts.last_day == date(2025, 6, 30)
        assert str(districts) == "từ 01/01/2021 đến hết 30/06/2025"

    def test_an_open_span_has_no_last_day(self) -> None:
        assert Span(date(2025, 7, 1)).last_day is None
        assert Span(date(2025, 7, 1)).contains(date(9999, 12, 31))
        assert str(Span(date(2025, 7, 1))) == "từ 01/07/2025"

    def test_spans_that_touch_do_not_overlap(self) -> None:
        before, after = Span(date(2021, 1, 1), date(2025, 7, 1)), Span(date(2025, 7, 1))

        assert not before.overlaps(after)
        assert before.intersection(after) is None

    def test_a_span_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(ValueError, match="phải kết thúc sau ngày bắt đầu 01/07/2025"):
            Span(date(2025, 7, 1), date(2025, 7, 1))

    @given(days, st.integers(1, 999), days, st.none() | st.integers(1, 999), days)
    def test_a_day_is_in_the_intersection_when_it_is_in_both(
        self, start: date, length: int, other_start: date, other_length: int | None, day: date
    ) -> None:
        one = Span(start, start + timedelta(days=length))
        other = Span(other_start, None if other_length is None else other_start + timedelta(days=other_length))

        shared = one.intersection(other)

        assert (shared is not None and shared.contains(day)) == (one.contains(day) and other.contains(day))
        assert one.overlaps(other) == other.overlaps(one) == (shared is not None)


class TestBirthDate:
    @pytest.mark.parametrize(
        ("text", "precision"),
        [("1954", DatePrecision.YEAR), ("03/1954", DatePrecision.MONTH), ("12/03/1954", DatePrecision.DAY)],
    )
    def test_prints_only_what_is_known(self, text: str, precision: DatePrecision) -> None:
        born = BirthDate.parse(text)

        assert (str(born), born.precision) == (text, precision)

    def test_reads_iso_forms_too(self) -> None:
        assert BirthDate.parse("1954-03") == BirthDate.parse("03/1954")
        assert BirthDate.parse("1954-03-12") == BirthDate.parse("12/03/1954")

    def test_the_same_knowledge_is_equal_whatever_day_filled_the_gap(self) -> None:
        assert BirthDate(date(1954, 7, 9), DatePrecision.YEAR) == BirthDate.parse("1954")

    def test_a_year_alone_gives_two_possible_ages(self) -> None:
        assert BirthDate.parse("1954").age_on(date(2024, 6, 1)) == AgeRange(69, 70)
        assert BirthDate.parse("1954").age_on(date(2024, 12, 31)) == AgeRange(70, 70)

    def test_a_month_alone_is_sure_after_the_month(self) -> None:
        assert BirthDate.parse("03/1954").age_on(date(2024, 3, 15)) == AgeRange(69, 70)
        assert BirthDate.parse("03/1954").age_on(date(2024, 3, 31)) == AgeRange(70, 70)

    def test_an_age_is_reached_on_the_birthday(self) -> None:
        born = BirthDate.parse("12/03/1954")

        assert born.age_on(date(2034, 3, 11)) == AgeRange(79, 79)
        assert born.age_on(date(2034, 3, 12)) == AgeRange(80, 80)

    def test_a_leap_day_comes_on_the_last_of_february_in_other_years(self) -> None:
        born = BirthDate.parse("29/02/2004")

        assert born.age_on(date(2022, 2, 27)).highest == 17
        assert born.age_on(date(2022, 2, 28)).lowest == 18

    def test_an_age_limit_is_unknown_while_the_birthday_may_be_on_either_side(self) -> None:
        born = BirthDate.parse("1944")

        assert born.age_on(date(2023, 6, 1)).at_least(80) is False
        assert born.age_on(date(2024, 6, 1)).at_least(80) is None
        assert born.age_on(date(2025, 1, 1)).at_least(80) is True

    def test_nobody_has_an_age_before_birth(self) -> None:
        with pytest.raises(ValueError, match="trước ngày sinh 03/1954"):
            BirthDate.parse("03/1954").age_on(date(1954, 2, 28))
        assert BirthDate.parse("1954").age_on(date(1954, 6, 1)) == AgeRange(0, 0)

    @pytest.mark.parametrize("text", ["54", "13/1954", "31/02/1954", "khoảng 1954", "0000", "/1954"])
    def test_refuses_what_cannot_be_a_date_of_birth(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"Ngày sinh|Tháng|tháng|Năm"):
            BirthDate.parse(text)

    @given(days, st.sampled_from(DatePrecision), st.integers(0, 40000))
    def test_the_true_age_lies_in_the_range(self, born_on: date, precision: DatePrecision, later: int) -> None:
        day = min(born_on + timedelta(days=later), date(2200, 1, 1))

        ages = BirthDate(born_on, precision).age_on(day)

        true_age = BirthDate(born_on).age_on(day)
        assert ages.lowest <= true_age.lowest == true_age.highest <= ages.highest
        assert ages.highest - ages.lowest <= 1
