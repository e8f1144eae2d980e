"""Would a workbook unfold within measure, and which of its cells hold no value? Asked before it is unfolded.

An .xlsx file is a zip of XML: a few kilobytes can hold gigabytes, or two cells a million rows apart between which a
reader lays out every empty one. A formula that nobody has calculated and an error such as #N/A have no value to read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lienthong.verification.tables.labels import column_letters
from lienthong.verification.tables.refusals import DamagedFile, FileTooLarge

_MOST_BYTES = 4_000_000_000
_MOST_RATIO = 150
_RATIO_MATTERS_FROM = 100_000_000
_MOST_ENTRIES = 2_000
_MOST_CELLS = 60_000_000
_CHUNK = 8_000_000
# Written so that the search begins with plain letters: there are millions of cells.
_WIDE_PLACE = re.compile(rb"r=[\"']([A-Z]{2,})\d+[\"']")
_ROW = re.compile(rb"row [^>]*?\br=[\"'](\d+)[\"']")
_COLUMNS_OF_ONE_LETTER = 26
_ERROR = re.compile(rb"<(?:\w+:)?c\b[^>]*?\bt=[\"']e[\"'][^>]*>")
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ADDRESS = re.compile(rb"\br=[\"']([A-Z]+\d+)[\"']")
_MOST_NAMED = 5


@dataclass(slots=True)
class Valueless:
    """Cells of a sheet without a value: how many, and where the first ones are."""

    errors: int = 0
    uncalculated: int = 0
    examples: dict[str, list[str]] = field(default_factory=lambda: {"errors": [], "uncalculated": []})


def look_through(path: Path) -> dict[str, Valueless]:
    """Look through an .xlsx file.

    Returns:
        For each part of the archive that is a sheet ("xl/worksheets/sheet1.xml"), its cells without a value.

    Raises:
        FileTooLarge: It would unfold beyond measure; the sentence says which sheet, and where the stray cell is.
        DamagedFile: The archive is broken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(path, entries)
            sheets = [entry for entry in entries if entry.filename.startswith("xl/worksheets/") and entry.file_size]
            return {entry.filename: _look_at_sheet(path, archive, entry) for entry in sheets}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise DamagedFile(
            f"Tệp “{path.name}” bị hỏng hoặc chép chưa hết. Hãy chép lại hoặc mở bằng Excel và lưu lại."
        ) from broken


def check_unfolding(path: Path) -> None:
    """Refuse an archive (.ods) that would unfold beyond measure."""
    with zipfile.ZipFile(path) as archive:
        _check_sizes(path, archive.infolist())


def _check_sizes(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if (
        len(entries) > _MOST_ENTRIES
        or total > _MOST_BYTES
        or (total > _RATIO_MATTERS_FROM and total / packed > _MOST_RATIO)
    ):
        raise FileTooLarge(
            f"Tệp “{path.name}” bung ra {total // 1_000_000} MB từ {packed / 1_000_000:.1f} MB, lớn bất thường nên không "
            "mở. Hãy chép riêng bảng dữ liệu sang sổ Excel mới, hoặc xuất ra CSV hoặc Parquet."
        )


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give the XML in pieces that end between cells."""
    rest = b""
    with archive.open(entry) as part:
        while piece := part.read(_CHUNK):
            block = rest + piece
            cut = max(block.rfind(b"</c>"), block.rfind(b"</row>"), block.rfind(b":c>"), block.rfind(b":row>"))
            cut = block.find(b">", cut) + 1 if cut >= 0 else max(len(block) - 100_000, 0)
            yield block[:cut]
            rest = block[cut:]
    yield rest


def _look_at_sheet(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Valueless:
    found = Valueless()
    last_row = last_column = 0
    for block in _chunks(archive, entry):
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise FileTooLarge(
                f"Tệp “{path.name}” có phần khai báo lạ (DOCTYPE), không nhận. Hãy mở bằng Excel và lưu lại."
            )
        rows = _ROW.findall(block)
        last_row = max(last_row, max((int(row[:9]) for row in rows), default=0))
        # A row repeats the letters of the row before: the distinct ones are few.
        letters = set(_WIDE_PLACE.findall(block))
        last_column = max(last_column, max(map(_column_number, letters), default=_COLUMNS_OF_ONE_LETTER))
        if last_row * last_column > _MOST_CELLS:
            raise FileTooLarge(
                f"Một trang tính của “{path.name}” trải tới ô {column_letters(last_column - 1)}{last_row}, quá lớn để đọc. "
                "Thường do một ô lạc ở xa: hãy xóa các cột và dòng trống ngoài bảng rồi lưu lại."
            )
        _count(found, "errors", _ERROR.findall(block) if b't="e"' in block or b"t='e'" in block else [])
        _count(found, "uncalculated", _UNCALCULATED.findall(block) if b"<f" in block or b":f" in block else [])
    return found


def _count(found: Valueless, what: str, cells: list[bytes]) -> None:
    setattr(found, what, getattr(found, what) + len(cells))
    examples = found.examples[what]
    for cell in cells[: _MOST_NAMED - len(examples)]:
        if address := _ADDRESS.search(cell):
            examples.append(address[1].decode())


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number
