"""The scans of papers in a form that is not complete yet: stored once and carried through each try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer

from lienthong.documents import services as documents

_SALT = "lienthong.office.scans"


@dataclass(frozen=True, slots=True)
class Scan:
    """One stored file beside a paper. ``token`` brings it back with the next try, for the same officer and paper alone."""

    file_id: UUID
    name: str
    token: str


def gather(
    number: int, *, kept: Sequence[str], uploads: Sequence[Any], by: int, now: datetime
) -> tuple[list[Scan], list[documents.FileRefused]]:
    """Take up the scans of a paper from earlier tries and store those of this one.

    Args:
        number: Number of the paper.
        kept: Tokens that earlier tries have brought.
        uploads: Files chosen in this one.
        by: The officer who sends them.
        now: The moment of this try.

    Returns:
        The scans, and why a file is none.
    """
    scans = [scan for token in kept if (scan := _read(token, by, number))]
    refusals: list[documents.FileRefused] = []
    for file in uploads:
        upload = documents.Upload(content=file, name=file.name, declared_type=file.content_type or "")
        try:
            stored = documents.store_upload(upload, by=by, now=now)
        except documents.FileRefused as refusal:
            refusals.append(refusal)
        else:
            facts = [by, number, stored.pk.hex, stored.name]
            scans.append(Scan(stored.pk, stored.name, Signer(salt=_SALT).sign_object(facts)))
    return scans, refusals


def _read(token: str, by: int, number: int) -> Scan | None:
    try:
        made_for, paper, file_id, name = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Scan(UUID(file_id), name, token) if (made_for, paper) == (by, number) else None
