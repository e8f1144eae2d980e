"""Loading very many rows: ids taken in one go, rows by COPY, indexes built once at the end instead of row by row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg import sql

NOTHING = r"\N"
# COPY gives these four a meaning of their own.
_ESCAPED = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_LINES_AT_ONCE = 20_000


def take_ids(table: str, count: int) -> int:
    """Take so many ids of a table and return the first; the others follow in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(name, nextval(name) + %s) - %s FROM pg_get_serial_sequence(%s, 'id') AS name",
            [max(count - 1, 0), max(count - 1, 0), table],
        )
        return int(cursor.fetchone()[0])


def number_rows(rows: Sequence[Model]) -> None:
    """Give rows of one model their ids before they are written, so that others can name them."""
    if rows:
        first = take_ids(rows[0]._meta.db_table, len(rows))
        for number, row in enumerate(rows, start=first):
            row.pk = number


def copy_rows(rows: Sequence[Model]) -> None:
    """Write new rows of one model, whose ids are given, by COPY: every constraint holds, in a fraction of the time."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [one for one in meta.concrete_fields if not one.generated]
    columns = sql.SQL(", ").join([sql.Identifier(str(one.column)) for one in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), columns)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([one.get_db_prep_save(one.pre_save(row, True), connection) for one in fields])


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Copy lines to a table, each as ``line`` or ``escaped`` texts joined by tabs make it."""
    remaining = iter(lines)
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        while block := list(islice(remaining, _LINES_AT_ONCE)):
            copy.write("\n".join(block) + "\n")


def line(values: Iterable[Any]) -> str:
    """Return one line for ``copy_lines``. Lists become arrays of whole numbers; JSON comes as text."""
    return "\t".join([_text(value) for value in values])


def escaped(text: str) -> str:
    """Return a text as it stands in a line."""
    for (
        sign,
        instead,
    ) in _ESCAPED:  # each is looked for at the speed of memory; a table of translations asks every letter
        if sign in text:
            text = text.replace(sign, instead)
    return text


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, str):
        # A member of an enumeration is a text that would give its name away.
        return escaped(str.__str__(value))
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value)


@contextmanager
def without_indexes(tables: Sequence[str], *, few_rows: int = 0) -> Iterator[None]:
    """Take foreign keys, exclusions and secondary indexes off almost empty tables, and put them back afterwards.

    All in the running transaction: whatever breaks, the tables are as they were.

    Args:
        tables: The tables.
        few_rows: Tables with more rows than this keep their indexes, because building them anew would cost more.
    """
    almost_empty = [table for table in tables if _rows_up_to(table, few_rows + 1) <= few_rows]
    with connection.cursor() as cursor:
        # Building indexes sorts in memory; both settings end with the transaction.
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL synchronous_commit = off")
        # Checks still waiting for the commit would forbid to alter the tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'x', 'u') ORDER BY contype DESC, conname",
            [almost_empty],
        )
        constraints = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary",
            [almost_empty],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _rows_up_to(table: str, most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT %s) AS rows", [most])  # noqa: S608
        return int(cursor.fetchone()[0])
