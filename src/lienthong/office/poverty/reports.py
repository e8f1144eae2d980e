"""The reports of a round: a list of them, each as a table on the map of any day, and the households behind every number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty import report_rows as rows
from lienthong.office.poverty.report_choices import (
    Chosen,
    basis_choices,
    chosen,
    day_choices,
    default_basis,
    divided_words,
    round_choices,
    state_words,
    unit_choices,
)
from lienthong.office.poverty.report_prints import household_paper, table_paper
from lienthong.poverty import policies
from lienthong.poverty.queries import reports as queries
from lienthong.poverty.queries.reports import REPORTS, Asked, Report, Rows, Table, report_named

ROWS_ON_A_PAGE = 50
PRINT_AT_MOST = 2_000


@allowed(policies.sees_poverty)
@reads
def report_index(request: HouseRequest) -> HttpResponse:
    asked = chosen(request)
    if asked is None:
        return office_page(request, "office/poverty/reports_none.html")
    query = asked.query()
    context = {
        "asked": asked,
        "round": asked.round,
        "state": state_words(asked),
        "rounds": round_choices(asked),
        "reports": [
            (report.title, report.line, f"{reverse('office:poverty_report_table', args=[report.code])}?{query}")
            for report in REPORTS
        ],
        "ministry_url": reverse("office:poverty_ministry_export", args=[asked.round.pk]),
    }
    return office_page(request, "office/poverty/reports.html", context)


@allowed(policies.sees_poverty)
@reads
def report_page(request: HouseRequest, code: str) -> HttpResponseBase:
    report, asked = report_named(code), chosen(request)
    if report is None:
        return not_found(request)
    if asked is None:
        return office_page(request, "office/poverty/reports_none.html")
    if report.rows == Rows.HOUSEHOLD:
        found = queries.listed_households(report, asked.placement, unit_id=asked.unit_id)
        return _household_list(request, asked, found, report=report, title=str(report.title))
    table = queries.table_of(report, asked.round, asked.placement, Asked(asked.basis, asked.unit_id))
    lines = rows.sorted_lines(table, request.GET.get("sort", ""))
    name = _file_name(report, asked)
    if request.GET.get("format") == "xlsx":
        return sheet_response(f"{name}.xlsx", columns=rows.sheet_columns(table), rows=rows.sheet_rows(lines, table))
    if request.GET.get("format") == "pdf":
        paper = table_paper(table, lines, asked, by=request.user, on=request.today)
        return pdf_response(render_form(paper, demo=settings.DEMO_MODE), name=f"{name}.pdf")
    return office_page(request, "office/poverty/report.html", _table_context(request, asked, table, lines))


def _table_context(request: HouseRequest, asked: Chosen, table: Table, lines: list[Any]) -> dict[str, Any]:
    return {
        **_choices(request, asked),
        "report": table.report,
        "table": table,
        "row_heading": rows.row_heading(table.report),
        "heads": rows.heads_of(table),
        "columns": table.columns,
        "lines": [rows.shown_line(line, table, asked) for line in lines],
        "total": rows.shown_line(table.total, table, asked),
        "broken": [(rows.name_of(line, table), line.off_by) for line in table.broken],
        "differing": len(table.differing),
        "missing_totals": [one.unit.name for one in table.missing_totals],
        "asks_totals": any(column.code == "all" for column in table.columns),
        "definitions": [(column.label, column.means) for column in table.columns],
    }


def _choices(request: HouseRequest, asked: Chosen) -> dict[str, Any]:
    units = unit_choices(asked)
    return {
        "asked": asked,
        "round": asked.round,
        "state": state_words(asked),
        "rounds": round_choices(asked),
        "default_round": str(asked.round.pk),
        "days": day_choices(request.today),
        "units": units if len(units) > 1 else [],
        "unit": "" if asked.unit_id is None else str(asked.unit_id),
        "typed_day": format_day(asked.day) if asked.day else asked.wrong_day,
        "bases": basis_choices(asked),
        "default_basis": str(default_basis(asked.placement)),
        "divided": divided_words(asked),
        "unplaced": len(asked.placement.unplaced),
        "unplaced_url": f"{reverse('office:poverty_unplaced')}?{asked.query(unit='', basis='')}",
        "index_url": f"{reverse('office:poverty_reports')}?{asked.query(unit='')}",
    }


@allowed(policies.sees_poverty)
@reads
def report_households(request: HouseRequest, code: str) -> HttpResponseBase:
    report, asked = report_named(code), chosen(request)
    if report is None or asked is None:
        return not_found(request)
    wanted = request.GET.get("column", "")
    columns = report.columns_of(asked.round.standard_id)
    column = next((one for one in columns if one.opens and wanted in ("", one.code)), None)
    # A list that a number opens is of that number's place or of none.
    if column is None or (request.GET.get("unit") and asked.unit_id is None):
        return not_found(request)
    row = request.GET.get("row", "") if report.rows == Rows.ETHNICITY else ""
    found = queries.households_behind(report, column, asked.placement, row=row, unit_id=asked.unit_id)
    named = [str(column.group), str(column.label), row if row != "-" else _("không ghi dân tộc")]
    title = f"{report.title}: {', '.join(filter(None, named))}"
    query = asked.query() if report.rows == Rows.ETHNICITY else asked.query(unit="")
    back = f"{reverse('office:poverty_report_table', args=[report.code])}?{query}"
    return _household_list(request, asked, found, report=report, title=title, back=back, means=str(column.means))


@allowed(policies.sees_poverty)
@reads
def unplaced_households(request: HouseRequest) -> HttpResponseBase:
    asked = chosen(request)
    if asked is None:
        return office_page(request, "office/poverty/reports_none.html")
    found = queries.unplaced_households(asked.placement)
    return _household_list(request, asked, found, title=_("Hộ chưa rõ xã trên bản đồ"))


def _household_list(
    request: HouseRequest,
    asked: Chosen,
    found: QuerySet[Any],
    *,
    title: str,
    report: Report | None = None,
    back: str = "",
    means: str = "",
) -> HttpResponseBase:
    standard_id, name = asked.round.standard_id, _file_name(report, asked)
    subject = f"{asked.round.stream}:{report.code if report else 'unplaced'}:{asked.unit_id if asked.unit_id is not None else ''}"
    if request.GET.get("format") == "xlsx":
        note_read(request, subject, "export")
        placed = queries.places_of_households(found, asked.placement)
        values = (rows.household_values(one, standard_id) for one in placed)
        return sheet_response(f"{name}.xlsx", columns=rows.household_columns(standard_id), rows=values)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(page_number(request))
    many = page.paginator.count
    if request.GET.get("format") == "pdf" and 0 < many <= PRINT_AT_MOST:
        note_read(request, subject, "print")
        paper = household_paper(_shown(found, asked), asked, title=title, by=request.user, on=request.today)
        return pdf_response(render_form(paper, demo=settings.DEMO_MODE), name=f"{name}.pdf")
    shown = _shown(page.object_list, asked)
    if shown:
        note_read(request, subject, "list")
    choices = _choices(request, asked)
    context = {
        **choices,
        "title": title,
        "page": page,
        "rows": shown,
        "back": back or choices["index_url"],
        "means": means or (str(report.counts) if report else ""),
        "may_print": many <= PRINT_AT_MOST,
        "print_at_most": PRINT_AT_MOST,
        "is_choosing": not back and report is not None,
        "hidden": [(key, request.GET[key]) for key in ("round", "basis") if request.GET.get(key)],
    }
    return office_page(request, "office/poverty/report_households.html", context)


def _shown(found: Iterable[Any], asked: Chosen) -> list[rows.ShownHousehold]:
    placed = queries.places_of_households(found, asked.placement)
    return [rows.shown_household(one, asked.round.standard_id) for one in placed]


def _file_name(report: Report | None, asked: Chosen) -> str:
    parts = ["ra-soat", asked.round.period, report.code if report else "unplaced"]
    if asked.day is not None:
        parts.append(asked.day.isoformat())
    return "-".join(parts)
