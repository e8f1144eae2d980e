"""``./lienthong demo``."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lienthong.kernel.days import parse_day
from lienthong.ops import command_list, demo_mark
from lienthong.ops.console import say, step
from lienthong.ops.demo.province import SCALES, Province, WrongDay
from lienthong.people.models import Person
from lienthong.units.models import Agency

DEFAULT_SEED = 234


class Command(BaseCommand):
    help = command_list.lines()["demo"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", choices=sorted(SCALES), default="small",
            help="tiny: 1.500 người và hồ sơ của họ, nửa phút; small: 40.000 người, mọi chương trình, vài phút; large: 1,3 triệu người và 1 triệu hồ sơ, nhiều phút",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="cùng số này cho cùng một tỉnh")
        parser.add_argument("--on", default="", help="coi ngày này là hôm nay, ví dụ 2026-11-23")

    def handle(self, *args: Any, **options: Any) -> None:
        if Person.objects.exists():
            raise CommandError("Cơ sở dữ liệu đã có người. Dữ liệu minh họa chỉ nạp vào cơ sở dữ liệu trống.")
        quiet = not options["verbosity"]
        try:
            province = Province(
                scale=SCALES[options["scale"]],
                seed=options["seed"],
                today=_day(options["on"]),
                say=(lambda words: None) if quiet else say,
            )
        except WrongDay as refusal:
            raise CommandError(str(refusal)) from refusal
        if not Agency.objects.exists():
            call_command("load_base_data", verbosity=0)
        demo_mark.put()
        if quiet:
            province.build()
            return
        with step("Tỉnh minh họa"):
            province.build()


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text) if "-" in text else parse_day(text)
    except ValueError as error:
        raise CommandError(f"Không hiểu ngày “{text}”. Hãy viết như 2026-11-23 hoặc 23/11/2026.") from error
