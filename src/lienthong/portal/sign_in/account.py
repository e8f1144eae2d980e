"""The own account: its facts, its password, its sessions, and who looked at one's data."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from lienthong.accounts import browser, services
from lienthong.accounts import queries as accounts
from lienthong.accounts.policies import is_applicant, is_signed_in, mandates_of
from lienthong.accounts.states import AccountKind
from lienthong.dossiers import queries as dossiers
from lienthong.infra.http import HouseRequest, allowed, local_address, reads, writes
from lienthong.portal.pages import portal_page
from lienthong.portal.sign_in.forms import ChangePasswordForm

READINGS_ON_A_PAGE = 50
PAGES = {
    "office:dossier": gettext_lazy("Trang hồ sơ"),
    "office:act": gettext_lazy("Trang hồ sơ"),
    "office:form": gettext_lazy("Giấy tờ in ra"),
    "office:file": gettext_lazy("Tệp đính kèm"),
    "office:receive_one": gettext_lazy("Tiếp nhận hồ sơ"),
    "office:search": gettext_lazy("Tìm kiếm"),
}


@allowed(is_signed_in)
@reads
def own_account(request: HouseRequest) -> HttpResponse:
    user = request.user
    running = accounts.sessions_of(user, now=request.received_at, past=0)
    context = {
        "account": user,
        "kind": AccountKind(user.kind).label,
        "mandates": mandates_of(user, on=request.today),
        "running": len(running),
        "is_applicant": is_applicant(user),
    }
    return portal_page(request, "portal/sign_in/account.html", context)


@allowed(is_signed_in)
@writes
def change_password(request: HouseRequest) -> HttpResponse:
    onward = local_address(request.POST.get("next") or request.GET.get("next"), default="/account/")
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        try:
            browser.change_password(
                request, current=form.cleaned_data["current_password"], new=form.cleaned_data["new_password"]
            )
        except services.WrongPassword as refusal:
            form.show(refusal, field="current_password")
        except (services.SamePassword, services.WeakPassword) as refusal:
            form.show(refusal, field="new_password")
        else:
            messages.success(request, _("Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc."))
            return redirect(onward)
    context = {"form": form, "next": onward, "is_one_time": request.user.must_change_password}
    return portal_page(request, "portal/sign_in/change_password.html", context, status=422 if form.errors else 200)


@allowed(is_signed_in)
@reads
def own_sessions(request: HouseRequest) -> HttpResponse:
    current_id = browser.current_sign_in_id(request)
    sessions = accounts.sessions_of(request.user, now=request.received_at, current_id=current_id)
    running = [one for one in sessions if one.is_running]
    context = {
        "running": running,
        "past": [one for one in sessions if not one.is_running],
        "others": sum(not one.is_current for one in running),
    }
    return portal_page(request, "portal/sign_in/sessions.html", context)


@allowed(is_signed_in)
@require_POST
@writes
def end_session(request: HouseRequest, sign_in_id: int) -> HttpResponse:
    if sign_in_id == browser.current_sign_in_id(request):
        browser.sign_out(request)
        return redirect("/")
    try:
        services.end_session(sign_in_id=sign_in_id, acting_user=request.user, now=request.received_at)
    except (services.NoSuchSession, services.OutsideMandate) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã kết thúc phiên đăng nhập đó."))
    return redirect("own_sessions")


@allowed(is_signed_in)
@require_POST
@writes
def end_other_sessions(request: HouseRequest) -> HttpResponse:
    current_id = browser.current_sign_in_id(request)
    ended = services.end_other_sessions(acting_user=request.user, keep_sign_in_id=current_id, now=request.received_at)
    told = ngettext("Đã kết thúc %(n)s phiên đăng nhập khác.", "Đã kết thúc %(n)s phiên đăng nhập khác.", ended)
    messages.success(request, told % {"n": ended})
    return redirect("own_sessions")


@allowed(is_applicant)
@reads
def own_readings(request: HouseRequest) -> HttpResponse:
    user = request.user
    names = {f"dossier:{pk}": code for pk, code in dossiers.own_dossiers(user).values_list("pk", "code")}
    subjects = [*names, *([f"person:{user.person_id}"] if user.kind == AccountKind.CITIZEN else [])]
    page = Paginator(accounts.readings_of(subjects, owner_id=user.pk), READINGS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    readings = [
        {
            "at": one.at,
            "who": one.who,
            "role": one.role,
            "agency": one.agency,
            "what": _what(one, names),
            "where": _where(one.path),
        }
        for one in accounts.told(page.object_list)
    ]
    return portal_page(request, "portal/sign_in/readings.html", {"page": page, "readings": readings})


def _what(reading: accounts.Reading, names: dict[str, str | None]) -> str:
    if reading.subject not in names:
        return _("Thông tin cá nhân")
    code = names[reading.subject]
    return _("Hồ sơ %(code)s") % {"code": code} if code else _("Hồ sơ chưa có số")


def _where(path: str) -> str:
    """Name the page that showed the data; one that has no name here is told by its address."""
    try:
        return str(PAGES.get(resolve(path).view_name, path))
    except Resolver404:
        return path
