"""A batch from a file to verdicts: whole or not at all, once and not twice, and only what changed where only that is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.verification import services
from lienthong.verification.models import Batch, Case, ColumnMapping, RegisterEntry, Verdict
from lienthong.verification.queries.batches import advance_of
from lienthong.verification.services import reading, running
from lienthong.verification.states import BatchState, CaseState
from tests.verification.fakes import (
    HUNG,
    LAN,
    MAI,
    FakePopulation,
    arrived,
    checked_batch,
    copy_in_use,
    csv_of,
    run,
)
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR, HOME_AFFAIRS)


def test_every_record_gets_a_verdict_and_those_that_need_a_person_a_case(
    world: World, officer: User, population: FakePopulation
) -> None:
    copy_in_use(world)
    population.statuses = {"A2": "number_missing", "A3": "not_found"}

    batch = run(checked_batch([LAN, HUNG, MAI], officer, world), officer, world)

    assert batch.state == BatchState.DONE
    assert batch.totals["register"] == {"verified": 1, "number_missing": 1, "not_found": 1}
    told = {verdict.entry.record_key: verdict for verdict in Verdict.objects.select_related("entry").order_by("id")}
    assert {key: one.status for key, one in told.items()} == batch_statuses("verified", "number_missing", "not_found")
    assert all(one.is_current for one in told.values())
    assert told["A1"].fields["name"] == {"verdict": "equal", "weight": 1.5}
    assert told["A1"].snapshot["full_name"] == "Ma Thị Lan"
    assert told["A3"].snapshot == {}
    cases = dict(Case.objects.order_by("id").values_list("entry__record_key", "kind"))
    assert cases == {"A2": "number_missing", "A3": "not_found"}
    assert Case.objects.get(kind="number_missing").touches_number
    assert Event.objects.filter(name="BatchFinished", payload__verdicts=3, payload__opened=2).exists()


def batch_statuses(*statuses: str) -> dict[str, str]:
    return dict(zip(("A1", "A2", "A3"), statuses, strict=True))


def test_running_a_batch_again_changes_nothing(world: World, officer: User, population: FakePopulation) -> None:
    copy_in_use(world)
    batch = run(checked_batch([LAN, HUNG], officer, world), officer, world)
    before = list(Verdict.objects.order_by("id").values()), list(Event.objects.order_by("id").values("hash"))

    running.run_batch(batch.pk)

    assert (list(Verdict.objects.order_by("id").values()), list(Event.objects.order_by("id").values("hash"))) == before


def test_a_new_batch_that_says_the_same_opens_no_case_that_somebody_ended(
    world: World, officer: User, population: FakePopulation
) -> None:
    copy_in_use(world)
    population.statuses = {"A2": "not_found", "A1": "birth_differs"}
    run(checked_batch([LAN, HUNG], officer, world), officer, world)
    Case.objects.filter(kind="not_found").update(state=CaseState.CLOSED, closed_at=world.now)

    second = run(checked_batch([LAN, HUNG], officer, world), officer, world)

    assert second.totals["published"]["opened"] == 0
    assert Case.objects.count() == 2
    # The open one goes on with the verdict that counts now.
    assert Case.objects.get(state=CaseState.OPEN).verdict.is_current


def test_a_verdict_that_changed_opens_its_case_anew_and_drops_what_was_proposed(
    world: World, officer: User, population: FakePopulation
) -> None:
    copy_in_use(world)
    population.statuses = {"A1": "birth_differs", "A2": "not_found"}
    run(checked_batch([LAN, HUNG], officer, world), officer, world)
    Case.objects.filter(kind="birth_differs").update(state=CaseState.PROPOSED, proposed_by=officer, decision="accept")
    Case.objects.filter(kind="not_found").update(state=CaseState.CLOSED, closed_at=world.now)

    population.statuses = {"A1": "dead", "A2": "birth_differs"}
    run(checked_batch([LAN, HUNG], officer, world), officer, world)

    first, closed, reopened = Case.objects.order_by("id")
    assert (first.kind, first.state, first.proposed_by, first.decision) == ("dead", CaseState.OPEN, None, "")
    assert (closed.state, reopened.kind, reopened.state) == (CaseState.CLOSED, "birth_differs", CaseState.OPEN)


def test_a_record_that_agrees_now_closes_its_case_by_itself(
    world: World, officer: User, population: FakePopulation
) -> None:
    copy_in_use(world)
    population.statuses = {"A1": "birth_differs"}
    run(checked_batch([LAN], officer, world), officer, world)
    population.statuses = {}
    run(checked_batch([LAN], officer, world), officer, world)

    case = Case.objects.get()
    assert (case.state, case.note) == (CaseState.CLOSED, "Tự khép: lần đối chiếu sau đã khớp.")


def test_a_batch_that_is_killed_while_it_writes_goes_on_without_asking_twice(
    world: World, officer: User, population: FakePopulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_in_use(world)
    batch = checked_batch([LAN, HUNG, MAI], officer, world)
    services.start_batch(services.RunBatch(batch_id=batch.pk), acting_user=officer, now=world.now)
    monkeypatch.setattr(running, "ROWS_AT_ONCE", 1)
    copied, real = [], running.copy_in

    def killed_after_two(table: str, rows: Any) -> None:
        if len(copied) == 2:
            raise KeyboardInterrupt
        copied.append(rows)
        real(table, rows)

    monkeypatch.setattr(running, "copy_in", killed_after_two)
    with pytest.raises(KeyboardInterrupt):
        running.run_batch(batch.pk)
    assert Verdict.objects.count() == 2
    assert not Verdict.objects.filter(is_current=True).exists(), "nothing counts before all of it does"
    written = set(Verdict.objects.values_list("id", flat=True))

    monkeypatch.setattr(running, "copy_in", real)
    running.run_batch(batch.pk)

    assert population.asked == 1
    assert Verdict.objects.filter(is_current=True).count() == 3
    assert written < set(Verdict.objects.values_list("id", flat=True))
    assert RegisterEntry.objects.count() == 3


def test_a_cancelled_batch_leaves_nothing_that_counts(world: World, officer: User, population: FakePopulation) -> None:
    copy_in_use(world)
    batch = checked_batch([LAN], officer, world)
    services.start_batch(services.RunBatch(batch_id=batch.pk), acting_user=officer, now=world.now)
    services.cancel_batch(batch.pk, acting_user=officer, now=world.now)

    running.run_batch(batch.pk)

    assert not Verdict.objects.filter(is_current=True).exists()
    with pytest.raises(services.NotInThisState, match="Đã hủy"):
        services.cancel_batch(batch.pk, acting_user=officer, now=world.now)


def test_a_delta_run_asks_only_about_what_changed_in_the_register(
    world: World, officer: User, population: FakePopulation
) -> None:
    copy_in_use(world)
    run(checked_batch([LAN, HUNG], officer, world), officer, world)
    changed = {**HUNG, "ngay_sinh": "1956"}

    batch = run(checked_batch([LAN, changed, MAI], officer, world), officer, world, kind="delta")

    assert population.since is not None
    assert population.since.changed == {"A2", "A3"}
    assert batch.totals["batch"] == {"verified": 2}
    assert batch.totals["register"] == {"verified": 3}
    assert batch.totals["taken"] == {"added": 1, "changed": 1, "left": 0}


def test_a_delta_run_needs_a_run_before(world: World, officer: User, population: FakePopulation) -> None:
    copy_in_use(world)
    batch = checked_batch([LAN], officer, world)

    with pytest.raises(services.NothingBefore):
        run(batch, officer, world, kind="delta")


def test_a_record_that_left_the_register_is_kept_and_its_case_closed(
    world: World, officer: User, population: FakePopulation
) -> None:
    copy_in_use(world)
    population.statuses = {"A2": "not_found"}
    run(checked_batch([LAN, HUNG], officer, world), officer, world)

    run(checked_batch([LAN], officer, world), officer, world)

    assert not RegisterEntry.objects.get(record_key="A2").is_current
    assert Case.objects.get().note == "Tự khép: bản ghi không còn trong sổ."


def test_what_was_corrected_here_stays_when_the_file_says_the_same_again(
    world: World, officer: User, population: FakePopulation
) -> None:
    copy_in_use(world)
    run(checked_batch([LAN], officer, world), officer, world)
    RegisterEntry.objects.update(birth_date="06/07/1960")

    run(checked_batch([LAN], officer, world), officer, world)

    assert RegisterEntry.objects.get().birth_date == "06/07/1960"


def test_columns_once_confirmed_are_remembered(world: World, officer: User, population: FakePopulation) -> None:
    first = checked_batch([LAN], officer, world)
    mapping = ColumnMapping.objects.get()
    mapping.mapping = {**mapping.mapping, "list_name": "gioi_tinh", "sex": None}
    mapping.save()
    command = services.CreateBatch(
        register_id=first.register_id, file=arrived(csv_of([HUNG])), file_name="so.csv", client_key=uuid4()
    )

    second = services.create_batch(command, acting_user=officer, now=world.now)
    reading.read_batch(second.pk)

    second.refresh_from_db()
    assert second.reading["remembered"]
    assert second.reading["mapping"]["list_name"] == "gioi_tinh"


def test_a_file_that_cannot_be_read_stops_the_batch_with_a_sentence(world: World, officer: User) -> None:
    command = services.CreateBatch(
        register_name="Sổ", file=arrived(b"%PDF-1.7 abc"), file_name="so.xlsx", client_key=uuid4()
    )
    batch = services.create_batch(command, acting_user=officer, now=world.now)

    reading.read_batch(batch.pk)

    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED
    assert "PDF" in batch.failure
    assert not RegisterEntry.objects.exists()


def test_pressing_twice_makes_one_batch(world: World, officer: User) -> None:
    command = services.CreateBatch(
        register_name="Sổ", file=arrived(csv_of([LAN])), file_name="so.csv", client_key=uuid4()
    )
    first = services.create_batch(command, acting_user=officer, now=world.now)
    second = services.create_batch(command, acting_user=officer, now=world.now)

    assert first.pk == second.pk
    assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "agency"), [(Role.PROCESSOR, COMMUNE), (Role.AUDITOR, HOME_AFFAIRS), (Role.LEADER, COMMUNE)]
)
def test_only_officers_of_the_province_make_batches(world: World, role: Role, agency: str) -> None:
    command = services.CreateBatch(register_name="Sổ", source_key="people", client_key=uuid4())

    with pytest.raises(services.NotForYou):
        services.create_batch(command, acting_user=world.officer(role, agency), now=world.now)


def test_nothing_runs_without_a_copy_of_the_population(world: World, officer: User, population: FakePopulation) -> None:
    with pytest.raises(services.NoCopyYet, match="Nạp một bản sao"):
        run(checked_batch([LAN], officer, world), officer, world)


def test_the_people_of_this_house_are_a_register_of_their_own(
    world: World, officer: User, population: FakePopulation
) -> None:
    world.citizen("Hoàng Thị Ổn")
    command = services.CreateBatch(source_key="people", client_key=uuid4())
    batch = services.create_batch(command, acting_user=officer, now=world.now)
    reading.read_batch(batch.pk)
    reading.check_batch(batch.pk)
    copy_in_use(world)
    batch.refresh_from_db()

    run(batch, officer, world)

    entry = RegisterEntry.objects.get(full_name="Hoàng Thị Ổn")
    assert (entry.birth_date, entry.sex) == ("01/05/1990", "Nữ")


@pytest.mark.parametrize(("share", "left"), [(0.01, None), (0.1, None), (0.25, 180), (1.0, None)])
def test_no_time_is_named_before_more_than_the_first_mark_is_reached(
    world: World, share: float, left: int | None
) -> None:
    began = world.now - timedelta(minutes=1)

    advance = advance_of({"stage": "Đọc tệp", "share": share, "began": began.isoformat()}, now=world.now)

    assert advance.seconds_left == left
