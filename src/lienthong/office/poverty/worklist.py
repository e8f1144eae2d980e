"""The work list of a commune in a round: filters in the address, visits given in bulk, export, the list on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.text import natural_key, whole_number
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import CHOICES_AT_MOST, address_of, asked_in, hamlet_choices, hamlet_words
from lienthong.office.poverty.tones import CLASS_TONES, VISIT_TONES
from lienthong.poverty import policies
from lienthong.poverty.queries import rounds as queries
from lienthong.poverty.queries import worklist
from lienthong.poverty.queries.enumerators import enumerators_of
from lienthong.poverty.queries.worklist import NO_HAMLET, NOBODY, UNKNOWN, WorkFilter
from lienthong.poverty.services import assigning
from lienthong.poverty.services.assigning import AssignVisits
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import AreaKind, CommuneState, HouseholdClass, ListingSource, VisitState

ROWS_ON_A_PAGE = 50
PRINT_AT_MOST = 3_000


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """What a list shows of a household."""

    id: int
    url: str
    code: str
    head: str
    size: int | None
    hamlet: str
    area: str
    before: str
    before_tone: str
    result: str
    result_tone: str
    points: str
    visit: str
    visit_tone: str
    note: str
    enumerator: str
    source: str
    is_usual: bool
    may_jump: bool
    is_flagged: bool
    may_assign: bool


@allowed(policies.sees_poverty)
@reads
def work_list(request: HouseRequest, review_id: int) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    asked = asked_in(request.GET, WorkFilter)
    households = worklist.households_of(review, asked, as_=request.user, on=request.today)
    if request.GET.get("format") == "xlsx":
        return _export(request, review, households)
    counts = worklist.counts_of(review, as_=request.user, on=request.today)
    people = enumerators_of(review.unit_id, on=request.today)
    page = Paginator(households, ROWS_ON_A_PAGE).get_page(page_number(request))
    assigns = (
        policies.runs_commune(request.user, review.unit_id, on=request.today)
        and review.round.closed_at is None
        and CommuneState(review.state) in assigning.ASSIGNING_STATES
    )
    note_read(request, f"poverty-households:{review.pk}")
    context = {
        "review": review,
        "round": review.round,
        "page": page,
        "rows": rows_of(page),
        "counts": counts,
        "asked": asked,
        "address": address_of(asked),
        "is_narrowed": asked != WorkFilter(),
        "may_assign": assigns and bool(people),
        "nobody_to_assign": assigns and not people,
        "people": people,
        "hamlet_words": hamlet_words(asked.hamlet) if asked.hamlet else "",
        "is_listing": assigns,
        **_choices(counts, people),
    }
    return office_page(request, "office/poverty/households.html", context)


@allowed(policies.runs_a_commune)
@writes
def assign(request: HouseRequest, review_id: int) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    back = reverse("office:poverty_households", args=[review.pk]) + address_of(asked_in(request.GET, WorkFilter))
    if request.method != "POST":
        return redirect(back)
    verb, who = request.POST.get("verb", ""), whole_number(request.POST.get("enumerator", ""))
    if verb != "take_back" and who is None:
        messages.warning(request, _("Chưa chọn điều tra viên. Chọn người đi khảo sát rồi giao."))
        return redirect(back)
    hamlet = request.POST.get("hamlet") if verb == "hamlet" else None
    command = AssignVisits(
        commune_review_id=review.pk,
        enumerator_id=None if verb == "take_back" else who,
        review_ids=tuple(filter(None, map(whole_number, request.POST.getlist("household")))) if hamlet is None else (),
        hamlet="" if hamlet == NO_HAMLET else hamlet,
    )
    try:
        report = assigning.assign_visits(command, acting_user=request.user, now=request.received_at)
    except ReviewRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    words = _("Đã thôi giao %(n)s hộ.") if verb == "take_back" else _("Đã giao %(n)s hộ.")
    messages.success(request, words % {"n": report.assigned})
    if report.skipped:
        messages.info(
            request, _("%(n)s hộ được giữ nguyên vì đã khảo sát xong hoặc đã có người.") % {"n": report.skipped}
        )
    return redirect(back)


@allowed(policies.sees_poverty)
@reads
def visit_print(request: HouseRequest, review_id: int) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    households = worklist.households_of(review, asked_in(request.GET, WorkFilter), as_=request.user, on=request.today)
    found = list(households.exclude(visit_state=VisitState.GONE)[: PRINT_AT_MOST + 1])
    note_read(request, f"poverty-households:{review.pk}", "print")
    rows = sorted(rows_of(found[:PRINT_AT_MOST]), key=lambda row: (natural_key(row.hamlet), row.enumerator))
    context = {
        "review": review,
        "round": review.round,
        "groups": [
            {"hamlet": hamlet, "enumerator": enumerator, "rows": list(inside)}
            for (hamlet, enumerator), inside in groupby(rows, key=lambda row: (row.hamlet, row.enumerator))
        ],
        "total": len(rows),
        "is_cut": len(found) > PRINT_AT_MOST,
        "today": request.today,
    }
    return render(request, "office/poverty/visits_print.html", context)


def rows_of(households: Iterable[Any]) -> list[HouseholdRow]:
    """Turn households of a list into rows."""
    return [_row(one) for one in households]


def _row(one: Any) -> HouseholdRow:
    visit = VisitState(one.visit_state)
    result = one.final_class or one.proposed_class or one.surveyed_class
    points = [f"B1 {one.a_points}"] if one.a_points is not None else []
    points += [f"B2 {one.b_points}"] if one.b_points is not None else []
    return HouseholdRow(
        id=one.pk, url=reverse("office:poverty_household", args=[one.pk]), code=one.household.code, head=one.head_name,
        size=one.size, hamlet=one.hamlet, area=str(AreaKind(one.area).label),
        before=str(HouseholdClass(one.class_before).label), before_tone=CLASS_TONES[HouseholdClass(one.class_before)],
        result=str(HouseholdClass(result).label) if result else "",
        result_tone=CLASS_TONES[HouseholdClass(result)] if result else "draft", points=", ".join(points),
        visit=str(visit.label), visit_tone=VISIT_TONES[visit],
        note=one.revisit_reason if visit == VisitState.REVISIT else one.get_gone_reason_display() if one.gone_reason else "",
        enumerator=one.enumerator.full_name if one.enumerator else "", source=str(ListingSource(one.source).label), is_usual=one.source == ListingSource.CURRENT_LIST,
        may_jump=one.line_may_jump, is_flagged=one.is_flagged, may_assign=visit in assigning.OPEN_VISITS,
    )  # fmt: skip


def _choices(counts: worklist.WorkCounts, people: list[Any]) -> dict[str, Any]:
    """Return the choices of each filter with how many households each has; a filter of one choice is left out."""
    everybody = ("", _("Tất cả"))
    by = counts.by
    names = {str(one.pk): one.full_name for one in people}
    who = sorted(by["enumerator"].items(), key=lambda one: (one[0] != NOBODY, names.get(one[0], "")))
    results: list[Any] = [(one.value, one.label, by["result"][one]) for one in HouseholdClass if by["result"].get(one)]
    if by["result"].get(UNKNOWN):
        results.append((UNKNOWN, _("chưa có"), by["result"][UNKNOWN]))
    found: dict[str, list[Any]] = {
        "hamlets": hamlet_choices(by["hamlet"]) if len(by["hamlet"]) <= CHOICES_AT_MOST else [],
        "enumerators": [
            (pk, _("chưa giao") if pk == NOBODY else names.get(pk, _("người đã thôi")), n) for pk, n in who
        ],
        "visits": [(one.value, one.label, by["visit"][one]) for one in VisitState if by["visit"].get(one)],
        "befores": [(one.value, one.label, by["before"][one]) for one in HouseholdClass if by["before"].get(one)],
        "results": results,
        "areas": [(one.value, one.label, by["area"][one]) for one in AreaKind if by["area"].get(one)],
        "sources": [(one.value, one.label, by["source"][one]) for one in ListingSource if by["source"].get(one)],
    }
    shown: dict[str, Any] = {name: [everybody, *rows] if len(rows) > 1 else [] for name, rows in found.items()}
    shown["flags"] = [everybody, ("yes", _("chưa xem"), by["flagged"]["yes"])] if by["flagged"]["yes"] else []
    shown["jumps"] = [everybody, ("yes", _("có thể đổi chuẩn"), by["jump"]["yes"])] if by["jump"].get("yes") else []
    return shown


def _export(request: HouseRequest, review: Any, households: Any) -> HttpResponse:
    note_read(request, f"poverty-households:{review.pk}", "export")
    return sheet_response(
        f"danh-sach-ra-soat-{review.unit.code}-{review.round.period}.xlsx",
        columns=[
            _("Mã hộ"), _("Chủ hộ"), _("Nhân khẩu"), _("Thôn, tổ dân phố"), _("Khu vực"), _("Chuẩn có thể đổi"), _("Lý do đưa vào"),
            _("Trước rà soát"), _("Khảo sát"), _("Ghi chú"), _("Người khảo sát"), _("Điểm"), _("Kết quả"), _("Dấu hiệu chưa xem"),
        ],
        rows=[
            [
                row.code, row.head, row.size, row.hamlet, row.area, _("có") if row.may_jump else "", row.source, row.before, row.visit,
                row.note, row.enumerator, row.points, row.result, _("có") if row.is_flagged else "",
            ]
            for row in rows_of(households)
        ],
    )  # fmt: skip
