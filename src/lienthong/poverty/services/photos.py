"""Photos of a submission: named by its XML, arriving with it or later, in any order and as often as a bad line wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.documents import services as documents
from lienthong.documents.services.store import Readable
from lienthong.kernel.text import nfc
from lienthong.poverty.models import Submission, SubmissionMedia, VisitFlag
from lienthong.poverty.services.refusals import NotAPhoto, PhotoRefused
from lienthong.poverty.states import FlagKind

LONGEST_NAME = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A file that came with a submission. Ảnh gửi kèm.

    Attributes:
        name: As the form names it.
        content: Read once.
    """

    name: str
    content: Readable
    declared_type: str = ""


def expect_photos(submission: Submission, names: Sequence[str]) -> None:
    """Note which photos a new submission names."""
    if names:
        kept = dict.fromkeys(name[:LONGEST_NAME] for name in names)
        SubmissionMedia.objects.bulk_create(SubmissionMedia(submission=submission, name=name) for name in kept)


def keep_photos(submission: Submission, photos: Sequence[Photo], *, by: int, now: datetime) -> None:
    """Keep those of the photos that the submission still waits for; what it does not name, or has, is left alone.

    Raises:
        PhotoRefused: One of them is too heavy, broken or no picture.
    """
    waiting = {
        nfc(media.name): media
        for media in SubmissionMedia.objects.select_for_update().filter(submission=submission, file=None).order_by("pk")
    }
    for photo in photos:
        media = waiting.get(nfc(photo.name))
        if media is None:
            continue
        upload = documents.Upload(content=photo.content, name=photo.name, declared_type=photo.declared_type)
        try:
            file = documents.store_upload(upload, by=by, now=now)
        except documents.FileRefused as refused:
            raise PhotoRefused(str(refused)) from refused
        if not file.media_type.startswith("image/"):
            raise NotAPhoto(file.name)
        media.file = file
        media.save(update_fields=["file"])
        del waiting[nfc(photo.name)]
    if not waiting and submission.completed_at is None:
        submission.completed_at = now
        submission.save(update_fields=["completed_at"])
        flags = VisitFlag.objects.filter(visit__submission=submission, kind=FlagKind.MEDIA_MISSING, cleared_at=None)
        flags.delete()
