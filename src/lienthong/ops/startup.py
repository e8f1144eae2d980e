"""The steps from a checkout to a running house, each skipped at once when there is nothing to do."""

import contextlib
import errno
import http.client
import socket
import time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lienthong.infra.assets import build_assets
from lienthong.ops.console import step
from lienthong.ops.processes import Program

READY_SECONDS = 60.0


class PortInUse(Exception):
    """Another program listens on the port."""


class NotAnswering(Exception):
    """The web server runs but does not answer."""


def check_port(host: str, port: int, *, patience: float = 0.0) -> None:
    """Refuse a port that is taken; after a killed run its web server may need a moment to go."""
    ends = time.monotonic() + patience
    while True:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((host, port))
                return
            except OSError as trouble:
                if trouble.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
                denied = trouble.errno == errno.EACCES
        if denied or time.monotonic() >= ends:
            raise PortInUse(
                f"Cổng {port} cần quyền root." if denied else f"Cổng {port} đang có chương trình khác dùng."
            )
        time.sleep(0.1)


def prepare_assets() -> None:
    """Compile styles and translations when their sources have changed."""
    with step("Giao diện và bản dịch") as note:
        for built in build_assets(settings.CHECKOUT):
            note(built)


def prepare_database() -> bool:
    """Bring the tables up to date and load what every office needs.

    Returns:
        Whether anything had to be changed.
    """
    pending = _pending_migrations()
    if not pending:
        return False
    with step("Bảng dữ liệu") as note:
        call_command("migrate", verbosity=0, interactive=False)
        note(f"{pending} thay đổi")
    if "load_base_data" in get_commands():
        with step("Địa bàn, cơ quan, thủ tục"):
            call_command("load_base_data", verbosity=0)
    return True


def load_demo() -> None:
    """Fill an empty database with the small demo province."""
    if "demo" not in get_commands() or apps.get_model("people", "Person")._default_manager.exists():
        return
    with step("Tỉnh minh họa"):
        call_command("demo", scale="small", verbosity=0)


def web_server(*, host: str, port: int, workers: int, demo: bool) -> Program:
    """Return the web server, not yet started."""
    arguments = ["-m", "lienthong.ops.web", host, str(port), str(workers), "4"]
    return Program("Trang web", arguments, environment={"LIENTHONG_DEMO": "1" if demo else "0"})


def worker(*, demo: bool) -> Program:
    """Return the worker that does the jobs, not yet started."""
    arguments = ["-m", "lienthong", "procrastinate", "worker", "--shutdown-graceful-timeout", "8"]
    environment = {"LIENTHONG_DEMO": "1" if demo else "0", "LIENTHONG_DATABASE_URL": settings.DATABASE_URL}
    return Program("Việc nền", arguments, environment=environment)


def await_answer(host: str, port: int, *, web: Program) -> None:
    """Return when the first page comes back.

    Raises:
        NotAnswering: It does not, or the web server ends first.
    """
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends and web.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            probe = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=READY_SECONDS)
            probe.request("HEAD", "/")
            probe.getresponse()
            return
        time.sleep(0.02)
    raise NotAnswering("Trang web không trả lời. Hãy xem các dòng lỗi ở trên.")


def _pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def address(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "localhost"} else host
    return f"http://{shown}:{port}/"


def data_dir() -> Path:
    """Return the data folder of this run."""
    return Path(settings.DATA_DIR)
