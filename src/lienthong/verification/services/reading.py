"""What jobs do before a batch runs: read the file or the source, and say what is wrong with no database at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.infra.events import record
from lienthong.infra.working import Progress, alone, is_cut_off, moment
from lienthong.kernel.days import local_day
from lienthong.verification import batch_events, linkage, sources, store
from lienthong.verification.models import Batch, ColumnMapping
from lienthong.verification.services.batches import moved
from lienthong.verification.services.entries import CANONICAL
from lienthong.verification.services.running import FINDINGS, REGISTER, fail_batch
from lienthong.verification.states import BatchAction, BatchState
from lienthong.verification.tables import ColumnMapping as Mapping
from lienthong.verification.tables import Table, TableKind, TableRefused, canonical_frame, guess_mapping, read_table
from lienthong.verification.tables.table import ROW_NUMBER, SkippedRows

TABLE = "table.parquet"
MOST_TOLD = 200


def read_batch(batch_id: int) -> None:
    """Read what a new batch brings: the file as a table with a guess at its columns, or the source as it is today.

    A file that cannot be read stops the batch with a sentence; nothing of it stays. Called again, it does nothing.
    """
    with alone(f"batch:{batch_id}"):
        batch = Batch.objects.select_related("register").get(pk=batch_id)
        if batch.state != BatchState.DRAFT or batch.reading:
            return
        try:
            reading = _read_file(batch) if batch.file_sha256 else _read_source(batch)
        except (TableRefused, sources.SourceUnknown, store.FileGone) as refusal:
            fail_batch(batch_id, str(refusal))
            return
        except Exception:
            _fail_in_words(batch_id)
            raise
        with transaction.atomic():
            batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
            if batch.state != BatchState.DRAFT:
                return
            batch.reading = reading
            batch.progress = {**batch.progress, "stage": _("Đã đọc"), "share": 1.0}
            now = moment()
            fact = batch_events.BatchRead(batch_id=batch_id, rows=reading["rows"], skipped=reading["skipped_rows"])
            if batch.file_sha256:
                batch.save()
                record(fact, stream=batch.stream, actor_id=None, at=now)
            else:
                moved(batch, BatchAction.CONFIRM_COLUMNS, fact, now=now)


def check_batch(batch_id: int) -> None:
    """Say what is wrong with the rows before anything is sent. Called again, it does nothing.

    The register of the batch is kept as canonical columns in its folder; the findings beside it, with a count of each kind
    and the first examples in the row.
    """
    with alone(f"batch:{batch_id}"):
        batch = Batch.objects.select_related("register", "mapping").get(pk=batch_id)
        if batch.state != BatchState.MAPPED:
            return
        progress = Progress(batch, now=moment())
        progress(_("Kiểm tra từng dòng"), 0.1)
        try:
            frame, account = _canonical(batch)
            found = linkage.precheck(frame, this_year=_day(batch).year)
        except (TableRefused, store.FileGone) as refusal:
            fail_batch(batch_id, str(refusal))
            return
        except Exception:
            _fail_in_words(batch_id)
            raise
        with store.whole_file(store.batch_file(batch_id, FINDINGS)) as part:
            found.write_parquet(part)
        findings = {**account, **told(found, rows=frame.height)}
        with transaction.atomic():
            batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
            if batch.state != BatchState.MAPPED:
                return
            batch.findings = findings
            batch.progress = {**batch.progress, "stage": _("Đã kiểm tra"), "share": 1.0}
            fact = batch_events.BatchChecked(batch_id=batch_id, rows=frame.height, found=findings["records"])
            moved(batch, BatchAction.CHECK, fact, now=moment())


def _fail_in_words(batch_id: int) -> None:
    """Stop a batch over what nobody foresaw, so that nobody waits for it; a database that went away comes back by itself."""
    if not is_cut_off():
        fail_batch(batch_id, _("Có lỗi khi chuẩn bị dữ liệu; bản đang dùng vẫn giữ nguyên. Hãy báo quản trị viên."))


def told(found: pl.DataFrame, *, rows: int) -> dict[str, Any]:
    """Return findings as plain data: how many records have any, and how many there are of each kind, most first."""
    kinds = (
        found.group_by("finding", "field")
        .agg(pl.len().alias("count"), pl.col("message").first())
        .sort(["count", "finding", "field"], descending=[True, False, False])
    )
    return {"rows": rows, "records": found["record_id"].n_unique(), "kinds": kinds.to_dicts()}


def preview(batch: Batch, *, rows: int = 8) -> list[dict[str, str | None]]:
    """Return the first rows of the file as it was read; nothing where there is no file."""
    path = store.batch_file(batch.pk, TABLE)
    if not path.exists():
        return []
    return pl.scan_parquet(path).head(rows).drop(ROW_NUMBER, strict=False).collect().to_dicts()


def findings_of(batch: Batch) -> list[tuple[Any, ...]]:
    """Return what the check found, a line each: row of the file, record, number, name, date of birth, what to look at."""
    path, kept = store.batch_file(batch.pk, FINDINGS), store.batch_file(batch.pk, REGISTER)
    if not path.exists() or not kept.exists():
        return []
    register = pl.read_parquet(kept)
    shown = (ROW_NUMBER, "record_id", "number", "full_name", "birth_date")
    said = register.select(
        pl.col(name).cast(pl.Int64 if name == ROW_NUMBER else pl.String)
        if name in register.columns
        else pl.lit(None).alias(name)
        for name in shown
    )
    found = pl.read_parquet(path).select("record_id", "message")
    return found.join(said, on="record_id", how="left", maintain_order="left").select(*shown, "message").rows()


def checked_mapping(batch: Batch, columns: dict[str, str]) -> dict[str, Any]:
    """Turn what a person chose for each field into a mapping: a head of the file, "guess" for what was proposed, or nothing.

    Raises:
        TableRefused: A column is named twice, or what is needed is missing.
    """
    heads = batch.reading["heads"]
    guessed = batch.reading["mapping"]
    plain = {name: guessed.get(name) if choice == "guess" else (choice or None) for name, choice in columns.items()}
    mapping = Mapping.from_plain_data(plain, kind=TableKind.REGISTER, heads=heads)
    table = _table(batch)
    guess_mapping(table, kind=TableKind.REGISTER, given=mapping.as_plain_data()).require(table)
    found: dict[str, Any] = mapping.as_plain_data()
    return found


def _read_file(batch: Batch) -> dict[str, Any]:
    Progress(batch, now=moment())(_("Đọc tệp"), 0.1)
    table = read_table(store.present(store.file_path(batch.file_sha256)), name=batch.file_name)
    remembered = (
        ColumnMapping.objects.filter(signature=table.signature, register=batch.register).first()
        or ColumnMapping.objects.filter(signature=table.signature).order_by("-confirmed_at", "-id").first()
    )
    guess = guess_mapping(table, kind=TableKind.REGISTER)
    plain = remembered.mapping if remembered else guess.mapping.as_plain_data()
    confidence = dict.fromkeys(plain, 1.0) if remembered else dict(guess.confidence)
    with store.whole_file(store.batch_file(batch.pk, TABLE)) as part:
        table.frame.write_parquet(part)
    return {
        "source": table.source,
        "heads": list(table.heads),
        "signature": table.signature,
        "mapping": plain,
        "confidence": confidence,
        "remembered": remembered is not None,
        "missing": [list(group) for group in guess.missing] if not remembered else [],
        "rows": table.frame.height,
        "rows_in_file": table.rows_in_file,
        **_account(table.skipped, table.notices),
    }


def _read_source(batch: Batch) -> dict[str, Any]:
    Progress(batch, now=moment())(_("Đọc sổ trong hệ thống"), 0.1)
    source = sources.source_of(batch.register.source_key)
    frame = source.read(on=_day(batch))
    with store.whole_file(store.batch_file(batch.pk, REGISTER)) as part:
        frame.write_parquet(part)
    return {
        "source": source.name, "heads": [], "signature": "", "mapping": {}, "confidence": {}, "remembered": True, "missing": [],
        "rows": frame.height, "rows_in_file": frame.height, **_account((), ()),
    }  # fmt: skip


def _canonical(batch: Batch) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the canonical columns, kept in the folder of the batch, and the account of rows that are no records."""
    kept = store.batch_file(batch.pk, REGISTER)
    if batch.mapping is None:
        return pl.read_parquet(store.present(kept)), _account((), ())
    mapping = Mapping.from_plain_data(batch.mapping.mapping, kind=TableKind.REGISTER, heads=batch.reading["heads"])
    made = canonical_frame(_table(batch), mapping)
    frame = made.frame.select([*(name for name in CANONICAL if name in made.frame.columns), ROW_NUMBER])
    with store.whole_file(kept) as part:
        frame.write_parquet(part)
    return frame, _account(made.skipped, made.notices)


def _table(batch: Batch) -> Table:
    """Return the table as it was read, without reading the file again."""
    read = batch.reading
    frame = pl.read_parquet(store.present(store.batch_file(batch.pk, TABLE)))
    skipped = tuple(SkippedRows(row["first"], row["last"], row["reason"]) for row in read["skipped"])
    return Table(
        frame, tuple(read["heads"]), skipped, read["rows_in_file"], read["source"], tuple(read["notices"]),
        tuple(tuple(group) for group in read.get("merged_heads", ())),
    )  # fmt: skip


def _account(skipped: tuple[SkippedRows, ...], notices: tuple[str, ...]) -> dict[str, Any]:
    return {
        "skipped": [{"first": one.first, "last": one.last, "reason": one.reason} for one in skipped[:MOST_TOLD]],
        "skipped_rows": sum(one.count for one in skipped),
        "notices": list(notices),
    }


def _day(batch: Batch) -> date:
    return local_day(batch.created_at)
