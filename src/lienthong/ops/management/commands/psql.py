"""``./lienthong psql``."""

import signal
import subprocess
import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lienthong.ops import command_list, server_tools


class Command(BaseCommand):
    help = command_list.lines()["psql"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("arguments", nargs=REMAINDER, help="tùy chọn của psql, ví dụ -c 'SELECT 1'")

    def handle(self, *args: Any, **options: Any) -> None:
        program = server_tools.matching_binaries().program("psql")
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C breaks off a query, not the server beneath it
        done = subprocess.run([program, *options["arguments"]], env=server_tools.environment(), check=False)
        sys.exit(done.returncode)
