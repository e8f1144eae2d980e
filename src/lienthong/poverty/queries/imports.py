"""Imported lists and their rows, and the columns remembered of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.poverty import policies
from lienthong.poverty.models import ListImport, ListImportRow
from lienthong.poverty.states import ImportState, RowOutcome


class ListImportUnknown(NotFound):
    """There is no such import, or none that this user may see."""


def communes_importing(user: Any, *, on: date) -> Collection[int] | None:
    """Return the communes whose lists the user imports; None for all of the province."""
    if policies.runs_province(user, on=on):
        return None
    return policies.communes_of(user, on=on, roles=policies.RUNNING_ROLES)


def list_imports(user: Any, *, on: date) -> QuerySet[ListImport]:
    """Return the imports that the user may see, newest first."""
    found = ListImport.objects.select_related("unit", "loaded_by", "committed_by")
    communes = communes_importing(user, on=on)
    if communes is not None:
        found = found.filter(unit__in=communes)
    return found.order_by("-loaded_at", "-pk")


def get_list_import(import_id: int, *, user: Any, on: date) -> ListImport:
    """Return one import.

    Raises:
        ListImportUnknown: There is none, or none for this user.
    """
    found = list_imports(user, on=on).filter(pk=import_id).first()
    if found is None:
        raise ListImportUnknown
    return found


def remembered_columns(signature: str) -> dict[str, str] | None:
    """Return the columns that somebody confirmed last for a file with the same heads."""
    confirmed = ListImport.objects.filter(signature=signature, state__in=[ImportState.STAGED, ImportState.COMMITTED])
    return confirmed.order_by("-loaded_at", "-pk").values_list("mapping", flat=True).first()


def rows_of_import(held: ListImport, *, outcome: str = "", with_notes: bool = False) -> QuerySet[ListImportRow]:
    """Return the rows in the order of the file, those of one outcome or those that somebody should look at."""
    rows = ListImportRow.objects.filter(list_import=held).select_related("household")
    if outcome:
        rows = rows.filter(outcome=outcome)
    if with_notes:
        rows = rows.exclude(notes=[])
    return rows.order_by("row_number")


def outcome_counts(held: ListImport) -> dict[str, int]:
    """Return how many rows have each outcome."""
    counts = dict(held.rows.order_by("outcome").values_list("outcome").annotate(many=Count("pk")))
    return {outcome: counts.get(outcome, 0) for outcome in RowOutcome.values}
