"""The least that anybody would have to do for each stage: the same rows and files, and nothing decided.

Each works on tables of the same columns, checks and indexes, without foreign keys, in the same database and the same run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from lxml import etree

from lienthong.payments.models import PaymentRun

LINES: Final = "payments_paymentline"
STATEMENT_LINES: Final = "payments_statementline"
_OF_A_TRANSFER: Final = "id, amount, deducted, bank_code, account_number, holder_name, for_month"
_TRANSFER: Final = (
    '<CdtTrfTxInf><PmtId><EndToEndId>LT%014d</EndToEndId></PmtId><Amt><InstdAmt Ccy="VND">%d</InstdAmt></Amt>'
    "<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>%s</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt><Cdtr><Nm>%s</Nm></Cdtr>"
    "<CdtrAcct><Id><Othr><Id>%s</Id></Othr></Id></CdtrAcct><RmtInf><Ustrd>%s</Ustrd></RmtInf></CdtTrfTxInf>\n"
)

WORDS: Final[Mapping[str, str]] = {
    "prepare": "COPY đúng các dòng ấy vào một bảng cùng cột, cùng ràng buộc kiểm tra, cùng chỉ mục",
    "sign": "hai lần ghi một dòng và một sự kiện, mỗi lần một giao dịch",
    "release": "một câu UPDATE đổi trạng thái đúng các dòng ấy trong bảng của mốc",
    "export": "COPY đúng các cột của lệnh chi ra, ghi mỗi khoản một mẩu XML cố định vào tệp và băm SHA-256",
    "take_in": "bộ đọc XML đi hết hai tệp, COPY đúng các dòng sao kê vào bảng cùng cột, một câu UPDATE đổi trạng thái",
    "next": "COPY các dòng của tháng sau vào bảng của mốc đã có tháng trước",
}
"""What stands beside each stage."""


def columns_of(table: str) -> str:
    """Return the columns of a table that a row brings along, as they stand in a statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
        return str(cursor.fetchone()[0])


def copy_out(table: str, file: Path, *, condition: str) -> None:
    """Write rows to a file for the floor, and make the table that they fill if it is not there yet.

    Args:
        table: Whose rows and whose columns, checks and indexes.
        file: Where they go.
        condition: Which of them; written by us.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {_floor(table)} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)")
        query = f"COPY (SELECT {columns_of(table)} FROM {table} WHERE {condition}) TO STDOUT"  # noqa: S608
        with file.open("wb") as out, cursor.copy(query) as rows:
            for piece in rows:
                out.write(piece)


def prepare_rest() -> None:
    """Make the two small tables of the floor of signing."""
    with connection.cursor() as cursor:
        for table in ("payments_paymentrun", "infra_event"):
            cursor.execute(f"CREATE TABLE {_floor(table)} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)")
        cursor.execute(f"INSERT INTO {_floor('payments_paymentrun')} SELECT * FROM payments_paymentrun")  # noqa: S608


def copy_in(table: str, file: Path) -> None:
    """Put rows into the table of the floor."""
    with (
        connection.cursor() as cursor,
        file.open("rb") as content,
        cursor.copy(f"COPY {_floor(table)} ({columns_of(table)}) FROM STDIN") as rows,
    ):
        while piece := content.read(1 << 20):
            rows.write(piece)


def sign() -> None:
    """Write one row and one fact, twice, each in a transaction of its own."""
    for place in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {_floor('payments_paymentrun')} SET version = version + 1")  # noqa: S608
            cursor.execute(
                f"INSERT INTO {_floor('infra_event')} SELECT * FROM infra_event ORDER BY id OFFSET %s LIMIT 1",  # noqa: S608
                [place],
            )


def release() -> None:
    """Change the state of every line that would be sent."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {_floor(LINES)} SET state = 'sent' WHERE state = 'planned'")  # noqa: S608


def export(month: date, file: Path) -> None:
    """Read the columns of a transfer, write one fixed piece for each, and take the digest of the file."""
    run = PaymentRun.objects.get(month=month)
    query = (
        f"COPY (SELECT {_OF_A_TRANSFER} FROM {LINES} WHERE run_id = {run.pk} AND channel = 'bank' AND state <> 'held'"  # noqa: S608
        " ORDER BY id) TO STDOUT"
    )
    digest = hashlib.sha256()
    with connection.cursor() as cursor, file.open("wb") as out, cursor.copy(query) as copy:
        copy.set_types(["int8", "int8", "int8", "text", "text", "text", "text"])
        for line_id, amount, deducted, bank, number, holder, for_month in copy.rows():
            piece = (_TRANSFER % (line_id, amount - deducted, bank, holder, number, for_month)).encode()
            digest.update(piece)
            out.write(piece)


def take_in(answers: list[Path], statement_lines: Path) -> None:
    """Let the parser alone walk through the answers, put the lines of the statements down and change the payments."""
    for file in answers:
        for _event, element in etree.iterparse(str(file), events=("end",), huge_tree=True, resolve_entities=False):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    copy_in(STATEMENT_LINES, statement_lines)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {_floor(LINES)} SET state = 'paid', paid_on = CURRENT_DATE WHERE state = 'sent'")  # noqa: S608


def let_go_of_what_did_not_arrive() -> None:
    """Take the lines out of the table that the next month pays again, as the index over live lines wants it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_floor(LINES)} AS floor USING {LINES} AS line WHERE line.id = floor.id AND NOT line.is_live"  # noqa: S608
        )


def _floor(table: str) -> str:
    return f"floor_{table}"
