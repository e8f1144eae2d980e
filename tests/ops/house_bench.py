"""Tools of the command tests: a house of its own in a folder of its own, run as people run it."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


class House:
    """A data folder and the commands run on it.

    Args:
        folder: Where everything lies.
        python: What runs the commands.
        libraries: Where that finds the packages, when not by itself.
    """

    def __init__(self, folder: Path, *, python: str = sys.executable, libraries: str = "") -> None:
        self.folder = folder
        self.python = python
        self.sources = ":".join(filter(None, [str(CHECKOUT / "src"), libraries]))
        self.data_dir = folder / "data"
        self.port = free_port()

    def environment(self) -> dict[str, str]:
        ours = {name for name in os.environ if name.startswith("LIENTHONG_")} - {"LIENTHONG_POSTGRES_BIN"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return {**kept, "PYTHONPATH": self.sources, "LIENTHONG_DATA_DIR": str(self.data_dir)}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.python, "-m", "lienthong", *arguments],
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def sql(self, statement: str) -> str:
        done = self.run("psql", "--no-psqlrc", "-Atqc", statement)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    @contextmanager
    def up(self, *options: str) -> Iterator["Up"]:
        command = [self.python, "-m", "lienthong", "up", "--no-demo", "--port", str(self.port), *options]
        with (self.folder / "up.log").open("wb") as log:
            process = subprocess.Popen(
                command, env=self.environment(), cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        up = Up(process, self)
        try:
            up.wait_for("Mở trình duyệt")
            yield up
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)


class Up:
    """A running ``./lienthong up``."""

    def __init__(self, process: "subprocess.Popen[bytes]", house: House) -> None:
        self.process = process
        self.house = house

    def said(self) -> str:
        return (self.house.folder / "up.log").read_text(encoding="utf-8")

    def wait_for(self, words: str, *, times: int = 1, within: float = 60.0) -> None:
        ends = time.monotonic() + within
        while self.said().count(words) < times and self.process.poll() is None and time.monotonic() < ends:
            time.sleep(0.02)
        assert self.said().count(words) >= times, self.said()

    def answers(self, *, within: float = 30.0) -> bool:
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=5)
                connection.request("GET", "/")
                connection.getresponse().read()
                connection.close()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            else:
                return True
        return False

    def children(self) -> list[int]:
        listed = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in listed.stdout.split()]

    def child(self, kind: str) -> int:
        """Return the child that runs postgres, or the one that listens, or the remaining one: the worker."""
        postgres = [pid for pid in self.children() if Path(f"/proc/{pid}/comm").read_text().startswith("postgres")]
        ours = [pid for pid in self.children() if pid not in postgres]
        if kind == "postgres":
            return postgres[0]
        web = [pid for pid in ours if _has_children(pid)]
        return web[0] if kind == "web" else next(pid for pid in ours if pid not in web)


@contextmanager
def new_house(**python: str) -> Iterator[House]:
    """Yield a house in a folder under /tmp that any account may cross, run by another Python where one is named."""
    folder = Path(tempfile.mkdtemp(prefix="lt-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield House(folder, **python)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _has_children(pid: int) -> bool:
    return bool(subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, check=False).stdout)
