"""The shell of every public and citizen page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.accounts import policies as accounts
from lienthong.infra.http import HouseRequest

SHELL = "base/portal.html"


def portal_page(
    request: HouseRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Draw a page of the portal in its shell."""
    return render(
        request, template, {"shell": SHELL, "navigation": _navigation(request), **(context or {})}, status=status
    )


def _navigation(request: HouseRequest) -> list[dict[str, Any]]:
    places = [
        ("portal:procedures", _("Thủ tục")),
        ("portal:track", _("Theo dõi hồ sơ")),
        ("portal:figures", _("Số liệu")),
    ]
    if accounts.is_applicant(request.user):
        places.insert(2, ("portal:my_dossiers", _("Hồ sơ của tôi")))
        places.insert(3, ("portal:benefits", _("Trợ cấp của tôi")))
        places.insert(4, ("portal:household", _("Hộ của tôi")))
    if accounts.is_staff(request.user):
        places.append(("office:work", _("Nơi làm việc")))
    return [
        {"url": (url := reverse(name)), "label": label, "count": None, "current": request.path.startswith(url)}
        for name, label in places
    ]
