"""Files that banks answer with: sent in here, read by a job, and what became of each, for as long as anybody asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.queries import happenings_of
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import moment_short, number
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import bank_select, choices, each_of, page_of, with_all
from lienthong.office.poverty.filters import asked_in
from lienthong.office.poverty.standard_forms import MEGABYTE
from lienthong.payments import policies
from lienthong.payments.banks import bank_name, banks
from lienthong.payments.incoming.refusals import AnswerRefused
from lienthong.payments.queries import uploads as queries
from lienthong.payments.queries.uploads import UploadFilter
from lienthong.payments.services import uploading
from lienthong.payments.services.importing import ImportAnswer
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import UploadState
from lienthong.verification.queries.batches import advance_of

STATEMENT_LIMIT = 200 * MEGABYTE
UPLOAD_TONES = {
    UploadState.WAITING: "wait", UploadState.TAKEN: "done", UploadState.KNOWN: "ended", UploadState.REFUSED: "late",
    UploadState.STOPPED: "late",
}  # fmt: skip


class StatementForm(forms.Form):
    """A file of a bank."""

    bank_code = forms.ChoiceField(
        label=gettext_lazy("Ngân hàng"), select=True, required=False,
        help_text=gettext_lazy("Cần chọn khi tệp là Excel theo mẫu riêng của ngân hàng, hoặc tệp không ghi ngân hàng"),
        choices=lambda: [("", gettext_lazy("Tự nhận biết")), *((one.code, one.short) for one in banks().values())],
    )  # fmt: skip
    file = forms.FilesField(
        label=gettext_lazy("Tệp sao kê, báo kết quả"), several=False, at_most=1, limit_bytes=STATEMENT_LIMIT,
        kinds=(".xml", ".xlsx", ".txt", ".sta", ".940", ".mt940"),
        help_text=gettext_lazy("camt.053, pain.002, MT940 hoặc Excel của ngân hàng, tối đa 200 MB. Nhập lại tệp cũ không đổi gì."),
    )  # fmt: skip


@allowed(policies.prepares)
@writes
def new_statement(request: HouseRequest) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = StatementForm(*posted)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"][0]
        command = ImportAnswer(content=sent, name=str(sent.name), bank_code=form.cleaned_data["bank_code"])
        try:
            upload = uploading.upload_answer(command, acting_user=request.user, now=request.received_at)
        except (AnswerRefused, PaymentRefused) as refusal:
            form.show(refusal, field="file")
        else:
            return redirect("office:payments_upload", upload.pk)
    return office_page(
        request, "office/payments/new_statement.html", {"form": form}, status=422 if form.errors else 200
    )


@allowed(policies.sees_province)
@reads
def upload_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, UploadFilter)
    rows = queries.uploads(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        return _export(each_of(rows))
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(one, _became(one), *_state(one)) for one in page],
        "states": with_all(UploadState.choices),
        "is_narrowed": bool(asked.state),
        "may_import": policies.prepares(request.user, on=request.today),
        **choices(request, bank_select(asked.bank)),
    }
    return office_page(request, "office/payments/uploads.html", context)


@allowed(policies.sees_province)
@writes
def upload_page(request: HouseRequest, upload_id: int) -> HttpResponse:
    """Show how far a file is, or what became of it; a press lets it be read anew where the work stopped."""
    upload = queries.get_upload(upload_id, user=request.user, on=request.today)
    may_import = policies.prepares(request.user, on=request.today)
    refused = ""
    if request.method == "POST":
        try:
            uploading.ask_again(upload.pk, acting_user=request.user, now=request.received_at)
        except PaymentRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("office:payments_upload", upload.pk)
    note_read(request, upload.stream)
    may_ask = may_import and uploading.may_ask_again(upload, now=request.received_at)
    context: dict[str, Any] = {
        "upload": upload, "may_import": may_import, "may_ask": may_ask, "refused": refused,
        "bank": bank_name(upload.bank_code) if upload.bank_code else "",
    }  # fmt: skip
    if upload.state == UploadState.WAITING:
        context["advance"] = advance_of(upload.progress, now=request.received_at)
        return office_page(request, "office/payments/upload_working.html", context, status=422 if refused else 200)
    context |= {
        "state": _state(upload), "became": _became(upload), "statements": list(upload.statements.all()),
        "happened": happenings_of(upload.stream),
    }  # fmt: skip
    return office_page(request, "office/payments/upload.html", context, status=422 if refused else 200)


def _state(upload: Any) -> tuple[str, str]:
    state = UploadState(upload.state)
    return str(capfirst(state.label)), UPLOAD_TONES[state]


def _became(upload: Any) -> str:
    """Say in a sentence what became of a file."""
    if upload.state == UploadState.TAKEN:
        counted = {
            name: number(upload.outcome.get(name, 0)) for name in ("lines", "paid", "returned", "failed", "strange")
        }
        return (
            _(
                "Đã đối soát %(lines)s dòng: %(paid)s đã nhận, %(returned)s hoàn trả, %(failed)s không thành công, %(strange)s chưa rõ."
            )
            % counted
        )
    if upload.state == UploadState.KNOWN:
        return _("Tệp này đã được nhập trước đó; không có gì thay đổi.")
    return str(upload.reason)


def _export(rows: Any) -> HttpResponse:
    columns = [
        _("Tệp"), _("Ngân hàng"), _("Trạng thái"), _("Kết quả"), _("Dòng"), _("Cột"), _("Sao kê"), _("Người tải lên"), _("Tải lên lúc"),
    ]  # fmt: skip
    lines = (
        (
            one.file_name, bank_name(one.bank_code) if one.bank_code else "", UploadState(one.state).label, _became(one), one.row,
            one.column, ", ".join(str(statement) for statement in one.statements.all()), one.uploaded_by.full_name,
            moment_short(one.uploaded_at),
        )
        for one in rows
    )  # fmt: skip
    return sheet_response("tep-ngan-hang-da-tai-len.xlsx", columns=columns, rows=lines)
