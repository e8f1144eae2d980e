"""Whether a DOCX or XLSX, which is an archive, is what it says and no bomb.

The table of contents is judged before anything is unpacked; what passes is then unpacked once, piece by piece, into
nothing, so that an archive which lies about its sizes is caught too.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lienthong.documents.inspection.refusals import CarriesProgram, FileBroken, FileLocked, HidesTooMuch

WORD_PART = "word/document.xml"
SHEET_PART = "xl/workbook.xml"

MAX_ENTRIES = 5_000
MAX_TABLE_BYTES = 1 << 20
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# Text of an office file packs to a tenth, a large empty sheet to a hundredth.
MAX_RATIO = 200
_RATIO_COUNTS_FROM = 1 << 20

_CHUNK = 1 << 20
_LOCAL_HEADER_BYTES = 30
_END_RECORD = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LONG_END_RECORD = struct.Struct("<4sQ2H2L4Q")
_LONG_LOCATOR_MARK = b"PK\x06\x07"
_LONG_LOCATOR_BYTES = 20
_ARCHIVES = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_EMBEDDED_OFFICE = (".docx", ".xlsx", ".pptx")
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def main_part(file: Path, name: str) -> str:
    """Return the part that makes the archive a document or a workbook, empty for any other archive.

    Raises:
        FileBroken: Its table of contents cannot be read.
        HidesTooMuch: Its table of contents alone is absurd.
    """
    names = {entry.filename for entry in _contents(file, name)}
    return next((part for part in (WORD_PART, SHEET_PART) if part in names), "")


def examine(file: Path, name: str) -> None:
    """Refuse an office file that is locked, carries macros, hides archives or unpacks to too much.

    Raises:
        FileRefused: See the subclasses.
    """
    entries = _contents(file, name)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FileLocked(name)
    if any(PurePosixPath(entry.filename).name.lower() == "vbaproject.bin" for entry in entries):
        raise CarriesProgram(name)
    _refuse_bombs(entries, size=file.stat().st_size, name=name)
    _unpack_into_nothing(file, entries, name=name)


def _contents(file: Path, name: str) -> list[zipfile.ZipInfo]:
    with file.open("rb") as content:
        entries, table_bytes = _end_record(content, name)
        if entries > MAX_ENTRIES or table_bytes > MAX_TABLE_BYTES:
            raise HidesTooMuch(name)
        try:
            with zipfile.ZipFile(content) as archive:
                return archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise FileBroken(name) from error


def _end_record(content: BinaryIO, name: str) -> tuple[int, int]:
    """Read how many entries the table of contents has and how long it is, before it is read into memory.

    A second, longer record may stand before the end; where it does, readers believe that one.
    """
    size = content.seek(0, 2)
    content.seek(max(0, size - _END_RECORD.size - 0xFFFF - _LONG_LOCATOR_BYTES - _LONG_END_RECORD.size))
    tail = content.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise FileBroken(name)
    _, _, _, _, entries, table_bytes, _, _ = _END_RECORD.unpack_from(tail, at)
    locator = at - _LONG_LOCATOR_BYTES
    if locator >= 0 and tail.startswith(_LONG_LOCATOR_MARK, locator):
        if locator < _LONG_END_RECORD.size:
            raise FileBroken(name)
        *_, entries, table_bytes, _ = _LONG_END_RECORD.unpack_from(tail, locator - _LONG_END_RECORD.size)
    return entries, table_bytes


def _refuse_bombs(entries: Iterable[zipfile.ZipInfo], *, size: int, name: str) -> None:
    unpacked = 0
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        unpacked += entry.file_size
        ratio = entry.file_size / max(entry.compress_size, 1)
        if unpacked > MAX_UNPACKED_BYTES or (entry.file_size > _RATIO_COUNTS_FROM and ratio > MAX_RATIO):
            raise HidesTooMuch(name)
        # Entries that share bytes unpack the same kernel again and again.
        if entry.header_offset < free_from or entry.compress_type not in _METHODS:
            raise HidesTooMuch(name)
        free_from = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
    if free_from > size:
        raise FileBroken(name)


def _unpack_into_nothing(file: Path, entries: Iterable[zipfile.ZipInfo], *, name: str) -> None:
    """Read every entry once: wrong sizes and wrong checksums show, and so do archives inside."""
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in entries:
                with archive.open(entry) as part:
                    head = part.read(_CHUNK)
                    if head.startswith(_ARCHIVES) and not _is_embedded_office(entry.filename):
                        raise HidesTooMuch(name)
                    while part.read(_CHUNK):
                        pass
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileBroken(name) from error


def _is_embedded_office(entry: str) -> bool:
    """A chart carries its workbook along: that is no archive in hiding."""
    path = PurePosixPath(entry)
    return "embeddings" in path.parts and path.suffix.lower() in _EMBEDDED_OFFICE
