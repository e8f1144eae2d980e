"""Planned statements: on Django's connection, in its transaction, seen by whoever watches, refused in Django's words."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lienthong.infra import statements

pytestmark = pytest.mark.django_db


def test_rows_come_back_as_python_values() -> None:
    key, moment = uuid4(), datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

    (row,) = statements.execute(
        "SELECT %s::uuid, %s::timestamptz, %s::bigint, %s::text, NULL::int, %s::bigint[]", [key, moment, 7, "Ỷ", [1, 2]]
    )

    assert row == (key, moment, 7, "Ỷ", None, [1, 2])


def test_a_statement_without_rows_gives_none() -> None:
    assert statements.execute("CREATE TEMPORARY TABLE nothing (id int)", []) == []


def test_belongs_to_the_running_transaction() -> None:
    statements.execute("CREATE TEMPORARY TABLE kept (id int)", [])
    try:
        with transaction.atomic():
            statements.execute("INSERT INTO kept VALUES (%s)", [1])
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass

    assert statements.execute("SELECT count(*) FROM kept", []) == [(0,)]


def test_is_planned_once_and_found_again() -> None:
    for number in range(3):
        assert statements.execute("SELECT %s::int AS planned_once", [number]) == [(number,)]

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%planned_once%'")
        assert cursor.fetchone()[0] >= 1


def test_whoever_counts_queries_sees_it() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert statements.execute("SELECT %s::int", [5]) == [(5,)]

    assert [query["sql"] for query in queries] == ["SELECT 5::int"]


def test_whoever_refuses_writes_refuses_it() -> None:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise PermissionError(sql)

    with connection.execute_wrapper(refuse), pytest.raises(PermissionError, match="DELETE"):
        statements.execute("DELETE FROM infra_event", [])


def test_a_broken_constraint_is_told_in_the_words_of_django() -> None:
    statements.execute("CREATE TEMPORARY TABLE once (id int PRIMARY KEY)", [])
    statements.execute("INSERT INTO once VALUES (%s)", [1])

    with pytest.raises(IntegrityError), transaction.atomic():
        statements.execute("INSERT INTO once VALUES (%s)", [1])


def test_value_lists_have_a_place_for_each_value() -> None:
    assert statements.value_lists(2, 3) == "(%s, %s, %s), (%s, %s, %s)"
