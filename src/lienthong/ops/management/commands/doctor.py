"""``./lienthong doctor``."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from lienthong.ops import command_list, doctor
from lienthong.ops.console import say

SHOWN = 20


class Command(BaseCommand):
    help = command_list.lines()["doctor"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="đọc trọn từng tệp lưu trữ, không chỉ một nghìn tệp")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = []
        for finding in doctor.examine(full=options["full"]):
            findings.append(finding)
            if not options["json"]:
                _show(finding)
        ill = sum(bool(finding.problems) for finding in findings)
        if options["json"]:
            say(
                json.dumps({"well": not ill, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False)
            )
        else:
            say(f"\n{ill} mục có vấn đề." if ill else "\nMọi thứ đều ổn.")
        if ill:
            sys.exit(1)


def _show(finding: doctor.Finding) -> None:
    say(f"{'✗' if finding.problems else '✓'} {finding.name}{f': {finding.remark}' if finding.remark else ''}")
    for problem in finding.problems[:SHOWN]:
        say(f"    {problem}")
    if len(finding.problems) > SHOWN:
        say(f"    … và {len(finding.problems) - SHOWN} chỗ khác (--json in đủ)")
