"""What a change of the working calendar would have promised otherwise. Nothing is changed: a promise is never rewritten."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from lienthong.dossiers.deadlines import promise
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import OPEN_STATES
from lienthong.kernel.days import local_moment
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True)
class PromiseThatDiffers:
    """A running dossier whose promise would be another day under another calendar."""

    code: str
    receiving_agency: str
    promised: datetime
    by_new_calendar: datetime


def promises_that_would_differ(calendar_id: int, *, on: date, limit: int) -> list[PromiseThatDiffers]:
    """Return running dossiers whose promise a calendar version would have set otherwise, the earliest promise first.

    Hồ sơ bị ảnh hưởng khi lịch làm việc thay đổi. Only dossiers of desks that follow this calendar, and only those that
    were running on a day which it changed.

    Args:
        calendar_id: The version.
        on: The day of the question: which desks follow which calendar.
        limit: How many at most.

    Raises:
        CalendarMissing: There is no such version.
    """
    calendar = units.calendar_version(calendar_id)
    running = Dossier.objects.filter(_follow(calendar_id, on=on), state__in=OPEN_STATES, promised_due_at__isnull=False)
    changed = units.days_changed_by(calendar_id)
    if changed:
        running = running.filter(_ran_on(min(changed), max(changed)))
    found: list[PromiseThatDiffers] = []
    rows = running.select_related("version", "receiving_agency").order_by("promised_due_at", "pk")
    for dossier in rows.iterator(chunk_size=500):
        if dossier.received_at is None or dossier.promised_due_at is None or dossier.receiving_agency is None:
            continue
        due = promise(dossier.version, received_at=dossier.received_at, calendar=calendar).due_at
        if due is not None and due != dossier.promised_due_at:
            place = dossier.receiving_agency.name
            found.append(PromiseThatDiffers(dossier.code or "", place, dossier.promised_due_at, due))
            if len(found) >= limit:
                break
    return found


def _follow(calendar_id: int, *, on: date) -> Q:
    owner = units.calendar_owner(calendar_id)
    if owner is not None:
        return Q(receiving_agency__code=owner)
    return ~Q(receiving_agency__code__in=units.agencies_with_a_calendar(on=on))


def _ran_on(first: date, last: date) -> Q:
    return Q(received_at__lt=local_moment(last + timedelta(days=1)), promised_due_at__gte=local_moment(first))
