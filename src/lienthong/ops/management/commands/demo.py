"""``./lienthong demo``."""

from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lienthong.kernel.days import local_moment, parse_day
from lienthong.ops import command_list, demo_mark
from lienthong.ops.console import say
from lienthong.ops.demo.province import SCALES, Province
from lienthong.people.models import Person

DEFAULT_SEED = 234


class Command(BaseCommand):
    help = command_list.lines()["demo"]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=sorted(SCALES), default="small", help="small: vài nghìn người")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="cùng số này cho cùng một tỉnh")
        parser.add_argument("--on", default="", help="coi ngày này là hôm nay, ví dụ 2026-11-23")

    def handle(self, *args: Any, **options: Any) -> None:
        if Person.objects.exists():
            raise CommandError("Cơ sở dữ liệu đã có người. Dữ liệu minh họa chỉ nạp vào cơ sở dữ liệu trống.")
        demo_mark.put()
        quiet = not options["verbosity"]
        province = Province(
            scale=SCALES[options["scale"]],
            seed=options["seed"],
            now=_moment(options["on"]),
            say=(lambda words: None) if quiet else say,
        )
        province.build()


def _moment(text: str) -> datetime:
    if not text:
        return timezone.now()
    try:
        day: date = parse_day(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
    return local_moment(day).replace(hour=10)
