"""``./lienthong assess FACTS.yaml --on DATE``: facts of one person in, what the person is owed out, no database."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from lienthong.kernel.days import parse_day
from lienthong.ops import command_list
from lienthong.ops.assess_files import FactsRefused, assess_facts, read_facts
from lienthong.ops.assess_results import as_json, in_words
from lienthong.ops.assess_schema import schema
from lienthong.ops.console import say
from lienthong.rules.parameters import NoValueInForce

BAD_INPUT = 2
LAST_YEAR = 2200
EXAMPLE = "./lienthong assess thong-tin.yaml --on 15/08/2026 --json"


class Command(BaseCommand):
    help = command_list.lines()["assess"]
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Refuse what argparse does not understand in the language of the house."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = _refuse_options  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("facts", nargs="?", type=Path, metavar="FACTS.yaml", help="thông tin của một người")
        parser.add_argument("--on", metavar="DATE", help="ngày xét")
        parser.add_argument("--known-on", metavar="DATE", help="chỉ theo các văn bản đã có hiệu lực đến ngày này")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        parser.add_argument("--schema", action="store_true", help="in JSON Schema của tệp thông tin và kết quả")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            say(json.dumps(schema(), ensure_ascii=False, indent=1))
            return
        if not options["facts"] or not options["on"]:
            _refuse(f"Thiếu tệp thông tin hoặc --on. Ví dụ: {EXAMPLE}")
        on, known_on = _day("--on", options["on"]), _day("--known-on", options["known_on"])
        try:
            found = assess_facts(read_facts(options["facts"], on=on), on=on, known_on=known_on)
        except (FactsRefused, NoValueInForce) as refusal:
            _refuse(str(refusal))
        if options["json"]:
            say(json.dumps(as_json(found), ensure_ascii=False, indent=1))
        else:
            say("\n".join(in_words(found)))


def _day(option: str, text: str | None) -> Any:
    if text is None:
        return None
    try:
        day: date = parse_day(text)
    except ValueError as unreadable:
        _refuse(f"{option} {text}: {unreadable}")
    if day.year > LAST_YEAR:
        _refuse(f"{option} {text}: năm quá xa; hãy ghi ngày đến hết năm {LAST_YEAR}.")
    return day


def _refuse_options(message: str) -> NoReturn:
    _refuse(f"Không hiểu các tùy chọn của lệnh ({message}). Ví dụ: {EXAMPLE}")


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"✗ {sentence}\n")
    sys.exit(BAD_INPUT)
