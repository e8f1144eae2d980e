"""Read an archive back: verified first, restored beside the old database, put in its place in one transaction."""

import hashlib
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from psycopg import errors, sql

from lienthong.infra import ownership
from lienthong.infra.rebase import rebase_events
from lienthong.ops import archive, base_data, demo_mark, server_tools
from lienthong.ops.backup import DUMP, FILES, KEY, VERIFICATION

MAINTENANCE = "postgres"
SWAP_SECONDS = 20.0
# The header of a dump by a newer pg_dump sets what an older server has never heard of.
HEADER_LINES = 80
UNKNOWN_TO_OLDER = b"transaction_timeout"


class NotRestored(Exception):
    """The old database is as it was; the text says why."""


def restore(path: Path, *, replace: bool) -> archive.Manifest:
    """Put the archive's database and files in the place of ours.

    Khôi phục.

    Args:
        path: The archive.
        replace: Give up what the database holds now.

    Raises:
        ArchiveDamaged: The archive is not whole.
        NotRestored: It does not fit this version, the database is not empty, or the server refused it.
    """
    manifest = archive.verify(path)
    _check_version(manifest)
    if not replace and _has_tables():
        raise NotRestored(
            "Cơ sở dữ liệu hiện có dữ liệu nên không khôi phục đè lên. Hãy sao lưu nó (./lienthong backup TỆP.tar), "
            "rồi chạy lại với --replace; hoặc khôi phục vào thư mục mới bằng --data-dir."
        )
    current = connection.settings_dict["NAME"]
    staged = f"{current}_restoring"
    work = Path(settings.DATA_DIR) / "restoring"
    try:
        _take_out(path, work, manifest)
        _restore_into(staged, work / DUMP)
        _put_in_place(staged, current=current)
        _exchange_verification(work, manifest)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        _drop(staged)
    base_data.forget()
    (demo_mark.put if manifest.facts.get("demo") else demo_mark.remove)()
    return manifest


def _check_version(manifest: archive.Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.facts.get("migrations", []) if name not in known]
    if unknown:
        raise NotRestored(
            f"Bản sao lưu do phiên bản mới hơn tạo ({manifest.facts.get('version')}, có {unknown[0]}). "
            "Hãy cập nhật mã nguồn rồi khôi phục lại."
        )


def _has_tables() -> bool:
    return bool(connection.introspection.table_names())


def _take_out(path: Path, work: Path, manifest: archive.Manifest) -> None:
    """Copy the files to their place, where they harm nobody, and beside them the dump and what verification works on."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    files = Path(settings.FILES_DIR)

    def target_of(name: str) -> Path | None:
        if name == DUMP:
            return work / DUMP
        if name == KEY:
            return Path(settings.SECRET_KEY_FILE)
        if name.startswith(f"{FILES}/"):
            target = files / name.removeprefix(f"{FILES}/")
            return None if _is_there(target, manifest.parts[name]["sha256"]) else target
        return work / name if name.startswith(f"{VERIFICATION}/") else None

    archive.take_out(path, target_of)
    ownership.give_to_its_owner(files)


def _exchange_verification(work: Path, manifest: archive.Manifest) -> None:
    """Put the folder of verification in the place of ours, now that the database is the one that speaks of it.

    An archive that has none, of an earlier version, leaves ours alone.
    """
    if not manifest.names(VERIFICATION):
        return
    folder = Path(settings.VERIFICATION_DIR)
    if folder.exists():
        ownership.give_like(work / VERIFICATION, folder)
        folder.rename(work / "verification before")
    (work / VERIFICATION).rename(folder)
    folder.chmod(0o700)


def _is_there(path: Path, sha256: str) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == sha256


def _restore_into(staged: str, dump: Path) -> None:
    _drop(staged)
    with server_tools.connect(MAINTENANCE) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(staged)))
    programs = server_tools.matching_binaries()
    read = [programs.program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    write = [programs.program("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with (
        (dump.parent / "errors").open("w+b") as said,
        subprocess.Popen(read, stdout=subprocess.PIPE, stderr=said, env=server_tools.environment(staged)) as reader,
        subprocess.Popen(
            [*write, "--output=/dev/null"], stdin=subprocess.PIPE, stderr=said, env=server_tools.environment(staged)
        ) as writer,
    ):
        assert reader.stdout is not None
        assert writer.stdin is not None
        try:
            _pass_on(reader.stdout, writer.stdin)
            writer.stdin.close()
        except BrokenPipeError:
            reader.kill()
        codes = reader.wait(), writer.wait()
        said.seek(0)
        if any(codes):
            raise NotRestored(
                f"PostgreSQL không nhận bản sao lưu: {said.read(2000).decode('utf-8', 'replace').strip()}"
            )
    with server_tools.connect(staged) as server:
        rebase_events(server)
        server.execute("ANALYZE")


def _pass_on(script: IO[bytes], psql: IO[bytes]) -> None:
    for _ in range(HEADER_LINES):
        line = script.readline()
        if not (line.startswith(b"SET ") and UNKNOWN_TO_OLDER in line):
            psql.write(line)
    shutil.copyfileobj(script, psql)


def _put_in_place(staged: str, *, current: str) -> None:
    """Exchange the names in one transaction; whoever is connected to the old database is sent away."""
    old = f"{current}_replaced"
    _drop(old)
    connections.close_all()
    ends = time.monotonic() + SWAP_SECONDS
    with server_tools.connect(MAINTENANCE) as server:
        while not _exchanged(server, staged, current=current, old=old):
            if time.monotonic() > ends:
                raise NotRestored(
                    "Cơ sở dữ liệu luôn có người dùng nên chưa đổi được. Hãy dừng ./lienthong up rồi chạy lại."
                )
            time.sleep(0.2)
    _drop(old)


def _exchanged(server: "psycopg.Connection[Any]", staged: str, *, current: str, old: str) -> bool:
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (%s, %s)", [current, staged]
    )
    try:
        with server.transaction():
            _rename(server, current, old)
            _rename(server, staged, current)
    except errors.ObjectInUse:
        return False
    return True


def _rename(server: "psycopg.Connection[Any]", name: str, new_name: str) -> None:
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new_name)))


def _drop(name: str) -> None:
    with server_tools.connect(MAINTENANCE) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
