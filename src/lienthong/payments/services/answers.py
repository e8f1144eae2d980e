"""Lines of an answer on their way into the house: copied to a table of this connection, judged all at once there.

Nothing here changes a payment. A line gets a verdict (``paid``, ``returned``, ``failed``, ``noted``, or why it is strange)
beside the payment that it names; ``reconciling`` writes what follows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import connection

from lienthong.infra import locks
from lienthong.infra.bulk import copy_lines, line
from lienthong.payments.incoming.reasons import TWICE
from lienthong.payments.incoming.values import (
    PaidResult,
    StatementHead,
    StatementLine,
    StatusHead,
    StatusLine,
)
from lienthong.payments.line_keys import line_named_in
from lienthong.payments.queries.bookings import BOOKED

TABLE: Final = "payments_answer"
COLUMNS: Final = (
    "part", "number", "reference", "amount", "booked_on", "text", "is_reversal", "bank_reference", "code", "outcome", "line_id",
)  # fmt: skip
LINES_AT_ONCE: Final = 20_000
Tell = Callable[[int], None]


@dataclass(slots=True)
class Arrival:
    """What a file turned out to hold, one entry for each statement in it.

    Attributes:
        heads: What each statement says about itself.
        digests: What each statement says at all, whatever form it came in.
        amounts: What its lines add up to.
    """

    heads: list[StatementHead | StatusHead] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)


def hold_answers() -> None:
    """Let nobody else say what became of payments, or collect a run of what did not arrive, until the transaction ends."""
    locks.hold("payments-answers")


def make_table() -> None:
    """Make the table of this connection's answer in place of the one before. It holds nothing that anybody else can see."""
    drop_table()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE payments_answer (part int, number int, reference text, amount bigint, booked_on date, text text,"
            " is_reversal bool, bank_reference text, code text, outcome text, line_id bigint)"
        )


def drop_table() -> None:
    """Let the table go; a connection that ends lets it go as well."""
    with connection.cursor() as cursor:
        # Verdicts end with their transaction, and with the next answer where a transaction takes in several.
        cursor.execute("DROP TABLE IF EXISTS pg_temp.payments_answer, pg_temp.payments_verdict")


def copy_statements(parts: Iterable[StatementLine | StatementHead], *, tell: Tell | None = None) -> Arrival:
    """Copy the lines of statements as they are read. What the reader refuses goes on up, and nothing stays.

    Args:
        parts: What the reader yields.
        tell: Called with how many lines were read so far, again and again.
    """
    arrival = Arrival()
    _copy(_statement_lines(parts, arrival), tell)
    return arrival


def copy_report(parts: Iterable[StatusLine | StatusHead], *, tell: Tell | None = None) -> Arrival:
    """Copy the lines of a report as they are read."""
    arrival = Arrival()
    _copy(_report_lines(parts, arrival), tell)
    return arrival


def copy_results(results: Iterable[PaidResult]) -> Arrival:
    """Copy what became of the lines of a list."""
    arrival = Arrival()
    _copy(_result_lines(results, arrival), None)
    return arrival


def _copy(lines: Iterator[str], tell: Tell | None) -> None:
    """Copy so many lines at a time: between two blocks the reader may refuse, and somebody may be told how far it is."""
    taken = 0
    while block := list(islice(lines, LINES_AT_ONCE)):
        copy_lines(TABLE, COLUMNS, block)
        taken += len(block)
        if tell is not None:
            tell(taken)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_answer")


def _statement_lines(parts: Iterable[StatementLine | StatementHead], arrival: Arrival) -> Iterator[str]:
    digest, amount = hashlib.sha256(), 0
    for part in parts:
        if isinstance(part, StatementHead):
            said = (part.account, part.statement_id, part.opening, part.closing, part.lines)
            digest.update(repr(said).encode())
            arrival.heads.append(part)
            arrival.digests.append(digest.hexdigest())
            arrival.amounts.append(amount)
            digest, amount = hashlib.sha256(), 0
            continue
        digest.update(f"{part.number}|{part.reference}|{part.amount}|{part.booked_on}|{part.bank_reference}\n".encode())
        amount += part.amount
        yield line(
            (
                len(arrival.heads) + 1, part.number, part.reference, part.amount, part.booked_on, part.text,
                part.is_reversal, part.bank_reference, part.code, "RTRN" if part.is_reversal else "BOOK",
                line_named_in(part.reference, part.text),
            )
        )  # fmt: skip


def _report_lines(parts: Iterable[StatusLine | StatusHead], arrival: Arrival) -> Iterator[str]:
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, StatusHead):
            said = (part.report_id, part.message_id, part.status, part.code, part.lines)
            digest.update(repr(said).encode())
            arrival.heads.append(part)
            arrival.digests.append(digest.hexdigest())
            arrival.amounts.append(0)
            continue
        digest.update(f"{part.reference}|{part.status}|{part.code}\n".encode())
        yield line(
            (
                1, part.number, part.reference, 0, None, part.reason, False, "", part.code, part.status,
                line_named_in(part.reference),
            )
        )  # fmt: skip


def _result_lines(results: Iterable[PaidResult], arrival: Arrival) -> Iterator[str]:
    amount, digest = 0, hashlib.sha256()
    for one in results:
        amount += one.amount
        digest.update(f"{one.line_id}|{one.is_paid}|{one.on}|{one.reason}\n".encode())
        outcome = "paid" if one.is_paid else "uncollected"
        yield line((1, one.row, "", one.amount, one.on, one.reason, False, "", "", outcome, one.line_id))
    arrival.amounts.append(amount)
    arrival.digests.append(digest.hexdigest())


