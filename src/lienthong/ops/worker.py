"""The worker that does the jobs of every queue. Run as ``python -m lienthong.ops.worker``.

Not procrastinate's own command: that one replaces the app's connector, so a job which a running job defers would be
committed by a connection of its own. Here only the worker fetches through its own connection; what a job defers goes
through Django's, in the transaction of the job.
"""

import asyncio
import os

import django

CONCURRENCY = 2
# A job at hand may finish when the house stops; one that is cut off is done again after the next start.
GRACE_SECONDS = 8


async def work() -> None:
    """Do jobs until told to stop, then finish those at hand."""
    from procrastinate.contrib.django import app

    fetching = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with fetching.open_async():
        await fetching.run_worker_async(concurrency=CONCURRENCY, shutdown_graceful_timeout=GRACE_SECONDS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.config.settings")
    django.setup()
    asyncio.run(work())
