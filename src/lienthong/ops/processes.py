"""The processes of a running house: started in order, watched, started again when they die, stopped in reverse."""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from typing import Protocol

from django.db import connections

from lienthong.infra.postgres.account import Account
from lienthong.infra.postgres.supervisor import Server, end_with_parent

RESTARTS = 5
RESTARTS_WITHIN_SECONDS = 60.0
_INTERRUPTED = 130


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
    """A part of ours in a process of its own, forked from this one: what is loaded here need not be loaded again.

    Args:
        title: Its Vietnamese name.
        run: What it does until it is told to stop.
        account: As whom it runs; None for as ourselves.
        patience: Seconds it may take to end by itself when asked.
    """

    def __init__(
        self, title: str, run: Callable[[], None], *, account: Account | None = None, patience: float = 10.0
    ) -> None:
        self.title = title
        self._run = run
        self._account = account
        self._patience = patience
        self._dies_with_parent = end_with_parent(signal.SIGTERM)
        self._process: ForkProcess | None = None

    def start(self) -> None:
        connections.close_all()  # two processes must never speak on one connection
        self._process = get_context("fork").Process(target=self._begin, name=self.title)
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode if self._process else None

    def stop(self) -> None:
        if self._process is None or self._process.exitcode is not None or self._process.pid is None:
            return
        self._process.terminate()
        self._process.join(self._patience)
        if self._process.exitcode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.join()

    def _begin(self) -> None:
        if self._account:
            self._account.become()
        if self._dies_with_parent:  # after that, for the kernel forgets it when a process becomes somebody else
            self._dies_with_parent()
        os.setsid()  # Ctrl-C at the terminal is for the parent, which stops us in order
        os.umask(0o077)  # uploads and exports are nobody else's
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        self._run()


class Failed(Exception):
    """What was to be done apart did not come to its end; its own lines say why."""


def run_apart(run: Callable[[], object]) -> None:
    """Do something in a process of its own, to its end.

    A library that has started threads (polars, when it first computes) leaves whoever is forked afterwards without them,
    waiting for ever. So the process that forks the others must not compute itself.

    Raises:
        Failed: It ended with an error.
        KeyboardInterrupt: It was stopped at the terminal.
    """
    connections.close_all()
    process = get_context("fork").Process(target=_quietly, args=(run,))
    process.start()
    process.join()
    if process.exitcode == _INTERRUPTED:
        raise KeyboardInterrupt
    if process.exitcode:
        raise Failed(f"Ngừng giữa chừng (mã {process.exitcode}). Hãy xem các dòng lỗi ở trên.")


def _quietly(run: Callable[[], object]) -> None:
    try:
        run()
    except KeyboardInterrupt:
        os._exit(_INTERRUPTED)


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
