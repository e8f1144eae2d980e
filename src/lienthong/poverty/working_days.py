"""Working days of a commune: until when a list hangs out, until when an objection is answered, how many are left."""

from __future__ import annotations

from datetime import date, timedelta

from lienthong.rules.parameters import load_parameter
from lienthong.rules.working_time import WorkCalendar
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import AgencyLevel

FIELD = "poverty"
POSTING = "poverty/review:posting"
RECHECK = "poverty/review:recheck"


def calendar_of(unit: AdministrativeUnit, *, on: date) -> WorkCalendar:
    """Return the working calendar that the committee of a commune follows; the province's where there is none."""
    try:
        agency_id = units.competent_agency(field_code=FIELD, level=AgencyLevel.COMMUNE, unit=unit, on=on).pk
    except units.NobodyCompetent:
        agency_id = None
    return units.work_calendar(agency_id)[1]


def last_working_day(calendar: WorkCalendar, start: date, days: int) -> date:
    """Return the last of so many working days; the day it begins does not count."""
    day = start
    for _number in range(days):
        day = calendar.next_working_day(day)
    return day


def posting_ends_on(unit: AdministrativeUnit, posted_on: date) -> date:
    """Return the first day after the legal working days of a posting.

    Raises:
        OutsideCalendar: The calendar does not reach so far.
    """
    days = load_parameter(POSTING).value_on(posted_on)
    return last_working_day(calendar_of(unit, on=posted_on), posted_on, days) + timedelta(days=1)


def answer_due_on(unit: AdministrativeUnit, raised_on: date) -> date:
    """Return the last day on which an objection is answered in time.

    Raises:
        OutsideCalendar: The calendar does not reach so far.
    """
    days = load_parameter(RECHECK).value_on(raised_on)
    return last_working_day(calendar_of(unit, on=raised_on), raised_on, days)


def working_days_left(unit: AdministrativeUnit, last_day: date, *, on: date) -> int:
    """Count the working days after today up to and with the last day; 0 on the last one, negative when it is over."""
    calendar, step = calendar_of(unit, on=on), 1 if last_day >= on else -1
    first, last = (on, last_day) if step > 0 else (last_day, on)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return step * sum(calendar.is_working_day(day) for day in days)
