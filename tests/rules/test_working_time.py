"""The work calendar: official days off 2022 to 2027, half days, reception days, an agency's own hours."""

from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date, time, timedelta

import holidays
import pytest

from lienthong.kernel.days import Span, local_moment
from lienthong.rules.working_time import (
    DayKind,
    ExceptionalDay,
    OfficeHours,
    OutsideCalendar,
    UnreadableHours,
    WorkCalendar,
    official_calendar,
    official_days,
)

MONDAY, SATURDAY = date(2022, 9, 5), date(2022, 9, 10)


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def clock_times(calendar: WorkCalendar, day: date) -> list[str]:
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in calendar.periods_on(day)]


class TestOfficialDays:
    @pytest.mark.parametrize(
        ("year", "weekdays_off"),
        [
            (2022, "3/1 31/1 1/2 2/2 3/2 4/2 11/4 2/5 3/5 1/9 2/9"),
            (2023, "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9"),
            (2024, "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9"),
            (2025, "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9"),
            (2026, "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11"),
            (2027, "1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9 24/11"),
        ],
    )
    def test_the_weekdays_off_of_each_year_are_these_and_no_others(self, year: int, weekdays_off: str) -> None:
        calendar = official_calendar()

        off = [day for day in days_of(year) if day.weekday() < 5 and not calendar.is_working_day(day)]

        assert " ".join(f"{day.day}/{day.month}" for day in off) == weekdays_off

    def test_the_saturdays_worked_are_these_and_no_others(self) -> None:
        calendar = official_calendar()

        worked = [
            day
            for year in range(2022, 2028)
            for day in days_of(year)
            if day.weekday() >= 5 and calendar.is_working_day(day)
        ]

        assert worked == [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)]

    def test_every_swapped_day_is_paid_back(self) -> None:
        kinds = [day.kind for day in official_days().days.values() if "làm bù" in day.reason]

        assert kinds.count(DayKind.OFF) == kinds.count(DayKind.WORKING) == 4

    def test_the_table_differs_from_the_package_only_where_the_package_is_behind(self) -> None:
        differing = set()
        for year in range(2022, 2028):
            vietnam = holidays.country_holidays("VN", years=year)
            worked = {day for day in vietnam.weekend_workdays if day.year == year}
            table = {day: entry.kind for day, entry in official_days().days.items() if day.year == year}
            off = {day for day, kind in table.items() if kind is DayKind.OFF}
            differing |= (off ^ set(vietnam)) | (set(table) - off ^ worked)

        # 1 February 2025 was an ordinary Saturday: the five days of Tết were the weekdays before it.
        assert differing == {date(2025, 2, 1), date(2026, 1, 2), date(2026, 1, 10)}

    def test_holidays_on_a_weekend_are_marked_for_agencies_that_open_on_saturdays(self) -> None:
        hours = OfficeHours.parse("07:30-11:30", weekdays=range(6))
        calendar = official_calendar(office_hours=hours)

        assert not calendar.is_working_day(date(2022, 4, 30))
        assert calendar.is_working_day(SATURDAY)

    def test_outside_the_table_the_law_is_computed_and_said_to_be_provisional(self) -> None:
        calendar = official_calendar()

        assert not calendar.is_working_day(date(2028, 1, 26))  # Tết Mậu Thân, 26 January 2028
        assert not calendar.is_working_day(date(2020, 9, 2))
        assert calendar.announced_until == date(2028, 1, 1)

    def test_each_day_off_says_why(self) -> None:
        calendar = official_calendar()

        assert calendar.reason_for(date(2022, 9, 2)) == "nghỉ Quốc khánh"
        assert calendar.reason_for(date(2026, 1, 2)) == "nghỉ hoán đổi, làm bù thứ Bảy 10/01/2026"
        assert calendar.reason_for(date(2026, 1, 10)) == "làm bù cho thứ Sáu 02/01/2026"
        assert calendar.reason_for(SATURDAY) == "cuối tuần"
        assert calendar.reason_for(MONDAY) == ""


