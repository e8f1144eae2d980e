"""What follows a fact of verification, as jobs: read, check, run, write, take in. Each may run twice and does its work once."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy

from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.infra.working import WorkedElsewhere
from lienthong.verification import batch_events
from lienthong.verification.adapters.duplicates import find_duplicates
from lienthong.verification.models import Batch
from lienthong.verification.services import copies, duplicates, exchange, quality, reading, running
from lienthong.verification.states import BatchState

# Whoever holds the work may be finishing it, or be the dying end of a worker that was killed: looking again later shows which.
# The database may have gone away and come back. A second look at work that is done does nothing.
LATER = RetryStrategy(max_attempts=200, wait=15, retry_exceptions={WorkedElsewhere, OperationalError, InterfaceError})


def _payload(event_id: int, name: str) -> int:
    return int(Event.objects.get(pk=event_id).payload[name])


@app.task(name="verification.prepare_copy", queue="verification", retry=LATER)
def prepare_copy(*, event_id: int) -> None:
    """Prepare a copy of the population data. Chuẩn bị bản sao dữ liệu dân cư."""
    copies.prepare_population_copy(_payload(event_id, "copy_id"))


@app.task(name="verification.read_batch", queue="verification", retry=LATER)
def read_batch(*, event_id: int) -> None:
    """Read the file or source of a batch. Đọc tệp của đợt."""
    reading.read_batch(_payload(event_id, "batch_id"))


@app.task(name="verification.check_batch", queue="verification", retry=LATER)
def check_batch(*, event_id: int) -> None:
    """Check a batch before it is sent. Kiểm tra trước khi gửi."""
    reading.check_batch(_payload(event_id, "batch_id"))


@app.task(name="verification.check_source", queue="verification", retry=LATER)
def check_source(*, event_id: int) -> None:
    """Check a batch whose register is one of this house: nobody has columns to confirm."""
    batch_id = _payload(event_id, "batch_id")
    if Batch.objects.filter(pk=batch_id, state=BatchState.MAPPED, file_sha256="").exists():
        check_batch(event_id=event_id)


@app.task(name="verification.run_batch", queue="verification", retry=LATER)
def run_batch(*, event_id: int) -> None:
    """Run a batch. Chạy đợt xác thực."""
    running.run_batch(_payload(event_id, "batch_id"))


@app.task(name="verification.write_exchange_file", queue="verification", retry=LATER)
def write_exchange_file(*, event_id: int) -> None:
    """Write the file for the police. Viết tệp gửi Công an."""
    event = Event.objects.get(pk=event_id)
    exchange.write_exchange_file(int(event.payload["batch_id"]), file_format=event.payload["file_format"])


@app.task(name="verification.take_in_return", queue="verification", retry=LATER)
def take_in_return(*, event_id: int) -> None:
    """Take a returned file in. Ghi tệp Công an trả."""
    exchange.take_in_return(_payload(event_id, "exchange_id"))


@app.task(name="verification.count_quality", queue="verification")
def count_quality(*, event_id: int) -> None:
    """Count the quality of the register that a batch has just verified. Đếm lại chất lượng của sổ vừa xác thực."""
    event = Event.objects.get(pk=event_id)
    register_id = Batch.objects.values_list("register_id", flat=True).get(pk=event.payload["batch_id"])
    quality.count_quality(register_ids=[register_id], now=event.at)


@app.periodic(cron="50 16 * * *")
@app.task(name="verification.keep_quality", queue="verification", queueing_lock="verification.keep_quality")
def keep_quality(timestamp: int) -> None:
    """Count every register and freeze the months that are over, at 23:50 of Vietnamese time. Đếm và chốt chất lượng."""
    now = datetime.fromtimestamp(timestamp, UTC)
    quality.count_quality(now=now)
    quality.freeze_quality(now=now)


@app.periodic(cron="10 19 * * *")
@app.task(name="verification.seek_duplicates", queue="verification", queueing_lock="verification.seek_duplicates")
def seek_duplicates(timestamp: int) -> None:
    """Look for duplicates over all registers, at 02:10 of Vietnamese time. Tìm bản ghi trùng."""
    duplicates.seek_duplicates(find=find_duplicates, now=datetime.fromtimestamp(timestamp, UTC))


subscribe(batch_events.PopulationCopyArrived, [prepare_copy])
subscribe(batch_events.BatchCreated, [read_batch])
subscribe(batch_events.BatchRead, [check_source])
subscribe(batch_events.ColumnsConfirmed, [check_batch])
subscribe(batch_events.BatchStarted, [run_batch])
subscribe(batch_events.BatchSent, [write_exchange_file])
subscribe(batch_events.BatchReturned, [take_in_return])
subscribe(batch_events.BatchFinished, [count_quality])
