"""Splink with our reading of names, dates and places, the levels of our declaration, and candidates that compete."""

from pathlib import Path
from typing import Any

import polars as pl

from lienthong.ops.bench.verification.by_engine import read_population, read_register
from lienthong.ops.bench.verification.stopwatch import Stopwatch
from lienthong.ops.invented.province import COMMUNES_FILE
from lienthong.verification.spark.run import on_duckdb


def tuned(*, folder: Path, tier: str, found: Path, watch: Stopwatch) -> dict[str, Any]:
    """Link with the Splink model that is written from our declaration, its weights estimated from these files."""
    verdicts = on_duckdb(read_register(folder, tier), read_population(folder), pl.read_parquet(folder / COMMUNES_FILE))
    watch.lap("prepare, train and predict")
    links = verdicts.select(pl.col("record_id").cast(pl.Int32).alias("rid"), cccd=pl.when("is_linked").then("number"))
    links.write_parquet(found)
    return {}
