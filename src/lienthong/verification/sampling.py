"""Drawing the records that people judge: by status and band of probability, and again exactly so from the same seed. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

# Lower ends of the bands. The higher the probability, the narrower the band: there a small difference is many wrong links.
BAND_EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
FEWEST_PER_STRATUM = 8


@dataclass(frozen=True, slots=True, order=True)
class StratumKey:
    """What the records of one stratum have in common. Lớp chọn mẫu: trạng thái và dải xác suất."""

    status: str
    low: float

    @property
    def text(self) -> str:
        """The key as it is kept: ``verified:0.99``."""
        return f"{self.status}:{self.low:g}"

    @classmethod
    def read(cls, text: str) -> StratumKey:
        """Read a key as it was kept."""
        status, _colon, low = text.rpartition(":")
        return cls(status, float(low))


def edges_with(threshold: float) -> tuple[float, ...]:
    """Return the lower ends of the bands, the threshold among them: no band lies on both sides of it."""
    return tuple(sorted({*BAND_EDGES, threshold})) if threshold < 1 else BAND_EDGES


def band_of(probability: float, edges: Sequence[float] = BAND_EDGES) -> float:
    """Return the lower end of the band of a probability. The lower end belongs to it."""
    return max((edge for edge in edges if probability >= edge), default=edges[0])


def band_end(low: float, edges: Sequence[float] = BAND_EDGES) -> float:
    """Return the upper end of a band."""
    return min((edge for edge in edges if edge > low), default=1.0)


def allocate(sizes: Mapping[StratumKey, int], *, wanted: int) -> dict[StratumKey, int]:
    """Share out a sample over strata.

    Phân bổ mẫu. Each stratum gets a few, so that none stays unseen; the rest goes by the root of its size, so that the
    great and easy ones do not take it all.

    Args:
        sizes: How many records each stratum has.
        wanted: How many are to be judged in all.

    Returns:
        How many to draw of each; no more than there are, and in all no more than ``wanted``.
    """
    order = sorted(key for key in sizes if sizes[key] > 0)
    drawn = dict.fromkeys(order, 0)
    left = wanted
    for round_of in range(FEWEST_PER_STRATUM):
        for key in order:
            if left and drawn[key] == round_of < sizes[key]:
                drawn[key] += 1
                left -= 1
    while left:
        open_ones = [key for key in order if drawn[key] < sizes[key]]
        if not open_ones:
            break
        # Whoever has least for the root of its size is next; names decide between equals.
        neediest = min(open_ones, key=lambda key: (drawn[key] / sqrt(sizes[key]), key))
        drawn[neediest] += 1
        left -= 1
    return drawn


def draw(rows: Iterable[tuple[StratumKey, int]], *, wanted: int, seed: int) -> dict[StratumKey, list[int]]:
    """Draw records of each stratum at random.

    Chọn mẫu phân lớp. The same rows, in whatever order, and the same seed give the same sample.

    Args:
        rows: Stratum and id of every record of the batch.
        wanted: How many are to be judged in all.
        seed: Number that the draw begins with; kept with the sample.

    Returns:
        The ids by stratum, each list in the order drawn.
    """
    members: dict[StratumKey, list[int]] = {}
    for key, identity in rows:
        members.setdefault(key, []).append(identity)
    shares = allocate({key: len(ids) for key, ids in members.items()}, wanted=wanted)
    return {
        key: random.Random(f"{seed}:{key.text}").sample(sorted(members[key]), count)  # noqa: S311
        for key, count in shares.items()
        if count
    }


def mixed(identities: Sequence[int], *, seed: int) -> list[int]:
    """Return the ids in an order that says nothing about their strata. Trộn thứ tự."""
    order = sorted(identities)
    random.Random(f"{seed}:order").shuffle(order)  # noqa: S311  -- chosen to be repeatable
    return order
