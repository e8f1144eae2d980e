"""One archive: a tar of named parts and, as its last part, the manifest with the size and SHA-256 of every other."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

MANIFEST = "manifest.json"
FORMAT = 1


class ArchiveDamaged(Exception):
    """The archive is not whole, is not ours, or is not what was written; nothing is taken from it."""


@dataclass
class Manifest:
    """What an archive says of itself."""

    facts: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def names(self, folder: str) -> list[str]:
        """Return the parts inside a folder."""
        return [name for name in self.parts if name.startswith(f"{folder}/")]


class Writer:
    """Adds parts to an archive and remembers their sums."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.manifest = Manifest()

    def add(self, name: str, path: Path) -> None:
        """Copy one file into the archive."""
        with path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            summing = _Summing(source)
            self._tar.addfile(_entry(name, size), summing)
        self.manifest.parts[name] = {"size": size, "sha256": summing.digest.hexdigest()}


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write an archive beside its target, read it back whole, and only then give it its name.

    Raises:
        ArchiveDamaged: What was read back is not what was written (a full or failing disk).
    """
    half_done = target.with_name(target.name + ".part")
    try:
        with half_done.open("wb") as file:
            half_done.chmod(0o600)
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar)
                yield writer
                text = {"format": FORMAT, "facts": writer.manifest.facts, "parts": writer.manifest.parts}
                _add_bytes(tar, MANIFEST, json.dumps(text, ensure_ascii=False, indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        verify(half_done)
        half_done.replace(target)
    finally:
        half_done.unlink(missing_ok=True)


def verify(path: Path) -> Manifest:
    """Read the whole archive and compare every part with the manifest.

    Raises:
        ArchiveDamaged: Something is missing, added, cut off or changed.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest = None
    with _opened(path) as tar:
        for entry, content in _entries(tar):
            if entry.name == MANIFEST:
                manifest = _read_manifest(content)
                continue
            digest = hashlib.file_digest(content, "sha256")  # type: ignore[arg-type]
            found[entry.name] = {"size": entry.size, "sha256": digest.hexdigest()}
    if manifest is None:
        raise ArchiveDamaged(
            f"{path.name} không có bảng kê: tệp bị cắt cụt hoặc không phải bản sao lưu của Liên Thông."
        )
    different = sorted(
        name for name in found.keys() | manifest.parts.keys() if found.get(name) != manifest.parts.get(name)
    )
    if different:
        raise ArchiveDamaged(
            f"{path.name} bị hỏng: {len(different)} phần không khớp bảng kê, trước hết là {different[0]}."
        )
    return manifest


def take_out(path: Path, target_of: Callable[[str], Path | None]) -> None:
    """Copy parts out of a verified archive.

    Args:
        path: The archive.
        target_of: Where a part goes; None leaves it. A file appears under its name only when it is whole.
    """
    with _opened(path) as tar:
        for entry, content in _entries(tar):
            target = target_of(entry.name) if entry.name != MANIFEST else None
            if target is None:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            half_done = target.with_name(f".{target.name}.part")
            with half_done.open("wb") as file:
                half_done.chmod(0o600)
                shutil.copyfileobj(content, file)
                file.flush()
                os.fsync(file.fileno())
            half_done.replace(target)


class _Summing:
    """A file that sums what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except FileNotFoundError as trouble:
        raise ArchiveDamaged(f"Không có tệp {path}.") from trouble
    except (tarfile.TarError, EOFError) as trouble:
        raise ArchiveDamaged(f"{path.name} bị hỏng hoặc không phải tệp tar: {trouble}.") from trouble


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Yield plain files with relative names only; anything else does not come from us."""
    seen: set[str] = set()
    for entry in tar:
        name = PurePosixPath(entry.name)
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None or name.is_absolute() or ".." in name.parts or entry.name in seen:
            raise ArchiveDamaged(f"Bản sao lưu có phần không hợp lệ: {entry.name!r}.")
        seen.add(entry.name)
        yield entry, content


def _read_manifest(content: IO[bytes]) -> Manifest:
    try:
        text = json.loads(content.read())
        if text["format"] != FORMAT:
            raise ArchiveDamaged(
                f"Bản sao lưu thuộc định dạng {text['format']}, phiên bản này chỉ đọc định dạng {FORMAT}."
            )
        return Manifest(facts=text["facts"], parts=text["parts"])
    except (ValueError, KeyError, TypeError) as trouble:
        raise ArchiveDamaged("Bảng kê của bản sao lưu không đọc được.") from trouble


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    return entry


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_entry(name, len(content)), io.BytesIO(content))
