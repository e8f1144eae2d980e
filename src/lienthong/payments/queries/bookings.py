"""What the bank took for a payment and gave back, over all statements that were ever taken in, and what it still has too much.

What nobody has settled yet, and what two people noted or set aside, moved money all the same: every line that names the payment
or was given to it counts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connection

from lienthong.payments.models import PaymentLine, StatementLine
from lienthong.payments.states import LineState

ADJUSTED: Final = "adjusted"
"""Outcome of a line by which two people closed a difference; no bank booked it."""
# What left for payments and what came back, in đồng, whatever was made of it; and whether a booking waits that is nearer to the
# payment than to nothing. ``{lines}`` are the payments that are asked for, ``{beside}`` is a line of a statement that does not count.
BOOKED: Final = """
SELECT said.line_id, coalesce(sum(-said.amount) FILTER (WHERE said.amount < 0), 0)::bigint AS taken,
       coalesce(sum(said.amount) FILTER (WHERE said.amount > 0), 0)::bigint AS given_back,
       bool_or(said.match = 'none' AND 2 * abs(said.amount) >= line.amount - line.deducted) AS waits
FROM (
    SELECT id, payment_line_id AS line_id, amount, match FROM payments_statementline
    WHERE payment_line_id IN ({lines}) AND outcome <> 'adjusted'
    UNION ALL
    SELECT id, named_line_id, amount, match FROM payments_statementline
    WHERE named_line_id IN ({lines}) AND strange <> '' AND payment_line_id IS NULL AND outcome <> 'adjusted'
) AS said JOIN payments_paymentline AS line ON line.id = said.line_id
WHERE said.id <> {beside}
GROUP BY said.line_id
"""
# Only where people settled a line by hand can what the bank booked be other than what was to be paid.
_DIFFERENCES: Final = """
WITH touched AS (
    SELECT DISTINCT payment_line_id AS id FROM payments_statementline
    WHERE strange <> '' AND match = 'by_hand' AND (%(every)s OR payment_line_id = ANY(%(lines)s))
)
SELECT line.id, (-sum(said.amount) - CASE line.state WHEN 'paid' THEN line.amount - line.deducted ELSE 0 END)::bigint AS difference
FROM touched JOIN payments_paymentline AS line USING (id) JOIN payments_statementline AS said ON said.payment_line_id = line.id
WHERE line.channel IN ('bank', 'wallet', 'mobile_money') AND line.state IN ('paid', 'returned', 'failed')
GROUP BY line.id
HAVING -sum(said.amount) <> CASE line.state WHEN 'paid' THEN line.amount - line.deducted ELSE 0 END
"""


def times_out(payment: PaymentLine, *, beside: StatementLine) -> int:
    """Return how often the money of a payment is out: taken, less given back, to the nearest whole payment.

    One that is on its way or counts as received is out at least once before anything came back.

    Args:
        payment: Which.
        beside: A line of a statement that does not count, because it is being settled.
    """
    with connection.cursor() as cursor:
        cursor.execute(BOOKED.format(lines="%(line)s", beside="%(beside)s"), {"line": payment.pk, "beside": beside.pk})
        found = cursor.fetchone()
    taken, given_back = found[1:3] if found else (0, 0)
    net = max(payment.net, 1)
    least = net if payment.state in {LineState.SENT, LineState.PAID} else 0
    return int((2 * (max(taken, least) - given_back) + net) // (2 * net))


def open_differences(line_ids: Collection[int] | None = None) -> dict[int, int]:
    """Return what the bank has of payments beyond what is right, in đồng, by payment; those that are even are left out.

    Chênh lệch với ngân hàng. Above 0: more left the account than was paid, by a second debit or a fee, which is claimed from
    the bank until it gives it back. Below 0: less left than the person is owed, or more came back than had left.

    Args:
        line_ids: Of these payments; None: of all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"every": line_ids is None, "lines": list(line_ids or ())})
        return dict(cursor.fetchall())
