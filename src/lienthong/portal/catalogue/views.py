"""Finding a procedure and reading it, as it holds today or held on any day."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import ApplicantKind, OnlineLevel, ReceivingLevel
from lienthong.infra.http import HouseRequest, public, reads
from lienthong.kernel.days import parse_day
from lienthong.portal.pages import portal_page
from lienthong.units import queries as units

_LONGEST_QUESTION = 200


@public
@reads
def procedures(request: HouseRequest) -> HttpResponse:
    wanted: dict[str, Any] = {
        "field": request.GET.get("field", "")[:40],
        "level": _one_of(request.GET.get("level", ""), [ReceivingLevel.PROVINCE, ReceivingLevel.COMMUNE]),
        "applicant": _one_of(request.GET.get("applicant", ""), ApplicantKind.values),
        "online": _one_of(request.GET.get("online", ""), OnlineLevel.values),
    }
    text = request.GET.get("q", "")[:_LONGEST_QUESTION]
    found = catalogue.search_catalogue(on=request.today, text=text, page=_page_number(request), **wanted)
    fields = catalogue.fields_with_counts(on=request.today)
    context = {
        "text": text,
        "wanted": wanted,
        "is_narrowed": any(wanted.values()),
        "page": found.page,
        "is_guess": found.is_guess,
        "rows": [catalogue.listed(version, on=request.today) for version in found.page],
        "fields": [(field.code, _field_name(field), field.count) for field in fields],
        "field_note": next((field.note for field in fields if field.code == wanted["field"]), ""),
        "levels": [
            ("", _("tất cả")),
            (ReceivingLevel.COMMUNE.value, ReceivingLevel.COMMUNE.label),
            (ReceivingLevel.PROVINCE.value, ReceivingLevel.PROVINCE.label),
        ],
        "applicants": [("", _("tất cả")), *ApplicantKind.choices],
        "online_levels": [("", _("tất cả")), *OnlineLevel.choices],
    }
    return portal_page(request, "portal/catalogue/procedures.html", context)


@public
@reads
def procedure(request: HouseRequest, code: str) -> HttpResponse:
    return portal_page(request, "catalogue/start_page.html", _about(request, code))


@public
@reads
def printed(request: HouseRequest, code: str) -> HttpResponse:
    return portal_page(request, "catalogue/start_page_print.html", _about(request, code))


@public
@reads
def decisions(request: HouseRequest) -> HttpResponse:
    number = request.GET.get("number", "")[:60]
    context = {
        "decisions": catalogue.published_decisions(),
        "number": number,
        "versions": catalogue.versions_by_decision(number) if number else [],
    }
    return portal_page(request, "portal/catalogue/decisions.html", context)


def _about(request: HouseRequest, code: str) -> dict[str, object]:
    """Gather what a start page shows: the version of the day that was asked for, else the last that was public."""
    public_versions = catalogue.versions_of(code)
    if not public_versions:
        raise catalogue.NoSuchProcedure
    on, unreadable = _asked_day(request)
    on = on or request.today
    version, refusal = catalogue.version_to_read(public_versions, on=on)
    try:
        calendar = units.work_calendar(None)[1]
    except units.CalendarMissing:
        calendar = None
    view = catalogue.citizen_view(catalogue.get_version(version.pk), on=on, now=request.received_at, calendar=calendar)
    return {
        "view": view,
        "unreadable_day": unreadable,
        "refusal": refusal,
        "is_today": on == request.today,
        "versions": [(one, catalogue.standing_of(one, on=request.today)) for one in public_versions],
        "replaces": catalogue.predecessors_of(code),
        "replaced_by": catalogue.successors_of(code, on=request.today),
        "alike": catalogue.procedures_like(code, on=request.today),
        "crumbs": [
            {"label": _("Thủ tục"), "url": reverse("portal:procedures")},
            {
                "label": version.procedure.field.name,
                "url": f"{reverse('portal:procedures')}?field={version.procedure.field.code}",
            },
        ],
        "is_preview": False,
    }


def _asked_day(request: HouseRequest) -> tuple[date | None, str]:
    text = request.GET.get("on", "").strip()[:20]
    parts = [request.GET.get(f"on_{part}", "").strip()[:4] for part in ("day", "month", "year")]
    if not text and any(parts):
        text = "/".join(parts)
    if not text:
        return None, ""
    try:
        return parse_day(text), ""
    except ValueError as unreadable:
        return None, str(unreadable)


def _field_name(field: catalogue.FieldCount) -> str:
    return field.name_en if get_language() == "en" else field.name


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""


def _page_number(request: HouseRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
