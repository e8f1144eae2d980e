"""The folder of files: each content once, under the SHA-256 of its bytes, written once and never changed.

``<FILES_DIR>/ab/cd/abcd…`` holds what is kept, ``<FILES_DIR>/incoming`` what is just arriving.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, BufferedWriter
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from lienthong.infra import ownership

_DIGEST = re.compile(r"[0-9a-f]{64}")


class ContentMissing(LookupError):
    """The bytes of a stored file are not in the folder."""

    def __str__(self) -> str:
        return _("Nội dung tệp không còn trong kho lưu trữ. Hãy báo quản trị viên chạy ./lienthong doctor.")


def path_of(sha256: str) -> Path:
    """Return where a content lies, or would lie.

    Raises:
        ValueError: Not 64 hexadecimal digits, so no path is made of it.
    """
    if not _DIGEST.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:4] / sha256


def incoming_folder() -> Path:
    """Return where contents arrive, on the same disk as where they are kept."""
    return Path(settings.FILES_DIR) / "incoming"


@contextmanager
def arriving() -> Iterator[BufferedWriter]:
    """Open a new file for a content that arrives; what is not kept in the end is deleted."""
    incoming_folder().mkdir(parents=True, exist_ok=True)
    ownership.follow_owner(incoming_folder(), folder=Path(settings.FILES_DIR))
    part = incoming_folder() / f"{uuid4().hex}.part"
    try:
        with part.open("xb") as content:
            yield content
    finally:
        part.unlink(missing_ok=True)


def keep(content: BufferedWriter, *, sha256: str, size: int) -> None:
    """Put a content that has arrived in its place, durably. The same bytes are there already: nothing is written.

    Args:
        content: The open file from ``arriving``.
        sha256: Digest of its bytes.
        size: Number of its bytes.
    """
    target = path_of(sha256)
    if target.exists() and target.stat().st_size == size:
        return
    content.flush()
    os.fchmod(content.fileno(), 0o400)
    os.fsync(content.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(content.name).rename(target)
    ownership.follow_owner(target, folder=Path(settings.FILES_DIR))
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync_folder(folder)


def open_content(sha256: str) -> BufferedReader:
    """Open a kept content for reading.

    Raises:
        ContentMissing: It is not there.
    """
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError as error:
        raise ContentMissing(sha256) from error


def kept_contents() -> Iterator[Path]:
    """Yield every kept content, in order of its digest."""
    for folder in sorted(Path(settings.FILES_DIR).glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
        yield from sorted(path for path in folder.iterdir() if _DIGEST.fullmatch(path.name))


def unfinished_contents() -> Iterator[Path]:
    """Yield what began to arrive and was never finished."""
    yield from sorted(incoming_folder().glob("*.part"))


def written_at(path: Path) -> float:
    """Return when a file was last written, in seconds since 1970; endless for one that is gone meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
