"""Processes of this cluster that a killed supervisor or a killed postmaster left behind.

PostgreSQL's processes stand in the cluster's folder, which is how they are told from anybody else's: a number in
``postmaster.pid`` proves nothing after a restart of the machine.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

from lienthong.infra.postgres.refusals import ServerRefusal

PROC = Path("/proc")
STOPPING_SECONDS = 60.0
QUITTING_SECONDS = 20.0


def clear(cluster: Path, *, sockets: Path) -> bool:
    """Stop what still runs on this cluster and remove the lock files of the dead.

    A live postmaster is asked for a fast shutdown, which loses nothing that was committed. Back ends without a
    postmaster are told to quit: the next start recovers from the log anyway.

    Returns:
        Whether anything was found running.

    Raises:
        ServerRefusal: Something does not go away.
    """
    if not PROC.joinpath("self").exists():
        return False  # No /proc (macOS): postgres itself refuses to start beside a living server.
    found = False
    master = postmaster(cluster)
    if master is not None:
        found = True
        _signal(master, signal.SIGINT)
        if not _gone(cluster, {master}, seconds=STOPPING_SECONDS):
            _signal(master, signal.SIGQUIT)
    left = processes(cluster)
    if left:
        found = True
        for pid in left:
            _signal(pid, signal.SIGQUIT)
        if not _gone(cluster, left, seconds=QUITTING_SECONDS):
            raise ServerRefusal(
                f"Tiến trình PostgreSQL cũ ({', '.join(map(str, sorted(left)))}) trên {cluster} không chịu dừng. "
                "Hãy khởi động lại máy, hoặc kết thúc các tiến trình đó rồi chạy lại."
            )
    for leftover in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)
    return found


def postmaster(cluster: Path) -> int | None:
    """Return the number of the living postmaster of this cluster, if there is one."""
    try:
        pid = int((cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if pid in processes(cluster) else None


def processes(cluster: Path) -> set[int]:
    """Return the numbers of all living processes that stand in the cluster's folder and are postgres."""
    home = cluster.stat()
    found = set()
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stands_in = (entry / "cwd").stat()
            is_postgres = (entry / "comm").read_text(encoding="utf-8").startswith("postgres")
        except OSError:
            continue  # gone meanwhile, a zombie, or somebody else's
        if is_postgres and (stands_in.st_dev, stands_in.st_ino) == (home.st_dev, home.st_ino):
            found.add(int(entry.name))
    return found


def _gone(cluster: Path, pids: set[int], *, seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not pids & processes(cluster):
            return True
        time.sleep(0.05)
    return False


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
