"""The scans of a request that is not complete yet: stored once and carried through each try, so that nothing is scanned twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.signing import BadSignature, Signer

from lienthong.documents import services as documents

if TYPE_CHECKING:
    from lienthong.office.intake.forms import ReceiveForm

_SALT = "lienthong.office.intake.scans"


@dataclass(frozen=True, slots=True)
class Scan:
    """One stored file beside a paper. ``token`` brings it back with the next try, for the same officer and paper alone."""

    file_id: UUID
    name: str
    token: str


def gather(form: ReceiveForm, *, by: int, now: datetime) -> dict[int, list[Scan]]:
    """Take up the scans of earlier tries and store those of this one; what is refused is told beside its paper.

    Args:
        form: The form as it was sent.
        by: The officer at the desk.
        now: The moment of this try.

    Returns:
        The scans by number of paper.
    """
    scans: dict[int, list[Scan]] = {}
    for item in form.required_items:
        scans[item.number] = [
            scan for token in form.kept_tokens(item.number) if (scan := _read(token, by, item.number))
        ]
        for file in form.uploads(item.number):
            upload = documents.Upload(content=file, name=file.name, declared_type=file.content_type or "")
            try:
                stored = documents.store_upload(upload, by=by, now=now)
            except documents.FileRefused as refusal:
                form.show(refusal, field=f"item_{item.number}_files")
            else:
                facts = [by, item.number, stored.pk.hex, stored.name]
                scans[item.number].append(Scan(stored.pk, stored.name, Signer(salt=_SALT).sign_object(facts)))
    return scans


def _read(token: str, by: int, number: int) -> Scan | None:
    try:
        made_for, paper, file_id, name = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Scan(UUID(file_id), name, token) if (made_for, paper) == (by, number) else None
