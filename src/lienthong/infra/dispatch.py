"""From the log to the jobs: each new event becomes one job for each of its subscribers, exactly once.

The table of events is the outbox. A row is handed on only when every transaction older than its own has ended, so
that a slow commit is never overtaken and skipped.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction

from lienthong.infra import locks
from lienthong.infra.events import Fact

READER = "jobs"
_SUBSCRIBERS: dict[str, list[Any]] = {}


def subscribe(fact: type[Fact], tasks: Sequence[Callable[..., Any]]) -> None:
    """Run ``tasks`` in order of the list after a transaction that recorded ``fact`` has committed.

    Each task is a procrastinate task that takes ``event_id`` and may run more than once.
    """
    _SUBSCRIBERS.setdefault(fact.__name__, []).extend(tasks)


def subscribers() -> dict[str, list[Any]]:
    """Return the tasks by the name of the fact."""
    return {name: list(tasks) for name, tasks in _SUBSCRIBERS.items()}


def dispatch_events(*, limit: int = 500) -> int:
    """Defer the jobs of the next events and move the reader on, in one transaction.

    Returns:
        How many events were read; fewer than ``limit`` means that the log is read to its end.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        locks.hold("dispatch")
        cursor.execute(
            "INSERT INTO infra_eventcursor (reader, transaction_id, event_id) VALUES (%s, '0', 0) ON CONFLICT DO NOTHING",
            [READER],
        )
        cursor.execute(
            "SELECT e.id, e.name, e.transaction_id::text FROM infra_event e, infra_eventcursor c"
            " WHERE c.reader = %s AND (e.transaction_id, e.id) > (c.transaction_id, c.event_id)"
            " AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())"
            " ORDER BY e.transaction_id, e.id LIMIT %s",
            [READER, limit],
        )
        rows = cursor.fetchall()
        for event_id, name, _transaction in rows:
            for task in _SUBSCRIBERS.get(name, ()):
                task.defer(event_id=event_id)
        if rows:
            cursor.execute(
                "UPDATE infra_eventcursor SET transaction_id = %s::xid8, event_id = %s WHERE reader = %s",
                [rows[-1][2], rows[-1][0], READER],
            )
    return len(rows)


def skip_what_is_there() -> None:
    """Move the reader to the end of the log: a history that was taken over is not told to subscribers again."""
    with transaction.atomic(), connection.cursor() as cursor:
        locks.hold("dispatch")
        cursor.execute(
            "INSERT INTO infra_eventcursor (reader, transaction_id, event_id)"
            " SELECT %s, transaction_id, id FROM infra_event ORDER BY transaction_id DESC, id DESC LIMIT 1"
            " ON CONFLICT (reader) DO UPDATE SET transaction_id = excluded.transaction_id, event_id = excluded.event_id",
            [READER],
        )
