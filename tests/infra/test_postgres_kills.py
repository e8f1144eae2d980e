"""Real kills: whatever dies, every row that the server acknowledged is there after the next start."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lienthong.infra.postgres import orphans, place
from lienthong.infra.postgres.supervisor import Server
from tests.infra.postgres_bench import Writer, connect, keeper, missing_rows, open_folder

pytestmark = [pytest.mark.slow, pytest.mark.kills]


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.mark.parametrize("round_", range(3))
def test_keeps_every_row_when_the_first_process_is_killed(folder: Path, round_: int) -> None:
    with Server(folder) as server:
        writer = Writer(folder)
        writer.wait_for(200 + 50 * round_)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        acknowledged = writer.stop()
        while server.poll() is None:
            time.sleep(0.01)
        server.start()
        assert missing_rows(folder, acknowledged) == []


@pytest.mark.parametrize("role", ["client backend", "checkpointer", "walwriter", "background writer"])
def test_keeps_every_row_when_another_process_is_killed(folder: Path, role: str) -> None:
    with Server(folder) as server:
        writer = Writer(folder)
        writer.wait_for(200)
        with connect(folder) as connection:
            victims = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = %s AND pid <> pg_backend_pid()", [role]
            ).fetchall()
            os.kill(int(str(victims[0][0])), signal.SIGKILL)
        _wait_until_it_is_ready_again(server)
        acknowledged = writer.stop()
        assert server.poll() is None  # PostgreSQL has recovered by itself
        assert missing_rows(folder, acknowledged) == []


def test_keeps_every_row_when_our_own_process_is_killed(folder: Path) -> None:
    with keeper(folder) as (ours, _):
        writer = Writer(folder)
        writer.wait_for(200)
        ours.kill()
        acknowledged = writer.stop()
    with Server(folder):
        assert missing_rows(folder, acknowledged) == []


def test_ends_with_our_own_process(folder: Path) -> None:
    with keeper(folder) as (ours, postmaster):
        ours.kill()
        ours.wait()
        ends = time.monotonic() + 10
        while postmaster in orphans.processes(place.cluster_dir(folder)) and time.monotonic() < ends:
            time.sleep(0.05)
        assert orphans.processes(place.cluster_dir(folder)) == set()


def test_takes_over_from_a_server_that_did_not_end_with_our_own_process(folder: Path) -> None:
    with keeper(folder, deaf=True) as (ours, postmaster):
        writer = Writer(folder)
        writer.wait_for(200)
        ours.kill()
        ours.wait()
        assert orphans.postmaster(place.cluster_dir(folder)) == postmaster
        with Server(folder) as server:
            assert server.recovered
            assert server.pid != postmaster
            assert missing_rows(folder, writer.stop()) == []


def test_keeps_every_row_when_everything_is_killed_at_once(folder: Path) -> None:
    with keeper(folder) as (ours, _):
        writer = Writer(folder)
        writer.wait_for(200)
        for pid in (ours.pid, *orphans.processes(place.cluster_dir(folder))):
            with contextlib.suppress(ProcessLookupError):  # gone already with the one before it
                os.kill(pid, signal.SIGKILL)
        acknowledged = writer.stop()
    with Server(folder):
        assert missing_rows(folder, acknowledged) == []


def test_starts_although_a_process_of_the_killed_server_still_computes(folder: Path) -> None:
    with Server(folder) as server:
        writer = Writer(folder)
        writer.wait_for(50)
        busy = threading.Thread(target=_compute_for_long, args=[folder], daemon=True)
        busy.start()
        time.sleep(0.5)
        assert server.pid is not None
        computing = _pid_of_computation(folder)
        os.kill(computing, signal.SIGSTOP)  # deaf to the death of its parent, as one in a long loop is
        os.kill(server.pid, signal.SIGKILL)
        acknowledged = writer.stop()
        threading.Timer(1.0, os.kill, [computing, signal.SIGCONT]).start()
        server.start()
        assert server.recovered
        busy.join(10)
        assert missing_rows(folder, acknowledged) == []


def test_stays_whole_through_ten_kills_in_a_row(folder: Path) -> None:
    acknowledged: list[int] = []
    with Server(folder) as server:
        for kill in range(10):
            writer = Writer(folder)
            writer.wait_for(20 + 10 * kill)
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            acknowledged += writer.stop()
            server.start()
            assert missing_rows(folder, acknowledged) == []


def _wait_until_it_is_ready_again(server: Server) -> None:
    ends = time.monotonic() + 30
    while server.log.read_text().count("ready to accept connections") < 2 and time.monotonic() < ends:
        time.sleep(0.02)


def _compute_for_long(folder: Path) -> None:
    try:
        with connect(folder) as connection:
            connection.execute("SELECT count(*) FROM generate_series(1, 1000000000) AS long_work")
    except psycopg.OperationalError:
        return


def _pid_of_computation(folder: Path) -> int:
    with connect(folder) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE '%long_work%' AND pid <> pg_backend_pid()"
        ).fetchone()
    assert row is not None
    return int(str(row[0]))
