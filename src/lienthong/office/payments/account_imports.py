"""Many accounts from a workbook: load, look at every row, let a second person write them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.office.pages import office_page
from lienthong.office.payments.account_forms import AccountsFileForm
from lienthong.office.payments.asked import (
    Select,
    choices,
    commune_select,
    each_of,
    page_of,
    programme_select,
    with_all,
)
from lienthong.office.payments.places import keeps_accounts
from lienthong.office.payments.tones import CHECK_TONES, IMPORT_TONES, ROW_TONES
from lienthong.office.poverty.filters import asked_in
from lienthong.payments.account_table import COLUMNS, SAMPLE_ROWS
from lienthong.payments.banks import bank_name
from lienthong.payments.queries import account_imports as queries
from lienthong.payments.queries.account_imports import AccountImportFilter, AccountRowFilter
from lienthong.payments.services import account_import as services
from lienthong.payments.states import AccountImportState, AccountRowOutcome, AccountSource, Channel, NameCheck
from lienthong.verification.queries.batches import advance_of
from lienthong.verification.store import FileGone, FileNotTaken
from lienthong.verification.tables import TableRefused


@allowed(keeps_accounts)
@reads
def import_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, AccountImportFilter)
    rows = queries.account_imports(request.user, on=request.today, asked=asked)
    if request.GET.get("format") == "xlsx":
        columns = [
            _("Tệp"),
            _("Nguồn"),
            _("Dùng từ ngày"),
            _("Trạng thái"),
            _("Người nạp"),
            _("Nạp lúc"),
            _("Người ghi"),
        ]
        lines = [
            (
                one.file_name, AccountSource(one.source).label, format_day(one.valid_from),
                AccountImportState(one.state).label, one.loaded_by.full_name, f"{one.loaded_at:%d/%m/%Y %H:%M}",
                one.committed_by.full_name if one.committed_by else "",
            )
            for one in rows
        ]  # fmt: skip
        return sheet_response("danh-sach-tai-khoan-da-nap.xlsx", columns=columns, rows=lines)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(one, *_state(one)) for one in page],
        "states": with_all(AccountImportState.choices),
        "is_narrowed": bool(asked.state),
        **choices(
            request, commune_select(request, asked.commune),
            Select("told_by", _("Nguồn"), asked.told_by, tuple((one.value, str(capfirst(one.label))) for one in AccountSource)),
        ),
    }  # fmt: skip
    return office_page(request, "office/payments/account_imports.html", context)


@allowed(keeps_accounts)
@reads
def template(request: HouseRequest) -> HttpResponse:
    """Give the workbook to fill in, with two rows that show how."""
    return sheet_response(
        "mau-danh-sach-tai-khoan.xlsx", columns=[str(head) for head in COLUMNS.values()], rows=SAMPLE_ROWS
    )


@allowed(keeps_accounts)
@writes
def new_import(request: HouseRequest) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AccountsFileForm(*posted, initial={"valid_from": request.today, "source": AccountSource.DECLARED})
    if request.method == "POST" and form.is_valid():
        try:
            held = services.load_accounts(form.to_command(), acting_user=request.user, now=request.received_at)
        except (TableRefused, FileNotTaken, FileGone) as refusal:
            form.show(refusal, field="file")
        except services.AccountImportRefused as refusal:
            form.show(refusal)
        else:
            return redirect("office:payments_account_import", held.pk)
    return office_page(
        request, "office/payments/new_account_import.html", {"form": form}, status=422 if form.errors else 200
    )


@allowed(keeps_accounts)
@writes
def import_page(request: HouseRequest, account_import_id: int) -> HttpResponse:
    held = queries.get_account_import(account_import_id, user=request.user, on=request.today)
    refused = ""
    if request.method == "POST":
        try:
            services.commit_accounts(held.pk, acting_user=request.user, now=request.received_at)
        except services.AccountImportRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("office:payments_account_import", held.pk)
    elif services.is_working(held, now=request.received_at):
        context = {
            "held": held, "advance": advance_of(held.progress, now=request.received_at),
            "is_writing": held.state == AccountImportState.WRITING,
        }  # fmt: skip
        return office_page(request, "office/payments/account_import_working.html", context)
    note_read(request, held.stream)
    asked = asked_in(request.GET, AccountRowFilter)
    rows = queries.rows_of_accounts(held, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        note_read(request, held.stream, "export")
        return _export(held, each_of(rows))
    counts = queries.account_outcomes(held)
    page = page_of(request, rows)
    context = {
        "held": held,
        "refused": refused,
        "state": _state(held),
        # What is being read or written and still comes here has been silent for long.
        "is_staged": held.state in {AccountImportState.READING, AccountImportState.STAGED, AccountImportState.WRITING},
        "is_own": held.loaded_by_id == request.user.pk,
        "changes": counts[AccountRowOutcome.CREATED] + counts[AccountRowOutcome.CHANGED],
        "counts": counts,
        "page": page,
        "rows": [_shown(row) for row in page],
        "outcomes": [
            *with_all(AccountRowOutcome.choices, counts),
            ("names", _("Tên chủ không trùng"), counts["names"]),
        ],
        **choices(request, commune_select(request, asked.commune), programme_select(asked.source)),
    }
    return office_page(request, "office/payments/account_import.html", context, status=422 if refused else 200)


@require_POST
@allowed(keeps_accounts)
@writes
def discard_import(request: HouseRequest, account_import_id: int) -> HttpResponse:
    held = queries.get_account_import(account_import_id, user=request.user, on=request.today)
    try:
        services.discard_accounts(held.pk, acting_user=request.user, now=request.received_at)
    except services.AccountImportRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã bỏ danh sách này; chưa ghi tài khoản nào."))
    return redirect("office:payments_account_imports")


def _state(held: Any) -> tuple[str, str]:
    state = AccountImportState(held.state)
    return str(capfirst(state.label)), IMPORT_TONES[state]


def _shown(row: Any) -> tuple[Any, str, str, str, str, str, str]:
    """Return a row with words: channel, bank, outcome, tone of it, check of the name, tone of it."""
    outcome = AccountRowOutcome(row.outcome)
    check = NameCheck(row.name_check) if row.name_check else None
    return (
        row, str(Channel(row.channel).label) if row.channel else "", bank_name(row.bank_code) if row.bank_code else "",
        str(capfirst(outcome.label)), ROW_TONES[outcome], str(capfirst(check.label)) if check else "",
        CHECK_TONES[check] if check else "draft",
    )  # fmt: skip


def _export(held: Any, rows: Any) -> HttpResponse:
    columns = [
        _("Dòng số"), _("Họ và tên"), _("Hình thức"), _("Ngân hàng"), _("Số tài khoản"), _("Tên chủ tài khoản"), _("Kết quả"),
        _("Đối chiếu tên"), _("Vì sao"),
    ]  # fmt: skip
    lines = (
        (
            row.row_number, row.full_name, channel, bank, row.number, row.holder_name, outcome, check, row.reason,
        )
        for row, channel, bank, outcome, _tone, check, _check_tone in map(_shown, rows)
    )  # fmt: skip
    return sheet_response(f"ket-qua-nap-tai-khoan-{held.pk}.xlsx", columns=columns, rows=lines)
