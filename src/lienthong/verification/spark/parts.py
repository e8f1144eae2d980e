"""A register or a population as parts: rows of a Parquet file that one machine of the cluster reads by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.learnt import Learnt
from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population
from lienthong.verification.spark.preparing import prepare_entries, prepare_people

LARGEST_PART = 500_000  # rows; prepared in some ten seconds and half a gigabyte
FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """Rows ``first`` to ``first + length`` of a file."""

    file: Path
    first: int
    length: int

    def read(self) -> pl.DataFrame:
        """Read the rows."""
        return pl.scan_parquet(self.file).slice(self.first, self.length).collect()


def lay_out(table: pl.DataFrame | Path, *, file: Path) -> list[Part]:
    """Divide a table into parts.

    Args:
        table: The table, or the Parquet file that it is.
        file: Where a table that is in memory is written, so that every machine can read it.
    """
    if isinstance(table, pl.DataFrame):
        table.write_parquet(file)
        table = file
    rows = pl.scan_parquet(table).select(pl.len()).collect().item()
    length = max(1, min(LARGEST_PART, -(-rows // FEWEST_PARTS)))
    return [Part(table, first, min(length, rows - first)) for first in range(0, rows, length)] or [Part(table, 0, 0)]


def learn(spark: Any, parts: Sequence[Part], *, places: Places) -> Learnt:
    """Let every part of a population say what its names, communes and ethnicities are."""
    spread = spark.sparkContext.parallelize(parts, len(parts))
    return Learnt.together(spread.map(lambda part: Population.prepare(part.read(), places=places).learnt).collect())


def prepare_all(
    spark: Any, people: Sequence[Part], entries: Sequence[Part], *, places: Places, learnt: Learnt, folder: Path
) -> None:
    """Prepare every part on the machine that it falls to, into ``folder``/prepared_people and ``folder``/entries."""
    shared = spark.sparkContext.broadcast((places, learnt))
    for name in ("prepared_people", "entries"):
        (folder / name).mkdir(parents=True, exist_ok=True)

    def prepare(work: tuple[bool, Part]) -> None:
        is_people, part = work
        places, learnt = shared.value
        prepared = prepare_people if is_people else prepare_entries
        table = prepared(part.read(), first=part.first, places=places, learnt=learnt)
        kept = folder / ("prepared_people" if is_people else "entries") / f"{part.first:012}.parquet"
        # A part that is prepared twice, because a machine fell out, is the same part.
        table.write_parquet(kept.with_suffix(".part"))
        kept.with_suffix(".part").replace(kept)

    work = [*((True, part) for part in people), *((False, part) for part in entries)]
    spark.sparkContext.parallelize(work, len(work)).foreach(prepare)


def read_rows(spark: Any, parts: Sequence[Part], rows: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Bring some rows of a table here, as they were read, in the order of ``rows``, which must ascend."""
    bounds = np.searchsorted(rows, [part.first for part in parts] + [parts[-1].first + parts[-1].length])
    asked = [
        (part, rows[start:end] - part.first)
        for part, start, end in zip(parts, bounds, bounds[1:], strict=False)
        if end > start
    ]
    if not asked:
        return parts[0].read().head(0)
    found: Iterable[bytes] = spark.sparkContext.parallelize(asked, len(asked)).map(_rows_of).collect()
    return pl.concat(pl.read_ipc(frame) for frame in found)


def _rows_of(asked: tuple[Part, npt.NDArray[np.int64]]) -> bytes:
    part, rows = asked
    return part.read()[rows].write_ipc(None).getvalue()
