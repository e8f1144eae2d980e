"""The invented province, as a way like the others: large ones need memory of their own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lienthong.ops.bench.verification.stopwatch import Stopwatch
from lienthong.ops.invented.province import Size, write_province


def invent(
    *, folder: Path, tier: str, found: Path, watch: Stopwatch, people: int, records: int, seed: int,
    tiers: Sequence[str], kinds: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """Write the files of a province."""
    write_province(Size(people=people, records=records, seed=seed, tiers=tiers, kinds=kinds), folder=folder)
    watch.lap("invent")
    return {}
