"""What happens to every request: NUL bytes are refused, the clock is read once, reads of personal data are recorded."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lienthong.infra.models import ReadRecord

Next = Callable[[HttpRequest], HttpResponse]


class RefuseNulBytes:
    """Refuse a request with a NUL byte in its path, query, headers or form: PostgreSQL cannot store one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or b"\0" in unquote_to_bytes(query) or "\0" in request.META.get("HTTP_COOKIE", ""):
            return self._refuse(request)
        if request.method in {"POST", "PUT", "PATCH"} and _form_has_nul(request):
            return self._refuse(request)
        return self.get_response(request)

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        return render(request, "base/errors/400.html", {"what": "nul"}, status=400)


class RequestMoment:
    """Read the clock once: ``request.received_at`` is the ``now`` of everything that this request does."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at = timezone.now()  # type: ignore[attr-defined]
        return self.get_response(request)


class RecordReads:
    """Write down which personal records a page showed, after the page was made (see ``http.note_read``)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.personal_reads = []  # type: ignore[attr-defined]
        response = self.get_response(request)
        reads: list[tuple[str, str]] = request.personal_reads  # type: ignore[attr-defined]
        if reads and response.status_code < 400:
            ReadRecord.objects.bulk_create(
                ReadRecord(
                    actor_id=request.user.pk if request.user.is_authenticated else None,
                    subject=subject,
                    action=action,
                    path=request.path,
                    address=request.META.get("REMOTE_ADDR") or None,
                    at=request.received_at,  # type: ignore[attr-defined]
                )
                for subject, action in dict.fromkeys(reads)
            )
        return response


def _form_has_nul(request: HttpRequest) -> bool:
    if request.content_type == "application/x-www-form-urlencoded":
        return b"\0" in unquote_to_bytes(request.body.replace(b"+", b" "))
    if request.content_type == "multipart/form-data":
        names = any("\0" in file.name for file in request.FILES.values() if file.name)
        return names or any("\0" in value for values in request.POST.lists() for value in [values[0], *values[1]])
    return False
