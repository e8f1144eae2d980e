"""One PostgreSQL server as our own child: started, awaited, watched and stopped by us.

The wheel's own wrapper goes through ``pg_ctl``, whose server belongs to process 1; where that reaps late, a killed
server looks alive. Here the server is our child, and when we are killed the kernel asks it for a fast shutdown.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from lienthong.infra.postgres import account, binaries, cluster, orphans, place
from lienthong.infra.postgres.refusals import ServerRefusal

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 10 * 1024 * 1024


class Server:
    """The embedded server of one data folder.

    Args:
        data_dir: Where everything lies; see ``place``.
        durable: False gives up safety for speed, for tests only.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir
        self.durable = durable
        self.cluster = place.cluster_dir(data_dir)
        self.sockets = place.socket_dir(data_dir)
        self.log = data_dir / "postgresql.log"
        self.created = False
        self.recovered = False
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The number of the server's first process while it runs."""
        return self._process.pid if self._process else None

    def start(self, *, seconds: float = 300.0) -> None:
        """Start the server and return when it takes connections; recovery after a crash is part of the start.

        ``created`` tells afterwards whether the cluster is new, ``recovered`` whether an earlier server was found
        running. The caller holds the lock of the data folder.

        Raises:
            ServerRefusal: The server cannot run here; the text says why.
        """
        cluster.make_data_dir(self.data_dir)
        runs_as = account.server_account(self.cluster)
        cluster.check_reachable(self.data_dir, runs_as)
        major = cluster.major_version(self.cluster)
        programs = binaries.readable_by(binaries.find(major=major), runs_as, data_dir=self.data_dir)
        self.created = major is None
        if self.created:
            cluster.create(self.cluster, binaries=programs, account=runs_as, durable=self.durable)
        cluster.make_socket_dir(self.sockets, account=runs_as)
        self.recovered = orphans.clear(self.cluster, sockets=self.sockets)
        cluster.configure(self.cluster, sockets=self.sockets, account=runs_as, durable=self.durable)
        self._prepare_log()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [programs.program("postgres"), "-D", str(self.cluster)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data_dir,
                env=cluster.environment(),
                start_new_session=True,  # Ctrl-C at the terminal is for us; we stop the server last
                preexec_fn=end_with_parent(signal.SIGINT),  # noqa: PLW1509 -- only the main thread starts servers
                **(runs_as.popen_options() if runs_as else {}),
            )
        self._await_ready(seconds)

    def poll(self) -> int | None:
        """Return the exit code when the server has ended (it was killed, or could not go on), None while it runs."""
        return self._process.poll() if self._process else None

    def stop(self, *, patient: bool = False) -> None:
        """Stop the server: at once and cleanly, or, when patient, after everybody has disconnected."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM if patient else signal.SIGINT)
            try:
                self._process.wait(timeout=None if patient else 120)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
        self._process = None

    def _await_ready(self, seconds: float) -> None:
        """Wait for the word "ready" in the eighth line of postmaster.pid; a connection would prove no more."""
        assert self._process is not None
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                raise ServerRefusal(f"PostgreSQL không khởi động được. Nhật ký {self.log}:\n{self._last_words()}")
            try:
                lines = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            except FileNotFoundError:
                lines = []
            if len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(self._process.pid):
                return
            time.sleep(0.01)
        self.stop()
        raise ServerRefusal(f"PostgreSQL chưa sẵn sàng sau {seconds:.0f} giây. Nhật ký: {self.log}")

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])

    def _prepare_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        self.log.touch(mode=0o600)


def end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a child does before it runs its program, so that the kernel sends it a signal when we die.

    Linux only; elsewhere the next start finds and stops what was left.
    """
    if sys.platform != "linux":
        return None
    parent = os.getpid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_the_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return ask_the_kernel
