"""Questions about files and printed forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BufferedReader
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.documents import vault
from lienthong.documents.models import Attachment, IssuedForm, StoredFile
from lienthong.infra.missing import NotFound

_BATCH = 1000


class NoSuchFile(NotFound):
    """The thing has no such file, or has it no longer."""

    def __str__(self) -> str:
        return _("Không có tệp này, hoặc tệp đã được gỡ. Hãy quay lại trang trước và chọn tệp khác.")


def attachments_of(owner: str) -> list[Attachment]:
    """Return what is attached to one thing now, oldest first, each with its file."""
    return attachments_of_many([owner])[owner]


def attachments_of_many(owners: Sequence[str]) -> dict[str, list[Attachment]]:
    """Return what is attached to each of several things now, by one query."""
    found: dict[str, list[Attachment]] = {owner: [] for owner in owners}
    open_ones = Attachment.objects.filter(owner__in=owners, removed_at=None).select_related("file")
    for attachment in open_ones.order_by("attached_at", "pk"):
        found[attachment.owner].append(attachment)
    return found


def forms_of(owner: str) -> list[IssuedForm]:
    """Return every form issued for a thing, newest first, each with its file."""
    return list(IssuedForm.objects.filter(owner=owner).select_related("file").order_by("-issued_at", "-pk"))


def forms_of_many(owners: Sequence[str]) -> list[IssuedForm]:
    """Return every form issued for several things, newest first, each with its file, by one query."""
    return list(IssuedForm.objects.filter(owner__in=owners).select_related("file").order_by("-issued_at", "-pk"))


def get_file(file_id: UUID, *, owner: str) -> StoredFile:
    """Return a file that is attached to a thing now, or was issued for it.

    Whether somebody may see the thing is asked by whoever knows it.

    Raises:
        NoSuchFile: The thing has no such file.
    """
    attached = Attachment.objects.filter(owner=owner, removed_at=None).values("file_id")
    issued = IssuedForm.objects.filter(owner=owner).values("file_id")
    file = StoredFile.objects.filter(Q(pk__in=attached) | Q(pk__in=issued), pk=file_id).first()
    if file is None:
        raise NoSuchFile(file_id)
    return file


def open_content(file: StoredFile) -> BufferedReader:
    """Open the bytes of a file for reading; the caller closes them.

    Raises:
        ContentMissing: They are not in the folder.
    """
    return vault.open_content(file.sha256)


def orphaned_contents() -> Iterator[Path]:
    """Yield the kept contents that no row speaks of: a transaction was rolled back after its bytes were written."""
    contents = vault.kept_contents()
    while batch := list(islice(contents, _BATCH)):
        digests = [path.name for path in batch]
        known = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        yield from (path for path in batch if path.name not in known)
