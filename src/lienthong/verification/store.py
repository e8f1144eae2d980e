"""The folder of verification: files as they arrived, prepared copies of the population data, what a batch works on.

``files/<sha256>`` is a file as it came, kept once; ``copies/<key>`` a prepared copy; ``batches/<id>`` tables between two
steps of a batch. Everything appears under its name only when it is whole: a job that is cut off leaves a ``.part`` and
nothing else.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from lienthong.infra import ownership

_CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")


class Readable(Protocol):
    """What an arriving file must offer."""

    def read(self, size: int, /) -> bytes: ...


class FileNotTaken(ValueError):
    """A file is empty or too large; the sentence says what to do."""


class FileGone(LookupError):
    """A file or table that a batch worked on is no longer in the folder."""

    def __str__(self) -> str:
        return _("Tệp của bước trước không còn trong kho xác thực. Hãy lập lại đợt từ tệp gốc.")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was taken in."""

    sha256: str
    size: int


def root() -> Path:
    """Return the folder of verification, made if need be."""
    folder = Path(settings.VERIFICATION_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def whole_files() -> Iterator[Path]:
    """Yield every file of the folder that is whole, for a backup; what is still arriving is left out."""
    for path in sorted(root().rglob("*")):
        if path.is_file() and not any(part.endswith(".part") for part in path.relative_to(root()).parts):
            yield path


def take_in(content: Readable, *, name: str) -> Arrived:
    """Write a file to the folder piece by piece, under the digest of its bytes. The same bytes are kept once.

    Args:
        content: The file; read once from where it stands.
        name: What the sender calls it, for the sentence of a refusal.

    Raises:
        FileNotTaken: It is empty, or larger than the house takes.
    """
    digest, size, limit = hashlib.sha256(), 0, settings.VERIFICATION_LIMIT_BYTES
    part = _folder("files") / f"{uuid4().hex}.part"
    try:
        with part.open("xb") as file:
            while piece := content.read(_CHUNK):
                size += len(piece)
                if size > limit:
                    raise FileNotTaken(
                        _("Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy chia thành nhiều tệp hoặc gửi dạng Parquet.")
                        % {"name": name, "limit": limit // _CHUNK}
                    )
                digest.update(piece)
                file.write(piece)
        if not size:
            raise FileNotTaken(_("Tệp “%(name)s” không có nội dung. Hãy chọn lại tệp.") % {"name": name})
        part.replace(file_path(digest.hexdigest()))
    finally:
        part.unlink(missing_ok=True)
    ownership.follow_owner(file_path(digest.hexdigest()), folder=root())
    return Arrived(digest.hexdigest(), size)


def file_path(sha256: str) -> Path:
    """Return where a file that arrived lies.

    Raises:
        ValueError: Not a digest, so no path is made of it.
    """
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return _folder("files") / sha256


def present(path: Path) -> Path:
    """Return the path of something that must be there.

    Raises:
        FileGone: It is not.
    """
    if not path.exists():
        raise FileGone(path.name)
    return path


def copy_folder(key: str) -> Path:
    """Return the folder of a prepared copy of the population data."""
    return _folder("copies") / _safe(key)


def batch_file(batch_id: int, name: str) -> Path:
    """Return where a table of a batch lies, such as ``register.parquet``."""
    _folder("batches")
    return _folder(f"batches/{int(batch_id)}") / _safe(name)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a path to write to; it becomes ``target`` only when everything was written."""
    part = target.with_name(f"{target.name}.{uuid4().hex}.part")
    try:
        yield part
        part.replace(target)
        ownership.follow_owner(target, folder=root())
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write into; it becomes ``target`` only when everything was written, in place of what was there."""
    part = target.with_name(f"{target.name}.{uuid4().hex}.part")
    part.mkdir(parents=True)
    try:
        yield part
        if target.exists():
            shutil.rmtree(target)
        part.rename(target)
        ownership.give_to_its_owner(root())
    finally:
        if part.exists():
            shutil.rmtree(part)


def _folder(name: str) -> Path:
    folder = root() / name
    if not folder.exists():
        folder.mkdir(exist_ok=True)
        ownership.follow_owner(folder, folder=root())
    return folder


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise ValueError(f"not a name of ours: {name!r}")
    return name
