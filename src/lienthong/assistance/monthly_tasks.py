"""What a new law and each day bring, as jobs: each may be cut off and run twice, and does its work once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy

from lienthong.assistance import law_events
from lienthong.assistance.services import divided_places, lacking_facts, law_changes, refused_reviews, run_out
from lienthong.assistance.services.apart import each_apart
from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.infra.working import WorkedElsewhere

# Whoever holds the work may be finishing it, or be the dying end of a worker that was killed: looking again later shows which.
LATER = RetryStrategy(max_attempts=200, wait=15, retry_exceptions={WorkedElsewhere, OperationalError, InterfaceError})


@app.task(name="assistance.reckon_law_change", queue="payments", retry=LATER)
def reckon_law_change(*, event_id: int) -> None:
    """Reckon what a new law changes. Tính chênh lệch theo mức mới."""
    law_changes.reckon_law_change(int(Event.objects.get(pk=event_id).payload["change_id"]))


@app.task(name="assistance.apply_law_change", queue="payments", retry=LATER)
def apply_law_change(*, event_id: int) -> None:
    """Write the rates of a new law. Ghi mức mới."""
    law_changes.apply_law_change(int(Event.objects.get(pk=event_id).payload["change_id"]))


_OF_EACH_NIGHT: Final[tuple[Callable[..., int], ...]] = (
    run_out.end_what_ran_out,
    lacking_facts.note_lacking_facts,
    refused_reviews.note_refused_reviews,
    divided_places.note_divided_places,
)


@app.periodic(cron="40 19 * * *")
@app.task(name="assistance.note_what_days_bring", queue="house", queueing_lock="assistance.note_what_days_bring")
def note_what_days_bring(timestamp: int) -> None:
    """End what ran out, and list what is held, suspended too long, or paid by a divided commune, each night at 02:40. Việc theo ngày."""
    now = datetime.fromtimestamp(timestamp, UTC)
    each_apart(lambda part: part(now=now), _OF_EACH_NIGHT)  # what one part trips over keeps no other from being done


subscribe(law_events.LawChangeOpened, [reckon_law_change])
subscribe(law_events.LawChangeApproved, [apply_law_change])
