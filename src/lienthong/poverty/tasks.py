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
from lienthong.poverty.events import HouseholdVisited
from lienthong.poverty.procedures import KINDS
from lienthong.poverty.queries.results import household_of_number, household_with_code
from lienthong.poverty.services import checks, requests


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
    with suppress(requests.AskedAlready):
        requests.take_up_dossier(
            household=household, unit_id=dossier.unit_id or household.unit_id, kind=kind, dossier_code=dossier.code,
            received_at=event.at, actor_id=event.actor_id,
        )  # fmt: skip


subscribe(HouseholdVisited, [check_visit])
subscribe(DossierReceived, [take_up_dossier])
