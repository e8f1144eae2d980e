"""A published calendar is never edited, only followed; agencies may differ from their province."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.infra.models import Event
from lienthong.rules.working_time import DayKind, OfficeHours, official_calendar, official_days
from lienthong.units import queries as units
from lienthong.units import services
from lienthong.units.health import calendars_not_as_published
from lienthong.units.models import WorkCalendarVersion
from lienthong.units.services import DayChange, HoursChange, PublishCalendar
from lienthong.units.services.calendar import DayChangedTwice, NotInTheCalendar, ReasonMissing, SourceUnreadable
from tests.factories.units import AgencyFactory, WorkCalendarVersionFactory
from tests.units.conftest import NOW

pytestmark = pytest.mark.django_db

STORM = date(2026, 12, 1)
OFFICER = 7


def publish(
    *changes: DayChange, agency: str | None = None, hours: HoursChange | None = None, note: str = "Bão số 9"
) -> WorkCalendarVersion:
    command = PublishCalendar(agency_code=agency, changes=changes, hours=hours, note=note)
    return services.publish_calendar(command, acting_user_id=OFFICER, now=NOW)


def off(day: date, *, reference: str = "") -> DayChange:
    return DayChange(day=day, kind=DayKind.OFF, reason="nghỉ tránh bão", reference=reference)


@pytest.fixture
def first_version(db: None) -> WorkCalendarVersion:
    version = services.publish_official_calendar(now=NOW)
    assert version is not None
    return version


def test_the_first_version_says_exactly_what_the_official_calendar_says(first_version: WorkCalendarVersion) -> None:
    official, (version_id, published) = official_calendar(), units.work_calendar(None)

    assert version_id == first_version.pk
    assert (published.days, published.hours, published.known) == (official.days, official.hours, official.known)
    assert published.announced_until == official.announced_until == date(2028, 1, 1)


def test_the_first_version_keeps_the_source_of_every_official_day(first_version: WorkCalendarVersion) -> None:
    for day in official_days().days:
        assert first_version.days[day.isoformat()].keys() == {"kind", "reason", "source", "confidence"}


def test_the_first_version_is_published_once(first_version: WorkCalendarVersion) -> None:
    assert services.publish_official_calendar(now=NOW) is None
    assert [event.payload["number"] for event in Event.objects.order_by("id")] == [1]


def test_says_that_no_calendar_was_published() -> None:
    with pytest.raises(units.CalendarMissing, match="Chưa có lịch làm việc"):
        units.work_calendar(None)


def test_a_day_off_makes_a_new_version_and_leaves_the_old(first_version: WorkCalendarVersion) -> None:
    second = publish(off(STORM, reference="1234/UBND-NC"))

    version_id, calendar = units.work_calendar(None)
    assert (version_id, second.number, second.published_by) == (second.pk, 2, OFFICER)
    assert not calendar.is_working_day(STORM)
    assert calendar.reason_for(STORM) == "nghỉ tránh bão"
    assert str(calendar.days[STORM].reference) == "1234/UBND-NC"
    assert units.calendar_version(first_version.pk).is_working_day(STORM)


def test_publication_is_one_event(first_version: WorkCalendarVersion) -> None:
    publish(off(STORM))

    event = Event.objects.order_by("-id")[0]
    assert (event.name, event.stream, event.actor_id) == ("CalendarPublished", "calendar:province", OFFICER)
    assert event.payload["changes"][0]["day"] == "2026-12-01"


def test_publishing_the_same_again_changes_nothing(first_version: WorkCalendarVersion) -> None:
    second = publish(off(STORM))

    assert publish(off(STORM)) == second
    assert Event.objects.count() == 2


def test_a_day_can_become_ordinary_again(first_version: WorkCalendarVersion) -> None:
    publish(off(STORM))
    publish(DayChange(day=STORM, kind=None, reason="bão đã tan"))

    assert units.work_calendar(None)[1].is_working_day(STORM)


def test_new_hours_hold_from_their_day_on(first_version: WorkCalendarVersion) -> None:
    winter = OfficeHours.parse("08:00-12:00,13:00-17:00")
    publish(hours=HoursChange(valid_from=STORM, hours=winter))

    calendar = units.work_calendar(None)[1]
    assert calendar.opening_at(date(2026, 11, 30)).time() == time(7, 30)
    assert calendar.opening_at(STORM).time() == time(8)


def test_hours_published_again_for_the_same_day_replace_the_first(first_version: WorkCalendarVersion) -> None:
    for text in ("08:00-12:00", "07:00-11:00"):
        publish(hours=HoursChange(valid_from=STORM, hours=OfficeHours.parse(text)))

    calendar = units.work_calendar(None)[1]
    assert calendar.opening_at(STORM).time() == time(7)
    assert len(calendar.hours) == 2


def test_an_agency_with_saturday_hours_differs_from_its_province(first_version: WorkCalendarVersion) -> None:
    desk, other = AgencyFactory(desk=True), AgencyFactory()
    saturday = OfficeHours.parse("07:30-11:30", weekdays=range(6))

    version = publish(agency=desk.code, hours=HoursChange(valid_from=STORM, hours=saturday), note="Làm sáng thứ Bảy")

    assert version.number == 1
    assert units.work_calendar(desk.pk)[1].is_working_day(date(2026, 12, 5))
    assert not units.work_calendar(other.pk)[1].is_working_day(date(2026, 12, 5))
    assert units.work_calendar(None)[0] == first_version.pk


def test_a_change_of_the_province_reaches_agencies_with_their_own_calendar(first_version: WorkCalendarVersion) -> None:
    desk = AgencyFactory(desk=True)
    publish(off(date(2026, 12, 2)), agency=desk.code, note="Kiểm kê")

    publish(off(STORM))

    own = units.work_calendar(desk.pk)[1]
    assert not own.is_working_day(STORM)
    assert not own.is_working_day(date(2026, 12, 2))
    assert units.work_calendar(None)[1].is_working_day(date(2026, 12, 2))
    assert Event.objects.filter(stream=f"calendar:{desk.code}").count() == 2


def test_an_agency_keeps_its_calendar_when_it_begins_a_new_row(first_version: WorkCalendarVersion) -> None:
    desk = AgencyFactory(desk=True, valid_until=date(2026, 12, 15))
    own = publish(off(STORM), agency=desk.code)

    later = AgencyFactory(desk=True, code=desk.code, unit=desk.unit, valid_from=date(2026, 12, 15))

    assert units.work_calendar(later.pk)[0] == own.pk


@pytest.mark.parametrize(
    ("changes", "note", "refusal", "told"),
    [
        ((off(date(3000, 1, 2)),), "x", NotInTheCalendar, "02/01/3000 nằm ngoài lịch"),
        ((off(STORM), off(STORM)), "x", DayChangedTwice, "01/12/2026 ghi hai lần"),
        ((off(STORM),), "  ", ReasonMissing, "Lần công bố này cần ghi lý do"),
        ((DayChange(day=STORM, kind=DayKind.OFF, reason=" "),), "x", ReasonMissing, "Thay đổi ngày 01/12/2026"),
        ((off(STORM, reference="khoản 2"),), "x", SourceUnreadable, "01/12/2026"),
    ],
)
def test_refuses_in_words(
    first_version: WorkCalendarVersion,
    changes: tuple[DayChange, ...],
    note: str,
    refusal: type[services.CalendarRefusal],
    told: str,
) -> None:
    with pytest.raises(refusal, match=told):
        publish(*changes, note=note)

    assert WorkCalendarVersion.objects.count() == 1


def test_refuses_an_agency_that_is_not_there_today(first_version: WorkCalendarVersion) -> None:
    with pytest.raises(units.AgencyUnknown):
        publish(off(STORM), agency="H99.X")


def test_a_known_calendar_costs_one_cheap_query() -> None:
    desk = AgencyFactory(desk=True)
    WorkCalendarVersionFactory()
    units.work_calendar(desk.pk)

    with CaptureQueriesContext(connection) as queries:
        units.work_calendar(desk.pk)

    assert len(queries) == 1
    assert '"days"' not in queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_both_count() -> None:
    services.publish_official_calendar(now=NOW)
    days = [date(2026, 12, 1), date(2026, 12, 2)]

    def publish_and_close(day: date) -> None:
        try:
            publish(off(day))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(publish_and_close, days))

    calendar = units.work_calendar(None)[1]
    assert WorkCalendarVersion.objects.count() == 3
    assert not any(calendar.is_working_day(day) for day in days)


def test_the_doctor_finds_every_published_calendar_as_it_was(first_version: WorkCalendarVersion) -> None:
    publish(off(STORM))
    publish(off(date(2026, 12, 2)), agency=AgencyFactory().code)
    assert list(calendars_not_as_published()) == []


@pytest.mark.parametrize(
    "change", [{"days": {}}, {"hours": []}, {"known_until": date(2100, 1, 1)}], ids=["days", "hours", "its end"]
)
def test_the_doctor_names_a_calendar_that_was_changed(
    first_version: WorkCalendarVersion, change: dict[str, Any]
) -> None:
    publish(off(STORM))
    WorkCalendarVersion.objects.filter(pk=first_version.pk).update(**change)
    (sentence,) = calendars_not_as_published()
    assert "phiên bản 1 (cả tỉnh): ngày nghỉ hoặc giờ làm việc khác" in sentence


def test_the_doctor_names_a_calendar_that_nobody_published_and_one_that_is_gone(
    first_version: WorkCalendarVersion,
) -> None:
    second = publish(off(STORM))
    WorkCalendarVersionFactory(agency=AgencyFactory(), number=1)
    WorkCalendarVersion.objects.filter(pk=second.pk).delete()
    slipped_in, gone = calendars_not_as_published()
    assert "không ai công bố" in slipped_in
    assert gone.startswith("Lịch làm việc, phiên bản 2 (cả tỉnh): nhật ký còn")
