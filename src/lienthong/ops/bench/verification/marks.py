"""What was linked beside the truth: precision, recall, calibration, statuses, and how cost grows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl

BANDS = (0.01, 0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
FEW = 300  # so many records put the chance of a band of 70 % at 2.6 points either way


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How right a set of links is."""

    precision: float
    recall: float
    links: int
    wrong: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def as_plain_data(self) -> dict[str, Any]:
        """Return the figures with five decimals: the fourth is what is argued about."""
        return {
            "precision": round(self.precision, 5), "recall": round(self.recall, 5), "f1": round(self.f1, 5),
            "links": self.links, "wrong": self.wrong,
        }  # fmt: skip


def accuracy(links: pl.DataFrame, truth: pl.DataFrame) -> Accuracy:
    """Compare links with the truth.

    Args:
        links: At most one row per record: rid, cccd (null for no link).
        truth: rid, cccd (null for who is not in the population), and other_cccd where people have two numbers.
    """
    both = truth.join(links.select("rid", pl.col("cccd").alias("found")), on="rid", how="left")
    made = _count(both["found"].is_not_null())
    right = _count(both.select(is_right(both, "found")).to_series())
    there = _count(both["cccd"].is_not_null())
    return Accuracy(
        precision=right / made if made else 0.0, recall=right / there if there else 0.0, links=made, wrong=made - right
    )


def is_right(truth: pl.DataFrame, found: str) -> pl.Expr:
    """Say of each row of the truth, joined with what was found, whether it is the right person."""
    right = (pl.col(found) == pl.col("cccd")).fill_null(False)
    if "other_cccd" in truth.columns:
        right |= (pl.col(found) == pl.col("other_cccd")).fill_null(False)
    return right


def calibration(judged: pl.DataFrame) -> list[dict[str, Any]]:
    """Compare stated with observed probability, band by band.

    Args:
        judged: One row per record with a candidate: probability, is_right.

    Returns:
        For each band that has records: from, to, records, stated (mean), observed, points between them.
    """
    rows = []
    for low, high in pairwise(BANDS):
        inside = (pl.col("probability") >= low) & ((pl.col("probability") < high) | (high == BANDS[-1]))
        band = judged.filter(inside)
        if not band.height:
            continue
        stated, observed = float(band["probability"].mean()), float(band["is_right"].mean())  # type: ignore[arg-type]
        rows.append(
            {
                "from": low, "to": high, "records": band.height, "stated": round(stated, 4), "observed": round(observed, 4),
                "points": round(100 * (observed - stated), 2),
            }
        )  # fmt: skip
    return rows


def worst_band(bands: Sequence[Mapping[str, Any]]) -> float:
    """Return by how many points the worst band is off, of the bands that have enough records to tell."""
    return max((abs(band["points"]) for band in bands if band["records"] >= FEW), default=0.0)


def detection(said: pl.Series, true: pl.Series) -> dict[str, float]:
    """Return how well something was noticed: precision and recall of a flag."""
    noticed, there, both = _count(said), _count(true), _count(said & true)
    return {
        "said": noticed, "true": there, "precision": round(both / max(noticed, 1), 4), "recall": round(both / max(there, 1), 4),
    }  # fmt: skip


def exponent(costs: Mapping[int, float]) -> float:
    """Return with which power of the size the cost grows, over all sizes together.

    Examples:
        >>> round(exponent({10: 1.0, 100: 10.0, 1000: 100.0}), 3)
        1.0
    """
    points = [(math.log(size), math.log(cost)) for size, cost in costs.items()]
    middle = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
    slope = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return slope / sum((x - middle[0]) ** 2 for x, _ in points)


def _count(flags: pl.Series) -> int:
    return int(flags.cast(pl.Int64).sum())
