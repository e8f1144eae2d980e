"""What follows a fact of payments, as jobs. Each may run twice and does its work once."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy

from lienthong.accounts.models import User
from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.infra.working import WorkedElsewhere
from lienthong.payments import account_events, events, file_events
from lienthong.payments.services import account_import, collecting, making_files, uploading

# Whoever holds the work may be finishing it, or be the dying end of a worker that was killed: looking again later shows which.
LATER = RetryStrategy(max_attempts=200, wait=15, retry_exceptions={WorkedElsewhere, OperationalError, InterfaceError})


@app.task(name="payments.collect_run", queue="payments", retry=LATER)
def collect_run(*, event_id: int) -> None:
    """Collect the lines of a run. Tổng hợp đợt chi trả."""
    collecting.collect_run(int(Event.objects.get(pk=event_id).payload["run_id"]))


@app.task(name="payments.make_files", queue="payments", retry=LATER)
def make_files(*, event_id: int) -> None:
    """Make the files of a run for whoever asked. Lập tệp chi trả."""
    asked = Event.objects.get(pk=event_id)
    user = User.objects.get(pk=asked.actor_id or 0)
    making_files.make_files(int(asked.payload["run_id"]), acting_user=user, now=asked.at)


@app.task(name="payments.take_in_upload", queue="payments", retry=LATER)
def take_in_upload(*, event_id: int) -> None:
    """Read and reconcile a file of a bank for whoever sent it in. Nhập sao kê và đối soát."""
    asked = Event.objects.get(pk=event_id)
    user = User.objects.get(pk=asked.actor_id or 0)
    uploading.take_in_upload(int(asked.payload["upload_id"]), acting_user=user, now=asked.at)


@app.task(name="payments.read_accounts", queue="payments", retry=LATER)
def read_accounts(*, event_id: int) -> None:
    """Read a list of accounts for whoever loaded it. Nạp danh sách tài khoản."""
    asked = Event.objects.get(pk=event_id)
    user = User.objects.get(pk=asked.actor_id or 0)
    account_import.read_loaded(int(asked.payload["import_id"]), acting_user=user, now=asked.at)


@app.task(name="payments.write_accounts", queue="payments", retry=LATER)
def write_accounts(*, event_id: int) -> None:
    """Write a list of accounts for whoever asked as the second person. Ghi danh sách tài khoản."""
    asked = Event.objects.get(pk=event_id)
    user = User.objects.get(pk=asked.actor_id or 0)
    account_import.write_committed(int(asked.payload["import_id"]), acting_user=user, now=asked.at)


subscribe(account_events.AccountsReadAsked, [read_accounts])
subscribe(account_events.AccountsWriteAsked, [write_accounts])
subscribe(events.PaymentRunOpened, [collect_run])
subscribe(events.PaymentRunRetried, [collect_run])
subscribe(file_events.PaymentFilesAsked, [make_files])
subscribe(file_events.StatementUploadAsked, [take_in_upload])
