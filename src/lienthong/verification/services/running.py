"""Run a batch against a copy of the population data: what the job does, so that it may be killed at any moment.

Three marks make it safe to begin again. The answers are kept in a file of the batch as soon as they are there, so they are
not asked for twice; verdicts are written in chunks, each once per batch and entry; and nothing counts before all of it
does, in one transaction at the end.
"""

from __future__ import annotations

from dataclasses import asdict

import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lienthong.infra.working import Progress, alone, is_cut_off, moment
from lienthong.kernel.days import local_day
from lienthong.verification import batch_events, sources, store
from lienthong.verification.adapters.local_copy import LocalCopy
from lienthong.verification.columns import copy_in, copy_out
from lienthong.verification.models import Batch
from lienthong.verification.ports import Answer, PopulationPort, Since
from lienthong.verification.services.batches import moved
from lienthong.verification.services.entries import Taken, as_plain, entries_frame, take_in_entries
from lienthong.verification.services.publishing import publish, totals_of
from lienthong.verification.services.verdict_rows import verdict_rows
from lienthong.verification.states import BatchAction, BatchKind, BatchState

REGISTER, FINDINGS, ANSWERS = "register.parquet", "findings.parquet", "answers.parquet"
ROWS_AT_ONCE = 20_000


class Cancelled(Exception):
    """Somebody cancelled the batch while it ran."""


def run_batch(batch_id: int) -> None:
    """Do everything that is left of a running batch. Called again after a kill it goes on; called once more, it does nothing.

    Raises:
        WorkedElsewhere: Another worker runs it.
    """
    with alone(f"batch:{batch_id}"):
        batch = Batch.objects.select_related("register", "population_copy", "previous__population_copy").get(
            pk=batch_id
        )
        if batch.state != BatchState.RUNNING:
            return
        try:
            _run(batch)
        except Cancelled:
            return
        except (store.FileGone, sources.SourceUnknown) as refusal:
            fail_batch(batch_id, str(refusal))
        except Exception:
            if is_cut_off():
                raise
            fail_batch(
                batch_id,
                _("Có lỗi khi chạy; chưa kết quả nào được ghi nhận. Bấm “Chạy lại”; nếu vẫn dừng, báo quản trị viên."),
            )
            raise


