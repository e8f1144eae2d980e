"""Where I am paid: what is recorded, and another place declared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.accounts.policies import is_applicant
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.payments import vietqr
from lienthong.payments.queries.accounts import account_on, accounts_of, is_payable
from lienthong.payments.queries.own import place_of_account
from lienthong.payments.services.accounts import AccountNumberWrong, AccountRefused, BankUnclear, HolderMissing
from lienthong.payments.services.own_account import HolderIsSomebodyElse, declare_own_account
from lienthong.payments.states import Channel
from lienthong.portal.benefits.forms import OwnAccountForm
from lienthong.portal.benefits.views import private
from lienthong.portal.pages import portal_page

_BESIDE = {
    AccountNumberWrong: "number",
    BankUnclear: "bank_code",
    HolderMissing: "holder_name",
    HolderIsSomebodyElse: "holder_name",
}


@allowed(is_applicant)
@writes
def account(request: HouseRequest) -> HttpResponse:
    person_id = request.user.person_id
    form = OwnAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        command = form.to_command(person_id or 0, today=request.today)
        try:
            declare_own_account(command, acting_user=request.user, now=request.received_at)
        except KeyAlreadyUsed:
            return redirect("portal:benefits_account")
        except AccountRefused as refusal:
            form.show(refusal, field=_BESIDE.get(type(refusal)))
        else:
            messages.success(request, _("Đã ghi nơi nhận tiền mới."))
            return redirect("portal:benefits_account")
    known = accounts_of(request.user.person) if person_id else []
    current = account_on(request.user.person, request.today) if person_id else None
    if person_id:
        note_read(request, f"person:{person_id}")
    context = {
        "form": form,
        "accounts": [
            (
                one,
                place_of_account(one),
                is_payable(one),
                one.valid_until is not None and one.valid_until <= request.today,
            )
            for one in known
        ],
        "code": _code(current) if current else "",
        "has_person": person_id is not None,
        "name": request.user.person.full_name if person_id else "",
    }
    status = 422 if form.errors else 200
    return private(portal_page(request, "portal/benefits/account.html", context, status=status))


def _code(account: Any) -> str:
    """Return the VietQR of a bank account as a drawing, so that somebody can see in their bank's application whether it is theirs."""
    if account.channel != Channel.BANK:
        return ""
    try:
        return vietqr.picture(vietqr.payload(bank_code=account.bank_code, account=account.number))
    except vietqr.NoCodePossible:
        return ""
