"""Write verdicts as a table that people and programs read: XLSX or Parquet. Kết quả đối chiếu."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import xlsxwriter

from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.tables.refusals import ResultRefused

VERDICT_COLUMNS = tuple(f"{field}_verdict" for field in Field)
COLUMNS = ("rid", "status", "cccd", "probability", *VERDICT_COLUMNS, "explanation")
_MOST_ROWS_OF_A_SHEET = 1_048_575
_LONGEST_CELL = 32_767
_WIDTHS = {"rid": 14, "status": 20, "cccd": 16, "probability": 12, "explanation": 90}
_KINDS = (".xlsx", ".parquet")


def results_of(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return verdicts in the columns of a result: ``rid, status, cccd, probability``, the fields, ``explanation``."""
    absent = [column for column in VERDICT_COLUMNS if column not in verdicts.columns]
    return (
        verdicts.with_columns(pl.lit(None, dtype=pl.String).alias(column) for column in absent)
        .rename({"record_id": "rid", "number": "cccd"})
        .select(pl.col(column).cast(pl.Float64 if column == "probability" else pl.String) for column in COLUMNS)
    )


def check_writable(path: Path) -> None:
    """Refuse a name that nothing can be written under, before the work begins.

    Raises:
        ResultRefused: Its ending is none of ours, or its folder is missing or closed.
    """
    if path.suffix.lower() not in _KINDS:
        raise ResultRefused(f"Tệp kết quả “{path.name}” phải có đuôi .xlsx hoặc .parquet.")
    if not path.parent.is_dir():
        raise ResultRefused(f"Không có thư mục “{path.parent}” để ghi kết quả. Hãy tạo thư mục hoặc chọn nơi khác.")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ResultRefused(f"Không ghi được vào “{path}”. Hãy chọn nơi khác.")


def write_results(verdicts: pl.DataFrame, *, path: Path) -> None:
    """Write one row for each verdict; the file is there whole or not at all.

    Args:
        verdicts: What the engine gives.
        path: Where; its ending says which kind.

    Raises:
        ResultRefused: It cannot be written there.
    """
    check_writable(path)
    results = results_of(verdicts)
    try:
        with _beside(path) as draft:
            if path.suffix.lower() == ".parquet":
                results.write_parquet(draft)
            else:
                _write_xlsx(results, draft)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as full:
        raise ResultRefused(f"Không ghi được kết quả vào “{path}” ({full}). Hãy kiểm tra chỗ trống trên đĩa.") from full


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a name beside the file that becomes the file when nothing has failed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write_xlsx(results: pl.DataFrame, path: Path) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        text, share = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0.0000"})
        for number, start in enumerate(range(0, max(results.height, 1), _MOST_ROWS_OF_A_SHEET), start=1):
            sheet = book.add_worksheet("Kết quả" if number == 1 else f"Kết quả {number}")
            part = results.slice(start, _MOST_ROWS_OF_A_SHEET)
            for place, column in enumerate(COLUMNS):
                sheet.set_column(place, place, _WIDTHS.get(column, 18), share if column == "probability" else text)
                sheet.write_string(0, place, column, head)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, part.height, len(COLUMNS) - 1)
            _write_rows(sheet, part, text, share)


def _write_rows(sheet: xlsxwriter.worksheet.Worksheet, part: pl.DataFrame, text: object, share: object) -> None:
    probability = COLUMNS.index("probability")
    for line, row in enumerate(part.iter_rows(), start=1):
        for place, value in enumerate(row):
            if value is None:
                continue
            if place == probability:
                sheet.write_number(line, place, value, share)
            else:
                sheet.write_string(line, place, value[:_LONGEST_CELL], text)
