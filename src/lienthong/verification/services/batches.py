"""A batch from its beginning to the moment it runs: made, columns confirmed, checked, chosen how, cancelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.accounts.policies import mandates_of
from lienthong.infra import locks
from lienthong.infra.events import Fact, record
from lienthong.kernel.days import local_day
from lienthong.verification import batch_events, policies, sources, store
from lienthong.verification.models import Batch, ColumnMapping, PopulationCopy, Register
from lienthong.verification.queries.thresholds import threshold_in_force
from lienthong.verification.states import (
    MOVES,
    WORKING_BATCHES,
    BatchAction,
    BatchKind,
    BatchMode,
    BatchState,
    CopyState,
)


class BatchRefused(Exception):
    """Base of why something is not done with a batch, in words."""


class NotForYou(BatchRefused):
    """The user runs no batches on this day."""

    def __init__(self) -> None:
        super().__init__(
            _("Chỉ cán bộ được phân công ở cơ quan cấp tỉnh mới lập và chạy đợt xác thực. Hãy hỏi người phụ trách.")
        )


class NotInThisState(BatchRefused):
    """The move is not in the table for the state of the batch."""

    def __init__(self, batch: Batch, action: BatchAction) -> None:
        super().__init__(
            _(
                "Đợt %(number)s đang ở trạng thái “%(state)s” nên chưa thể “%(action)s”. Tải lại trang để xem việc tiếp theo."
            )
            % {"number": batch.number, "state": BatchState(batch.state).label, "action": action.label}
        )


class RegisterBusy(BatchRefused):
    """Another batch of the register is at work."""

    def __init__(self, other: Batch) -> None:
        super().__init__(
            _("Sổ này đang có đợt %(number)s chạy dở. Chờ đợt đó xong, hoặc hủy đợt đó rồi chạy lại.")
            % {"number": other.number}
        )


class Overtaken(BatchRefused):
    """A younger batch has brought the register up to date: this one would put older records over newer ones."""

    def __init__(self, newer: Batch) -> None:
        super().__init__(
            _("Sổ này đã có đợt mới hơn là %(number)s. Hãy hủy đợt này và lập đợt mới từ tệp mới nhất của sổ.")
            % {"number": newer.number}
        )


class NoCopyYet(BatchRefused):
    """There is no copy of the population data to run on."""

    def __init__(self) -> None:
        super().__init__(
            _("Chưa có bản sao dữ liệu dân cư nào sẵn sàng. Nạp một bản sao, hoặc chọn gửi tệp cho Công an.")
        )


class NothingBefore(BatchRefused):
    """A delta run follows a whole one; there is none."""

    def __init__(self) -> None:
        super().__init__(
            _("Sổ này chưa có đợt đối chiếu nào xong, nên chưa có gì để so thay đổi. Hãy chạy toàn bộ sổ.")
        )


class NothingToRead(BatchRefused):
    """Neither a file nor a register of this house was named."""

    def __init__(self) -> None:
        super().__init__(_("Chọn một sổ có sẵn trong hệ thống, hoặc chọn một tệp."))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateBatch:
    """Begin a batch. Lập đợt xác thực.

    Args:
        register_id: A register that is known; None opens a new one.
        register_name: Name of the new register.
        source_key: A source of this house for the new register; empty for files.
        file: What ``store.take_in`` took in; None reads the source.
        file_name: The sender's name of the file.
        client_key: Key that the form chose: a second press does nothing.
    """

    register_id: int | None = None
    register_name: str = ""
    source_key: str = ""
    file: store.Arrived | None = None
    file_name: str = ""
    client_key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBatch:
    """Choose how a checked batch is verified. Chạy đợt xác thực."""

    batch_id: int
    kind: BatchKind = BatchKind.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmColumns:
    """Say which column of the file is which field: ``mapping`` as the plain data of ``tables.ColumnMapping``."""

    batch_id: int
    mapping: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def create_batch(command: CreateBatch, *, acting_user: User, now: datetime) -> Batch:
    """Begin a batch; a job then reads the file or the source.

    Raises:
        NotForYou: The user runs no batches.
        NothingToRead: Neither a file nor a source was named.
    """
    _check_runs(acting_user, now)
    locks.hold("batches")
    known = Batch.objects.filter(client_key=command.client_key).first()
    if known is not None:
        return known
    register = _register_for(command, acting_user, now)
    if command.file is None and not register.source_key:
        raise NothingToRead
    year = local_day(now).year
    last = Batch.objects.filter(year=year).aggregate(last=Max("sequence"))["last"] or 0
    batch = Batch.objects.create(
        register=register,
        year=year,
        sequence=last + 1,
        file_sha256=command.file.sha256 if command.file else "",
        file_name=command.file_name[:255] if command.file else "",
        requested_by=acting_user,
        created_at=now,
        client_key=command.client_key,
        threshold=threshold_in_force(),
        progress={"stage": _("Chờ đọc dữ liệu"), "share": 0.0, "began": now.isoformat()},
    )
    fact = batch_events.BatchCreated(
        batch_id=batch.pk, number=batch.number, register_id=register.pk, kind=batch.kind, file_sha256=batch.file_sha256
    )
    record(fact, stream=batch.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return batch


@transaction.atomic
def confirm_columns(command: ConfirmColumns, *, acting_user: User, now: datetime) -> Batch:
    """Confirm which column is which field, and remember it for files with the same head; a job then checks the rows.

    Raises:
        BatchRefused: Not for this user or not in this state.
    """
    batch = held_for(command.batch_id, BatchAction.CONFIRM_COLUMNS, acting_user=acting_user, now=now)
    if not batch.reading.get("signature"):
        raise NotInThisState(batch, BatchAction.CONFIRM_COLUMNS)
    mapping, _new = ColumnMapping.objects.update_or_create(
        register=batch.register,
        signature=batch.reading["signature"],
        defaults={"mapping": command.mapping, "confirmed_by": acting_user, "confirmed_at": now},
    )
    batch.mapping, batch.findings, batch.failure = mapping, {}, ""
    batch.progress = {"stage": _("Chờ kiểm tra"), "share": 0.0, "began": now.isoformat()}
    _move(batch, BatchAction.CONFIRM_COLUMNS)
    record(
        batch_events.ColumnsConfirmed(batch_id=batch.pk, mapping_id=mapping.pk),
        stream=batch.stream, actor_id=acting_user.pk, at=now,
    )  # fmt: skip
    return batch


@transaction.atomic
def start_batch(command: RunBatch, *, acting_user: User, now: datetime) -> Batch:
    """Let a checked batch run against the copy of the population data that is in use.

    Raises:
        BatchRefused: Not for this user, not in this state, no copy, another batch at work, or nothing to compare with.
    """
    batch = held_for(command.batch_id, BatchAction.RUN, acting_user=acting_user, now=now)
    _check_free(batch)
    if batch.totals.get("answered") is not None:
        # What failed after the answers were there goes on with them, as it was begun.
        batch.failure = ""
        _move(batch, BatchAction.RUN)
        record(batch_events.BatchStarted(batch_id=batch.pk), stream=batch.stream, actor_id=acting_user.pk, at=now)
        return batch
    copy = PopulationCopy.objects.filter(state=CopyState.READY).first()
    if copy is None:
        raise NoCopyYet
    if command.kind == BatchKind.DELTA:
        batch.previous = last_done(batch.register_id)
        if batch.previous is None:
            raise NothingBefore
    batch.kind, batch.mode, batch.population_copy = command.kind, BatchMode.LOCAL_COPY, copy
    batch.started_at, batch.failure = now, ""
    batch.progress = {"stage": _("Chờ máy bắt đầu"), "share": 0.0, "began": now.isoformat()}
    _move(batch, BatchAction.RUN)
    record(batch_events.BatchStarted(batch_id=batch.pk), stream=batch.stream, actor_id=acting_user.pk, at=now)
    return batch


@transaction.atomic
def send_batch(batch_id: int, *, file_format: str, acting_user: User, now: datetime) -> Batch:
    """Send a checked batch to the police as a file; a job writes it.

    Raises:
        BatchRefused: Not for this user, not in this state, or another batch of the register is at work.
    """
    batch = held_for(batch_id, BatchAction.SEND, acting_user=acting_user, now=now)
    _check_free(batch)
    batch.mode, batch.started_at, batch.failure = BatchMode.POLICE_EXCHANGE, now, ""
    batch.progress = {"stage": _("Đang viết tệp gửi Công an"), "share": 0.0, "began": now.isoformat()}
    _move(batch, BatchAction.SEND)
    fact = batch_events.BatchSent(batch_id=batch.pk, file_format=file_format)
    record(fact, stream=batch.stream, actor_id=acting_user.pk, at=now)
    return batch


@transaction.atomic
def cancel_batch(batch_id: int, *, acting_user: User, now: datetime) -> Batch:
    """Stop a batch for good. Nothing of it counts: verdicts count only when a whole batch is there.

    Raises:
        BatchRefused: Not for this user, or it has ended.
    """
    batch = held_for(batch_id, BatchAction.CANCEL, acting_user=acting_user, now=now)
    batch.finished_at = now
    _move(batch, BatchAction.CANCEL)
    record(batch_events.BatchCancelled(batch_id=batch.pk), stream=batch.stream, actor_id=acting_user.pk, at=now)
    return batch


def held_for(batch_id: int, action: BatchAction, *, acting_user: User, now: datetime) -> Batch:
    """Lock a batch for an action of a user, in the running transaction.

    Raises:
        BatchRefused: Not for this user or not in this state.
    """
    _check_runs(acting_user, now)
    batch = Batch.objects.select_for_update(of=("self",)).select_related("register").filter(pk=batch_id).first()
    if batch is None:
        raise BatchRefused(_("Không có đợt xác thực này. Mở lại danh sách đợt và chọn lại."))
    if batch.state not in MOVES[action].origin:
        raise NotInThisState(batch, action)
    return batch


def moved(batch: Batch, action: BatchAction, fact: Fact, *, now: datetime, actor_id: int | None = None) -> None:
    """Move a batch that the caller has locked, and record why: what jobs do at the end of a stage."""
    _move(batch, action)
    record(fact, stream=batch.stream, actor_id=actor_id, at=now)


def last_done(register_id: int) -> Batch | None:
    """Return the last batch of a register that ran to its end on a copy."""
    done = Batch.objects.filter(register_id=register_id, state=BatchState.DONE, mode=BatchMode.LOCAL_COPY)
    return done.select_related("population_copy").order_by("-id").first()


def _move(batch: Batch, action: BatchAction) -> None:
    if batch.state not in MOVES[action].origin:
        raise NotInThisState(batch, action)
    batch.state = MOVES[action].target
    batch.save()


def _check_runs(user: User, now: datetime) -> None:
    if not policies.runs_batches(user, on=local_day(now)):
        raise NotForYou


def _check_free(batch: Batch) -> None:
    locks.hold(f"register:{batch.register_id}")
    busy = Batch.objects.filter(register_id=batch.register_id, state__in=WORKING_BATCHES).exclude(pk=batch.pk)
    other = busy.order_by("id").first()
    if other is not None:
        raise RegisterBusy(other)
    younger = Batch.objects.filter(register_id=batch.register_id, pk__gt=batch.pk, totals__has_key="taken")
    newer = younger.order_by("-id").first()
    if newer is not None:
        raise Overtaken(newer)


def _register_for(command: CreateBatch, user: User, now: datetime) -> Register:
    if command.register_id is not None:
        known = Register.objects.filter(pk=command.register_id).first()
        if known is None:
            raise BatchRefused(_("Không có sổ này. Mở lại trang và chọn lại sổ."))
        return known
    if command.source_key:
        source = sources.source_of(command.source_key)
        return _opened(source.key, source.name, source.key, user, now)
    if not command.register_name.strip():
        raise NothingToRead
    same = Register.objects.filter(name=command.register_name.strip(), source_key="").first()
    if same is not None:
        return same
    number = Register.objects.count() + 1
    while Register.objects.filter(code=f"so-{number}").exists():
        number += 1
    return _opened(f"so-{number}", command.register_name.strip()[:200], "", user, now)


def _opened(code: str, name: str, source_key: str, user: User, now: datetime) -> Register:
    known = Register.objects.filter(code=code).first()
    if known is not None:
        return known
    held = [mandate.agency for mandate in mandates_of(user, on=local_day(now))]
    register = Register.objects.create(
        code=code, name=name, source_key=source_key, owner=held[0] if held else None, created_at=now
    )
    fact = batch_events.RegisterOpened(register_id=register.pk, code=code)
    record(fact, stream=register.stream, actor_id=user.pk, at=now)
    return register
