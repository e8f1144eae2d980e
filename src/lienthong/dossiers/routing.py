"""Which agency does a step of a dossier on a day: found anew each time, because agencies end and work goes on."""

from datetime import date, datetime
from functools import lru_cache

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.definition import StepData
from lienthong.catalogue.states import StepKind, StepPlace
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.kernel.days import local_day, local_moment
from lienthong.rules.allowances import Allowance, Unit
from lienthong.rules.deadlines import due_at
from lienthong.rules.working_time import WorkCalendar
from lienthong.units import queries as units
from lienthong.units.states import AgencyLevel


class NobodyDoesStep(DossierRefusal):
    """No agency is competent for the step today."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(f"Chưa có nơi nào làm bước “{step}”. {why}")


def steps_of(dossier: Dossier) -> tuple[StepData, ...]:
    """Return the steps of the version that the dossier keeps."""
    return catalogue.steps_of(dossier.version_id)


def step_of(dossier: Dossier) -> StepData:
    """Return the step at which the dossier stands."""
    return next(step for step in steps_of(dossier) if step.number == dossier.step)


def step_after(dossier: Dossier, number: int) -> StepData:
    """Return the step that follows ``number``."""
    return next(step for step in steps_of(dossier) if step.number > number)


def decides_now(dossier: Dossier) -> bool:
    """Tell whether the dossier stands at the step that decides."""
    return dossier.step is not None and step_of(dossier).kind == StepKind.DECIDE


def agency_for(step: StepData, dossier: Dossier, *, on: date) -> int:
    """Return the id of the agency that does ``step`` of ``dossier`` on a day.

    Raises:
        NobodyDoesStep: No agency is assigned to the field at that level on that day.
    """
    if step.place == StepPlace.RECEIVING:
        if dossier.receiving_agency_id is None:
            raise ValueError("a dossier that was never received has no receiving agency")
        return dossier.receiving_agency_id
    level = AgencyLevel(step.agency_level)
    try:
        return units.competent_agency_id(field_code=dossier.field_code, level=level, unit_id=dossier.unit_id, on=on)
    except units.NobodyCompetent as nobody:
        raise NobodyDoesStep(step.name, str(nobody)) from nobody


def step_due(step: StepData, *, entered_at: datetime, calendar: WorkCalendar) -> datetime | None:
    """Return when a step that began at ``entered_at`` should be done; None where the law gives it no time of its own."""
    if step.allowance is None:
        return None
    if step.allowance.unit is Unit.WORKING_HOUR or step.allowance.amount == 0:
        return due_at(start=entered_at, allowance=step.allowance, calendar=calendar).due_at
    return _due_by_day(step.allowance, local_day(entered_at), calendar)


@lru_cache(maxsize=20_000)
def _due_by_day(allowance: Allowance, day: date, calendar: WorkCalendar) -> datetime | None:
    """Days are counted from the day after, so that every dossier of a day has the same answer."""
    return due_at(start=local_moment(day), allowance=allowance, calendar=calendar).due_at
