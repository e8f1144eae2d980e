"""Public figures over all dossiers of the province: by month and by field, with their definitions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.dossiers import charts, satisfaction, statistics
from lienthong.dossiers.periods import Period, period_of, recent_periods
from lienthong.infra.http import HouseRequest, public, reads
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import number, percent
from lienthong.portal.pages import portal_page

FIELDS_DRAWN = 12


@public
@reads
def public_figures(request: HouseRequest) -> HttpResponse:
    now, today = request.received_at, request.today
    period = period_of(request.GET.get("period") or str(today.year), today=today)
    names = dict(catalogue.all_fields())
    by_field = statistics.figures(first=period.first, until=period.until, by="field", now=now)
    if request.GET.get("format") == "xlsx":
        return _export(period, by_field, names)
    year = period.first.year
    by_month = statistics.figures(first=date(year, 1, 1), until=date(year + 1, 1, 1), by="month", now=now)
    # A dossier of an earlier year that was still open belongs to no month of this one.
    by_month = [row for row in by_month if row.group.startswith(f"{year}-")]
    fields = sorted(((names.get(row.group, row.group), row) for row in by_field), key=lambda one: -one[1].received)
    context = {
        "period": period,
        "periods": _choices(today, period),
        "default_period": str(today.year),
        "total": _one(statistics.figures(first=period.first, until=period.until, now=now)),
        "before": _one(statistics.figures(first=period.before.first, until=period.before.until, now=now)),
        "fields": fields,
        "months": by_month,
        "titles": {"month": _busiest_month(by_month), "field": _busiest_field(fields)},
        "columns": {"month": [_("Tháng"), *_counted()], "field": [_("Lĩnh vực"), *_counted()]},
        "month_rows": [[_month(row.group), row.received, row.online, _share(row.share_online)] for row in by_month],
        "field_rows": [[name, row.received, row.online, _share(row.share_online)] for name, row in fields],
        "month_chart": charts.received_by_month(by_month, year=year) if by_month else None,
        "field_chart": charts.received_by_group(
            [(name, row.received, row.online) for name, row in fields[:FIELDS_DRAWN]]
        )
        if any(row.received for _name, row in fields)
        else None,
        "year": year,
        "satisfied": satisfaction.satisfaction(first=period.first, until=period.until, now=now),
        "fewest": satisfaction.FEWEST_SHOWN,
        "definitions": [
            *statistics.DEFINITIONS.values(),
            satisfaction.DEFINITION % {"fewest": satisfaction.FEWEST_SHOWN},
        ],
    }
    return portal_page(request, "portal/figures/figures.html", context)


def _one(rows: list[statistics.Figures]) -> statistics.Figures:
    return rows[0] if rows else statistics.nothing()


def _choices(today: date, period: Period) -> list[tuple[str, str]]:
    """Return the periods to choose from, with the one of the address among them."""
    choices = [(choice.key, choice.label) for choice in recent_periods(today)]
    return choices if period.key in dict(choices) else [*choices, (period.key, period.label)]


def _busiest_month(rows: list[statistics.Figures]) -> str:
    """Say what the chart of the months shows."""
    most = max(rows, key=lambda row: row.received, default=statistics.nothing())
    return _("%(month)s nhận nhiều hồ sơ nhất: %(n)s hồ sơ") % {
        "month": _month(most.group) if most.group else "",
        "n": number(most.received),
    }


def _busiest_field(fields: list[tuple[str, statistics.Figures]]) -> str:
    """Say what the chart of the fields shows; the first of them has received the most."""
    if not fields:
        return ""
    name, most = fields[0]
    return _("%(field)s nhận nhiều hồ sơ nhất: %(n)s trong %(all)s hồ sơ") % {
        "field": name,
        "n": number(most.received),
        "all": number(sum(row.received for _name, row in fields)),
    }


def _counted() -> list[str]:
    return [_("Tiếp nhận"), _("Trực tuyến"), _("Tỷ lệ trực tuyến")]


def _month(group: str) -> str:
    year, _dash, month = group.partition("-")
    return _("Tháng %(month)s/%(year)s") % {"month": int(month), "year": year}


def _share(share: float | None) -> str:
    return _("chưa có dữ liệu") if share is None else percent(share)


def _export(period: Period, rows: list[statistics.Figures], names: dict[str, str]) -> HttpResponse:
    columns = [_("Lĩnh vực"), *(str(statistics.LABELS[name]) for name in statistics.FIGURE_NAMES)]
    cells: list[list[Any]] = [
        [names.get(row.group, row.group), *(getattr(row, name) for name in statistics.FIGURE_NAMES)] for row in rows
    ]
    return sheet_response(f"so-lieu-{period.key}.xlsx", columns=columns, rows=cells)
