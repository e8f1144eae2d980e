"""Numbers of dossiers: ``<agency>-<yymmdd>-<nnnn>``, without a gap and without a double.

Legal pattern: 01/2018/TT-VPCP, Điều 19. The sequence is kept per receiving agency and day and may pass 9999.
"""

from datetime import date

from django.db import connection

from lienthong.infra.locks import NoTransaction


def next_dossier_code(prefix: str, *, on: date) -> str:
    """Take the next number of an agency on a day, in the running transaction.

    Số hồ sơ. The counter's row stays locked until the commit: whoever comes next waits, and a transaction that fails
    gives its number back.

    Raises:
        NoTransaction: There is no running transaction, so the number could be lost.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("a dossier number needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_dossiercounter (prefix, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (prefix, day) DO UPDATE SET last = dossiers_dossiercounter.last + 1 RETURNING last",
            [prefix, on],
        )
        (last,) = cursor.fetchone()
    return f"{prefix}-{on:%y%m%d}-{last:04d}"


def bring_counters_up_to_date() -> None:
    """Let the next number of each agency and day follow the highest that a loaded dossier has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_dossiercounter (prefix, day, last)"
            " SELECT left(book, -7), to_date(right(book, 6), 'YYMMDD'), max(number)"
            r" FROM (SELECT regexp_replace(code, '-\d+$', '') AS book, substring(code FROM '\d+$')::int AS number"
            " FROM dossiers_dossier WHERE code IS NOT NULL) AS given GROUP BY book"
            " ON CONFLICT (prefix, day) DO UPDATE SET last = greatest(dossiers_dossiercounter.last, excluded.last)"
        )
