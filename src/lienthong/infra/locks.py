"""Short locks on a name, held until the transaction ends."""

import hashlib
from collections.abc import Iterable
from typing import Final

from django.db import connection


class NoTransaction(RuntimeError):
    """A lock was asked for outside a transaction, where it would be let go at once."""


def hold(name: str, *, shared: bool = False) -> None:
    """Hold the lock called ``name`` until the running transaction ends.

    Args:
        name: What is locked.
        shared: Let others hold it too who ask for it shared; only those who want it alone wait.

    Raises:
        NoTransaction: There is no running transaction.
    """
    hold_all([name], shared=shared)


def hold_all(names: Iterable[str], *, shared: bool = False) -> None:
    """Hold several locks until the running transaction ends, taken one after the other in the order given.

    Args:
        names: What is locked; whoever wants several of the same ones gives them in the same order.
        shared: As for ``hold``.

    Raises:
        NoTransaction: There is no running transaction.
    """
    named = list(names)
    if not connection.in_atomic_block:
        raise NoTransaction(f"lock {', '.join(map(repr, named))} needs a transaction")
    keys = [int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True) for name in named]
    with connection.cursor() as cursor:
        cursor.execute(_SHARED if shared else _ALONE, [keys])


_ALONE: Final = "SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key"
_SHARED: Final = "SELECT pg_advisory_xact_lock_shared(key) FROM unnest(%s::bigint[]) AS key"
