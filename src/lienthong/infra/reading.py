"""Reads of personal data: who looked at what, written down once for each page or command. Nhật ký truy cập dữ liệu cá nhân."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lienthong.infra.models import ReadRecord


def write_reads(
    reads: Iterable[tuple[str, str]], *, actor_id: int | None, path: str, address: str | None = None, at: datetime
) -> None:
    """Write down what was read.

    Args:
        reads: Subjects with what was looked at; what was read twice is written once.
        actor_id: Of the account; None where nobody is signed in.
        path: Of the page, or the command.
        address: Of the visitor; None at the terminal.
        at: The moment.
    """
    ReadRecord.objects.bulk_create(
        ReadRecord(actor_id=actor_id, subject=subject, action=action, path=path, address=address, at=at)
        for subject, action in dict.fromkeys(reads)
    )
