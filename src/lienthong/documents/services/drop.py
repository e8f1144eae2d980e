"""Let go of a file that was kept for a look and then not wanted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from lienthong.documents.events import FileDropped, stream_of
from lienthong.documents.models import StoredFile
from lienthong.infra.events import record


@transaction.atomic
def drop_file(file_id: UUID, *, by: int | None, now: datetime) -> None:
    """Forget a file to which nothing refers; its bytes are swept when no other file has the same.

    Bỏ tệp không dùng.

    Args:
        file_id: The file.
        by: Who does not want it; None for a job.
        now: When.

    Raises:
        ProtectedError: Something refers to it.
    """
    StoredFile.objects.filter(pk=file_id).delete()
    record(FileDropped(), stream=stream_of(file_id), actor_id=by, at=now)
