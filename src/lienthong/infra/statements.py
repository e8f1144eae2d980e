"""Statements of the few paths that everybody walks all day: bound by the server and planned once per connection.

Django writes the values into the text of a query, so that the server parses and plans it anew each time; for a page
that does not matter, for a move of a dossier it is half of the time.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

_PLANNED_AT_ONCE = 0


def execute(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement on Django's connection, in its transaction, and return the rows.

    Moments come in UTC. Whoever watches the connection (a page that may not write, a test that counts) sees the statement
    like any other.

    Args:
        sql: A statement with ``%s``; the same text each time, for it is the key of its plan. It asks for JSON as text,
            because Django and the driver read it differently.
        values: One value for each ``%s``.
    """
    house = connections[DEFAULT_DB_ALIAS]
    if house.execute_wrappers or house.queries_logged:
        with house.cursor() as watched:
            watched.execute(sql, values)
            return watched.fetchall() if watched.description else []
    house.ensure_connection()
    link = house.connection
    if link.prepare_threshold is None:
        link.prepare_threshold = _PLANNED_AT_ONCE
    with house.wrap_database_errors:
        cursor = psycopg.Cursor(link)
        cursor.execute(sql, values, binary=True)
        # Asking for ``description`` would describe every column each time.
        return cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []


@lru_cache(maxsize=64)
def value_lists(rows_wanted: int, columns: int) -> str:
    """Return ``(%s, …), (%s, …)`` for an INSERT of several rows."""
    return ", ".join([f"({', '.join(['%s'] * columns)})"] * rows_wanted)
