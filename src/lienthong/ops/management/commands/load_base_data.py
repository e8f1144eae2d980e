"""``./lienthong load_base_data``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lienthong.catalogue import services as catalogue
from lienthong.ops import command_list
from lienthong.ops.console import say
from lienthong.units import services as units


class Command(BaseCommand):
    help = command_list.lines()["load_base_data"] + "; chạy lại không làm thay đổi gì"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        now, lines = timezone.now(), []
        try:
            lines += [*map(str, units.load_places(now=now)), *map(str, units.load_agencies(now=now))]
            loaded = catalogue.load_catalogue(now=now)
        except (units.InconsistentData, catalogue.UnreadableData) as trouble:
            raise CommandError(f"Dữ liệu gốc không đọc được, chưa nạp gì thêm. {trouble}") from trouble
        lines.append(f"thủ tục: {loaded.procedures}, phiên bản thêm {loaded.added}, sửa {loaded.changed}")
        lines += [f"giữ nguyên vì nơi đây đã sửa: {name}" for name in loaded.kept]
        if options["verbosity"]:
            for line in lines:
                say(line)
