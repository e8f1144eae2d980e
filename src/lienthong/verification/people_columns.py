"""Columns of people read from this house's own tables by one COPY: what every source of ours gives."""

from __future__ import annotations

import io

import polars as pl
from django.db import connection

COLUMNS = (
    "record_id", "list_name", "number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "village",
    "household_id", "head_name",
)  # fmt: skip


def copied_frame(query: str) -> pl.DataFrame:
    """Run a ``COPY (…) TO STDOUT (FORMAT csv)`` whose rows have the columns above, and number the rows.

    Args:
        query: Written by us; it holds no value from outside.
    """
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece in copy:
            buffer.write(piece)
    if not buffer.tell():
        return pl.DataFrame(schema={"row_number": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)})
    buffer.seek(0)
    frame = pl.read_csv(buffer, has_header=False, new_columns=list(COLUMNS), infer_schema=False)
    return frame.with_columns(pl.col(pl.String).replace("", None)).select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("row_number"), pl.all()
    )
