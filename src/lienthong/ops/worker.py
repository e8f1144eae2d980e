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
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from lienthong.infra.dispatch import dispatch_events
from lienthong.infra.jobs import app
from lienthong.infra.sealing import seal_events

log = logging.getLogger(__name__)

CONCURRENCY = 2
EVENTS_AT_ONCE = 500
SECONDS_BETWEEN_LOOKS = 0.5
# A job at hand may finish when the house stops; one that is cut off is done again after the next start.
GRACE_SECONDS = 8
SECONDS_BETWEEN_RESCUES = 5.0
# A worker says every ten seconds that it lives; one that has been silent for so long is gone, and its jobs with it.
SILENT_SECONDS = 30.0
# A job that outlived no worker in so many tries is what kills them.
TRIES_OF_A_RESCUED_JOB = 5


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
        beside = [asyncio.create_task(_dispatch()), asyncio.create_task(_rescue(fetching.job_manager))]
        try:
            await fetching.run_worker_async(concurrency=CONCURRENCY, **options)
        finally:
            for task in beside:
                task.cancel()


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


async def _rescue(jobs: JobManager) -> None:
    """Give jobs back to the queue that a killed worker had at hand, for as long as the worker lives."""
    while True:
        try:
            await rescue_once(jobs)
        except Exception:
            log.exception("jobs of a killed worker could not be given back; trying again")
        await asyncio.sleep(SECONDS_BETWEEN_RESCUES)


async def rescue_once(jobs: JobManager) -> None:
    """Give back to the queue what silent workers had at hand; what has been tried too often has failed."""
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.attempts < TRIES_OF_A_RESCUED_JOB:
            log.warning("job %s (%s) is given back: its worker is gone", job.id, job.task_name)
            await jobs.retry_job(job)
        else:
            log.error("job %s (%s) has failed: no worker outlived it", job.id, job.task_name)
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)


def _dispatch_once() -> int:
    close_old_connections()
    return dispatch_events(limit=EVENTS_AT_ONCE)
