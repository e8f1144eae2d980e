"""Questions about working time: which calendar an agency follows now, and what a published version says."""

from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet

from lienthong.infra import statements
from lienthong.kernel.days import Span
from lienthong.rules.working_time import WorkCalendar
from lienthong.units.calendar_format import days_from_json, hours_from_json
from lienthong.units.models import Agency, WorkCalendarVersion

# As ``_latest``, for every move of every dossier asks.
_FOLLOWED_NOW = """
SELECT version.id FROM units_workcalendarversion AS version
LEFT JOIN units_agency AS follower ON follower.id = %s
LEFT JOIN units_agency AS owner ON owner.id = version.agency_id
WHERE version.agency_id IS NULL OR owner.code = follower.code
ORDER BY version.agency_id IS NULL, version.id DESC LIMIT 1
"""


class CalendarMissing(LookupError):
    """No calendar was ever published, so that no time limit can be counted."""

    def __str__(self) -> str:
        return "Chưa có lịch làm việc nào được công bố. Hãy nạp dữ liệu gốc trước."


def work_calendar(agency_id: int | None) -> tuple[int, WorkCalendar]:
    """Return the calendar an agency follows now, with the id of its version.

    Args:
        agency_id: The agency; None for the province's own calendar, which also serves every agency without one.

    Raises:
        CalendarMissing: Nothing was ever published.
    """
    found = statements.execute(_FOLLOWED_NOW, [agency_id])
    if not found:
        raise CalendarMissing
    return found[0][0], calendar_version(found[0][0])


def latest_calendar(agency_id: int | None) -> WorkCalendarVersion:
    """Return the published version that an agency follows now, as it was published: days, hours, note, who and when.

    Raises:
        CalendarMissing: Nothing was ever published.
    """
    version = _latest(agency_id).select_related("agency").first()
    if version is None:
        raise CalendarMissing
    return version


@lru_cache(maxsize=512)
def calendar_version(version_id: int) -> WorkCalendar:
    """Return what a published version says. A version never changes, so each is read once in the life of a process.

    Raises:
        CalendarMissing: There is no such version.
    """
    version = WorkCalendarVersion.objects.select_related("agency").filter(pk=version_id).first()
    if version is None:
        raise CalendarMissing
    return WorkCalendar(
        version=f"số {version.number} của {version.agency.code if version.agency else 'tỉnh'}",
        days=days_from_json(version.days),
        hours=hours_from_json(version.hours),
        known=Span(version.known_from, version.known_until),
        announced_until=version.announced_until,
    )


def calendar_owner(version_id: int) -> str | None:
    """Return the code of the agency whose calendar a version is; None for the province's own."""
    return WorkCalendarVersion.objects.filter(pk=version_id).values_list("agency__code", flat=True).first()


def agencies_with_a_calendar(*, on: date) -> dict[str, str]:
    """Return code and name of each agency of a day that has a calendar of its own, in the order of their names."""
    owners = WorkCalendarVersion.objects.exclude(agency=None).values("agency__code")
    return dict(Agency.objects.valid_on(on).filter(code__in=owners).order_by("sort_key").values_list("code", "name"))


def days_changed_by(version_id: int) -> list[date]:
    """Return the days that a version tells otherwise than the one before it; none where it changed the hours.

    Raises:
        CalendarMissing: There is no such version.
    """
    version = WorkCalendarVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise CalendarMissing
    line = Q(agency=None) if version.agency_id is None else Q(agency=version.agency_id) | Q(agency=None)
    before = WorkCalendarVersion.objects.filter(line, pk__lt=version_id)
    # An agency's first own version follows the province's.
    last = before.annotate(is_own=Q(agency=version.agency_id)).order_by("-is_own", "-pk").first()
    if last is None or last.hours != version.hours:
        return []
    return sorted(
        date.fromisoformat(day)
        for day in last.days.keys() | version.days.keys()
        if last.days.get(day) != version.days.get(day)
    )


def _latest(agency_id: int | None) -> QuerySet[WorkCalendarVersion]:
    followed = Q(agency=None)
    if agency_id is not None:
        # An agency keeps its calendar when it begins a new row under the same code.
        followed |= Q(agency__code__in=Agency.objects.filter(pk=agency_id).values("code"))
    versions = WorkCalendarVersion.objects.filter(followed).annotate(is_of_the_province=Q(agency=None))
    return versions.order_by("is_of_the_province", "-id")
