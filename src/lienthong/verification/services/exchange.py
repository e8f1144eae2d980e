"""The round trip with the police: write the file that goes out, take in what comes back, each row accounted for."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import polars as pl
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.working import Progress, alone, moment
from lienthong.kernel.days import local_day
from lienthong.kernel.text import fold
from lienthong.verification import batch_events, store
from lienthong.verification.adapters.police_exchange import (
    MOST_ROWS_OF_A_SHEET,
    RETURNED,
    PoliceExchange,
    write_outgoing,
)
from lienthong.verification.columns import copy_in, copy_out
from lienthong.verification.models import Batch, Exchange
from lienthong.verification.places import places_on
from lienthong.verification.services.batches import BatchRefused, held_for, moved
from lienthong.verification.services.entries import as_plain, entries_frame
from lienthong.verification.services.publishing import publish, totals_of
from lienthong.verification.services.running import bring_register_up_to_date, fail_batch
from lienthong.verification.services.verdict_rows import verdict_rows
from lienthong.verification.states import BatchAction, BatchState, Direction, RowOutcome
from lienthong.verification.tables import TableRefused, read_table
from lienthong.verification.tables.table import ROW_NUMBER

OUTGOING_NAME = "outgoing"


class ReturnedAlready(BatchRefused):
    """The same file came before."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(
            _("Tệp này đã được nhận ngày %(at)s cho đợt này. Không có gì thay đổi.")
            % {"at": f"{exchange.exchanged_at:%d/%m/%Y}"}
        )


class NotOurFile(BatchRefused):
    """The returned file has no column of our keys."""

    def __init__(self) -> None:
        super().__init__(
            _("Tệp trả về không có cột “%(key)s”. Hãy trả lại đúng tệp đã gửi, điền thêm các cột “… theo CSDL”.")
            % {"key": RETURNED["key"]}
        )


def prefix_of(batch: Batch) -> str:
    """Return what comes before the number of an entry in the key by which it goes out and back: nothing of the person."""
    return f"{batch.number}-"


def write_exchange_file(batch_id: int, *, file_format: str) -> None:
    """Write the outgoing file of a batch that was sent; what the job does. Called again, it does nothing."""
    with alone(f"batch:{batch_id}"):
        batch = Batch.objects.select_related("register").get(pk=batch_id)
        if batch.state != BatchState.SENT or batch.exchanges.filter(direction=Direction.OUTGOING).exists():
            return
        progress = Progress(batch, now=batch.started_at or moment())
        try:
            taken = bring_register_up_to_date(batch)
        except store.FileGone as gone:
            fail_batch(batch_id, str(gone))
            return
        progress(_("Viết tệp gửi Công an"), 0.3)
        entries = entries_frame(batch.register_id)
        as_csv = file_format == "csv" or entries.height > MOST_ROWS_OF_A_SHEET
        name = f"{OUTGOING_NAME}.{'csv' if as_csv else 'xlsx'}"
        keyed = entries.with_columns((pl.lit(prefix_of(batch)) + pl.col("entry_id").cast(pl.String)).alias("key"))
        with store.whole_file(store.batch_file(batch_id, name)) as part:
            write_outgoing(keyed, part, as_csv=as_csv)
        digest = _digest_of(store.batch_file(batch_id, name))
        with transaction.atomic():
            batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
            if batch.state != BatchState.SENT:
                return
            now = moment()
            exchange = Exchange.objects.create(
                batch=batch, direction=Direction.OUTGOING, file_sha256=digest, file_name=name, rows=entries.height,
                exchanged_at=now, exchanged_by=batch.requested_by, is_taken_in=True,
            )  # fmt: skip
            batch.totals = {**batch.totals, "asked": entries.height, "taken": as_plain(taken)}
            batch.progress = {**batch.progress, "stage": _("Đã viết tệp, chờ Công an trả"), "share": 1.0}
            batch.save()
            fact = batch_events.ExchangeFileWritten(
                batch_id=batch_id, exchange_id=exchange.pk, rows=entries.height, file_sha256=digest
            )
            record(fact, stream=batch.stream, actor_id=None, at=now)


