"""Rows of whole numbers out of PostgreSQL straight into columns: a binary COPY, read in pieces.

Every column has one width and is never NULL, so that each row takes as many bytes as the next and none is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db import connection

_HEAD: Final = 19  # the signature, the flags and the length of an extension that there is not
_TRAILER: Final = b"\xff\xff"
_PIECE: Final = 4 << 20
WIDTHS: Final[Mapping[str, str]] = {"int2": ">i2", "int4": ">i4", "int8": ">i8"}


def copied_columns(query: str, columns: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """Run a query and return its columns.

    Args:
        query: Written by us; it holds no value from outside. Each column is cast to its type and never NULL.
        columns: Type of each column in order: ``int2``, ``int4`` or ``int8``.

    Returns:
        The columns by name, in the byte order of this machine.
    """
    row = np.dtype(
        [("fields", ">i2")]
        + [field for name, width in columns.items() for field in ((f"{name}_bytes", ">i4"), (name, WIDTHS[width]))]
    )
    found: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in columns}
    for piece in _pieces(f"COPY ({query}) TO STDOUT (FORMAT binary)", row.itemsize):
        rows = np.frombuffer(piece, dtype=row)
        for name, parts in found.items():
            parts.append(rows[name].astype(row[name].newbyteorder("=")))
    return {
        name: np.concatenate(parts) if parts else np.zeros(0, dtype=row[name].newbyteorder("="))
        for name, parts in found.items()
    }


def _pieces(statement: str, width: int) -> Iterator[bytes]:
    """Give whole rows, some megabytes at a time."""
    kept = bytearray()
    is_first = True
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for data in copy:
            kept += data
            if len(kept) < _PIECE:
                continue
            start = _HEAD if is_first else 0
            whole = (len(kept) - start) // width * width
            yield bytes(kept[start : start + whole])
            del kept[: start + whole]
            is_first = False
    rest = bytes(kept[_HEAD if is_first else 0 :])
    if rest[-len(_TRAILER) :] == _TRAILER:
        rest = rest[: -len(_TRAILER)]
    if rest:
        yield rest
