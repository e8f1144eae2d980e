"""Short locks on a name, held until the transaction ends."""

import hashlib

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
    if not connection.in_atomic_block:
        raise NoTransaction(f"lock {name!r} needs a transaction")
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        if shared:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [key])
        else:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
