"""What ``./lienthong doctor`` asks of files and statements: does no run leave twice, and do the kept lines still add up?"""

from collections.abc import Iterator

from django.db import connection

from lienthong.infra.health import register_check

_SHOWN = 20
# The sheets that payers fill in repeat the lists that people sign.
_LEAVES_TWICE = """
SELECT run.month, run.number, run.amount_total - run.deducted_total, sum(file.amount)::bigint
FROM payments_paymentrun AS run JOIN payments_paymentfile AS file ON file.run_id = run.id
WHERE NOT (file.kind = 'xlsx' AND file.bank_code = '')
GROUP BY run.id HAVING sum(file.amount) > run.amount_total - run.deducted_total
ORDER BY run.month, run.number LIMIT %s
"""
_DO_NOT_CLOSE = """
SELECT statement.number, statement.account_number, statement.opening, statement.closing, statement.lines_total,
    count(line.id), coalesce(sum(line.amount), 0)::bigint
FROM payments_statement AS statement LEFT JOIN payments_statementline AS line ON line.statement_id = statement.id
WHERE statement.opening IS NOT NULL
GROUP BY statement.id
HAVING statement.opening + coalesce(sum(line.amount), 0) <> statement.closing OR count(line.id) <> statement.lines_total
ORDER BY statement.id LIMIT %s
"""


def runs_that_leave_twice() -> Iterator[str]:
    """Name the runs whose files together pay more than was approved."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES_TWICE, [_SHOWN])
        for month, number, approved, files in cursor.fetchall():
            yield f"Đợt {number} tháng {month:%m/%Y}: duyệt {approved} đồng, các tệp cộng lại {files} đồng"


def statements_that_do_not_close() -> Iterator[str]:
    """Name the statements whose kept lines do not lead from the opening to the closing balance."""
    with connection.cursor() as cursor:
        cursor.execute(_DO_NOT_CLOSE, [_SHOWN])
        for number, account, opening, closing, lines, there, amount in cursor.fetchall():
            yield (
                f"Sao kê {number} của tài khoản {account}: số dư đầu {opening}, cộng {there}/{lines} dòng {amount}, "
                f"số dư cuối {closing}"
            )


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Tệp chi trả không vượt số đã duyệt", runs_that_leave_twice)
    register_check("Sao kê đã nhập khớp số dư", statements_that_do_not_close)
