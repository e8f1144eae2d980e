"""Work on many things of which one that fails keeps no other from being done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

T = TypeVar("T")
log = logging.getLogger(__name__)


def each_apart(act: Callable[[T], object], things: Iterable[T]) -> None:
    """Do something for each thing in a transaction of its own; where it fails, the others are done all the same.

    Args:
        act: What is done; it opens its transaction itself.
        things: For what, in order.

    Raises:
        ExceptionGroup: It failed for some, each logged; the job that did it counts as failed and is told as such.
        OperationalError, InterfaceError: The database is gone, so nothing else would be done either.
    """
    failed = []
    for one in things:
        try:
            act(one)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.exception("failed for %s; going on with the others", one)
            error.add_note(f"for {one}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("failed for some, done for the others", failed)
