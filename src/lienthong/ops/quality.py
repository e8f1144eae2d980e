"""The one test command: the linters, the tiers, the types, the templates, then every test on a server of its own.

Styles and translations are compiled first, so that tests see pages as people do.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lienthong.infra.assets import BuildFailed, build_assets
from lienthong.infra.postgres import place, standby
from lienthong.infra.postgres.supervisor import Server
from lienthong.ops.console import say, seconds
from lienthong.verification.spark import cluster

WORKERS = 2


def run_all(
    checkout: Path, *, paths: Sequence[str], slow: bool, spark: bool = False, marks: str = "", more: Sequence[str] = ()
) -> bool:
    """Check the source, then run the tests; say in one line each how it went.

    Args:
        checkout: The folder of the source.
        paths: Tests to run; none means all, and the checks of the source as well.
        slow: Also run the tests marked slow.
        spark: Also run the tests marked spark, which need Java and PySpark.
        marks: Run only tests whose marks fit this expression, such as ``database and not browser``.
        more: Further arguments for pytest.

    Returns:
        Whether everything passed.
    """
    try:
        build_assets(checkout, tests=True)
        if spark:
            cluster.ensure_installed()
    except (BuildFailed, cluster.SparkMissing) as failure:
        say(f"✗ {failure}")
        return False
    with surroundings(checkout) as environment:
        checks = [] if paths else source_checks(checkout)
        failed = [title for title, command in checks if not _passes(title, command, checkout, environment)]
        if failed:
            say(f"\n✗ Chưa đạt: {', '.join(failed)}\n")
        # One file, one worker: the tests of a file share a house that is dear to build. tests/conftest.py puts them in order.
        command = [sys.executable, "-m", "pytest", "-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
        left_out = [f"not {mark}" for mark, asked_for in (("slow", slow), ("spark", spark)) if not asked_for]
        wanted = " and ".join([*left_out, *([f"({marks})"] if marks else [])])
        command += [*more, *(["-m", wanted] if wanted else []), *paths]
        return subprocess.run(command, cwd=checkout, env=environment, check=False).returncode == 0 and not failed


def source_checks(checkout: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the command of each check of the source."""
    ours = ["src", "tests", "lienthong"]
    yield "ruff check", [_tool("ruff"), "check", "--quiet", "--output-format=concise", *ours]
    yield "ruff format", [_tool("ruff"), "format", "--check", "--output-format=concise", *ours]
    yield "lint-imports", [_tool("lint-imports"), "--no-cache"]
    yield "mypy", [_tool("mypy")]
    yield "djlint", [_tool("djlint"), "--quiet", "--lint", str(checkout / "templates")]
    yield "makemigrations", [sys.executable, "-m", "lienthong", "makemigrations", "--check", "--dry-run"]


@contextmanager
def surroundings(checkout: Path) -> Iterator[dict[str, str]]:
    """Yield the variables for a run that touches no data of the house.

    The server is the one that ``LIENTHONG_DATABASE_URL`` names, else one of our own that spares the disk.
    """
    own = {"DJANGO_SETTINGS_MODULE": "lienthong.config.settings", "PYTHONPATH": str(checkout / "src")}
    with tempfile.TemporaryDirectory(prefix="lienthong-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        data_dir = Path(folder) / "data"
        own["LIENTHONG_DATA_DIR"] = str(data_dir)
        if "LIENTHONG_DATABASE_URL" in os.environ:
            yield {**os.environ, **own}
            return
        with Server(data_dir, durable=False):
            standby.ensure_database(data_dir)
            yield {**os.environ, **own, "LIENTHONG_DATABASE_URL": place.database_url(data_dir)}


def _passes(title: str, command: list[str], checkout: Path, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    say(f"{'✓' if passed else '✗'} {title} ({seconds(time.monotonic() - began)})")
    if not passed:
        say((done.stdout + done.stderr).strip())
    return passed


def _tool(name: str) -> str:
    """Return a program of the virtual environment."""
    return str(Path(sys.executable).parent / name)
