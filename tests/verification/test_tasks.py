"""From a fact to what follows: the jobs that a committed fact starts carry a batch to its end by themselves."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.dispatch import subscribers
from lienthong.infra.models import Event
from lienthong.verification import health, services, store
from lienthong.verification.models import Batch
from lienthong.verification.states import BatchState
from tests.verification.fakes import LAN, FakePopulation, arrived, checked_batch, copy_in_use, csv_of
from tests.world import HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db


def do_jobs(done: set[int]) -> None:
    """Do the jobs of every fact that is new, those of the facts that these record too; each job twice, as it may be."""
    while new := list(Event.objects.exclude(pk__in=done).order_by("id")):
        for event in new:
            done.add(event.pk)
            for task in subscribers().get(event.name, []) if event.stream.startswith("batch:") else []:
                task(event_id=event.pk)
                task(event_id=event.pk)


def test_a_file_is_read_checked_and_run_by_jobs_alone(world: World, population: FakePopulation) -> None:
    officer, done = world.officer(Role.PROCESSOR, HOME_AFFAIRS), set(Event.objects.values_list("pk", flat=True))
    copy_in_use(world)
    command = services.CreateBatch(
        register_name="Sổ", file=arrived(csv_of([LAN])), file_name="so.csv", client_key=uuid4()
    )
    batch = services.create_batch(command, acting_user=officer, now=world.now)
    do_jobs(done)
    batch = Batch.objects.get()
    assert batch.reading["rows"] == 1

    confirm = services.ConfirmColumns(batch_id=batch.pk, mapping=batch.reading["mapping"])
    services.confirm_columns(confirm, acting_user=officer, now=world.now)
    do_jobs(done)
    services.start_batch(services.RunBatch(batch_id=batch.pk), acting_user=officer, now=world.now)
    do_jobs(done)

    batch = Batch.objects.get()
    assert batch.state == BatchState.DONE
    assert population.asked == 1


def test_a_register_of_this_house_is_checked_without_anybody_confirming_columns(
    world: World, population: FakePopulation
) -> None:
    officer, done = world.officer(Role.PROCESSOR, HOME_AFFAIRS), set(Event.objects.values_list("pk", flat=True))
    world.citizen()
    command = services.CreateBatch(source_key="people", client_key=uuid4())
    services.create_batch(command, acting_user=officer, now=world.now)

    do_jobs(done)

    assert Batch.objects.get().state == BatchState.CHECKED


def test_the_doctor_finds_a_copy_and_a_batch_whose_files_are_gone(world: World, population: FakePopulation) -> None:
    batch = checked_batch([LAN], world.officer(Role.PROCESSOR, HOME_AFFAIRS), world)
    assert list(health.batches_whose_files_are_gone()) == []
    copy_in_use(world)

    store.batch_file(batch.pk, "register.parquet").unlink()

    assert [batch.number in said for said in health.batches_whose_files_are_gone()] == [True]
    assert "people.parquet" in next(health.copies_that_are_gone())
