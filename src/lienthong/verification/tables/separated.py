"""Comma, semicolon and tab separated text, row by row accounted for. Tệp CSV, TSV."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from lienthong.verification.tables.refusals import FileTooLarge, UnclosedQuote
from lienthong.verification.tables.table import ROW_NUMBER, Grid, SkippedRows
from lienthong.verification.tables.text_encoding import Utf8Text, as_utf8

if TYPE_CHECKING:
    from _csv import Reader

_SEPARATORS = {",": "phẩy", ";": "chấm phẩy", "\t": "tab", "|": "gạch đứng"}
_SAMPLE_LINES = 300
_SAMPLE_BYTES = 1_000_000
_BATCH = 20_000
_LONGEST_RECORD = 50
_MOST_COLUMNS = 1_000


def read_separated(path: Path) -> Grid:
    """Read a separated text file.

    Raises:
        NotATable: It is no text.
        UnclosedQuote: A quotation mark opens and never closes.
        FileTooLarge: A cell or the number of columns is beyond measure.
    """
    with as_utf8(path) as text:
        lines, declared = _sample(text.path)
        separator = declared or _separator_of(lines)
        width = _width_of(lines, separator)
        if width > _MOST_COLUMNS:
            raise FileTooLarge(
                f"Tệp có {width} cột, tối đa {_MOST_COLUMNS}. Hãy chỉ giữ các cột cần đối chiếu rồi xuất lại."
            )
        grid = _fast(text, separator, width) or _careful(text, separator, width)
    if declared:
        first = SkippedRows(1, 1, "dòng khai báo dấu phân cách (sep=)")
        grid = Grid(
            grid.frame.filter(pl.col(ROW_NUMBER) > 1), (), (first, *grid.skipped), grid.notices, grid.source
        )  # fmt: skip
    source = f"CSV, {text.encoding}, dấu phân cách {_SEPARATORS.get(separator, separator)}"
    return Grid(grid.frame, (), grid.skipped, (*text.notices, *grid.notices), source)


def _sample(path: Path) -> tuple[list[str], str]:
    """Return the first lines, and the separator that Excel's own first line declares."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        lines = file.read(_SAMPLE_BYTES).splitlines(keepends=True)
    first = lines[0].strip().strip('"').lower() if lines else ""
    declared = first[4] if first.startswith("sep=") and len(first) == 5 else ""
    return lines[bool(declared) :][:_SAMPLE_LINES], declared


def _separator_of(lines: list[str]) -> str:
    """Choose the separator that cuts most lines into the same number of parts, and into the most."""
    best, best_worth = ",", 0.0
    for separator in _SEPARATORS:
        widths = [width for width in _widths(lines, separator) if width]
        width, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
        worth = times / len(widths) * width if width > 1 else 0.0
        if worth > best_worth:
            best, best_worth = separator, worth
    # A list of one column: a separator that occurs nowhere leaves its lines whole.
    return best if best_worth else next((one for one in "\t|;" if not any(one in line for line in lines)), ",")


def _widths(lines: list[str], separator: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return []


def _width_of(lines: list[str], separator: str) -> int:
    widths = Counter(width for width in _widths(lines, separator) if width)
    if not widths:
        return max((line.count(separator) + 1 for line in lines), default=1)
    # A line that is longer than most by a few empty cells is usual at the head; one that is longer than all is a slip.
    usual, times = widths.most_common(1)[0]
    return max(width for width, count in widths.items() if width <= usual or count > max(2, times // 20))


def _fast(text: Utf8Text, separator: str, width: int) -> Grid | None:
    """Read with polars, and keep that only where row and line number are proved the same."""
    schema = {f"c{place}": pl.String for place in range(width)}
    try:
        frame = pl.read_csv(
            text.path, has_header=False, schema=schema, separator=separator, quote_char='"' if text.quotes else None,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, OSError):
        return None
    if frame.height != text.lines:
        return None
    return Grid(frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW_NUMBER)))


def _careful(text: Utf8Text, separator: str, width: int) -> Grid:
    """Read record by record: texts over several lines, rows that are too long, marks that never close."""
    records = _Records(separator, width)
    parts: list[pl.DataFrame] = []
    with text.path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        reader = csv.reader(file, delimiter=separator)
        while records.take(reader):
            columns = {f"c{place}": [row[place] for row in records.rows] for place in range(width)}
            frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
            parts.append(frame.with_columns(pl.Series(ROW_NUMBER, records.numbers, dtype=pl.Int64)))
    if text.quotes % 2 and records.last_begins < reader.line_num:
        raise _unclosed(records.last_begins)
    empty = pl.DataFrame(schema={**{f"c{place}": pl.String for place in range(width)}, ROW_NUMBER: pl.Int64})
    return Grid(pl.concat(parts) if parts else empty, skipped=tuple(records.skipped))


class _Records:
    """Takes records from a reader, a batch at a time."""

    def __init__(self, separator: str, width: int) -> None:
        self._separator, self._width = separator, width
        self.rows: list[list[str | None]] = []
        self.numbers: list[int] = []
        self.skipped: list[SkippedRows] = []
        self.last_begins = 1

    def take(self, reader: Reader) -> bool:
        """Fill ``rows`` and ``numbers`` with the next batch; say whether there was one."""
        self.rows, self.numbers = [], []
        begins, taken = reader.line_num + 1, 0
        try:
            for record in islice(reader, _BATCH):
                taken += 1
                self._sort_in(record, begins, reader.line_num)
                self.last_begins, begins = begins, reader.line_num + 1
        except csv.Error as unreadable:
            raise _unclosed(begins) from unreadable
        return taken > 0

    def _sort_in(self, record: list[str], begins: int, ends: int) -> None:
        if ends > begins:
            # A cell that holds as many separators as a row has swallowed rows.
            swallows = max(2, self._width - 1)
            if ends - begins >= _LONGEST_RECORD or any(cell.count(self._separator) >= swallows for cell in record):
                raise _unclosed(begins)
        if any(record[self._width :]):
            reason = f"thừa cột ({len(record)} ô, bảng có {self._width} cột); kiểm tra dấu phân cách nằm trong nội dung"
            self.skipped.append(SkippedRows(begins, ends, reason))
            return
        self.rows.append([*record[: self._width], *[None] * (self._width - len(record))])
        self.numbers.append(begins)


def _unclosed(line: int) -> UnclosedQuote:
    return UnclosedQuote(
        f'Dòng {line} mở dấu nháy kép (") mà không đóng, hoặc có ô dài quá 131.072 ký tự, nên không biết dòng nào '
        "kết thúc ở đâu. Hãy sửa dòng ấy, hoặc mở bằng Excel và lưu thành .xlsx."
    )
