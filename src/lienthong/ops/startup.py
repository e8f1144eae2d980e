"""The steps from a checkout to a running house, each skipped at once when there is nothing to do."""

import contextlib
import errno
import http.client
import os
import socket
import time
from datetime import date
from functools import partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lienthong.accounts import queries as accounts
from lienthong.infra.assets import build_assets
from lienthong.infra.postgres.account import Account
from lienthong.ops import base_data, demo_mark, web, worker
from lienthong.ops.console import say, step
from lienthong.ops.processes import Program, run_apart

READY_SECONDS = 60.0
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 -- recognised, not chosen


class PortInUse(Exception):
    """Another program listens on the port."""


class NotAnswering(Exception):
    """The web server runs but does not answer."""


def check_port(host: str, port: int, *, patience: float = 0.0) -> None:
    """Refuse a port that is taken; after a killed run its web server may need a moment to go.

    Raises:
        PortInUse: It is still taken after ``patience`` seconds, or is not ours to take.
    """
    ends = time.monotonic() + patience
    while True:
        trouble = _trouble_with(host, port)
        if trouble is None:
            return
        if trouble.errno == errno.EADDRINUSE and time.monotonic() < ends:
            time.sleep(0.1)
            continue
        raise PortInUse(_why_not(trouble, host=host, port=port))


def _trouble_with(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as trouble:
            return trouble
        return None


def _why_not(trouble: OSError, *, host: str, port: int) -> str:
    if trouble.errno == errno.EADDRINUSE:
        return f"Cổng {port} đang có chương trình khác dùng. Hãy dừng nó, hoặc chọn cổng khác: --port {port + 1}."
    if trouble.errno == errno.EACCES:
        return f"Tài khoản này không được mở cổng {port}. Hãy chọn một cổng từ 1024 trở lên: --port 8000."
    return f"Không nghe được ở {host}, cổng {port}: {trouble.strerror}."


def prepare_assets() -> None:
    """Compile styles and translations when their sources have changed."""
    with step("Giao diện và bản dịch") as note:
        for built in build_assets(settings.CHECKOUT):
            note(built)


def clear_half_a_demo() -> None:
    """Empty a database whose demo province was never finished, so that it is loaded from the beginning."""
    if not demo_mark.is_half_loaded():
        return
    say("! Lần nạp tỉnh minh họa trước bị ngắt; bắt đầu lại từ đầu.")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    demo_mark.remove()


def prepare_database() -> None:
    """Bring the tables up to date and load what every office needs: places, agencies, calendars, procedures."""
    pending = _pending_migrations()
    if pending:
        with step("Bảng dữ liệu") as note:
            call_command("migrate", verbosity=0, interactive=False)
            note(f"{pending} thay đổi")
    if pending or not base_data.is_current():
        with step("Địa bàn, cơ quan, thủ tục"):
            call_command("load_base_data", verbosity=0)
        base_data.note_loaded()


def load_demo() -> None:
    """Fill an empty database with the small demo province."""
    if apps.get_model("people", "Person")._default_manager.exists():
        return
    with step("Tỉnh minh họa"):
        demo_mark.begin_loading()
        run_apart(partial(call_command, "demo", scale="small", verbosity=0))
        demo_mark.end_loading()


def web_server(*, host: str, port: int, workers: int, account: Account | None = None) -> Program:
    """Return the web server, not yet started."""
    return Program("Trang web", partial(web.main, host, port, workers), account=account)


def job_worker(*, account: Account | None) -> Program:
    """Return the worker that does the jobs, not yet started."""
    return Program("Việc nền", worker.main, account=account)


def await_answer(host: str, port: int, *, server: Program) -> None:
    """Return when the first page comes back.

    Raises:
        NotAnswering: It does not, or the web server ends first.
    """
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            probe = http.client.HTTPConnection(reachable(host), port, timeout=READY_SECONDS)
            probe.request("HEAD", "/")
            probe.getresponse()
            return
        time.sleep(0.02)
    raise NotAnswering("Trang web không trả lời. Hãy xem các dòng lỗi ở trên.")


def show_accounts(*, on: date) -> None:
    """Print the accounts of the demo province and what each is for."""
    shown = accounts.demo_accounts(on=on)
    connection.close()
    if not shown:
        return
    width = max(len(account.username) for account in shown)
    say(f"Tài khoản dùng thử, mật khẩu chung {settings.DEMO_PASSWORD} (dữ liệu minh họa, không phải người thật):")
    for account in shown:
        say(f"  {account.username:<{width}}  {account.full_name}, {account.purpose}")


def _pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def address(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    shown = reachable(host)
    return f"http://{'localhost' if shown == '127.0.0.1' else shown}:{port}/"


def name_public_address(host: str, port: int) -> None:
    """Let links on paper lead to where we listen, when nobody has named a public address."""
    if "LIENTHONG_PUBLIC_URL" not in os.environ:
        settings.PUBLIC_URL = address(host, port).rstrip("/")


def reachable(host: str) -> str:
    """Return the name under which this machine reaches what listens on ``host``."""
    return "127.0.0.1" if host in EVERYWHERE else host


def data_dir() -> Path:
    """Return the data folder of this run."""
    return Path(settings.DATA_DIR)


def embedded() -> bool:
    """Say whether the database is our own server rather than one that somebody names."""
    return "LIENTHONG_DATABASE_URL" not in os.environ
