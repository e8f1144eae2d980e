"""The review of everybody, and what a draft of the law would cost, as jobs."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy

from lienthong.assistance.finding_events import LeftOutReviewAsked, ScenarioKept
from lienthong.assistance.services import findings, scenarios
from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.infra.working import WorkedElsewhere

LATER = RetryStrategy(max_attempts=20, wait=30, retry_exceptions={WorkedElsewhere, OperationalError, InterfaceError})


@app.task(name="assistance.make_review", queue="assistance", retry=LATER)
def make_review(*, event_id: int) -> None:
    """Make a review that somebody asked for. Rà soát theo yêu cầu."""
    findings.make_review(int(Event.objects.get(pk=event_id).payload["review_id"]))


@app.periodic(cron="30 18 * * 6")
@app.task(name="assistance.weekly_review", queue="assistance", queueing_lock="assistance.weekly_review", retry=LATER)
def weekly_review(timestamp: int) -> None:
    """Go through everybody each week, at 01:30 of Vietnamese Sunday. Rà soát hằng tuần."""
    findings.review_at_once(now=datetime.fromtimestamp(timestamp, UTC))


@app.task(name="assistance.compute_scenario", queue="assistance", retry=LATER)
def compute_scenario(*, event_id: int) -> None:
    """Reckon a draft of the law. Tính phương án giả định."""
    scenarios.compute_scenario(int(Event.objects.get(pk=event_id).payload["scenario_id"]))


subscribe(LeftOutReviewAsked, [make_review])
subscribe(ScenarioKept, [compute_scenario])
