"""The trace tells each day that counted or did not, in sentences that can be checked on a wall calendar."""

from datetime import date, timedelta

import pytest

from lienthong.rules.deadline_text import read_allowance, read_moment, read_pause
from lienthong.rules.deadlines import Allowance, Due, Pause, PauseRule, Unit, due_at
from lienthong.rules.working_time import DayKind, ExceptionalDay, OutsideCalendar, WorkCalendar, official_calendar


def ask(start: str, allowance: str, *pauses: Pause, calendar: WorkCalendar | None = None) -> Due:
    return due_at(
        start=read_moment(start),
        allowance=read_allowance(allowance),
        calendar=calendar or official_calendar(),
        pauses=pauses,
    )


def told(due: Due) -> list[str]:
    return [line.text for line in due.trace]


class TestWhatIsTold:
    def test_days_received_skipped_and_counted(self) -> None:
        assert told(ask("2022-08-30T09:00", "5 working_day")) == [
            "30/08/2022 là ngày nhận, không tính.",
            "31/08/2022: ngày làm việc thứ 1.",
            "01/09/2022 – 02/09/2022: nghỉ Quốc khánh, không tính.",
            "03/09/2022 – 04/09/2022: cuối tuần, không tính.",
            "05/09/2022 – 08/09/2022: ngày làm việc thứ 2 đến thứ 5.",
            "Đến hạn 17:00 thứ Năm 08/09/2022.",
        ]

    def test_a_saturday_worked_and_the_day_it_pays_back(self) -> None:
        assert told(ask("2026-01-05T09:00", "5 working_day"))[-2:] == [
            "10/01/2026: làm bù cho thứ Sáu 02/01/2026, ngày làm việc thứ 5.",
            "Đến hạn 17:00 thứ Bảy 10/01/2026.",
        ]

    def test_a_last_day_that_is_not_a_working_day(self) -> None:
        assert told(ask("2026-02-05T09:00", "12 calendar_day")) == [
            "05/02/2026 là ngày nhận, không tính.",
            "06/02/2026 – 17/02/2026: ngày thứ 1 đến thứ 12.",
            "17/02/2026 – 20/02/2026: nghỉ Tết Nguyên đán Bính Ngọ, chuyển sang ngày làm việc tiếp theo.",
            "21/02/2026 – 22/02/2026: cuối tuần, chuyển sang ngày làm việc tiếp theo.",
            "Đến hạn 17:00 thứ Hai 23/02/2026.",
        ]

    def test_hours(self) -> None:
        assert told(ask("2022-09-09T20:15", "8 working_hour")) == [
            "Bắt đầu từ 20:15 thứ Sáu 09/09/2022.",
            "10/09/2022 – 11/09/2022: cuối tuần, không tính.",
            "12/09/2022 – 13/09/2022: 8 giờ làm việc.",
            "Đến hạn 08:00 thứ Ba 13/09/2022.",
        ]

    def test_months(self) -> None:
        assert told(ask("2023-01-31T09:00", "1 month"))[:2] == [
            "31/01/2023 là ngày nhận, không tính.",
            "1 tháng, đến ngày tương ứng 28/02/2023, là 28 ngày.",
        ]

    def test_chains(self) -> None:
        lines = told(ask("2022-08-22T09:00", "5 working_day + 12 calendar_day"))

        assert "17:00 thứ Hai 29/08/2022: hết 5 ngày làm việc; tiếp theo 12 ngày." in lines

    def test_within_the_day(self) -> None:
        assert told(ask("2022-09-05T18:00", "0 working_day")) == [
            "05/09/2022 là ngày nhận, giải quyết trong ngày.",
            "05/09/2022: đã hết giờ làm việc, chuyển sang ngày làm việc tiếp theo.",
            "Đến hạn 17:00 thứ Ba 06/09/2022.",
        ]

    def test_days_for_which_no_notice_exists_yet(self) -> None:
        assert told(ask("2027-12-30T09:00", "5 working_day"))[-1] == (
            "Lịch nghỉ từ 01/01/2028 chưa được công bố; phần này tạm tính theo luật."
        )

    def test_each_line_knows_its_days(self) -> None:
        line = ask("2022-08-30T09:00", "5 working_day").trace[2]

        assert (line.first_day, line.last_day) == (date(2022, 9, 1), date(2022, 9, 2))


