"""Is the house well? The machine, the database, the files, the jobs, and what each context asks of its own data."""

import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from lienthong.documents.integrity import contents_amiss
from lienthong.infra import health

OLDEST_POSTGRES = 150000
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
LOW_SPACE_BYTES = 2 * 1024**3
WORKER_SILENT_SECONDS = 60
JOBS_WAIT_SECONDS = 120


@dataclass(frozen=True)
class Finding:
    """What one check came to."""

    name: str
    remark: str = ""
    problems: tuple[str, ...] = ()


def examine(*, full: bool = False) -> Iterator[Finding]:
    """Run every check, one after the other; one that fails by itself is a finding too.

    Args:
        full: Also read every stored file from its first byte to its last, however many there are.
    """
    checks: dict[str, Callable[[], Finding | Iterable[str]]] = {**_OWN, **health.checks()}
    if full:
        checks["Từng tệp lưu trữ"] = partial(contents_amiss, sample=None)
    for name, check in checks.items():
        try:
            yield _finding(name, check)
        except (Error, OSError) as trouble:
            yield Finding(name, problems=(f"Không kiểm tra được: {str(trouble).splitlines()[0]}",))


def _finding(name: str, check: Callable[[], Finding | Iterable[str]]) -> Finding:
    answer = check()
    if isinstance(answer, Finding):
        return answer
    return Finding(name, problems=tuple(answer))


def check_python() -> Finding:
    """Name the Python that runs us."""
    problems = ("Cần Python 3.11 trở lên.",) if sys.version_info < (3, 11) else ()
    return Finding("Python", platform.python_version(), problems)


def check_postgres() -> Finding:
    """Name the server's version and the extensions we stand on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        cursor.execute("SELECT extname FROM pg_extension")
        installed = {row[0] for row in cursor.fetchall()}
    problems = [f"Thiếu phần mở rộng {name}." for name in EXTENSIONS if name not in installed]
    if connection.connection.info.server_version < OLDEST_POSTGRES:
        problems.append("Cần PostgreSQL 15 trở lên.")
    return Finding("PostgreSQL", f"{version} ({', '.join(EXTENSIONS)})", tuple(problems))


def check_migrations() -> Finding:
    """Compare the tables with the code."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    problems = (f"Còn {len(pending)} thay đổi bảng chưa áp dụng; hãy chạy ./lienthong migrate.",) if pending else ()
    return Finding("Bảng dữ liệu", "khớp với mã nguồn" if not pending else "", problems)


def check_space() -> Finding:
    """Name the room left where the data lie."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    left = f"còn {usage.free / 1e9:.1f} GB".replace(".", ",")
    problems = (f"Chỉ {left} ở {settings.DATA_DIR}; hãy dọn hoặc mở rộng đĩa.",) if usage.free < LOW_SPACE_BYTES else ()
    return Finding("Chỗ trống", left, problems)


def check_key() -> Finding:
    """See that nobody else can read the key of the house."""
    path = Path(settings.SECRET_KEY_FILE)
    loose = path.stat().st_mode & 0o077
    problems = (f"Tệp khóa {path} mở cho tài khoản khác; hãy chạy chmod 600 {path}.",) if loose else ()
    return Finding("Khóa của hệ thống", problems=problems)


def check_jobs() -> Finding:
    """Ask whether jobs are done: a live worker, none that waits too long, none that failed for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [WORKER_SILENT_SECONDS],
        )
        workers = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs j WHERE status = 'todo' AND greatest(scheduled_at,"
            " (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id)) < now() - make_interval(secs => %s)",
            [JOBS_WAIT_SECONDS],
        )
        waiting = cursor.fetchone()[0]
        cursor.execute(
            "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
        )
        problems = [f"{count} việc {name} đã hỏng sau mọi lần thử lại." for name, count in cursor.fetchall()]
    if waiting:
        problems.append(f"{waiting} việc đã chờ quá 2 phút.")
    remark = f"{workers} tiến trình đang chạy" if workers else "không có tiến trình nào (./lienthong up chưa chạy)"
    return Finding("Việc nền", remark, tuple(problems))


_OWN: dict[str, Callable[[], Finding | Iterable[str]]] = {
    "Python": check_python,
    "PostgreSQL": check_postgres,
    "Bảng dữ liệu": check_migrations,
    "Chỗ trống": check_space,
    "Khóa của hệ thống": check_key,
    "Việc nền": check_jobs,
}
