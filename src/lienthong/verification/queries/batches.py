"""Questions about registers, batches, copies of the population data and how far they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from lienthong.infra.missing import NotFound
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import Batch, PopulationCopy, Register
from lienthong.verification.queries.thresholds import NoSuchBatch
from lienthong.verification.states import STATUS_WORDS, CopyState

_LONGEST = 60 * 60 * 24
_FIRST_MARK = 0.1


class NoSuchCopy(NotFound):
    """There is no such copy of the population data."""


@dataclass(frozen=True, slots=True)
class Advance:
    """How far long work is. Tiến độ.

    ``seconds_left`` is None while nothing can be said yet.
    """

    stage: str
    percent: int
    seconds_left: int | None

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes, rounded up; None for less than one or where nothing can be said."""
        return None if self.seconds_left is None or self.seconds_left < 60 else -(-self.seconds_left // 60)


def all_batches(register_id: int | None = None) -> QuerySet[Batch]:
    """Return batches, newest first."""
    batches = Batch.objects.select_related("register", "requested_by", "population_copy").order_by("-id")
    return batches.filter(register_id=register_id) if register_id is not None else batches


def get_batch(batch_id: int) -> Batch:
    """Return a batch with its register, copy and mapping.

    Raises:
        NoSuchBatch: There is none.
    """
    batch = (
        Batch.objects.select_related("register", "requested_by", "population_copy", "mapping", "previous")
        .filter(pk=batch_id)
        .first()
    )
    if batch is None:
        raise NoSuchBatch
    return batch


def all_registers() -> QuerySet[Register]:
    """Return registers by name."""
    return Register.objects.order_by("name", "id")


def all_copies() -> QuerySet[PopulationCopy]:
    """Return copies of the population data, newest first."""
    return PopulationCopy.objects.select_related("loaded_by").order_by("-as_of", "-id")


def last_load_failed() -> bool:
    """Tell whether the copy that was loaded last could not be used."""
    state = PopulationCopy.objects.order_by("-loaded_at", "-id").values_list("state", flat=True).first()
    return state == CopyState.FAILED


def copy_in_use() -> PopulationCopy | None:
    """Return the copy that batches run on; None before the first."""
    return PopulationCopy.objects.filter(state=CopyState.READY).first()


def get_copy(copy_id: int) -> PopulationCopy:
    """Return a copy.

    Raises:
        NoSuchCopy: There is none.
    """
    copy = PopulationCopy.objects.select_related("loaded_by", "previous").filter(pk=copy_id).first()
    if copy is None:
        raise NoSuchCopy
    return copy


def advance_of(progress: dict[str, Any], *, now: datetime) -> Advance:
    """Return how far work is, and how long it will take yet if it goes on as it went."""
    share = float(progress.get("share", 0.0))
    left: int | None = None
    # The first mark is set at once and says nothing of the pace.
    if progress.get("began") and _FIRST_MARK < share < 1:
        gone = (now - datetime.fromisoformat(progress["began"])).total_seconds()
        left = min(max(round(gone * (1 - share) / share), 1), _LONGEST) if gone > 0 else None
    return Advance(str(progress.get("stage", "")), round(share * 100), left)


def status_counts(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Return code, words and count of each status that occurs, in the order of urgency."""
    return [(one.value, str(STATUS_WORDS[one]), counts[one.value]) for one in Status if counts.get(one.value)]


def result_lines(batch_id: int) -> Iterator[bytes]:
    """Yield the results of a batch as CSV, as the database writes it: record, status, number, confidence, explanation.

    What a spreadsheet would take for a formula gets an apostrophe in front, so that it stays text.
    """
    query = (
        "COPY (SELECT regexp_replace(e.record_key, '^(?=[-=+@])', '''') AS rid,"
        " regexp_replace(e.list_name, '^(?=[-=+@])', '''') AS danh_sach, v.status, v.found_number AS cccd, v.probability,"
        " v.explanation FROM verification_verdict v JOIN verification_registerentry e ON e.id = v.entry_id"
        " WHERE v.batch_id = %s ORDER BY e.id) TO STDOUT (FORMAT csv, HEADER)"
    )
    yield b"\xef\xbb\xbf"
    with connection.cursor() as cursor, cursor.copy(query, [batch_id]) as copy:
        for piece in copy:
            yield bytes(piece)
