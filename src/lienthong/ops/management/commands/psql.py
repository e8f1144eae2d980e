"""``./lienthong psql``."""

import signal
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand

from lienthong.ops import command_list, server_tools


class Command(BaseCommand):
    help = command_list.lines()["psql"] + "; mọi tùy chọn là của psql, ví dụ: ./lienthong psql -c 'SELECT 1'"

    def run_from_argv(self, argv: list[str]) -> None:
        """Take every option as psql's, which argparse would take as ours."""
        if argv[2:] == ["--help"]:
            super().run_from_argv(argv)
        sys.exit(_run(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(_run([]))


def _run(arguments: list[str]) -> int:
    program = server_tools.matching_binaries().program("psql")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C breaks off a query, not the server beneath it
    return subprocess.run([program, *arguments], env=server_tools.environment(), check=False).returncode
