"""Back up one house, restore it in another, and leave the old data alone whenever something is wrong."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthong.ops import archive
from tests.ops.house_bench import House, new_house

pytestmark = pytest.mark.slow

LETTER = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả\n".encode() * 100
DIGEST = hashlib.sha256(LETTER).hexdigest()
FAR_AHEAD = 4_000_000_000
WORKED_ON = (f"files/{DIGEST}", "copies/20260807-2315a94d6c44b0c1/people.parquet", "batches/1/register.parquet")
ARRIVING = "copies/20260907-2315a94d6c44b0c1.7f.part/people.parquet"

UNREAD = (
    "SELECT string_agg(e.name, ',' ORDER BY e.transaction_id, e.id) FROM infra_event e, infra_eventcursor c"
    " WHERE c.reader = 'jobs' AND (e.transaction_id, e.id) > (c.transaction_id, c.event_id)"
    " AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())"
)


@pytest.fixture(scope="module")
def furnished() -> Iterator[House]:
    """Yield a house with a file, a name in every letter, and a log far ahead of any new server's numbers."""
    with new_house() as house:
        assert house.run("migrate").returncode == 0
        path = house.data_dir / "files" / DIGEST[:2] / DIGEST[2:4] / DIGEST
        path.parent.mkdir(parents=True)
        path.write_bytes(LETTER)
        for name in (*WORKED_ON, ARRIVING):
            place = house.data_dir / "verification" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(name.encode())
        house.sql(
            "INSERT INTO documents_storedfile (id, sha256, size, media_type, name, stored_at)"
            f" VALUES (gen_random_uuid(), '{DIGEST}', {len(LETTER)}, 'text/plain', 'Đặng Thị Hường.txt', now())"
        )
        for number in (1, 2, 3):
            house.sql(
                "INSERT INTO infra_event (stream, sequence, name, payload, at, previous_hash, hash, transaction_id)"
                f" VALUES ('test:1', {number}, 'Fact{number}', '{{}}', now(), '', '', '{FAR_AHEAD + number}')"
            )
        house.sql("DELETE FROM infra_eventcursor")
        house.sql(
            "INSERT INTO infra_eventcursor SELECT 'jobs', transaction_id, id FROM infra_event WHERE name = 'Fact2'"
        )
        yield house


@pytest.fixture(scope="module")
def backup(furnished: House) -> Path:
    target = furnished.folder / "backup.tar"
    done = furnished.run("backup", str(target))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 tệp" in done.stdout
    return target


@pytest.fixture(scope="module")
def restored(backup: Path) -> Iterator[House]:
    with new_house() as house:
        done = house.run("restore", str(backup))
        assert done.returncode == 0, done.stdout + done.stderr
        yield house


class TestRestoreElsewhere:
    def test_brings_rows_files_and_key(self, furnished: House, restored: House) -> None:
        assert restored.sql("SELECT name FROM documents_storedfile") == "Đặng Thị Hường.txt"
        assert (restored.data_dir / "files" / DIGEST[:2] / DIGEST[2:4] / DIGEST).read_bytes() == LETTER
        for name in WORKED_ON:
            assert (restored.data_dir / "verification" / name).read_bytes() == name.encode()
        assert not (restored.data_dir / "verification" / ARRIVING).exists()
        key = (furnished.data_dir / "secret-key").read_text()
        assert (restored.data_dir / "secret-key").read_text() == key
        assert (restored.data_dir / "secret-key").stat().st_mode & 0o077 == 0

    def test_leaves_no_second_database_and_no_scrap(self, restored: House) -> None:
        assert restored.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'lienthong%'") == "1"
        assert not (restored.data_dir / "restoring").exists()

    def test_hands_on_what_was_not_read_and_what_comes_new(self, restored: House) -> None:
        assert restored.sql(UNREAD) == "Fact3"
        restored.sql(
            "INSERT INTO infra_event (stream, sequence, name, payload, at, previous_hash, hash)"
            " VALUES ('test:1', 4, 'Fact4', '{}', now(), '', '')"
        )
        assert restored.sql(UNREAD) == "Fact3,Fact4"

    def test_keeps_the_log_closed_to_changes(self, restored: House) -> None:
        for change in ("UPDATE infra_event SET name = 'x'", "TRUNCATE infra_event"):
            done = restored.run("psql", "-c", change)
            assert "chỉ được ghi thêm" in done.stderr

    def test_needs_no_migration_afterwards(self, restored: House) -> None:
        assert restored.run("migrate", "--check").returncode == 0


