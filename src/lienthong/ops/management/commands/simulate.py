"""``./lienthong simulate bank --folder DIR``: a bank that answers the orders of a folder, for trying things out. No database."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from lienthong.kernel.days import local_day, parse_day
from lienthong.ops import command_list
from lienthong.ops.console import say
from lienthong.ops.simulated_bank.answering import Wishes
from lienthong.ops.simulated_bank.folder import STATEMENT_KINDS, BankRound, answer_folder
from lienthong.ops.terminal_command import TerminalCommand, refuse

EXAMPLE = "./lienthong simulate bank --folder /tmp/chi-thang-11"
_SHARES = {
    "rejected": (0.01, "từ chối, báo trong pain.002"),
    "returned": (0.005, "chi rồi hoàn trả"),
    "doubled": (0.0, "ghi nợ hai lần"),
    "changed": (0.0, "ghi nợ sai số tiền"),
    "silent": (0.0, "không trả lời"),
    "foreign": (0.0, "bút toán không thuộc lệnh nào"),
}


class Command(TerminalCommand):
    help = command_list.lines()["simulate"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="VIỆC")
        bank = verbs.add_parser(
            "bank", help="đọc lệnh chi (pain.001, Excel) trong thư mục, ghi câu trả lời vào thư mục answers"
        )
        bank.add_argument("--folder", type=Path, metavar="DIR", help="thư mục có các lệnh chi")
        bank.add_argument("--statement", default="camt053", help=f"dạng sao kê: {', '.join(STATEMENT_KINDS)}")
        bank.add_argument("--day", default="", metavar="DD/MM/YYYY", help="ngày ghi sổ (mặc định: hôm nay)")
        bank.add_argument("--opening", type=int, metavar="ĐỒNG", help="số dư đầu (mặc định: gấp đôi các lệnh)")
        bank.add_argument("--payer", default="0000000000", help="tài khoản chi, cho lệnh dạng Excel")
        bank.add_argument("--payer-bank", default="000000", help="mã ngân hàng của tài khoản chi, cho lệnh dạng Excel")
        bank.add_argument("--seed", default="", help="chọn những khoản lỗi khác")
        for name, (share, words) in _SHARES.items():
            bank.add_argument(
                f"--{name}", type=float, default=share, metavar="0..1", help=f"phần {words} (mặc định: {share})"
            )
        bank.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        self.speak(bank)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] != "bank" or not options["folder"]:
            refuse(f"Chưa nêu việc hoặc thư mục. Ví dụ: {EXAMPLE}")
        if not options["folder"].is_dir():
            refuse(
                f"Không có thư mục {options['folder']}. Hãy xuất lệnh chi ra đó: ./lienthong payroll export … --to DIR"
            )
        if options["statement"] not in STATEMENT_KINDS:
            refuse(f"Không có --statement {options['statement']}. Chọn: {', '.join(STATEMENT_KINDS)}.")
        shares = {name: options[name] for name in _SHARES}
        if any(not 0 <= share <= 1 for share in shares.values()):
            refuse("Mỗi phần lỗi là một số từ 0 đến 1, ví dụ 0.01.")
        asked = BankRound(
            folder=options["folder"], wishes=Wishes(**shares, seed=options["seed"]), on=_day(options["day"]),
            kind=options["statement"], opening=options["opening"], payer=options["payer"], payer_bank=options["payer_bank"],
        )  # fmt: skip
        told, written = answer_folder(asked)
        if options["json"]:
            plain = {
                "orders": [{name: getattr(one, name) for name in one.__slots__} for one in told],
                "files": [str(path) for path in written],
            }
            say(json.dumps(plain, ensure_ascii=False, indent=1))
            return
        for one in told:
            if one.problem:
                say(f"✗ {one.name}: không phải lệnh chi đọc được ({one.problem})")
            else:
                say(
                    f"✓ {one.name}: {one.lines} lệnh; {one.booked} ghi sổ, {one.rejected} từ chối, {one.returned} hoàn trả"
                )
        if not written:
            say("Không có lệnh chi mới trong thư mục.")
        for path in written:
            say(f"  {path}")


def _day(text: str) -> date:
    if not text:
        return local_day(timezone.now())
    try:
        return parse_day(text)
    except ValueError as unreadable:
        refuse(str(unreadable))
