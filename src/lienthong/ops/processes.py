"""The processes of a running house: started in order, watched, started again when they die, stopped in reverse."""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from lienthong.infra.postgres.supervisor import Server, end_with_parent

RESTARTS = 5
RESTARTS_WITHIN_SECONDS = 60.0


class GaveUp(Exception):
    """A process dies again and again; everything is stopped rather than half of it kept."""


class Runs(Protocol):
    """Something that must run as long as we do."""

    title: str

    def start(self) -> None: ...

    def poll(self) -> int | None: ...

    def stop(self) -> None: ...


class Database:
    """The embedded server as one of the processes."""

    title = "PostgreSQL"

    def __init__(self, server: Server) -> None:
        self.server = server

    def start(self) -> None:
        self.server.start()

    def poll(self) -> int | None:
        return self.server.poll()

    def stop(self) -> None:
        self.server.stop()


class Program:
    """A Python program of ours in a process of its own.

    Args:
        title: Its Vietnamese name.
        arguments: What follows ``python``.
        environment: Variables beside our own.
        patience: Seconds it may take to end by itself when asked.
    """

    def __init__(
        self, title: str, arguments: Sequence[str], *, environment: Mapping[str, str], patience: float = 10.0
    ) -> None:
        self.title = title
        self._command = [sys.executable, *arguments]
        self._environment = {**os.environ, **environment}
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            env=self._environment,
            umask=0o077,  # uploads and exports are nobody else's
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- only the main thread starts processes
        )

    def poll(self) -> int | None:
        return self._process.poll() if self._process else None

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=self._patience)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Restarts:
    """Counts how often a process had to be started again."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=RESTARTS)

    def too_many(self) -> bool:
        """Note one restart and say whether there were too many of late."""
        now = time.monotonic()
        full = len(self._moments) == RESTARTS and now - self._moments[0] < RESTARTS_WITHIN_SECONDS
        self._moments.append(now)
        return full


def watch(running: Sequence[Runs], *, say: Callable[[str], None]) -> None:
    """Start again whatever dies, until interrupted.

    Raises:
        GaveUp: A process died too often.
    """
    restarts = {run.title: Restarts() for run in running}
    while True:
        for run in running:
            code = run.poll()
            if code is None:
                continue
            if restarts[run.title].too_many():
                raise GaveUp(f"{run.title} dừng liên tục ({ending(code)}). Đã dừng tất cả; hãy xem nhật ký ở trên.")
            say(f"! {run.title} dừng bất ngờ ({ending(code)}); đang khởi động lại.")
            run.start()
        time.sleep(0.2)


def ending(code: int) -> str:
    """Say how a process ended."""
    if code < 0:
        return f"nhận tín hiệu {signal.Signals(-code).name}"
    return f"mã {code}"
