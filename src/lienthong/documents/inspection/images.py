"""How many points a picture has, read from its head without drawing it."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from lienthong.documents.inspection.refusals import FileBroken, ImageTooLarge

# A sheet of A3 at 600 dots an inch has 70 million points, the best telephones take 108 million.
MAX_POINTS = 120_000_000
MAX_SIDE = 20_000

Size = tuple[int, int]
_MAX_SEGMENTS = 2_000
_MAX_PAGES = 500
_HEIC_HEAD_BYTES = 1 << 20
# Some programs write a little after the end.
_PNG_TAIL_BYTES = 4096


class _Unreadable(Exception):
    pass


def examine(sizes: Callable[[BinaryIO], Iterator[Size]]) -> Callable[[Path, str], None]:
    """Return a check that refuses a picture which says no size or an absurd one. ``sizes`` yields width and height."""

    def check(file: Path, name: str) -> None:
        with file.open("rb") as content:
            try:
                found = list(sizes(content))
            except (_Unreadable, struct.error, IndexError) as error:
                raise FileBroken(name) from error
        if not found:
            raise FileBroken(name)
        for width, height in found:
            if not width or not height:
                raise FileBroken(name)
            if max(width, height) > MAX_SIDE or width * height > MAX_POINTS:
                raise ImageTooLarge(name, width=width, height=height)

    return check


def png_sizes(content: BinaryIO) -> Iterator[Size]:
    """Read the size from the first chunk; a picture whose last one is not there was cut off."""
    head = content.read(24)
    content.seek(-min(_PNG_TAIL_BYTES, content.seek(0, os.SEEK_END)), os.SEEK_END)
    if head[12:16] != b"IHDR" or b"IEND" not in content.read():
        raise _Unreadable
    yield struct.unpack(">II", head[16:24])


def jpeg_sizes(content: BinaryIO) -> Iterator[Size]:
    """Walk the segments to the frame header."""
    content.seek(2)
    for _segment in range(_MAX_SEGMENTS):
        if content.read(1) != b"\xff":
            raise _Unreadable
        marker = b"\xff"
        while marker == b"\xff":
            marker = content.read(1)
        code = marker[0]
        if code in {0x01, *range(0xD0, 0xD8)}:
            continue
        if code in {0xD9, 0xDA}:
            raise _Unreadable
        (length,) = struct.unpack(">H", content.read(2))
        if 0xC0 <= code <= 0xCF and code not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">xHH", content.read(5))
            yield width, height
            return
        content.seek(length - 2, os.SEEK_CUR)
    raise _Unreadable


def tiff_sizes(content: BinaryIO) -> Iterator[Size]:
    """Read the size of every page."""
    order = "<" if content.read(4)[:2] == b"II" else ">"
    (offset,) = struct.unpack(f"{order}I", content.read(4))
    seen: set[int] = set()
    while offset:
        if offset in seen or len(seen) >= _MAX_PAGES:
            raise _Unreadable
        seen.add(offset)
        content.seek(offset)
        (entries,) = struct.unpack(f"{order}H", content.read(2))
        directory = content.read(entries * 12 + 4)
        yield _tiff_number(directory, order, entries, 256), _tiff_number(directory, order, entries, 257)
        (offset,) = struct.unpack(f"{order}I", directory[entries * 12 :])


def heic_sizes(content: BinaryIO) -> Iterator[Size]:
    """Read every image size that the head names: of the whole picture and of its tiles."""
    head = content.read(_HEIC_HEAD_BYTES)
    at = head.find(b"ispe")
    while at >= 0:
        yield struct.unpack(">II", head[at + 8 : at + 16])
        at = head.find(b"ispe", at + 4)


def _tiff_number(directory: bytes, order: str, entries: int, wanted: int) -> int:
    for start in range(0, entries * 12, 12):
        tag, kind = struct.unpack(f"{order}HH", directory[start : start + 4])
        if tag == wanted:
            (number,) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", directory, start + 8)
            return int(number)
    raise _Unreadable
