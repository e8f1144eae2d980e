"""Hashes of 64 bits over columns: how equal values, and equal combinations of values, are found fast.

Two different values of a few million share a hash once in some million runs, and a shared hash only proposes a pair.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.integer]

_FACTORS = tuple(
    map(np.uint64, (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB))
)


def scatter(values: Ints | Hashes) -> Hashes:
    """Spread whole numbers over 64 bits, each to one place."""
    spread = values.astype(np.uint64)
    spread ^= spread >> np.uint64(32)
    spread *= np.uint64(0xD6E8FEB86659FD93)
    spread ^= spread >> np.uint64(32)
    spread *= np.uint64(0xD6E8FEB86659FD93)
    spread ^= spread >> np.uint64(32)
    return spread


def combine(*columns: Ints | Hashes) -> Hashes:
    """Give one key per row over several columns, in their order: a sum with odd factors, which is quick and spreads well.

    Its high bits are as good as its low ones, and equal rows have equal keys on both sides.
    """
    combined = columns[0].astype(np.uint64) * _FACTORS[0]
    for column, factor in zip(columns[1:], _FACTORS[1:], strict=False):
        combined += column.astype(np.uint64) * factor
    return combined


def distinct_few(column: pl.Series) -> tuple[npt.NDArray[np.integer], list[str]]:
    """Find the different texts of a column that has few: per row the number of its text, and the texts in order."""
    filled = column.cast(pl.String).fill_null("")
    texts = filled.unique().sort()
    return filled.cast(pl.Enum(texts)).to_physical().to_numpy(), texts.to_list()


def sorted_distinct(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the different numbers in their order. Sorting is several times faster here than numpy's hash table."""
    ordered = np.sort(values)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


def are_in(values: npt.NDArray[np.int64], ordered: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say which values occur among others that are in order."""
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    found: npt.NDArray[np.bool_] = ordered[np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)] == values
    return found


class Distinct(NamedTuple):
    """The different values of a column, and which of them each row holds."""

    codes: npt.NDArray[np.int64]
    values: pl.Series


def distinct(column: pl.Series) -> Distinct:
    """Find the different texts of a column; null counts as empty. The order depends on the values alone."""
    filled = column.fill_null("")
    hashes, codes = np.unique(filled.hash(seed=1).to_numpy(), return_inverse=True)
    first = np.empty(len(hashes), np.int64)
    first[codes] = np.arange(len(codes))
    return Distinct(codes, filled.gather(first))


class Counts:
    """How many rows hold each value of a column, looked up by the values of another."""

    def __init__(self, values: Hashes | Ints, weights: npt.NDArray[np.float64] | None = None) -> None:
        self._values, places = np.unique(values, return_inverse=True)
        self._counts = np.bincount(places, weights=weights, minlength=len(self._values)).astype(np.float32)
        self._places = places.astype(np.int32)

    def at(self, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
        """Return the count of what these rows hold, of those that were counted."""
        counts: npt.NDArray[np.float32] = self._counts[self._places[rows]]
        return counts

    def of(self, wanted: Hashes | Ints) -> npt.NDArray[np.float32]:
        """Return the count of each wanted value; 0 where it does not occur."""
        if not len(self._values):
            return np.zeros(len(wanted), np.float32)
        # In order, neighbours are looked up where their neighbours were: five times as fast, the sorting included.
        order = np.argsort(wanted)
        ordered = wanted[order]
        place = np.minimum(np.searchsorted(self._values, ordered), len(self._values) - 1)
        found = np.empty(len(wanted), np.float32)
        found[order] = np.where(self._values[place] == ordered, self._counts[place], np.float32(0))
        return found


class SmallCounts:
    """The same for whole numbers of a narrow range: a table, and no sorting."""

    def __init__(self, values: Ints) -> None:
        self._lowest = int(values.min(initial=0))
        self._counts = np.bincount(values - self._lowest, minlength=1).astype(np.float32)

    def of(self, wanted: Ints) -> npt.NDArray[np.float32]:
        """Return the count of each wanted value; 0 where it does not occur."""
        place = wanted.astype(np.int64) - self._lowest
        inside = (place >= 0) & (place < len(self._counts))
        return np.where(inside, self._counts[np.where(inside, place, 0)], np.float32(0))
