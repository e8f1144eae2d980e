"""What happens to every request: whoever stands behind the proxy is known by their own address, NUL bytes are refused, the clock is read once, the language is the one that was chosen,
reads of personal data are recorded, personal pages are not left behind in the browser, no answer is an empty page."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation

from lienthong.infra.reading import write_reads
from lienthong.kernel.days import local_day

Next = Callable[[HttpRequest], HttpResponse]

# An escaped NUL in JSON: an odd number of backslashes before u0000.
_JSON_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class VisitorAddress:
    """Take the visitor's address from the web server in front of us, which adds it last; what stands before it is hearsay.

    Only where one is in front (``LIENTHONG_HTTPS``): else anybody could name any address.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
        if settings.HTTPS and named:
            with suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ip_address(named))
        return self.get_response(request)


class RefuseNulBytes:
    """Refuse a request with a NUL byte in its path, query, headers, cookies, form or JSON: PostgreSQL cannot store one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any("\0" in text for text in _texts_before_body(request)) or _body_has_nul(request):
            return render(request, "base/errors/400.html", {"what": "nul"}, status=400)
        return self.get_response(request)


class RequestMoment:
    """Read the clock once: ``request.received_at`` is the ``now``, ``request.today`` the ``on`` of all that it does."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at = timezone.now()  # type: ignore[attr-defined]
        request.today = local_day(request.received_at)  # type: ignore[attr-defined]
        return self.get_response(request)


class ChosenLanguage:
    """Speak Vietnamese unless this browser chose another language here.

    What a browser was installed with says little: half of an office's browsers were never told that they are in Vietnam.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePages:
    """Leave no page of a signed-in user behind: a counter's computer shows nothing to whoever presses Back."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RecordReads:
    """Write down which personal records a page showed, after the page was made (see ``http.note_read``)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.personal_reads = []  # type: ignore[attr-defined]
        response = self.get_response(request)
        reads: list[tuple[str, str]] = request.personal_reads  # type: ignore[attr-defined]
        if reads and response.status_code < 400:
            write_reads(
                reads,
                actor_id=request.user.pk if request.user.is_authenticated else None,
                path=request.path,
                address=request.META.get("REMOTE_ADDR") or None,
                at=request.received_at,  # type: ignore[attr-defined]
            )
        return response


class PageForWrongMethod:
    """Give the empty answer 405 a page: whoever types the address of a button is told that it wants to be pressed."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response.content = render_to_string("base/errors/405.html", request=request)
        return response


def _texts_before_body(request: HttpRequest) -> Iterator[str]:
    yield request.path
    yield unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode("latin-1")
    # A quoted cookie may hold \000, which Django turns into the byte itself: look at the value, not at the header.
    yield from request.COOKIES.values()
    yield from (value for name, value in request.META.items() if name.startswith(("HTTP_", "CONTENT_")))


def _body_has_nul(request: HttpRequest) -> bool:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return False
    if request.content_type == "application/x-www-form-urlencoded":
        return b"\0" in unquote_to_bytes(request.body)
    if request.content_type == "multipart/form-data":
        return any("\0" in text for name, values in request.POST.lists() for text in (name, *values))
    if (request.content_type or "").endswith("json"):
        return b"\0" in request.body or _JSON_NUL.search(request.body) is not None
    return False
