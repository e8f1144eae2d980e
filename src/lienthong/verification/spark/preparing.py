"""Prepared columns of a part of a register or of the population, as a table that Splink compares.

The engine's own reading (``linkage.sides``) does the work, part by part. What parts must share, so that a hash means the
same in all of them, is learnt in a first pass: the syllables of names, the communes, the ethnicities, the newest year.
"""

import numpy as np
import polars as pl

from lienthong.verification.linkage.learnt import Learnt
from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population, Register, Side
from lienthong.verification.spark.settings import NUMBER_DIGITS, OTHER_COMMUNES, RECORD

HOUSEHOLD = "household_id"
HEAD_COLUMNS = ("head_bag", "head_ends")

# Every column that levels and rules may ask for; both sides have all of them, because Splink lays them in one table.
SCHEMA: dict[str, type[pl.DataType]] = {
    RECORD: pl.Int64,
    "name_exact": pl.Int64, "name_bare": pl.Int64, "name_sound": pl.Int64, "name_bag": pl.Int64, "name_ends": pl.Int64,
    "given": pl.Int64, "surname": pl.Int64, "tokens": pl.Int64, "name_plain": pl.String,
    "year": pl.Int64, "short_year": pl.Int64, "decade": pl.Int64, "century": pl.Int64, "year_unit": pl.Int64,
    "turned_year": pl.Int64, "is_year_short": pl.Boolean, "month_day": pl.Int64, "month": pl.Int64, "day": pl.Int64,
    "day_count": pl.Int64, "birth_date": pl.Int64,
    "number": pl.Int64, "number_tail": pl.Int64, "number_text": pl.String, "old_number": pl.Int64,
    "sex": pl.Int64, "ethnicity": pl.Int64, "commune": pl.Int64, "commune_2": pl.Int64, "commune_3": pl.Int64,
    "head_bag": pl.Int64, "head_ends": pl.Int64, "is_head": pl.Boolean,
}  # fmt: skip

_AS_THEY_ARE = (
    "name_exact", "name_bare", "name_sound", "name_bag", "name_ends", "given", "surname", "tokens", "year", "short_year",
    "number", "number_tail", "old_number", "sex", "ethnicity", "commune", "head_bag", "head_ends",
)  # fmt: skip


def prepare_people(frame: pl.DataFrame, *, first: int, places: Places, learnt: Learnt) -> pl.DataFrame:
    """Prepare a part of the population.

    Heads of households are left out where the household may lie in several parts; the household itself is kept, so that
    they can be joined.

    Args:
        frame: The part, with the columns of ``Population.prepare``.
        first: Row of its first person in the whole.
        places: Which communes of today an old code means.
        learnt: What all parts share.
    """
    side = Population.prepare(frame, places=places, learnt=learnt)
    household = (
        frame[HOUSEHOLD].cast(pl.String)
        if HOUSEHOLD in frame.columns
        else pl.Series([None] * frame.height, dtype=pl.String)
    )
    return _table(side, first=first).with_columns(household.alias(HOUSEHOLD))


def prepare_entries(frame: pl.DataFrame, *, first: int, places: Places, learnt: Learnt) -> pl.DataFrame:
    """Prepare a part of a register."""
    return _table(Register.prepare(frame, population=learnt, places=places), first=first)


def _table(side: Side, *, first: int) -> pl.DataFrame:
    columns = {name: _known(side, name) for name in _AS_THEY_ARE}
    table = pl.DataFrame(columns).with_columns(
        pl.Series(RECORD, np.arange(first, first + side.number_of_rows)),
        pl.Series("name_plain", side.names.plain(np.arange(len(side.names)))).gather(pl.Series(side.name_codes)),
        pl.Series("is_year_short", side.is_year_short),
        pl.Series("is_head", side.is_head),
        pl.Series("month_day", side.month_day.astype(np.int64)),
        pl.col("number").cast(pl.String).str.zfill(NUMBER_DIGITS).alias("number_text"),
        *(
            _known(side, name).alias(name) if len(side.communes) > place else pl.lit(None).alias(name)
            for place, name in enumerate(OTHER_COMMUNES, start=1)
        ),
    )
    year, month_day = pl.col("year"), pl.col("month_day")
    table = table.with_columns(
        decade=year // 10,
        century=year // 100,
        year_unit=year % 10,
        turned_year=year % 10 * 10 + year % 100 // 10,
        month=month_day // 100,
        day=month_day % 100,
        birth_date=year * 10_000 + month_day,
        day_count=pl.when(month_day > 0).then((year * 366 + month_day // 100 * 30.5 + month_day % 100).floor()),
    )
    return table.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _known(side: Side, name: str) -> pl.Series:
    """Return a column as signed numbers, null where unknown: a cluster has no unsigned ones."""
    values = side.column(name)
    signed = values.view(np.int64) if values.dtype == np.uint64 else values.astype(np.int64)
    return pl.Series(name, signed).set(pl.Series(~side.has(name)), None)
