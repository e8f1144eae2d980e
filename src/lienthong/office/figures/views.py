"""Figures of a unit."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import Channel
from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.dossiers import charts, policies, statistics
from lienthong.dossiers.periods import Period, period_of, recent_periods
from lienthong.dossiers.registers import register_of
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page
from lienthong.units import queries as units

GROUPS = {
    "field": gettext_noop("Lĩnh vực"),
    "agency": gettext_noop("Nơi tiếp nhận"),
    "channel": gettext_noop("Cách thức nộp"),
    "month": gettext_noop("Tháng tiếp nhận"),
    "procedure": gettext_noop("Thủ tục"),
}
COLUMNS = {
    "carried_over": gettext_noop("Tồn đầu kỳ"),
    "received": gettext_noop("Tiếp nhận"),
    "online": gettext_noop("Trực tuyến"),
    "early": gettext_noop("Trước hạn"),
    "on_time": gettext_noop("Đúng hạn"),
    "late": gettext_noop("Trễ hạn"),
    "without_deadline": gettext_noop("Không hạn"),
    "closed": gettext_noop("Rút, dừng"),
    "within": gettext_noop("Còn hạn"),
    "past": gettext_noop("Quá hạn"),
}


@allowed(policies.may_see_figures)
@reads
def unit_figures(request: HouseRequest) -> HttpResponse:
    now, today = request.received_at, request.today
    period = period_of(request.GET.get("period", ""), today=today)
    by = request.GET.get("by", "field")
    by = by if by in GROUPS else "field"
    scope = _scope(request)
    total = _one(statistics.figures(first=period.first, until=period.until, now=now, **scope))
    before = _one(statistics.figures(first=period.before.first, until=period.before.until, now=now, **scope))
    groups = statistics.figures(first=period.first, until=period.until, by=by, now=now, **scope)
    names = _group_names(by, groups, today)
    if request.GET.get("format") == "xlsx":
        return _export(period, by, groups, names)
    year = period.first.year
    months = statistics.figures(first=date(year, 1, 1), until=date(year + 1, 1, 1), by="month", now=now, **scope)
    context = {
        "period": period,
        "periods": [(choice.key, choice.label) for choice in recent_periods(today)],
        "total": total,
        "before": before,
        "columns": [_(label) for label in COLUMNS.values()],
        "groups": [(names.get(row.group, row.group), _cells(row, period, by)) for row in groups],
        "totals": _cells(total, period),
        "by": by,
        "by_label": _(GROUPS[by]),
        "dimensions": [(key, _(label)) for key, label in GROUPS.items()],
        "chart": charts.received_by_month(months, year=year),
        "months": [(_month_name(row.group), row) for row in months if row.group.startswith(str(year))],
        "links": {name: _records_url(name, period) for name in statistics.OPENED_NAMES},
        "definitions": list(statistics.DEFINITIONS.values()),
        "registers": _registers(request, period),
    }
    return office_page(request, "office/figures/figures.html", context)


@allowed(policies.may_see_figures)
@reads
def register_book(request: HouseRequest) -> HttpResponseBase:
    now, today = request.received_at, request.today
    period = period_of(request.GET.get("period", ""), today=today)
    kept = {str(mandate.agency_id): mandate for mandate in policies.counted_by(request.user, on=today)}
    mandate = kept.get(request.GET.get("agency", next(iter(kept))))
    if mandate is None:
        return not_found(request)
    book = register_of(
        agency_id=mandate.agency_id,
        fields=mandate.fields,
        first=period.first,
        until=period.until,
        keeper_name=request.user.full_name,
        now=now,
    )
    note_read(request, f"register:{mandate.agency_id}:{period.key}", "print")
    return pdf_response(render_form(book, demo=settings.DEMO_MODE), name=f"so-theo-doi-{period.key}.pdf")


def _registers(request: HouseRequest, period: Period) -> list[tuple[str, str]]:
    """Return the name of each agency whose register this user may print, with the address of it."""
    agencies = {one.agency_id: one.agency.name for one in policies.counted_by(request.user, on=request.today)}
    address = reverse("office:register")
    return [
        (name, f"{address}?{urlencode({'period': period.key, 'agency': str(pk)})}") for pk, name in agencies.items()
    ]


def _scope(request: HouseRequest) -> dict[str, Any]:
    mandates = policies.counted_by(request.user, on=request.today)
    return {"passed": [(mandate.agency_id, mandate.fields) for mandate in mandates]}


def _one(rows: list[statistics.Figures]) -> statistics.Figures:
    return rows[0] if rows else statistics.nothing()


def _group_names(by: str, groups: list[statistics.Figures], today: date) -> dict[str, str]:
    match by:
        case "field":
            return dict(catalogue.all_fields())
        case "agency":
            return units.agency_names()
        case "channel":
            return {value: str(label) for value, label in Channel.choices}
        case "procedure":
            return catalogue.procedure_names(on=today)
        case _:
            return {row.group: _month_name(row.group) for row in groups}


def _month_name(group: str) -> str:
    """Write ``2026-11`` as people do."""
    year, _dash, month = group.partition("-")
    return f"{month}/{year}"


def _cells(row: statistics.Figures, period: Period, by: str = "") -> list[tuple[int, str]]:
    """Return each figure of a row of the table with the address of its records; nothing to open where there are none."""
    group = {"by": by, "group": row.group} if by else {}
    counts = {name: getattr(row, name) for name in COLUMNS}
    return [(count, _records_url(name, period, **group) if count else "") for name, count in counts.items()]


def _records_url(name: str, period: Period, **group: str) -> str:
    query = urlencode({"figure": name, "period": period.key, **group})
    return f"{reverse('office:dossiers')}?{query}"


def _export(period: Period, by: str, groups: list[statistics.Figures], names: dict[str, str]) -> HttpResponse:
    columns = [_(GROUPS[by]), *(str(statistics.LABELS[name]) for name in statistics.FIGURE_NAMES)]
    rows = [
        [names.get(row.group, row.group), *(getattr(row, name) for name in statistics.FIGURE_NAMES)] for row in groups
    ]
    return sheet_response(f"so-lieu-{period.key}.xlsx", columns=columns, rows=rows)
