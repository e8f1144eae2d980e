"""The scans of papers in a form that is not complete yet: stored once and carried through each try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.signing import BadSignature, Signer

from lienthong.documents import services as documents

if TYPE_CHECKING:
    from lienthong.office.checklist import ChecklistForm

_SALT = "lienthong.office.scans"


@dataclass(frozen=True, slots=True)
class Scan:
    """One stored file beside a paper. ``token`` brings it back with the next try, for the same officer and paper alone."""

    file_id: UUID
    name: str
    token: str


def gather(
    form: ChecklistForm, *, by: int, now: datetime
) -> tuple[dict[int, list[Scan]], list[tuple[int, documents.FileRefused]]]:
    """Take up the scans of earlier tries and store those of this one.

    Args:
        form: The form as it was sent.
        by: The officer who sent it.
        now: The moment of this try.

    Returns:
        The scans by number of paper, and each refusal with the number of its paper.
    """
    scans: dict[int, list[Scan]] = {}
    refusals: list[tuple[int, documents.FileRefused]] = []
    for number in (paper.number for paper in form.papers):
        scans[number] = [scan for token in form.kept_tokens(number) if (scan := _read(token, by, number))]
        for file in form.uploads(number):
            upload = documents.Upload(content=file, name=file.name, declared_type=file.content_type or "")
            try:
                stored = documents.store_upload(upload, by=by, now=now)
            except documents.FileRefused as refusal:
                refusals.append((number, refusal))
            else:
                facts = [by, number, stored.pk.hex, stored.name]
                scans[number].append(Scan(stored.pk, stored.name, Signer(salt=_SALT).sign_object(facts)))
    return scans, refusals


def _read(token: str, by: int, number: int) -> Scan | None:
    try:
        made_for, paper, file_id, name = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Scan(UUID(file_id), name, token) if (made_for, paper) == (by, number) else None
