"""Where people and organisations are paid: the list, one of them with everything they had, recording, confirming, ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.queries import happenings_of, reader_for
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.office.pages import office_page
from lienthong.office.payments import account_forms as forms
from lienthong.office.payments.asked import (
    Select,
    channel_select,
    choices,
    commune_select,
    each_of,
    page_of,
    programme_select,
    with_all,
)
from lienthong.office.payments.lines import line_columns, line_rows, shown_lines
from lienthong.office.payments.payees import number_of, page_of_payee, recording_page_of
from lienthong.office.payments.places import keeps_accounts
from lienthong.office.payments.tones import account_standing
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.payments import policies, vietqr
from lienthong.payments.banks import bank_name
from lienthong.payments.queries import accounts as queries
from lienthong.payments.queries import run_lines
from lienthong.payments.queries.accounts import AccountFilter
from lienthong.payments.queries.complaints import complaints_of
from lienthong.payments.queries.persons import payments_of_person, payments_to_organization
from lienthong.payments.queries.run_lines import LineFilter
from lienthong.payments.services import accounts as services
from lienthong.payments.states import AccountSource, Channel, LineState, NameCheck
from lienthong.people import queries as people
from lienthong.people.queries import PersonSearch

FOUND_AT_MOST = 20
CHECK_WORDS = {
    "differs": gettext_lazy("Khác tên, chưa chi"),
    "unconfirmed": gettext_lazy("Chờ người thứ hai"),
    "unknown": gettext_lazy("Chưa biết tên chủ"),
    "payable": gettext_lazy("Chi được"),
}


@allowed(policies.sees_payments)
@reads
def account_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, AccountFilter)
    rows = queries.filtered_accounts(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"payment-accounts:{address_of(asked)}", "export")
        return _export(each_of(rows))
    counts = queries.check_counts(request.user, asked, on=request.today)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [
            (account, number_of(account.payee), page_of_payee(account.payee), bank_name(account.bank_code), *account_standing(account))
            for account in page
        ],
        "counts": counts,
        "checks": [("", _("Tất cả"), counts["all"]), *((name, words, counts[name]) for name, words in CHECK_WORDS.items())],
        "is_narrowed": bool(asked.check),
        "may_record": keeps_accounts(request.user, on=request.today),
        **choices(
            request, commune_select(request, asked.commune), programme_select(asked.source),
            channel_select(asked.channel), text=asked.q,
        ),
    }  # fmt: skip
    return office_page(request, "office/payments/accounts.html", context)


@allowed(policies.sees_payments)
@reads
def find_person(request: HouseRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    why = request.GET.get("for", "")
    hits: list[Any] = []
    organizations: list[Any] = []
    if text:
        reader = reader_for(request.user, on=request.today)
        hits = people.search_people(PersonSearch(text=text, limit=FOUND_AT_MOST), reader)
        note_read(request, f"person-search:{text}", "search")
    if text and not why:
        organizations = [one for one in people.search_organizations(text) if _keeps(one, request)]
    name = "office:payments_new_complaint" if why == "complaint" else "office:payments_person"
    context = {
        "text": text,
        "why": why,
        "rows": [(hit.person, hit.number, reverse(name, args=[hit.person.pk])) for hit in hits],
        "organizations": [(one, page_of_payee(one)) for one in organizations],
    }
    return office_page(request, "office/payments/find_person.html", context)


@allowed(policies.sees_payments)
@reads
def person_page(request: HouseRequest, person_id: int) -> HttpResponse:
    person = queries.get_payee(person_id, user=request.user, on=request.today)
    lines, complaints = payments_of_person(person.pk), complaints_of(person.pk)
    may_complain = policies.answers_complaints(request.user, person.unit_id, on=request.today)
    return _payee_page(request, person, person=person, lines=lines, complaints=complaints, may_complain=may_complain)


@allowed(policies.sees_payments)
@reads
def organization_page(request: HouseRequest, organization_id: int) -> HttpResponse:
    organization = queries.get_paid_organization(organization_id, user=request.user, on=request.today)
    lines = payments_to_organization(organization.pk, user=request.user, on=request.today)
    return _payee_page(request, organization, person=None, lines=lines, complaints=[], may_complain=False)


def _payee_page(request: HouseRequest, payee: Any, *, lines: Any, **theirs: Any) -> HttpResponse:
    note_read(request, _record_of(payee))
    asked = asked_in(request.GET, LineFilter)
    rows = run_lines.narrowed(lines, asked, on=request.today)
    listed = run_lines.of_state(rows, asked.state)
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{_record_of(payee)}:payments{address_of(asked)}", "export")
        return sheet_response(f"cac-khoan-chi-{payee.pk}.xlsx", columns=line_columns(), rows=line_rows(listed))
    accounts = queries.accounts_of(payee)
    lasting = [one for one in accounts if _lasts(one, request)]
    begun = sorted((one for one in lasting if one.valid_from <= request.today), key=queries.is_payable, reverse=True)
    current = next(iter(begun), None)
    to_act_on = [one for one in lasting if one == current or not queries.is_payable(one)]
    last = lines.first()
    page = page_of(request, listed)
    sees = policies.grounds_seen(request.user, on=request.today)
    counts = run_lines.counts_by_state(rows)
    keeps = _keeps(payee, request)
    context = {
        "payee": payee,
        "number": number_of(payee),
        "record_url": recording_page_of(payee) if keeps else "",
        "current": current,
        "standing": account_standing(current) if current else None,
        "bank": bank_name(current.bank_code) if current else "",
        "qr": _picture(current) if current else "",
        "others": queries.others_paid_there(current, on=request.today) if current else 0,
        "accounts": [(one, bank_name(one.bank_code), *account_standing(one)) for one in accounts],
        "happened": happenings_of(current.stream) if current else [],
        "last": last,
        "last_state": str(LineState(last.state).label) if last else "",
        "page": page,
        "lines": [
            (line, benefit, line.words if sees(line.source, line.unit_id) else "", words, tone)
            for line, benefit, _place, words, tone in shown_lines(page)
        ],
        "states": with_all([(one, label) for one, label in LineState.choices if counts[one] or one == asked.state], counts),
        "is_narrowed": bool(asked.state),
        "waiting": next(filter(queries.waits_for_second, lasting), None),
        "acts": [act for one in to_act_on for act in _acts_on(one, request, to_act_on)] if keeps else [],
        **_choices_of_lines(request, lines, asked, of_many=theirs["person"] is None),
        **theirs,
    }  # fmt: skip
    return office_page(request, "office/payments/person.html", context)


def _choices_of_lines(request: HouseRequest, lines: Any, asked: LineFilter, *, of_many: bool) -> dict[str, Any]:
    """Offer the months and programmes of somebody's payments; of an organisation, which is paid for many, communes and names."""
    months = tuple((month.isoformat(), f"{month:%m/%Y}") for month in run_lines.months_of(lines))
    return choices(
        request, Select("month", _("Của tháng"), asked.month, months), programme_select(asked.source),
        commune_select(request, asked.commune) if of_many else None, text=asked.q if of_many else None,
    )  # fmt: skip


