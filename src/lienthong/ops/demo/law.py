"""What the law says of a story: its papers, its time limits, and who is competent for each step on the day."""

from bisect import bisect_right
from datetime import date, datetime
from functools import cache
from typing import Any

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.definition import StepData
from lienthong.catalogue.states import ItemKind, StepPlace
from lienthong.dossiers.models import SubmittedItem
from lienthong.rules.deadlines import Allowance, Unit, due_at
from lienthong.rules.working_time import WorkCalendar
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit, Agency
from lienthong.units.states import AgencyLevel


@cache
def items_of(version_id: int) -> tuple[Any, ...]:
    """Return the checklist of a version."""
    return tuple(catalogue.get_version(version_id).items.all())


def submitted(item: Any) -> SubmittedItem:
    """Return an item as a complete request gives it."""
    given = item.is_required and not item.condition and item.kind not in {ItemKind.PRESENT_ONLY, ItemKind.DATA_LOOKUP}
    return SubmittedItem(
        number=item.number,
        name=item.name,
        originals=item.originals if given else 0,
        copies=item.copies if given else 0,
        is_given=given,
    )


@cache
def hours(hours: int) -> Allowance:
    """Return a time limit in working hours."""
    return Allowance(hours, Unit.WORKING_HOUR)


@cache
def allowance_of(version_id: int) -> tuple[Allowance, ...]:
    """Return the time limit of a version."""
    return catalogue.allowance_of(catalogue.get_version(version_id))


def promise_of(
    version_id: int, received_at: datetime, calendar: WorkCalendar
) -> tuple[datetime | None, tuple[str, ...]]:
    """Return the promise of a receipt with how it was counted."""
    allowance = allowance_of(version_id)
    if not allowance:
        return None, ()
    due = due_at(start=received_at, allowance=allowance, calendar=calendar)
    return due.due_at, tuple(line.text for line in due.trace)


def step_due(step: StepData, at: datetime, calendar: WorkCalendar) -> datetime | None:
    """Return when a step that began at a moment should be done."""
    return due_at(start=at, allowance=step.allowance, calendar=calendar).due_at if step.allowance else None


def agency_for(  # noqa: PLR0917
    place: str, level: str, field_code: str, desk_id: int, unit: AdministrativeUnit, on: date
) -> int:
    """Return the id of the agency that does a step on a day."""
    if place == StepPlace.RECEIVING:
        return desk_id
    days = _days_of_change()
    return _competent(level, field_code, unit, days[bisect_right(days, on) - 1])


@cache
def _competent(level: str, field_code: str, unit: AdministrativeUnit, since: date) -> int:
    return units.competent_agency(field_code=field_code, level=AgencyLevel(level), unit=unit, on=since).pk


@cache
def _days_of_change() -> list[date]:
    """Return the days on which any agency began: between two of them, who is competent does not change."""
    return sorted(Agency.objects.order_by().values_list("valid_from", flat=True).distinct())
