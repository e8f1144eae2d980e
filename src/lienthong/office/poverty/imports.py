"""Existing lists of poor households: a file comes in, columns are confirmed, every row is told, then all is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.import_forms import ColumnsForm, CommitForm, ListFileForm
from lienthong.people.services import PeopleRefusal
from lienthong.poverty import policies
from lienthong.poverty.queries import imports as queries
from lienthong.poverty.services import list_import as services
from lienthong.poverty.states import HouseholdClass, ImportState, RowOutcome
from lienthong.units import queries as units
from lienthong.verification.store import FileGone, FileNotTaken
from lienthong.verification.tables import TableRefused

ROWS_ON_A_PAGE = 100
_TONES = {
    ImportState.READ: "wait", ImportState.STAGED: "wait", ImportState.COMMITTED: "done", ImportState.CANCELLED: "ended",
    RowOutcome.MATCHED: "done", RowOutcome.CREATED: "done", RowOutcome.UNCHANGED: "ended", RowOutcome.REFUSED: "late",
}  # fmt: skip


def imports_lists(user: Any, *, on: Any) -> bool:
    """Tell whether the user takes in lists of some commune."""
    return policies.runs_province(user, on=on) or policies.runs_a_commune(user, on=on)


@allowed(imports_lists)
@reads
def import_list(request: HouseRequest) -> HttpResponse:
    rows = queries.list_imports(request.user, on=request.today)
    state = request.GET.get("state", "")
    if state in set(ImportState):
        rows = rows.filter(state=state)
    if request.GET.get("format") == "xlsx":
        columns = [_("Tệp"), _("Xã, phường"), _("Từ ngày"), _("Trạng thái"), _("Người nhập"), _("Nhập lúc")]
        lines = [
            (
                row.file_name, row.unit.name, f"{row.valid_from:%d/%m/%Y}", ImportState(row.state).label,
                row.loaded_by.full_name, f"{row.loaded_at:%d/%m/%Y %H:%M}",
            )
            for row in rows
        ]  # fmt: skip
        return sheet_response("danh-sach-nhap.xlsx", columns=columns, rows=lines)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [(row, ImportState(row.state).label, _TONES[ImportState(row.state)]) for row in page],
        "states": [("", _("Tất cả")), *ImportState.choices],
    }
    return office_page(request, "office/poverty/imports.html", context)


@allowed(imports_lists)
@writes
def new_import(request: HouseRequest) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ListFileForm(*posted, units=_communes(request))
    if request.method == "POST" and form.is_valid():
        try:
            held = services.begin_import(form.to_command(), acting_user=request.user, now=request.received_at)
        except (TableRefused, FileNotTaken, services.TooManyRows) as refusal:
            form.show(refusal, field="file")
        except services.ImportDayWrong as refusal:
            form.show(refusal, field="valid_from")
        except services.ImportRefused as refusal:
            form.show(refusal)
        else:
            return redirect("office:poverty_import_columns", held.pk)
    return office_page(request, "office/poverty/new_import.html", {"form": form}, status=422 if form.errors else 200)


def _communes(request: HouseRequest) -> list[tuple[str, str]]:
    own = queries.communes_importing(request.user, on=request.today)
    found = units.communes_on(request.today)
    if own is not None:
        found = found.filter(pk__in=own)
    return [(str(unit.pk), f"{unit.name} ({unit.code})") for unit in found]


@allowed(imports_lists)
@writes
def import_columns(request: HouseRequest, list_import_id: int) -> HttpResponse:
    held = queries.get_list_import(list_import_id, user=request.user, on=request.today)
    if held.state not in {ImportState.READ, ImportState.STAGED}:
        return redirect("office:poverty_import", held.pk)
    heads = held.reading["heads"]
    form = ColumnsForm(request.POST or None, heads=heads, mapping=held.mapping)
    if request.method == "POST" and form.is_valid():
        try:
            services.stage_import(held.pk, form.cleaned_data, acting_user=request.user, now=request.received_at)
        except (services.ImportRefused, TableRefused, FileGone) as refusal:
            form.show(refusal)
        else:
            return redirect("office:poverty_import", held.pk)
    note_read(request, held.stream)
    context = {"held": held, "form": form, "heads": heads, "preview": held.reading["preview"]}
    return office_page(request, "office/poverty/import_columns.html", context, status=422 if form.errors else 200)


@allowed(imports_lists)
@writes
def import_page(request: HouseRequest, list_import_id: int) -> HttpResponse:
    held = queries.get_list_import(list_import_id, user=request.user, on=request.today)
    form = CommitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.commit_import(
                held.pk, leaves_out_refused=form.cleaned_data["leaves_out_refused"], acting_user=request.user,
                now=request.received_at,
            )  # fmt: skip
        except (services.ImportRefused, PeopleRefusal, TableRefused, FileGone) as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi danh sách."))
            return redirect("office:poverty_import", held.pk)
    note_read(request, held.stream)
    outcome = request.GET.get("outcome", "")
    rows = queries.rows_of_import(
        held, outcome=outcome if outcome in set(RowOutcome) else "", with_notes=outcome == "notes"
    )
    if request.GET.get("format") == "xlsx":
        return _export(held, rows)
    counts = queries.outcome_counts(held)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "held": held,
        "form": form,
        "state": (ImportState(held.state).label, _TONES[ImportState(held.state)]),
        "is_staged": held.state == ImportState.STAGED,
        "is_own": held.loaded_by_id == request.user.pk,
        "is_open": held.state in {ImportState.READ, ImportState.STAGED},
        "changes": counts[RowOutcome.MATCHED] + counts[RowOutcome.CREATED],
        "counts": counts,
        "page": page,
        "rows": [
            (
                row, _class_words(row.household_class), RowOutcome(row.outcome).label, _TONES[RowOutcome(row.outcome)],
            )
            for row in page
        ],
        "outcomes": [
            ("", _("Tất cả"), sum(counts.values())),
            *((value, label, counts[value]) for value, label in RowOutcome.choices),
            ("notes", _("Cần xem")),
        ],
    }  # fmt: skip
    return office_page(request, "office/poverty/import.html", context, status=422 if form.errors else 200)


@require_POST
@allowed(imports_lists)
@writes
def cancel_import(request: HouseRequest, list_import_id: int) -> HttpResponse:
    try:
        services.cancel_import(list_import_id, acting_user=request.user, now=request.received_at)
    except services.ImportRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã bỏ danh sách này; chưa ghi gì."))
    return redirect("office:poverty_imports")


def _class_words(value: str) -> str:
    return str(HouseholdClass(value).label) if value else ""


def _export(held: Any, rows: Any) -> HttpResponse:
    columns = [
        _("Dòng số"), _("Mã hộ trong tệp"), _("Chủ hộ"), _("Phân loại"), _("Kết quả"), _("Mã hộ"), _("Vì sao"), _("Cần xem"),
    ]  # fmt: skip
    lines = [
        (
            row.row_number, row.household_code, row.head_name, _class_words(row.household_class),
            RowOutcome(row.outcome).label, row.household.code if row.household else "", row.reason, "; ".join(row.notes),
        )
        for row in rows
    ]  # fmt: skip
    return sheet_response(f"ket-qua-nhap-{held.pk}.xlsx", columns=columns, rows=lines)
