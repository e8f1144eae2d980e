"""What banks answer: statements taken in and reconciled, and the lines that wait for a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.queries import happenings_of
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import dong, moment_short
from lienthong.kernel.days import format_day
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import (
    bank_select,
    choices,
    commune_select,
    each_of,
    page_of,
    programme_select,
    with_all,
)
from lienthong.office.poverty.filters import asked_in
from lienthong.payments import policies
from lienthong.payments.banks import bank_name
from lienthong.payments.line_keys import key_of
from lienthong.payments.queries import statements as queries
from lienthong.payments.queries.bookings import open_differences
from lienthong.payments.queries.statements import StatementFilter, StatementLineFilter, StrangeFilter
from lienthong.payments.services import resolving
from lienthong.payments.services.closing_differences import CloseDifference, propose_closing
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import Match, Resolution, StatementFormat, Strange

MATCH_TONES = {
    Match.REFERENCE: "done", Match.ACCOUNT: "done", Match.BY_HAND: "done", Match.NONE: "late", Match.NOT_OURS: "ended",
}  # fmt: skip
STRANGE_TONES = {
    Strange.UNKNOWN: "wait", Strange.PARTIAL: "soon", Strange.DUPLICATE: "soon", Strange.CONTRADICTS: "late",
}  # fmt: skip


class ProposeForm(forms.Form):
    """What a person makes of a strange line."""

    resolution = forms.ChoiceField(label=gettext_lazy("Dòng này là gì"), choices=Resolution.choices)
    key = forms.LineField(
        label=gettext_lazy("Mã dòng chi"), required=False, max_length=40, width=20, spellcheck=False,
        help_text=gettext_lazy("LT và 14 chữ số, ghi trong danh sách chi; để trống nếu sao kê đã ghi đúng mã"),
    )  # fmt: skip
    reason = forms.NoteField(label=gettext_lazy("Lý do"), max_length=300, rows=2)


class DeclineForm(forms.Form):
    """Why a proposal is sent back."""

    prefix = "decline"
    reason = forms.NoteField(label=gettext_lazy("Vì sao không xác nhận"), max_length=300, rows=2)


class CloseForm(forms.Form):
    """Why a difference with the bank is let be."""

    prefix = "close"
    reason = forms.NoteField(label=gettext_lazy("Vì sao đóng"), max_length=300, rows=2)


class ReopenForm(forms.Form):
    """Why a settled line waits again."""

    prefix = "reopen"
    reason = forms.NoteField(label=gettext_lazy("Vì sao mở lại"), max_length=300, rows=2)


FORMS: dict[str, type[forms.Form]] = {
    "propose": ProposeForm, "decline": DeclineForm, "close": CloseForm, "reopen": ReopenForm,
}  # fmt: skip


@allowed(policies.sees_province)
@reads
def statement_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, StatementFilter)
    rows: Any = queries.statements(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        columns = [
            _("Sao kê"),
            _("Định dạng"),
            _("Ngân hàng"),
            _("Từ ngày"),
            _("Đến ngày"),
            _("Số dư đầu"),
            _("Số dư cuối"),
            _("Số dòng"),
            _("Chưa khớp"),
            _("Nhập lúc"),
        ]
        lines = [
            (
                str(one), StatementFormat(one.format).label, bank_name(one.bank_code) if one.bank_code else "",
                format_day(one.from_day) if one.from_day else "", format_day(one.to_day) if one.to_day else "", one.opening,
                one.closing, one.lines_total, one.waiting, moment_short(one.imported_at),
            )
            for one in rows
        ]  # fmt: skip
        return sheet_response("sao-ke.xlsx", columns=columns, rows=lines)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(one, str(StatementFormat(one.format).label), bank_name(one.bank_code) if one.bank_code else "") for one in page],
        "kinds": with_all(StatementFormat.choices),
        "stages": [("", _("Tất cả")), ("yes", _("Còn dòng chưa khớp"))],
        "is_narrowed": bool(asked.kind or asked.waiting),
        "may_import": policies.prepares(request.user, on=request.today),
        **choices(
            request, bank_select(asked.bank), commune_select(request, asked.commune),
            programme_select(asked.source),
        ),
    }  # fmt: skip
    return office_page(request, "office/payments/statements.html", context)


@allowed(policies.sees_province)
@reads
def statement_page(request: HouseRequest, statement_id: int) -> HttpResponse:
    statement = queries.get_statement(statement_id, user=request.user, on=request.today)
    asked = asked_in(request.GET, StatementLineFilter)
    rows = queries.lines_of(statement, asked, on=request.today)
    note_read(request, statement.stream)
    if request.GET.get("format") == "xlsx":
        note_read(request, statement.stream, "export")
        return _export_lines(statement, each_of(rows))
    page = page_of(request, rows)
    context = {
        "statement": statement,
        "kind": str(StatementFormat(statement.format).label),
        "bank": bank_name(statement.bank_code) if statement.bank_code else "",
        "page": page,
        "rows": [(line, _payment_words(line), capfirst(Match(line.match).label), MATCH_TONES[Match(line.match)]) for line in page],
        "matches": [*with_all(Match.choices), ("strange", _("Chờ người xem"))],
        "happened": happenings_of(statement.stream),
        **choices(request, commune_select(request, asked.commune), programme_select(asked.source)),
    }  # fmt: skip
    return office_page(request, "office/payments/statement.html", context)


@allowed(policies.sees_province)
@reads
def strange_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, StrangeFilter)
    rows = queries.strange_lines(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        note_read(request, "statement-strange", "export")
        return _export_strange(each_of(rows))
    counts = queries.strange_counts(request.user, on=request.today)
    page = page_of(request, rows)
    differences = open_differences({line.payment_line_id for line in page} - {None})
    context = {
        "page": page,
        "rows": [
            (
                line, capfirst(Strange(line.strange).label), STRANGE_TONES[Strange(line.strange)], _named_words(line),
                difference_words(differences.get(line.payment_line_id)),
            )
            for line in page
        ],
        "counts": counts,
        "reasons": [("", _("Tất cả"), counts.get("all", 0)), *((value, capfirst(label), counts.get(value, 0)) for value, label in Strange.choices)],
        "stages": [("", _("Đang chờ")), ("new", _("Chưa ai đề nghị")), ("proposed", _("Chờ người thứ hai")), ("settled", _("Đã xử lý")), ("different", _("Còn chênh lệch với ngân hàng"))],
        "is_narrowed": bool(asked.why or asked.stage or asked.statement),
        **choices(
            request, bank_select(asked.bank), commune_select(request, asked.commune),
            programme_select(asked.source), text=asked.q,
        ),
    }  # fmt: skip
    return office_page(request, "office/payments/strange.html", context)


@allowed(policies.sees_province)
@reads
def strange_page(request: HouseRequest, statement_line_id: int) -> HttpResponse:
    return _strange(request, queries.get_strange_line(statement_line_id, user=request.user, on=request.today))


@allowed(policies.sees_province)
@writes
def strange_act(request: HouseRequest, statement_line_id: int, action: str) -> HttpResponse:
    line = queries.get_strange_line(statement_line_id, user=request.user, on=request.today)
    if action not in {*FORMS, "confirm"} or not _may_resolve(request):
        return not_found(request)
    if request.method != "POST":
        return redirect("office:payments_strange_line", line.pk)
    shown: dict[str, Any] = {name: form() for name, form in FORMS.items()}
    if action in FORMS:
        shown[action] = FORMS[action](request.POST)
        if not shown[action].is_valid():
            return _strange(request, line, shown)
    try:
        line = _act(line, action, shown, {"acting_user": request.user, "now": request.received_at})
    except resolving.PaymentNotFound as refusal:
        shown["propose"].show(refusal, field="key")
        return _strange(request, line, shown)
    except PaymentRefused as refusal:
        if action in shown:
            shown[action].show(refusal)
            return _strange(request, line, shown)
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi."))
    return redirect("office:payments_strange_line", line.pk)


def _act(line: Any, action: str, shown: dict[str, Any], who: dict[str, Any]) -> Any:
    """Do what was asked with a line; return the line of which the page is shown next."""
    data = shown[action].cleaned_data if action in FORMS else {}
    if action == "propose":
        command = resolving.ProposeResolution(
            statement_line_id=line.pk, resolution=Resolution(data["resolution"]), key=data["key"], reason=data["reason"]
        )
        return resolving.propose_resolution(command, **who)
    if action == "confirm":
        return resolving.confirm_resolution(line.pk, **who)
    if action == "close":
        return propose_closing(CloseDifference(payment_line_id=line.payment_line_id or 0, reason=data["reason"]), **who)
    verb = resolving.reopen_line if action == "reopen" else resolving.decline_resolution
    return verb(line.pk, reason=data["reason"], **who)


def _strange(request: HouseRequest, line: Any, shown: dict[str, Any] | None = None) -> HttpResponse:
    note_read(request, line.statement.stream)
    shown = shown or {name: form() for name, form in FORMS.items()}
    may_resolve = _may_resolve(request)
    resolves = may_resolve and line.match == Match.NONE
    difference = open_differences([line.payment_line_id]).get(line.payment_line_id) if line.payment_line_id else None
    context = {
        "line": line,
        "why": (capfirst(Strange(line.strange).label), STRANGE_TONES[Strange(line.strange)]),
        "named": _named_words(line),
        "named_key": key_of(line.named_line_id) if line.named_line_id else "",
        "bank": bank_name(line.statement.bank_code) if line.statement.bank_code else "",
        "settled": capfirst(Match(line.match).label) if line.match != Match.NONE else "",
        "proposed": capfirst(Resolution(line.proposed).label) if line.proposed else "",
        "differs": _would_differ(line),
        "difference": difference_words(difference),
        "forms": shown,
        "may_close": may_resolve and difference is not None,
        "may_reopen": may_resolve and resolving.may_reopen(line),
        "may_propose": resolves and not line.proposed,
        "may_confirm": resolves and bool(line.proposed) and line.proposed_by_id != request.user.pk,
        "may_decline": resolves and bool(line.proposed),
    }
    wrong = any(form.errors for form in shown.values())
    return office_page(request, "office/payments/strange_line.html", context, status=422 if wrong else 200)


def _may_resolve(request: HouseRequest) -> bool:
    user, on = request.user, request.today
    return policies.prepares(user, on=on) or policies.checks(user, on=on)


def _payment_words(line: Any) -> str:
    payment = line.payment_line or line.named_line
    return f"{payment.person.full_name}, {payment.for_month:%m/%Y}" if payment else ""


def _named_words(line: Any) -> str:
    named = line.proposed_line or line.named_line
    if named is None:
        return ""
    return _("%(who)s, tháng %(month)s, %(amount)s") % {
        "who": named.person.full_name, "month": f"{named.for_month:%m/%Y}", "amount": dong(named.net),
    }  # fmt: skip


def difference_words(amount: int | None) -> str:
    """Say what the bank took too much or too little for a payment, in đồng; nothing where it is even."""
    if not amount:
        return ""
    if amount > 0:
        return _("Ra khỏi tài khoản chi thừa %(amount)s, chờ ngân hàng trả lại") % {"amount": dong(amount)}
    return _("Ra khỏi tài khoản chi thiếu %(amount)s, chờ ngân hàng chi nốt") % {"amount": dong(-amount)}


def _would_differ(line: Any) -> str:
    """Say by how much a proposal that waits differs from the payment that it moves."""
    payment = line.proposed_line
    if payment is None or line.match != Match.NONE or line.proposed not in {Resolution.PAID, Resolution.RETURNED}:
        return ""
    is_paid = line.proposed == Resolution.PAID
    return difference_words(-line.amount - payment.net if is_paid else payment.net - line.amount) if line.amount else ""


def _export_lines(statement: Any, rows: Any) -> HttpResponse:
    columns = [
        _("Dòng số"),
        _("Ngày ghi sổ"),
        _("Mã tham chiếu"),
        _("Số tiền"),
        _("Nội dung"),
        _("Khớp"),
        _("Khoản chi"),
    ]
    lines = (
        (
            one.number, format_day(one.booked_on) if one.booked_on else "", one.reference, one.amount, one.text,
            Match(one.match).label, _payment_words(one),
        )
        for one in rows
    )  # fmt: skip
    return sheet_response(f"sao-ke-{statement.pk}.xlsx", columns=columns, rows=lines)


def _export_strange(rows: Any) -> HttpResponse:
    columns = [
        _("Sao kê"),
        _("Dòng số"),
        _("Ngày ghi sổ"),
        _("Số tiền"),
        _("Nội dung"),
        _("Vì sao chưa khớp"),
        _("Khoản chi được nhắc đến"),
        _("Đề nghị"),
    ]
    lines = (
        (
            str(one.statement), one.number, format_day(one.booked_on) if one.booked_on else "", one.amount, one.text,
            Strange(one.strange).label, _named_words(one), Resolution(one.proposed).label if one.proposed else "",
        )
        for one in rows
    )  # fmt: skip
    return sheet_response("dong-sao-ke-chua-ro.xlsx", columns=columns, rows=lines)
