"""Moving a request to another version of its procedure: what is asked for under the same name keeps what was handed in."""

from collections.abc import Mapping
from datetime import datetime

from lienthong.catalogue.models import ProcedureVersion, RequiredItem
from lienthong.documents import queries as papers
from lienthong.documents import services as documents
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.services.request import HANDED_IN, open_items

ITEM_ROLE = "item:"


def renew(dossier: Dossier, version: ProcedureVersion, *, by: int, now: datetime) -> None:
    """Give a request the checklist of another version, before it is received.

    Chuyển sang quy định mới. That a paper does not apply was said of one condition, and is kept for that alone.
    """
    before = {row.name: row for row in dossier.items.order_by("number")}
    conditions, conditions_now = _conditions(dossier.version_id), _conditions(version.pk)
    dossier.items.all().delete()
    dossier.version, dossier.updated_at = version, now
    Dossier.objects.filter(pk=dossier.pk).update(version=version, updated_at=now)
    open_items(dossier, version)
    kept = [row for row in dossier.items.order_by("number") if row.name in before]
    for row in kept:
        old = before[row.name]
        row.originals, row.certified_copies, row.copies = old.originals, old.certified_copies, old.copies
        row.is_given = old.is_given
        is_same_case = conditions_now[row.number] == conditions.get(old.number)
        row.is_not_applicable = old.is_not_applicable and is_same_case
    SubmittedItem.objects.bulk_update(kept, HANDED_IN)
    moved = {f"{ITEM_ROLE}{before[row.name].number}": f"{ITEM_ROLE}{row.number}" for row in kept}
    move_files(dossier, moved, by=by, now=now)


def move_files(dossier: Dossier, moved: Mapping[str, str], *, by: int, now: datetime) -> None:
    """Put the files of each paper under its new number; files of a paper that has none are taken off."""
    for attachment in papers.attachments_of(dossier.stream):
        role = moved.get(attachment.role)
        if role == attachment.role:
            continue
        documents.detach(attachment.pk, owner=dossier.stream, by=by, now=now)
        if role is not None:
            documents.attach(dossier.stream, role, attachment.file, by=by, now=now)


def _conditions(version_id: int) -> dict[int, str]:
    return dict(RequiredItem.objects.filter(version=version_id).values_list("number", "condition"))
