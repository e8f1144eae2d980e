"""The engine as a finder of duplicates: our own places, and weights learnt against the population where a batch has them."""

from __future__ import annotations

from datetime import date

import polars as pl

from lienthong.verification import linkage
from lienthong.verification.models import Batch
from lienthong.verification.places import places_on
from lienthong.verification.states import BatchState


def find_duplicates(frame: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """Find pairs of records that are one person, over all registers put together.

    Tìm bản ghi trùng.

    Args:
        frame: Canonical columns, each ``record_id`` once.
        on: The day, for what codes of communes mean.

    Returns:
        ``record_id``, ``other_record_id``, ``probability``, ``explanation``.
    """
    learnt = Batch.objects.filter(state=BatchState.DONE).exclude(model={}).order_by("-finished_at", "-id").first()
    model = linkage.Model.from_plain_data(learnt.model) if learnt is not None else None
    return linkage.duplicates(frame, places=linkage.Places.read(places_on(on)), model=model)
