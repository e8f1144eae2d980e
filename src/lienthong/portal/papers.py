"""Papers as files in the portal: taken in one by one, shown as links that end, served only from where they belong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.documents import queries as documents
from lienthong.documents import services
from lienthong.documents.inspection.kinds import JPEG, PDF, PNG, kind_of_media_type
from lienthong.documents.links import LinkExpired, LinkRefused, link_token, read_token
from lienthong.documents.serve import file_response
from lienthong.documents.vault import ContentMissing
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest
from lienthong.infra.missing import NotFound
from lienthong.portal.pages import portal_page

MOST_FILES_OF_ONE_PAPER = 20
TAKEN_KINDS = (PDF, JPEG, PNG)


class NoSuchPaper(NotFound):
    """There is no such file on this record, or the link was not made for whoever opens it."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the files of one upload: those that are kept, and a sentence for each that is not."""

    kept: tuple[Any, ...]
    refusals: tuple[str, ...]


class PaperField(forms.FilesField):
    """The files of one paper. ``required`` is what its label says; each file is looked at by itself, see ``take_in``."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return []

    def look_at(self, upload: Any) -> None:
        """Refuse a file by its name or its weight.

        Raises:
            ValidationError: In words that name the file and say what to do.
        """
        super().clean([upload])


def take_in(chosen: Iterable[Any], *, there: Sequence[Any], by: int | None, now: datetime, label: str = "") -> TakenIn:
    """Keep each file that is fit to be kept; one that is not never costs the others.

    Args:
        chosen: The uploaded files.
        there: What is attached to this paper already; the same file again changes nothing.
        by: The user; None for a guest.
        now: When.
        label: What the paper is called.
    """
    field = PaperField(label=label)
    known = {(file.sha256, file.name) for file in there}
    kept: list[Any] = []
    refusals: list[str] = []
    for upload in chosen:
        if len(known) >= MOST_FILES_OF_ONE_PAPER:
            refusals.append(_too_many(upload))
            continue
        try:
            field.look_at(upload)
            file = services.store_upload(
                services.Upload(content=upload, name=upload.name or "", declared_type=upload.content_type or ""),
                by=by,
                now=now,
            )
        except ValidationError as wrong:
            refusals += wrong.messages
        except services.FileRefused as refused:
            refusals.append(str(refused))
        else:
            if kind_of_media_type(file.media_type) not in TAKEN_KINDS:
                refusals.append(_not_taken(upload))
            elif (file.sha256, file.name) not in known:
                known.add((file.sha256, file.name))
                kept.append(file)
    return TakenIn(tuple(kept), tuple(refusals))


def file_links(files: Iterable[Any], *, address: Callable[[str], str], owner: str, request: HouseRequest) -> list[Any]:
    """Turn stored files into what the part ``file_list`` draws, each with a link that ends by itself.

    Args:
        files: Stored files.
        address: Makes the address out of a token.
        owner: The thing they belong to.
        request: For whom the links are made, and when.
    """
    return [
        {
            "id": file.pk,
            "name": file.name,
            "url": address(link_token(file.pk, user_id=_reader(request), owner=owner, now=request.received_at)),
            "kind": kind.label if (kind := kind_of_media_type(file.media_type)) else _("tệp"),
            "size": file.size,
            "note": "",
        }
        for file in files
    ]


def serve(request: HouseRequest, token: str, *, owners: Sequence[str], back: str) -> HttpResponseBase:
    """Answer with a file of one of ``owners`` that a link names, or with the way back when the link has ended.

    Raises:
        NoSuchPaper: The link was made for another record or person, or the file is there no more.
    """
    try:
        grant = read_token(token, user_id=_reader(request), now=request.received_at)
    except LinkExpired as expired:
        context = {"sentence": str(expired), "back": back}
        return portal_page(request, "portal/tracking/link_expired.html", context, status=410)
    except LinkRefused as refused:
        raise NoSuchPaper from refused
    if grant.owner not in owners:
        raise NoSuchPaper
    try:
        file = documents.get_file(grant.file_id, owner=grant.owner)
    except documents.NoSuchFile as missing:
        raise NoSuchPaper from missing
    try:
        return file_response(file, as_attachment="download" in request.GET)
    except ContentMissing:
        return portal_page(request, "portal/tracking/lost_file.html", {"back": back}, status=410)


def draft_file_address(draft_id: UUID) -> Callable[[str], str]:
    """Return how the address of a draft's file is made out of a token."""
    return lambda token: reverse("portal:draft_file", args=[draft_id, token])


def tracked_file_address(public_id: UUID) -> Callable[[str], str]:
    """Return how the address of a dossier's file is made out of a token."""
    return lambda token: reverse("portal:tracked_file", args=[public_id, token])


def _reader(request: HouseRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated else None


def _too_many(upload: Any) -> str:
    return _(
        "Tệp “%(name)s” chưa được nhận: mỗi giấy tờ tối đa %(most)s tệp. Hãy gỡ bớt hoặc ghép thành một tệp PDF."
    ) % {
        "name": upload.name,
        "most": MOST_FILES_OF_ONE_PAPER,
    }


def _not_taken(upload: Any) -> str:
    return _("Tệp “%(name)s” thuộc loại chưa nhận được. Hãy gửi một trong các loại: %(kinds)s.") % {
        "name": upload.name,
        "kinds": "PDF, JPG, PNG",
    }
