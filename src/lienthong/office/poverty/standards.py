"""Standards and points tables: what the law of each period says, what the office added, and the two people behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import XLSX
from lienthong.office.pages import office_page
from lienthong.office.poverty import standard_words as words
from lienthong.office.poverty.deciding import Verb, decided, ends_on, may_decide, reason_of, who
from lienthong.office.poverty.standard_forms import LineForm, PointsTableForm
from lienthong.office.poverty.uploads import as_path
from lienthong.poverty import policies
from lienthong.poverty.points_comparison import compare_tables, span_words
from lienthong.poverty.points_file import HEADS, PointsFileRefused, table_workbook, template_workbook
from lienthong.poverty.queries import standards as queries
from lienthong.poverty.services import lines as line_services
from lienthong.poverty.services import points as point_services
from lienthong.poverty.services.approvals import SpanWrong, StandardRefused
from lienthong.poverty.states import AreaKind, LineKind
from lienthong.rules.poverty.points import COLUMNS
from lienthong.rules.poverty.standards import standard
from lienthong.verification.tables import TableRefused

MOST_PROBLEMS = 200


@allowed(policies.sees_poverty)
@reads
def standards_page(request: HouseRequest) -> HttpResponse:
    period, current = words.chosen_period(request.GET.get("standard", ""), on=request.today)
    law = standard(period.id)
    tables = list(queries.points_tables(law.id))
    context = {
        "law": law,
        "periods": words.periods(on=request.today),
        "period": period,
        "choices": words.period_choices(on=request.today),
        "current": current,
        "is_unsure": words.not_yet_sure(law),
        "lines": words.line_rows(law),
        "rule": words.rule_sentences(law),
        "indicators": words.indicator_rows(law),
        "tables": [(table, words.state_of(table)) for table in tables],
        "in_use": queries.points_table_for(law.id, request.today),
        "provincial": [
            (line, LineKind(line.kind).label, AreaKind(line.area).label, words.days_words(line), words.state_of(line))
            for line in queries.provincial_line_rows()
        ],
        "may_prepare": policies.runs_province(request.user, on=request.today),
    }  # fmt: skip
    return office_page(request, "office/poverty/standards.html", context)


@allowed(policies.sees_poverty)
@reads
def points_template(request: HouseRequest) -> HttpResponse:
    return _workbook("mau-bang-diem-b1.xlsx", template_workbook())


@allowed(policies.runs_province)
@writes
def load_points(request: HouseRequest) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PointsTableForm(*posted, features=_named(request.POST.getlist("without")))
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            version = _load(request, form)
        except PointsFileRefused as refusal:
            problems = [str(problem) for problem in refusal.problems]
            form.show(
                TableRefused(
                    _("Tệp có %(n)s lỗi, chưa nạp gì. Sửa các chỗ dưới đây rồi gửi lại.") % {"n": len(problems)}
                ),
                field="file",
            )
        except TableRefused as refusal:
            form.show(refusal, field="file")
        except point_services.StandardUnknown as refusal:
            form.show(refusal, field="valid_from")
        except point_services.FeaturesGone as refusal:
            form.ask_about(refusal.features)
            form.show(refusal, field="without")
        except StandardRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã nạp bảng điểm. Hãy nhờ người khác của sở duyệt ở trang này."))
            return redirect("office:poverty_points_table", version.pk)
    context = {"form": form, "problems": problems[:MOST_PROBLEMS], "more": max(0, len(problems) - MOST_PROBLEMS)}
    return office_page(request, "office/poverty/load_points.html", context, status=422 if form.errors else 200)


def _named(codes: list[str]) -> dict[str, str]:
    """Name the features that somebody ticked; what no version has is left out."""
    known = queries.feature_names() if codes else {}
    return {code: known[code] for code in codes if code in known}


def _load(request: HouseRequest, form: PointsTableForm) -> Any:
    given = form.cleaned_data
    upload = given["file"][0]
    with as_path(upload) as path:
        command = point_services.LoadPointsTable(
            path=path, file_name=str(upload.name), standard_id=given["standard_id"], name=given["name"],
            source=given["source"], is_superseded=given["is_superseded"], valid_from=given["valid_from"],
            without=frozenset(given["without"]),
        )  # fmt: skip
        return point_services.load_points_table(command, acting_user=request.user, now=request.received_at)


@allowed(policies.sees_poverty)
@writes
def points_table(request: HouseRequest, table_id: int) -> HttpResponse:
    version = queries.get_points_table(table_id)
    table = queries.rules_table(version)
    if request.GET.get("format") == "xlsx":
        return _workbook(f"bang-diem-{version.standard_id}-{version.number}.xlsx", table_workbook(table))
    verbs: dict[str, Verb] = {
        "approve": lambda: point_services.approve_points_table(version.pk, **who(request)),
        "refuse": lambda: point_services.refuse_points_table(version.pk, reason=reason_of(request), **who(request)),
        "withdraw": lambda: point_services.withdraw_points_table(version.pk, reason=reason_of(request), **who(request)),
    }
    form = decided(request, verbs)
    if form is None:
        return redirect("office:poverty_points_table", version.pk)
    before = queries.version_before(version)
    columns = [column for column in COLUMNS if column in table.columns]
    context = may_decide(request, version, form) | {
        "table": version,
        "columns": [words.COLUMN_HEADS[column] for column in columns],
        "features": [
            (feature, [(level, span_words(level), [level.points[one] for one in columns]) for level in feature.levels])
            for feature in table.features
        ],
        "before": before,
        "changes": compare_tables(queries.rules_table(before), table) if before is not None else [],
        "heads": list(HEADS.values()),
        "law": standard(version.standard_id),
    }
    return office_page(request, "office/poverty/points_table.html", context, status=422 if form.errors else 200)


@allowed(policies.runs_province)
@writes
def new_line(request: HouseRequest) -> HttpResponse:
    form = LineForm(request.POST or None)
    if form.is_valid():
        try:
            line = line_services.prepare_line(form.to_command(), **who(request))
        except line_services.LineTooLow as refusal:
            form.show(refusal, field="amount")
        except SpanWrong as refusal:
            form.show(refusal, field="valid_from")
        except StandardRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã lập. Hãy nhờ người khác của sở duyệt ở trang này."))
            return redirect("office:poverty_line", line.pk)
    return office_page(request, "office/poverty/new_line.html", {"form": form}, status=422 if form.errors else 200)


@allowed(policies.sees_poverty)
@writes
def provincial_line(request: HouseRequest, line_id: int) -> HttpResponse:
    line = queries.get_provincial_line(line_id)
    verbs: dict[str, Verb] = {
        "approve": lambda: line_services.approve_line(line.pk, **who(request)),
        "refuse": lambda: line_services.refuse_line(line.pk, reason=reason_of(request), **who(request)),
        "end": lambda: line_services.end_line(line.pk, ends_on=ends_on(request), **who(request)),
    }
    form = decided(request, verbs)
    if form is None:
        return redirect("office:poverty_line", line.pk)
    context = may_decide(request, line, form) | {
        "line": line,
        "kind": LineKind(line.kind).label,
        "area": AreaKind(line.area).label,
        "days": words.days_words(line),
    }
    return office_page(request, "office/poverty/line.html", context, status=422 if form.errors else 200)


def _workbook(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
