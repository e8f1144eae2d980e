"""A copy of the population data that lies here: prepared once a month, compared in seconds.

The folder of a copy holds ``people.parquet`` (canonical columns), ``population`` (the engine's prepared index),
``places.parquet`` (old and new codes of communes) and ``digests.parquet`` (a digest for each person, by number), which
says what a later copy adds, changes and takes away. Bản sao dữ liệu dân cư.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lienthong.verification.linkage import Model, Places, Population, Register, affected_rows, link
from lienthong.verification.ports import ANSWER_SCHEMA, SNAPSHOT, Answer, PopulationPort, Progress, Since

PEOPLE, INDEX, PLACES, DIGESTS = "people.parquet", "population", "places.parquet", "digests.parquet"
_COMPARED = (
    "number", "old_number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "is_head",
    "life_status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """What a copy has that the one before had not. Phần thay đổi giữa hai bản sao."""

    added: int
    changed: int
    removed: int


def digests_of(people: pl.DataFrame) -> pl.DataFrame:
    """Return ``key`` and ``digest`` of each person: the number, or name and birth where there is none."""
    here = [name for name in _COMPARED if name in people.columns]
    whole = people.select(
        pl.coalesce("number", pl.concat_str("full_name", "birth_date", separator="|", ignore_nulls=True)).alias("key"),
        pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in here], separator="\x1f").alias("text"),
    )
    digests = [hashlib.blake2b(text.encode(), digest_size=12).digest() for text in whole["text"]]
    return whole.select(pl.col("key").fill_null("")).with_columns(pl.Series("digest", digests, dtype=pl.Binary))


def difference(now: pl.DataFrame, before: pl.DataFrame) -> Difference:
    """Say how many people one copy adds to, changes in and takes from the one before."""
    was, are = before.unique("key"), now.unique("key")
    common = are.join(was, on="key", suffix="_before")
    changed = common.filter(pl.col("digest") != pl.col("digest_before")).height
    return Difference(added=are.height - common.height, changed=changed, removed=was.height - common.height)


def changed_people(folder: Path, before: Path) -> NDArray[np.bool_]:
    """Tell for each person of a copy whether they are new or changed since another copy."""
    now, was = pl.read_parquet(folder / DIGESTS), pl.read_parquet(before / DIGESTS)
    same = now.join(was.unique(), on=["key", "digest"], how="left", maintain_order="left", coalesce=False)
    return same["key_right"].is_null().to_numpy()


class LocalCopy(PopulationPort):
    """Answers from a prepared copy."""

    def __init__(self, folder: Path, *, copies: Path) -> None:
        self.folder, self.copies = folder, copies

    def ask(self, register: pl.DataFrame, *, since: Since | None = None, progress: Progress | None = None) -> Answer:
        """See the port. Of what changed since, the engine itself says which records may come out otherwise."""
        if not register.height:
            return Answer(pl.DataFrame(schema=ANSWER_SCHEMA))
        places = Places.read(pl.read_parquet(self.folder / PLACES))
        population = Population.load(self.folder / INDEX)
        ready = Register.prepare(register, population=population, places=places)
        only, model = None, None
        if since is not None and since.model:
            model = Model.from_plain_data(since.model)
            only = self._affected(ready, population, model, since)
            if only is not None and not only.size:
                return Answer(pl.DataFrame(schema=ANSWER_SCHEMA), dict(since.model))
        before = since.verdicts if since is not None and only is not None else None
        linked = link(ready, population, only=only, previous=before, model=model, progress=progress)
        verdicts = linked.verdicts
        if only is not None:
            # The engine gives a row for every record; those that were not asked about are not answers.
            verdicts = verdicts.filter(pl.col("record_id").is_in(register["record_id"].gather(only).implode()))
        return Answer(self._with_people(verdicts), linked.model.as_plain_data(), list(linked.calibration))

    def _affected(
        self, ready: Register, population: Population, model: Model, since: Since
    ) -> NDArray[np.int64] | None:
        """Return the rows that may come out otherwise; None for all, where the copy of the last time is gone."""
        before = self.copies / since.copy_key
        if before == self.folder:
            people = np.zeros(population.number_of_rows, dtype=bool)
        elif (before / DIGESTS).exists():
            people = changed_people(self.folder, before)
        else:
            return None
        own = ready.record_ids.is_in(pl.Series(sorted(since.changed), dtype=pl.String).implode()).to_numpy()
        return affected_rows(
            ready, population, changed_people=people, previous=since.verdicts, model=model, changed_records=own
        )

    def _with_people(self, verdicts: pl.DataFrame) -> pl.DataFrame:
        people = pl.read_parquet(self.folder / PEOPLE)
        heads = people.filter(pl.col("is_head")).select("household_id", pl.col("full_name").alias("head_name"))
        wanted = verdicts.select(pl.col("population_row").cast(pl.Int64)).with_row_index("place")
        found = (
            wanted.filter(pl.col("population_row") >= 0)
            .join(people.with_row_index("population_row").with_columns(pl.col("population_row").cast(pl.Int64)),
                  on="population_row", how="left")
            .join(heads.unique("household_id", keep="first", maintain_order=True), on="household_id", how="left")
            .select("place", pl.struct([pl.col(name).cast(pl.String) for name in SNAPSHOT]).alias("snapshot"))
        )  # fmt: skip
        whole = verdicts.with_row_index("place").join(found, on="place", how="left", maintain_order="left")
        return whole.select([pl.col(name).cast(kind) for name, kind in ANSWER_SCHEMA.items()])
