"""``./lienthong deadline`` as somebody types it: answers, and refuses in a sentence and with exit code 2."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

CHECKOUT = Path(__file__).resolve().parents[2]
MONDAY = ("--start", "2022-09-05T16:30", "--amount", "5", "--unit", "working_day")


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("deadline", *arguments, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command("deadline", *arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_prints_the_due_moment_with_its_offset_and_the_trace(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, *MONDAY)

    assert answer["due_at"] == "2022-09-12T17:00:00+07:00"
    assert answer["trace"][0] == "05/09/2022 là ngày nhận, không tính."
    assert answer["trace"][-1] == "Đến hạn 17:00 thứ Hai 12/09/2022."


def test_counts_with_pauses_and_other_office_hours(capsys: pytest.CaptureFixture[str]) -> None:
    pauses = ("--pause", "2022-09-06T08:00/2022-09-07T17:30", "--pause", "2022-09-09T07:00/2022-09-09T18:00")
    answer = ask(capsys, *MONDAY, *pauses, "--office-hours", "07:00-11:30,13:30-16:30")

    assert answer["due_at"] == "2022-09-15T16:30:00+07:00"
    assert any("tạm dừng" in line for line in answer["trace"])


def test_a_whole_chain_is_one_amount(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, "--start", "2026-11-23T09:00", "--amount", "5 working_day + 12 calendar_day")

    assert answer["due_at"] == "2026-12-14T17:00:00+07:00"


def test_an_open_pause_has_no_due_moment_but_says_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ask(capsys, *MONDAY, "--pause", "2022-09-07T08:00/")

    assert answer["due_at"] is None
    assert answer["remaining"]


def test_says_the_same_in_words_without_json(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("deadline", *MONDAY)

    said = capsys.readouterr().out
    assert said.startswith("Đến hạn: 17:00 thứ Hai 12/09/2022\n")
    assert "06/09/2022 – 09/09/2022: ngày làm việc thứ 1 đến thứ 4." in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--amount", "5"), "Thiếu --start"),
        (("--start", "2022-09-05T16:30"), "Thiếu --amount"),
        (("--start", "hôm qua", "--amount", "5"), "Thời điểm “hôm qua” không đọc được"),
        (("--start", "2022-02-30", "--amount", "5"), "không đọc được"),
        (("--start", "2022-09-05", "--amount", "năm"), "Thời hạn “năm” không đọc được"),
        (("--start", "2022-09-05", "--amount", "-5"), "không đọc được"),
        (("--start", "2022-09-05", "--amount", "99999999999"), "phải từ 0 đến"),
        (("--start", "2022-09-05", "--amount", "5", "--unit", "week"), "Đơn vị thời hạn “week” không có"),
        (("--start", "3000-01-01", "--amount", "5"), "Lịch làm việc"),
        (("--start", "1850-01-01", "--amount", "5"), "Lịch làm việc"),
        ((*MONDAY, "--pause", "sáng/chiều"), "Khoảng tạm dừng"),
        ((*MONDAY, "--pause", "2022-09-08T08:00/2022-09-06T08:00"), "phải kết thúc sau khi bắt đầu"),
        ((*MONDAY, "--pause-rule", "maybe"), "resume hoặc restart"),
        ((*MONDAY, "--office-hours", "sáng"), "Giờ làm việc"),
    ],
)
def test_refuses_bad_input_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refusal(capsys, *arguments)


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Type the command where no database can be reached."""
    environment = {
        **os.environ, "PYTHONPATH": str(CHECKOUT / "src"), "LIENTHONG_DATA_DIR": str(folder / "data"),
        "LIENTHONG_DATABASE_URL": "postgresql://nobody@/nowhere?host=/nonexistent",
    }  # fmt: skip
    command = [sys.executable, "-m", "lienthong", "deadline", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=CHECKOUT)


def test_needs_no_database(tmp_path: Path) -> None:
    done = run(*MONDAY, "--json", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["due_at"] == "2022-09-12T17:00:00+07:00"


@pytest.mark.parametrize("arguments", [("--begin", "2022-09-05"), (*MONDAY, "thừa"), ("--start",)])
def test_options_that_it_does_not_know_are_refused_with_an_example(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("✗ Không hiểu các tùy chọn của lệnh")
    assert "--start 2022-09-05T16:30" in done.stderr
