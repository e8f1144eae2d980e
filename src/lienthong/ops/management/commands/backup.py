"""``./lienthong backup FILE.tar``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lienthong.ops import archive, backup, command_list
from lienthong.ops.console import say, step


class Command(BaseCommand):
    help = command_list.lines()["backup"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="tệp .tar sẽ ghi; tệp cũ cùng tên chỉ bị thay khi bản mới đã trọn vẹn"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["file"].expanduser().resolve()
        try:
            with step(f"Sao lưu vào {target}") as note:
                manifest = backup.back_up(target, now=timezone.localtime())
                note(f"{len(manifest.names(backup.FILES))} tệp, {size_of(target)}, đã đọc lại và khớp mã băm")
        except (backup.BackupFailed, archive.ArchiveDamaged, OSError) as failure:
            raise CommandError(f"Chưa sao lưu được. {failure}") from failure
        say("Bản sao lưu chứa dữ liệu cá nhân và khóa của hệ thống: hãy cất ở nơi chỉ người có trách nhiệm mở được.")


def size_of(path: Path) -> str:
    """Return "12,3 MB"."""
    return f"{path.stat().st_size / 1_000_000:.1f} MB".replace(".", ",")
