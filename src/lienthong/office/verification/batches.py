"""Batches: their list, and one address for each that shows what is next, from the file to the result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.office.pages import office_page, page_number
from lienthong.office.verification.batch_forms import ColumnsForm, NewBatchForm, ReturnForm, WayForm
from lienthong.verification import policies, services, store
from lienthong.verification.queries import batches as queries
from lienthong.verification.queries.thresholds import NoSuchBatch
from lienthong.verification.states import BatchAction, BatchMode, BatchState, Direction
from lienthong.verification.tables import TableRefused

ROWS_ON_A_PAGE = 50
TONES = {
    BatchState.DRAFT: "draft", BatchState.MAPPED: "open", BatchState.CHECKED: "open", BatchState.RUNNING: "wait",
    BatchState.SENT: "wait", BatchState.RETURNED: "wait", BatchState.DONE: "done", BatchState.FAILED: "late",
    BatchState.CANCELLED: "ended",
}  # fmt: skip
"""Tone of each state of a batch."""


@allowed(policies.sees_province)
@reads
def batch_list(request: HouseRequest) -> HttpResponse:
    rows = queries.all_batches()
    if request.GET.get("format") == "xlsx":
        return _export(rows)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [(batch, BatchState(batch.state).label, TONES[BatchState(batch.state)]) for batch in page],
        "may_run": policies.runs_batches(request.user, on=request.today),
        "copy": queries.copy_in_use(),
    }
    return office_page(request, "office/verification/batches.html", context)


@allowed(policies.runs_batches)
@writes
def new_batch(request: HouseRequest) -> HttpResponse:
    form = NewBatchForm(request.POST, request.FILES) if request.method == "POST" else NewBatchForm()
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.create_batch(form.to_command(), acting_user=request.user, now=request.received_at)
        except store.FileNotTaken as refusal:
            form.show(refusal, field="file")
        except services.BatchRefused as refusal:
            form.show(refusal)
        else:
            return redirect("office:verification_batch", batch.pk)
    return office_page(
        request, "office/verification/new_batch.html", {"form": form}, status=422 if form.errors else 200
    )


@allowed(policies.sees_province)
@reads
def batch_page(request: HouseRequest, batch_id: int) -> HttpResponse:
    return _shown(request, queries.get_batch(batch_id))


@allowed(policies.runs_batches)
@writes
def confirm_columns(request: HouseRequest, batch_id: int) -> HttpResponse:
    batch = queries.get_batch(batch_id)
    if request.method != "POST" or not batch.reading.get("signature"):
        return redirect("office:verification_batch", batch_id)
    form = _columns_form(batch, request.POST)
    if form.is_valid():
        try:
            mapping = services.checked_mapping(batch, form.columns())
            command = services.ConfirmColumns(batch_id=batch_id, mapping=mapping)
            services.confirm_columns(command, acting_user=request.user, now=request.received_at)
        except (TableRefused, store.FileGone, services.BatchRefused) as refusal:
            form.show(refusal)
        else:
            return redirect("office:verification_batch", batch_id)
    return _columns_page(request, batch, form)


@allowed(policies.runs_batches)
@writes
def go_on(request: HouseRequest, batch_id: int) -> HttpResponse:
    """Run a checked batch here, or send it to the police."""
    batch = queries.get_batch(batch_id)
    if request.method != "POST":
        return redirect("office:verification_batch", batch_id)
    form = WayForm(request.POST)
    if form.is_valid():
        try:
            if form.kind is not None:
                command = services.RunBatch(batch_id=batch_id, kind=form.kind)
                services.start_batch(command, acting_user=request.user, now=request.received_at)
            else:
                services.send_batch(
                    batch_id, file_format=form.cleaned_data["way"], acting_user=request.user, now=request.received_at
                )
        except services.BatchRefused as refusal:
            form.show(refusal)
        else:
            return redirect("office:verification_batch", batch_id)
    if batch.state != BatchState.CHECKED:
        # Somebody was quicker, or it failed: the page of the batch as it is says what can be done.
        messages.warning(request, " ".join(str(sentence) for found in form.errors.values() for sentence in found))
        return redirect("office:verification_batch", batch_id)
    return _checked_page(request, batch, form)


@allowed(policies.runs_batches)
@writes
def cancel(request: HouseRequest, batch_id: int) -> HttpResponse:
    batch = queries.get_batch(batch_id)
    if request.method == "POST":
        try:
            services.cancel_batch(batch_id, acting_user=request.user, now=request.received_at)
        except services.BatchRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(
                request, _("Đã hủy đợt %(number)s. Kết quả đang dùng không thay đổi.") % {"number": batch.number}
            )
    return redirect("office:verification_batch", batch_id)


@allowed(policies.runs_batches)
@writes
def take_return(request: HouseRequest, batch_id: int) -> HttpResponse:
    batch = queries.get_batch(batch_id)
    if request.method != "POST":
        return redirect("office:verification_batch", batch_id)
    form = ReturnForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"][0]
        try:
            file = store.take_in(upload, name=str(upload.name))
            services.take_return(
                batch_id, file, file_name=str(upload.name), acting_user=request.user, now=request.received_at
            )
        except (store.FileNotTaken, services.BatchRefused) as refusal:
            form.show(refusal, field="file")
        else:
            return redirect("office:verification_batch", batch_id)
    return _result_page(request, batch, form)


@allowed(policies.sees_province)
@reads
def outgoing_file(request: HouseRequest, batch_id: int) -> HttpResponseBase:
    batch = queries.get_batch(batch_id)
    sent = batch.exchanges.filter(direction=Direction.OUTGOING).first()
    if sent is None:
        raise NoSuchBatch
    path = store.batch_file(batch_id, sent.file_name)
    if not path.exists():
        raise NoSuchBatch
    note_read(request, batch.stream, "export")
    name = f"gui-cong-an-{batch.number}.{sent.file_name.rpartition('.')[2]}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@allowed(policies.sees_province)
@reads
def findings(request: HouseRequest, batch_id: int) -> HttpResponse:
    batch = queries.get_batch(batch_id)
    note_read(request, batch.stream, "export")
    return sheet_response(
        f"dieu-can-xem-{batch.number}.xlsx",
        columns=[
            _("Dòng trong tệp"), _("Mã bản ghi"), _("Số định danh"), _("Họ và tên"), _("Ngày sinh"), _("Điều cần xem"),
        ],
        rows=services.findings_of(batch),
    )  # fmt: skip


@allowed(policies.sees_province)
@reads
def results(request: HouseRequest, batch_id: int) -> HttpResponseBase:
    batch = queries.get_batch(batch_id)
    note_read(request, batch.stream, "export")
    response = StreamingHttpResponse(queries.result_lines(batch_id), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ket-qua-{batch.number}.csv"'
    return response


def _shown(request: HouseRequest, batch: Any) -> HttpResponse:
    may_run = policies.runs_batches(request.user, on=request.today)
    match batch.state:
        case BatchState.DRAFT if batch.reading and may_run:
            return _columns_page(request, batch, _columns_form(batch))
        case BatchState.DRAFT | BatchState.MAPPED | BatchState.RUNNING | BatchState.RETURNED:
            return _working_page(request, batch)
        case BatchState.SENT if not batch.exchanges.filter(direction=Direction.OUTGOING).exists():
            return _working_page(request, batch)
        case BatchState.CHECKED:
            return _checked_page(request, batch, WayForm(initial={"way": "full"}))
        case _:
            return _result_page(request, batch, ReturnForm())


def _columns_form(batch: Any, data: Any = None) -> ColumnsForm:
    return ColumnsForm(data, heads=batch.reading["heads"], mapping=batch.reading["mapping"])


def _columns_page(request: HouseRequest, batch: Any, form: ColumnsForm) -> HttpResponse:
    preview = services.preview(batch)
    note_read(request, batch.stream)
    context = {
        "batch": batch,
        "form": form,
        "heads": batch.reading["heads"],
        "preview": [list(row.values()) for row in preview],
    }
    return office_page(request, "office/verification/columns.html", context, status=422 if form.errors else 200)


def _working_page(request: HouseRequest, batch: Any) -> HttpResponse:
    context = {
        "batch": batch,
        "advance": queries.advance_of(batch.progress, now=request.received_at),
        "may_run": policies.runs_batches(request.user, on=request.today),
        "may_cancel": batch.state != BatchState.RETURNED,
    }
    return office_page(request, "office/verification/working.html", context)


def _checked_page(request: HouseRequest, batch: Any, form: WayForm) -> HttpResponse:
    context = {
        "batch": batch,
        "form": form,
        "copy": queries.copy_in_use(),
        "may_run": policies.runs_batches(request.user, on=request.today),
        "state": (BatchState(batch.state).label, TONES[BatchState(batch.state)]),
    }
    return office_page(request, "office/verification/checked.html", context, status=422 if form.errors else 200)


def _result_page(request: HouseRequest, batch: Any, form: ReturnForm) -> HttpResponse:
    exchanges = list(batch.exchanges.select_related("exchanged_by").order_by("id"))
    totals = batch.totals
    context = {
        "batch": batch,
        "form": form,
        "state": (BatchState(batch.state).label, TONES[BatchState(batch.state)]),
        "by_police": batch.mode == BatchMode.POLICE_EXCHANGE and bool(exchanges),
        "outgoing": next((one for one in exchanges if one.direction == Direction.OUTGOING), None),
        "returned": [one for one in exchanges if one.direction == Direction.RETURNED],
        "statuses": queries.status_counts(totals.get("batch", {})),
        "answered": sum(totals.get("batch", {}).values()),
        "asked": totals.get("asked", 0),
        "may_run": policies.runs_batches(request.user, on=request.today),
        "may_return": batch.state in {BatchState.SENT, BatchState.DONE} and bool(exchanges),
        "may_retry": batch.state == BatchState.FAILED and batch.started_at is not None and not exchanges,
        "retry_way": batch.kind,
        "run_words": BatchAction.RUN.label,
    }
    return office_page(request, "office/verification/result.html", context, status=422 if form.errors else 200)


def _export(rows: Any) -> HttpResponse:
    columns = [_("Đợt"), _("Sổ"), _("Trạng thái"), _("Cách"), _("Số bản ghi"), _("Khớp"), _("Lập lúc"), _("Người lập")]
    lines = [
        (
            batch.number, batch.register.name, BatchState(batch.state).label, BatchMode(batch.mode).label,
            sum(batch.totals.get("batch", {}).values()), batch.totals.get("batch", {}).get("verified", 0),
            f"{batch.created_at:%d/%m/%Y}", batch.requested_by.full_name if batch.requested_by else "",
        )
        for batch in rows
    ]  # fmt: skip
    return sheet_response("dot-xac-thuc.xlsx", columns=columns, rows=lines)
