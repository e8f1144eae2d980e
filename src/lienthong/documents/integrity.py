"""What ``./lienthong doctor`` asks of the files: is every one there, whole, unchanged and where the log says it is?"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from lienthong.documents import vault
from lienthong.documents.models import StoredFile
from lienthong.documents.queries import orphaned_contents
from lienthong.infra.health import register_check

SAMPLE = 1000
_SHOWN = 20
# A day until it may be swept, and a day until the sweep comes by.
SWEPT_WITHIN = timedelta(days=2)

# What the log leaves attached to each thing and what was taken off it, beside the rows: how often a file in a role.
_ATTACHED_OTHERWISE = """
WITH told AS (
    SELECT event.stream, change.owner, event.payload->>'role' AS role, sum(change.here) AS here,
        count(*) FILTER (WHERE event.name = 'FileDetached') AS ended
    FROM infra_event AS event CROSS JOIN LATERAL (VALUES
        (coalesce(event.payload->>'owner', event.payload->>'to_owner'),
            CASE event.name WHEN 'FileDetached' THEN -1 ELSE 1 END),
        (event.payload->>'from_owner', -1)
    ) AS change (owner, here)
    WHERE event.name IN ('FileAttached', 'FileDetached', 'FileMoved') AND change.owner IS NOT NULL
    GROUP BY 1, 2, 3
),
there AS (
    SELECT 'file:' || file_id AS stream, owner, role, count(*) FILTER (WHERE removed_at IS NULL) AS here,
        count(removed_at) AS ended
    FROM documents_attachment GROUP BY 1, 2, 3
)
SELECT owner, role, stream, coalesce(there.here, 0), coalesce(told.here, 0)
FROM told FULL JOIN there USING (stream, owner, role)
WHERE (coalesce(there.here, 0), coalesce(there.ended, 0)) <> (coalesce(told.here, 0), coalesce(told.ended, 0))
ORDER BY owner, role, stream LIMIT %s
"""


def register_checks() -> None:
    """Offer the checks to ``./lienthong doctor``."""
    register_check("Tệp lưu trữ đủ và nguyên vẹn", contents_amiss)
    register_check("Không có tệp mồ côi", orphans)
    register_check("Tệp đính kèm đúng như nhật ký", attached_otherwise)


def contents_amiss(*, sample: int | None = SAMPLE) -> Iterator[str]:
    """Yield a sentence for each stored file whose bytes are missing, cut or changed.

    Args:
        sample: How many contents to read whole and compare with their digest, from a random place on; None for all.
            Presence and size are asked of all.
    """
    for sha256, size, name in StoredFile.objects.order_by("sha256").values_list("sha256", "size", "name").iterator():
        path = vault.path_of(sha256)
        if not path.is_file():
            yield f"“{name}”: không còn nội dung trong kho ({sha256[:12]}…). Hãy khôi phục tệp này từ bản sao lưu."
        elif path.stat().st_size != size:
            yield (
                f"“{name}”: dung lượng {path.stat().st_size} byte, phải là {size} ({sha256[:12]}…). "
                "Hãy khôi phục tệp này từ bản sao lưu."
            )
    for sha256 in _sampled(sample):
        if vault.path_of(sha256).is_file() and _digest_of(sha256) != sha256:
            yield f"Nội dung {sha256[:12]}… đã bị thay đổi. Hãy khôi phục từ bản sao lưu."


def orphans() -> Iterator[str]:
    """Yield a sentence for each content without a row and each unfinished upload that the daily sweep has left lying.

    Younger ones are nothing amiss: somebody may be sending a file just now.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        before = (cursor.fetchone()[0] - SWEPT_WITHIN).timestamp()
    for content in orphaned_contents():
        if vault.written_at(content) < before:
            yield f"{content.name[:12]}…: không thuộc tệp nào mà chưa được dọn; việc nền dọn tệp có thể đang dừng."
    for part in vault.unfinished_contents():
        if vault.written_at(part) < before:
            yield f"{part.name}: tải lên dở dang mà chưa được dọn; việc nền dọn tệp có thể đang dừng."


def attached_otherwise() -> Iterator[str]:
    """Yield a sentence for each thing whose attachments are not those that the log tells of."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTACHED_OTHERWISE, [_SHOWN])
        for owner, role, stream, here, told in cursor.fetchall():
            what = f"{owner}, {role}: tệp {stream.removeprefix('file:')}"
            if here > told:
                yield f"{what} đính kèm mà nhật ký không ghi"
            elif here < told:
                yield f"{what} không còn đính kèm mà nhật ký không ghi việc gỡ"
            else:
                yield f"{what} đã gỡ khác với nhật ký"


def _sampled(sample: int | None) -> list[str]:
    digests = StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    if sample is None:
        return list(digests)
    found = list(digests.filter(sha256__gte=secrets.token_hex(32))[:sample])
    return found + [digest for digest in digests[: sample - len(found)] if digest not in set(found)]


def _digest_of(sha256: str) -> str:
    with vault.open_content(sha256) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
