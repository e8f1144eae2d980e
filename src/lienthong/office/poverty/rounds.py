"""Rounds as the province plans and follows them: the list, a new one with what it would be, each commune's progress."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.round_forms import RoundForm
from lienthong.office.poverty.tones import STAGE_TONES
from lienthong.poverty import policies
from lienthong.poverty.queries import rounds as queries
from lienthong.poverty.queries.rounds import CommuneProgress
from lienthong.poverty.services import rounds as verbs
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import CommuneState, RoundKind
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.poverty.standards import NoStandard

ROWS_ON_A_PAGE = 30


@allowed(policies.sees_province)
@reads
def round_list(request: HouseRequest) -> HttpResponse:
    rounds = queries.all_rounds()
    if request.GET.get("format") == "xlsx":
        return sheet_response(
            "dot-ra-soat.xlsx",
            columns=[
                _("Kỳ"), _("Loại"), _("Chuẩn"), _("Từ ngày"), _("Đến ngày"), _("Xã, phường"), _("Đã quyết định"), _("Đã báo cáo"),
                _("Kế hoạch, văn bản"),
            ],
            rows=[
                [
                    one.period, one.get_kind_display(), one.standard_id, f"{one.starts_on:%d/%m/%Y}", f"{one.ends_on:%d/%m/%Y}",
                    one.commune_count, one.decided_count, one.reported_count, one.instrument,
                ]
                for one in rounds
            ],
        )  # fmt: skip
    page = Paginator(rounds, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {"page": page, "may_open": policies.runs_province(request.user, on=request.today), "today": request.today}
    return office_page(request, "office/poverty/rounds.html", context)


@allowed(policies.runs_province)
@writes
def open_round(request: HouseRequest) -> HttpResponse:
    asked = request.GET.get("kind", "")
    kind = RoundKind(asked) if asked in RoundKind.values else RoundKind.PERIODIC
    plan, form = None, RoundForm(kind=kind, initial=_usual(kind, request))
    if request.method == "POST":
        form = RoundForm(request.POST, kind=kind)
        if form.is_valid() and "preview" in request.POST:
            plan = _plan(kind, form.cleaned_data, request, form)
        elif form.is_valid():
            command = verbs.OpenRound(kind=kind, province_code=settings.PROVINCE_CODE, **form.cleaned_data)
            try:
                opened = verbs.open_round(command, acting_user=request.user, now=request.received_at)
            except ReviewRefused as refusal:
                form.show(refusal)
            else:
                messages.success(request, _("Đã mở đợt rà soát kỳ %(period)s.") % {"period": opened.period})
                return redirect("office:poverty_round", opened.pk)
    elif form.initial:
        plan = _plan(kind, dict(form.initial), request, form)
    context = {"form": form, "plan": plan, "kind": kind.value, "kinds": RoundKind.choices}
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/poverty/open_round.html", context, status=status)


@allowed(policies.sees_province)
@reads
def round_page(request: HouseRequest, round_id: int) -> HttpResponse:
    found = queries.get_round(round_id)
    rows = queries.progress_of_round(round_id, today=request.today)
    if request.GET.get("format") == "xlsx":
        return _export(rows, found.period)
    stages = {state: sum(row.review.state == state for row in rows) for state in CommuneState}
    asked, late = request.GET.get("stage", ""), sum(row.late for row in rows)
    shown = [row for row in rows if _is_asked(row, asked)]
    runs = policies.runs_province(request.user, on=request.today) and found.closed_at is None
    context = {
        "round": found,
        "rows": [
            (row, CommuneState(row.review.state).label, STAGE_TONES[CommuneState(row.review.state)]) for row in shown
        ],
        "totals": _totals(shown),
        "all": _totals(rows),
        "stages": [("", _("Tất cả"), len(rows)), *((state.value, state.label, count) for state, count in stages.items() if count), *([("late", _("trễ"), late)] if late or asked == "late" else [])],
        "late": late,
        "may_run": runs,
        "may_take": runs and found.points_table is None,
    }  # fmt: skip
    return office_page(request, "office/poverty/round.html", context)


@allowed(policies.runs_province)
@writes
def round_act(request: HouseRequest, round_id: int, action: str) -> HttpResponse:
    found = queries.get_round(round_id)
    verb = {"table": verbs.take_points_table, "close": verbs.close_round}.get(action)
    if verb is None:
        raise queries.RoundNotFound(round_id)
    if request.method == "POST":
        try:
            verb(found.pk, acting_user=request.user, now=request.received_at)
        except ReviewRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            done = {"table": _("Đợt đã nhận bảng điểm được duyệt."), "close": _("Đã đóng đợt rà soát.")}
            messages.success(request, done[action])
        return redirect("office:poverty_round", found.pk)
    words = {
        "table": (_("Dùng bảng điểm vừa được duyệt cho đợt này?"), _("Mọi hộ của đợt được chấm theo bảng này đến hết đợt."), _("Dùng bảng điểm này")),
        "close": (_("Đóng đợt rà soát này?"), _("Sau khi đóng, không xã nào lập danh sách, khảo sát hay quyết định trong đợt này nữa."), _("Đóng đợt")),
    }  # fmt: skip
    question, what, press = words[action]
    back = reverse("office:poverty_round", args=[found.pk])
    context = {"heading": question, "what": what, "press": press, "back": back, "caption": str(found), "form": None}
    return office_page(request, "office/poverty/act.html", context)


def _usual(kind: RoundKind, request: HouseRequest) -> dict[str, Any]:
    period = queries.usual_period(kind, request.today)
    try:
        starts_on, ends_on = queries.usual_dates(kind, period)
    except (ValueError, NoValueInForce):
        return {}
    return {"period": period, "starts_on": starts_on, "ends_on": ends_on}


def _plan(kind: RoundKind, data: dict[str, Any], request: HouseRequest, form: RoundForm) -> queries.RoundPlan | None:
    try:
        return queries.round_plan(
            kind, data["period"], starts_on=data["starts_on"], ends_on=data["ends_on"], today=request.today,
            province_code=settings.PROVINCE_CODE,
        )  # fmt: skip
    except NoStandard:
        if form.is_bound:
            form.show(verbs.NoStandardThen(data["starts_on"]), field="starts_on")
        return None


def _is_asked(row: CommuneProgress, asked: str) -> bool:
    if asked == "late":
        return row.late
    return not asked or row.review.state == asked


def _totals(rows: list[CommuneProgress]) -> dict[str, int]:
    names = ("listed", "visited", "gone", "done", "flags", "unassigned", "poor", "near_poor")
    totals = {name: sum(getattr(row, name) for row in rows) for name in names}
    return {
        **totals,
        "communes": len(rows),
        "posted": sum(row.is_posted for row in rows),
        "decided": sum(row.is_decided for row in rows),
    }


def _export(rows: list[CommuneProgress], period: str) -> HttpResponse:
    return sheet_response(
        f"tien-do-ra-soat-{period}.xlsx",
        columns=[
            _("Mã xã"), _("Xã, phường"), _("Đang ở bước"), _("Hộ trong danh sách"), _("Đã khảo sát"), _("Không còn ở địa bàn"), _("Chưa giao"),
            _("Dấu hiệu chưa xem"), _("Đã niêm yết"), _("Đã quyết định"), _("Hộ nghèo"), _("Hộ cận nghèo"), _("Trễ"),
        ],
        rows=[
            [
                row.review.unit.code, row.review.unit.name, CommuneState(row.review.state).label, row.listed, row.visited, row.gone,
                row.unassigned, row.flags, _("có") if row.is_posted else "", _("có") if row.is_decided else "", row.poor, row.near_poor,
                _("trễ") if row.late else "",
            ]
            for row in rows
        ],
    )  # fmt: skip
