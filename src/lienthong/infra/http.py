"""How a view says what it does: reads or writes, and who may come in. Every route carries a declared access."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

View = TypeVar("View", bound=Callable[..., HttpResponse])

KEPT_FORM = "kept_form"
_WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "ALTER", "DROP", "CREATE")


class GetMayNotWrite(RuntimeError):
    """A view declared as reading tried to change the database."""


class Gate(Protocol):
    """A question asked before a view runs: may this user come here at all?"""

    def __call__(self, user: Any, /) -> bool: ...


def reads(view: View) -> View:
    """Declare a view that only reads: other methods than GET and HEAD are refused, and so is any write."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with connection.execute_wrapper(_refuse_writes):
            return view(request, *args, **kwargs)

    return require_safe(wrapped)  # type: ignore[return-value]


def writes(view: View) -> View:
    """Declare a view that shows a form on GET and calls one service on POST. The service has its own transaction."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        with connection.execute_wrapper(_refuse_writes):
            return view(request, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(wrapped)  # type: ignore[return-value]


def allowed(gate: Gate) -> Callable[[View], View]:
    """Let in only users for whom ``gate`` holds. Guests are sent to sign in; others get the same page as for nothing there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            if not gate(request.user):
                return not_found(request)
            return view(request, *args, **kwargs)

        wrapped.access = gate  # type: ignore[attr-defined]
        return wrapped  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Declare a view that anybody may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def note_read(request: HttpRequest, subject: str, action: str = "view") -> None:
    """Remember that this page shows a personal record; ``RecordReads`` writes it down after the page was made."""
    request.personal_reads.append((subject, action))  # type: ignore[attr-defined]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 alike for what is not there and for what this user may not see."""
    return render(request, "base/errors/404.html", status=404)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token has died (a session that ended, another tab): what was typed is kept in the page."""
    kept = [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    return render(request, "base/errors/form_expired.html", {"kept": kept, "path": request.get_full_path()}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 with what to do, for a request that is malformed or too large."""
    return render(request, "base/errors/400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a sentence and no detail."""
    return render(request, "base/errors/500.html", status=500)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a guest to sign in. A form that outlived its session is kept and offered again afterwards (files cannot be)."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
    request.session[KEPT_FORM] = {"path": request.get_full_path(), "fields": fields, "files": bool(request.FILES)}
    return redirect_to_login("/kept-form/")


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.lstrip("( \n").upper().startswith(_WRITING):
        raise GetMayNotWrite(sql)
    return execute(sql, params, many, context)