@transaction.atomic
def take_return(batch_id: int, file: store.Arrived, *, file_name: str, acting_user: User, now: datetime) -> Exchange:
    """Receive a file that the police give back; a job then accounts for each of its rows.

    Raises:
        BatchRefused: Not for this user, not in this state, or the same file again.
    """
    batch = held_for(batch_id, BatchAction.TAKE_RETURN, acting_user=acting_user, now=now)
    if batch.state == BatchState.DONE and not batch.exchanges.filter(direction=Direction.OUTGOING).exists():
        raise BatchRefused(_("Đợt này không gửi tệp cho Công an nên không có tệp nào để nhận về."))
    same = batch.exchanges.filter(direction=Direction.RETURNED, file_sha256=file.sha256).first()
    if same is not None:
        raise ReturnedAlready(same)
    exchange = Exchange.objects.create(
        batch=batch, direction=Direction.RETURNED, file_sha256=file.sha256, file_name=file_name[:255], exchanged_at=now,
        exchanged_by=acting_user,
    )  # fmt: skip
    batch.failure = ""
    batch.progress = {"stage": _("Chờ ghi tệp trả về"), "share": 0.0, "began": now.isoformat()}
    fact = batch_events.BatchReturned(batch_id=batch_id, exchange_id=exchange.pk, file_sha256=file.sha256)
    moved(batch, BatchAction.TAKE_RETURN, fact, now=now, actor_id=acting_user.pk)
    return exchange


def take_in_return(exchange_id: int) -> None:
    """Account for each row of a returned file and let its verdicts count, whole or not at all; what the job does."""
    exchange = Exchange.objects.select_related("batch").get(pk=exchange_id)
    with alone(f"batch:{exchange.batch_id}"):
        exchange = Exchange.objects.select_related("batch").get(pk=exchange_id)
        if exchange.is_taken_in or exchange.batch.state != BatchState.RETURNED:
            return
        try:
            rows = _returned_rows(exchange)
        except (TableRefused, store.FileGone, BatchRefused) as refusal:
            _refuse_return(exchange, str(refusal))
            return
        _record(exchange, rows)


def _returned_rows(exchange: Exchange) -> pl.DataFrame:
    """Return the rows of a returned file: ``row_number``, ``key`` and the columns of ``RETURNED``, null where absent."""
    table = read_table(store.present(store.file_path(exchange.file_sha256)), name=exchange.file_name)
    heads = {fold(head): head for head in table.heads}
    if fold(RETURNED["key"]) not in heads:
        raise NotOurFile
    chosen = {name: heads.get(fold(head)) for name, head in RETURNED.items()}
    return table.frame.select(
        pl.col(ROW_NUMBER).cast(pl.Int64).alias("row_number"),
        *[(pl.col(head) if head else pl.lit(None, dtype=pl.String)).alias(name) for name, head in chosen.items()],
    )


def _record(exchange: Exchange, rows: pl.DataFrame) -> None:
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("register").get(pk=exchange.batch_id)
        if batch.state != BatchState.RETURNED:
            return
        now = moment()
        entries = entries_frame(batch.register_id)
        judged = _with_outcomes(rows, batch, entries)
        counted = judged.filter(pl.col("outcome") == RowOutcome.MATCHED)
        answers = PoliceExchange(counted, places=places_on(local_day(now))).ask(entries).verdicts
        written = verdict_rows(answers, entries, batch_id=batch.pk, now=now)
        judged = _unchanged_marked(judged, written)
        fresh = judged.filter(pl.col("outcome") == RowOutcome.MATCHED)
        written = written.filter(pl.col("entry_id").is_in(fresh["entry_id"].implode()))
        _write_rows(exchange, judged)
        corrected = _replace(batch, written)
        copy_in(
            "verification_verdict",
            written.filter(~pl.col("entry_id").is_in(pl.Series(corrected, dtype=pl.Int64).implode())),
        )
        published = publish(batch, now=now)
        counts = {one.value: judged.filter(pl.col("outcome") == one.value).height for one in RowOutcome}
        for name, count in counts.items():
            setattr(exchange, name, count)
        exchange.rows, exchange.is_taken_in = judged.height, True
        exchange.save()
        _close_stage(batch, exchange, counts, published=asdict(published), now=now)


def _with_outcomes(rows: pl.DataFrame, batch: Batch, entries: pl.DataFrame) -> pl.DataFrame:
    """Say of each row what becomes of it: unreadable, unknown, late, a double in the file, or counted."""
    prefix = prefix_of(batch)
    newer = copy_out(
        "SELECT entry_id FROM verification_verdict WHERE is_current AND batch_id > %s"
        " AND entry_id IN (SELECT id FROM verification_registerentry WHERE register_id = %s)",
        [batch.pk, batch.register_id], {"entry_id": pl.Int64},
    )  # fmt: skip
    key = pl.col("key").str.strip_chars()
    keyed = rows.with_columns(
        pl.when(key.str.starts_with(prefix)).then(key.str.strip_prefix(prefix).cast(pl.Int64, strict=False)).alias("entry_id"),
        key.fill_null("").str.slice(0, 80).alias("key"),
    ).join(entries.select("entry_id", "record_id"), on="entry_id", how="left", maintain_order="left")  # fmt: skip
    said = pl.any_horizontal([pl.col(name).is_not_null() for name in RETURNED if name != "key"])
    last = pl.col("row_number") == pl.col("row_number").max().over("entry_id")
    late = pl.col("entry_id").is_in(newer["entry_id"].implode())
    return keyed.with_columns(
        pl.when(pl.col("key") == "").then(pl.lit(RowOutcome.UNREADABLE.value))
        .when(pl.col("record_id").is_null()).then(pl.lit(RowOutcome.UNKNOWN.value))
        .when(~said).then(pl.lit(RowOutcome.UNREADABLE.value))
        .when(~last).then(pl.lit(RowOutcome.DUPLICATE.value))
        .when(late).then(pl.lit(RowOutcome.LATE.value))
        .otherwise(pl.lit(RowOutcome.MATCHED.value)).alias("outcome"),
    )  # fmt: skip


