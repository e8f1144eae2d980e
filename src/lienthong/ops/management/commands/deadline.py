"""``./lienthong deadline --start 2022-09-05T16:30 --amount 5 --unit working_day``."""

import json
from argparse import ArgumentParser
from typing import Any

from lienthong.kernel.days import format_moment
from lienthong.ops import command_list
from lienthong.ops.console import say
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.rules.deadline_text import DueData, answer, read_moment
from lienthong.rules.working_time import OutsideCalendar

EXAMPLE = "./lienthong deadline --start 2022-09-05T16:30 --amount 5 --unit working_day"


class Command(TerminalCommand):
    help = command_list.lines()["deadline"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--start", help="thời điểm nhận hồ sơ, ví dụ 2022-09-05T16:30")
        parser.add_argument("--amount", help="số ngày, giờ, tháng; hoặc cả chuỗi: '5 working_day + 12 calendar_day'")
        parser.add_argument("--unit", default="working_day", help="working_day, calendar_day, working_hour hoặc month")
        parser.add_argument(
            "--pause", action="append", default=[], metavar="START/END",
            help="khoảng tạm dừng; nêu nhiều lần được; bỏ END khi chưa kết thúc",
        )  # fmt: skip
        parser.add_argument("--pause-rule", default="resume", help="sau tạm dừng: resume tính tiếp, restart tính lại")
        parser.add_argument("--office-hours", help="giờ làm việc, ví dụ 07:30-11:30,13:30-17:00")
        parser.add_argument("--json", action="store_true", help="in due_at và trace dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("start", "amount"):
            if not options[name]:
                refuse(f"Thiếu --{name}. Ví dụ: {EXAMPLE}")
        try:
            due = answer(
                start=options["start"],
                amount=options["amount"],
                unit=options["unit"],
                pauses=options["pause"],
                pause_rule=options["pause_rule"],
                office_hours=options["office_hours"],
            )
        except (ValueError, OutsideCalendar) as refusal:
            refuse(str(refusal))
        except OverflowError:
            refuse("Thời hạn dài quá mức tính được. Hãy kiểm tra lại số lượng và ngày.")
        if options["json"]:
            say(json.dumps(due, ensure_ascii=False, indent=1))
        else:
            say(_in_words(due))


def _in_words(due: DueData) -> str:
    if due["due_at"]:
        return "\n".join([f"Đến hạn: {format_moment(read_moment(due['due_at']))}", "", *due["trace"]])
    return "\n".join([f"Đang tạm dừng; còn lại {due['remaining']}.", "", *due["trace"]])
