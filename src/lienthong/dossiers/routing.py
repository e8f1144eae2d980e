"""Which agency does a step of a dossier on a day: found anew each time, because agencies end and work goes on."""

from datetime import date, datetime

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.definition import StepData
from lienthong.catalogue.states import StepKind, StepPlace
from lienthong.dossiers.models import Dossier
from lienthong.rules.deadlines import due_at
from lienthong.rules.working_time import WorkCalendar
from lienthong.units import queries as units
from lienthong.units.states import AgencyLevel


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
        NobodyCompetent: No agency is assigned to the field at that level on that day.
    """
    if step.place == StepPlace.RECEIVING:
        if dossier.receiving_agency_id is None:
            raise ValueError("a dossier that was never received has no receiving agency")
        return dossier.receiving_agency_id
    level = AgencyLevel(step.agency_level)
    agency = units.competent_agency(field_code=dossier.field_code, level=level, unit=dossier.unit, on=on)
    return agency.pk


def step_due(step: StepData, *, entered_at: datetime, calendar: WorkCalendar) -> datetime | None:
    """Return when a step that began at ``entered_at`` should be done; None where the law gives it no time of its own."""
    if step.allowance is None:
        return None
    return due_at(start=entered_at, allowance=step.allowance, calendar=calendar).due_at
