"""Running migrations with the state of the models rendered once for many operations, not once for each.

Django renders every model that is related to a changed one anew after each operation: with more than a hundred models, most of
them related to accounts and places, an empty database took longer to get its tables than the demo's people. What only adds
tables, columns, indexes and constraints needs no state between two operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MethodType
from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_ADDING: Final = (CreateModel, AddField, AddIndex, AddConstraint)


class Executor(MigrationExecutor):
    """Applies migrations forwards with few renderings; backwards, and where SQL is only told, as Django does."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """Apply one migration, and record it."""
        if migration.atomic and not fake:
            migration.apply = MethodType(_apply, migration)  # type: ignore[method-assign]
        applied: ProjectState = super().apply_migration(state, migration, fake, fake_initial)
        return applied


def _apply(
    migration: Migration,
    project_state: ProjectState,
    schema_editor: BaseDatabaseSchemaEditor,
    collect_sql: bool = False,
) -> ProjectState:
    if collect_sql or not schema_editor.atomic_migration:
        return Migration.apply(migration, project_state, schema_editor, collect_sql)
    for together in at_once(migration.operations):
        before = project_state.clone()
        if len(together) > 1:
            project_state.__dict__.pop("apps", None)  # rendered when the first of them asks for a model
        for operation in together:
            operation.state_forwards(migration.app_label, project_state)
        for operation in together:
            is_one = len(together) == 1
            operation.database_forwards(
                migration.app_label, schema_editor, before if is_one else project_state, project_state
            )
    return project_state


def at_once(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """Cut operations into runs that can share one state: what only adds, and of a new table nothing but the table itself.

    A table is made with all that the state says of it, so whatever is added to it later needs a state of its own.
    """
    run: list[Operation] = []
    new: set[str] = set()
    for operation in operations:
        name = _model_of(operation)
        is_adding = type(operation) in _ADDING
        if run and (not is_adding or name in new or type(run[-1]) not in _ADDING):
            yield run
            run, new = [], set()
        run.append(operation)
        if isinstance(operation, CreateModel):
            new.add(name)
    if run:
        yield run


def _model_of(operation: Any) -> str:
    return str(operation.name if isinstance(operation, CreateModel) else getattr(operation, "model_name", "")).lower()
