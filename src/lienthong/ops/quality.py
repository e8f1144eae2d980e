"""The one test command: the linters, the tiers, the types, the templates, then every test on a server of its own."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lienthong.infra.postgres import place, standby
from lienthong.infra.postgres.supervisor import Server
from lienthong.ops.console import say, seconds

WORKERS = 2


def run_all(checkout: Path, *, paths: Sequence[str], slow: bool, more: Sequence[str] = ()) -> bool:
    """Check the source, then run the tests; say in one line each how it went.

    Args:
        checkout: The folder of the source.
        paths: Tests to run; none means all, and the checks of the source as well.
        slow: Also run the tests marked slow.
        more: Further arguments for pytest.

    Returns:
        Whether everything passed.
    """
    failed = (
        [] if paths else [title for title, command in source_checks(checkout) if not _passes(title, command, checkout)]
    )
    if failed:
        say(f"\n✗ Chưa đạt: {', '.join(failed)}\n")
    with database() as url:
        return _run_tests(checkout, url, paths=paths, slow=slow, more=more) and not failed


def source_checks(checkout: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the command of each check of the source."""
    ours = ["src", "tests", "lienthong"]
    yield "ruff check", [_tool("ruff"), "check", "--quiet", *ours]
    yield "ruff format", [_tool("ruff"), "format", "--check", "--quiet", *ours]
    yield "lint-imports", [_tool("lint-imports"), "--no-cache"]
    yield "mypy", [_tool("mypy")]
    yield "djlint", [_tool("djlint"), "--quiet", "--lint", str(checkout / "templates")]
    yield "makemigrations", [sys.executable, "-m", "lienthong", "makemigrations", "--check", "--dry-run"]


@contextmanager
def database() -> Iterator[str]:
    """Yield the address of a server for tests: the one that is named, else one of our own that spares the disk."""
    named = os.environ.get("LIENTHONG_DATABASE_URL")
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="lienthong-test-", dir="/tmp") as folder:  # noqa: S108 -- short for the socket
        Path(folder).chmod(0o711)
        data_dir = Path(folder) / "data"
        with Server(data_dir, durable=False):
            standby.ensure_database(data_dir)
            yield place.database_url(data_dir)


def _passes(title: str, command: list[str], checkout: Path) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=checkout, env=_environment(), capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    say(f"{'✓' if passed else '✗'} {title} ({seconds(time.monotonic() - began)})")
    if not passed:
        say((done.stdout + done.stderr).strip())
    return passed


def _run_tests(checkout: Path, url: str, *, paths: Sequence[str], slow: bool, more: Sequence[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-n", str(WORKERS), *more]
    if not slow:
        command += ["-m", "not slow"]
    sys.stdout.flush()
    done = subprocess.run(
        [*command, *paths], cwd=checkout, env=_environment() | {"LIENTHONG_DATABASE_URL": url}, check=False
    )
    return done.returncode == 0


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "lienthong.config.settings"}


def _tool(name: str) -> str:
    """Return a program of the virtual environment."""
    return str(Path(sys.executable).parent / name)
