"""Memory that is freed goes back to the system between the stages of a run, so that it takes what it needs and no more."""

import ctypes
import sys
from functools import cache
from typing import Any


def give_back_freed_memory() -> None:
    """Let the C library return what was freed. Costs little now and then; does nothing where the library is not glibc."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    if sys.platform != "linux":
        return None
    try:
        return ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return None