class TestPauses:
    def test_a_pause_that_resumes_adds_the_days_on_which_the_clock_stood(self) -> None:
        due = ask("2022-09-05T08:00", "5 working_day", read_pause("2022-09-06T10:00/2022-09-08T10:00"))

        assert due.due_at == read_moment("2022-09-14T17:00")
        assert told(due) == [
            "05/09/2022 là ngày nhận, không tính.",
            "06/09/2022 – 07/09/2022: tạm dừng tính thời hạn, không tính.",
            "08/09/2022 – 09/09/2022: ngày làm việc thứ 1 đến thứ 2.",
            "10/09/2022 – 11/09/2022: cuối tuần, không tính.",
            "12/09/2022 – 14/09/2022: ngày làm việc thứ 3 đến thứ 5.",
            "Đến hạn 17:00 thứ Tư 14/09/2022.",
        ]

    @pytest.mark.parametrize(
        ("pause", "due"),
        [
            ("2022-09-06T08:00/2022-09-06T16:59", "2022-09-12T17:00"),  # within a day
            ("2022-09-06T08:00/2022-09-06T17:00", "2022-09-13T17:00"),  # to the close of the day
            ("2022-09-06T17:00/2022-09-07T07:30", "2022-09-12T17:00"),  # a night
            ("2022-09-06T16:59/2022-09-07T07:30", "2022-09-13T17:00"),
            ("2022-09-09T17:00/2022-09-12T07:30", "2022-09-12T17:00"),  # a weekend
            ("2022-09-05T07:30/2022-09-06T07:30", "2022-09-12T17:00"),  # the day of receipt does not count anyway
            ("2022-09-12T10:00/2022-09-20T09:00", "2022-09-20T17:00"),  # from the last day on
            ("2022-09-12T17:00/2022-09-20T09:00", "2022-09-12T17:00"),  # after the time had run out
        ],
    )
    def test_the_edges_of_a_pause_in_days(self, pause: str, due: str) -> None:
        assert ask("2022-09-05T09:00", "5 working_day", read_pause(pause)).due_at == read_moment(due)

    def test_in_hours_the_very_minutes_are_added(self) -> None:
        due = ask("2022-09-05T08:00", "4 working_hour", read_pause("2022-09-05T09:00/2022-09-05T10:30"))

        assert due.due_at == read_moment("2022-09-05T15:30")
        assert told(due)[1] == "05/09/2022: 4 giờ làm việc, trừ thời gian tạm dừng."

    def test_a_pause_that_restarts_makes_its_end_the_new_day_0(self) -> None:
        pause = read_pause("2022-09-07T10:00/2022-09-14T10:00", rule=PauseRule.RESTART)

        due = ask("2022-09-05T09:00", "5 working_day", pause)

        assert due.due_at == read_moment("2022-09-21T17:00")
        assert told(due)[:3] == [
            "Tạm dừng từ 10:00 thứ Tư 07/09/2022 đến 10:00 thứ Tư 14/09/2022; thời hạn tính lại từ đầu.",
            "14/09/2022 là ngày tính lại, không tính.",
            "15/09/2022 – 16/09/2022: ngày làm việc thứ 1 đến thứ 2.",
        ]

    def test_restarting_a_chain_restarts_all_of_it(self) -> None:
        pause = read_pause("2022-09-07T10:00/2022-09-14T10:00", rule=PauseRule.RESTART)

        again = ask("2022-09-05T09:00", "1 working_day + 3 working_day", pause)

        assert again.due_at == ask("2022-09-14T10:00", "4 working_day").due_at

    def test_a_calendar_day_moved_to_a_paused_working_day_waits_for_the_pause_to_end(self) -> None:
        # 12 days end on Saturday 17 September; Monday is paused.
        due = ask("2022-09-05T09:00", "12 calendar_day", read_pause("2022-09-19T08:00/2022-09-21T08:00"))

        assert due.due_at == read_moment("2022-09-21T17:00")

    @pytest.mark.parametrize(
        ("allowance", "remaining"),
        [
            ("5 working_day", "4 ngày làm việc"),
            ("5 working_day + 12 calendar_day", "4 ngày làm việc + 12 ngày"),
            ("5 calendar_day", "4 ngày"),
            ("1 month", "29 ngày"),
            ("20 working_hour + 2 working_day", "4 giờ làm việc + 2 ngày làm việc"),
            ("14 working_hour + 2 working_day", "2 ngày làm việc"),
        ],
    )
    def test_an_open_pause_leaves_no_due_moment_but_what_remains(self, allowance: str, remaining: str) -> None:
        due = ask("2022-09-05T09:00", allowance, read_pause("2022-09-07T10:00/"))

        assert due.due_at is None
        assert due.remaining is not None
        assert due.remaining.in_words == remaining
        assert told(due)[-1] == f"Tạm dừng từ 10:00 thứ Tư 07/09/2022, chưa kết thúc; còn {remaining}."

    def test_an_open_pause_that_will_restart_leaves_everything(self) -> None:
        due = ask("2022-09-05T09:00", "5 working_day", Pause(read_moment("2022-09-07T10:00"), None, PauseRule.RESTART))

        assert due.due_at is None
        assert due.remaining is not None
        assert due.remaining.in_words == "5 ngày làm việc"

    def test_an_open_pause_that_began_too_late_changes_nothing(self) -> None:
        late = [Pause(read_moment("2022-09-12T17:00"), None, rule) for rule in PauseRule]

        assert ask("2022-09-05T09:00", "5 working_day", *late).due_at == read_moment("2022-09-12T17:00")

    def test_a_pause_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(ValueError, match="phải kết thúc sau khi bắt đầu 10:00 thứ Tư 07/09/2022"):
            read_pause("2022-09-07T10:00/2022-09-06T10:00")


