"""Migrations share one state where nothing between two operations could matter, and only there."""

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from lienthong.infra.migrating import at_once


def table(name: str) -> migrations.CreateModel:
    return migrations.CreateModel(name, [("id", models.BigAutoField(primary_key=True))])


def column(model: str, name: str) -> migrations.AddField:
    return migrations.AddField(model, name, models.IntegerField(default=0))


def index(model: str) -> migrations.AddIndex:
    return migrations.AddIndex(model, models.Index(fields=["id"], name=f"{model}_by_id"))


def cut(*operations: Operation) -> list[int]:
    return [len(run) for run in at_once(operations)]


def test_tables_and_what_is_added_to_older_ones_share_a_state() -> None:
    assert cut(table("Commune"), table("Person"), column("agency", "rank"), index("agency")) == [4]


def test_what_is_added_to_a_new_table_comes_after_the_table() -> None:
    assert cut(table("Commune"), table("Person"), column("person", "age"), index("person")) == [2, 2]


def test_whatever_does_more_than_add_stands_alone() -> None:
    sql = migrations.RunSQL("SELECT 1", "SELECT 1")
    altered = migrations.AlterField("person", "age", models.BigIntegerField())

    assert cut(table("Commune"), sql, altered, altered, table("Person"), index("agency")) == [1, 1, 1, 1, 2]


def test_nothing_is_nothing() -> None:
    assert cut() == []
