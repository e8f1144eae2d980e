"""Write verdicts as a table that people and programs read: XLSX or Parquet. Kết quả đối chiếu."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import xlsxwriter

from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.tables.long_sheet import write_long_sheet
from lienthong.verification.tables.refusals import ResultRefused

VERDICT_COLUMNS = tuple(f"{field}_verdict" for field in Field)
COLUMNS = ("rid", "status", "cccd", "probability", *VERDICT_COLUMNS, "explanation")
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
                write_long_sheet(results, path=draft, title="Kết quả", widths=_WIDTHS, shares=("probability",))
    except (OSError, pl.exceptions.PolarsError, xlsxwriter.exceptions.XlsxWriterException) as full:
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
