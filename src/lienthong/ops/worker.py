"""The worker that does the jobs of every queue.

Not procrastinate's own command: that one replaces the app's connector, so a job which a running job defers would be
committed by a connection of its own. Here only the worker fetches through its own connection; what a job defers goes
through Django's, in the transaction of the job.
"""

import asyncio

from lienthong.infra.jobs import app

CONCURRENCY = 2
# A job at hand may finish when the house stops; one that is cut off is done again after the next start.
GRACE_SECONDS = 8


def main() -> None:
    """Do jobs until stopped, then finish those at hand."""
    asyncio.run(_work())


async def _work() -> None:
    fetching = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with fetching.open_async():
        await fetching.run_worker_async(concurrency=CONCURRENCY, shutdown_graceful_timeout=GRACE_SECONDS)
