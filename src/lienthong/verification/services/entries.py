"""Take the records of a register in, whole or not at all: what is new, what changed, what left."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import polars as pl
from django.db import connection, transaction

from lienthong.infra import locks
from lienthong.verification.columns import copy_in, copy_out, digests
from lienthong.verification.models import Batch
from lienthong.verification.places import commune_ids

# Column of the table, canonical column of the frame, longest text kept.
_FIELDS = (
    ("list_name", "list_name", 120), ("number", "number", 60), ("full_name", "full_name", 200),
    ("birth_date", "birth_date", 60), ("sex", "sex", 30), ("ethnicity", "ethnicity", 60),
    ("commune_code", "commune_code", 30), ("village", "village", 120), ("household_key", "household_id", 60),
    ("head_name", "head_name", 200),
)  # fmt: skip
CANONICAL = ("record_id", *(source for _column, source, _most in _FIELDS))
_COMPARED = tuple(source for _column, source, _most in _FIELDS)


@dataclass(frozen=True, slots=True)
class Taken:
    """How a register changed by what a batch brought. Biến động của sổ."""

    added: int
    changed: int
    left: int


def take_in_entries(batch: Batch, frame: pl.DataFrame, *, on: date, findings: pl.DataFrame | None = None) -> Taken:
    """Make the entries of a register what a file or source says they are, in one transaction.

    A record that the source gives as before is not touched, so that what somebody has corrected here stays. A record
    that is no longer there is kept and marked as having left.

    Args:
        batch: The batch that brings them.
        frame: Canonical columns, each ``record_id`` once.
        on: The day, for what codes of communes mean.
        findings: What the check without population data found: ``record_id`` and ``finding``; None where none was made.
    """
    rows = _rows(frame, on=on).join(_found(findings), on="record_key", how="left", maintain_order="left")
    if findings is not None:
        rows = rows.with_columns(pl.col("findings").fill_null("{}"))
    with transaction.atomic(), connection.cursor() as cursor:
        locks.hold(f"register:{batch.register_id}")
        cursor.execute(
            "CREATE TEMPORARY TABLE arriving (LIKE verification_registerentry INCLUDING DEFAULTS) ON COMMIT DROP"
        )
        for dropped in ("id", "register_id", "is_current"):
            cursor.execute(f"ALTER TABLE arriving DROP COLUMN {dropped}")
        copy_in("arriving", rows)
        cursor.execute("ANALYZE arriving")
        columns = [name for name in rows.columns if name not in {"record_key"}]
        assigned = ", ".join(f"{name} = a.{name}" for name in columns)
        known = {"register": batch.register_id, "batch": batch.pk}
        cursor.execute(
            f"UPDATE verification_registerentry e SET {assigned}, is_current = TRUE, last_seen_id = %(batch)s"  # noqa: S608
            " FROM arriving a WHERE e.register_id = %(register)s AND e.record_key = a.record_key"
            " AND (e.digest <> a.digest OR NOT e.is_current)",
            known,
        )
        changed = cursor.rowcount
        # A place is what its code means today, and findings are those of the last check, also where nothing else changed.
        cursor.execute(
            "UPDATE verification_registerentry e SET findings = a.findings,"
            " commune_id = CASE WHEN e.commune_code = a.commune_code THEN a.commune_id ELSE e.commune_id END"
            " FROM arriving a WHERE e.register_id = %(register)s AND e.record_key = a.record_key AND e.digest = a.digest"
            " AND (e.findings IS DISTINCT FROM a.findings"
            " OR (e.commune_code = a.commune_code AND e.commune_id IS DISTINCT FROM a.commune_id))",
            known,
        )
        named = ", ".join(columns)
        cursor.execute(
            f"INSERT INTO verification_registerentry (register_id, record_key, {named}, is_current, first_seen_id, last_seen_id)"  # noqa: S608
            f" SELECT %(register)s, a.record_key, {', '.join(f'a.{name}' for name in columns)}, TRUE, %(batch)s, %(batch)s"
            " FROM arriving a WHERE NOT EXISTS (SELECT FROM verification_registerentry e"
            " WHERE e.register_id = %(register)s AND e.record_key = a.record_key) ORDER BY a.row_number",
            known,
        )
        added = cursor.rowcount
        cursor.execute(
            "UPDATE verification_registerentry e SET is_current = FALSE WHERE e.register_id = %(register)s"
            " AND e.is_current AND NOT EXISTS (SELECT FROM arriving a WHERE a.record_key = e.record_key)",
            known,
        )
        taken = Taken(added=added, changed=changed, left=cursor.rowcount)
        cursor.execute("DROP TABLE arriving")
        if added + changed + taken.left:
            cursor.execute("ANALYZE verification_registerentry")
    return taken


def as_plain(taken: Taken) -> dict[str, int]:
    """Return the counts as plain data."""
    return asdict(taken)


def entries_frame(register_id: int) -> pl.DataFrame:
    """Return the current entries as canonical columns, with ``entry_id``, their ``digest`` as they stand and ``last_verdict``.

    In the order of the ids, which is the order in which they came.
    """
    columns = ", ".join(f"e.{column}" for column, _source, _most in _FIELDS)
    frame = copy_out(
        f"SELECT e.id, e.row_number, e.record_key, {columns}, v.entry_digest FROM verification_registerentry e"  # noqa: S608
        " LEFT JOIN verification_verdict v ON v.entry_id = e.id AND v.is_current"
        " WHERE e.register_id = %s AND e.is_current ORDER BY e.id",
        [register_id],
        {
            "entry_id": pl.Int64,
            "row_number": pl.Int64,
            "record_id": pl.String,
            **dict.fromkeys(_COMPARED, pl.String),
            "judged_digest": pl.String,
        },
    )
    return frame.with_columns(digests(frame, _COMPARED).alias("entry_digest"))


def _found(findings: pl.DataFrame | None) -> pl.DataFrame:
    """Return the findings of each record as PostgreSQL writes an array."""
    if findings is None or not findings.height:
        return pl.DataFrame(schema={"record_key": pl.String, "findings": pl.String})
    by_record = findings.group_by("record_id").agg(pl.col("finding").unique().sort())
    return by_record.select(
        pl.col("record_id").str.slice(0, 80).alias("record_key"),
        (pl.lit("{") + pl.col("finding").list.join(",") + pl.lit("}")).alias("findings"),
    )


def _rows(frame: pl.DataFrame, *, on: date) -> pl.DataFrame:
    absent = [name for name in CANONICAL if name not in frame.columns]
    whole = frame.with_columns([pl.lit(None, dtype=pl.String).alias(name) for name in absent])
    number = pl.col("row_number") if "row_number" in whole.columns else pl.int_range(1, pl.len() + 1)
    ids = commune_ids(on)
    codes = pl.col("commune_code").cast(pl.String).str.strip_chars()
    return whole.select(
        pl.col("record_id").cast(pl.String).str.slice(0, 80).alias("record_key"),
        number.cast(pl.Int64).alias("row_number"),
        *[
            pl.col(source).cast(pl.String).fill_null("").str.replace_all("\x00", "", literal=True).str.slice(0, most).alias(column)
            for column, source, most in _FIELDS
        ],
        codes.replace_strict(ids, default=None, return_dtype=pl.Int64).alias("commune_id"),
        digests(whole, _COMPARED),
    )  # fmt: skip
