"""What ``./lienthong doctor`` asks of the files: is every one there, whole and unchanged, and does anything lie about?"""

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
# A day until it may be swept, and a day until the sweep comes by.
SWEPT_WITHIN = timedelta(days=2)


def register_checks() -> None:
    """Offer the checks to ``./lienthong doctor``."""
    register_check("Tệp lưu trữ đủ và nguyên vẹn", contents_amiss)
    register_check("Không có tệp mồ côi", orphans)


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


def _sampled(sample: int | None) -> list[str]:
    digests = StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    if sample is None:
        return list(digests)
    found = list(digests.filter(sha256__gte=secrets.token_hex(32))[:sample])
    return found + [digest for digest in digests[: sample - len(found)] if digest not in set(found)]


def _digest_of(sha256: str) -> str:
    with vault.open_content(sha256) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
