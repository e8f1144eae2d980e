"""Let the verdicts of a whole batch count: from one moment to the next, with the cases that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lienthong.verification.models import Batch
from lienthong.verification.states import ENDED_CASES, OPEN_CASES, TOUCHES_NUMBER, CaseState

_MANY = 1_000
_JUDGED = """
CREATE TEMPORARY TABLE judged ON COMMIT DROP AS
SELECT v.id, v.entry_id, v.status, v.probability, v.digest, e.commune_id, e.village,
    v.status = ANY(%(touching)s) AS touches_number
FROM verification_verdict v JOIN verification_registerentry e ON e.id = v.entry_id
WHERE v.batch_id = %(batch)s AND NOT v.is_current AND (%(entries)s::bigint[] IS NULL OR v.entry_id = ANY(%(entries)s::bigint[]))
"""
_OLD_END = """
UPDATE verification_verdict old SET is_current = FALSE FROM judged j
WHERE old.entry_id = j.entry_id AND old.is_current AND old.id <> j.id
"""
_NEW_COUNT = "UPDATE verification_verdict v SET is_current = TRUE FROM judged j WHERE v.id = j.id"
# What a person found to be a double stays one until it is settled: a verdict looks at one record, they looked at two.
_SAID_BY_A_PERSON = """
c.kind = 'duplicate' AND EXISTS (SELECT FROM verification_duplicatepair p WHERE p.case_id = c.id AND p.state = 'same')
"""
# Of an open case whose verdict says something else now, what was proposed no longer fits.
_CHANGED = f"""
UPDATE verification_case c SET verdict_id = j.id, verdict_digest = j.digest, kind = j.status, probability = j.probability, commune_id = j.commune_id,
    village = j.village, touches_number = j.touches_number, state = 'open', decision = '', proposal = '{{}}'::jsonb,
    proposed_by_id = NULL, proposed_at = NULL, version = c.version + 1
FROM judged j
WHERE c.entry_id = j.entry_id AND c.state = ANY(%(open)s) AND c.verdict_digest <> j.digest
    AND j.status <> 'verified' AND NOT ({_SAID_BY_A_PERSON})
"""  # noqa: S608 -- no values
_CARRIED = """
UPDATE verification_case c SET verdict_id = j.id, probability = j.probability, commune_id = j.commune_id, village = j.village
FROM judged j
WHERE c.entry_id = j.entry_id AND c.state = ANY(%(open)s) AND c.verdict_id <> j.id AND j.status <> 'verified'
"""
_SETTLED = f"""
UPDATE verification_case c SET state = %(closed)s, closed_at = %(now)s, note = %(settled)s, version = c.version + 1
FROM judged j WHERE c.entry_id = j.entry_id AND c.state = ANY(%(open)s) AND j.status = 'verified'
    AND NOT ({_SAID_BY_A_PERSON})
"""  # noqa: S608 -- no values
_LEFT = """
UPDATE verification_case c SET state = %(closed)s, closed_at = %(now)s, note = %(left)s, version = c.version + 1
FROM verification_registerentry e
WHERE e.id = c.entry_id AND e.register_id = %(register)s AND NOT e.is_current AND c.state = ANY(%(open)s)
"""
# What a person has ended stays ended while the verdict says the same.
_OPENED = """
INSERT INTO verification_case (verdict_id, verdict_digest, entry_id, commune_id, village, kind, probability, state, decision, proposal,
    touches_number, note, opened_at, effect, version)
SELECT j.id, j.digest, j.entry_id, j.commune_id, j.village, j.status, j.probability, 'open', '', '{}'::jsonb, j.touches_number, '',
    %(now)s, '', 0
FROM judged j
WHERE j.status <> 'verified'
    AND NOT EXISTS (SELECT FROM verification_case c WHERE c.entry_id = j.entry_id AND c.state = ANY(%(open)s))
    AND NOT EXISTS (
        SELECT FROM verification_case c
        WHERE c.entry_id = j.entry_id AND c.state = ANY(%(ended)s) AND c.verdict_digest = j.digest)
ORDER BY j.entry_id
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What followed from a batch. Kết quả ghi nhận của đợt."""

    verdicts: int
    replaced: int
    opened: int
    changed: int
    settled: int
    left: int


def publish(batch: Batch, *, now: datetime, entry_ids: list[int] | None = None) -> Published:
    """Let the verdicts of a batch count, in the running transaction; those that count already are passed over.

    Args:
        batch: Locked by the caller.
        now: When.
        entry_ids: Only those of these entries; None for all.
    """
    known: dict[str, Any] = {
        "batch": batch.pk, "register": batch.register_id, "now": now, "entries": entry_ids, "closed": CaseState.CLOSED.value,
        "touching": [status.value for status in TOUCHES_NUMBER],
        "open": [state.value for state in OPEN_CASES], "ended": [state.value for state in ENDED_CASES],
        "settled": _("Tự khép: lần đối chiếu sau đã khớp."),
        "left": _("Tự khép: bản ghi không còn trong sổ."),
    }  # fmt: skip
    counts = {}
    with connection.cursor() as cursor:
        for name, statement in (
            ("judged", _JUDGED), ("", "ANALYZE judged"), ("replaced", _OLD_END), ("verdicts", _NEW_COUNT),
            ("changed", _CHANGED), ("carried", _CARRIED), ("settled", _SETTLED), ("opened", _OPENED), ("left", _LEFT),
            ("", "DROP TABLE judged"),
        ):  # fmt: skip
            # A statement without places for values takes none.
            cursor.execute(statement, known) if "%(" in statement else cursor.execute(statement)
            counts[name] = cursor.rowcount
        if counts["judged"] >= _MANY:
            # A work list asked right after the first batch must not be planned as if there were nothing yet.
            cursor.execute("ANALYZE verification_verdict, verification_case")
    return Published(
        **{name: counts[name] for name in ("verdicts", "replaced", "opened", "changed", "settled", "left")}
    )


def totals_of(batch: Batch) -> dict[str, Any]:
    """Count a batch and the whole register as it stands after it: by status, and by commune.

    Returns:
        ``batch`` {status: n}, ``register`` {status: n}, ``entries`` n, ``linked`` n, ``communes`` {commune id or "":
        {"entries": n, "linked": n, status: n}}.
    """
    totals: dict[str, Any] = {"batch": {}, "register": {}, "entries": 0, "linked": 0, "communes": {}}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, count(*) FROM verification_verdict WHERE batch_id = %s GROUP BY 1 ORDER BY 1", [batch.pk]
        )
        totals["batch"] = dict(cursor.fetchall())
        cursor.execute(
            "SELECT coalesce(e.commune_id::text, ''), coalesce(v.status, ''), coalesce(v.is_linked, FALSE), count(*)"
            " FROM verification_registerentry e"
            " LEFT JOIN verification_verdict v ON v.entry_id = e.id AND v.is_current"
            " WHERE e.register_id = %s AND e.is_current GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            [batch.register_id],
        )
        for commune, status, linked, count in cursor.fetchall():
            row = totals["communes"].setdefault(commune, {"entries": 0, "linked": 0})
            row["entries"] += count
            totals["entries"] += count
            if linked:
                row["linked"] += count
                totals["linked"] += count
            if status:
                row[status] = row.get(status, 0) + count
                totals["register"][status] = totals["register"].get(status, 0) + count
    return totals
