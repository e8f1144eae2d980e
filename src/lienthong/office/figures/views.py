"""Figures of a unit."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lienthong.accounts import policies as accounts
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import Channel
from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.dossiers import charts, policies, statistics
from lienthong.dossiers.periods import Period, period_of, recent_periods
from lienthong.dossiers.registers import register_of
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page
from lienthong.units import queries as units

GROUPS = {
    "field": "Lĩnh vực",
    "agency": "Nơi tiếp nhận",
    "channel": "Cách thức nộp",
    "month": "Tháng tiếp nhận",
    "procedure": "Thủ tục",
}
SHOWN = ("received", "online", "early", "on_time", "late", "within", "past")


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
    names = _group_names(by, today)
    if request.GET.get("format") == "xlsx":
        return _export(period, by, groups, names)
    year = statistics.figures(
        first=date(period.first.year, 1, 1), until=date(period.first.year + 1, 1, 1), by="month", now=now, **scope
    )
    context = {
        "period": period,
        "periods": [(choice.key, choice.label) for choice in recent_periods(today)],
        "total": total,
        "before": before,
        "groups": [(names.get(row.group, row.group), row) for row in groups],
        "by": by,
        "by_label": _(GROUPS[by]),
        "dimensions": [(key, _(label)) for key, label in GROUPS.items()],
        "chart": charts.received_by_month(year, year=period.first.year),
        "months": year,
        "links": {name: _records_url(name, period) for name in statistics.FIGURE_NAMES},
        "definitions": [(name, str(text)) for name, text in statistics.DEFINITIONS.items()],
    }
    return office_page(request, "office/figures/figures.html", context)


@allowed(policies.may_see_figures)
@reads
def register_book(request: HouseRequest) -> HttpResponseBase:
    now, today = request.received_at, request.today
    period = period_of(request.GET.get("period", ""), today=today)
    agencies = sorted(accounts.agencies_of(request.user, on=today, roles=policies.HEAD_ROLES | {"auditor"}))
    book = register_of(
        agency_id=agencies[0], first=period.first, until=period.until, keeper_name=str(request.user), now=now
    )
    note_read(request, f"register:{agencies[0]}:{period.key}", "print")
    return pdf_response(render_form(book, demo=settings.DEMO_MODE), name=f"so-theo-doi-{period.key}.pdf")


def _scope(request: HouseRequest) -> dict[str, Any]:
    mandates = policies.counted_by(request.user, on=request.today)
    return {"passed": [(mandate.agency_id, mandate.fields) for mandate in mandates]}


def _one(rows: list[statistics.Figures]) -> statistics.Figures:
    return rows[0] if rows else statistics.nothing()


def _group_names(by: str, today: date) -> dict[str, str]:
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
            return {}


def _records_url(name: str, period: Period) -> str:
    query = urlencode({"figure": name, "period": period.key})
    return f"{reverse('office:dossiers')}?{query}"


def _export(period: Period, by: str, groups: list[statistics.Figures], names: dict[str, str]) -> HttpResponse:
    columns = [_(GROUPS[by]), *(str(statistics.LABELS[name]) for name in statistics.FIGURE_NAMES)]
    rows = [
        [names.get(row.group, row.group), *(getattr(row, name) for name in statistics.FIGURE_NAMES)] for row in groups
    ]
    return sheet_response(f"so-lieu-{period.key}.xlsx", columns=columns, rows=rows)
