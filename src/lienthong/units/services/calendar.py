"""Publish working calendars: an immutable version after another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import Span, format_day, local_day
from lienthong.kernel.legal import LegalReference
from lienthong.rules.working_time import DayKind, ExceptionalDay, OfficeHours, WorkCalendar, official_calendar
from lienthong.units.calendar_format import DatedHours, day_to_json, days_to_json, hours_to_json
from lienthong.units.digests import calendar_digest
from lienthong.units.events import CalendarPublished
from lienthong.units.models import Agency, WorkCalendarVersion
from lienthong.units.queries import agency_on, calendar_version, latest_calendar

_LONGEST_TEXT = 300


class CalendarRefusal(Exception):
    """The calendar was not published; the message says what is wrong and what to do."""


class NotInTheCalendar(CalendarRefusal):
    """A changed day lies outside the days that the calendar answers for."""

    def __init__(self, day: date, known: Span) -> None:
        super().__init__(f"Ngày {format_day(day)} nằm ngoài lịch làm việc hiện có ({known}). Hãy kiểm tra lại năm.")


class DayChangedTwice(CalendarRefusal):
    """The same day is named twice in one publication."""

    def __init__(self, day: date) -> None:
        super().__init__(f"Ngày {format_day(day)} ghi hai lần trong cùng một lần công bố. Hãy giữ lại một dòng.")


class SourceUnreadable(CalendarRefusal):
    """The paper named for a day cannot be read as a reference."""


class ReasonMissing(CalendarRefusal):
    """A change or the whole publication says no reason, or too long a one."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} cần ghi lý do, tối đa {_LONGEST_TEXT} ký tự. Hãy bổ sung, ví dụ số văn bản.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """A day that becomes something else; ``kind`` None makes it an ordinary day of the week again."""

    day: date
    kind: DayKind | None
    reason: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursChange:
    """Office hours that hold from a day on."""

    valid_from: date
    hours: OfficeHours


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCalendar:
    """Make a new version of a calendar out of the last one. Công bố lịch làm việc.

    Attributes:
        agency_code: Whose calendar; None for the province's own.
        changes: The days that change.
        hours: New office hours, or None to keep them.
        note: Why, for everybody to read.
    """

    agency_code: str | None
    changes: tuple[DayChange, ...]
    hours: HoursChange | None = None
    note: str


@transaction.atomic
def publish_calendar(command: PublishCalendar, *, acting_user_id: int, now: datetime) -> WorkCalendarVersion:
    """Publish the next version of a calendar: the last one with some days or hours changed.

    Công bố lịch làm việc. A version is never edited, because deadlines were promised by it. When the province's
    calendar changes, every agency with a calendar of its own gets the same changes in a new version.

    Args:
        command: Whose calendar, and what changes.
        acting_user_id: Who publishes.
        now: When.

    Returns:
        The version in force after the call. When the changes change nothing it is the last one, published before.

    Raises:
        AgencyUnknown: No agency has that code today.
        CalendarRefusal: A day outside the calendar or named twice, or a reason missing.
    """
    locks.hold("publish calendar")
    agency = agency_on(command.agency_code, local_day(now)) if command.agency_code else None
    _check(command)
    published = _publish_next(agency, command, acting_user_id=acting_user_id, now=now)
    if agency is None:
        for own in Agency.objects.filter(pk__in=_agencies_with_their_own()):
            _publish_next(own, command, acting_user_id=acting_user_id, now=now)
    return published


@transaction.atomic
def publish_official_calendar(*, now: datetime) -> WorkCalendarVersion | None:
    """Publish the first calendar of the province from the official days off; do nothing when there is one.

    Legal source:
        45/2019/QH14, Điều 111, 112, and the notices named at each day.
    """
    locks.hold("publish calendar")
    if WorkCalendarVersion.objects.filter(agency=None).exists():
        return None
    return _store(
        None,
        official_calendar(),
        number=1,
        note="Ngày nghỉ lễ, tết, nghỉ bù và làm bù theo quy định và thông báo hằng năm",
        changes=[],
        acting_user_id=None,
        now=now,
    )


def _check(command: PublishCalendar) -> None:
    if not command.note.strip() or len(command.note) > _LONGEST_TEXT:
        raise ReasonMissing("Lần công bố này")
    seen = set[date]()
    for change in command.changes:
        if change.day in seen:
            raise DayChangedTwice(change.day)
        seen.add(change.day)
        if not change.reason.strip() or len(change.reason) > _LONGEST_TEXT:
            raise ReasonMissing(f"Thay đổi ngày {format_day(change.day)}")


def _publish_next(
    agency: Agency | None, command: PublishCalendar, *, acting_user_id: int, now: datetime
) -> WorkCalendarVersion:
    last = latest_calendar(agency.pk if agency else None)
    calendar = calendar_version(last.pk)
    for change in command.changes:
        if not calendar.known.contains(change.day):
            raise NotInTheCalendar(change.day, calendar.known)
    days = _changed_days(calendar.days, command.changes)
    hours = _changed_hours(calendar.hours, command.hours, known=calendar.known)
    if days == dict(calendar.days) and hours == calendar.hours:
        return last
    return _store(
        agency,
        replace(calendar, days=days, hours=hours),
        # An agency's first own calendar follows the province's, but is its own number 1.
        number=last.number + 1 if (last.agency_id is None) == (agency is None) else 1,
        note=command.note.strip(),
        changes=[_change_to_json(change) for change in command.changes],
        acting_user_id=acting_user_id,
        now=now,
    )


def _changed_days(days: Mapping[date, ExceptionalDay], changes: Sequence[DayChange]) -> dict[date, ExceptionalDay]:
    changed = dict(days)
    for change in changes:
        if change.kind is None:
            changed.pop(change.day, None)
        else:
            changed[change.day] = ExceptionalDay(change.kind, change.reason.strip(), _source(change))
    return changed


def _source(change: DayChange) -> LegalReference | None:
    try:
        return LegalReference.parse(change.reference) if change.reference.strip() else None
    except ValueError as unreadable:
        raise SourceUnreadable(f"Ngày {format_day(change.day)}: {unreadable}") from unreadable


def _changed_hours(hours: DatedHours, change: HoursChange | None, *, known: Span) -> DatedHours:
    if change is None:
        return hours
    if not known.contains(change.valid_from):
        raise NotInTheCalendar(change.valid_from, known)
    kept = (
        (Span(span.valid_from, min(span.valid_until or change.valid_from, change.valid_from)), office)
        for span, office in hours
        if span.valid_from < change.valid_from
    )
    return (*kept, (Span(change.valid_from), change.hours))


def _store(
    agency: Agency | None,
    calendar: WorkCalendar,
    *,
    number: int,
    note: str,
    changes: list[dict[str, Any]],
    acting_user_id: int | None,
    now: datetime,
) -> WorkCalendarVersion:
    if calendar.known.valid_until is None:
        raise ValueError("a published calendar has a last day")
    version = WorkCalendarVersion.objects.create(
        agency=agency,
        number=number,
        published_at=now,
        published_by=acting_user_id,
        note=note,
        days=days_to_json(calendar.days),
        hours=hours_to_json(calendar.hours),
        known_from=calendar.known.valid_from,
        known_until=calendar.known.valid_until,
        announced_until=calendar.announced_until,
    )
    code = agency.code if agency else None
    record(
        CalendarPublished(agency_code=code, number=number, note=note, changes=changes, digest=calendar_digest(version)),
        stream=f"calendar:{code or 'province'}",
        actor_id=acting_user_id,
        at=now,
    )
    return version


def _change_to_json(change: DayChange) -> dict[str, Any]:
    if change.kind is None:
        return {"day": change.day.isoformat(), "kind": None, "reason": change.reason}
    row = day_to_json(ExceptionalDay(change.kind, change.reason))
    return {"day": change.day.isoformat(), **row, "source": change.reference}


def _agencies_with_their_own() -> set[int]:
    return set(WorkCalendarVersion.objects.exclude(agency=None).values_list("agency", flat=True))