@allowed(policies.sees_payments)
@writes
def record_account(request: HouseRequest, person_id: int) -> HttpResponse:
    person = queries.get_payee(person_id, user=request.user, on=request.today)
    return _recording_page(request, person, person_id=person.pk)


@allowed(policies.sees_payments)
@writes
def record_organization_account(request: HouseRequest, organization_id: int) -> HttpResponse:
    organization = queries.get_paid_organization(organization_id, user=request.user, on=request.today)
    return _recording_page(request, organization, organization_id=organization.pk)


def _recording_page(request: HouseRequest, payee: Any, **whose: int) -> HttpResponse:
    if not _keeps(payee, request):
        return not_found(request)
    form = forms.AccountForm(request.POST or None, initial={"valid_from": request.today})
    if form.is_valid():
        try:
            account = services.record_account(
                form.to_command(**whose), acting_user=request.user, now=request.received_at
            )
        except services.BankUnclear as refusal:
            form.show(refusal, field="bank_code")
        except services.AccountNumberWrong as refusal:
            form.show(refusal, field="number")
        except services.AccountDayWrong as refusal:
            form.show(refusal, field="valid_from")
        except (services.AccountRefused, KeyAlreadyUsed) as refusal:
            form.show(refusal)
        else:
            _report(request, account)
            return redirect(page_of_payee(payee))
    note_read(request, _record_of(payee))
    context = {
        "payee": payee, "number": number_of(payee), "back": page_of_payee(payee), "form": form,
        "current": queries.account_on(payee, request.today),
    }  # fmt: skip
    return office_page(request, "office/payments/record_account.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Act:
    """One action on an account: its words, what happens, its form and the one call."""

    words: str | Promise
    what_happens: str | Promise
    form: type[Any]
    call: Callable[[Any, dict[str, Any], Any, datetime], Any]
    kind: str = "primary"


ACTS: dict[str, Act] = {
    "confirm": Act(
        gettext_lazy("Xác nhận đúng của người nhận"),
        gettext_lazy("Hãy tự hỏi người nhận hoặc ngân hàng trước. Từ đợt sau tiền chi vào tài khoản này thay nơi đang dùng."),
        forms.ConfirmForm,
        lambda account, data, user, now: services.confirm_account(
            account.pk, reason=data["reason"], acting_user=user, now=now
        ),
    ),
    "check": Act(
        gettext_lazy("Ghi tên chủ ngân hàng trả lời"),
        gettext_lazy("Tên được đối chiếu lại với người nhận. Vẫn khác thì tài khoản vẫn chưa được chi."),
        forms.HolderForm,
        lambda account, data, user, now: services.check_holder_again(
            account.pk, holder_name=data["holder_name"], acting_user=user, now=now
        ),
    ),
    "end": Act(
        gettext_lazy("Thôi dùng tài khoản"),
        gettext_lazy("Từ ngày ấy không chi vào đây nữa; khoản đã chuyển không thay đổi. Chưa có nơi khác thì khoản chi bị tạm giữ."),
        forms.EndForm,
        lambda account, data, user, now: services.end_account(
            account.pk, ends_on=data["ends_on"], reason=data["reason"], acting_user=user, now=now
        ),
        kind="warning",
    ),
}  # fmt: skip


@allowed(policies.sees_payments)
@writes
def account_act(request: HouseRequest, account_id: int, action: str) -> HttpResponse:
    account = queries.get_account(account_id, user=request.user, on=request.today)
    act = ACTS.get(action)
    payee, back = account.payee, page_of_payee(account.payee)
    if act is None or not _keeps(payee, request):
        return not_found(request)
    initial = {"ends_on": request.today} if action == "end" else None
    form = act.form(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            account = act.call(account, form.cleaned_data, request.user, request.received_at)
        except services.AccountRefused as refusal:
            form.show(refusal)
        else:
            _report(request, account)
            return redirect(back)
    note_read(request, _record_of(payee))
    context = {
        "back": back,
        "back_words": str(payee),
        "caption": f"{payee}, {bank_name(account.bank_code)} {account.number}".rstrip(", "),
        "words": act.words,
        "what_happens": act.what_happens,
        "kind": act.kind,
        "form": form,
    }
    return office_page(request, "office/payments/act.html", context, status=422 if form.errors else 200)


def _keeps(payee: Any, request: HouseRequest) -> bool:
    return policies.records_accounts(request.user, payee.unit_id, on=request.today)


def _record_of(payee: Any) -> str:
    """Return under which name it is noted that somebody read where a payee is paid."""
    return f"{payee._meta.model_name}:{payee.pk}"


def _report(request: HouseRequest, account: Any) -> None:
    """Say how the account stands now, in the tone of what is left to do."""
    if account.valid_until is not None:
        messages.success(request, _("Tài khoản thôi dùng từ ngày %s.") % format_day(account.valid_until))
    elif queries.waits_for_second(account):
        messages.warning(
            request, _("Đã ghi. Người thứ hai phải xác nhận rồi mới chi vào đây; tới lúc đó vẫn chi ở nơi đang dùng.")
        )
    elif not queries.is_payable(account):
        messages.warning(
            request, _("Đã ghi, nhưng chưa chi vào đây: tên chủ tài khoản khác người nhận hoặc chưa biết.")
        )
    else:
        messages.success(request, _("Đã ghi. Các đợt từ ngày %s chi vào đây.") % format_day(account.valid_from))


def _lasts(account: Any, request: HouseRequest) -> bool:
    return account.valid_until is None or account.valid_until > request.today


def _acts_on(account: Any, request: HouseRequest, beside: Sequence[Any]) -> list[tuple[str, Any, str]]:
    """Return the actions that may help with an account: address, words, kind. Beside others the words say of which it is."""
    user_id, found = request.user.pk, []
    if queries.waits_for_second(account) and user_id not in {account.recorded_by_id, account.verified_by_id}:
        found.append("confirm")
    is_vouched = account.name_check == NameCheck.SAME and account.verified_at is not None
    if account.valid_until is None and not is_vouched and user_id != account.recorded_by_id:
        found.append("check")
    if account.valid_until is None:
        found.append("end")
    of_which = f": {account}" if len(beside) > 1 else ""
    return [
        (
            reverse("office:payments_account_act", args=[account.pk, name]), f"{ACTS[name].words}{of_which}",
            "primary" if name == "confirm" else "secondary",
        )
        for name in found
    ]  # fmt: skip


def _picture(account: Any) -> str:
    """Return the VietQR of a bank account as SVG; empty where none can be made."""
    if account.channel != Channel.BANK:
        return ""
    try:
        return vietqr.picture(vietqr.payload(bank_code=account.bank_code, account=account.number))
    except vietqr.NoCodePossible:
        return ""


def _export(rows: Any) -> HttpResponse:
    columns = [
        _("Người nhận"), _("Số định danh, mã số thuế"), _("Xã, phường"), _("Hình thức"), _("Ngân hàng"), _("Số tài khoản"),
        _("Tên chủ tài khoản"), _("Đối chiếu tên"), _("Tình trạng"), _("Nguồn"), _("Dùng từ ngày"), _("Đến trước ngày"),
    ]  # fmt: skip
    lines = (
        (
            str(one.payee), number_of(one.payee), one.payee.unit.name if one.payee.unit else "",
            Channel(one.channel).label, bank_name(one.bank_code), one.number, one.holder_name,
            NameCheck(one.name_check).label, account_standing(one)[0], AccountSource(one.source).label,
            format_day(one.valid_from), format_day(one.valid_until) if one.valid_until else "",
        )
        for one in rows
    )  # fmt: skip
    return sheet_response("noi-nhan-tien.xlsx", columns=columns, rows=lines)
