"""Columns of few different values, read into small numbers: sex, ethnic group, household, yes and no."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.kernel.text import fold
from lienthong.verification.linkage.hashing import distinct, distinct_few

NONE = -1
MALE, FEMALE = 0, 1
_SEXES = {
    "nam": MALE,
    "trai": MALE,
    "male": MALE,
    "m": MALE,
    "nu": FEMALE,
    "gai": FEMALE,
    "female": FEMALE,
    "f": FEMALE,
}
DEAD = {"chet", "da chet", "da mat", "tu vong", "dead", "deceased"}
TRUE = {"true", "1", "co", "x", "chu ho"}


def read_sexes(column: pl.Series) -> npt.NDArray[np.int64]:
    """Read sexes as typed: 0 male, 1 female, -1 unknown."""
    return _numbered(column, _SEXES)


@dataclass(frozen=True, slots=True)
class _Folded:
    codes: npt.NDArray[np.integer]
    texts: list[str]


def _folded(column: pl.Series) -> _Folded:
    """Find the few different texts of a column, folded."""
    codes, texts = distinct_few(column)
    return _Folded(codes, [fold(text) for text in texts])


def _numbered(column: pl.Series, meaning: dict[str, int]) -> npt.NDArray[np.int64]:
    folded = _folded(column)
    meant: npt.NDArray[np.int64] = np.array([meaning.get(text, NONE) for text in folded.texts], np.int64)
    of_rows: npt.NDArray[Any] = meant[folded.codes]
    return of_rows


def read_flags(column: pl.Series, true: set[str]) -> npt.NDArray[np.bool_]:
    """Say which rows hold one of these words."""
    if column.dtype == pl.Boolean:
        return column.fill_null(value=False).to_numpy()
    folded = _folded(column)
    meant: npt.NDArray[np.bool_] = np.array([text in true for text in folded.texts], np.bool_)
    of_rows: npt.NDArray[Any] = meant[folded.codes]
    return of_rows


def read_ethnicities(column: pl.Series, known: list[str] | None) -> tuple[npt.NDArray[np.int16], list[str]]:
    """Number the ethnic groups, by the names that are known or that occur; -1 where none is given."""
    folded = _folded(column)
    names = [
        fold(_ethnic_aliases().get(" ".join(text.replace("'", " ").replace("-", " ").split()), text))
        for text in folded.texts
    ]
    known = sorted(set(names) - {""}) if known is None else known
    numbers = {name: number for number, name in enumerate(known)}
    return np.array([numbers.get(name, NONE) for name in names], np.int16)[folded.codes], known


@cache
def _ethnic_aliases() -> dict[str, str]:
    path = Path(__file__).parent / "data" / "ethnicities.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["alias"]: row["name"] for row in csv.DictReader(file)}


def read_households(column: pl.Series) -> npt.NDArray[np.int32]:
    """Number the households; -1 where none is given. Whole numbers that are dense stand for themselves."""
    numbers = column.cast(pl.Int64, strict=False)
    means_itself = column.dtype.is_integer() or not column.str.contains("^0.").any()
    if means_itself and numbers.null_count() == column.null_count():
        values = numbers.fill_null(NONE).to_numpy()
        if values.min(initial=0) >= NONE and values.max(initial=0) < 8 * len(values) + 1000:
            return values.astype(np.int32)
    codes, texts = distinct(column.cast(pl.String))
    return np.where((texts == "").to_numpy()[codes], NONE, codes).astype(np.int32)
