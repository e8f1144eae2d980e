"""``./lienthong entitled [--on DAY] [--commune CODE] [--json | --xlsx FILE] [--save]``; ``--findings``, ``--draft N`` work on what was kept."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from lienthong.assistance.queries.left_out import left_out
from lienthong.assistance.queries.left_out_reasons import Found, explained
from lienthong.assistance.queries.left_out_sheet import COLUMNS, named, sheet_row
from lienthong.assistance.services.findings import review_at_once
from lienthong.assistance.states import NOT_MONTHLY, FindingKind, ReviewState
from lienthong.infra.sheets import sheet
from lienthong.infra.working import WorkedElsewhere
from lienthong.kernel.days import format_day, local_day, parse_day
from lienthong.kernel.money import format_dong
from lienthong.ops import command_list, entitled_findings
from lienthong.ops.console import say
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.rules.parameters import NoValueInForce
from lienthong.units.queries import UnitUnknown, unit_now

EXAMPLE = "./lienthong entitled --on 2026-11-16 --commune 05443 --json"


class Command(TerminalCommand):
    help = command_list.lines()["entitled"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", default="", metavar="DAY", help="rà soát cho ngày nào (mặc định: hôm nay)")
        parser.add_argument("--commune", default="", metavar="CODE", help="chỉ một xã, theo mã của ngày ấy hoặc mã cũ")
        parser.add_argument("--json", action="store_true", help="in mọi phát hiện dạng JSON, kèm lý do")
        parser.add_argument("--xlsx", metavar="FILE", type=Path, help="ghi mọi phát hiện vào tệp XLSX")
        parser.add_argument("--save", action="store_true", help="lưu thành việc cần xử lý của các xã")
        entitled_findings.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day(options["on"])
        unit_id = _unit(options["commune"], on)
        if way := entitled_findings.asked_of(options):
            entitled_findings.work_on(way, options, unit_id=unit_id, now=timezone.now())
            return
        try:
            found = left_out(on, unit_id=unit_id)
            everything = list(explained(found))
        except NoValueInForce as missing:
            refuse(str(missing))
        if options["json"]:
            say(json.dumps(_as_plain(everything, on, len(found.register)), ensure_ascii=False, indent=1))
        elif options["xlsx"]:
            options["xlsx"].write_bytes(
                sheet([str(one) for one in COLUMNS], [sheet_row(*one) for one in named(everything)])
            )
            say(f"Đã ghi {len(everything)} phát hiện vào {options['xlsx']}.")
        else:
            say(_as_table(everything, on, len(found.register)))
        if options["save"]:
            _save(on, unit_id)


def _as_plain(everything: list[Found], on: date, people: int) -> dict[str, Any]:
    return {
        "on": on.isoformat(),
        "people": people,
        "findings": [
            {
                "person_id": one.person_id, "unit_id": one.unit_id, "kind": str(one.kind), "programme": str(one.programme),
                "benefit": str(one.benefit), "certain": one.is_certain, "amount": one.amount, "paid": one.paid,
                "reasons": list(one.reasons), "missing": list(one.missing), "assumed": list(one.assumed),
            }
            for one in everything
        ],
    }  # fmt: skip


def _as_table(everything: list[Found], on: date, people: int) -> str:
    counted = Counter((one.kind, one.is_certain) for one in everything)
    amounts: Counter[tuple[FindingKind, bool]] = Counter()
    for one in everything:
        if one.benefit in NOT_MONTHLY:
            continue
        amounts[one.kind, one.is_certain] += one.amount if one.kind == FindingKind.NOT_RECEIVING else one.paid
    lines = [f"Ngày {format_day(on)}: đã rà soát {people} người, có {len(everything)} phát hiện."]
    for (kind, is_certain), count in sorted(counted.items()):
        certainty = "chắc chắn" if is_certain else "cần hỏi thêm"
        lines.append(f"  {kind.label} ({certainty}): {count}, {format_dong(amounts[kind, is_certain])} mỗi tháng")
    return "\n".join(lines)


def _save(on: date, unit_id: int | None) -> None:
    try:
        review, saved = review_at_once(now=timezone.now(), on=on, unit_id=unit_id)
    except WorkedElsewhere:
        refuse("Một lượt rà soát khác đang chạy. Hãy đợi lượt đó xong rồi chạy lại lệnh.")
    if saved is None or review.state != ReviewState.DONE:
        refuse(review.problem or "Lượt rà soát chưa xong.")
    say(
        f"Đã lưu: {saved.opened} phát hiện mới, {saved.changed} có thay đổi, {saved.kept} như trước, "
        f"{saved.settled} đã hết, {saved.set_aside} đã được bỏ qua hoặc xử lý trước đó."
    )


def _day(text: str) -> date:
    if not text:
        return local_day(timezone.now())
    try:
        return parse_day(text)
    except ValueError as unreadable:
        refuse(f"{unreadable} Ví dụ: {EXAMPLE}")


def _unit(code: str, on: date) -> int | None:
    if not code:
        return None
    try:
        return int(unit_now(code, on).pk)
    except UnitUnknown as unknown:
        refuse(str(unknown))
