"""What a sample says about the whole: rates with intervals, from strata that were drawn unequally. Pure.

Nothing judged is no rate. A stratum of which nothing was judged could be anything from none to all, and the interval says
so. References: Wilson (1927) for one stratum; Zou and Donner (2008), "variance estimates recovery", for their sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate with the least and the most that it may be. Khoảng tin cậy.

    Attributes:
        rate: The estimate, from 0 to 1.
        low: Lower end.
        high: Upper end.
    """

    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the whole from which a sample was drawn. Lớp chọn mẫu.

    Attributes:
        size: How many there are in all.
        judged: How many of them were judged.
        hits: How many of those had what is counted.
    """

    size: int
    judged: int
    hits: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.judged <= self.size:
            raise ValueError(f"a stratum of {self.size} cannot have {self.judged} judged and {self.hits} hits")


def wilson(hits: int, tried: int, *, confidence: float = CONFIDENCE) -> Interval | None:
    """Estimate a rate from a simple sample, by the score interval of Wilson.

    Khoảng Wilson.

    Returns:
        None where nothing was tried.
    """
    if tried == 0:
        return None
    z = _quantile(confidence)
    rate, square = hits / tried, z * z
    middle = (rate + square / (2 * tried)) / (1 + square / tried)
    half = z * sqrt(rate * (1 - rate) / tried + square / (4 * tried * tried)) / (1 + square / tried)
    # Rounding must not push an end past what it cannot pass.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == tried else min(1.0, middle + half)
    return Interval(rate, low, high)


def stratified(strata: Sequence[Stratum], *, confidence: float = CONFIDENCE) -> Interval | None:
    """Estimate a rate of the whole from a sample of its strata, each counted by its size.

    Ước lượng theo lớp. A stratum that was judged whole adds no doubt; one of which nothing was judged adds all of it.

    Returns:
        None where nothing was judged.
    """
    known = [stratum for stratum in strata if stratum.judged]
    whole, covered = sum(stratum.size for stratum in strata), sum(stratum.size for stratum in known)
    if not covered:
        return None
    rate = below = above = 0.0
    for stratum in known:
        one = wilson(stratum.hits, stratum.judged, confidence=confidence)
        if one is None:
            continue
        share = stratum.size / covered
        rest = _share_not_seen(stratum)
        rate += share * one.rate
        below += rest * (share * (one.rate - one.low)) ** 2
        above += rest * (share * (one.high - one.rate)) ** 2
    part = covered / whole
    low, high = max(0.0, rate - sqrt(below)), min(1.0, rate + sqrt(above))
    return Interval(rate, part * low, part * high + (1 - part))


def recall(found: Sequence[Stratum], missed: Sequence[Stratum], *, confidence: float = CONFIDENCE) -> Interval | None:
    """Estimate which share of the true links were accepted.

    Độ bao phủ. The ends are those of the worst and the best that both parts allow, so the interval is a cautious one.

    Args:
        found: Strata whose hits are accepted links that are right.
        missed: Strata whose hits are right persons that were not accepted.
        confidence: Of the interval.

    Returns:
        None where nothing accepted was judged.
    """
    right, lost = stratified(found, confidence=confidence), stratified(missed, confidence=confidence)
    if right is None:
        return None
    accepted, others = sum(one.size for one in found), sum(one.size for one in missed)
    if lost is None:
        lost = Interval(0.0, 0.0, 1.0) if others else Interval(0.0, 0.0, 0.0)

    def share(kept: float, gone: float) -> float:
        all_of_them = accepted * kept + others * gone
        return accepted * kept / all_of_them if all_of_them else 0.0

    low, high = share(right.low, lost.high), share(right.high, lost.low)
    rate = share(right.rate, lost.rate)
    return Interval(rate, min(low, rate), max(high, rate))


def most_errors(tried: int, *, confidence: float = CONFIDENCE) -> float | None:
    """Return the greatest rate of errors that fits with none found in so many tries; None where nothing was tried.

    Quy tắc số ba: at 95 % it is about three divided by the number of tries.
    """
    return 1 - (1 - confidence) ** (1 / tried) if tried else None


def _share_not_seen(stratum: Stratum) -> float:
    """Return the share of the variance that is left when a part of a finite whole has been seen."""
    return (stratum.size - stratum.judged) / (stratum.size - 1) if stratum.size > 1 else 0.0


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
