"""Take away contents that no row speaks of: what rolled-back transactions and broken uploads have left."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from lienthong.documents import vault
from lienthong.documents.models import StoredFile
from lienthong.documents.queries import orphaned_contents
from lienthong.documents.services.store import content_lock
from lienthong.infra import locks

GRACE = timedelta(days=1)


def sweep_orphans(*, now: datetime, older_than: timedelta = GRACE) -> int:
    """Delete contents without a row and uploads that never finished, once they are a day old.

    Dọn tệp mồ côi.

    Returns:
        How many were deleted.
    """
    before = (now - older_than).timestamp()
    swept = 0
    for part in vault.unfinished_contents():
        if vault.written_at(part) < before:
            part.unlink(missing_ok=True)
            swept += 1
    for content in orphaned_contents():
        if vault.written_at(content) < before:
            swept += _sweep(content)
    return swept


@transaction.atomic
def _sweep(content: Path) -> int:
    """Delete one content if still nobody speaks of it; whoever stores the same bytes right now waits, and writes them anew."""
    locks.hold(content_lock(content.name))
    if StoredFile.objects.filter(sha256=content.name).exists():
        return 0
    content.unlink(missing_ok=True)
    return 1
