"""What follows a fact, and what time brings, as jobs: each may run twice and does its work once."""

from __future__ import annotations

from datetime import UTC, datetime

from lienthong.assistance.services import extending, following, uncollected
from lienthong.assistance.services.apart import each_apart
from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.payments.events import PaymentRunClosed
from lienthong.people.events import DeathRecorded


@app.task(name="assistance.follow_death", queue="house")
def follow_death(*, event_id: int) -> None:
    """End what a person who died received. Thôi hưởng do chết."""
    event = Event.objects.get(pk=event_id)
    following.follow_death(int(event.stream.removeprefix("person:")), now=event.at)


@app.task(name="assistance.close_recoveries", queue="house")
def close_recoveries(*, event_id: int) -> None:
    """Close the recoveries that a run completed. Kết thúc thu hồi đã đủ."""
    following.close_recoveries(now=Event.objects.get(pk=event_id).at)


@app.task(name="assistance.note_uncollected", queue="house")
def note_uncollected(*, event_id: int) -> None:
    """List who did not collect for so many months that a suspension is due. Phát hiện nhiều tháng không nhận tiền."""
    event = Event.objects.get(pk=event_id)
    uncollected.note_uncollected(int(event.payload["run_id"]), now=event.at)


@app.periodic(cron="20 2 1 * *")
@app.task(name="assistance.extend_rates", queue="house", queueing_lock="assistance.extend_rates")
def extend_rates(timestamp: int) -> None:
    """Compute rates further ahead where they end within the year. Tính trước mức hưởng."""
    now = datetime.fromtimestamp(timestamp, UTC)
    each_apart(lambda one: extending.extend_rates(one, now=now), extending.people_to_extend(local_day(now)))


subscribe(DeathRecorded, [follow_death])
subscribe(PaymentRunClosed, [close_recoveries, note_uncollected])
