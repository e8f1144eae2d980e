"""``./lienthong messages``."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lienthong.infra.assets import compile_translations
from lienthong.ops import command_list, messages
from lienthong.ops.console import say


class Command(BaseCommand):
    help = command_list.lines()["messages"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="in các câu chưa có bản tiếng Anh; lỗi nếu còn")

    def handle(self, *args: Any, **options: Any) -> None:
        catalog = messages.update(settings.CHECKOUT)
        compile_translations(settings.CHECKOUT / "locale")
        missing, wrong = messages.untranslated(catalog), messages.mismatched(catalog)
        for sentence in [*missing, *wrong] if options["missing"] else []:
            say(f"  {sentence}")
        say(f"{len(catalog)} câu, {len(missing)} câu chưa có bản tiếng Anh, {len(wrong)} câu lệch chỗ điền.")
        if options["missing"] and (missing or wrong):
            sys.exit(1)
