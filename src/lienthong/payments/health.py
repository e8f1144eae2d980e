"""What ``./lienthong doctor`` asks of payments: do lines, runs and the log say the same, and is no month paid twice?"""

from collections.abc import Iterator

from django.db import connection

from lienthong.infra.health import register_check
from lienthong.payments.digests import digest_of_run
from lienthong.payments.models import PaymentRun

_SHOWN = 20
_TOTALS_DIFFER = """
SELECT run.month, run.number, run.lines_total, run.amount_total, count(line.id), coalesce(sum(line.amount), 0)::bigint
FROM payments_paymentrun AS run
LEFT JOIN payments_paymentline AS line ON line.run_id = run.id
    AND line.state <> 'held' AND (line.state <> 'cancelled' OR run.state = 'cancelled')
WHERE run.digest <> '' AND run.state <> 'cancelled'
GROUP BY run.id HAVING count(line.id) <> run.lines_total OR coalesce(sum(line.amount), 0) <> run.amount_total
    OR coalesce(sum(line.deducted), 0) <> run.deducted_total
ORDER BY run.month, run.number LIMIT %s
"""
_PAID_TWICE = """
SELECT person.full_name, for_month, benefit, sum(line.amount)::bigint, max(line.owed)
FROM payments_paymentline AS line JOIN people_person AS person ON person.id = line.person_id
LEFT JOIN (
    SELECT source, person_id, benefit, for_month, matter, sum(amount) AS amount FROM payments_overpayment
    WHERE state IN ('open', 'settled') GROUP BY source, person_id, benefit, for_month, matter
) AS over USING (source, person_id, benefit, for_month, matter)
WHERE line.is_live
GROUP BY person.full_name, source, person_id, benefit, for_month, matter, over.amount
HAVING sum(line.amount) > max(line.owed) + coalesce(over.amount, 0) OR count(*) <> count(DISTINCT line.part)
ORDER BY for_month, person.full_name LIMIT %s
"""
# What the log says happened last to a run, beside where its row is.
_TOLD_OTHERWISE = """
WITH told AS (
    SELECT DISTINCT ON (stream) stream, name FROM infra_event
    WHERE stream LIKE 'payment-run:%%' AND name IN ('PaymentRunOpened', 'PaymentRunPrepared', 'PaymentRunChecked',
        'PaymentRunApproved', 'PaymentRunReleased', 'PaymentRunClosed', 'PaymentRunCancelled')
    ORDER BY stream, sequence DESC
),
there AS (SELECT 'payment-run:' || id AS stream, month, number, state FROM payments_paymentrun)
SELECT there.month, there.number, there.state, told.name, told.stream FROM there FULL JOIN told USING (stream)
WHERE there.state IS DISTINCT FROM CASE told.name
    WHEN 'PaymentRunOpened' THEN 'collecting' WHEN 'PaymentRunPrepared' THEN 'prepared'
    WHEN 'PaymentRunChecked' THEN 'checked' WHEN 'PaymentRunApproved' THEN 'approved'
    WHEN 'PaymentRunReleased' THEN 'released' WHEN 'PaymentRunClosed' THEN 'closed'
    WHEN 'PaymentRunCancelled' THEN 'cancelled' END
ORDER BY 1, 2, 5 LIMIT %s
"""
_DIGESTS_TOLD = """
SELECT (payload->>'run_id')::bigint, payload->>'digest', (payload->>'lines')::bigint FROM infra_event
WHERE name = 'PaymentRunPrepared'
"""


def runs_with_other_totals() -> Iterator[str]:
    """Name the runs whose lines do not add up to what was prepared."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS_DIFFER, [_SHOWN])
        for month, number, lines, amount, there, adds_up in cursor.fetchall():
            yield f"Đợt {number} tháng {month:%m/%Y}: đã lập {lines} khoản, {amount} đồng; trong bảng có {there} khoản, {adds_up} đồng"


def months_paid_twice() -> Iterator[str]:
    """Name the people who hold more for one month than is owed for it and was put down as overpaid."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID_TWICE, [_SHOWN])
        for name, month, benefit, paid, owed in cursor.fetchall():
            yield f"{name}, khoản {benefit}, tháng {month:%m/%Y}: đang tính {paid} đồng, phải chi {owed} đồng"


def runs_told_otherwise() -> Iterator[str]:
    """Name the runs that are elsewhere than the log says, or whose list has another digest than when it was prepared."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD_OTHERWISE, [_SHOWN])
        for month, number, state, name, stream in cursor.fetchall():
            if month is None:
                yield f"{stream}: nhật ký còn, trong bảng không còn"
            else:
                yield f"Đợt {number} tháng {month:%m/%Y}: bảng ghi {state}, nhật ký ghi {name or 'chưa có gì'}"
        cursor.execute(_DIGESTS_TOLD)
        told = {run_id: digest for run_id, digest, _lines in cursor.fetchall()}
    for run in PaymentRun.objects.exclude(digest="").order_by("month", "number"):
        if run.digest != told.get(run.pk) or digest_of_run(run.pk) != run.digest:
            yield f"Đợt {run.number} tháng {run.month:%m/%Y}: danh sách khác với lúc lập"


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Các khoản chi trả cộng đúng bằng đợt", runs_with_other_totals)
    register_check("Không tháng nào chi quá số phải chi", months_paid_twice)
    register_check("Đợt chi trả đúng như nhật ký", runs_told_otherwise)
