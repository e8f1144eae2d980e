"""Answers as rows of the table of verdicts."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from lienthong.verification.columns import digests
from lienthong.verification.ports import FIELDS

_STAYS = ("status", "number", "snapshot_text", *(f"{name}_verdict" for name in FIELDS))


def verdict_rows(answers: pl.DataFrame, entries: pl.DataFrame, *, batch_id: int, now: datetime) -> pl.DataFrame:
    """Return answers in the columns of ``verification_verdict``.

    Args:
        answers: ``ports.ANSWER_SCHEMA``.
        entries: ``entry_id``, ``record_id`` and ``entry_digest``.
        batch_id: The batch that asked.
        now: When.
    """
    known = answers.join(
        entries.select("record_id", "entry_id", "entry_digest"), on="record_id", how="inner", maintain_order="left"
    )
    linked = pl.col("is_linked").fill_null(False)
    snapshot = pl.when(linked).then(pl.col("snapshot").struct.json_encode()).otherwise(pl.lit("{}")).fill_null("{}")
    fields = pl.struct(
        [
            pl.struct(
                pl.col(f"{name}_verdict").alias("verdict"),
                pl.col(f"{name}_weight").cast(pl.Float64).round(3).alias("weight"),
            ).alias(name)
            for name in FIELDS
        ]
    ).struct.json_encode()
    second = pl.struct(
        pl.col("runner_up").alias("number"),
        pl.col("runner_up_probability").round(6).alias("probability"),
        pl.col("runner_up_reason").alias("reason"),
    ).struct.json_encode()
    prepared = known.with_columns(snapshot.alias("snapshot_text"))
    return prepared.select(
        pl.lit(batch_id, dtype=pl.Int64).alias("batch_id"),
        pl.col("entry_id"),
        pl.col("status"),
        (pl.lit("{") + pl.col("tags").list.join(",").fill_null("") + pl.lit("}")).alias("tags"),
        pl.when(linked).then(pl.col("number")).otherwise(pl.lit("")).fill_null("").str.slice(0, 12).alias("found_number"),
        pl.col("probability").fill_null(0.0).fill_nan(0.0).clip(0.0, 1.0),
        linked.alias("is_linked"),
        pl.col("stage").fill_null("none"),
        fields.alias("fields"),
        pl.when(pl.col("runner_up").is_not_null()).then(second).otherwise(pl.lit("{}")).alias("runner_up"),
        pl.col("snapshot_text").alias("snapshot"),
        pl.col("explanation").fill_null(""),
        digests(prepared, _STAYS),
        pl.col("entry_digest"),
        pl.lit(False).alias("is_current"),
        pl.lit(now.isoformat()).alias("judged_at"),
    )  # fmt: skip
