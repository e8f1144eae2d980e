"""Keep a file: what a person hands in, or what the house itself has made."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from io import BufferedWriter
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction

from lienthong.documents import vault
from lienthong.documents.events import FileStored, stream_of
from lienthong.documents.file_names import clean_name, named_as
from lienthong.documents.inspection.kinds import Kind, inspect
from lienthong.documents.inspection.refusals import FileEmpty, FileTooLarge
from lienthong.documents.models import StoredFile
from lienthong.infra import locks
from lienthong.infra.events import record

_CHUNK = 256 * 1024
_MEGABYTE = 1024 * 1024
_PRINTED_ASCII_ONLY = re.compile(r"[^ -~]")


class Readable(Protocol):
    """What a content must offer: a form's uploaded file, an open file, a stream."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as somebody hands it in. Tệp nộp lên.

    Args:
        content: Read once from where it stands, piece by piece.
        name: The sender's name for it; cleaned here.
        declared_type: What the sender says it is; noted, never believed.
    """

    content: Readable
    name: str
    declared_type: str = ""


def store_upload(upload: Upload, *, by: int | None, now: datetime) -> StoredFile:
    """Look at a file that was handed in and keep it.

    Lưu tệp nộp lên.

    The bytes are on disk before the row is written, and the same bytes lie there once. A transaction that is rolled
    back leaves bytes without a row, which ``sweep_orphans`` takes away.

    Args:
        upload: The file.
        by: The user who hands it in; None for a guest.
        now: When.

    Raises:
        FileRefused: Empty, too large, of a kind not accepted, broken, locked or a bomb; in words that say what to do.
    """
    name = clean_name(upload.name)
    with vault.arriving() as part:
        arrived = _take_in(upload.content, part, name=name, limit=settings.UPLOAD_LIMIT_BYTES)
        kind = inspect(Path(part.name), name=name)
        return _keep(
            arrived,
            kind=kind,
            name=named_as(kind, name),
            declared_type=_PRINTED_ASCII_ONLY.sub("", upload.declared_type)[:100],
            by=by,
            now=now,
        )


def store_made(content: bytes, *, name: str, kind: Kind, by: int | None, now: datetime) -> StoredFile:
    """Keep a file that the house itself has made, such as a printed form."""
    return store_stream(io.BytesIO(content), limit=len(content), name=name, kind=kind, by=by, now=now)


def store_stream(content: Readable, *, limit: int, name: str, kind: Kind, by: int | None, now: datetime) -> StoredFile:
    """Keep a file piece by piece that the house has made, or has looked at by its own means.

    Args:
        content: Read once from where it stands.
        limit: Most bytes that it may have.

    Raises:
        FileEmpty, FileTooLarge: There is nothing in it, or more than was said.
    """
    name = clean_name(name)
    with vault.arriving() as part:
        arrived = _take_in(content, part, name=name, limit=limit)
        return _keep(arrived, kind=kind, name=name, declared_type="", by=by, now=now)


@dataclass(frozen=True, slots=True)
class _Arrived:
    part: BufferedWriter
    sha256: str
    size: int


def _take_in(content: Readable, part: BufferedWriter, *, name: str, limit: int) -> _Arrived:
    """Write a content to disk as it comes, never more than the limit."""
    digest, size = hashlib.sha256(), 0
    while piece := content.read(_CHUNK):
        size += len(piece)
        if size > limit:
            raise FileTooLarge(name, limit=limit // _MEGABYTE)
        digest.update(piece)
        part.write(piece)
    if not size:
        raise FileEmpty(name)
    part.flush()
    return _Arrived(part, digest.hexdigest(), size)


@transaction.atomic
def _keep(arrived: _Arrived, *, kind: Kind, name: str, declared_type: str, by: int | None, now: datetime) -> StoredFile:
    # Shared with others who store the same bytes, but not with the sweep, which would take them for an orphan's.
    locks.hold(content_lock(arrived.sha256), shared=True)
    vault.keep(arrived.part, sha256=arrived.sha256, size=arrived.size)
    file = StoredFile.objects.create(
        sha256=arrived.sha256, size=arrived.size, media_type=kind.media_type, name=name, stored_at=now, stored_by=by
    )
    fact = FileStored(
        name=name, sha256=arrived.sha256, size=arrived.size, media_type=kind.media_type, declared_type=declared_type
    )
    record(fact, stream=stream_of(file.id), actor_id=by, at=now)
    return file


def content_lock(sha256: str) -> str:
    """Return the name of the lock on one content."""
    return f"content:{sha256}"
