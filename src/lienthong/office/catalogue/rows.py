"""The parts of a draft that are lists: papers, steps, fees, results. Add, change, move, remove one row at a time."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.findings import Part
from lienthong.infra.http import HouseRequest, allowed, writes
from lienthong.office.catalogue.access import keeps_catalogue
from lienthong.office.catalogue.opened import OpenDraft, open_draft, put_back
from lienthong.office.catalogue.row_forms import ROW_PARTS, RowForm, RowPart
from lienthong.office.pages import office_page

_PRESSED = re.compile(r"(up|down|remove):([0-9]{1,4})")


@allowed(keeps_catalogue)
@writes
def listed(request: HouseRequest, version_id: int, part: str) -> HttpResponse:
    rows_of = _part(part)
    opened = open_draft(request, version_id)
    refusal = ""
    if request.method == "POST":
        try:
            put_back(request, opened, _pressed(opened, rows_of, request.POST.get("press", "")))
        except services.DraftRefused as refused:
            refusal = str(refused)
        else:
            return redirect("office:catalogue_rows", version_id, part)
    rows = rows_of.rows(opened.data)
    context = {
        "draft": opened,
        "part": rows_of,
        "title": rows_of.part.label,
        "rows": [(place, rows_of.words(row)) for place, row in enumerate(rows, start=1)],
        "findings": opened.findings_of(rows_of.part) + (opened.findings_of(Part.TIME) if part == "steps" else []),
        "has_order": rows_of.part is not Part.FEES,
        "refusal": refusal,
    }
    return office_page(request, "office/catalogue/rows.html", context, status=422 if refusal else 200)


@allowed(keeps_catalogue)
@writes
def add(request: HouseRequest, version_id: int, part: str) -> HttpResponse:
    opened, rows_of = open_draft(request, version_id), _part(part)
    fresh = dict(rows_of.fresh)
    if rows_of.part is Part.FEES:
        fresh["valid_from"] = opened.data.valid_from
    form = rows_of.form(request.POST or None, initial=fresh)
    if form.is_valid():
        rows = list(rows_of.rows(opened.data))
        # A new step stands before the return of the result, where work is done.
        place = len(rows) - 1 if rows_of.part is Part.STEPS and len(rows) > 1 else len(rows)
        rows.insert(place, form.to_row(opened.data))
        if _kept(request, opened, rows_of, rows, form):
            return redirect("office:catalogue_rows", version_id, part)
    return _row_page(request, opened, rows_of, form, title=_("Thêm %(one)s") % {"one": rows_of.one})


@allowed(keeps_catalogue)
@writes
def change(request: HouseRequest, version_id: int, part: str, place: int) -> HttpResponse:
    opened, rows_of = open_draft(request, version_id), _part(part)
    rows = list(rows_of.rows(opened.data))
    if not 1 <= place <= len(rows):
        raise catalogue.NoSuchProcedure
    form = rows_of.form(request.POST or None, initial=rows_of.form.reading(rows[place - 1]))
    if form.is_valid():
        rows[place - 1] = form.to_row(opened.data)
        if _kept(request, opened, rows_of, rows, form):
            return redirect("office:catalogue_rows", version_id, part)
    title = _("Sửa %(one)s %(place)s") % {"one": rows_of.one, "place": place}
    return _row_page(request, opened, rows_of, form, title=title)


def _part(name: str) -> RowPart:
    if name not in ROW_PARTS:
        raise catalogue.NoSuchProcedure
    return ROW_PARTS[name]


def _pressed(opened: OpenDraft, rows_of: RowPart, press: str) -> Any:
    rows = list(rows_of.rows(opened.data))
    match = _PRESSED.fullmatch(press)
    place = int(match[2]) - 1 if match else -1
    if not match or not 0 <= place < len(rows):
        return opened.data
    row = rows.pop(place)
    if match[1] != "remove":
        rows.insert(max(0, place - 1) if match[1] == "up" else place + 1, row)
    return rows_of.put_into(opened.data, rows)


def _kept(request: HouseRequest, opened: OpenDraft, rows_of: RowPart, rows: list[Any], form: RowForm) -> bool:
    try:
        put_back(request, opened, rows_of.put_into(opened.data, rows))
    except services.DraftRefused as refusal:
        form.show(refusal)
        return False
    messages.success(request, _("Đã lưu phần “%(part)s”.") % {"part": rows_of.part.label})
    return True


def _row_page(request: HouseRequest, opened: OpenDraft, rows_of: RowPart, form: RowForm, *, title: str) -> HttpResponse:
    context = {
        "draft": opened,
        "part": rows_of,
        "form": form,
        "title": title,
        "revision": request.POST.get("revision", opened.version.revision),
    }
    return office_page(request, "office/catalogue/row.html", context, status=422 if form.errors else 200)
