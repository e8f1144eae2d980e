"""What follows a fact of verification, as jobs: read, check, run, write, take in. Each may run twice and does its work once."""

from __future__ import annotations

from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.verification import batch_events
from lienthong.verification.models import Batch
from lienthong.verification.services import copies, exchange, reading, running
from lienthong.verification.services.working import WorkedElsewhere
from lienthong.verification.states import BatchState


def _payload(event_id: int, name: str) -> int:
    return int(Event.objects.get(pk=event_id).payload[name])


@app.task(name="verification.prepare_copy", queue="verification")
def prepare_copy(*, event_id: int) -> None:
    """Prepare a copy of the population data. Chuẩn bị bản sao dữ liệu dân cư."""
    try:
        copies.prepare_population_copy(_payload(event_id, "copy_id"))
    except WorkedElsewhere:
        return


@app.task(name="verification.read_batch", queue="verification")
def read_batch(*, event_id: int) -> None:
    """Read the file or source of a batch. Đọc tệp của đợt."""
    try:
        reading.read_batch(_payload(event_id, "batch_id"))
    except WorkedElsewhere:
        return


@app.task(name="verification.check_batch", queue="verification")
def check_batch(*, event_id: int) -> None:
    """Check a batch before it is sent. Kiểm tra trước khi gửi."""
    try:
        reading.check_batch(_payload(event_id, "batch_id"))
    except WorkedElsewhere:
        return


@app.task(name="verification.check_source", queue="verification")
def check_source(*, event_id: int) -> None:
    """Check a batch whose register is one of this house: nobody has columns to confirm."""
    batch_id = _payload(event_id, "batch_id")
    if Batch.objects.filter(pk=batch_id, state=BatchState.MAPPED, file_sha256="").exists():
        check_batch(event_id=event_id)


@app.task(name="verification.run_batch", queue="verification")
def run_batch(*, event_id: int) -> None:
    """Run a batch. Chạy đợt xác thực."""
    try:
        running.run_batch(_payload(event_id, "batch_id"))
    except WorkedElsewhere:
        return


@app.task(name="verification.write_exchange_file", queue="verification")
def write_exchange_file(*, event_id: int) -> None:
    """Write the file for the police. Viết tệp gửi Công an."""
    event = Event.objects.get(pk=event_id)
    try:
        exchange.write_exchange_file(int(event.payload["batch_id"]), file_format=event.payload["file_format"])
    except WorkedElsewhere:
        return


@app.task(name="verification.take_in_return", queue="verification")
def take_in_return(*, event_id: int) -> None:
    """Take a returned file in. Ghi tệp Công an trả."""
    try:
        exchange.take_in_return(_payload(event_id, "exchange_id"))
    except WorkedElsewhere:
        return


subscribe(batch_events.PopulationCopyArrived, [prepare_copy])
subscribe(batch_events.BatchCreated, [read_batch])
subscribe(batch_events.BatchRead, [check_source])
subscribe(batch_events.ColumnsConfirmed, [check_batch])
subscribe(batch_events.BatchStarted, [run_batch])
subscribe(batch_events.BatchSent, [write_exchange_file])
subscribe(batch_events.BatchReturned, [take_in_return])
