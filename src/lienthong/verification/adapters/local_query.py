"""One person asked for in the copy of the population data that lies here."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lienthong.kernel.text import nfc
from lienthong.verification.adapters.local_copy import PEOPLE
from lienthong.verification.ports import SNAPSHOT, PopulationQuery

_NEW_LENGTH, _YEAR_LENGTH = 12, 4


class LocalQuery(PopulationQuery):
    """Answers from a copy, by one pass over its people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, *, number: str, full_name: str, birth_date: str, at_most: int) -> list[dict[str, str]]:
        """See the port. A question without anything in it finds nobody."""
        asked = []
        if number:
            asked.append(pl.col("number" if len(number) == _NEW_LENGTH else "old_number") == number)
        if full_name:
            asked.append(pl.col("full_name").str.normalize("NFC").str.to_lowercase() == nfc(full_name).lower())
        if birth_date:
            asked.append(_born(birth_date))
        if not asked:
            return []
        people = pl.scan_parquet(self.folder / PEOPLE)
        known = [name for name in SNAPSHOT if name in people.collect_schema().names()]
        rows = people.filter(*asked).select(known).head(at_most).collect()
        return [{name: value or "" for name, value in row.items()} for row in rows.iter_rows(named=True)]


def _born(birth_date: str) -> pl.Expr:
    born = pl.col("birth_date")
    if len(birth_date) == _YEAR_LENGTH:
        return born.str.starts_with(birth_date) | born.str.ends_with(birth_date)
    return born.is_in([birth_date, "".join(reversed(birth_date.split("/")))])
