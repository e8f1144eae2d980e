"""What leaves the screen: the visit list of a commune by village, and what the police are asked to correct."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.office.verification.case_rows import CaseRow, asked_in, in_order, rows_of, with_sides
from lienthong.verification import policies
from lienthong.verification.queries import cases
from lienthong.verification.states import CaseState

PRINT_AT_MOST = 2_000


@allowed(policies.sees_verification)
@reads
def visit_list(request: HouseRequest) -> HttpResponse:
    rows, total = _rows(request, CaseState.VISIT)
    note_read(request, "verification-visits", "print")
    places = {place: number for number, place in enumerate(dict.fromkeys(row.place for row in rows))}
    in_villages = sorted(rows, key=lambda row: (places[row.place], in_order(row.village)))
    context = {
        "places": [
            {"place": place, "village": village, "rows": list(inside)}
            for (place, village), inside in groupby(in_villages, key=lambda row: (row.place, row.village))
        ],
        "total": total,
        "shown": len(rows),
        "today": request.today,
    }
    return render(request, "office/verification/visits_print.html", context)


@allowed(policies.sees_verification)
@reads
def police_letter(request: HouseRequest) -> HttpResponse:
    rows, total = _rows(request, CaseState.WAITING_POLICE)
    note_read(request, "verification-police", "print")
    if request.GET.get("format") == "xlsx":
        return sheet_response(
            "de-nghi-cong-an-chinh-sua.xlsx",
            columns=[
                _("Mã bản ghi"), _("Số định danh"), _("Họ và tên"), _("Ngày sinh"), _("Xã, phường"), _("Mục"), _("Dữ liệu dân cư"),
                _("Đề nghị sửa thành"),
            ],
            rows=[
                [row.key, row.number, row.name, row.birth, row.place, *change]
                for row in rows
                for change in row.changes or [("", "", row.note)]
            ],
        )  # fmt: skip
    context = {
        "places": [
            {"place": place, "rows": list(inside)} for place, inside in groupby(rows, key=lambda row: row.place)
        ],
        "total": total,
        "shown": len(rows),
        "today": request.today,
    }
    return render(request, "office/verification/police_print.html", context)


def _rows(request: HouseRequest, state: CaseState) -> tuple[list[CaseRow], int]:
    asked = asked_in({**request.GET.dict(), "state": state})  # type: ignore[arg-type]
    found = cases.filtered_cases(request.user, asked, now=request.received_at)
    ordered = with_sides(found).order_by("commune__sort_key", "village", "id")
    total = found.order_by().count()
    return rows_of(ordered[:PRINT_AT_MOST], asked, now=request.received_at), total
