"""The script ./lienthong in a checkout of its own, whose locks are empty so that it needs no network."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lienthong.ops import command_list
from tests.ops.house_bench import CHECKOUT

ECHO = "import sys; print('ran', *sys.argv[1:], 'in', sys.prefix)"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout whose ``python -m lienthong`` only tells how it was called."""
    shutil.copy(CHECKOUT / "lienthong", tmp_path)
    package = tmp_path / "src" / "lienthong"
    (package / "ops").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(ECHO)
    (package / "ops" / "__init__.py").touch()
    shutil.copy(CHECKOUT / "src" / "lienthong" / "ops" / "command_list.py", package / "ops")
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    (tmp_path / "requirements-dev.lock").write_text("# nothing for developers\n")
    return tmp_path


def run(checkout: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        [sys.executable, checkout / "lienthong", *arguments],
        env={**kept, **environment},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_lists_its_commands_before_anything_is_installed(checkout: Path) -> None:
    for arguments in ([], ["--help"]):
        said = run(checkout, *arguments)
        assert said.returncode == 0
        assert "./lienthong up" in said.stdout
    assert not (checkout / ".venv").exists()


@pytest.mark.slow
def test_installs_once_and_hands_over(checkout: Path) -> None:
    first = run(checkout, "up", "--port", "8001")
    assert f"ran up --port 8001 in {checkout / '.venv'}" in first.stdout
    assert "Tạo môi trường Python" in first.stdout
    second = run(checkout, "up")
    assert second.stdout == f"ran up in {checkout / '.venv'}\n"


@pytest.mark.slow
def test_installs_again_when_the_lock_has_changed(checkout: Path) -> None:
    run(checkout, "up")
    (checkout / "requirements.lock").write_text("# something else\n")
    again = run(checkout, "up")
    assert "Cài 0 thư viện theo requirements.lock" in again.stdout
    assert "Tạo môi trường Python" not in again.stdout
    assert run(checkout, "up").stdout.startswith("ran up")


@pytest.mark.slow
def test_installs_what_developers_need_for_tests_and_in_ci(checkout: Path) -> None:
    run(checkout, "up")
    assert "requirements-dev.lock" in run(checkout, "test").stdout
    assert run(checkout, "up").stdout.startswith("ran up")  # what developers have is enough for everybody
    (checkout / "requirements-dev.lock").write_text("# more\n")
    assert "requirements-dev.lock" in run(checkout, "up", CI="1").stdout


@pytest.mark.slow
def test_installs_what_the_spark_cluster_needs_when_a_test_asks_for_it(checkout: Path) -> None:
    (checkout / "requirements-spark.lock").write_text("# nothing for Spark\n")
    assert "requirements-spark.lock" not in run(checkout, "test").stdout
    assert "requirements-spark.lock" in run(checkout, "test", "--all", "--spark").stdout
    assert run(checkout, "test", "--spark").stdout.startswith("ran test --spark")


def test_names_one_version_of_a_package_in_all_locks() -> None:
    versions: dict[str, set[str]] = {}
    for lock in CHECKOUT.glob("requirements*.lock"):
        for name, version in re.findall(r"^(\S+)==(\S+) \\$", lock.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert versions["splink"]
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.slow
def test_installs_again_after_an_interrupted_install(checkout: Path) -> None:
    run(checkout, "up")
    (checkout / ".venv" / "lienthong-lock").unlink()
    shutil.rmtree(checkout / ".venv" / "bin")
    assert "Tạo môi trường Python" in run(checkout, "up").stdout


@pytest.mark.slow
def test_says_what_pip_said_when_a_package_cannot_be_had(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    refused = run(checkout, "up", PIP_NO_INDEX="1")
    assert refused.returncode == 1
    assert "Không cài được thư viện" in refused.stdout
    assert "no-such-package" in refused.stdout
    assert "ran" not in refused.stdout


def test_names_the_one_package_to_install_where_python_cannot_make_environments(checkout: Path, tmp_path: Path) -> None:
    crippled = tmp_path / "crippled"
    crippled.mkdir()
    for module in ("venv", "virtualenv"):
        (crippled / f"{module}.py").write_text("raise SystemExit('ensurepip is not available')")
    refused = run(checkout, "up", PYTHONPATH=str(crippled), PATH="/usr/sbin")
    assert refused.returncode == 1
    assert f"sudo apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in refused.stdout
    assert not (checkout / ".venv").exists()


def test_asks_an_old_python_for_a_newer_one(checkout: Path) -> None:
    script = (
        "import sys, runpy; sys.version_info = (3, 9, 2); sys.version = '3.9.2 (old)';"
        f"sys.argv = ['lienthong', 'up']; runpy.run_path({str(checkout / 'lienthong')!r}, run_name='__main__')"
    )
    refused = subprocess.run(
        [sys.executable, "-c", script], env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "needs Python 3.11" in refused.stdout
    assert "3.9.2" in refused.stdout


def test_is_written_so_that_an_old_python_can_read_it() -> None:
    ast.parse((CHECKOUT / "lienthong").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_help_names_every_command_of_ours_and_no_other() -> None:
    folders = (CHECKOUT / "src" / "lienthong").glob("*/management/commands")
    ours = {path.stem for folder in folders for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert set(command_list.lines()) == ours
