"""``./lienthong units load-boundaries FILE.geojson [--on DAY]``."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from lienthong.kernel.days import format_day, parse_day
from lienthong.ops import command_list
from lienthong.ops.console import say
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.units import services as units
from lienthong.units.services.boundary_file import FeatureReport, FeatureResult

EXAMPLE = "./lienthong units load-boundaries ranh-gioi.geojson --on 2025-07-01"
_VERBS = ("load-boundaries",)
_NAMED = 8
_WORDS = {FeatureResult.UNKNOWN_CODE: "mã lạ, bỏ qua", FeatureResult.NO_CODE: "không có mã, bỏ qua"}


class Command(TerminalCommand):
    help = command_list.lines()["units"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", nargs="?", metavar="load-boundaries", help="việc cần làm")
        parser.add_argument("file", nargs="?", metavar="FILE.geojson", help="ranh giới, GeoJSON, kinh độ và vĩ độ")
        parser.add_argument("--on", default="", metavar="DAY", help="địa bàn của ngày nào (mặc định: hôm nay)")
        parser.add_argument("--source", default="", metavar="TEXT", help="nguồn, in dưới mọi bản đồ")
        parser.add_argument(
            "--skip-unknown", action="store_true", help="bỏ qua đơn vị của nơi khác thay vì từ chối tệp"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] not in _VERBS:
            refuse(f"Cần nêu việc: {', '.join(_VERBS)}. Ví dụ: {EXAMPLE}")
        if not options["file"]:
            refuse(f"Thiếu tệp ranh giới. Ví dụ: {EXAMPLE}")
        day = _day(options["on"])
        command = units.LoadBoundaries(
            file=Path(options["file"]), on=day, source=options["source"], skip_unknown=options["skip_unknown"]
        )
        try:
            loaded = units.load_boundaries(command, now=timezone.now())
        except units.BoundariesRefused as refusal:
            refuse(str(refusal))
        except MemoryError:
            refuse("Không đủ bộ nhớ cho tệp này. Hãy đơn giản hóa ranh giới rồi nạp lại.")
        if options["verbosity"]:
            say(_in_words(loaded, day, verbose=options["verbosity"] > 1))


def _in_words(loaded: units.LoadedBoundaries, day: date, *, verbose: bool) -> str:
    lines = [
        f"Đã nạp ranh giới của {loaded.loaded} đơn vị theo địa bàn ngày {format_day(day)} ({loaded.replaced} thay bản cũ)."
    ]
    skipped = Counter(one.result for one in loaded.reports if one.result in _WORDS)
    lines += [f"  {count} đối tượng {_WORDS[result]}" for result, count in skipped.items()]
    if verbose:
        lines += [_line(one) for one in loaded.reports]
    if loaded.missing:
        named = ", ".join(loaded.missing[:_NAMED]) + (" …" if len(loaded.missing) > _NAMED else "")
        lines.append(
            f"Còn {len(loaded.missing)} xã, phường chưa có ranh giới ({named}); bản đồ của ngày đó vẫn vẽ bằng sơ đồ ô."
        )
    return "\n".join(lines)


def _line(report: FeatureReport) -> str:
    words = "đã nạp" if report.result == FeatureResult.LOADED else report.words
    return f"  đối tượng {report.number} {report.code}: {words}"


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text) if "-" in text else parse_day(text)
    except ValueError:
        refuse(f"Không hiểu ngày “{text}”. Hãy viết như 2025-07-01 hoặc 01/07/2025.")
