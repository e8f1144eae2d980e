"""Seals over the whole log: a digest of every event since the last seal, chained to the seal before it.

A stream's own chain notices a changed row; a seal also notices a tail or a whole stream that is gone.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from lienthong.infra import locks
from lienthong.infra.events import broken_links
from lienthong.infra.models import Event, EventSeal

EMPTY_DIGEST = "0" * 64
LONGEST_WAIT = timedelta(hours=3)
_ROWS_AT_ONCE = 10_000


def seal_events(*, now: datetime) -> EventSeal | None:
    """Seal every event that was committed since the last seal.

    Niêm phong nhật ký. Events of transactions that still run are left to the next seal, and so is everything after them.

    Returns:
        The new seal; None when there is nothing new.
    """
    with transaction.atomic():
        locks.hold("seal")
        last = EventSeal.objects.order_by("-pk").first()
        first = last.last_event_id + 1 if last else 1
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(min(id) - 1, (SELECT max(id) FROM infra_event)) FROM infra_event"
                " WHERE id >= %s AND transaction_id >= pg_snapshot_xmin(pg_current_snapshot())",
                [first],
            )
            (until,) = cursor.fetchone()
        if until is None or until < first:
            return None
        digest, count = _digest(first, until, last.digest if last else EMPTY_DIGEST)
        return EventSeal.objects.create(
            sealed_at=now, first_event_id=first, last_event_id=until, events=count, digest=digest
        )


def broken_seals() -> Iterator[str]:
    """Yield a sentence for each seal that the events no longer agree with."""
    before = EMPTY_DIGEST
    for seal in EventSeal.objects.order_by("pk"):
        digest, count = _digest(seal.first_event_id, seal.last_event_id, before)
        if count != seal.events:
            yield f"Niêm phong số {seal.pk}: có {count} sự kiện, lúc niêm phong là {seal.events}"
        elif digest != seal.digest:
            yield f"Niêm phong số {seal.pk}: nội dung nhật ký đã khác lúc niêm phong"
        before = seal.digest


def broken_streams() -> Iterator[str]:
    """Walk every stream of the log and yield a sentence for each row that its chain does not bear out."""
    yield from broken_links(Event.objects.order_by("stream", "sequence").iterator(chunk_size=_ROWS_AT_ONCE))


def unsealed_events() -> Iterator[str]:
    """Yield a sentence when events have waited for their seal for longer than a seal may take."""
    last = EventSeal.objects.order_by("-pk").first()
    waiting = Event.objects.filter(pk__gt=last.last_event_id if last else 0, recorded_at__lt=Now() - LONGEST_WAIT)
    if count := waiting.count():
        yield f"{count} sự kiện chưa được niêm phong; việc nền “infra.seal_log” có thể đang dừng"


def _digest(first: int, until: int, before: str) -> tuple[str, int]:
    digest, count = hashlib.sha256(before.encode()), 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute("SELECT id, hash FROM infra_event WHERE id BETWEEN %s AND %s ORDER BY id", [first, until])
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            for event_id, row_hash in rows:
                digest.update(f"{event_id}:{row_hash}".encode())
            count += len(rows)
    return digest.hexdigest(), count
