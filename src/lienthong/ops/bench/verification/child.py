"""``python -m lienthong.ops.bench.verification.child WAY ORDER``: one way of linking, and what it took, as one line of JSON."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lienthong.ops.bench.verification.stopwatch import Stopwatch

Way = Callable[..., dict[str, Any]]

# Where each way is: a module is loaded only when its way is asked for, so that no library weighs on another's memory.
WAYS = {
    "invent": "lienthong.ops.bench.verification.inventing:invent",
    "floor": "lienthong.ops.bench.verification.by_joins:floor",
    "today": "lienthong.ops.bench.verification.by_joins:today",
    "ours": "lienthong.ops.bench.verification.by_engine:link_files",
    "prepare": "lienthong.ops.bench.verification.by_engine:prepare",
    "splink_generic": "lienthong.ops.bench.verification.by_splink:generic",
    "splink_tuned": "lienthong.ops.bench.verification.by_declaration:tuned",
}


def main(way: str, order: str) -> None:
    """Run one way and print seconds, peak memory, steps and detail."""
    told = json.loads(order)
    module, _colon, name = WAYS[way].partition(":")
    work: Way = getattr(importlib.import_module(module), name)
    watch = Stopwatch()
    detail = work(
        folder=Path(told["folder"]), tier=told["tier"], found=Path(told["found"]), watch=watch, **told["options"]
    )
    said = {
        "seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds, "peak_gb": peak_gb(), "steps": watch.steps, "detail": detail,
    }  # fmt: skip
    sys.stdout.write("\n" + json.dumps(said) + "\n")


def peak_gb() -> float:
    """Return the most memory that this process has held, by the kernel's own count (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024**2


if __name__ == "__main__":
    main(*sys.argv[1:])
