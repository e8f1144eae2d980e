"""Read a file of any kind as a table. Đọc tệp danh sách."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from lienthong.verification.tables.file_kind import FileKind, kind_by_name, kind_of
from lienthong.verification.tables.heads import under_heads
from lienthong.verification.tables.labels import column_letters
from lienthong.verification.tables.parquet import read_parquet
from lienthong.verification.tables.refusals import FileTooLarge, TableRefused
from lienthong.verification.tables.separated import read_separated
from lienthong.verification.tables.table import ROW_NUMBER, Table
from lienthong.verification.tables.workbook import read_workbook

LONGEST_CELL = 32_767


def read_table(path: Path, *, sheet: str | None = None, name: str | None = None) -> Table:
    """Read a register or population file: XLSX, XLS, ODS, CSV, TSV or Parquet.

    Đọc bảng.

    Args:
        path: Where it lies.
        sheet: The sheet of a workbook; the fullest one when None.
        name: What its sender called it, when it lies under another name.

    Raises:
        TableRefused: One subclass for each reason; the sentence says what, where and what to do.
    """
    try:
        kind, table = _read(path, sheet=sheet, name=name or path.name)
    except TableRefused as refusal:
        if name is None or path.name not in str(refusal):
            raise
        raise type(refusal)(str(refusal).replace(path.name, name)) from refusal
    claimed = kind_by_name(name or path.name)
    if claimed is not None and claimed is not kind:
        told = f"Tên tệp nói là {claimed} nhưng nội dung là {kind}; đã đọc theo nội dung."
        table = replace(table, notices=(told, *table.notices))
    return table


def _read(path: Path, *, sheet: str | None, name: str) -> tuple[FileKind, Table]:
    kind = kind_of(path)
    if kind is FileKind.PARQUET:
        table = read_parquet(path)
    else:
        grid = read_separated(path) if kind is FileKind.TEXT else read_workbook(path, kind=kind, sheet=sheet)
        table = under_heads(grid, name=name)
    _refuse_long_cells(table)
    return kind, table


def _refuse_long_cells(table: Table) -> None:
    bytes_long = table.frame.select(pl.col(head).str.len_bytes().max() for head in table.heads).row(0)
    for place, (head, most_bytes) in enumerate(zip(table.heads, bytes_long, strict=True)):
        if (most_bytes or 0) <= LONGEST_CELL:
            continue
        length = table.frame.select(pl.col(head).str.len_chars().max()).item()
        if length > LONGEST_CELL:
            row = table.frame.filter(pl.col(head).str.len_chars() == length).item(0, ROW_NUMBER)
            raise FileTooLarge(
                f"Ô ở cột “{head}” ({column_letters(place)}), dòng {row} dài {length} ký tự, tối đa {LONGEST_CELL}. "
                "Thường do thiếu dấu nháy đóng hoặc dán nhầm cả bảng vào một ô: hãy sửa ô ấy."
            )
