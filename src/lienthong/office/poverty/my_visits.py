"""The households that somebody visits: what is still to do, hamlet by hamlet, and which form comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty import filters
from lienthong.office.poverty.tones import VISIT_TONES
from lienthong.office.poverty.worklist import PRINT_AT_MOST
from lienthong.poverty import policies
from lienthong.poverty.queries import own_visits as queries
from lienthong.poverty.queries.own_visits import MINE, NOBODYS, SHEET_MISSING, OwnCounts, OwnFilter
from lienthong.poverty.queries.visiting import may_be_visited
from lienthong.poverty.states import CommuneState, FormKind, HouseholdClass, VisitState

ROWS_ON_A_PAGE = 100
SHORT_NAMES = {FormKind.A: "A", FormKind.B: "B", FormKind.C: "C"}


@dataclass(frozen=True, slots=True)
class OwnRow:
    """What the list shows of a household. ``next`` and ``corrections`` are links: (address, words)."""

    id: int
    head: str
    code: str
    size: int | None
    commune: str
    hamlet: str
    before: str
    visit: str
    visit_tone: str
    note: str
    next_words: str
    next: str
    corrections: list[tuple[str, str]]


@allowed(policies.is_enumerator)
@reads
def my_visits(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET)
    order = queries.own_order(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        return _export(request, order)
    counts = queries.own_counts(request.user, asked, on=request.today)
    page = Paginator(order, ROWS_ON_A_PAGE).get_page(page_number(request))
    households = queries.own_households(list(page.object_list))
    _note(request, households)
    context = {
        "asked": asked,
        "is_narrowed": bool(asked.visit or asked.hamlet or asked.text),
        "address": filters.address_of(asked),
        "page": page,
        "round": households[0].commune_review.round if households else None,
        "groups": _groups(rows_of(households, by=request.user)),
        "counts": counts,
        "again": counts.by["visit"].get(VisitState.REVISIT, 0),
        "sheets": counts.by["visit"].get(SHEET_MISSING, 0),
        "is_nobodys": asked.whose == NOBODYS,
        **_choices(counts, asked, queries.nobodys_count(request.user, on=request.today)),
    }
    return office_page(request, "office/poverty/my_visits.html", context)


@allowed(policies.is_enumerator)
@reads
def my_visits_print(request: HouseRequest) -> HttpResponse:
    order = queries.own_order(request.user, asked_in(request.GET), on=request.today)
    households = queries.own_households(order[:PRINT_AT_MOST])
    _note(request, households, "print")
    context = {
        "round": households[0].commune_review.round if households else None,
        "units": ", ".join(dict.fromkeys(one.commune_review.unit.name for one in households)),
        "groups": _groups(rows_of(households, by=request.user)),
        "total": len(households),
        "is_cut": len(order) > PRINT_AT_MOST,
        "today": request.today,
        "who": request.user.full_name,
    }
    return render(request, "office/poverty/my_visits_print.html", context)


def asked_in(query: QueryDict) -> OwnFilter:
    """Read the list that an address names."""
    asked: OwnFilter = filters.asked_in(query, OwnFilter)
    return replace(asked, whose=NOBODYS if asked.whose == NOBODYS else MINE)


def rows_of(households: Iterable[Any], *, by: Any) -> list[OwnRow]:
    """Turn households into rows with the form that comes next, for somebody who fills it."""
    return [_row(one, by) for one in households]


def _row(one: Any, by: Any) -> OwnRow:
    visit, is_time = VisitState(one.visit_state), may_be_visited(one)
    form = FormKind(one.next_form) if one.next_form else None
    return OwnRow(
        id=one.pk, head=one.head_name, code=one.household.code, size=one.size, commune=one.commune_review.unit.name,
        hamlet=one.hamlet, before=str(HouseholdClass(one.class_before).label), visit=str(visit.label),
        visit_tone=VISIT_TONES[visit], note=one.revisit_reason if visit == VisitState.REVISIT else _stage_words(one, is_time),
        next_words=_("Điền phiếu %(form)s") % {"form": SHORT_NAMES[form]} if form else "",
        next=reverse("office:poverty_web_form", args=[one.pk, form.value]) if form and is_time else "",
        corrections=[
            (
                reverse("office:poverty_web_form", args=[one.pk, done.form_id]) + "?correct=yes",
                _("Sửa phiếu %(form)s") % {"form": SHORT_NAMES[FormKind(done.form_id)]},
            )
            for done in one.counting
            if is_time and done.visited_by_id == by.pk
        ],
    )  # fmt: skip


def _stage_words(one: Any, is_time: bool) -> str:
    if is_time:
        return ""
    if one.commune_review.state == CommuneState.LISTING:
        return _("xã, phường chưa bắt đầu khảo sát")
    return _("xã, phường đã qua bước khảo sát")


def _groups(rows: list[OwnRow]) -> list[dict[str, Any]]:
    return [{"hamlet": hamlet, "rows": list(inside)} for hamlet, inside in groupby(rows, key=lambda row: row.hamlet)]


def _choices(counts: OwnCounts, asked: OwnFilter, nobodys: int) -> dict[str, Any]:
    """Return the choices of each filter; a filter of one choice is left out."""
    everybody = ("", _("Tất cả"))
    visits: list[Any] = [
        (one.value, one.label, counts.by["visit"][one]) for one in VisitState if counts.by["visit"].get(one)
    ]
    if counts.by["visit"].get(SHEET_MISSING):
        visits.append((SHEET_MISSING, _("còn thiếu phiếu C"), counts.by["visit"][SHEET_MISSING]))
    found = {
        "visits": visits,
        "hamlets": filters.hamlet_choices(counts.by["hamlet"]),
    }
    shown: dict[str, Any] = {name: [everybody, *rows] if len(rows) > 1 else [] for name, rows in found.items()}
    is_asked = nobodys or asked.whose
    shown["whose"] = [(MINE, _("Giao cho tôi")), (NOBODYS, _("Chưa giao cho ai"), nobodys)] if is_asked else []
    return shown


def _note(request: HouseRequest, households: Iterable[Any], action: str = "view") -> None:
    for review_id in dict.fromkeys(one.commune_review_id for one in households):
        note_read(request, f"poverty-households:{review_id}", action)


def _export(request: HouseRequest, order: list[int]) -> HttpResponse:
    households = queries.own_households(order)
    _note(request, households, "export")
    return sheet_response(
        "ho-di-khao-sat.xlsx",
        columns=[
            _("Mã hộ"), _("Chủ hộ"), _("Nhân khẩu"), _("Xã, phường"), _("Thôn, tổ dân phố"), _("Trước rà soát"), _("Khảo sát"),
            _("Ghi chú"), _("Phiếu tiếp theo"),
        ],
        rows=[
            [row.code, row.head, row.size, row.commune, row.hamlet, row.before, row.visit, row.note, row.next_words]
            for row in rows_of(households, by=request.user)
        ],
    )  # fmt: skip