class TestRefusals:
    def test_does_not_restore_over_data_without_being_told(self, furnished: House, backup: Path) -> None:
        refused = furnished.run("restore", str(backup))
        assert refused.returncode != 0
        assert "--replace" in refused.stderr

    def test_leaves_everything_when_the_archive_is_damaged(self, furnished: House, backup: Path) -> None:
        content = bytearray(backup.read_bytes())
        content[len(content) // 2] ^= 0xFF
        damaged = furnished.folder / "damaged.tar"
        damaged.write_bytes(content)
        self._refused(furnished, damaged, "bị hỏng")

    def test_leaves_everything_when_the_server_refuses_the_dump(self, furnished: House, backup: Path) -> None:
        nonsense = furnished.folder / "nonsense"
        nonsense.write_bytes(b"PGDMP but no dump")
        path = furnished.folder / "nonsense.tar"
        with archive.writing(path) as writer:
            writer.manifest.facts = archive.verify(backup).facts
            writer.add("database.dump", nonsense)
        self._refused(furnished, path, "PostgreSQL không nhận bản sao lưu")

    def test_leaves_everything_when_the_archive_comes_from_a_later_version(self, furnished: House) -> None:
        dump = furnished.folder / "dump"
        dump.write_bytes(b"")
        path = furnished.folder / "later.tar"
        with archive.writing(path) as writer:
            writer.manifest.facts = {"version": "9.9", "migrations": ["dossiers.0999_later"]}
            writer.add("database.dump", dump)
        self._refused(furnished, path, "phiên bản mới hơn")

    def test_writes_no_archive_where_there_is_no_folder(self, furnished: House) -> None:
        refused = furnished.run("backup", "/nowhere/at/all/backup.tar")
        assert refused.returncode != 0
        assert "Không có thư mục /nowhere/at/all" in refused.stderr

    def _refused(self, house: House, path: Path, reason: str) -> None:
        refused = house.run("restore", str(path), "--replace")
        assert refused.returncode != 0
        assert reason in refused.stderr
        assert "dữ liệu cũ còn nguyên" in refused.stderr
        assert house.sql("SELECT name FROM documents_storedfile") == "Đặng Thị Hường.txt"
        assert house.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'lienthong%'") == "1"


class TestRunningHouse:
    def test_is_backed_up_and_restored_while_it_serves(self, backup: Path) -> None:
        with new_house() as house, house.up() as up:
            assert house.run("backup", str(house.folder / "empty.tar")).returncode == 0
            done = house.run("restore", str(backup), "--replace")
            assert done.returncode == 0, done.stdout + done.stderr
            assert house.sql("SELECT name FROM documents_storedfile") == "Đặng Thị Hường.txt"
            assert up.answers()


class TestDoctor:
    def test_finds_a_lost_and_a_changed_file(self, furnished: House, backup: Path) -> None:
        path = furnished.data_dir / "files" / DIGEST[:2] / DIGEST[2:4] / DIGEST
        kept = path.with_name("kept")
        shutil.copy(path, kept)
        try:
            path.write_bytes(LETTER.swapcase())
            assert DIGEST[:12] in self._amiss(furnished)
            path.unlink()
            assert "“Đặng Thị Hường.txt”: không còn nội dung" in self._amiss(furnished)
        finally:
            kept.rename(path)
        assert self._amiss(furnished) == ""

    def test_is_not_well_before_there_are_tables(self) -> None:
        with new_house() as house:
            house.sql("SELECT 1")
            done = house.run("doctor")
            assert done.returncode == 1
            assert "✗ Bảng dữ liệu" in done.stdout
            assert "✓ Python: 3." in done.stdout

    def _amiss(self, house: House) -> str:
        done = house.run("doctor", "--full", "--json")
        findings = json.loads(done.stdout)["findings"]
        return "\n".join(next(finding["problems"] for finding in findings if finding["name"] == "Từng tệp lưu trữ"))
