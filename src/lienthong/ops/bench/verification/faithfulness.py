"""What our verdicts say: links, probabilities, statuses, and whether they are the same again and in another order."""

from pathlib import Path
from typing import Any

import polars as pl

from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure
from lienthong.ops.bench.verification import marks, processes
from lienthong.ops.bench.verification.processes import Ran
from lienthong.verification.linkage.vocabulary import Status

# What an officer reads of a verdict, and what must not depend on the order of files; weights may differ in the last digits.
_READ = ("status", "tags", "number", "is_linked")


def links_of(found: Path) -> pl.DataFrame:
    """Return the links of a file of verdicts: rid, and cccd where there is one."""
    linked = pl.when(pl.col("is_linked")).then(pl.col("number"))
    return pl.read_parquet(found).select(pl.col("record_id").cast(pl.Int32).alias("rid"), linked.alias("cccd"))


def judged(found: Path, truth: Path) -> pl.DataFrame:
    """Return the stated probability of each record's best candidate, linked or not, beside whether that is the right one."""
    verdicts = pl.read_parquet(found)
    best = "candidate" if "candidate" in verdicts.columns else "number"
    named = verdicts.filter(pl.col(best).is_not_null()).select(
        pl.col("record_id").cast(pl.Int32).alias("rid"), pl.col(best).alias("found"), "probability"
    )
    both = named.join(pl.read_parquet(truth), on="rid")
    return both.select("probability", is_right=marks.is_right(both, "found"))


def noticed(found: Path, truth: Path) -> dict[str, dict[str, float]]:
    """Return how well each thing that can be known from the truth is noticed, as status or as tag."""
    both = (
        pl.read_parquet(found)
        .with_columns(rid=pl.col("record_id").cast(pl.Int32))
        .join(pl.read_parquet(truth), on="rid")
    )
    in_population = both["cccd"].is_not_null()
    twice = in_population & (both.select(pl.len().over("cccd") > 1).to_series())
    of_another = both["id_kind"].is_in(["hhmember", "stranger"]) & in_population
    return {
        "dead": marks.detection(_says(both, Status.DEAD), both["dead"]),
        "duplicate": marks.detection(_says(both, Status.DUPLICATE), twice),
        "number_of_another": marks.detection(_says(both, Status.NUMBER_OF_ANOTHER), of_another),
        "not_found": marks.detection(both["status"] == Status.NOT_FOUND, ~in_population),
    }


def measures(folder: Path, first: Ran, order: Order) -> list[Measure]:
    """Run again, and with both files shuffled, and count the verdicts that differ."""
    rows = []
    for words, found, options in (
        ("Chạy lại lần nữa: kết quả khác", folder / "found_again.parquet", {}),
        ("Đảo thứ tự hai tệp: kết quả khác", folder / "found_shuffled.parquet", {"shuffled": True}),
    ):
        order.say(words.partition(":")[0].lower())
        again = processes.run("ours", folder=folder, found=found, options=options)
        one, other = (pl.read_parquet(file) for file in (first.found, again.found))
        differing = differences(*(frame.sort("record_id") if options else frame for frame in (one, other)))
        count = differing["read" if options else "anything"]
        rows.append(Measure(what=words, ours=count, unit="dòng", target="0", is_met=count == 0, detail=differing))
    return rows


def differences(one: pl.DataFrame, other: pl.DataFrame) -> dict[str, Any]:
    """Count rows of two runs that differ in anything, that differ in what an officer reads, and by how much at most."""
    differs = {name: one[name].ne_missing(other[name]) for name in one.columns}
    read = [name for name in one.columns if name in _READ or name.endswith("_verdict")]
    moved = (one["probability"] - other["probability"]).abs().max()
    return {
        "anything": _rows(differs, list(differs)),
        "read": _rows(differs, read),
        "columns": {name: int(column.sum()) for name, column in differs.items() if column.any()},
        "most_of_probability": moved,
    }


def _rows(differs: dict[str, pl.Series], names: list[str]) -> int:
    count: int = pl.DataFrame({name: differs[name] for name in names}).select(pl.any_horizontal(pl.all()).sum()).item()
    return count


def _says(both: pl.DataFrame, status: Status) -> pl.Series:
    return (
        both.select((pl.col("status") == status) | pl.col("tags").list.contains(status.value))
        .to_series()
        .fill_null(False)
    )
