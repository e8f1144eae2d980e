"""Deadlines from command lines and data files: what is read, what is written, what is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.rules.deadline_text import (
    allowance_in_words,
    answer,
    read_allowance,
    read_moment,
    read_pause,
    write_allowance,
)
from lienthong.rules.deadlines import Allowance, Unit

allowances = st.lists(st.builds(Allowance, st.integers(1, 300), st.sampled_from(Unit)), min_size=1, max_size=4)


@given(allowances)
def test_every_allowance_can_be_written_and_read_back_in_both_languages(chain: list[Allowance]) -> None:
    assert read_allowance(write_allowance(chain)) == tuple(chain) == read_allowance(allowance_in_words(chain))


def test_a_chain_is_told_in_words() -> None:
    chain = read_allowance("5 working_day+7 working_day +  12 calendar_day")

    assert allowance_in_words(chain) == "5 ngày làm việc + 7 ngày làm việc + 12 ngày"
    assert write_allowance(chain[0]) == "5 working_day"


@pytest.mark.parametrize(
    "text", ["", "5", "working_day", "five working_day", "5 working_day +", "5 weeks", "-5 working_day", "5.5 month"]
)
def test_what_is_no_allowance_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"Hãy viết như 5 working_day|Hãy dùng một trong: working_day"):
        read_allowance(text)


@pytest.mark.parametrize(
    "text",
    [
        "2022-09-05T16:30",
        "2022-09-05 16:30",
        "2022-09-05T16:30:00+07:00",
        "2022-09-05T09:30Z",
        "16:30 05/09/2022",
        "05/09/2022 16:30",
        " 2022-09-05T16:30 ",
    ],
)
def test_a_moment_is_vietnamese_time_unless_it_says_otherwise(text: str) -> None:
    assert read_moment(text).isoformat() == "2022-09-05T16:30:00+07:00"


@pytest.mark.parametrize("text", ["", "hôm nay", "2022-13-05T16:30", "25:00 05/09/2022", "31/02/2022"])
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Hãy viết như 2022-09-05T16:30"):
        read_moment(text)


@pytest.mark.parametrize("text", ["2022-09-06T08:00/2022-09-08T08:00", "08:00 06/09/2022/08:00 08/09/2022"])
def test_a_pause_is_two_moments(text: str) -> None:
    pause = read_pause(text)

    assert (pause.start, pause.end) == (read_moment("2022-09-06T08:00"), read_moment("2022-09-08T08:00"))


def test_a_pause_without_an_end_is_open() -> None:
    assert read_pause("2022-09-06T08:00/").end is None
    assert read_pause("06/09/2022/").start == read_moment("2022-09-06")


@pytest.mark.parametrize("text", ["", "/", "2022-09-06T08:00", "/2022-09-06T08:00", "a/b"])
def test_what_is_no_pause_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Hãy viết như"):
        read_pause(text)


class TestAnswer:
    def test_gives_what_the_command_line_prints(self) -> None:
        assert answer(start="2022-09-05T16:30", amount="5") == {
            "due_at": "2022-09-12T17:00:00+07:00",
            "trace": [
                "05/09/2022 là ngày nhận, không tính.",
                "06/09/2022 – 09/09/2022: ngày làm việc thứ 1 đến thứ 4.",
                "10/09/2022 – 11/09/2022: cuối tuần, không tính.",
                "12/09/2022: ngày làm việc thứ 5.",
                "Đến hạn 17:00 thứ Hai 12/09/2022.",
            ],
            "remaining": None,
        }

    @pytest.mark.parametrize(
        ("question", "due"),
        [
            ({"amount": 12, "unit": "calendar_day"}, "2022-09-19T17:00:00+07:00"),  # 17 September is a Saturday
            ({"amount": "5 working_day + 12 calendar_day"}, "2022-09-26T17:00:00+07:00"),
            ({"amount": 5, "office_hours": "07:00-11:00,13:00-16:30"}, "2022-09-12T16:30:00+07:00"),
            (
                {"amount": 1, "unit": "working_hour", "office_hours": "07:00-11:00,13:00-16:45"},
                "2022-09-06T07:45:00+07:00",
            ),
            ({"amount": 5, "pauses": ["2022-09-06T00:00/2022-09-08T00:00"]}, "2022-09-14T17:00:00+07:00"),
            (
                {"amount": 5, "pauses": ["2022-09-06T00:00/2022-09-08T00:00"], "pause_rule": "restart"},
                "2022-09-15T17:00:00+07:00",
            ),
            (
                {"amount": 5, "pauses": ["2022-09-06T00:00/2022-09-07T00:00", "2022-09-08T00:00/2022-09-09T00:00"]},
                "2022-09-14T17:00:00+07:00",
            ),
            ({"amount": 5, "pauses": ["2022-09-06T00:00/"]}, None),
        ],
    )
    def test_takes_every_option(self, question: dict[str, Any], due: str | None) -> None:
        assert answer(start="2022-09-05T16:30", **question)["due_at"] == due

    @pytest.mark.parametrize(
        ("question", "sentence"),
        [
            ({"unit": "week"}, "Đơn vị thời hạn “week” không có"),
            ({"pause_rule": "stop"}, "Hãy dùng resume hoặc restart"),
            ({"office_hours": "always"}, "Hãy nhập như 07:30-11:30"),
            ({"start": "tomorrow"}, "Hãy viết như 2022-09-05T16:30"),
            ({"amount": "-5"}, "Hãy viết như 5 working_day"),
        ],
    )
    def test_says_which_option_cannot_be_read(self, question: dict[str, Any], sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            answer(**{"start": "2022-09-05T16:30", "amount": "5", **question})
