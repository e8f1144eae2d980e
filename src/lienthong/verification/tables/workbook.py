"""Workbooks (.xlsx, .xls, .ods): one sheet as text, exactly as it stands. Sổ Excel."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import python_calamine

from lienthong.verification.tables.file_kind import FileKind
from lienthong.verification.tables.refusals import (
    DamagedFile,
    EmptyFile,
    FileTooLarge,
    NotATable,
    ProtectedFile,
    SheetMissing,
)
from lienthong.verification.tables.table import ROW_NUMBER, Grid
from lienthong.verification.tables.workbook_safety import Valueless, check_unfolding, look_through

_BATCH = 20_000
_MOST_COLUMNS = 1_000
_EXACT_UP_TO = 2**53
_MIDNIGHT = time.min
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(Id|Target|r:id|name)=[\"']([^\"']*)[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")


def read_workbook(path: Path, *, kind: FileKind, sheet: str | None = None) -> Grid:
    """Read one sheet of a workbook.

    Args:
        path: The file.
        kind: What it was found to be.
        sheet: Name of the sheet; the one with the most rows and columns when None.

    Raises:
        SheetMissing: There is no sheet of that name.
        EmptyFile: No sheet holds anything.
        ProtectedFile: A password locks it.
        FileTooLarge: It would unfold beyond measure.
        DamagedFile: It cannot be read to the end.
    """
    valueless = look_through(path) if kind is FileKind.XLSX else {}
    if kind is FileKind.ODS:
        check_unfolding(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            sheets = _sheets(book)
            chosen = _choose(path, sheets, sheet)
            grid = _read_sheet(chosen)
    except python_calamine.PasswordError as locked:
        raise ProtectedFile(
            f"Tệp “{path.name}” được đặt mật khẩu nên không đọc được. Hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại."
        ) from locked
    except (EmptyFile, SheetMissing, FileTooLarge, NotATable, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as broken:  # the reader's panics are no Exception
        raise DamagedFile(
            f"Tệp “{path.name}” không đọc được đến hết. Hãy mở bằng Excel và lưu lại thành “Excel Workbook (.xlsx)”."
        ) from broken
    notices = [*_other_sheets(sheets, chosen), *_without_value(path, chosen.name, valueless)]
    return Grid(grid.frame, grid.merges, (), tuple(notices), f"{kind}, trang tính “{chosen.name}”")


def _sheets(book: Any) -> list[Any]:
    return [
        book.get_sheet_by_name(about.name)
        for about in book.sheets_metadata
        if about.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]


def _choose(path: Path, sheets: list[Any], name: str | None) -> Any:
    filled = [sheet for sheet in sheets if sheet.start is not None]
    names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
    if name is not None:
        for sheet in sheets:
            if sheet.name.strip().casefold() == name.strip().casefold():
                if sheet.start is None:
                    raise EmptyFile(f"Trang tính “{sheet.name}” trống. Các trang của tệp: {names}.")
                return sheet
        raise SheetMissing(f"Tệp “{path.name}” không có trang tính “{name}”. Các trang của tệp: {names}.")
    if not filled:
        raise EmptyFile(f"Mọi trang tính của “{path.name}” đều trống ({names}). Hãy xuất lại từ phần mềm gốc.")
    # Of two equally full sheets the first one is meant.
    return max(filled, key=lambda sheet: sheet.height * sheet.width)


def _other_sheets(sheets: list[Any], chosen: Any) -> list[str]:
    others = [f"“{sheet.name}” ({sheet.height} dòng)" for sheet in sheets if sheet.start and sheet.name != chosen.name]
    if not others:
        return []
    sentence = (
        f"Chỉ đọc trang tính “{chosen.name}”. Chưa đọc: {', '.join(others)}; nếu cần, hãy chỉ rõ trang tính hoặc gộp vào "
        "một trang."
    )
    return [sentence]


def _read_sheet(sheet: Any) -> Grid:
    first_row, first_column = sheet.start
    width = sheet.end[1] - first_column + 1
    if width > _MOST_COLUMNS:
        raise FileTooLarge(
            f"Trang tính “{sheet.name}” có {width} cột, tối đa {_MOST_COLUMNS}. Hãy chỉ giữ các cột cần đối chiếu."
        )
    names = [f"c{place}" for place in range(first_column + width)]
    parts = []
    for rows in _batches(islice(sheet.iter_rows(), first_row, None)):
        columns: dict[str, list[str | None]] = dict.fromkeys(names[:first_column], [None] * len(rows))
        columns |= {
            name: [_text(value) for value in column]
            for name, column in zip(names[first_column:], zip(*rows, strict=True), strict=True)
        }
        parts.append(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)))
    frame = pl.concat(parts).with_columns(
        pl.int_range(first_row + 1, pl.len() + first_row + 1, dtype=pl.Int64).alias(ROW_NUMBER)
    )
    merges = tuple(
        (top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Grid(_filled_down(frame, merges), merges)


def _batches(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _text(value: Any) -> str | None:
    """Write a cell as text without losing a digit."""
    kind = type(value)
    if kind is str:
        return value or None
    if kind is float:
        return str(int(value)) if value.is_integer() and abs(value) <= _EXACT_UP_TO else repr(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is datetime and value.time() == _MIDNIGHT:
        return str(value.date().isoformat())
    if kind in {datetime, date, time}:
        return str(value.isoformat())
    return str(value)


def _filled_down(frame: pl.DataFrame, merges: tuple[tuple[int, int, int, int], ...]) -> pl.DataFrame:
    """Give every row of a vertically merged cell its value, as one reads it: a household code over its members."""
    if not merges:
        return frame
    first_row = frame.item(0, ROW_NUMBER)
    by_column: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, right in merges:
        if bottom > top and left == right and f"c{left}" in frame.columns:
            by_column.setdefault(left, []).append((top - first_row, bottom - first_row))
    for column, spans in by_column.items():
        values = frame[f"c{column}"].to_list()
        for top, bottom in spans:
            if 0 <= top < len(values):
                for row in range(top + 1, min(bottom, len(values) - 1) + 1):
                    values[row] = values[row] or values[top]
        frame = frame.with_columns(pl.Series(f"c{column}", values, dtype=pl.String))
    return frame


def _without_value(path: Path, name: str, valueless: dict[str, Valueless]) -> list[str]:
    """Say which cells of the sheet were read as empty because no value stands in them."""
    found = valueless.get(_part_of(path, name), Valueless()) if valueless else Valueless()
    sentences = []
    if found.errors:
        sentences.append(
            f"{found.errors} ô báo lỗi Excel như #N/A, #REF! (ví dụ {', '.join(found.examples['errors'])}) được coi là "
            "trống. Hãy sửa công thức trong tệp gốc."
        )
    if found.uncalculated:
        sentences.append(
            f"{found.uncalculated} ô công thức chưa được tính (ví dụ {', '.join(found.examples['uncalculated'])}) được "
            "coi là trống. Hãy mở bằng Excel, lưu lại rồi gửi."
        )
    return sentences


def _part_of(path: Path, name: str) -> str:
    """Return the part of the archive that holds a sheet, by the workbook's own list."""
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
        relations = (
            archive.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in archive.namelist() else b""
        )
    targets = {
        found.get(b"Id", b""): found.get(b"Target", b"")
        for found in (dict(_ATTRIBUTE.findall(tag)) for tag in _RELATION.findall(relations))
    }
    for tag in _SHEET.findall(book):
        found = dict(_ATTRIBUTE.findall(tag))
        if html.unescape(found.get(b"name", b"").decode("utf-8", "replace")) == name or len(targets) == 1:
            target = targets.get(found.get(b"r:id", b""), b"").decode()
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return ""