def _unchanged_marked(judged: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    """Mark rows that say what the batch already knows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id, digest FROM verification_verdict WHERE batch_id = %s", [int(written["batch_id"][0])]
        ) if written.height else cursor.execute("SELECT 0::bigint, '' WHERE FALSE")
        there = pl.DataFrame(cursor.fetchall(), schema={"entry_id": pl.Int64, "before": pl.String}, orient="row")
    same = written.join(there, on="entry_id", how="inner").filter(pl.col("digest") == pl.col("before"))["entry_id"]
    counted = pl.col("outcome") == RowOutcome.MATCHED.value
    return judged.with_columns(
        pl.when(counted & pl.col("entry_id").is_in(same.implode()))
        .then(pl.lit(RowOutcome.UNCHANGED.value))
        .otherwise(pl.col("outcome"))
        .alias("outcome")
    )


def _write_rows(exchange: Exchange, judged: pl.DataFrame) -> None:
    answer = pl.struct([pl.col(name) for name in RETURNED if name != "key"]).struct.json_encode()
    copy_in(
        "verification_exchangerow",
        judged.select(
            pl.lit(exchange.pk, dtype=pl.Int64).alias("exchange_id"), "row_number", "key",
            pl.when(pl.col("record_id").is_not_null()).then(pl.col("entry_id")).alias("entry_id"), "outcome",
            answer.alias("answer"),
        ),
    )  # fmt: skip


def _replace(batch: Batch, written: pl.DataFrame) -> list[int]:
    """Let a later answer on the same record of the same batch take the place of the one before; return whose they are.

    The row as the police gave it each time is kept with the file it came in.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE answered_again (LIKE verification_verdict INCLUDING DEFAULTS) ON COMMIT DROP"
        )
        cursor.execute("ALTER TABLE answered_again DROP COLUMN id")
        copy_in("answered_again", written)
        columns = [name for name in written.columns if name not in {"batch_id", "entry_id"}]
        cursor.execute(
            f"UPDATE verification_verdict v SET {', '.join(f'{name} = a.{name}' for name in columns)}"  # noqa: S608
            " FROM answered_again a WHERE v.batch_id = %s AND v.entry_id = a.entry_id RETURNING v.entry_id",
            [batch.pk],
        )
        replaced = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE answered_again")
        return replaced


def _close_stage(
    batch: Batch, exchange: Exchange, counts: dict[str, int], *, published: dict[str, int], now: datetime
) -> None:
    asked = batch.totals.get("asked", 0)
    batch.totals = {**batch.totals, **totals_of(batch), "published": published}
    answered = sum(batch.totals["batch"].values())
    batch.totals["answered"] = answered
    batch.progress = {**batch.progress, "stage": _("Đã ghi tệp trả về"), "share": 1.0}
    taken = batch_events.ReturnTakenIn(batch_id=batch.pk, exchange_id=exchange.pk, rows=exchange.rows, **counts)
    record(taken, stream=batch.stream, actor_id=exchange.exchanged_by_id, at=now)
    if answered >= asked:
        batch.finished_at = batch.finished_at or now
        fact = batch_events.BatchFinished(batch_id=batch.pk, verdicts=answered, opened=published["opened"])
        moved(batch, BatchAction.FINISH, fact, now=now)
    else:
        moved(
            batch,
            BatchAction.AWAIT_REST,
            batch_events.RestAwaited(batch_id=batch.pk, missing=asked - answered),
            now=now,
        )


def _refuse_return(exchange: Exchange, reason: str) -> None:
    """Say why a file was not taken; the batch waits on as before."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).get(pk=exchange.batch_id)
        batch.failure = reason[:1000]
        # A file that comes after all is answered leaves the batch done, whatever is in it.
        rest = BatchAction.FINISH if batch.finished_at else BatchAction.AWAIT_REST
        fact = batch_events.ReturnRefused(batch_id=batch.pk, exchange_id=exchange.pk, reason=batch.failure)
        moved(batch, rest, fact, now=moment())


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
