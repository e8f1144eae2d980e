"""Areas of hamlets: whose line jumped with the change of places, and what the department decided about it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.missing import NotFound
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.kernel.text import whole_number
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty import standard_words as words
from lienthong.office.poverty.deciding import Verb, decided, ends_on, may_decide, reason_of, who
from lienthong.office.poverty.standard_forms import AreasFileForm, DesignationForm
from lienthong.office.poverty.uploads import as_path
from lienthong.poverty import policies
from lienthong.poverty.areas_file import AREA_HEAD, CODE_HEAD, HAMLET_HEAD, UNIT_HEAD, read_areas_file
from lienthong.poverty.queries import areas as queries
from lienthong.poverty.queries.areas import JumpState, LineJump
from lienthong.poverty.services import areas as services
from lienthong.poverty.services.approvals import StandardRefused
from lienthong.poverty.states import ApprovalState, AreaKind
from lienthong.units import queries as units
from lienthong.verification.tables import TableRefused

ROWS_ON_A_PAGE = 100
MARK = "place"
MOST_PROBLEMS = 50


@allowed(policies.sees_poverty)
@reads
def jump_list(request: HouseRequest) -> HttpResponse:
    days = queries.area_change_days(on=request.today)
    change_day = next((day for day in days if day.isoformat() == request.GET.get("day")), days[0] if days else None)
    jumps = _seen(request, change_day)
    state = request.GET.get("state", "")
    chosen = [jump for jump in jumps if state not in set(JumpState) or jump.state == state]
    if request.GET.get("format") == "xlsx":
        return _export(chosen)
    page = Paginator(chosen, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [_row(jump) for jump in page],
        "change_day": change_day,
        "days": [(day.isoformat(), format_day(day)) for day in days],
        "default_day": days[0].isoformat() if days else "",
        "states": [
            ("", _("Tất cả"), len(jumps)),
            ("jumps", _("Chuẩn đã đổi"), sum(jump.state == JumpState.JUMPS for jump in jumps)),
            ("unclear", _("Chưa rõ nơi ở cũ"), sum(jump.state == JumpState.UNCLEAR for jump in jumps)),
        ],
        "households": sum(jump.households for jump in chosen),
        "listed": sum(jump.listed for jump in chosen),
        "may_designate": policies.runs_province(request.user, on=request.today),
        "waiting": queries.designations().filter(state=ApprovalState.DRAFT).count(),
        "is_narrowed": bool(state),
    }
    return office_page(request, "office/poverty/areas.html", context)


def _seen(request: HouseRequest, change_day: date | None) -> list[LineJump]:
    """Return the hamlets that this user may see: all, or those of their communes."""
    if change_day is None:
        return []
    only: Collection[int] | None = None
    if not policies.sees_province(request.user, on=request.today):
        only = policies.communes_of(request.user, on=request.today)
    return queries.line_jumps(on=request.today, change_day=change_day, unit_ids=only)


def _row(jump: LineJump) -> dict[str, Any]:
    return {
        "jump": jump,
        "mark": f"{jump.unit.pk}:{jump.hamlet}",
        "before": ", ".join(unit.name for unit in jump.candidates),
        "area_before": AreaKind(jump.area_before).label if jump.area_before else _("chưa rõ"),
        "area_after": AreaKind(jump.area_after).label,
        "is_unclear": jump.state == JumpState.UNCLEAR,
    }


def _export(jumps: list[LineJump]) -> HttpResponse:
    columns = [
        CODE_HEAD, UNIT_HEAD, HAMLET_HEAD, _("Nơi ở trước ngày đổi"), _("Khu vực trước"), _("Khu vực sau"), _("Số hộ"),
        _("Hộ nghèo, cận nghèo"), AREA_HEAD,
    ]  # fmt: skip
    rows = [
        (
            jump.unit.code, jump.unit.name, jump.hamlet, row["before"], row["area_before"], row["area_after"],
            jump.households, jump.listed, "",
        )
        for jump in jumps
        for row in [_row(jump)]
    ]  # fmt: skip
    return sheet_response("khu-vuc-thi-tran-cu.xlsx", columns=columns, rows=rows)


@require_POST
@allowed(policies.runs_province)
@writes
def designate(request: HouseRequest) -> HttpResponse:
    places = _places(request.POST.getlist(MARK))
    is_sent = "instrument" in request.POST
    days = queries.area_change_days(on=request.today)
    form = DesignationForm(request.POST if is_sent else None, initial={"valid_from": days[0] if days else None})
    if not places:
        messages.warning(request, _("Chưa chọn thôn, tổ dân phố nào. Hãy đánh dấu các dòng cần xếp khu vực."))
        return redirect("office:poverty_areas")
    if is_sent and _are_prepared(
        request, form, lambda: services.prepare_designations(form.to_commands(places), **who(request))
    ):
        return redirect("office:poverty_designations")
    named = queries.unit_names({unit_id for unit_id, _hamlet in places})
    context = {
        "form": form,
        "places": [(f"{pk}:{hamlet}", ", ".join(filter(None, [hamlet, named.get(pk, "")]))) for pk, hamlet in places],
    }
    return office_page(request, "office/poverty/designate.html", context, status=422 if form.errors else 200)


def _places(marks: list[str]) -> list[tuple[int, str]]:
    found = {}
    for mark in marks:
        unit_id, _colon, hamlet = mark.partition(":")
        if (number := whole_number(unit_id)) is not None:
            found[number, hamlet[:120]] = True
    return list(found)


@allowed(policies.runs_province)
@writes
def upload_areas(request: HouseRequest) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    days = queries.area_change_days(on=request.today)
    form = AreasFileForm(*posted, initial={"valid_from": days[0] if days else None})
    if posted and _are_prepared(request, form, lambda: _prepare_from_file(request, form), field="file"):
        return redirect("office:poverty_designations")
    return office_page(request, "office/poverty/upload_areas.html", {"form": form}, status=422 if form.errors else 200)


def _are_prepared(
    request: HouseRequest, form: Any, prepare: Callable[[], list[Any]], *, field: str | None = None
) -> bool:
    """Put designations down and say how many; else show on the form what is wrong with each."""
    if not form.is_valid():
        return False
    try:
        rows = prepare()
    except services.DesignationsRefused as refusal:
        for problem in refusal.problems[:MOST_PROBLEMS]:
            form.show(StandardRefused(problem), field=field)
    except TableRefused as refusal:
        form.show(refusal, field=field)
    except StandardRefused as refusal:
        form.show(refusal)
    else:
        words = _("Đã lập %(n)s đề nghị xếp khu vực. Hãy nhờ người khác của sở duyệt.")
        messages.success(request, words % {"n": len(rows)})
        return True
    return False


def _prepare_from_file(request: HouseRequest, form: AreasFileForm) -> list[Any]:
    given = form.cleaned_data
    upload, valid_from = given["file"][0], given["valid_from"]
    by_code = {unit.code: unit for unit in units.communes_on(valid_from)}
    with as_path(upload) as path:
        commands = read_areas_file(
            path, name=str(upload.name), instrument=given["instrument"], valid_from=valid_from, unit_of=by_code.get
        )
    return services.prepare_designations(commands, **who(request))


@allowed(policies.sees_poverty)
@reads
def designation_list(request: HouseRequest) -> HttpResponse:
    rows = queries.designations()
    if not policies.sees_province(request.user, on=request.today):
        rows = rows.filter(unit__in=policies.communes_of(request.user, on=request.today))
    state = request.GET.get("state", "")
    if state in set(ApprovalState):
        rows = rows.filter(state=state)
    if request.GET.get("format") == "xlsx":
        columns = [CODE_HEAD, UNIT_HEAD, HAMLET_HEAD, _("Khu vực"), _("Áp dụng"), _("Văn bản"), _("Trạng thái")]
        lines = [
            (
                row.unit.code, row.unit.name, row.hamlet, AreaKind(row.area).label, words.days_words(row), row.instrument,
                ApprovalState(row.state).label,
            )
            for row in rows
        ]  # fmt: skip
        return sheet_response("khu-vuc-dia-ban.xlsx", columns=columns, rows=lines)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [(row, AreaKind(row.area).label, words.days_words(row), words.state_of(row)) for row in page],
        "states": [("", _("Tất cả")), *((value, label) for value, label in ApprovalState.choices)],
        "may_approve": policies.approves_standards(request.user, on=request.today),
        "me": request.user.pk,
    }
    return office_page(request, "office/poverty/designations.html", context)


@require_POST
@allowed(policies.approves_standards)
@writes
def approve_many(request: HouseRequest) -> HttpResponse:
    marks = filter(None, map(whole_number, request.POST.getlist("row")))
    try:
        rows = services.approve_designations(marks, **who(request))
    except (StandardRefused, NotFound) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã duyệt %(n)s địa bàn.") % {"n": len(rows)})
    return redirect("office:poverty_designations")


@allowed(policies.sees_poverty)
@writes
def designation_page(request: HouseRequest, designation_id: int) -> HttpResponse:
    only = None
    if not policies.sees_province(request.user, on=request.today):
        only = policies.communes_of(request.user, on=request.today)
    row = queries.get_designation(designation_id, unit_ids=only)
    verbs: dict[str, Verb] = {
        "approve": lambda: services.approve_designations([row.pk], **who(request)),
        "refuse": lambda: services.refuse_designations([row.pk], reason=reason_of(request), **who(request)),
        "end": lambda: services.end_designation(row.pk, ends_on=ends_on(request), **who(request)),
    }
    form = decided(request, verbs)
    if form is None:
        return redirect("office:poverty_designation", row.pk)
    context = may_decide(request, row, form) | {
        "row": row,
        "area": AreaKind(row.area).label,
        "days": words.days_words(row),
    }
    return office_page(request, "office/poverty/designation.html", context, status=422 if form.errors else 200)
