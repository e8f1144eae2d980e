"""``./lienthong benefits take-over FILE``: a register of people who receive, row by row against the rules; taken over by two people."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import TakeOver, TakeOverRow
from lienthong.assistance.services import taking_over as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, TakeOverState
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.ops.console import say
from lienthong.ops.terminal_command import refuse
from lienthong.units import queries as units
from lienthong.verification import store
from lienthong.verification.tables import TableRefused

VERB: Final = "take-over"


def add_verb(verbs: Any) -> ArgumentParser:
    """Add the verb to the command."""
    parser: ArgumentParser = verbs.add_parser(VERB, help="tiếp nhận danh sách đang hưởng từ tệp Excel, CSV")
    parser.add_argument("file", type=Path, help="tệp danh sách của một xã")
    parser.add_argument("--commune", required=True, metavar="CODE", help="mã xã")
    parser.add_argument("--programme", required=True, choices=Programme.values, help="chương trình")
    parser.add_argument("--month", required=True, metavar="MM/YYYY", help="tháng đầu tiên chi trả từ hệ thống này")
    parser.add_argument("--apply", action="store_true", help="nạp; chạy lần nữa với người khác thì duyệt và ghi")
    parser.add_argument("--as", dest="user", default="", metavar="USERNAME", help="tài khoản, cần cho --apply")
    return parser


def take_over(options: dict[str, Any], *, now: datetime) -> None:
    """Show what would become of every row; with ``--apply``, load the register, or approve what another loaded."""
    file: Path = options["file"]
    if not file.is_file():
        refuse(f"Không có tệp {file}. Kiểm tra lại đường dẫn.")
    try:
        with file.open("rb") as content:
            arrived = store.take_in(content, name=file.name)
        command = services.StageRegister(
            file=arrived, file_name=file.name, unit_id=_commune(options["commune"], local_day(now)),
            programme=options["programme"], month=_month(options["month"]),
        )  # fmt: skip
        if options["apply"]:
            _apply(command, options["user"], now)
        else:
            _show(services.compare_register(command, on=local_day(now)))
    except (AssistanceRefusal, TableRefused, store.FileNotTaken) as refusal:
        refuse(str(refusal))


def _show(lines: list[TakeOverRow]) -> None:
    for line in lines:
        name = line.person.full_name if line.person else line.said.get("name", "")
        amount = format_dong(line.amount) if line.amount is not None else "?"
        told = "; ".join(line.problems) or line.note or "đúng theo quy định"
        say(f"{'✗' if line.problems else '✓'} Dòng {line.number}: {name}, {amount}. {told}")
    problems = sum(bool(line.problems) for line in lines)
    differing = sum(line.by_rules is not None and line.by_rules != line.amount for line in lines)
    say(f"{len(lines)} dòng: {problems} chưa nhận được, {differing} khác mức theo quy định. Chưa có gì được ghi.")


def _apply(command: services.StageRegister, username: str, now: datetime) -> None:
    user = User.objects.filter(username=username).first() if username else None
    if user is None:
        refuse("--apply cần --as: tên tài khoản của người nạp hoặc duyệt.")
    waiting = TakeOver.objects.filter(
        digest=command.file.sha256, unit=command.unit_id, programme=command.programme, state=TakeOverState.STAGED
    ).first()
    if waiting is None:
        held = services.stage_register(command, acting_user=user, now=now)
        say(f"✓ Đã nạp {held.rows} dòng: {held.problems} chưa nhận được, {held.differing} khác mức theo quy định.")
        say("  Người duyệt của xã hoặc của sở: chạy lại lệnh này với --as của người đó. Chưa có gì được ghi.")
        return
    held = services.approve_register(waiting.pk, acting_user=user, now=now)
    say(f"✓ Đã tiếp nhận {held.rows} người đang hưởng, chi trả từ tháng {held.month:%m/%Y}.")


def _commune(code: str, on: date) -> int:
    try:
        return int(units.unit_now(code, on).pk)
    except units.UnitUnknown as unknown:
        refuse(str(unknown))


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%m/%Y").date()  # noqa: DTZ007 -- a month has no zone
    except ValueError:
        refuse(f"Tháng “{text}” không đọc được. Ví dụ: 12/2026.")
