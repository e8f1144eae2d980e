"""The working calendar: a table of a year's exceptional days, one change at a time, and the promises a change touches."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.accounts import policies as accounts
from lienthong.accounts.states import Role
from lienthong.dossiers import queries as dossiers
from lienthong.infra.forms import choose_from
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.office.calendar.forms import KINDS, DayForm
from lienthong.office.pages import office_page
from lienthong.units import queries as units
from lienthong.units import services as units_services
from lienthong.units.states import AgencyLevel

FIRST_YEAR = 2022


def keeps_calendar(user: object, *, on: date) -> bool:
    """Tell whether the user may publish a calendar: whoever keeps the catalogue of procedures."""
    return any(mandate.role == Role.CATALOGUE_EDITOR for mandate in accounts.mandates_of(user, on=on))


@allowed(keeps_calendar)
@reads
def calendar(request: HouseRequest) -> HttpResponse:
    today = request.today
    version = units.latest_calendar(None)
    years = sorted({int(day[:4]) for day in version.days if int(day[:4]) >= FIRST_YEAR})
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else today.year
    words = {value: str(label) for value, label in KINDS}
    days = [
        {
            "day": date.fromisoformat(day),
            "kind": words[row["kind"]],
            "reason": row["reason"],
            "source": row.get("source", ""),
        }
        for day, row in sorted(version.days.items())
        if day.startswith(f"{year}-")
    ]
    context = {
        "version": version,
        "year": year,
        "years": [(str(number), str(number)) for number in years],
        "days": days,
        "hours": units.calendar_version(version.pk),
    }
    return office_page(request, "office/calendar/calendar.html", context)


@allowed(keeps_calendar)
@writes
def change_day(request: HouseRequest) -> HttpResponse:
    now, today = request.received_at, request.today
    form = DayForm(request.POST or None)
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
            form.show(refusal)
        else:
            messages.success(request, _("Đã công bố lịch làm việc, phiên bản %(n)s.") % {"n": version.number})
            return redirect("office:calendar_touched", version.pk)
    return office_page(request, "office/calendar/change.html", {"form": form}, status=422 if form.errors else 200)


@allowed(keeps_calendar)
@reads
def touched(request: HouseRequest, version_id: int) -> HttpResponse:
    rows = dossiers.promises_that_would_differ(version_id, limit=200)
    return office_page(request, "office/calendar/touched.html", {"rows": rows, "version_id": version_id})


def _agencies(today: date) -> list[tuple[str, str]]:
    desks = units.receiving_agencies(AgencyLevel.PROVINCE, on=today)
    return [("", _("Cả tỉnh")), *((agency.code, agency.name) for agency in desks)]
