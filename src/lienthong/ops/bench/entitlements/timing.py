"""Two works in turns on one machine, timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of one work, several times."""

    seconds: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.seconds)

    def detail(self, name: str) -> dict[str, Any]:
        """Write down how far the runs lie apart."""
        return {f"{name}_seconds": [round(one, 5) for one in sorted(self.seconds)]}


def interleaved(one: Callable[[], object], other: Callable[[], object], *, times: int) -> tuple[Timed, Timed]:
    """Run two works in turns, so that what disturbs the machine disturbs both."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for work, seconds in zip((one, other), found, strict=True):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
    return Timed(tuple(found[0])), Timed(tuple(found[1]))
