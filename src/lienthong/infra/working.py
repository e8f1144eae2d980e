"""What long jobs share: one at a time, how far they are, and what time it is by the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model


class WorkedElsewhere(Exception):
    """Another worker does this already."""


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold a piece of work for this connection; it is let go when the work ends, and when the worker is killed.

    Raises:
        WorkedElsewhere: Somebody else holds it.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise WorkedElsewhere(name)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def is_cut_off() -> bool:
    """Tell whether the database went away under the work: then nothing can be written down, and the job is done again."""
    held = connection.connection
    return held is None or bool(held.closed)


_told: ContextVar[datetime | None] = ContextVar("told", default=None)


@contextmanager
def told_moment(now: datetime) -> Iterator[None]:
    """Let what jobs do inside happen at a moment that is told: an invented province has a history."""
    before = _told.set(now)
    try:
        yield
    finally:
        _told.reset(before)


def moment() -> datetime:
    """Return the moment by the database's clock: a job takes long, and says when it really ended."""
    if (told := _told.get()) is not None:
        return told
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


class Progress:
    """Writes to the ``progress`` of a row how far its work is. Tiến độ."""

    def __init__(self, row: Model, *, now: datetime, lowest: float = 0.0, highest: float = 1.0) -> None:
        self.row, self.began, self.lowest, self.highest = row, now, lowest, highest

    def __call__(self, stage: str, share: float) -> None:
        """Note the stage in words and the share of it that is done."""
        done = self.lowest + (self.highest - self.lowest) * min(max(share, 0.0), 1.0)
        told: dict[str, Any] = {"stage": stage, "share": round(done, 3), "began": self.began.isoformat()}
        type(self.row)._base_manager.filter(pk=self.row.pk).update(progress=told)

    def within(self, lowest: float, highest: float) -> Progress:
        """Return the progress of a part of the work."""
        return Progress(self.row, now=self.began, lowest=lowest, highest=highest)
