"""``./lienthong classify HOUSEHOLDS.csv --standard ID``: files in, classes out, no database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from lienthong.ops import command_list
from lienthong.ops.classify_files import FilesRefused, check_region, read_files, read_points
from lienthong.ops.classify_results import FULL_UNTIL, Results, in_words
from lienthong.ops.classify_schema import schema
from lienthong.ops.console import say
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.rules.poverty.standards import NoStandard, standard, standard_ids

EXAMPLE = "./lienthong classify ho-gia-dinh.csv --standard 2022-2026 --members thanh-vien.csv --json"
REGION = "northern_midlands_mountains"


class Command(TerminalCommand):
    help = command_list.lines()["classify"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("households", nargs="?", type=Path, metavar="HOUSEHOLDS.csv", help="mỗi dòng một hộ")
        parser.add_argument("--standard", metavar="ID", help=f"chuẩn nghèo: {', '.join(standard_ids())}")
        parser.add_argument("--members", type=Path, metavar="MEMBERS.csv", help="mỗi dòng một thành viên")
        parser.add_argument("--points", type=Path, metavar="TABLE", help="bảng điểm B1, XLSX hoặc CSV")
        parser.add_argument("--region", default=REGION, help=f"vùng của bảng điểm (mặc định {REGION})")
        parser.add_argument(
            "--reasons", default="", metavar="full|short",
            help=f"lý do đầy đủ từng chỉ số, hay ngắn gọn (mặc định: đầy đủ khi không quá {FULL_UNTIL} hộ)",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--schema", action="store_true", help="in JSON Schema của tệp vào và kết quả")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            say(json.dumps(schema(), ensure_ascii=False, indent=1))
            return
        if not options["households"] or not options["standard"]:
            refuse(f"Thiếu tệp hộ hoặc --standard. Ví dụ: {EXAMPLE}")
        if options["reasons"] not in {"", "full", "short"}:
            refuse(f"Không có --reasons {options['reasons']}. Chọn full hoặc short.")
        try:
            law = standard(options["standard"])
            table = read_points(options["points"]) if options["points"] else None
            if table is not None:
                check_region(options["region"], table)
            reading = read_files(options["households"], options["members"], standard=law, table=table)
        except NoStandard as refusal:
            refuse(str(refusal))
        except FilesRefused as refusal:
            refuse(*refusal.sentences)
        is_full = options["reasons"] == "full" or (not options["reasons"] and len(reading.codes) <= FULL_UNTIL)
        results = Results(reading, law, table, options["region"], is_full)
        if reading.unused and not options["json"]:
            sys.stderr.write(f"  cột không dùng: {', '.join(reading.unused)}\n")
        say("\n".join(results.as_json() if options["json"] else in_words(results)))
