"""Make a table say what a file says, touching only the rows that differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of one table were added, changed, removed, and found as they should be."""

    table: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            self.table,
            self.added + other.added,
            self.changed + other.changed,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
        )

    def __str__(self) -> str:
        return f"{self.table}: thêm {self.added}, sửa {self.changed}, bỏ {self.removed}, giữ nguyên {self.unchanged}"


def synchronize(
    model: type[M], wanted: Iterable[Mapping[str, Any]], *, key: Sequence[str], removes_others: bool = False
) -> Loaded:
    """Add the rows that are missing and change those that differ, in the running transaction.

    Args:
        model: The table.
        wanted: One mapping of column to value for each row.
        key: Columns that say which row it is.
        removes_others: Whether rows that are not wanted are removed. Only for tables that nothing refers to.
    """
    rows = {tuple(row[name] for name in key): row for row in wanted}
    existing = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    changed, columns = [], set[str]()
    for identity in rows.keys() & existing.keys():
        row = existing[identity]
        differing = {name for name, value in rows[identity].items() if getattr(row, name) != value}
        for name in differing:
            setattr(row, name, rows[identity][name])
        if differing:
            changed.append(row)
            columns |= differing
    # Changes come first: the span of a row must end before the row that follows it can begin.
    if changed:
        model._default_manager.bulk_update(changed, sorted(columns))
    added = [model(**row) for identity, row in rows.items() if identity not in existing]
    model._default_manager.bulk_create(added)
    gone = [row.pk for identity, row in existing.items() if identity not in rows] if removes_others else []
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    return Loaded(
        str(model._meta.verbose_name), len(added), len(changed), len(gone), len(rows) - len(added) - len(changed)
    )
