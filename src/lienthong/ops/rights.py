"""As whom pages and jobs run when root starts the house: as the account of the database, where it can do their work.

They are forked from root's process, which has read settings and key by then: both stay closed to the account. What it
needs is to read the source while it works, to keep files, and to reach the database and the port. Where one of these
fails, nothing of anybody's is opened for it: everything goes on as root, and one line says why.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, connections

from lienthong.infra import ownership
from lienthong.infra.postgres import place
from lienthong.infra.postgres.account import Account, server_account
from lienthong.ops import startup
from lienthong.ops.console import say

READ_WHILE_WORKING = ("src", "templates", "static/dist", "locale")


def lower_account(host: str, port: int) -> Account | None:
    """Return as whom pages and jobs run, None for as ourselves; the stored files then belong to that account."""
    account = server_account(place.cluster_dir(startup.data_dir()))
    if account is None:
        return None
    obstacle = _obstacle_for(account, host, port)
    if obstacle:
        say(f"! Trang web và việc nền vẫn chạy bằng root, vì {obstacle}")
        return None
    _hand_files_over(account)
    return account


def _obstacle_for(account: Account, host: str, port: int) -> str:
    """Try everything in a process that has become the account. Return what failed and what to do, or nothing."""
    connections.close_all()
    modules = [str(path) for module in list(sys.modules.values()) if (path := getattr(module, "__file__", None))]
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=account.become) as trial:
            return trial.submit(_obstacle, account.name, modules, host, port).result()
    except BrokenProcessPool:
        return f"không chuyển được sang tài khoản {account.name}. Hãy chạy ./lienthong up bằng một tài khoản thường."


def _obstacle(name: str, modules: list[str], host: str, port: int) -> str:
    closed = next((path for path in _read_while_working(modules) if not os.access(path, os.R_OK)), None)
    if closed:
        return (
            f"tài khoản {name} không đọc được {closed}. "
            "Hãy đặt mã nguồn và Python ở thư mục mà mọi tài khoản đọc được, ví dụ /srv/lienthong."
        )
    kept_in = Path(settings.FILES_DIR).parent
    if not os.access(kept_in, os.X_OK):
        return f"tài khoản {name} không vào được thư mục dữ liệu {kept_in}. Hãy chọn thư mục khác bằng --data-dir."
    try:
        startup.check_port(host, port)
        if not startup.embedded():
            connection.ensure_connection()
    except (startup.PortInUse, OperationalError) as trouble:
        return f"tài khoản {name} không làm được việc này: {str(trouble).splitlines()[0]}"
    return ""


def _read_while_working(modules: list[str]) -> Iterator[str]:
    """Yield the files of all that is loaded and their folders, where more is loaded from later, and our own files."""
    yield from dict.fromkeys(str(Path(path).parent) for path in modules)
    yield from modules
    for part in READ_WHILE_WORKING:
        top = str(settings.CHECKOUT / part)
        yield top
        for folder, folders, files in os.walk(top):
            # What cannot be read of compiled modules is compiled anew.
            folders[:] = [name for name in folders if name != "__pycache__"]
            yield from (f"{folder}/{name}" for name in (*folders, *files))


def _hand_files_over(account: Account) -> None:
    """Make the folders that pages and jobs write the account's own, with what an earlier run as root has left in them."""
    for folder in (Path(settings.FILES_DIR), Path(settings.VERIFICATION_DIR)):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != account.uid:
            ownership.hand_over(folder, uid=account.uid, gid=account.gid)
