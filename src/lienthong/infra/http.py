"""How a view says what it does: reads or writes, and who may come in. Every route carries a declared access."""

import inspect
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.signing import BadSignature
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from lienthong.infra.missing import NotFound
from lienthong.infra.sheets import TooManyRows

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Gate = Callable[..., bool]

KEPT_FORM = "kept_form"
KEPT_FORM_ADDRESS = "/kept-form/"
KEPT_FORM_LIMIT = 200_000
RETRY_AFTER_SECONDS = 15
LAST_ACCOUNT_COOKIE = "lienthong_last_account"
_WRONG = {
    MultiPartParserError: "cut off",
    TooManyFieldsSent: "many fields",
    TooManyFilesSent: "many files",
    RequestDataTooBig: "too big",
    DisallowedHost: "host",
}
# Of PostgreSQL: the connection failed; the operator intervened (shutting down, starting up).
_STATES_OF_A_SERVER_AWAY = ("08", "57P")
_WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "ALTER", "DROP", "CREATE")


class HouseRequest(HttpRequest):
    """A request as it reaches a view, with what the middleware has added. A name for the type checker, never made."""

    user: Any
    received_at: datetime
    today: date
    personal_reads: list[tuple[str, str]]


class GetMayNotWrite(RuntimeError):
    """A view declared as reading tried to change the database."""


def reads(view: View) -> View:
    """Declare a view that only reads: other methods than GET and HEAD are refused, and so is any write."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with connection.execute_wrapper(_refuse_writes):
            return _answered(view, request, *args, **kwargs)

    return require_safe(wrapped)  # type: ignore[return-value]


def writes(view: View) -> View:
    """Declare a view that shows a form on GET and calls one service on POST. The service has its own transaction."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            return _answered(view, request, *args, **kwargs)
        with connection.execute_wrapper(_refuse_writes):
            return _answered(view, request, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(wrapped)  # type: ignore[return-value]


def allowed(gate: Gate) -> Callable[[View], View]:
    """Let in only users for whom ``gate`` holds. Guests are sent to sign in; others get the same page as for nothing there.

    Args:
        gate: A predicate of a context's policies: ``gate(user)``, or ``gate(user, on=…)`` where it asks for the day.
    """
    asks_for_day = "on" in inspect.signature(gate).parameters

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HouseRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            facts = {"on": request.today} if asks_for_day else {}
            if not gate(request.user, **facts):
                return not_found(request)
            return view(request, *args, **kwargs)

        wrapped.access = gate  # type: ignore[attr-defined]
        return wrapped  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Declare a view that anybody may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def note_read(request: HouseRequest, subject: str, action: str = "view") -> None:
    """Remember that this page shows a personal record; ``RecordReads`` writes it down after the page was made."""
    request.personal_reads.append((subject, action))


def local_address(address: str | None, *, default: str) -> str:
    """Return an address if it lies in this house, else ``default``: nobody is led elsewhere after signing in."""
    if address and address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return address
    return default


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 alike for what is not there and for what this user may not see."""
    return render(request, "base/errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 with the reason, where it was given in words."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "base/errors/403.html", {"reason": reason}, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token has died (a session that ended, another tab): what was typed is kept in the page.

    Only what our own page sent is offered again: another site must not put words into our mouth. A password is never
    written into a page.
    """
    kept = _typed(request) if _came_from_our_page(request) else None
    context = {
        "is_kept": kept is not None,
        "kept": kept or [],
        "files": bool(request.FILES),
        "path": request.get_full_path(),
        "back": _page_before(request),
    }
    return render(request, "base/errors/form_expired.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 with what was wrong, where, and what to do, for a request that Django did not take in."""
    limits = {
        "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024),
        "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    return render(request, "base/errors/400.html", {"what": _what_was_wrong(exception), **limits}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a sentence and no detail, or 503 while the database is away.

    Asks nobody who is signed in: the database may be what failed.
    """
    house = {"demo_mode": settings.DEMO_MODE, "province_name": settings.PROVINCE_NAME}
    if _is_database_away(sys.exception()):
        page = render_to_string("base/errors/503.html", house)
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return HttpResponse(render_to_string("base/errors/500.html", house), status=500)


def remember_account(request: HttpRequest, response: HttpResponse) -> None:
    """Leave a signed note in the browser whose pages it shows, so that a form kept for them is given to nobody else."""
    if request.user.is_authenticated and last_account(request) != request.user.pk:
        response.set_signed_cookie(
            LAST_ACCOUNT_COOKIE,
            str(request.user.pk),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def last_account(request: HttpRequest) -> int | None:
    """Return whose pages this browser showed last; None where that is not known."""
    try:
        return int(request.get_signed_cookie(LAST_ACCOUNT_COOKIE) or "")
    except (KeyError, ValueError, BadSignature):
        return None


def _is_database_away(exception: BaseException | None) -> bool:
    """Whether the server could not be reached or is going down; a deadlock or a statement too slow is an error of ours."""
    if not isinstance(exception, OperationalError):
        return False
    state = getattr(exception.__cause__, "sqlstate", None)
    return state is None or state.startswith(_STATES_OF_A_SERVER_AWAY)


def _what_was_wrong(exception: Exception | None) -> str:
    # The head of a part holds the file's name; no file system keeps one so long that it does not fit.
    if isinstance(exception, MultiPartParserError) and "header size" in str(exception):
        return "long name"
    return next((what for kind, what in _WRONG.items() if isinstance(exception, kind)), "")


def _answered(
    view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except NotFound:
        return not_found(request)
    except TooManyRows as refusal:
        return render(request, "base/errors/422.html", {"reason": str(refusal)}, status=422)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a guest to sign in. A form that outlived its session is kept and offered again afterwards (files cannot be)."""
    address = request.get_full_path()
    if request.method == "POST" and _keep_form(request):
        address = KEPT_FORM_ADDRESS
    to_sign_in = redirect_to_login(address)
    # A part of a page must not be replaced by the sign-in form: the whole page goes there.
    return HttpResponseClientRedirect(to_sign_in.url) if request.headers.get("HX-Request") else to_sign_in


def _keep_form(request: HttpRequest) -> bool:
    account_id, fields = last_account(request), _typed(request)
    if account_id is None or fields is None or sum(len(name) + len(value) for name, value in fields) > KEPT_FORM_LIMIT:
        return False
    request.session[KEPT_FORM] = {
        "account_id": account_id,
        "path": request.get_full_path(),
        "fields": fields,
        "files": bool(request.FILES),
    }
    return True


def _typed(request: HttpRequest) -> list[tuple[str, str]] | None:
    """Return the fields of a posted form; None where one of them is a password, which is kept nowhere."""
    if any("password" in name for name in request.POST):
        return None
    return [
        (name, str(value)) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]


def _came_from_our_page(request: HttpRequest) -> bool:
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _page_before(request: HttpRequest) -> str:
    referer = urlsplit(request.headers.get("Referer", ""))
    address = f"{referer.path}?{referer.query}" if referer.query else referer.path
    return local_address(address if referer.netloc == request.get_host() else None, default="/")


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.lstrip("( \n").upper().startswith(_WRITING):
        raise GetMayNotWrite(sql)
    return execute(sql, params, many, context)
