"""Say which file belongs to which thing, and in which role. The thing is only a key, such as ``dossier:12``."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.documents.events import FileAttached, FileDetached, FileMoved, stream_of
from lienthong.documents.models import Attachment, StoredFile
from lienthong.infra import locks
from lienthong.infra.events import record


class NothingAttached(LookupError):
    """There is no such attachment on the thing."""

    def __str__(self) -> str:
        return _("Không có tệp này trong hồ sơ. Trang có thể đã cũ: hãy tải lại trang rồi xem danh sách tệp.")


@transaction.atomic
def attach(owner: str, role: str, file: StoredFile, *, by: int | None, now: datetime) -> Attachment:
    """Attach a file to a thing under a role. Attaching it again changes nothing.

    Đính kèm tệp.

    Args:
        owner: Key of the thing: ``dossier:12``, ``draft:<uuid>``.
        role: What the file is to it: ``item:3``, ``result``.
        file: A stored file.
        by: The user who does it; None for a guest or the system.
        now: When.
    """
    attachment, is_new = Attachment.objects.get_or_create(
        owner=owner, role=role, file=file, removed_at=None, defaults={"attached_at": now, "attached_by": by}
    )
    if is_new:
        record(FileAttached(owner=owner, role=role), stream=stream_of(file.id), actor_id=by, at=now)
    return attachment


@transaction.atomic
def detach(attachment_id: int, *, owner: str, by: int | None, now: datetime) -> None:
    """Take a file off a thing: its time there ends, row and bytes stay. Done twice, it changes nothing.

    Gỡ tệp đính kèm.

    Raises:
        NothingAttached: ``owner`` never had this attachment.
    """
    attachment = Attachment.objects.select_for_update().filter(pk=attachment_id, owner=owner).first()
    if attachment is None:
        raise NothingAttached(attachment_id)
    if attachment.removed_at is None:
        _end(attachment, by=by, now=now)


@transaction.atomic
def move_attachments(from_owner: str, to_owner: str, *, by: int | None, now: datetime) -> int:
    """Give every file of one thing to another, as when a draft becomes a dossier.

    Chuyển tệp đính kèm sang chủ khác.

    Returns:
        How many files moved.
    """
    locks.hold(f"attachments:{from_owner}")
    there = set(Attachment.objects.filter(owner=to_owner, removed_at=None).values_list("role", "file_id"))
    moving = Attachment.objects.select_for_update().filter(owner=from_owner, removed_at=None).order_by("pk")
    moved = 0
    for attachment in moving:
        if (attachment.role, attachment.file_id) in there:
            _end(attachment, by=by, now=now)
            continue
        attachment.owner = to_owner
        attachment.save(update_fields=["owner"])
        fact = FileMoved(from_owner=from_owner, to_owner=to_owner, role=attachment.role)
        record(fact, stream=stream_of(attachment.file_id), actor_id=by, at=now)
        moved += 1
    return moved


def _end(attachment: Attachment, *, by: int | None, now: datetime) -> None:
    attachment.removed_at = now
    attachment.removed_by = by
    attachment.save(update_fields=["removed_at", "removed_by"])
    fact = FileDetached(owner=attachment.owner, role=attachment.role)
    record(fact, stream=stream_of(attachment.file_id), actor_id=by, at=now)
