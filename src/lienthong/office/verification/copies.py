"""Copies of the population data: which is in use, what each brought, and loading a new one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page, page_number
from lienthong.office.verification.batch_forms import CopyForm
from lienthong.verification import policies, services, store
from lienthong.verification.queries import batches as queries
from lienthong.verification.states import CopyState

ROWS_ON_A_PAGE = 50
_TONES = {
    CopyState.LOADING: "wait", CopyState.READY: "done", CopyState.FAILED: "late", CopyState.SUPERSEDED: "ended",
}  # fmt: skip


@allowed(policies.sees_province)
@reads
def copy_list(request: HouseRequest) -> HttpResponse:
    rows = queries.all_copies()
    if request.GET.get("format") == "xlsx":
        columns = [
            _("Dữ liệu đến ngày"),
            _("Trạng thái"),
            _("Số người"),
            _("Thêm"),
            _("Đổi"),
            _("Bớt"),
            _("Bỏ qua"),
            _("Tệp"),
        ]
        lines = [
            (
                f"{copy.as_of:%d/%m/%Y}", CopyState(copy.state).label, copy.rows, copy.added, copy.changed, copy.removed,
                copy.skipped, copy.file_name,
            )
            for copy in rows
        ]  # fmt: skip
        return sheet_response("ban-sao-dan-cu.xlsx", columns=columns, rows=lines)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [(copy, CopyState(copy.state).label, _TONES[CopyState(copy.state)]) for copy in page],
        "in_use": queries.copy_in_use(),
        "may_load": policies.runs_batches(request.user, on=request.today),
    }
    return office_page(request, "office/verification/copies.html", context)


@allowed(policies.runs_batches)
@writes
def load_copy(request: HouseRequest) -> HttpResponse:
    may_insist = queries.last_load_failed()
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CopyForm(*posted, may_insist=may_insist)
    if request.method == "POST" and form.is_valid():
        try:
            copy = services.load_population_copy(form.to_command(), acting_user=request.user, now=request.received_at)
        except store.FileNotTaken as refusal:
            form.show(refusal, field="file")
        except services.NoReasonGiven as refusal:
            form.show(refusal, field="reason")
        except services.CopyRefused as refusal:
            form.show(refusal)
        else:
            return redirect("office:verification_copy", copy.pk)
    context = {"form": form, "in_use": queries.copy_in_use()}
    return office_page(request, "office/verification/load_copy.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_province)
@reads
def copy_page(request: HouseRequest, copy_id: int) -> HttpResponse:
    copy = queries.get_copy(copy_id)
    context = {
        "copy": copy,
        "state": (CopyState(copy.state).label, _TONES[CopyState(copy.state)]),
        "is_loading": copy.state == CopyState.LOADING,
        "may_load_again": copy.state == CopyState.FAILED and policies.runs_batches(request.user, on=request.today),
        "advance": queries.advance_of(copy.progress, now=request.received_at),
    }
    return office_page(request, "office/verification/copy.html", context)
