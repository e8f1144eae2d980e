"""Parquet files: every type as the text a person would write. Tệp Parquet."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lienthong.verification.tables.labels import made_unique
from lienthong.verification.tables.refusals import DamagedFile, EmptyFile, FileTooLarge
from lienthong.verification.tables.table import ROW_NUMBER, Table, with_blanks_emptied

_MOST_COLUMNS = 1_000


def read_parquet(path: Path) -> Table:
    """Read a Parquet file; its columns have names already, so that no head is looked for.

    Raises:
        DamagedFile: It breaks off.
        EmptyFile: It has no row or no column.
        FileTooLarge: It has more columns than any register.
    """
    try:
        scan = pl.scan_parquet(path, glob=False)
        schema = scan.collect_schema()
        if len(schema) > _MOST_COLUMNS:
            raise FileTooLarge(
                f"Tệp “{path.name}” có {len(schema)} cột, tối đa {_MOST_COLUMNS}. Hãy chỉ giữ các cột cần đối chiếu."
            )
        strange = [name for name, kind in schema.items() if kind.is_nested() or kind == pl.Object]
        kept = [name for name in schema.names() if name not in strange and name != ROW_NUMBER]
        heads = made_unique([" ".join(name.split()) or "Cột" for name in kept])
        columns = [_as_text(name, schema[name]).alias(head) for name, head in zip(kept, heads, strict=True)]
        frame = scan.select(columns).collect()
    except (pl.exceptions.PolarsError, OSError) as broken:
        raise DamagedFile(f"Tệp Parquet “{path.name}” không đọc được đến hết. Hãy chép hoặc xuất lại tệp.") from broken
    if not frame.height or not heads:
        raise EmptyFile(f"Tệp “{path.name}” không có dòng dữ liệu nào. Hãy xuất lại từ phần mềm gốc.")
    notices = [f"Bỏ qua cột nhiều tầng: {', '.join(f'“{name}”' for name in strange)}."] if strange else []
    numbered = with_blanks_emptied(frame, columns=heads).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW_NUMBER)
    )
    return Table(numbered, tuple(heads), (), frame.height, "Parquet", tuple(notices))


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Binary:
        return column.cast(pl.String, strict=False)
    if kind.is_float():
        # A file of numbers has its identifiers as 19056416560.0; nothing is gained by the point.
        whole = (column == column.round()) & (column.abs() <= 2**53)
        return (
            pl.when(column.is_nan())
            .then(None)
            .when(whole)
            .then(column.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(column.cast(pl.String))
        )
    if kind.is_decimal():
        text = column.cast(pl.String)
        return pl.when(text.str.contains(r"\.0+$")).then(text.str.replace(r"\.0+$", "")).otherwise(text)
    if isinstance(kind, pl.Datetime):
        midnight = column.dt.time() == pl.time(0, 0, 0)
        return (
            pl.when(midnight).then(column.dt.to_string("%Y-%m-%d")).otherwise(column.dt.to_string("%Y-%m-%dT%H:%M:%S"))
        )
    if kind == pl.Date:
        return column.dt.to_string("%Y-%m-%d")
    return column.cast(pl.String)