class TestCalendarOfTheAgency:
    def test_a_half_day_counts_and_is_due_at_its_own_close(self) -> None:
        calendar = official_calendar().with_days(
            {date(2022, 9, 12): ExceptionalDay(DayKind.MORNING_ONLY, "chỉ làm việc buổi sáng")}, version="half"
        )

        due = ask("2022-09-05T09:00", "5 working_day", calendar=calendar)

        assert due.due_at == read_moment("2022-09-12T11:30")
        assert told(due)[-2] == "12/09/2022: chỉ làm việc buổi sáng, ngày làm việc thứ 5."

    def test_a_saturday_open_for_reception_does_not_count(self) -> None:
        saturday = {date(2022, 9, 10): ExceptionalDay(DayKind.RECEPTION_ONLY, "chỉ tiếp nhận hồ sơ")}
        calendar = official_calendar().with_days(saturday, version="reception")

        assert ask("2022-09-09T09:00", "1 working_day", calendar=calendar).due_at == read_moment("2022-09-12T17:00")
        assert ask("2022-09-10T09:00", "1 working_hour", calendar=calendar).due_at == read_moment("2022-09-12T08:30")


class TestRefusals:
    @pytest.mark.parametrize(
        ("amount", "unit"),
        [
            (-1, Unit.WORKING_DAY),
            (0, Unit.WORKING_HOUR),
            (0, Unit.MONTH),
            (10_000, Unit.WORKING_DAY),
            (301, Unit.MONTH),
        ],
    )
    def test_an_amount_out_of_bounds(self, amount: int, unit: Unit) -> None:
        with pytest.raises(ValueError, match="phải từ"):
            Allowance(amount, unit)

    def test_no_allowance_at_all(self) -> None:
        with pytest.raises(ValueError, match="ít nhất một phần"):
            due_at(start=read_moment("2022-09-05T09:00"), allowance=[], calendar=official_calendar())

    @pytest.mark.parametrize("allowance", ["9999 working_day", "9999 calendar_day", "300 month", "9999 working_hour"])
    @pytest.mark.parametrize("start", ["2039-09-05T09:00", "3000-01-01T09:00", "1900-01-01T09:00", "9999-12-31T23:59"])
    def test_a_count_that_leaves_the_calendar(self, allowance: str, start: str) -> None:
        with pytest.raises(OutsideCalendar, match="chỉ có từ 01/01/2016 đến hết 31/12/2040"):
            ask(start, allowance)

    def test_a_start_without_a_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            due_at(
                start=read_moment("2022-09-05T09:00").replace(tzinfo=None),
                allowance=Allowance(1, Unit.WORKING_DAY),
                calendar=official_calendar(),
            )

    def test_any_zone_is_the_same_moment(self) -> None:
        start = read_moment("2022-09-05T16:30")

        assert (
            ask("2022-09-05T09:30+00:00", "8 working_hour").due_at == ask("2022-09-05T16:30", "8 working_hour").due_at
        )
        assert start.utcoffset() == timedelta(hours=7)
