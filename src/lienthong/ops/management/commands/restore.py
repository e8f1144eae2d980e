"""``./lienthong restore FILE.tar``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lienthong.ops import archive, command_list, restore
from lienthong.ops.console import say, step


class Command(BaseCommand):
    help = command_list.lines()["restore"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="tệp .tar do ./lienthong backup ghi")
        parser.add_argument("--replace", action="store_true", help="bỏ dữ liệu hiện có")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"].expanduser().resolve()
        try:
            with step(f"Khôi phục từ {path}") as note:
                manifest = restore.restore(path, replace=options["replace"])
                note(f"bản sao lưu lúc {manifest.facts.get('made_at')}")
        except (archive.ArchiveDamaged, restore.NotRestored) as refusal:
            raise CommandError(f"Chưa khôi phục, dữ liệu cũ còn nguyên. {refusal}") from refusal
        say("Nếu ./lienthong up đang chạy, hãy dừng và chạy lại để dùng khóa và bảng dữ liệu vừa khôi phục.")
