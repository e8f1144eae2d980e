"""What our verdicts say: links, probabilities, statuses, and whether they are the same again and in another order."""

from pathlib import Path
from typing import Any

import polars as pl

from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure
from lienthong.ops.bench.verification import marks, processes
from lienthong.ops.bench.verification.processes import Ran
from lienthong.verification.linkage.vocabulary import Status

# Places in the files, which another order of them changes.
_PLACES = ["population_row"]


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
        differing = _differing(pl.read_parquet(first.found), pl.read_parquet(again.found), sort=bool(options))
        rows.append(
            Measure(
                what=words,
                ours=differing["rows"],
                unit="dòng",
                target="0",
                is_met=differing["rows"] == 0,
                detail=differing,
            )
        )
    return rows


def _says(both: pl.DataFrame, status: Status) -> pl.Series:
    return (
        both.select((pl.col("status") == status) | pl.col("tags").list.contains(status.value))
        .to_series()
        .fill_null(False)
    )


def _differing(one: pl.DataFrame, other: pl.DataFrame, *, sort: bool) -> dict[str, Any]:
    """Count rows that differ, and by column; places in files count only where the files lie in one order."""
    if sort:
        one, other = (frame.drop(_PLACES, strict=False).sort("record_id") for frame in (one, other))
    differing = {name: int((one[name].ne_missing(other[name])).sum()) for name in one.columns}
    rows = pl.DataFrame({name: one[name].ne_missing(other[name]) for name in one.columns}).select(
        pl.any_horizontal(pl.all()).sum()
    )
    return {"rows": rows.item(), "columns": {name: count for name, count in differing.items() if count}}
