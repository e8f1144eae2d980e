"""Tools of the server tests: a folder that any account may cross, a client that notes what was acknowledged."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from lienthong.infra.postgres import place

SOURCES = Path(__file__).resolve().parents[2] / "src"

# A process of ours that runs the server and does nothing else, to be killed.
KEEPER = """
import sys, time
from pathlib import Path
from lienthong.infra.postgres import supervisor
if sys.argv[2] == "deaf":
    supervisor.end_with_parent = lambda number: None
server = supervisor.Server(Path(sys.argv[1]))
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


@contextmanager
def open_folder() -> Iterator[Path]:
    """Yield a new folder under /tmp that the server's account may cross; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="lt-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def connect(data_dir: Path, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(place.database_url(data_dir, database), autocommit=True)


@contextmanager
def keeper(data_dir: Path, *, deaf: bool = False) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run the server under a process of its own; ``deaf`` keeps the kernel from telling it of our death."""
    command = [sys.executable, "-c", KEEPER, str(data_dir), "deaf" if deaf else "hears"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


class Writer:
    """A client that commits one row after another and remembers each that the server acknowledged."""

    def __init__(self, data_dir: Path) -> None:
        self.acknowledged: list[int] = []
        self._data_dir = data_dir
        self._stop = threading.Event()
        with connect(data_dir) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS written (number bigint PRIMARY KEY)")
            row = connection.execute("SELECT coalesce(max(number), 0) FROM written").fetchone()
            self._number = int(str(row[0])) if row else 0
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        try:
            with connect(self._data_dir) as connection:
                while not self._stop.is_set():
                    self._number += 1
                    connection.execute("INSERT INTO written VALUES (%s)", [self._number])
                    self.acknowledged.append(self._number)
        except psycopg.OperationalError:
            return

    def wait_for(self, rows: int) -> None:
        ends = time.monotonic() + 30
        while len(self.acknowledged) < rows and time.monotonic() < ends:
            time.sleep(0.01)
        assert len(self.acknowledged) >= rows

    def stop(self) -> list[int]:
        self._stop.set()
        self._thread.join(30)
        return self.acknowledged


def missing_rows(data_dir: Path, acknowledged: list[int]) -> list[int]:
    """Return the acknowledged rows that the server no longer has."""
    with connect(data_dir) as connection:
        kept = {row[0] for row in connection.execute("SELECT number FROM written")}
    return [number for number in acknowledged if number not in kept]
