"""What judged answers change: each line is kept with its verdict, payments move, runs and statements tell it. All set-based.

Đối soát. Called in the transaction of an import, when ``answers`` has judged; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import override

from lienthong.infra.events import record
from lienthong.payments.file_events import PaymentsAnswered
from lienthong.payments.incoming.reasons import reason_words, reasons
from lienthong.payments.models import PaymentLine
from lienthong.payments.states import LineState

_KEEP_LINES: Final = """
INSERT INTO payments_statementline (statement_id, number, reference, amount, booked_on, account_number, name, text, outcome,
    is_reversal, bank_reference, strange, named_line_id, match, payment_line_id, matched_at, note, proposed)
SELECT s.id, a.number, left(a.reference, 70), a.amount, a.booked_on, '', '', left(a.text, 500),
    left(coalesce(nullif(a.code, ''), a.outcome), 20), a.is_reversal, left(a.bank_reference, 40),
    CASE WHEN v.verdict IN ('paid', 'returned', 'failed', 'uncollected', 'noted') THEN '' ELSE coalesce(v.verdict, 'unknown') END,
    v.id,
    CASE WHEN v.verdict IN ('paid', 'returned', 'failed', 'uncollected', 'noted') THEN 'reference' ELSE 'none' END,
    CASE WHEN v.verdict IN ('paid', 'returned', 'failed', 'uncollected', 'noted') THEN v.id END,
    CASE WHEN v.verdict IN ('paid', 'returned', 'failed', 'uncollected', 'noted') THEN %s::timestamptz END, '', ''
FROM payments_answer a
JOIN unnest(%s::int[], %s::bigint[]) AS s(part, id) ON s.part = a.part
LEFT JOIN payments_verdict v ON v.part = a.part AND v.number = a.number
ORDER BY a.part, a.number
"""
# Of several verdicts on one payment in one answer (booked, then given back) the last one holds.
_MOVE_PAYMENTS: Final = """
WITH last AS (
    SELECT DISTINCT ON (v.id) v.id, v.verdict, a.booked_on, a.code, a.text
    FROM payments_verdict v JOIN payments_answer a ON a.part = v.part AND a.number = v.number
    WHERE v.verdict IN ('paid', 'returned', 'failed', 'uncollected')
    ORDER BY v.id, v.part DESC, v.number DESC
)
UPDATE payments_paymentline l SET
    state = last.verdict,
    is_live = last.verdict = 'paid',
    paid_on = CASE WHEN last.verdict = 'paid' THEN last.booked_on END,
    why_code = CASE WHEN last.verdict = 'paid' THEN '' ELSE left(last.code, 30) END,
    why = CASE last.verdict
        WHEN 'paid' THEN ''
        WHEN 'uncollected' THEN left(coalesce(nullif(last.text, ''), %s), 500)
        ELSE left(coalesce(w.words, CASE WHEN last.code <> '' THEN format(%s, last.code) ELSE '' END)
             || CASE WHEN last.verdict = 'failed' AND last.text <> '' THEN ' ' || format(%s, last.text) ELSE '' END
             || CASE WHEN coalesce(w.words, last.code) = '' AND (last.verdict = 'returned' OR last.text = '') THEN %s ELSE '' END, 500)
        END
FROM last LEFT JOIN unnest(%s::text[], %s::text[]) AS w(code, words) ON w.code = last.code
WHERE l.id = last.id
"""
_COUNT: Final = """
SELECT l.run_id, a.part, coalesce(v.verdict, 'unknown'), count(*)
FROM payments_answer a
LEFT JOIN payments_verdict v ON v.part = a.part AND v.number = a.number
LEFT JOIN payments_paymentline l ON l.id = v.id
GROUP BY 1, 2, 3
"""
NO_REASON: Final = "Ngân hàng hoàn trả, không ghi lý do."
NOBODY_CAME: Final = "Người nhận chưa đến nhận, nơi chi trả không ghi lý do."


@dataclass(slots=True)
class Outcome:
    """How many lines of an answer meant what. Kết quả đối soát.

    Attributes:
        strange: Lines that wait for a person.
        noted: Lines that were known or change nothing.
    """

    lines: int = 0
    paid: int = 0
    returned: int = 0
    failed: int = 0
    uncollected: int = 0
    noted: int = 0
    strange: int = 0

    def add(self, verdict: str, count: int) -> None:
        """Count lines of one verdict."""
        self.lines += count
        name = verdict if verdict in {"paid", "returned", "failed", "uncollected", "noted"} else "strange"
        setattr(self, name, getattr(self, name) + count)

    def plus(self, other: Outcome) -> None:
        """Count what another answer meant."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def write_verdicts(statements: dict[int, int], *, actor_id: int | None, now: datetime) -> dict[int, Outcome]:
    """Keep each line with its verdict, move the payments, and tell each run.

    Args:
        statements: Ids of the statements by their part of the file.
        actor_id: Who imports.
        now: When.

    Returns:
        What the lines of each part meant.
    """
    known = reasons()
    with override("vi"):
        words = [reason_words(code, "") for code in known]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_LINES, [now, list(statements), list(statements.values())])
        cursor.execute(
            _MOVE_PAYMENTS,
            [NOBODY_CAME, "Ngân hàng từ chối với mã %s.", "Ngân hàng ghi: %s.", NO_REASON, list(known), words],
        )
        cursor.execute(_COUNT)
        counted = cursor.fetchall()
    outcomes = {part: Outcome() for part in statements}
    runs: dict[tuple[int, int], Outcome] = {}
    for run_id, part, verdict, count in counted:
        outcomes[part].add(verdict, count)
        if run_id is not None:
            runs.setdefault((run_id, part), Outcome()).add(verdict, count)
    for (run_id, part), outcome in sorted(runs.items()):
        tell_run(run_id, statements[part], outcome, actor_id=actor_id, now=now)
    return outcomes


def tell_run(run_id: int, statement_id: int, outcome: Outcome, *, actor_id: int | None, now: datetime) -> None:
    """Put into the log of a run that payments of it were answered, if any were."""
    if outcome.paid or outcome.returned or outcome.failed or outcome.uncollected:
        fact = PaymentsAnswered(
            run_id=run_id, statement_id=statement_id, paid=outcome.paid, returned=outcome.returned,
            failed=outcome.failed, uncollected=outcome.uncollected,
        )  # fmt: skip
        record(fact, stream=f"payment-run:{run_id}", actor_id=actor_id, at=now)


def fail_whole_order(run_id: int, *, channel: str, banks: list[str], code: str, why: str) -> int:
    """Mark every transfer of an order that is still on its way as failed, because the bank rejects the order as a whole."""
    return int(
        PaymentLine.objects.filter(run=run_id, channel=channel, bank_code__in=banks, state=LineState.SENT).update(
            state=LineState.FAILED, is_live=False, why=why[:500], why_code=code[:30]
        )
    )
