"""``./lienthong migrate``."""

from typing import Any, Final

from django.core.management.commands import migrate

from lienthong.infra.migrating import Executor
from lienthong.ops import command_list

NAME: Final = "MigrationExecutor"  # under which Django's command finds who runs the migrations


class Command(migrate.Command):
    help = command_list.lines()["migrate"]

    def handle(self, *args: Any, **options: Any) -> None:
        before = getattr(migrate, NAME)
        setattr(migrate, NAME, Executor)
        try:
            super().handle(*args, **options)
        finally:
            setattr(migrate, NAME, before)
