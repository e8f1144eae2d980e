"""Is a workbook what it says, and would it unfold within measure? Asked before anything is unfolded for good.

An .xlsx file is a zip of XML. A few kilobytes can hold gigabytes, or two cells a million rows apart, between which a reader
lays out every empty one.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from itertools import pairwise

from django.utils.translation import gettext as _

from lienthong.catalogue.files.reading import UnreadableFile

_MOST_BYTES = 60_000_000
_MOST_ENTRIES = 500
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 50_000, 200, 500_000
_MOST_TEXT = 2_000_000_000
_PLACE = re.compile(rb"<(?:\w+:)?(?:row|c|dimension)\b[^>]*?\b(?:r|ref)=[\"'](?:[A-Z]+\d+:)?([A-Z]*)(\d+)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")


def look_through(content: bytes) -> None:
    """Refuse a file that is not a workbook or does not stay within measure.

    Raises:
        UnreadableFile: With what to do instead.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _look_at_entries(archive)
            longest, cells = 0, 0
            for entry in archive.infolist():
                # Reading to the declared end also proves the declared size: the check sum would not fit otherwise.
                data = archive.read(entry)
                _look_at_xml(data)
                cells += len(_CELL.findall(data))
                starts = [match.start() for match in _TEXT.finditer(data)]
                longest = max([longest, *(end - start for start, end in pairwise([*starts, len(data)]))])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise UnreadableFile(
            _("Tệp không phải tệp Excel (.xlsx) hoặc đã hỏng. Hãy mở bằng Excel và lưu lại.")
        ) from broken
    if cells > _MOST_CELLS or longest * cells > _MOST_TEXT:
        _too_large()


def _look_at_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
        raise UnreadableFile(_("Tệp không phải tệp Excel (.xlsx). Hãy lưu lại bằng Excel với loại “Excel Workbook”."))
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        _too_large()


def _look_at_xml(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableFile(_("Tệp có phần khai báo lạ (DOCTYPE), không nhận được. Hãy mở bằng Excel và lưu lại."))
    for column, row in _PLACE.findall(data):
        if int(row[:12]) > _MOST_ROWS or _column_number(column) > _MOST_COLUMNS:
            _too_large()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8]:
        number = number * 26 + letter - 64
    return number


def _too_large() -> None:
    raise UnreadableFile(
        _("Tệp bung ra quá lớn (tối đa %(rows)s dòng, %(columns)s cột mỗi trang). Hãy chia thành nhiều tệp, xóa các dòng và cột trống.")
        % {"rows": _MOST_ROWS, "columns": _MOST_COLUMNS}
    )  # fmt: skip
