"""``./lienthong up``."""

import contextlib
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from lienthong.infra.assets import BuildFailed
from lienthong.infra.postgres import standby
from lienthong.infra.postgres.occupancy import Occupancy
from lienthong.infra.postgres.refusals import ServerRefusal
from lienthong.infra.postgres.supervisor import Server
from lienthong.ops import command_list, processes, rights, startup
from lienthong.ops.console import say, step

REFUSED = 2
LAST_PORT = 65_535


def port_number(text: str) -> int:
    """Read a port.

    Raises:
        ArgumentTypeError: It is none.
    """
    if text.isascii() and text.isdigit() and 0 < int(text) <= LAST_PORT:
        return int(text)
    raise ArgumentTypeError(f"cổng là một số từ 1 đến {LAST_PORT}, đang là “{text}”")


class Command(BaseCommand):
    help = command_list.lines()["up"]
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="địa chỉ mạng để nghe (mặc định chỉ máy này)")
        parser.add_argument("--port", type=port_number, default=8000, help="cổng (mặc định 8000)")
        parser.add_argument("--workers", type=int, default=2, help="số tiến trình của trang web (mặc định 2)")
        parser.add_argument("--no-demo", action="store_true", help="không nạp tỉnh minh họa vào cơ sở dữ liệu trống")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                signal.signal(number, signal.default_int_handler)
        try:
            with contextlib.ExitStack() as running:
                self._run(running, options)
        except (ServerRefusal, startup.PortInUse) as refusal:
            say(f"✗ {refusal}")
            sys.exit(REFUSED)
        except (BuildFailed, startup.NotAnswering, processes.GaveUp) as failure:
            say(f"✗ {failure}")
            sys.exit(1)
        except KeyboardInterrupt:
            say("Đã dừng.")

    def _run(self, running: contextlib.ExitStack, options: dict[str, Any]) -> None:
        host, port = options["host"], options["port"]
        startup.name_public_address(host, port)
        occupancy = running.enter_context(Occupancy(startup.data_dir(), command="up"))
        if occupancy.interrupted:
            say("! Lần chạy trước bị ngắt đột ngột; PostgreSQL sẽ khôi phục từ nhật ký ghi.")
        startup.check_port(host, port, patience=15.0 if occupancy.interrupted else 0.0)
        startup.prepare_assets()
        watched: list[processes.Runs] = []

        def start(run: processes.Runs) -> None:
            run.start()
            running.callback(run.stop)
            watched.append(run)

        if startup.embedded():
            server = Server(startup.data_dir())
            with step("PostgreSQL"):
                start(processes.Database(server))
                standby.ensure_database(startup.data_dir())
        startup.clear_half_a_demo()
        startup.prepare_database()
        if not options["no_demo"]:
            startup.load_demo()
        account = rights.lower_account(host, port)
        web = startup.web_server(host=host, port=port, workers=options["workers"], account=account)
        with step("Trang web và việc nền"):
            start(web)
            start(startup.job_worker(account=account))
            startup.await_answer(host, port, server=web)
        say(f"\nMở trình duyệt: {startup.address(host, port)}   (Ctrl-C để dừng)")
        if settings.DEMO_MODE:
            startup.show_accounts(on=timezone.localdate())
        running.callback(_deafen)
        processes.watch(watched, say=say)


def _deafen() -> None:
    """Let no second Ctrl-C break off an orderly stop."""
    say("\nĐang dừng …")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
