"""``./lienthong up`` as people run it: started, killed, started again, stopped."""

import hashlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthong.infra.postgres import place
from tests.ops.house_bench import House, new_house

pytestmark = pytest.mark.slow


def is_running(pid: int) -> bool:
    """Tell whether a process still does something; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with new_house() as one:
        yield one


def test_starts_everything_on_an_empty_folder_and_prints_the_address(house: House) -> None:
    with house.up() as up:
        assert up.answers()
        assert f"http://localhost:{house.port}/" in up.said()
        assert "✓ PostgreSQL" in up.said()
        assert "✓ Bảng dữ liệu" in up.said()


def test_a_second_start_finds_everything_done(house: House) -> None:
    with house.up():
        pass
    with house.up() as up:  # how fast it is, `.ci/run` measures
        assert up.answers()
        assert "Bảng dữ liệu" not in up.said()
        assert "Địa bàn, cơ quan, thủ tục" not in up.said()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stops_everything_in_order_when_told_to(house: House, number: signal.Signals) -> None:
    with house.up() as up:
        children = up.children()
        assert len(children) == 3
        up.process.send_signal(number)
        assert up.process.wait(30) == 0
        assert up.said().rstrip().endswith("Đã dừng.")
        assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    assert "received fast shutdown request" in (house.data_dir / "postgresql.log").read_text()
    assert not (house.data_dir / "postgresql" / "postmaster.pid").exists()


def test_turns_a_second_one_on_the_same_folder_away(house: House) -> None:
    with house.up() as up:
        second = house.run("up", "--port", str(house.port + 1))
        assert second.returncode == 2
        assert "đang được dùng (./lienthong up" in second.stdout
        assert up.answers()


def test_says_so_when_the_port_is_taken(house: House) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", house.port))
        other.listen()
        refused = house.run("up", "--port", str(house.port))
    assert refused.returncode == 2
    assert f"Cổng {house.port} đang có chương trình khác dùng" in refused.stdout


def test_begins_anew_when_the_demo_province_was_broken_off(house: House) -> None:
    with house.up():
        house.sql("CREATE TABLE half_a_province (person text)")
    mark = house.data_dir / "demo"
    mark.write_text(hashlib.sha256(place.database_url(house.data_dir).encode()).hexdigest())
    with house.up() as up:
        assert "bắt đầu lại từ đầu" in up.said()
        assert house.sql("SELECT to_regclass('half_a_province') IS NULL") == "t"
        assert house.sql("SELECT count(*) > 0 FROM units_administrativeunit") == "t"
        assert not mark.exists()


@pytest.mark.kills
@pytest.mark.parametrize(("kind", "title"), [("postgres", "PostgreSQL"), ("web", "Trang web"), ("worker", "Việc nền")])
def test_starts_again_what_was_killed(house: House, kind: str, title: str) -> None:
    with house.up() as up:
        victim = up.child(kind)
        os.kill(victim, signal.SIGKILL)
        up.wait_for(f"{title} dừng bất ngờ (nhận tín hiệu SIGKILL)")
        time.sleep(1)
        assert up.answers()
        assert len(up.children()) == 3
        assert up.process.poll() is None


@pytest.mark.kills
def test_does_jobs_again_after_the_database_was_killed(house: House) -> None:
    task = "builtin:procrastinate.builtin_tasks.remove_old_jobs"
    defer = f"from lienthong.infra.jobs import app; print(app.configure_task({task!r}).defer(max_hours=9999))"
    with house.up() as up:
        os.kill(up.child("postgres"), signal.SIGKILL)
        up.wait_for("PostgreSQL dừng bất ngờ")
        assert up.answers()
        number = int(house.run("shell", "--no-imports", "-c", defer).stdout)
        status, ends = "", time.monotonic() + 60
        while status != "succeeded" and time.monotonic() < ends:
            status = house.sql(f"SELECT status FROM procrastinate_jobs WHERE id = {number}")
        assert status == "succeeded", up.said()


@pytest.mark.kills
def test_comes_back_with_every_row_after_it_was_killed_itself(house: House) -> None:
    with house.up() as up:
        house.sql("CREATE TABLE IF NOT EXISTS kept (number int)")
        house.sql("INSERT INTO kept VALUES (1)")
        up.process.kill()
        up.process.wait()
    with house.up() as up:
        assert "bị ngắt đột ngột" in up.said()
        assert up.answers()
        assert int(house.sql("SELECT count(*) FROM kept")) >= 1


@pytest.mark.kills
def test_leaves_no_process_behind_when_it_was_killed_itself(house: House) -> None:
    with house.up() as up:
        left = up.children()
        assert len(left) == 3
        up.process.kill()
        up.process.wait()
        ends = time.monotonic() + 30
        while left and time.monotonic() < ends:
            left = [pid for pid in left if is_running(pid)]
            time.sleep(0.1)
    assert left == [], up.said()


@pytest.mark.kills
def test_gives_up_when_a_process_dies_again_and_again(house: House) -> None:
    with house.up() as up:
        for killed in range(6):
            up.wait_for("Việc nền dừng bất ngờ", times=killed)
            time.sleep(0.5)
            if up.process.poll() is None:
                os.kill(up.child("worker"), signal.SIGKILL)
        assert up.process.wait(30) == 1
        assert "dừng liên tục" in up.said()
        assert "Đang dừng" in up.said()
