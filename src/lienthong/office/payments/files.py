"""Files of a run for banks, post and communes, and the province's own accounts from which banks pay."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.documents.serve import file_response
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import moment_short
from lienthong.kernel.days import format_day
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import Select, bank_select, choices, commune_select, page_of, with_all
from lienthong.office.poverty.filters import asked_in
from lienthong.payments import policies
from lienthong.payments.banks import UnknownBank, bank_name, banks
from lienthong.payments.queries import files as queries
from lienthong.payments.queries import runs
from lienthong.payments.queries.files import FileFilter
from lienthong.payments.queries.leaving import lines_without_file
from lienthong.payments.services import making_files, paying_accounts
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import Channel, FileKind, RunState
from lienthong.verification.queries.batches import advance_of

TEMPLATES = "templates"


@allowed(policies.sees_payments)
@writes
def run_files(request: HouseRequest, run_id: int) -> HttpResponse:
    """Show the files of a run; a press lets a job make what is not made yet, and the page tells how far it is."""
    run = runs.get_run(run_id, request.user, on=request.today)
    may_make = policies.prepares(request.user, on=request.today)
    refused = ""
    if request.method == "POST":
        try:
            making_files.ask_for_files(run.pk, acting_user=request.user, now=request.received_at)
        except PaymentRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("office:payments_files", run.pk)
    elif may_make and making_files.is_making(run, now=request.received_at):
        context = {"run": run, "name": str(run), "advance": advance_of(run.progress, now=request.received_at)}
        return office_page(request, "office/payments/files_working.html", context)
    asked = asked_in(request.GET, FileFilter)
    rows = queries.files_of(run.pk, user=request.user, on=request.today, asked=asked)
    if request.GET.get("format") == "xlsx":
        return _export(run, rows)
    page = page_of(request, rows)
    is_released = run.state in {RunState.RELEASED, RunState.CLOSED}
    is_closed = run.state == RunState.CLOSED  # then every line has its answer, with a file or without
    left = lines_without_file(run) if is_released and not is_closed and may_make else 0
    context = {
        "run": run,
        "name": str(run),
        "page": page,
        "rows": [(file, *_words(file)) for file in page],
        "channels": with_all(Channel.choices),
        "is_narrowed": bool(asked.channel),
        "is_released": is_released,
        "is_closed": is_closed,
        "left": left,
        "may_make": is_released and may_make,
        "refused": refused or (making_files.why_stopped(run) if left > 0 else ""),
        **choices(
            request, commune_select(request, asked.commune), bank_select(asked.bank),
            Select("kind", _("Loại tệp"), asked.kind, tuple((one.value, str(capfirst(one.label))) for one in FileKind)),
        ),
    }  # fmt: skip
    return office_page(request, "office/payments/files.html", context, status=422 if refused else 200)


@allowed(policies.sees_payments)
@reads
def download(request: HouseRequest, file_id: int) -> HttpResponseBase:
    file = queries.get_file(file_id, user=request.user, on=request.today)
    note_read(request, f"{file.run.stream}:{file.message_id}", "export")
    return file_response(file.file, as_attachment=True)


class PayingAccountForm(forms.Form):
    """An account from which the province pays."""

    bank_code = forms.ChoiceField(
        label=gettext_lazy("Ngân hàng"), select=True,
        choices=lambda: [("", "—"), *((one.code, f"{one.short} – {one.name}") for one in banks().values() if one.kind == "bank")],
    )  # fmt: skip
    number = forms.LineField(label=gettext_lazy("Số tài khoản"), max_length=40, width=20, spellcheck=False)
    holder_name = forms.LineField(label=gettext_lazy("Tên chủ tài khoản"), max_length=140)
    valid_from = forms.DayField(label=gettext_lazy("Dùng từ ngày"))


class EndPayingForm(forms.Form):
    """From when an account of the province is not used any more."""

    valid_until = forms.DayField(label=gettext_lazy("Thôi dùng từ ngày"))


@allowed(policies.sees_province)
@reads
def paying_account_list(request: HouseRequest) -> HttpResponse:
    bank, state = request.GET.get("bank", "")[:6], request.GET.get("state", "")
    templates = queries.bank_templates(request.user, on=request.today, bank=bank)
    if request.GET.get("format") == "xlsx" and request.GET.get("part") == TEMPLATES:
        return _export_templates(templates)
    rows = list(queries.every_paying_account(request.user, on=request.today, bank=bank, state=state))
    if request.GET.get("format") == "xlsx":
        columns = [
            _("Ngân hàng"),
            _("Số tài khoản"),
            _("Tên chủ tài khoản"),
            _("Dùng từ ngày"),
            _("Đến trước ngày"),
            _("Người duyệt"),
        ]
        lines = [
            (
                bank_name(one.bank_code), one.number, one.holder_name, format_day(one.valid_from),
                format_day(one.valid_until) if one.valid_until else "", one.approved_by.full_name if one.approved_by else "",
            )
            for one in rows
        ]  # fmt: skip
        return sheet_response("tai-khoan-chi.xlsx", columns=columns, rows=lines)
    context = {
        "rows": [(one, bank_name(one.bank_code), *_account_state(one, request.today)) for one in rows],
        "templates": [(one, bank_name(one.bank_code)) for one in templates],
        "may_record": policies.prepares(request.user, on=request.today),
        "may_approve": policies.approves(request.user, on=request.today),
        "states": with_all([("used", _("đang dùng")), ("waiting", _("chờ duyệt")), ("ended", _("đã thôi dùng"))]),
        "is_narrowed": state in queries.PAYING_STATES,
        **choices(request, bank_select(bank)),
    }
    return office_page(request, "office/payments/paying_accounts.html", context)


@allowed(policies.prepares)
@writes
def new_paying_account(request: HouseRequest) -> HttpResponse:
    form = PayingAccountForm(request.POST or None, initial={"valid_from": request.today})
    if form.is_valid():
        try:
            paying_accounts.record_paying_account(
                paying_accounts.RecordPayingAccount(**form.cleaned_data),
                acting_user=request.user,
                now=request.received_at,
            )
        except UnknownBank as refusal:
            form.show(refusal, field="bank_code")
        except PaymentRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi. Lãnh đạo duyệt rồi mới chi từ tài khoản này."))
            return redirect("office:payments_paying_accounts")
    context = {
        "back": reverse("office:payments_paying_accounts"),
        "back_words": _("Tài khoản chi của tỉnh"),
        "caption": _("Tài khoản chi của tỉnh"),
        "words": _("Ghi tài khoản chi"),
        "what_happens": _("Tiền của các đợt được chuyển từ tài khoản này, sau khi lãnh đạo duyệt."),
        "kind": "primary",
        "form": form,
    }
    return office_page(request, "office/payments/act.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_province)
@writes
def paying_account_act(request: HouseRequest, paying_account_id: int, action: str) -> HttpResponse:
    on = request.today
    gates = {
        "approve": policies.approves(request.user, on=on),
        "end": policies.prepares(request.user, on=on) or policies.approves(request.user, on=on),
    }
    accounts = {one.pk: one for one in queries.every_paying_account(request.user, on=on)}
    account = accounts.get(paying_account_id)
    if account is None or not gates.get(action):
        return not_found(request)
    ends, posted = action == "end", request.method == "POST"
    form: Any = (
        EndPayingForm(request.POST if posted else None, initial={"valid_until": on})
        if ends
        else forms.Form(request.POST if posted else None)
    )
    if posted and form.is_valid():
        who = {"acting_user": request.user, "now": request.received_at}
        try:
            if ends:
                paying_accounts.end_paying_account(account.pk, valid_until=form.cleaned_data["valid_until"], **who)
            else:
                paying_accounts.approve_paying_account(account.pk, **who)
        except PaymentRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("office:payments_paying_accounts")
    context = {
        "back": reverse("office:payments_paying_accounts"),
        "back_words": _("Tài khoản chi của tỉnh"),
        "caption": f"{bank_name(account.bank_code)} {account.number}, {account.holder_name}",
        "words": _("Thôi dùng tài khoản chi") if ends else _("Duyệt tài khoản chi"),
        "what_happens": _("Các đợt từ ngày ấy không chi từ tài khoản này nữa.")
        if ends
        else _("Kiểm tra số và tên chủ tài khoản với hợp đồng mở tài khoản. Từ lúc duyệt, tiền được chi từ đây."),
        "kind": "warning" if ends else "primary",
        "form": form,
    }
    return office_page(request, "office/payments/act.html", context, status=422 if form.errors else 200)


def _account_state(account: Any, on: date) -> tuple[str, str]:
    if account.valid_until is not None and account.valid_until <= on:
        return _("thôi dùng"), "ended"
    return (_("đang dùng"), "done") if account.approved_at else (_("chờ duyệt"), "soon")


def _words(file: Any) -> tuple[str, str, str]:
    """Return what a file is, for whom, and how large, in words."""
    whom = bank_name(file.bank_code) if file.bank_code else file.unit.name if file.unit else ""
    return capfirst(str(FileKind(file.kind).label)), whom, capfirst(str(Channel(file.channel).label))


def _export(run: Any, rows: Any) -> HttpResponse:
    columns = [
        _("Mã lệnh"),
        _("Loại tệp"),
        _("Giao cho"),
        _("Hình thức"),
        _("Số khoản"),
        _("Số tiền"),
        _("Mã băm SHA-256"),
    ]
    lines = [
        (file.message_id, kind, whom, channel, file.lines, file.amount, file.sha256)
        for file, (kind, whom, channel) in ((one, _words(one)) for one in rows)
    ]
    return sheet_response(f"tep-chi-tra-{run.month:%Y-%m}-{run.number}.xlsx", columns=columns, rows=lines)


def _export_templates(templates: Any) -> HttpResponse:
    columns = [
        _("Ngân hàng"),
        _("Tên mẫu"),
        _("Phiên bản"),
        _("Dạng lệnh chi"),
        _("Các cột"),
        _("Người ghi"),
        _("Ghi lúc"),
    ]
    lines = [
        (
            bank_name(one.bank_code), one.name, one.version, FileKind(one.order_kind).label,
            "; ".join(column["heading"] for column in one.columns), one.recorded_by.full_name if one.recorded_by else "",
            moment_short(one.recorded_at),
        )
        for one in templates
    ]  # fmt: skip
    return sheet_response("mau-tep-ngan-hang.xlsx", columns=columns, rows=lines)
