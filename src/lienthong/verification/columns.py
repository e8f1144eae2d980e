"""Whole tables between polars and the database: COPY in both directions, and digests of rows."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import connection

_BYTES_AT_ONCE = 1 << 20


def copy_in(table: str, frame: pl.DataFrame) -> None:
    """Copy a frame to a table, its columns named as those of the table; null is nothing, an empty text is empty (in quotes)."""
    text = frame.write_csv(include_header=False, quote_style="necessary").encode()
    statement = f"COPY {table} ({', '.join(frame.columns)}) FROM STDIN (FORMAT csv)"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for start in range(0, len(text), _BYTES_AT_ONCE):
            copy.write(text[start : start + _BYTES_AT_ONCE])


def copy_out(query: str, parameters: Sequence[Any], columns: dict[str, Any]) -> pl.DataFrame:
    """Read a query as a frame.

    Args:
        query: A SELECT of as many columns as there are, with ``%s`` for parameters.
        parameters: Its values.
        columns: Name and type of each column; an empty text is read as null.
    """
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", parameters) as copy:
        for piece in copy:
            buffer.write(piece)
    if not buffer.tell():
        return pl.DataFrame(schema=columns)
    buffer.seek(0)
    read = pl.read_csv(buffer, has_header=False, new_columns=list(columns), infer_schema=False)
    return read.with_columns(pl.col(pl.String).replace("", None)).cast(pl.Schema(columns))


def digests(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return 32 hexadecimal digits for each row: the same digits for the same texts in these columns."""
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in columns]
    texts = frame.select(pl.concat_str(parts, separator="\x1f").alias("text"))["text"]
    return pl.Series("digest", [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts])
