"""The working calendar: a table of a year's exceptional days, one change at a time, and the promises a change touches."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.accounts import policies as accounts
from lienthong.accounts.states import Role
from lienthong.dossiers.promises import promises_that_would_differ
from lienthong.infra.forms import choose_from
from lienthong.infra.http import HouseRequest, allowed, not_found, reads, writes
from lienthong.infra.times import weekday_in_words
from lienthong.kernel.days import format_day
from lienthong.office.calendar.forms import KINDS, DayForm
from lienthong.office.pages import office_page
from lienthong.rules.working_time import WorkCalendar
from lienthong.units import queries as units
from lienthong.units import services as units_services
from lienthong.units.services.calendar import NotInTheCalendar, ReasonMissing, SourceUnreadable
from lienthong.units.states import AgencyLevel

FIRST_YEAR = 2022
FIRST_MONDAY = date(2024, 1, 1)
LISTED_AT_MOST = 200
BESIDE: dict[type[Exception], str] = {
    NotInTheCalendar: "day",
    SourceUnreadable: "reference",
    ReasonMissing: "reason",
    units.AgencyUnknown: "agency",
}


def keeps_calendar(user: object, *, on: date) -> bool:
    """Tell whether the user may publish a calendar: whoever keeps the catalogue of procedures."""
    return any(mandate.role == Role.CATALOGUE_EDITOR for mandate in accounts.mandates_of(user, on=on))


@allowed(keeps_calendar)
@reads
def calendar(request: HouseRequest) -> HttpResponse:
    today, own = request.today, units.agencies_with_a_calendar(on=request.today)
    code = request.GET.get("agency", "")
    code = code if code in own else ""
    version = units.latest_calendar(units.agency_on(code, today).pk if code else None)
    years = sorted({int(day[:4]) for day in version.days if int(day[:4]) >= FIRST_YEAR})
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else today.year
    context = {
        "version": version,
        "whose": own.get(code, _("Cả tỉnh")),
        "agencies": [("", _("Cả tỉnh")), *own.items()] if own else [],
        "this_year": today.year,
        "years": [(str(number), str(number)) for number in years],
        "year": year,
        "days": [row for row in _days(version.days) if row["day"].year == year],
        "hours": _hours_in_words(units.calendar_version(version.pk), today),
    }
    return office_page(request, "office/calendar/calendar.html", context)


@allowed(keeps_calendar)
@writes
def change_day(request: HouseRequest) -> HttpResponse:
    now, today = request.received_at, request.today
    form = DayForm(request.POST if request.method == "POST" else None)
    choose_from(form, "agency", _agencies(today))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        change = units_services.DayChange(
            day=data["day"], kind=form.kind_of_day(), reason=data["reason"], reference=data["reference"]
        )
        command = units_services.PublishCalendar(
            agency_code=data["agency"] or None, changes=(change,), note=data["reason"]
        )
        try:
            version = units_services.publish_calendar(command, acting_user_id=request.user.pk, now=now)
        except (units_services.CalendarRefusal, units.AgencyUnknown) as refusal:
            form.show(refusal, field=BESIDE.get(type(refusal)))
        else:
            return _published(request, version, data["day"])
    return office_page(request, "office/calendar/change.html", {"form": form}, status=422 if form.errors else 200)


@allowed(keeps_calendar)
@reads
def touched(request: HouseRequest, version_id: int) -> HttpResponse:
    try:
        rows = promises_that_would_differ(version_id, on=request.today, limit=LISTED_AT_MOST)
    except units.CalendarMissing:
        return not_found(request)
    return office_page(request, "office/calendar/touched.html", {"rows": rows, "is_cut": len(rows) == LISTED_AT_MOST})


def _published(request: HouseRequest, version: Any, day: date) -> HttpResponse:
    """Say what was published; a change that changes nothing publishes no version."""
    if version.published_at == request.received_at:
        messages.success(request, _("Đã công bố lịch làm việc, phiên bản %(n)s.") % {"n": version.number})
    else:
        words = {"day": format_day(day), "n": version.number}
        messages.info(request, _("Ngày %(day)s vốn đã như vậy; lịch vẫn là phiên bản %(n)s.") % words)
    return redirect("office:calendar_touched", version.pk)


def _days(days: dict[str, Any]) -> list[dict[str, Any]]:
    words = {value: str(label) for value, label in KINDS}
    return [
        {
            "day": (when := date.fromisoformat(day)),
            "weekday": weekday_in_words(when),
            "kind": words[row["kind"]],
            "reason": row["reason"],
            "source": row.get("source", ""),
        }
        for day, row in sorted(days.items())
    ]


def _hours_in_words(calendar: WorkCalendar, today: date) -> list[tuple[str, str]]:
    """Return the office hours of today by weekday; weekdays that are alike stand together."""
    hours = next((office for span, office in reversed(calendar.hours) if span.contains(today)), None)
    lines: list[tuple[str, str, str]] = []
    for weekday, periods in enumerate(hours.by_weekday if hours else ()):
        words = ", ".join(f"{begin:%H:%M} – {end:%H:%M}" for begin, end in periods) or _("nghỉ")
        name = weekday_in_words(FIRST_MONDAY + timedelta(days=weekday))
        if lines and lines[-1][2] == words:
            lines[-1] = (lines[-1][0], name, words)
        else:
            lines.append((name, name, words))
    spans = _("%(first)s đến %(last)s")
    return [(first if first == last else spans % {"first": first, "last": last}, words) for first, last, words in lines]


def _agencies(today: date) -> list[tuple[str, str]]:
    desks = [agency for level in AgencyLevel for agency in units.receiving_agencies(level, on=today)]
    return [("", _("Cả tỉnh")), *((agency.code, agency.name) for agency in desks)]
