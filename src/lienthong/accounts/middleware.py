"""End sessions that lie idle, remember when each was last used, and have a one-time password changed first."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from lienthong.accounts import browser, policies, services
from lienthong.accounts.browser import SEEN_AT
from lienthong.accounts.states import EndReason
from lienthong.infra.http import HouseRequest, remember_account

NOTE_EVERY = timedelta(minutes=1)


class EndIdleSessions:
    """Sign out an account that did nothing for longer than its kind allows.

    The last use is noted at most once a minute, so a session may end up to a minute early, never late.
    """

    def __init__(self, get_response: Callable[[HouseRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HouseRequest) -> HttpResponse:
        if request.user.is_authenticated and not _may_go_on(request):
            browser.sign_out(request, because=EndReason.IDLE)
            request.session[browser.SIGNED_OUT_IDLE] = True
        response = self.get_response(request)
        remember_account(request, response)
        return response


class ChangePasswordFirst:
    """Lead an account with a one-time password to the page that changes it, wherever it wants to go."""

    def __init__(self, get_response: Callable[[HouseRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HouseRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.must_change_password:
            change = reverse("change_password")
            if request.path not in {change, reverse("sign_out"), reverse("set_language")}:
                wanted = request.get_full_path() if request.method == "GET" else "/"
                return redirect(f"{change}?{urlencode({'next': wanted})}")
        return self.get_response(request)


def _may_go_on(request: HouseRequest) -> bool:
    now = request.received_at
    seen = request.session.get(SEEN_AT)
    idle = now - datetime.fromisoformat(seen) if seen else NOTE_EVERY
    minutes = settings.IDLE_MINUTES_STAFF if policies.is_staff(request.user) else settings.IDLE_MINUTES_CITIZEN
    if idle > timedelta(minutes=minutes):
        return False
    if idle < NOTE_EVERY:
        return True
    request.session[SEEN_AT] = now.isoformat()
    sign_in_id = browser.current_sign_in_id(request)
    return sign_in_id is None or services.note_seen(sign_in_id=sign_in_id, now=now)
