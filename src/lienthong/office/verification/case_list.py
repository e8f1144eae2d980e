"""The work list of a commune: filters in the address, keys, bulk acceptance, export; and how far each commune is."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page
from lienthong.office.verification.case_rows import (
    CaseRow,
    address_of,
    asked_in,
    in_order,
    page_of_cases,
    rows_of,
    with_sides,
)
from lienthong.verification import policies
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.queries import cases
from lienthong.verification.queries.cases import CaseFilter, Counts
from lienthong.verification.services import cases as verbs
from lienthong.verification.sides import accepted_changes, touches_number
from lienthong.verification.states import BULK_KINDS, STATUS_WORDS, CaseState

EXPORT_AT_MOST = 10_000
VILLAGES_AT_MOST = 40
BATCHES_AT_MOST = 8
SHOWN_AT_MOST = 50


@allowed(policies.sees_verification)
@reads
def case_list(request: HouseRequest) -> HttpResponse:
    now, asked = request.received_at, asked_in(request.GET)
    rows = cases.filtered_cases(request.user, asked, now=now)
    if request.GET.get("format") == "xlsx":
        return _export(request, rows, asked)
    counts = cases.counts(request.user, asked, now=now)
    page = page_of_cases(rows, asked, after=request.GET.get("after", ""), now=now)
    works = policies.works_cases(request.user, on=request.today)
    wide = policies.sees_province(request.user, on=request.today)
    context = {
        "page": page,
        "asked": asked,
        "total": counts.states.get(asked.state, 0) if asked.state else sum(counts.states.values()),
        "counts": counts,
        "done": counts.states[cases.DONE],
        "all": sum(counts.states.values()),
        "commune": cases.commune_name(asked.commune) if asked.commune else "",
        "wide": wide,
        "works": works,
        "decides": policies.decides_numbers(request.user, on=request.today),
        "address": address_of(asked),
        "press": address_of(asked, back="list", after=request.GET.get("after", "")),
        "page_key": uuid4(),
        "is_narrowed": bool(asked.kind or asked.village or asked.age or asked.batch),
        "may_bulk": works and asked.state == CaseState.OPEN and bool(page.rows),
        "keys": [("a", _("chấp nhận")), ("c", _("sửa dữ liệu của ta")), ("p", _("đề nghị Công an sửa")), ("v", _("đưa vào danh sách đi xác minh"))],
        **_choices(asked, counts, wide=wide),
    }  # fmt: skip
    return office_page(request, "office/verification/cases.html", context)


@allowed(policies.sees_verification)
@reads
def progress(request: HouseRequest) -> HttpResponse:
    rows = cases.progress_by_commune(request.user, now=request.received_at)
    if request.GET.get("format") == "xlsx":
        return sheet_response(
            "tien-do-xac-thuc.xlsx",
            columns=[
                _("Xã, phường"),
                _("Còn lại"),
                _("Chờ người thứ hai"),
                _("Quá 30 ngày"),
                _("Đã xong"),
                _("Tất cả"),
            ],
            rows=[[row.name, row.left, row.proposed, row.old, row.done, row.total] for row in rows],
        )
    context = {
        "rows": rows,
        "left": sum(row.left for row in rows),
        "done": sum(row.done for row in rows),
        "old": sum(row.old for row in rows),
        "all": sum(row.total for row in rows),
    }
    return office_page(request, "office/verification/progress.html", context)


@allowed(policies.works_cases)
@writes
def bulk_accept(request: HouseRequest) -> HttpResponse:
    now, asked = request.received_at, asked_in(request.GET)
    if request.method == "POST":
        kinds = set(request.POST.getlist("kind"))
        shown = tuple(pair for pair, kind in _shown(request.POST.get("cases", "")) if not kinds or kind in kinds)
        return _many(request, verbs.bulk_accept, shown if kinds else (), back="office:verification_cases", asked=asked)
    rows = cases.acceptable(cases.filtered_cases(request.user, asked, now=now))
    found = list(with_sides(rows).select_related("verdict__batch")[: verbs.BULK_AT_MOST + 1])
    taken = found[: verbs.BULK_AT_MOST]
    number = [
        touches_number(accepted_changes(case.entry, case.verdict)) for case in taken if BULK_KINDS[Status(case.kind)]
    ]
    groups = [
        (kind.value, STATUS_WORDS[kind], sum(case.kind == kind for case in taken), ticked)
        for kind, ticked in BULK_KINDS.items()
    ]
    context = {
        "asked": asked,
        "address": address_of(asked),
        "back": reverse("office:verification_cases") + address_of(asked),
        "rows": rows_of(taken[:SHOWN_AT_MOST], asked, now=now),
        "unseen": max(0, len(taken) - SHOWN_AT_MOST),
        "groups": [group for group in groups if group[2]],
        "proposed": sum(number),
        "written": len(number) - sum(number),
        "more": len(found) > verbs.BULK_AT_MOST,
        "cases": ",".join(f"{case.pk}:{case.version}:{case.kind}" for case in taken),
        "client_key": uuid4(),
        "thresholds": sorted({case.verdict.batch.threshold for case in taken}),
    }
    return office_page(request, "office/verification/bulk_accept.html", context)


@allowed(policies.works_cases)
@writes
def marked(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET)
    shown = tuple(pair for pair, _kind in _shown(",".join(request.POST.getlist("case"))))
    back = "office:verification_second" if request.POST.get("verb") == "approve" else "office:verification_cases"
    verb = verbs.bulk_approve if request.POST.get("verb") == "approve" else verbs.bulk_accept
    return _many(request, verb, shown, back=back, asked=asked)


@allowed(policies.decides_numbers)
@reads
def second_person(request: HouseRequest) -> HttpResponse:
    now, asked = request.received_at, CaseFilter(state=CaseState.PROPOSED)
    rows = cases.waiting_for_second(request.user, now=now)
    page = page_of_cases(rows, asked, after=request.GET.get("after", ""), now=now)
    context = {
        "page": page,
        "total": rows.order_by().count(),
        "page_key": uuid4(),
        "works": True,
        "wide": policies.sees_province(request.user, on=request.today),
        "press": "?back=second",
        "keys": [("a", _("đồng ý đề xuất"))],
        "address": address_of(CaseFilter(state=CaseState.PROPOSED)),
    }
    return office_page(request, "office/verification/second.html", context)


def _many(
    request: HouseRequest, verb: Any, shown: tuple[tuple[int, int], ...], *, back: str, asked: CaseFilter
) -> HttpResponse:
    try:
        command = verbs.ManyCases(shown=shown, client_key=_key(request.POST.get("client_key", "")))
        report = verb(command, acting_user=request.user, now=request.received_at)
    except verbs.CaseRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        if report.decided:
            messages.success(request, _("Đã quyết định %(n)s việc.") % {"n": report.decided})
        if report.proposed:
            words = _("%(n)s việc về số định danh đã chuyển người thứ hai quyết định.")
            messages.success(request, words % {"n": report.proposed})
        if report.skipped:
            words = _("%(n)s việc được để lại vì vừa thay đổi, hoặc không thuộc loại nhận hàng loạt. Hãy mở từng việc.")
            messages.warning(request, words % {"n": report.skipped})
    return redirect(reverse(back) + (address_of(asked) if back == "office:verification_cases" else ""))


def _shown(text: str) -> list[tuple[tuple[int, int], str]]:
    """Read cases as a page carries them, ``id:version`` or ``id:version:kind``; what cannot be one is left out."""
    found = []
    for part in text.split(",")[: verbs.BULK_AT_MOST + 1]:
        pk, _colon, rest = part.partition(":")
        version, _colon, kind = rest.partition(":")
        if cases.is_id(pk) and cases.is_id(version):
            found.append(((int(pk), int(version)), kind))
    return found


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _choices(asked: CaseFilter, counts: Counts, *, wide: bool) -> dict[str, Any]:
    states: list[tuple[str, Any, int]] = [
        (state.value, state.label, counts.states[state]) for state in cases.WORK_STATES
    ]
    kinds = [(kind, STATUS_WORDS[kind], counts.kinds[kind]) for kind in STATUS_WORDS if counts.kinds.get(kind)]
    ages = {"week": _("Dưới 7 ngày"), "month": _("7 đến 29 ngày"), "old": _("Từ 30 ngày")}
    # The first village of one commune is not that of another.
    known = counts.villages if asked.commune or asked.village or not wide else {}
    villages = [(name, name, n) for name, n in sorted(known.items(), key=lambda one: in_order(one[0])) if name]
    numbers = cases.batch_numbers(list(counts.batches)) if len(counts.batches) > 1 or asked.batch else {}
    return {
        "states": [*states, (cases.DONE, _("Đã xong"), counts.states[cases.DONE])],
        "kinds": [("", _("Tất cả"), sum(counts.kinds.values())), *kinds],
        "villages": [("", _("Tất cả"), sum(counts.villages.values())), *villages] if 1 < len(villages) <= VILLAGES_AT_MOST or asked.village else [],
        "ages": [("", _("Tất cả")), *((name, words, counts.ages[name]) for name, words in ages.items())],
        "batches": [("", _("Tất cả")), *((pk, number, counts.batches.get(pk, 0)) for pk, number in list(numbers.items())[-BATCHES_AT_MOST:])] if numbers else [],
    }  # fmt: skip


def _export(request: HouseRequest, rows: Any, asked: CaseFilter) -> HttpResponse:
    shown = rows_of(with_sides(rows)[:EXPORT_AT_MOST], asked, now=request.received_at)
    note_read(request, f"verification-cases:{address_of(asked)}", "export")
    return sheet_response(
        "viec-xac-thuc.xlsx",
        columns=[
            _("Mã bản ghi"), _("Danh sách"), _("Họ và tên"), _("Ngày sinh"), _("Xã, phường"), _("Thôn, tổ dân phố"),
            _("Kết quả"), _("Độ tin cậy"), _("Khác nhau"), _("Trạng thái"), _("Đã mở"), _("Ghi chú"),
        ],
        rows=[
            [
                row.key, row.list_name, row.name, row.birth, row.place, row.village, row.kind, row.probability,
                _difference(row), row.state, row.age, row.note,
            ]
            for row in shown
        ],
    )  # fmt: skip


def _difference(row: CaseRow) -> str:
    return "; ".join(f"{what}: {old} → {new}" for what, old, new in row.changes)
