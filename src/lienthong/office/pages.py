"""The shell of every office page: what an officer can go to, with how much waits there, and who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.accounts import policies as accounts
from lienthong.accounts.states import Role
from lienthong.assistance import policies as assistance
from lienthong.dossiers import policies as cases
from lienthong.dossiers import queries as dossiers
from lienthong.infra.http import HouseRequest
from lienthong.office.assistance.places import places_of as assistance_places
from lienthong.office.payments.places import is_of_runs
from lienthong.office.payments.places import places_of as payment_places
from lienthong.office.poverty.places import places_of
from lienthong.payments import policies as payments
from lienthong.poverty import policies as poverty
from lienthong.verification import policies as verification

SHELL = "base/office.html"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. ``count`` None shows no number; ``inside`` are the entries of the second level."""

    url: str
    label: str
    count: int | None
    current: bool
    inside: tuple["Place", ...] = ()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who works here and as what."""

    name: str
    role: str
    unit: str


def office_page(
    request: HouseRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Draw a page of the office in its shell."""
    shell = {"shell": SHELL, "navigation": _navigation(request), "signed_in": _signed_in(request)}
    return render(request, template, {**shell, **(context or {})}, status=status)


def first_place(request: HouseRequest) -> str:
    """Return the first page that this officer works on; their own account where there is none."""
    return _navigation(request)[0].url


def page_number(request: HouseRequest) -> int:
    """Return the page that the address asks for; the first where it asks for nothing sensible."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _signed_in(request: HouseRequest) -> SignedIn | None:
    user = request.user
    if not user.is_authenticated:
        return None
    mandates = accounts.mandates_of(user, on=request.today)
    roles = ", ".join(dict.fromkeys(str(Role(mandate.role).label) for mandate in mandates))
    units = ", ".join(dict.fromkeys(mandate.agency.name for mandate in mandates))
    return SignedIn(name=user.full_name, role=roles or str(_("chưa được phân công")), unit=units)


def _navigation(request: HouseRequest) -> list[Place]:
    user, today = request.user, request.today
    if not user.is_authenticated:
        return []
    roles = {mandate.role for mandate in accounts.mandates_of(user, on=today)}
    places: list[tuple[str, str, int | None]] = []
    if cases.does_cases(user, on=today):
        mine, at_desk = dossiers.waiting_counts(user, now=request.received_at)
        if mine or not cases.only_at_desk(user, on=today):
            places.append(("office:work", _("Việc của tôi"), mine))
        if roles & cases.DESK_ROLES:
            places.append(("office:receive", _("Tiếp nhận hồ sơ"), None))
            places.append(("office:desk", _("Quầy một cửa"), at_desk))
            places.append(("office:applicant_account", _("Tài khoản người nộp"), None))
        if roles & {Role.LEADER, Role.DIVISION_HEAD}:
            places.append(("office:approval", _("Chờ phê duyệt"), None))
        places.append(("office:dossiers", _("Tất cả hồ sơ"), None))
    places += _of_programmes(user, today)
    if cases.may_see_figures(user, on=today):
        places.append(("office:figures", _("Số liệu"), None))
    if Role.CATALOGUE_EDITOR in roles:
        places.append(("office:catalogue", _("Danh mục thủ tục"), None))
        places.append(("office:calendar", _("Lịch làm việc"), None))
    if Role.ADMINISTRATOR in roles:
        places.append(("office:accounts", _("Tài khoản"), None))
    places.append(("account", _("Tài khoản của tôi"), None))
    addresses = [(reverse(name), label, count) for name, label, count in places]
    inner = {
        reverse("office:poverty"): places_of,
        reverse("office:assistance"): assistance_places,
        reverse("office:payments_runs"): payment_places,
    }
    # Of a place and one inside it, only the inner one is where somebody is.
    here = max((url for url, _label, _count in addresses if _is_current(request, url)), key=len, default="")
    return [
        Place(url, label, count, current=url == here, inside=_inside(request, url, inner[url]) if url in inner else ())
        for url, label, count in addresses
    ]


def _of_programmes(user: Any, today: date) -> list[tuple[str, str, int | None]]:
    places: list[tuple[str, str, int | None]] = []
    if poverty.sees_poverty(user, on=today) or poverty.is_enumerator(user, on=today):
        places.append(("office:poverty", _("Hộ nghèo"), None))
    if assistance.sees_assistance(user, on=today):
        places.append(("office:assistance", _("Trợ giúp xã hội"), None))
    if payments.sees_payments(user, on=today):
        places.append(("office:payments_runs", _("Chi trả"), None))
    if verification.sees_province(user, on=today):
        places.append(("office:verification", _("Xác thực dân cư"), None))
    if verification.sees_verification(user, on=today):
        places.append(("office:verification_cases", _("Việc xác thực"), None))
    return places


def _inside(request: HouseRequest, outer: str, places: Callable[..., list[tuple[str, str]]]) -> tuple[Place, ...]:
    """Return the second level of a programme, on its own pages only: elsewhere it would be in the way."""
    if not request.path.startswith(outer):
        return ()
    found = [(reverse(name), label) for name, label in places(request.user, on=request.today)]
    here = max((url for url, _label in found if _is_current(request, url)), key=len, default="")
    if here == outer == reverse("office:payments_runs") and not is_of_runs(request.path, outer):
        here = ""
    return tuple(Place(url, label, None, current=url == here) for url, label in found)


def _is_current(request: HouseRequest, url: str) -> bool:
    return request.path == url or (url != "/office/" and request.path.startswith(url))
