"""``./lienthong what-if FILE.yaml [--on DAY] [--json]``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from lienthong.assistance.queries.register_columns import register_on
from lienthong.assistance.queries.what_if import Effect, Line, as_plain, effect_of
from lienthong.assistance.services.scenarios import check_changes
from lienthong.kernel.days import format_day, local_day, parse_day
from lienthong.kernel.money import format_dong
from lienthong.ops import command_list
from lienthong.ops.console import say
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.rules.drafts import ChangeRefused, Draft, read_draft, words_of, written
from lienthong.rules.drafts import as_plain as changes_as_plain
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.plain_file import FileRefused

EXAMPLE = "./lienthong what-if muc-chuan-600.yaml --json"
_GROUPS = {
    "benefit": "Theo khoản",
    "payee": "Theo nơi nhận tiền",
    "commune": "Theo xã",
    "sex": "Theo giới",
    "ethnicity": "Theo dân tộc",
    "age": "Theo tuổi",
}
_SHOWN = 8


class Command(TerminalCommand):
    help = command_list.lines()["what_if"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="tệp YAML hoặc JSON: changes gồm parameter, value, from"
        )
        parser.add_argument(
            "--on", default="", metavar="DAY", help="tính cho ngày nào (mặc định: theo tệp, rồi hôm nay)"
        )
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            draft = read_draft(file.read_bytes())
        except OSError:
            refuse(f"Không mở được tệp {file}. Hãy kiểm tra đường dẫn.")
        except (FileRefused, ChangeRefused) as refusal:
            refuse(f"Tệp {file.name}: {refusal}")
        on = _day(options["on"]) or draft.on or local_day(timezone.now())
        try:
            check_changes(draft.changes, on=on)
            effect = effect_of(register_on(on), draft.changes)
        except ChangeRefused as refusal:
            refuse(f"Tệp {file.name}: {refusal}")
        except NoValueInForce as missing:
            refuse(str(missing))
        if options["json"]:
            told = {
                "name": draft.name,
                "note": draft.note,
                "changes": changes_as_plain(draft.changes),
                **as_plain(effect),
            }
            say(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            say("\n".join(_told(draft, effect)))


def _told(draft: Draft, effect: Effect) -> list[str]:
    before, after = effect.year
    whole = effect.whole
    lines = [draft.name or "Phương án chưa đặt tên", ""]
    for one in draft.changes:
        since = f" từ ngày {format_day(one.applied_from)}" if one.applied_from else ""
        lines.append(f"  {words_of(one.parameter)}: {written(one.parameter, one.value)}{since}")
    lines += [
        "",
        f"Tính cho {effect.people} người, tháng {effect.month:%m/%Y}; đang chi trả cho {effect.receiving[0]} người.",
        f"Mỗi tháng: {format_dong(whole.amount_before)} → {format_dong(whole.amount_after)} ({_signed(whole.difference)})",
        f"12 tháng: {format_dong(before)} → {format_dong(after)} ({_signed(after - before)})",
        f"Thêm {whole.gained} người, bớt {whole.lost} người; {effect.more} người tăng mức, {effect.less} người giảm mức.",
        f"Chưa đủ thông tin để kết luận: {effect.open} người, chỉ tính phần chắc chắn.",
    ]
    if effect.one_of_two:
        lines.append(
            f"{effect.one_of_two} người có cả trợ cấp xã hội và ưu đãi người có công: chỉ tính mức cao hơn (20/2021/NĐ-CP, Điều 6 khoản 2)."
        )
    for name, words in _GROUPS.items():
        lines += ["", f"{words}:"]
        lines += [_line(one) for one in effect.groups[name][:_SHOWN]]
        more = len(effect.groups[name]) - _SHOWN
        if more > 0:
            lines.append(f"  … và {more} dòng khác; dùng --json để xem hết")
    return lines


def _line(one: Line) -> str:
    people = f"{one.people_before} → {one.people_after} người"
    return f"  {one.words}: {people}, {format_dong(one.amount_before)} → {format_dong(one.amount_after)} ({_signed(one.difference)})"


def _signed(amount: int) -> str:
    return f"+{format_dong(amount)}" if amount > 0 else format_dong(amount)


def _day(text: str) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError as unreadable:
        refuse(f"{unreadable} Ví dụ: {EXAMPLE}")
