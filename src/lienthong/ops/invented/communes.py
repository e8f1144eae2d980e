"""The communes of an invented province before and after the merger, and how carefully each keeps its records."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lienthong.ops.invented import vocabulary
from lienthong.ops.invented.vocabulary import Whole

Shares = NDArray[np.float64]
Codes = NDArray[np.str_]

OLD_OF_A_PROVINCE, NEW_OF_A_PROVINCE = 178, 55
DIVIDED_SHARE = 0.05
SPREAD_OF_SIZE = 0.55
SPREAD_OF_CARE = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Communes:
    """Communes as they were, and what became of them.

    Attributes:
        old: Code of each commune before the merger.
        new: Codes of the communes after it.
        heir: Place in ``new`` of what became of each.
        second_heir: The other heir where a commune was divided, else the same.
        share: Share of the population.
        minorities: Share of people who are not Kinh.
        carelessness: How many errors its records have; 1 on average over people.
    """

    old: Codes
    new: Codes
    heir: Whole
    second_heir: Whole
    share: Shares
    minorities: Shares
    carelessness: Shares

    def __len__(self) -> int:
        return len(self.old)

    def as_frame(self) -> pl.DataFrame:
        """Return the map from old to new codes; an old code that was divided stands twice."""
        pairs = {"old": np.tile(self.old, 2), "new": self.new[np.r_[self.heir, self.second_heir]]}
        return pl.DataFrame(pairs).unique().sort("old", "new")


def invent_communes(rng: np.random.Generator, *, provinces: int) -> Communes:
    """Invent the communes of so many provinces: a larger population has more communes, not larger ones."""
    many, fewer = OLD_OF_A_PROVINCE * provinces, NEW_OF_A_PROVINCE * provinces
    first_old, first_new = (5432, 11001) if provinces == 1 else (100_000, 500_001)
    heir = np.minimum(np.arange(many) * fewer // many, fewer - 1)
    return _described(
        rng,
        old=np.array([f"{first_old + 3 * place:05d}" for place in range(many)]),
        new=np.array([f"{first_new + 7 * place:05d}" for place in range(fewer)]),
        heir=heir,
        second_heir=np.where(rng.random(many) < DIVIDED_SHARE, (heir + 1) % fewer, heir),
    )


def real_communes(rng: np.random.Generator, heirs: Sequence[tuple[str, Sequence[str]]]) -> Communes:
    """Describe communes that there are, each with the codes of what became of it; only their people are invented.

    Args:
        rng: Where sizes and carefulness come from.
        heirs: Code before the merger, and the codes after it; of more than two, the first two.
    """
    new = sorted({code for _old, codes in heirs for code in codes})
    place = {code: number for number, code in enumerate(new)}
    return _described(
        rng,
        old=np.array([old for old, _codes in heirs]),
        new=np.array(new),
        heir=np.array([place[codes[0]] for _old, codes in heirs]),
        second_heir=np.array([place[codes[min(1, len(codes) - 1)]] for _old, codes in heirs]),
    )


def _described(rng: np.random.Generator, *, old: Codes, new: Codes, heir: Whole, second_heir: Whole) -> Communes:
    share = rng.lognormal(0, SPREAD_OF_SIZE, len(old))
    share /= share.sum()
    minorities = np.clip(rng.beta(0.55, 1.25, len(old)), 0.01, 0.98)
    largest_group = vocabulary.ethnic_groups()[1][0]
    minorities = np.clip(minorities * (1 - largest_group) / (minorities * share).sum(), 0.005, 0.97)
    carelessness = rng.lognormal(0, SPREAD_OF_CARE, len(old))
    return Communes(
        old=old, new=new, heir=heir, second_heir=second_heir, share=share, minorities=minorities,
        carelessness=carelessness / (carelessness * share).sum(),
    )  # fmt: skip
