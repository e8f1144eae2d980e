"""One way of linking in a process of its own: what it took, and where it left what it found."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_SECONDS = 3600


class WayFailed(Exception):
    """A way of linking ended with an error; the text is the end of what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one process took.

    Attributes:
        seconds: From the files to what was found; the libraries were loaded before.
        cpu_seconds: Time of the processor in these seconds, all cores together; it says more on a machine that is shared.
        process_seconds: From the start of the process to its end.
        peak_gb: Most memory that it held at any moment.
        steps: Seconds of each step.
        detail: What else it says.
        found: Where it wrote what it found.
    """

    seconds: float
    cpu_seconds: float
    process_seconds: float
    peak_gb: float
    steps: Mapping[str, float]
    detail: Mapping[str, Any]
    found: Path


def run(
    way: str, *, folder: Path, tier: str = "medium", found: Path | None = None, options: Mapping[str, Any] | None = None
) -> Ran:
    """Run one way of linking and wait for it.

    Args:
        way: Name of the way, as ``child.py`` has it.
        folder: Where the province lies.
        tier: Which register.
        found: Where to write what is found; None beside the province.
        options: What else the way is told.

    Raises:
        WayFailed: It ended with an error.
    """
    found = found or folder / f"found_{way}_{tier}.parquet"
    order = {"folder": str(folder), "tier": tier, "found": str(found), "options": dict(options or {})}
    began = time.perf_counter()
    # A new program and not a fork: the memory of this process would count as that of the child.
    ended = subprocess.run(
        [sys.executable, "-m", "lienthong.ops.bench.verification.child", way, json.dumps(order)],
        capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False, env={**os.environ, "PYTHONPATH": _path()},
    )  # fmt: skip
    if ended.returncode:
        raise WayFailed(f"{way}: {ended.stderr.strip()[-1500:]}")
    said = json.loads(ended.stdout.splitlines()[-1])
    return Ran(**said, process_seconds=time.perf_counter() - began, found=found)


def _path() -> str:
    return os.pathsep.join(path for path in sys.path if path)
