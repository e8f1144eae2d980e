"""Memory that is freed goes back to the system, so that a run takes what it needs and not what it once needed."""

import ctypes
import sys

_TRIM_THRESHOLD, _ARENA_MAX = -1, -8  # names of mallopt(3)
_KEPT_FREE = 1 << 20
_ARENAS = 2


def give_back_freed_memory() -> None:
    """Tell the C library to keep little freed memory for later. Does nothing where the library is not glibc."""
    if sys.platform != "linux":
        return
    try:
        set_option = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    set_option(_ARENA_MAX, _ARENAS)
    set_option(_TRIM_THRESHOLD, _KEPT_FREE)
