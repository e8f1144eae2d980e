"""Loading the house: what is loaded stays, so nothing of it need be searched for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good() -> Iterator[None]:
    """Keep everything that is made inside for as long as the process lives; a start spends a sixth of its time less.

    Processes that part afterwards also share these pages for longer: no collection writes to them.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
