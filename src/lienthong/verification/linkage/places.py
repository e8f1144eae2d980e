"""Communes by code of any date: a code of before the mergers stands for every commune that it went into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.hashing import distinct

UNKNOWN = -1
_MOST_SUCCESSORS = 3
Codes = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Places:
    """Which communes of today each code may mean.

    Attributes:
        successors: By code as written, the codes of today. A code that lives on in another commune means both.
    """

    successors: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, frame: pl.DataFrame | None) -> Places:
        """Read a map of communes with the columns ``old`` and ``new``; an old code may go into several."""
        successors: dict[str, tuple[str, ...]] = {}
        if frame is not None:
            for old, new in frame.select(pl.col("old", "new").cast(pl.String)).unique().sort("old", "new").iter_rows():
                if old and new:
                    successors[old] = (*successors.get(old, ()), new)
        return cls(successors)

    def number(self, column: pl.Series, known: list[str] | None = None) -> tuple[Codes, list[str]]:
        """Number the communes of the population; those of the map come too, so that every side means the same.

        Args:
            column: Codes of communes.
            known: Codes numbered before, so that parts of a population that are read apart agree on them.
        """
        codes, values = distinct(column)
        texts = [text.strip() for text in values.to_list()]
        known = known or sorted(
            {text for text in texts if text} | {new for news in self.successors.values() for new in news}
        )
        numbers = {code: number for number, code in enumerate(known)}
        return np.array([numbers.get(text, UNKNOWN) for text in texts], np.int16)[codes], known

    def find(self, column: pl.Series, known: list[str]) -> list[Codes]:
        """Give up to three communes per row, -1 where there is none: the code's own commune and those it went into."""
        numbers = {code: number for number, code in enumerate(known)}
        codes, values = distinct(column)
        rows = []
        for text in values.str.strip_chars().to_list():
            meant = [text, *self.successors.get(text, ()), text.zfill(5), *self.successors.get(text.zfill(5), ())]
            found = [numbers[code] for code in dict.fromkeys(meant) if code in numbers][:_MOST_SUCCESSORS]
            rows.append(found + [UNKNOWN] * (_MOST_SUCCESSORS - len(found)))
        table = np.array(rows, np.int16).reshape(-1, _MOST_SUCCESSORS)
        return [table[codes, place] for place in range(_MOST_SUCCESSORS)]
