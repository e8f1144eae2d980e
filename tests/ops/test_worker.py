"""The worker, in a house of its own: what a job defers lives and dies with the transaction of the job."""

from collections.abc import Iterator

import pytest

from tests.ops.house_bench import House, new_house

pytestmark = pytest.mark.slow

JOBS = """
import asyncio
from django.db import transaction
from lienthong.infra.jobs import app
from lienthong.ops import worker

@app.task(name="inner")
def inner(): pass

@app.task(name="committed")
def committed():
    with transaction.atomic():
        inner.configure(lock="of committed").defer()

@app.task(name="rolled_back")
def rolled_back():
    with transaction.atomic():
        inner.configure(lock="of rolled back").defer()
        raise ValueError("the job fails after it has deferred another")

committed.defer()
rolled_back.defer()
asyncio.run(worker.work(wait=False, listen_notify=False, install_signal_handlers=False))
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with new_house() as one:
        done = one.run("shell", "--no-imports", "-c", JOBS)
        assert done.returncode == 0, done.stdout + done.stderr
        yield one


def test_does_the_jobs(house: House) -> None:
    assert house.sql("SELECT status FROM procrastinate_jobs WHERE task_name = 'committed'") == "succeeded"


def test_defers_what_a_committed_job_deferred(house: House) -> None:
    assert house.sql("SELECT count(*) FROM procrastinate_jobs WHERE lock = 'of committed'") == "1"


def test_forgets_what_a_job_deferred_that_was_rolled_back(house: House) -> None:
    assert house.sql("SELECT status FROM procrastinate_jobs WHERE task_name = 'rolled_back'") == "failed"
    assert house.sql("SELECT count(*) FROM procrastinate_jobs WHERE lock = 'of rolled back'") == "0"


CUT_OFF = """
import asyncio
from django.db import connection
from lienthong.infra.jobs import app
from lienthong.ops import worker

@app.task(name="cut_off")
def cut_off(kind): pass

for kind, attempts, silent in (("lone", 0, 60), ("tried", worker.TRIES_OF_A_RESCUED_JOB, 60), ("alive", 0, 0)):
    number = cut_off.configure(queue="q-" + kind).defer(kind=kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent],
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = %s WHERE id = %s",
            [attempts, cursor.fetchone()[0], number],
        )

async def rescue():
    fetching = app.with_connector(app.connector.get_worker_connector())
    async with fetching.open_async():
        await worker.rescue_once(fetching.job_manager)

asyncio.run(rescue())
"""


def test_gives_back_what_a_killed_worker_had_at_hand(house: House) -> None:
    done = house.run("shell", "--no-imports", "-c", CUT_OFF)
    assert done.returncode == 0, done.stdout + done.stderr
    states = "SELECT string_agg(queue_name || ' ' || status, ', ' ORDER BY id) FROM procrastinate_jobs WHERE task_name = 'cut_off'"
    assert house.sql(states) == "q-lone todo, q-tried failed, q-alive doing"