class TestWorkCalendar:
    def test_knows_opening_closing_and_the_next_working_day(self) -> None:
        calendar = official_calendar()

        assert clock_times(calendar, MONDAY) == ["07:30-11:30", "13:30-17:00"]
        assert calendar.opening_at(MONDAY) == local_moment(MONDAY, time(7, 30))
        assert calendar.closing_at(MONDAY) == local_moment(MONDAY, time(17))
        assert calendar.next_working_day(date(2026, 2, 13)) == date(2026, 2, 23)
        assert calendar.periods_on(SATURDAY) == ()

    def test_a_closed_day_has_no_closing_time(self) -> None:
        with pytest.raises(ValueError, match=r"10/09/2022 không phải ngày làm việc \(cuối tuần\)"):
            official_calendar().closing_at(SATURDAY)

    def test_a_saturday_worked_keeps_the_hours_of_an_ordinary_day(self) -> None:
        assert clock_times(official_calendar(), date(2026, 1, 10)) == ["07:30-11:30", "13:30-17:00"]

    @pytest.mark.parametrize(
        ("kind", "times", "is_working", "receives"),
        [
            (DayKind.OFF, [], False, False),
            (DayKind.MORNING_ONLY, ["07:30-11:30"], True, True),
            (DayKind.AFTERNOON_ONLY, ["13:30-17:00"], True, True),
            (DayKind.WORKING, ["07:30-11:30", "13:30-17:00"], True, True),
            (DayKind.RECEPTION_ONLY, [], False, True),
        ],
    )
    def test_an_agency_marks_its_own_days(
        self, kind: DayKind, times: list[str], is_working: bool, receives: bool
    ) -> None:
        calendar = official_calendar().with_days({SATURDAY: ExceptionalDay(kind, "của cơ quan")}, version="agency-2")

        assert clock_times(calendar, SATURDAY) == times
        assert calendar.is_working_day(SATURDAY) is is_working
        assert calendar.receives_on(SATURDAY) is receives
        assert calendar.version == "agency-2"

    def test_a_half_day_cuts_hours_without_a_lunch_break_at_noon(self) -> None:
        calendar = official_calendar(office_hours=OfficeHours.parse("08:00-16:30"))
        morning = calendar.with_days({MONDAY: ExceptionalDay(DayKind.MORNING_ONLY, "họp")}, version="1")
        afternoon = calendar.with_days({MONDAY: ExceptionalDay(DayKind.AFTERNOON_ONLY, "bão")}, version="2")

        assert clock_times(morning, MONDAY) == ["08:00-12:00"]
        assert clock_times(afternoon, MONDAY) == ["12:00-16:30"]

    def test_office_hours_may_change_on_a_day(self) -> None:
        summer, winter = OfficeHours.parse("07:00-11:00,13:30-17:30"), OfficeHours.parse("08:00-12:00,13:00-17:00")
        known, change = Span(date(2022, 1, 1), date(2023, 1, 1)), date(2022, 10, 16)
        hours = ((Span(known.valid_from, change), summer), (Span(change), winter))
        calendar = WorkCalendar("seasons", {}, hours, known)

        assert clock_times(calendar, date(2022, 10, 14)) == ["07:00-11:00", "13:30-17:30"]
        assert clock_times(calendar, date(2022, 10, 17)) == ["08:00-12:00", "13:00-17:00"]

    def test_a_gap_in_the_office_hours_is_refused(self) -> None:
        known = Span(date(2022, 1, 1), date(2023, 1, 1))
        hours = ((Span(date(2022, 1, 1), date(2022, 6, 1)), OfficeHours.parse("07:00-11:00")),)

        with pytest.raises(UnreadableHours, match="thiếu giờ làm việc từ 01/06/2022"):
            WorkCalendar("gap", {}, hours, known)

    @pytest.mark.parametrize("day", [date(1999, 12, 31), date(3000, 1, 1)])
    def test_days_it_does_not_know_are_refused_and_not_guessed(self, day: date) -> None:
        with pytest.raises(OutsideCalendar, match=r"chỉ có từ 01/01/2016 đến hết 31/12/2040"):
            official_calendar().is_working_day(day)

    def test_equal_content_is_an_equal_calendar_and_has_one_version(self) -> None:
        one = official_calendar(years=[2022, 2023])
        other = official_calendar(years=range(2022, 2024))
        edited = one.with_days({SATURDAY: ExceptionalDay(DayKind.WORKING, "làm bù")}, version=one.version)

        assert one == other
        assert hash(one) == hash(other) == hash(edited)
        assert one != edited
        assert one.version != official_calendar(years=[2022]).version
        assert (
            one.version != official_calendar(years=[2022, 2023], office_hours=OfficeHours.parse("08:00-12:00")).version
        )

    def test_it_cannot_be_changed(self) -> None:
        calendar = official_calendar()

        with pytest.raises(TypeError):
            calendar.days[MONDAY] = ExceptionalDay(DayKind.OFF, "")  # type: ignore[index]
        with pytest.raises(FrozenInstanceError):
            calendar.version = "other"  # type: ignore[misc]


class TestOfficeHours:
    @pytest.mark.parametrize(
        "text", ["", "07:30", "7h30-11h30", "25:00-26:00", "11:30-07:30", "07:30-11:30,11:00-17:00", "07:30-07:30"]
    )
    def test_hours_that_cannot_be_are_refused_with_an_example(self, text: str) -> None:
        with pytest.raises(
            UnreadableHours, match=r"Hãy nhập như 07:30-11:30,13:30-17:00|Giờ đóng cửa phải sau giờ mở cửa"
        ):
            OfficeHours.parse(text)

    def test_a_week_without_an_open_day_is_refused(self) -> None:
        with pytest.raises(UnreadableHours, match="ít nhất một ngày"):
            OfficeHours.parse("07:30-11:30", weekdays=[])

    def test_a_week_has_seven_days(self) -> None:
        with pytest.raises(UnreadableHours, match="bảy ngày"):
            OfficeHours(((),))