def fail_batch(batch_id: int, reason: str) -> None:
    """Stop a batch because something went wrong; nothing of it counts."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state in {BatchState.DONE, BatchState.CANCELLED, BatchState.FAILED}:
            return
        batch.failure = reason[:1000]
        moved(batch, BatchAction.FAIL, batch_events.BatchFailed(batch_id=batch_id, reason=batch.failure), now=moment())


def _run(batch: Batch) -> None:
    began = moment()
    progress = Progress(batch, now=batch.started_at or began)
    progress(_("Ghi sổ"), 0.01)
    taken = _take_in_once(batch)
    entries = entries_frame(batch.register_id)
    progress(_("Đối chiếu"), 0.1)
    answer = _answer(batch, entries, progress.within(0.1, 0.5))
    write_verdicts(batch, answer.verdicts, entries, progress.within(0.5, 0.9))
    progress(_("Ghi nhận kết quả và mở việc cần xử lý"), 0.9)
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("register").get(pk=batch.pk)
        if batch.state != BatchState.RUNNING:
            raise Cancelled
        done = moment()
        published = publish(batch, now=done)
        batch.totals = {
            **totals_of(batch),
            "published": asdict(published),
            "taken": taken,
            "asked": answer.verdicts.height,
        }
        batch.model, batch.calibration = answer.model, answer.calibration
        batch.finished_at = done
        batch.progress = {**batch.progress, "stage": _("Hoàn thành"), "share": 1.0}
        fact = batch_events.BatchFinished(batch_id=batch.pk, verdicts=published.verdicts, opened=published.opened)
        moved(batch, BatchAction.FINISH, fact, now=done)


def _take_in_once(batch: Batch) -> dict[str, int]:
    """Bring the register up to date; what a first try already did counts, for the second finds nothing to do."""
    taken = as_plain(bring_register_up_to_date(batch))
    before = batch.totals.get("taken")
    if before:
        taken = {name: count + before[name] for name, count in taken.items()}
    Batch.objects.filter(pk=batch.pk).update(totals={**batch.totals, "taken": taken})
    return taken


def bring_register_up_to_date(batch: Batch) -> Taken:
    """Take the records of a batch in, with what the check before found.

    Raises:
        FileGone: What the check left is no longer there.
    """
    register = pl.read_parquet(store.present(store.batch_file(batch.pk, REGISTER)))
    checked = store.batch_file(batch.pk, FINDINGS)
    findings = pl.read_parquet(checked) if checked.exists() else None
    return take_in_entries(batch, register, on=local_day(batch.started_at or batch.created_at), findings=findings)


def _answer(batch: Batch, entries: pl.DataFrame, progress: Progress) -> Answer:
    kept, told = store.batch_file(batch.pk, ANSWERS), batch.totals.get("answered")
    if kept.exists() and told is not None:
        return Answer(pl.read_parquet(kept), batch.model, batch.calibration)
    answer = port_for(batch).ask(entries, since=_since(batch, entries), progress=progress)
    with store.whole_file(kept) as part:
        answer.verdicts.write_parquet(part)
    row = Batch.objects.get(pk=batch.pk)
    row.totals = {**row.totals, "answered": answer.verdicts.height}
    row.model, row.calibration = answer.model, answer.calibration
    row.save(update_fields=["totals", "model", "calibration"])
    return answer


def port_for(batch: Batch) -> PopulationPort:
    """Return who answers a batch that runs here."""
    copy = batch.population_copy
    if copy is None:  # the table refuses such a batch
        raise store.FileGone(batch.number)
    return LocalCopy(store.present(store.copy_folder(copy.folder)), copies=store.copy_folder(copy.folder).parent)


def _since(batch: Batch, entries: pl.DataFrame) -> Since | None:
    previous = batch.previous
    if batch.kind != BatchKind.DELTA or previous is None or previous.population_copy is None:
        return None
    changed = entries.filter(pl.col("judged_digest").is_null() | (pl.col("judged_digest") != pl.col("entry_digest")))
    return Since(
        copy_key=previous.population_copy.folder,
        verdicts=current_answers(batch.register_id),
        changed=frozenset(changed["record_id"]),
        model=previous.model,
    )


def current_answers(register_id: int) -> pl.DataFrame:
    """Return the verdicts that count, as the engine reads them back, with those on records that have left since."""
    return copy_out(
        "SELECT e.record_key, v.status, v.found_number, v.probability, v.is_linked, v.stage, v.runner_up->>'number'"
        " FROM verification_verdict v JOIN verification_registerentry e ON e.id = v.entry_id"
        " WHERE e.register_id = %s AND v.is_current ORDER BY e.id",
        [register_id],
        {
            "record_id": pl.String, "status": pl.String, "number": pl.String, "probability": pl.Float64,
            "is_linked": pl.String, "stage": pl.String, "runner_up": pl.String,
        },
    ).with_columns(pl.col("is_linked") == "t")  # fmt: skip


def write_verdicts(batch: Batch, answers: pl.DataFrame, entries: pl.DataFrame, progress: Progress | None = None) -> int:
    """Write answers as verdicts that do not count yet, in chunks, passing over those that a first try has written.

    Raises:
        Cancelled: Somebody cancelled the batch meanwhile.
    """
    rows = verdict_rows(answers, entries, batch_id=batch.pk, now=batch.started_at or batch.created_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM verification_verdict WHERE batch_id = %s", [batch.pk])
        there = pl.Series("entry_id", [row[0] for row in cursor.fetchall()], dtype=pl.Int64)
    rows = rows.filter(~pl.col("entry_id").is_in(there.implode()))
    for start in range(0, rows.height, ROWS_AT_ONCE):
        with transaction.atomic():
            state = Batch.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
            if state == BatchState.CANCELLED:
                raise Cancelled
            copy_in("verification_verdict", rows[start : start + ROWS_AT_ONCE])
        if progress is not None:
            progress(_("Ghi kết quả"), min(1.0, (start + ROWS_AT_ONCE) / max(rows.height, 1)))
    return rows.height
