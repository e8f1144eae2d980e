"""Write the database and the files into one verified archive, while the house goes on working.

The database first, the files after it: files are written once under their sum and never changed, so every file that
the dump speaks of is there when the files are copied. The folder of verification (files of batches, the population data that
they run on, what a batch works on) goes with them; what a batch replaces or takes away meanwhile it makes again.
"""

import contextlib
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import lienthong
from lienthong.documents import vault
from lienthong.ops import archive, demo_mark, server_tools
from lienthong.verification import store

DUMP = "database.dump"
KEY = "secret-key"
FILES = "files"
VERIFICATION = "verification"


class BackupFailed(Exception):
    """No archive was written; the text says why."""


def back_up(target: Path, *, now: datetime) -> archive.Manifest:
    """Write everything an office must not lose into ``target``.

    Sao lưu.

    Args:
        target: The archive to write; an existing one is replaced when the new one is whole.
        now: When the backup is made, for the manifest.

    Raises:
        BackupFailed: The database could not be dumped.
        ArchiveDamaged: The archive could not be read back as written.
    """
    if not target.parent.is_dir():
        raise BackupFailed(f"Không có thư mục {target.parent}.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".lienthong-") as folder:
        dump = Path(folder) / DUMP
        _dump_database(dump)
        with archive.writing(target) as writer:
            writer.manifest.facts = _facts(now)
            writer.add(DUMP, dump)
            dump.unlink()
            writer.add(KEY, Path(settings.SECRET_KEY_FILE))
            for path in vault.kept_contents():
                writer.add(f"{FILES}/{path.relative_to(settings.FILES_DIR)}", path)
            for path in store.whole_files():
                with contextlib.suppress(FileNotFoundError):
                    writer.add(f"{VERIFICATION}/{path.relative_to(store.root())}", path)
    return writer.manifest


def applied_migrations() -> list[str]:
    """Return the migrations of the database as ``app.name``."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _facts(now: datetime) -> dict[str, object]:
    return {
        "made_at": now.isoformat(timespec="seconds"),
        "version": lienthong.__version__,
        "migrations": applied_migrations(),
        "demo": demo_mark.is_set(),
    }


def _dump_database(dump: Path) -> None:
    command = [server_tools.matching_binaries().program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    done = subprocess.run(
        [*command, f"--file={dump}"], env=server_tools.environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupFailed(f"pg_dump không chạy được: {done.stderr.strip()}")
