"""The tables refuse what must never be, in words that a clerk can read."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.verification.models import Batch, PopulationCopy, Register, RegisterEntry, Verdict
from lienthong.verification.states import MOVES, BatchAction, BatchState, CopyState

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> Register:
    return Register.objects.create(code="bao-tro", name="Đối tượng bảo trợ xã hội", created_at=NOW)


@pytest.fixture
def entry(register: Register) -> RegisterEntry:
    return RegisterEntry.objects.create(register=register, record_key="A1", full_name="Ma Thị Lan", digest="0" * 32)


def batch_of(register: Register, sequence: int = 1, **facts: object) -> Batch:
    return Batch.objects.create(register=register, year=2026, sequence=sequence, created_at=NOW, **facts)


def verdict_on(batch: Batch, entry: RegisterEntry, **facts: object) -> Verdict:
    said = {"status": "verified", "probability": 1.0, "is_linked": True, "stage": "exact", "digest": "1" * 32}
    return Verdict.objects.create(batch=batch, entry=entry, judged_at=NOW, **{**said, **facts})


def test_an_entry_has_one_verdict_in_a_batch_and_one_that_counts(register: Register, entry: RegisterEntry) -> None:
    first, second = batch_of(register), batch_of(register, 2)
    verdict_on(first, entry)

    for batch in (first, second):
        with pytest.raises(IntegrityError), transaction.atomic():
            verdict_on(batch, entry)
    verdict_on(second, entry, is_current=False)


def test_a_verdict_is_never_deleted(register: Register, entry: RegisterEntry) -> None:
    verdict_on(batch_of(register), entry)

    with pytest.raises(IntegrityError, match="chỉ được ghi thêm"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM verification_verdict")


def test_only_one_copy_of_the_population_is_in_use() -> None:
    facts = {"sha256": "0" * 64, "file_name": "dan-cu.parquet", "folder": "x", "loaded_at": NOW, "ready_at": NOW}
    PopulationCopy.objects.create(as_of=date(2026, 10, 1), state=CopyState.READY, **facts)

    with pytest.raises(IntegrityError, match="copy_one_in_use"):
        PopulationCopy.objects.create(as_of=date(2026, 11, 1), state=CopyState.READY, **facts)


def test_a_copy_is_not_ready_before_it_is_whole() -> None:
    with pytest.raises(IntegrityError, match="copy_ready_is_whole"):
        PopulationCopy.objects.create(
            as_of=date(2026, 10, 1), sha256="0" * 64, file_name="x", loaded_at=NOW, state=CopyState.READY
        )


def test_one_batch_of_a_register_works_at_a_time(register: Register) -> None:
    batch_of(register, 1, state=BatchState.RETURNED)

    with pytest.raises(IntegrityError, match="batch_one_at_work_per_register"):
        batch_of(register, 2, state=BatchState.RETURNED)


def test_the_table_of_moves_names_every_action_and_leaves_no_ended_batch_but_for_a_late_return() -> None:
    assert set(MOVES) == set(BatchAction)
    leaving = {action for action, move in MOVES.items() if set(move.origin) & {BatchState.DONE, BatchState.CANCELLED}}
    assert leaving == {BatchAction.TAKE_RETURN}
