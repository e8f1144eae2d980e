"""A population that answers as told, registers to ask it about, and batches brought to where a test begins."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import polars as pl

from lienthong.accounts.models import User
from lienthong.verification import services, store
from lienthong.verification.models import Batch, PopulationCopy, Register
from lienthong.verification.ports import ANSWER_SCHEMA, FIELDS, SNAPSHOT, Answer, PopulationPort, Progress, Since
from lienthong.verification.services import reading, running
from lienthong.verification.states import CopyState
from tests.world import World

LAN = {"rid": "A1", "so_giay_to": "019190000001", "ho_ten": "Ma Thị Lan", "ngay_sinh": "05/07/1960", "gioi_tinh": "Nữ"}
HUNG = {"rid": "A2", "so_giay_to": "", "ho_ten": "Nông Văn Hùng", "ngay_sinh": "1955", "gioi_tinh": "Nam"}
MAI = {"rid": "A3", "so_giay_to": "019160000003", "ho_ten": "Lý Thị Mai", "ngay_sinh": "01/02/1970", "gioi_tinh": "Nữ"}


class FakePopulation(PopulationPort):
    """Says of each record the status that it was told, verified where it was told nothing; counts how often it was asked."""

    def __init__(self, statuses: Mapping[str, str] | None = None, *, absent: Sequence[str] = ()) -> None:
        self.statuses, self.absent, self.asked = dict(statuses or {}), set(absent), 0
        self.since: Since | None = None

    def ask(self, register: pl.DataFrame, *, since: Since | None = None, progress: Progress | None = None) -> Answer:
        self.asked += 1
        self.since = since
        rows = register.filter(~pl.col("record_id").is_in(sorted(self.absent)))
        if since is not None:
            rows = rows.filter(pl.col("record_id").is_in(sorted(since.changed)))
        told = [self._verdict(row) for row in rows.iter_rows(named=True)]
        return Answer(pl.DataFrame(told, schema=ANSWER_SCHEMA), {"levels": {}}, [{"band": "0.99"}])

    def _verdict(self, row: Mapping[str, Any]) -> dict[str, Any]:
        status = self.statuses.get(row["record_id"], "verified")
        found = status not in {"not_found", "several_candidates"}
        person = {name: row.get(name) for name in SNAPSHOT if name != "life_status"}
        return {
            "record_id": row["record_id"], "status": status, "tags": [], "number": "019190000009" if found else None,
            "probability": 0.999 if found else 0.2, "is_linked": found, "stage": "exact" if found else "none",
            **{f"{name}_verdict": "equal" for name in FIELDS}, **{f"{name}_weight": 1.5 for name in FIELDS},
            "runner_up": None, "runner_up_probability": None, "runner_up_reason": "", "explanation": "Khớp.",
            "snapshot": person if found else None,
        }  # fmt: skip


def csv_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return rows as a register file."""
    return pl.DataFrame(list(rows)).write_csv(include_bom=True).encode()


def arrived(content: bytes, name: str = "so.csv") -> store.Arrived:
    return store.take_in(io.BytesIO(content), name=name)


def nothing_wrong(_frame: pl.DataFrame, *, this_year: int) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("record_id", "finding", "field", "message"), pl.String))


def copy_in_use(world: World, *, as_of: Any = None) -> PopulationCopy:
    return PopulationCopy.objects.create(
        as_of=as_of or world.today.replace(day=1), sha256="a" * 64, file_name="dan-cu.parquet", folder="copy", state=CopyState.READY,
        loaded_at=world.now, ready_at=world.now, rows=3,
    )  # fmt: skip


def checked_batch(
    rows: Sequence[Mapping[str, str]], officer: User, world: World, *, register: Register | None = None
) -> Batch:
    """Return a batch of a file, its columns confirmed and its rows checked."""
    command = services.CreateBatch(
        register_id=register.pk if register else None,
        register_name="Sổ bảo trợ xã hội",
        file=arrived(csv_of(rows)),
        file_name="so.csv",
        client_key=uuid4(),
    )
    batch = services.create_batch(command, acting_user=officer, now=world.now)
    reading.read_batch(batch.pk)
    batch.refresh_from_db()
    confirm = services.ConfirmColumns(batch_id=batch.pk, mapping=batch.reading["mapping"])
    services.confirm_columns(confirm, acting_user=officer, now=world.now)
    reading.check_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def run(batch: Batch, officer: User, world: World, *, kind: str = "full") -> Batch:
    """Start a batch and do its job."""
    services.start_batch(services.RunBatch(batch_id=batch.pk, kind=kind), acting_user=officer, now=world.now)
    running.run_batch(batch.pk)
    batch.refresh_from_db()
    return batch
