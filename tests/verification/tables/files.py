"""Files as offices send them, made anew for each test."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from lienthong.verification.tables import Canonical, Table, TableKind, canonical_frame, guess_mapping, read_table
from lienthong.verification.tables.table import ROW_NUMBER

HEAD = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Dân tộc", "Xã/Phường", "Thôn"]
PEOPLE = [
    ["1", "Nông Thị Hạnh", "05/06/1961", "Nữ", "019161004321", "Tày", "Xã Bình Yên", "Thôn Nà Mỏ"],
    ["2", "Trần Văn Đức", "1958", "Nam", "019058000123", "Kinh", "Xã Bình Yên", "Thôn Nà Mỏ"],
    ["3", "Lý A Páo", "12/11/1990", "Nam", "", "Dao", "Xã Phú Đình", "Thôn Khuân Ca"],
]
Rows = Sequence[Sequence[Any]]


def workbook(path: Path, rows: Rows, *, merges: Sequence[str] = (), sheet: str = "Danh sách") -> Path:
    """Write rows as they are: text as text, numbers as numbers; a merge keeps the value of its first cell."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        page = book.add_worksheet(sheet)
        fill(page, rows)
        for merge in merges:
            first, last = merge.split(":")
            place = xlsxwriter.utility.xl_cell_to_rowcol(first)
            value = rows[place[0]][place[1]]
            page.merge_range(f"{first}:{last}", value)
    return path


def fill(page: Any, rows: Rows) -> None:
    """Write rows into a sheet."""
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            if value not in (None, ""):
                page.write(line, place, value)


def text_file(path: Path, rows: Rows, *, separator: str = ",", encoding: str = "utf-8", end: str = "\n") -> Path:
    """Write rows without quotation marks."""
    lines = (separator.join("" if cell is None else str(cell) for cell in row) + end for row in rows)
    path.write_bytes("".join(lines).encode(encoding))
    return path


def records(table: Table) -> list[list[str | None]]:
    """Return the rows of a table without their numbers."""
    return [list(row) for row in table.frame.drop(ROW_NUMBER).iter_rows()]


def register(path: Path, **given: Any) -> Canonical:
    """Read a file as a register, by guess and what is given."""
    table = read_table(path)
    return canonical_frame(table, guess_mapping(table, kind=TableKind.REGISTER, given=given or None).require(table))


def column(canonical: Canonical, name: str) -> list[Any]:
    """Return one of our columns."""
    return canonical.frame[name].to_list()
