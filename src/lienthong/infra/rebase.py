"""After a restore into another server: give the events numbers that fit that server's own transactions.

Readers follow the log by the number of the writing transaction, and each server counts its own. Events that come from
a server which had counted further would hide every new one from the readers.
"""

from typing import Any

import psycopg


def rebase_events(connection: "psycopg.Connection[Any]") -> bool:
    """Renumber the events and the places of their readers, when the log is ahead of the server.

    What each reader has read stays read, what it has not stays unread. The hash of an event does not cover the
    number, so the chain holds.

    Returns:
        Whether it was needed.
    """
    with connection.transaction():
        if connection.execute("SELECT to_regclass('infra_event')").fetchone() == (None,):
            return False
        ahead = connection.execute(
            "SELECT EXISTS (SELECT FROM infra_event WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot()))"
            " OR EXISTS (SELECT FROM infra_eventcursor"
            " WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot()))"
        ).fetchone()
        if ahead == (False,):
            return False
        connection.execute("ALTER TABLE infra_event DISABLE TRIGGER infra_event_append_only")
        connection.execute(
            "UPDATE infra_event e SET transaction_id = (1 + (SELECT count(*) FROM infra_eventcursor c"
            " WHERE (e.transaction_id, e.id) > (c.transaction_id, c.event_id)))::text::xid8"
        )
        connection.execute("ALTER TABLE infra_event ENABLE TRIGGER infra_event_append_only")
        connection.execute(
            "UPDATE infra_eventcursor c SET event_id = 9223372036854775807, transaction_id = ("
            " SELECT count(*) FROM infra_eventcursor d"
            " WHERE (d.transaction_id, d.event_id) <= (c.transaction_id, c.event_id))::text::xid8"
        )
    return True