_HOLD_PAYMENTS: Final = """
SELECT count(*) FROM (
    SELECT FROM payments_paymentline l WHERE l.id IN (SELECT line_id FROM payments_answer) ORDER BY l.id FOR UPDATE
) AS held
"""
# A full booking is one of the exact amount. Its turn counts the full bookings of one payment in one direction; money that comes
# back is one direction, however the bank calls it. What comes back is a return when next to nothing is out any more: of a payment
# that was taken twice, the first money to come back is that of the second taking. ``out`` counts that, in đồng, over all statements
# and with whatever was charged or missing; a booking is near when it is nearer to the payment than to nothing.
_JUDGE_STATEMENT: Final = f"""
CREATE TEMP TABLE payments_verdict ON COMMIT DROP AS
WITH known AS MATERIALIZED (
    SELECT a.part, a.number, a.amount, a.is_reversal, l.id, l.state, l.amount - l.deducted AS net,
           abs(a.amount) = l.amount - l.deducted AS is_full, l.channel IN ('bank', 'wallet', 'mobile_money') AS is_numbered
    FROM payments_answer a
    JOIN payments_paymentline l ON l.id = a.line_id
    JOIN payments_paymentrun r ON r.id = l.run_id AND r.state IN ('released', 'closed')
    WHERE l.state NOT IN ('held', 'cancelled', 'planned')
), booked AS MATERIALIZED (
    {BOOKED.format(lines="SELECT id FROM known WHERE amount > 0", beside="0")}
), turned AS (
    SELECT known.*, coalesce(booked.waits, false) AS waits,
           row_number() OVER (PARTITION BY id, is_full, known.amount < 0, known.amount < 0 AND is_reversal ORDER BY part, number) AS turn,
           count(*) FILTER (WHERE 2 * -known.amount >= net) OVER (PARTITION BY id) AS debits,
           min(part * 1000000000::bigint + number) FILTER (WHERE is_full AND known.amount < 0 AND NOT is_reversal)
               OVER (PARTITION BY id) AS first_debit,
           greatest(coalesce(booked.taken, 0), CASE state WHEN 'paid' THEN net ELSE 0 END) - coalesce(booked.given_back, 0)
               - sum(known.amount) OVER (PARTITION BY id ORDER BY part, number) AS out
    FROM known LEFT JOIN booked ON booked.line_id = known.id
)
SELECT part, number, id, CASE
    WHEN NOT is_numbered THEN 'contradicts'
    WHEN NOT is_full THEN 'partial'
    WHEN amount < 0 AND is_reversal THEN 'contradicts'
    WHEN amount < 0 AND state = 'sent' AND turn = 1 THEN 'paid'
    WHEN amount < 0 AND state IN ('sent', 'paid') THEN 'duplicate'
    WHEN amount < 0 THEN 'contradicts'
    WHEN state = 'returned' THEN 'duplicate'
    WHEN state NOT IN ('sent', 'paid') OR waits THEN 'contradicts'
    WHEN state = 'sent' AND (debits <> 1 OR NOT coalesce(first_debit < part * 1000000000::bigint + number, false)) THEN 'contradicts'
    WHEN state = 'paid' AND debits > 0 THEN 'contradicts'
    WHEN 2 * out >= net THEN 'noted'
    WHEN 2 * out >= -net THEN 'returned'
    ELSE 'duplicate' END AS verdict
FROM turned
"""  # noqa: S608 -- the part is ours
_JUDGE_REPORT: Final = """
CREATE TEMP TABLE payments_verdict ON COMMIT DROP AS
SELECT a.part, a.number, l.id, CASE
    WHEN a.outcome NOT IN ('RJCT', 'CANC') THEN 'noted'
    WHEN %(is_twice)s OR a.code = ANY(%(twice)s) THEN 'duplicate'
    WHEN l.channel NOT IN ('bank', 'wallet', 'mobile_money') THEN 'contradicts'
    WHEN l.state = 'sent' AND row_number() OVER (PARTITION BY l.id, a.outcome IN ('RJCT', 'CANC') ORDER BY a.number) = 1
        THEN 'failed'
    WHEN l.state IN ('failed', 'sent') THEN 'duplicate'
    ELSE 'contradicts' END AS verdict
FROM payments_answer a
JOIN payments_paymentline l ON l.id = a.line_id
WHERE l.run_id = %(run)s AND l.state NOT IN ('held', 'cancelled', 'planned')
"""


def hold_payments() -> None:
    """Let nobody else change the payments that the lines name, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_PAYMENTS)


def judge_statement() -> None:
    """Say of each line of a statement what it means for the payment that it names."""
    hold_payments()
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE_STATEMENT)
        cursor.execute("ANALYZE payments_verdict")


def add_line(number: int, *, reference: str, text: str, code: str) -> None:
    """Add a line that stands for what a report says of a whole order, so that a person looks at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_answer (part, number, reference, amount, text, is_reversal, bank_reference, code, outcome)"
            " VALUES (1, %s, %s, 0, %s, false, '', %s, '')",
            [number, reference, text, code],
        )


def judge_report(run_id: int, *, is_twice: bool) -> None:
    """Say of each line of a report what it means for the payment that it names, which must be one of the run's.

    What the bank rejects because it has it already waits for a person: the first may well have been paid.

    Args:
        run_id: Of the run.
        is_twice: The bank has the order as a whole already.
    """
    hold_payments()
    with connection.cursor() as cursor:
        cursor.execute(_JUDGE_REPORT, {"run": run_id, "is_twice": is_twice, "twice": sorted(TWICE)})
        cursor.execute("ANALYZE payments_verdict")
