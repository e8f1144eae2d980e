"""Find the head of a grid and the rows that are no records: titles, numbering, totals, signatures. Dòng tiêu đề."""

from __future__ import annotations

import re

import polars as pl

from lienthong.verification.tables.head_rows import Head, cells_of, find_head
from lienthong.verification.tables.labels import column_letters, key_of_label, made_unique
from lienthong.verification.tables.refusals import EmptyFile
from lienthong.verification.tables.table import ROW_NUMBER, Grid, SkippedRows, Table, in_ranges, with_blanks_emptied

_PREVIEW_ROWS = 40
_TAIL_ROWS = 40
_TOTAL = re.compile(
    r"^(tổng|tổng cộng|tổng số|cộng|tong cong|tong so|cộng trang|mang sang|lũy kế)"
    r"(\s*[:.]|\s*\(?\d|\s+(người|hộ|đối tượng|số|cả|chung|toàn)\b|\s*$)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(người lập|người tổng hợp|thủ trưởng|chủ tịch|\(ký|ký tên|ký, ghi rõ|ngày\s*[….\d ]+\s*tháng\s*[….\d ]+\s*năm|"
    r"nơi nhận|ấn định danh sách|danh sách (này )?(có|gồm)|nguoi lap bieu|kế toán|t/m |tm\. |kt\. )",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d{9}")


def under_heads(grid: Grid, *, name: str) -> Table:
    """Put a grid under its heads.

    Args:
        grid: The file as it stands.
        name: Its name, for the sentences.

    Raises:
        EmptyFile: Nothing but a head and titles is in it.
    """
    columns = [column for column in grid.frame.columns if column != ROW_NUMBER]
    frame = with_blanks_emptied(grid.frame, columns=columns)
    is_blank = pl.all_horizontal(pl.col(columns).is_null())
    blank = frame.filter(is_blank)[ROW_NUMBER].to_list()
    frame = frame.filter(~is_blank) if blank else frame
    if not frame.height:
        raise EmptyFile(f"Tệp “{name}” không có dòng nào có nội dung. Hãy xuất lại từ phần mềm gốc.")
    rows = cells_of(frame.head(_PREVIEW_ROWS), columns)
    numbers = frame[ROW_NUMBER].head(_PREVIEW_ROWS).to_list()
    head = find_head(rows, numbers, grid.merges)
    body = frame.slice(head.ends)
    skipped = [*grid.skipped, *in_ranges(blank, "dòng trống"), *_above(head, numbers)]
    body, more = _without_furniture(body, columns, head)
    skipped += more
    if not body.height:
        raise EmptyFile(f"Tệp “{name}” chỉ có tiêu đề, không có dòng dữ liệu nào. Hãy xuất lại từ phần mềm gốc.")
    table = _named(grid, body, columns, head)
    skipped.sort(key=lambda rows: rows.first)
    in_file = grid.frame.height + sum(one.count for one in grid.skipped)
    return Table(
        table.frame, table.heads, tuple(skipped), in_file, grid.source, (*grid.notices, *table.notices),
        table.merged_heads,
    )  # fmt: skip


def _above(head: Head, numbers: list[int]) -> list[SkippedRows]:
    return [
        *in_ranges(numbers[: head.starts], "dòng tên bảng, phía trên tiêu đề"),
        *in_ranges(numbers[head.starts : head.labels_end], "dòng tiêu đề cột"),
        *in_ranges(numbers[head.labels_end : head.ends], "dòng đánh số cột"),
    ]


def _without_furniture(body: pl.DataFrame, columns: list[str], head: Head) -> tuple[pl.DataFrame, list[SkippedRows]]:
    """Take out heads that each printed page repeats, and what stands below the last record."""
    skipped: list[SkippedRows] = []
    if head.rows:
        again = pl.lit(value=False)
        for row in head.rows:
            named = [(column, text) for column, text in zip(columns, row, strict=True) if text]
            if len(named) >= 2:
                same = pl.sum_horizontal(
                    (pl.col(column).str.strip_chars() == text.strip()).fill_null(value=False) for column, text in named
                )
                again = again | (same >= max(2, round(0.6 * len(named))))
        repeated = body.filter(again)
        if repeated.height:
            skipped += in_ranges(repeated[ROW_NUMBER].to_list(), "dòng tiêu đề lặp lại")
            body = body.filter(~again)
    tail = cells_of(body.tail(_TAIL_ROWS), columns)
    kept, reasons = _end_of_records(tail)
    if kept < len(tail):
        numbers = body[ROW_NUMBER].tail(len(tail)).to_list()[kept:]
        for number, reason in zip(numbers, reasons, strict=True):
            skipped += in_ranges([number], reason)
        body = body.head(body.height - (len(tail) - kept))
    return body, skipped


def _end_of_records(tail: list[list[str | None]]) -> tuple[int, list[str]]:
    """Return how many rows of the end are records, and why each of the others is none."""
    width = max((sum(1 for cell in row if cell) for row in tail), default=0)
    for place, row in enumerate(tail):
        if _is_closing(row, width) and all(_is_sparse(later, width) for later in tail[place:]):
            reasons = ["dòng tổng cộng" if _is_total(later) else "dòng cuối bảng, chữ ký" for later in tail[place:]]
            return place, reasons
    return len(tail), []


def _is_closing(row: list[str | None], width: int) -> bool:
    return _is_sparse(row, width) and (_is_total(row) or any(cell and _CLOSING.search(cell) for cell in row))


def _is_total(row: list[str | None]) -> bool:
    first = next((cell for cell in row if cell), "")
    return bool(_TOTAL.match(first.strip()))


def _is_sparse(row: list[str | None], width: int) -> bool:
    filled = [cell for cell in row if cell]
    return len(filled) <= max(2, width // 2) and not any(_LONG_NUMBER.search(cell.replace(" ", "")) for cell in filled)


def _named(grid: Grid, body: pl.DataFrame, columns: list[str], head: Head) -> Table:
    """Name the columns; those without a name and without a value go."""
    filled = body.select(pl.col(columns).is_not_null().any()).row(0)
    kept = [place for place, some in enumerate(filled) if some or head.labels[place]]
    labels = made_unique([head.labels[place] or f"Cột {column_letters(place)}" for place in kept])
    frame = body.select(
        *(pl.col(columns[place]).alias(label) for place, label in zip(kept, labels, strict=True)), ROW_NUMBER
    )
    by_place = dict(zip(kept, labels, strict=True))
    merged = tuple(
        tuple(by_place[place] for place in group if place in by_place)
        for group in head.merged_groups
        if sum(place in by_place for place in group) > 1
    )
    notices = []
    if not head.rows:
        notices.append("Không thấy dòng tiêu đề; các cột được gọi theo chữ cái (Cột A, Cột B …) và đoán theo nội dung.")
    nameless = [f"“{label}”" for place, label in by_place.items() if head.rows and not key_of_label(head.labels[place])]
    if nameless:
        notices.append(f"Cột không có tên ở tiêu đề: {', '.join(nameless[:10])}.")
    return Table(frame, tuple(labels), (), 0, grid.source, tuple(notices), merged)
