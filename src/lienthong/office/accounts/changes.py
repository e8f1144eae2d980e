"""What an administrator does to an account. A one-time password is shown in the answer itself, once."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.accounts import queries as accounts
from lienthong.accounts import services
from lienthong.accounts.policies import may_manage_accounts
from lienthong.catalogue import queries as catalogue
from lienthong.infra.http import HouseRequest, allowed, writes
from lienthong.office.accounts.forms import (
    CloseAccountForm,
    EndMandateForm,
    GrantMandateForm,
    OpenAccountForm,
    WithdrawMandateForm,
)
from lienthong.office.pages import office_page


@allowed(may_manage_accounts)
@writes
def open_account(request: HouseRequest) -> HttpResponse:
    form = OpenAccountForm(request.POST or None)
    if form.is_valid():
        try:
            opened = services.open_account(form.to_command(), acting_user=request.user, now=request.received_at)
        except (services.UnusableUsername, services.UsernameTaken) as refusal:
            form.show(refusal, field="username")
        except services.AccountRefusal as refusal:
            form.show(refusal)
        else:
            context = {"account": opened.user, "password": opened.one_time_password, "is_new": True}
            return office_page(request, "office/accounts/one_time_password.html", context)
    return office_page(request, "office/accounts/open.html", {"form": form}, status=422 if form.errors else 200)


@allowed(may_manage_accounts)
@writes
def grant_mandate(request: HouseRequest, user_id: int) -> HttpResponse:
    account = accounts.get_user(user_id, as_=request.user, on=request.today)
    form = GrantMandateForm(
        request.POST or None,
        agencies=[(one.code, one.name) for one in accounts.agencies_to_grant(request.user, on=request.today)],
        fields_of_work=catalogue.all_fields(),
        initial={"valid_from": request.today},
    )
    if form.is_valid():
        try:
            mandate = services.grant_mandate(
                form.to_command(user_id), acting_user=request.user, now=request.received_at
            )
        except services.MandateSpanWrong as refusal:
            form.show(refusal, field="last_on")
        except services.NoSuchAgency as refusal:
            form.show(refusal, field="valid_from")
        except services.AccountRefusal as refusal:
            form.show(refusal)
        else:
            told = _("Đã phân công %(name)s: %(role)s, %(agency)s, %(span)s.")
            words = {
                "name": account.full_name,
                "role": mandate.role_words,
                "agency": mandate.agency.name,
                "span": mandate.span,
            }
            messages.success(request, told % words)
            return redirect("office:account", user_id)
    context = {"form": form, "account": account}
    return office_page(request, "office/accounts/grant.html", context, status=422 if form.errors else 200)


@allowed(may_manage_accounts)
@writes
def end_mandate(request: HouseRequest, mandate_id: int) -> HttpResponse:
    mandate = accounts.get_mandate(mandate_id, as_=request.user, on=request.today)
    has_begun = mandate.valid_from <= request.today
    kind = EndMandateForm if has_begun else WithdrawMandateForm
    form = kind(request.POST or None, initial={"last_on": request.today})
    if form.is_valid():
        try:
            services.end_mandate(
                mandate_id=mandate_id,
                last_on=form.cleaned_data.get("last_on") or request.today - timedelta(days=1),
                reason=form.cleaned_data["reason"],
                acting_user=request.user,
                now=request.received_at,
            )
        except (services.EndsInThePast, services.BegunToday, services.MandateOver) as refusal:
            form.show(refusal, field="last_on")
        except services.AccountRefusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã ghi nhận kết thúc phân công.") if has_begun else _("Đã hủy phân công."))
            return redirect("office:account", mandate.user_id)
    context = {"form": form, "mandate": mandate, "account": mandate.user, "has_begun": has_begun}
    return office_page(request, "office/accounts/end_mandate.html", context, status=422 if form.errors else 200)


@allowed(may_manage_accounts)
@writes
def reset_password(request: HouseRequest, user_id: int) -> HttpResponse:
    account = accounts.get_user(user_id, as_=request.user, on=request.today)
    if request.method == "POST":
        try:
            password = services.reset_password(user_id=user_id, acting_user=request.user, now=request.received_at)
        except services.AccountRefusal as refusal:
            messages.error(request, str(refusal))
            return redirect("office:account", user_id)
        context = {"account": account, "password": password, "is_new": False}
        return office_page(request, "office/accounts/one_time_password.html", context)
    return office_page(request, "office/accounts/reset_password.html", {"account": account})


@allowed(may_manage_accounts)
@writes
def close_account(request: HouseRequest, user_id: int) -> HttpResponse:
    account = accounts.get_user(user_id, as_=request.user, on=request.today)
    form = CloseAccountForm(request.POST or None)
    if form.is_valid():
        try:
            services.close_account(
                user_id=user_id,
                reason=form.cleaned_data["reason"],
                acting_user=request.user,
                now=request.received_at,
            )
        except services.AccountRefusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã đóng tài khoản của %(name)s.") % {"name": account.full_name})
            return redirect("office:account", user_id)
    context = {"form": form, "account": account}
    return office_page(request, "office/accounts/close.html", context, status=422 if form.errors else 200)


@allowed(may_manage_accounts)
@require_POST
@writes
def end_session(request: HouseRequest, sign_in_id: int) -> HttpResponse:
    try:
        ended = services.end_session(sign_in_id=sign_in_id, acting_user=request.user, now=request.received_at)
    except (services.OutsideMandate, services.NoSuchSession) as refusal:
        messages.error(request, str(refusal))
        return redirect("office:accounts")
    messages.success(request, _("Đã kết thúc phiên đăng nhập đó."))
    return redirect("office:account", ended.user_id)
