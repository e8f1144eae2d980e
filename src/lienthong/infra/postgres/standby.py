"""The server for the length of one command, when ``up`` does not run it already."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from lienthong.infra.postgres import place
from lienthong.infra.postgres.occupancy import DataDirInUse, Occupancy
from lienthong.infra.postgres.refusals import ServerRefusal
from lienthong.infra.postgres.supervisor import Server

WAIT_SECONDS = 30.0


@contextlib.contextmanager
def serving(data_dir: Path, *, command: str) -> Iterator[bool]:
    """Have the embedded server running inside the block.

    Yields:
        Whether the database is new and empty.

    Raises:
        ServerRefusal: It cannot be started, or the process that holds the folder does not start it.
    """
    try:
        occupancy = Occupancy(data_dir, command=command).__enter__()
    except DataDirInUse as in_use:
        if not _answers(data_dir):
            raise ServerRefusal(f"{in_use} Cơ sở dữ liệu ở đó không trả lời.") from in_use
        yield False
        return
    with contextlib.ExitStack() as stack:
        stack.push(occupancy)
        server = stack.enter_context(Server(data_dir))
        yield ensure_database(data_dir) or server.created


def ensure_database(data_dir: Path) -> bool:
    """Make our database when the cluster has none. Return whether it was made."""
    with psycopg.connect(place.database_url(data_dir, "postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [place.DATABASE]).fetchone():
            return False
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(place.DATABASE)))
        return True


def _answers(data_dir: Path) -> bool:
    """Wait for the database: the holder of the folder may be starting it, or starting it again, this very second."""
    ends = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < ends:
        try:
            psycopg.connect(place.database_url(data_dir)).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return True
    return False
