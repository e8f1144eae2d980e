"""``./lienthong bench NAME``."""

import json
import os
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand

from lienthong.ops import command_list
from lienthong.ops.bench import scratch
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.suite import BENCHES, WITHOUT_DATABASE
from lienthong.ops.console import say


class Command(BaseCommand):
    help = command_list.lines()["bench"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES), help="đo gì")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--quick", action="store_true", help="dữ liệu nhỏ, vài giây: chỉ để kiểm tra phép đo")
        parser.add_argument("--fresh", action="store_true", help="tạo lại dữ liệu dù lần trước còn giữ")

    def handle(self, *args: Any, **options: Any) -> None:
        given, name = os.environ.get("LIENTHONG_DATABASE_URL"), options["name"]
        with nullcontext("") if name in WITHOUT_DATABASE else scratch.server(given) as url:
            order = Order(server_url=url, is_quick=options["quick"], is_fresh=options["fresh"], say=_aside)
            report = BENCHES[name](order)
        if options["json"]:
            say(json.dumps(report.as_plain_data(), ensure_ascii=False, indent=1))
        else:
            say(report.as_table())
        if any(measure.is_met is False for measure in report.measures) and not report.is_quick:
            sys.exit(1)


def _aside(text: str) -> None:
    """Say what is being done where it does not get into the JSON."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()
