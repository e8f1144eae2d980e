"""What reading a file gives: text under heads, and an account of every row that is not in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from lienthong.verification.tables.labels import key_of_label

ROW_NUMBER = "row_number"
MOST_ROWS_NAMED = 5
_BLANKS = (" ", "\t", "\n", "\r", "\u00a0", "\u3000")


@dataclass(frozen=True, slots=True)
class SkippedRows:
    """Rows of the file, one after the other, that are no records, and why. Dòng bỏ qua."""

    first: int
    last: int
    reason: str

    @property
    def count(self) -> int:
        """How many rows."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        place = f"dòng {self.first}" if self.first == self.last else f"dòng {self.first}–{self.last}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A file before anybody knows which row is the head.

    Attributes:
        frame: Text columns ``c0``, ``c1`` …, and the 1-based row of the file in ``row_number``.
        merges: Merged cells as (first row, first column, last row, last column); rows 1-based, columns from 0.
        skipped: Rows that reading itself left out.
    """

    frame: pl.DataFrame
    merges: tuple[tuple[int, int, int, int], ...] = ()
    skipped: tuple[SkippedRows, ...] = ()
    notices: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows under heads. Bảng dữ liệu.

    Attributes:
        frame: One text column per head, named by it, and ``row_number``: the 1-based row of the file.
        heads: The names of the columns, in the order of the file; no name twice.
        skipped: Every row of the file that is not in ``frame``, and why.
        rows_in_file: Rows of the file, counting the head and what was skipped.
        source: What was read: "trang tính “Danh sách”", "CSV, UTF-8, dấu phân cách “;”".
        notices: Sentences about what a person should look at; nothing in them stops the work.
        merged_heads: Heads that one merged cell gave to neighbours, such as surname and given name under "Họ và tên".
    """

    frame: pl.DataFrame
    heads: tuple[str, ...]
    skipped: tuple[SkippedRows, ...]
    rows_in_file: int
    source: str
    notices: tuple[str, ...] = ()
    merged_heads: tuple[tuple[str, ...], ...] = ()

    @property
    def signature(self) -> str:
        """Mark of the head: the same for two files whose columns are named alike. Dấu nhận dạng tiêu đề."""
        return hashlib.sha256("\n".join(map(key_of_label, self.heads)).encode()).hexdigest()[:32]

    @property
    def rows_skipped(self) -> int:
        """How many rows of the file are no records."""
        return sum(rows.count for rows in self.skipped)


def with_blanks_emptied(frame: pl.DataFrame, *, columns: Sequence[str]) -> pl.DataFrame:
    """Read a cell of nothing but spaces as empty."""
    # Asking a million cells for their first letter is cheap, stripping them is not.
    doubtful = frame.select(
        ((pl.col(name) == "") | pl.any_horizontal(pl.col(name).str.starts_with(blank) for blank in _BLANKS)).any()
        for name in columns
    ).row(0)
    return frame.with_columns(
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name)
        for name, some in zip(columns, doubtful, strict=True)
        if some
    )


def in_ranges(rows: Iterable[int], reason: str) -> list[SkippedRows]:
    """Put row numbers, in rising order, together as ranges that share a reason."""
    ranges: list[SkippedRows] = []
    first = last = 0
    for row in rows:
        if first and row == last + 1:
            last = row
            continue
        if first:
            ranges.append(SkippedRows(first, last, reason))
        first = last = row
    if first:
        ranges.append(SkippedRows(first, last, reason))
    return ranges


def name_rows(rows: Sequence[int]) -> str:
    """Return "dòng 3, 8, 9 và 12 dòng khác"."""
    named = ", ".join(map(str, rows[:MOST_ROWS_NAMED]))
    rest = len(rows) - MOST_ROWS_NAMED
    return f"dòng {named}" + (f" và {rest} dòng khác" if rest > 0 else "")
