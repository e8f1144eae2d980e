"""My work, the desk, the approval list, all dossiers, search."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from lienthong.accounts.policies import is_staff
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import Channel
from lienthong.dossiers import policies, statistics
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.periods import period_of
from lienthong.dossiers.states import DossierState
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.office.assistance.places import waits_in_assistance
from lienthong.office.dossiers.rows import Page, page_by_due, page_newest_first, rows_of
from lienthong.office.pages import first_place, office_page
from lienthong.office.payments.places import waits_in_payments
from lienthong.poverty import policies as poverty
from lienthong.poverty.queries.worklist import reviews_by_code

WORK = {
    "in_hand": gettext_noop("Đang giữ"),
    "queue": gettext_noop("Hàng chờ chung"),
    "due_soon": gettext_noop("Sắp đến hạn"),
    "overdue": gettext_noop("Quá hạn"),
}
DESK = {
    "online": gettext_noop("Mới gửi trực tuyến"),
    "to_return": gettext_noop("Chờ trả kết quả"),
    "awaiting_supplement": gettext_noop("Chờ người nộp bổ sung"),
    "drafts": gettext_noop("Bản nháp"),
}
EXPORT_AT_MOST = 10_000
FOUND_AT_MOST = 50


@allowed(is_staff)
@reads
def my_work(request: HouseRequest) -> HttpResponse:
    if not policies.does_cases(request.user, on=request.today):
        return redirect(first_place(request))
    if "list" not in request.GET and policies.only_at_desk(request.user, on=request.today):
        mine, _at_desk = dossiers.waiting_counts(request.user, now=request.received_at)
        if not mine:
            return redirect("office:desk")
    return _list_of_the_day(request, WORK, heading=_("Việc của tôi"), empty=_("Không có hồ sơ nào trong mục này."))


@allowed(policies.does_cases)
@reads
def desk(request: HouseRequest) -> HttpResponse:
    return _list_of_the_day(request, DESK, heading=_("Quầy một cửa"), empty=_("Không có hồ sơ nào chờ ở quầy."))


@allowed(policies.does_cases)
@reads
def approval(request: HouseRequest) -> HttpResponse:
    rows = dossiers.awaiting_decision(request.user, now=request.received_at)
    fields = _field_choices(rows)
    found, total = _in_chosen_field(request, rows, fields)
    page = page_by_due(found, after=request.GET.get("after", ""), now=request.received_at)
    context = {"page": page, "total": total, "fields": fields}
    return office_page(request, "office/work/approval.html", context)


@allowed(policies.does_cases)
@reads
def all_dossiers(request: HouseRequest) -> HttpResponse:
    figure, period = request.GET.get("figure", ""), period_of(request.GET.get("period", ""), today=request.today)
    if figure in statistics.OPENED_NAMES:
        rows = dossiers.behind_figure(
            figure, first=period.first, until=period.until, user=request.user, now=request.received_at
        )
        group = statistics.in_group(request.GET.get("by", ""), request.GET.get("group", ""))
        rows = rows.filter(group) if group is not None else rows
    else:
        figure, rows = "", dossiers.visible_dossiers(request.user, now=request.received_at)
    state = request.GET.get("state", "")
    if state in DossierState.values:
        rows = rows.filter(state=state)
    channel = request.GET.get("channel", "")
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    if request.GET.get("format") == "xlsx":
        return _export(request, rows, name="ho-so")
    page = page_newest_first(rows, after=request.GET.get("after", ""), now=request.received_at)
    context = {
        "page": page,
        "states": [("", _("Tất cả")), *((value, label) for value, label in DossierState.choices if value != "draft")],
        "channels": [("", _("Tất cả")), *((value, capfirst(label)) for value, label in Channel.choices)],
        "figure": statistics.LABELS[figure] if figure else "",
        "period": period.label,
        "total": rows.order_by().count() if figure else None,
        "is_narrowed": bool(state or channel),
    }
    return office_page(request, "office/work/all.html", context)


@allowed(is_staff)
@reads
def search(request: HouseRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    now = request.received_at
    found = dossiers.search_dossiers(request.user, text, now=now, limit=FOUND_AT_MOST + 1)
    if text.strip():
        note_read(request, f"dossier-search:{text.strip()}", "search")
    page = Page(rows=rows_of(found[:FOUND_AT_MOST], now=now), after=None)
    sees_poverty = poverty.sees_poverty(request.user, on=request.today)
    context = {
        "page": page, "text": text, "total": len(page.rows), "more": len(found) > FOUND_AT_MOST,
        "households": reviews_by_code(text, as_=request.user, on=request.today) if sees_poverty else [],
    }  # fmt: skip
    return office_page(request, "office/work/search.html", context)


def _list_of_the_day(request: HouseRequest, names: dict[str, str], *, heading: str, empty: str) -> HttpResponse:
    now = request.received_at
    lists = dossiers.work_lists(request.user, now=now)
    counts = {name: lists[name].order_by().count() for name in names}
    usual = next((name for name in names if counts[name]), next(iter(names)))
    chosen = request.GET.get("list", usual)
    if chosen not in names:
        chosen = usual
    fields = _field_choices(lists[chosen])
    rows, total = _in_chosen_field(request, lists[chosen], fields)
    if request.GET.get("format") == "xlsx":
        return _export(request, rows, name=chosen)
    page = page_by_due(rows, after=request.GET.get("after", ""), now=now)
    context: dict[str, Any] = {
        "heading": heading,
        "summary": _summary(counts, names),
        "lists": [(name, _(label), counts[name]) for name, label in names.items()],
        "usual": usual,
        "page": page,
        "total": total,
        "empty": empty,
        "fields": fields,
        "bulk_url": reverse("office:claim_many") if chosen == "queue" else "",
        "is_desk": names is DESK,
        "waits": [*waits_in_assistance(request), *waits_in_payments(request)] if names is WORK else [],
    }
    return office_page(request, "office/work/list.html", context)


def _summary(counts: dict[str, int], names: dict[str, str]) -> str:
    if names is DESK:
        parts = [
            ngettext("%(n)s hồ sơ mới gửi trực tuyến", "%(n)s hồ sơ mới gửi trực tuyến", counts["online"])
            % {"n": counts["online"]},
            _("%(n)s chờ trả kết quả") % {"n": counts["to_return"]},
            _("%(n)s chờ người nộp bổ sung") % {"n": counts["awaiting_supplement"]},
        ]
        parts += [_("%(n)s bản nháp") % {"n": counts["drafts"]}] if counts["drafts"] else []
    else:
        parts = [
            _("%(n)s hồ sơ") % {"n": counts["in_hand"] + counts["queue"]},
            _("%(n)s sắp đến hạn") % {"n": counts["due_soon"]},
            _("%(n)s trễ") % {"n": counts["overdue"]},
        ]
    return ", ".join(parts)


def _in_chosen_field(
    request: HouseRequest, rows: QuerySet[Any], fields: list[tuple[str, str, int]]
) -> tuple[QuerySet[Any], int]:
    """Narrow a list to the field in the address, if the list has any of it; and say how many rows there are."""
    counts = {code: count for code, _name, count in fields}
    code = request.GET.get("field", "")
    return (rows.filter(field_code=code), counts[code]) if code and code in counts else (rows, counts[""])


def _field_choices(rows: QuerySet[Any]) -> list[tuple[str, str, int]]:
    counted = dossiers.filter_counts(rows, "field_code")
    names = dict(catalogue.all_fields())
    return [("", _("Tất cả"), sum(count for _code, count in counted))] + [
        (code, names.get(code, code), count) for code, count in counted
    ]


def _export(request: HouseRequest, rows: QuerySet[Any], *, name: str) -> HttpResponse:
    shown = rows_of(rows[:EXPORT_AT_MOST], now=request.received_at)
    note_read(request, f"dossier-list:{name}", "export")
    return sheet_response(
        f"{name}.xlsx",
        columns=[
            _("Số hồ sơ"), _("Thủ tục"), _("Chủ hồ sơ"), _("Số định danh hoặc mã số thuế"), _("Trạng thái"), _("Thời hạn"),
            _("Chi tiết hạn"), _("Đang giữ"), _("Cơ quan"),
        ],
        rows=[
            [
                row.code, row.procedure, row.applicant, row.number, row.state.words, row.time.words, row.time.detail, row.holder,
                row.agency,
            ]
            for row in shown
        ],
    )  # fmt: skip
