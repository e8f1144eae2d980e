"""Come in, go out, take up a form that outlived its session, choose a language."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_language_of_django

from lienthong.accounts import browser
from lienthong.accounts import queries as accounts
from lienthong.accounts.policies import is_signed_in, is_staff
from lienthong.infra.http import KEPT_FORM, HouseRequest, allowed, local_address, public, writes
from lienthong.portal.pages import portal_page
from lienthong.portal.sign_in.forms import SignInForm


class RedirectWithBody(HttpResponseRedirect):
    """Have the browser send the same form once more, to another address of this house."""

    status_code = 307


@public
@writes
def sign_in(request: HouseRequest) -> HttpResponse:
    onward = local_address(request.POST.get("next") or request.GET.get("next"), default="")
    if request.method != "POST" and is_signed_in(request.user):
        return redirect(onward or _home_of(request.user, on=request.today))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = browser.sign_in(
                request, username=form.cleaned_data["username"], password=form.cleaned_data["password"]
            )
        except browser.WrongNameOrPassword as refusal:
            form.show(refusal)
        else:
            return redirect(onward or _home_of(user, on=request.today))
    context = {
        "form": form,
        "next": onward,
        "form_is_kept": KEPT_FORM in request.session,
        "idle": request.session.pop(browser.SIGNED_OUT_IDLE, False),
        **_demo(request),
    }
    return portal_page(request, "portal/sign_in/sign_in.html", context, status=422 if form.errors else 200)


@public
@require_POST
def sign_out(request: HouseRequest) -> HttpResponse:
    browser.sign_out(request)
    return redirect("/")


@allowed(is_signed_in)
@writes
def kept_form(request: HouseRequest) -> HttpResponse:
    kept = request.session.get(KEPT_FORM, {})
    if kept.get("account_id") != request.user.pk:
        messages.info(request, _("Không còn biểu mẫu nào được giữ lại cho bạn."))
        return redirect(_home_of(request.user, on=request.today))
    target = local_address(kept["path"], default="/")
    if request.method == "POST":
        del request.session[KEPT_FORM]
        return (
            RedirectWithBody(target)
            if request.POST.get("kept_form") == "send"
            else redirect(_home_of(request.user, on=request.today))
        )
    context = {"fields": kept["fields"], "files": kept["files"], "target": target}
    return portal_page(request, "portal/sign_in/kept_form.html", context)


@public
@require_POST
def set_language(request: HouseRequest) -> HttpResponse:
    return set_language_of_django(request)


def _home_of(user: Any, *, on: date) -> str:
    """Return the first page of somebody who came in without wanting a certain one."""
    if not is_staff(user):
        return "/"
    return reverse("office:work")


def _demo(request: HouseRequest) -> dict[str, Any]:
    if not settings.DEMO_MODE:
        return {"demo_accounts": [], "demo_password": ""}
    return {"demo_accounts": accounts.demo_accounts(on=request.today), "demo_password": settings.DEMO_PASSWORD}
