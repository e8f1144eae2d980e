"""Files that banks answered with: those that wait, and what became of the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lienthong.infra.missing import NotFound
from lienthong.payments import policies
from lienthong.payments.models import StatementUpload
from lienthong.payments.states import UploadState


class UploadNotFound(NotFound):
    """There is no such file, or none that this user may see."""


@dataclass(frozen=True, slots=True)
class UploadFilter:
    """Which files a list shows. Empty means all."""

    bank: str = ""
    state: str = ""


def uploads(user: Any, asked: UploadFilter, *, on: date) -> QuerySet[StatementUpload]:
    """Return the files of a list, newest first, with who sent them in and the statements that they hold."""
    if not policies.sees_province(user, on=on):
        return StatementUpload.objects.none()
    rows = StatementUpload.objects.all()
    if asked.bank:
        rows = rows.filter(bank_code=asked.bank)
    if asked.state in UploadState.values:
        rows = rows.filter(state=asked.state)
    return rows.select_related("uploaded_by").prefetch_related("statements").order_by("-uploaded_at", "-pk")


def get_upload(upload_id: int, *, user: Any, on: date) -> StatementUpload:
    """Load a file that the user may see.

    Raises:
        UploadNotFound: There is none for this user.
    """
    found: StatementUpload | None = uploads(user, UploadFilter(), on=on).filter(pk=upload_id).first()
    if found is None:
        raise UploadNotFound
    return found
