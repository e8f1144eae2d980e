"""What follows a fact of the review, as jobs: each may run twice and does its work once."""

from __future__ import annotations

from datetime import UTC, datetime

from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.poverty.events import HouseholdVisited
from lienthong.poverty.services import checks


@app.task(name="poverty.check_visit", queue="house")
def check_visit(*, event_id: int) -> None:
    """Look whether a visit is worth a second look. Kiểm tra lượt khảo sát."""
    event = Event.objects.get(pk=event_id)
    checks.check_visit(int(event.payload["visit_id"]), now=event.at)


@app.periodic(cron="35 * * * *")
@app.task(name="poverty.flag_missing_photos", queue="house", queueing_lock="poverty.flag_missing_photos")
def flag_missing_photos(timestamp: int) -> None:
    """Flag visits whose photos have not come. Báo phiếu thiếu ảnh."""
    checks.flag_missing_photos(now=datetime.fromtimestamp(timestamp, UTC))


subscribe(HouseholdVisited, [check_visit])
