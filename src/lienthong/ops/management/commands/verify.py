"""``./lienthong verify REGISTER POPULATION [--out RESULT.xlsx]``: two files, no database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from lienthong.ops import command_list
from lienthong.ops.console import say, seconds
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.ops.verify_files import Report, VerifyFiles, verify_files
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.states import STATUS_WORDS
from lienthong.verification.tables import TableRefused

EXAMPLE = "./lienthong verify danh-sach.xlsx dan-cu.parquet --out ket-qua.xlsx"
_FILES = {
    "communes": ("MAP", "bảng xã cũ, xã mới (cột old, new)"),
    "map": ("FILE", "ánh xạ cột của danh sách, YAML hoặc JSON"),
    "population-map": ("FILE", "ánh xạ cột của tệp dân cư"),
    "out": ("FILE", "tệp kết quả .xlsx hoặc .parquet, mỗi dòng của danh sách một dòng"),
    "prepared": ("FILE", "giữ dữ liệu dân cư đã chuẩn bị ở đây để lần sau nhanh hơn"),
}
_SKIPPED_SHOWN = 12


class Command(TerminalCommand):
    help = command_list.lines()["verify"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "register", nargs="?", metavar="REGISTER", help="danh sách cần đối chiếu: XLSX, CSV, Parquet"
        )
        parser.add_argument("population", nargs="?", metavar="POPULATION", help="dữ liệu dân cư: Parquet, CSV, XLSX")
        for name, (metavar, words) in _FILES.items():
            parser.add_argument(f"--{name}", type=Path, metavar=metavar, help=words)
        parser.add_argument("--sheet", help="trang tính của danh sách (mặc định: trang có nhiều dữ liệu nhất)")
        parser.add_argument("--engine", default="local", help="local (mặc định) hoặc spark")
        parser.add_argument("--master", default="", metavar="URL", help="địa chỉ cụm Spark, ví dụ spark://may-chu:7077")
        parser.add_argument(
            "--shared",
            type=Path,
            metavar="FOLDER",
            help="thư mục mà mọi máy của cụm Spark đều thấy, để giữ dữ liệu tạm",
        )
        parser.add_argument("--json", action="store_true", help="in báo cáo dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["register"] or not options["population"]:
            refuse(f"Thiếu tệp danh sách hoặc tệp dân cư. Ví dụ: {EXAMPLE}")
        if options["engine"] not in {"local", "spark"}:
            refuse(f"Không có --engine {options['engine']}. Chọn local hoặc spark.")
        command = VerifyFiles(
            register=Path(options["register"]), population=Path(options["population"]), communes=options["communes"],
            mapping=options["map"], population_mapping=options["population_map"], sheet=options["sheet"], out=options["out"],
            prepared=options["prepared"], engine=options["engine"], master=options["master"],
            shared=options["shared"],
        )  # fmt: skip
        try:
            report = verify_files(command, tell=_tell)
        except TableRefused as refusal:
            refuse(str(refusal))
        except MemoryError:
            refuse("Không đủ bộ nhớ cho hai tệp này. Hãy chia nhỏ danh sách, hoặc dùng --engine spark.")
        except KeyboardInterrupt:
            sys.stderr.write("\nĐã dừng; không ghi tệp kết quả nào.\n")
            sys.exit(130)
        if options["json"]:
            say(json.dumps(report.as_plain_data(), ensure_ascii=False, indent=1))
        else:
            say(_in_words(report))


def _in_words(report: Report) -> str:
    lines = [*_of_file("Danh sách", report.register), *_of_file("Dân cư", report.population), ""]
    lines.append(f"{_count(report.records)} bản ghi, đã tìm được người cho {_count(report.linked)}:")
    for status in Status:
        number = report.statuses[status.value]
        if number:
            share = 100 * number / max(report.records, 1)
            percent = f"{share:5.1f}".replace(".", ",")
            lines.append(f"  {STATUS_WORDS[status]!s:<40} {_count(number):>9}  {percent} %")
    lines += ["", f"Hết {seconds(report.seconds['total'])}, bộ nhớ cao nhất {report.peak_memory_mb:.0f} MB."]
    lines.append(f"Kết quả: {report.out}" if report.out else "Thêm --out ket-qua.xlsx để lấy kết quả từng dòng.")
    return "\n".join(lines)


def _of_file(title: str, account: dict[str, Any]) -> list[str]:
    if not account:
        return []
    counts = (
        f"{_count(account['rows_in_file'])} dòng, {_count(account['records'])} bản ghi, "
        f"bỏ qua {_count(account['rows_skipped'])} dòng"
    )
    lines = [f"{title}: {account['file']} ({account['source']}): {counts}."]
    for one in account["skipped"][:_SKIPPED_SHOWN]:
        place = f"dòng {one['first']}" if one["first"] == one["last"] else f"dòng {one['first']}–{one['last']}"
        lines.append(f"  bỏ qua {place}: {one['reason']}")
    if len(account["skipped"]) > _SKIPPED_SHOWN:
        lines.append(f"  … và {len(account['skipped']) - _SKIPPED_SHOWN} chỗ khác (xem --json)")
    lines += [f"  ! {notice}" for notice in account["notices"]]
    if account["unmapped"]:
        lines.append(f"  cột không dùng: {', '.join(account['unmapped'][:20])}")
    return lines


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
