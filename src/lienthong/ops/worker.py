"""The worker that hands new events to their subscribers and does the jobs of every queue.

Not procrastinate's own command: that one replaces the app's connector, so a job which a running job defers would be
committed by a connection of its own. Here only the worker fetches through its own connection; what a job defers goes
through Django's, in the transaction of the job.
"""

import asyncio
import logging
import os
import threading
import time
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from django.utils import timezone

from lienthong.infra.dispatch import dispatch_events
from lienthong.infra.jobs import app
from lienthong.infra.sealing import seal_events

log = logging.getLogger(__name__)

CONCURRENCY = 2
EVENTS_AT_ONCE = 500
SECONDS_BETWEEN_LOOKS = 0.5
# A job at hand may finish when the house stops; one that is cut off is done again after the next start.
GRACE_SECONDS = 8


def main() -> None:
    """Do jobs until stopped, then finish those at hand. What came since the last seal is sealed first."""
    threading.Thread(target=_end_when_orphaned, args=[os.getppid()], daemon=True).start()
    seal_events(now=timezone.now())
    connection.close()
    asyncio.run(work(shutdown_graceful_timeout=GRACE_SECONDS))


def _end_when_orphaned(parent: int) -> None:
    """End for good when the house was killed: an orderly stop waits for a database that is gone as well."""
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


async def work(**options: Any) -> None:
    """Do jobs under procrastinate's own options of a worker."""
    fetching = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with fetching.open_async():
        dispatching = asyncio.create_task(_dispatch())
        try:
            await fetching.run_worker_async(concurrency=CONCURRENCY, **options)
        finally:
            dispatching.cancel()


async def _dispatch() -> None:
    """Hand each new event to its subscribers, for as long as the worker lives."""
    while True:
        try:
            read = await sync_to_async(_dispatch_once, thread_sensitive=False)()
        except Exception:
            log.exception("events could not be handed on; trying again")
            read = 0
        if read < EVENTS_AT_ONCE:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _dispatch_once() -> int:
    close_old_connections()
    return dispatch_events(limit=EVENTS_AT_ONCE)
