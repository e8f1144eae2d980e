"""What follows a fact of the review, as jobs: each may run twice and does its work once."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from lienthong.dossiers.events import DossierReceived
from lienthong.dossiers.models import Dossier
from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.poverty.events import HouseholdVisited, RoundOpened
from lienthong.poverty.models import ReviewRound
from lienthong.poverty.procedures import KINDS
from lienthong.poverty.queries.results import household_of_number, household_with_code
from lienthong.poverty.round_events import RoundTableTaken
from lienthong.poverty.services import checks, forms, requests


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


@app.task(name="poverty.take_up_dossier", queue="house")
def take_up_dossier(*, event_id: int) -> None:
    """Let a request received at the desk wait for the next list of its commune. Ghi giấy đề nghị từ hồ sơ.

    Where the household is not certain nothing is guessed: the proposal on the dossier's page says what to do.
    """
    event = Event.objects.get(pk=event_id)
    kind = KINDS.get(event.payload["procedure_code"])
    if kind is None:
        return
    dossier = Dossier.objects.get(pk=int(event.stream.removeprefix("dossier:")))
    day, code = local_day(event.at), str(dossier.answers.get("household_code", "")).strip()
    household = household_with_code(code, on=day) if code else household_of_number(dossier.applicant_number, on=day)
    if household is None or dossier.code is None:
        return
    command = requests.RecordRequest(
        unit_id=dossier.unit_id or household.unit_id, household_code=household.code, kind=kind, received_on=day,
        dossier_code=dossier.code,
    )  # fmt: skip
    with suppress(requests.AskedAlready):
        requests.take_up_dossier(command, actor_id=event.actor_id, now=event.at)


@app.task(name="poverty.publish_forms", queue="house")
def publish_forms(*, event_id: int) -> None:
    """Put the forms in use by which a round is surveyed: its standard, and its points table where it has one. Phát hành phiếu.

    A form that is in use word for word stays; one that an office changed keeps its questions.
    """
    event = Event.objects.get(pk=event_id)
    round_ = ReviewRound.objects.select_related("points_table").get(pk=event.payload["round_id"])
    forms.publish_shipped_forms(
        standard_id=round_.standard_id, points_table=round_.points_table, region_column=round_.points_column or forms.RURAL_REGION,
        now=event.at,
    )  # fmt: skip


subscribe(HouseholdVisited, [check_visit])
subscribe(RoundOpened, [publish_forms])
subscribe(RoundTableTaken, [publish_forms])
subscribe(DossierReceived, [take_up_dossier])
