"""The edge of the device's addresses: bodies without a stated length, files too heavy, and errors that others word in HTML.

Stands before whatever reads a body. A device shows nothing but an ``OpenRosaResponse``, and keeps its copy on every 4xx.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from lienthong.interop.openrosa.answers import REQUEST_LIMIT_BYTES, message, with_headers

ROOT = "/openrosa/"
# Read and thrown away up to here, so that a phone gets its sentence; beyond it the line is cut.
LISTENED_TO_BYTES = 16 * REQUEST_LIMIT_BYTES
_PIECE = 256 * 1024


class _Body(Protocol):
    def read(self, size: int, /) -> bytes: ...


class OpenRosaEdge:
    """Let the rest of the house see an ordinary request, and the device an ordinary answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        if request.method == "POST":
            body = request.META["wsgi.input"]
            with tempfile.TemporaryFile() as kept:
                if (refusal := _taken_in(request, body, kept)) is not None:
                    return refusal
                request.upload_handlers = [PhotoLimit(request)]
                return self._answer(request)
        return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code >= 400 and not response.get("Content-Type", "").startswith("text/xml"):
            return message(_words_for(response.status_code), status=response.status_code, headers=_kept(response))
        return with_headers(response)  # type: ignore[arg-type]


class PhotoLimit(TemporaryFileUploadHandler):
    """Takes files to the disk as they come, and stops at the limit of one file; the view refuses what was too heavy."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > settings.UPLOAD_LIMIT_BYTES:
            too_heavy(self.request).append(self.file_name or "")
            self.file.close()
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


def too_heavy(request: HttpRequest | None) -> list[str]:
    """Return the names of the files of this request that were not taken in because they are too heavy."""
    return request.__dict__.setdefault("files_too_heavy", [])  # type: ignore[no-any-return]


def _taken_in(request: HttpRequest, body: _Body, kept: Any) -> HttpResponseBase | None:
    """Refuse a request heavier than any; give one of unstated length (chunked) its length by keeping it on the disk."""
    stated = request.META.get("CONTENT_LENGTH") or ""
    if stated.isdigit():
        if int(stated) > LISTENED_TO_BYTES:
            return too_large()
        if int(stated) > REQUEST_LIMIT_BYTES:
            _listen(body, int(stated))
            return too_large()
        return None
    if "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    size = 0
    while piece := body.read(_PIECE):
        size += len(piece)
        if size > LISTENED_TO_BYTES:
            return too_large()
        if size <= REQUEST_LIMIT_BYTES:
            kept.write(piece)
    if size > REQUEST_LIMIT_BYTES:
        return too_large()
    kept.seek(0)
    request.META["CONTENT_LENGTH"] = str(size)
    request._stream = kept
    return None


def _listen(body: _Body, size: int) -> None:
    while size > 0 and (piece := body.read(min(_PIECE, size))):
        size -= len(piece)


def too_large(names: str = "") -> HttpResponseBase:
    """Answer that something is heavier than the house takes."""
    limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
    words = (
        _(
            "Ảnh “%(names)s” nặng hơn %(limit)s MB nên phiếu chưa được nhận. Phiếu vẫn còn trên máy: hãy mở phiếu, chụp lại "
            "ảnh ở cỡ nhỏ hơn rồi gửi lại."
        )
        if names
        else _(
            "Lần gửi này quá nặng (mỗi ảnh không quá %(limit)s MB) nên chưa được nhận. Phiếu vẫn còn trên máy: hãy chụp lại "
            "ảnh ở cỡ nhỏ hơn rồi gửi lại."
        )
    )
    return message(words % {"names": names, "limit": limit}, status=413)


def _kept(response: HttpResponseBase) -> dict[str, str]:
    return {name: response[name] for name in ("WWW-Authenticate", "Retry-After", "Allow") if name in response}


def _words_for(status: int) -> str:
    if status == 404:
        return _("Không có địa chỉ này trên máy chủ. Hãy xem lại địa chỉ trong cài đặt của máy, hoặc quét lại mã QR.")
    if status == 405:
        return _("Máy chủ không nhận kiểu yêu cầu này. Hãy cập nhật ứng dụng rồi thử lại.")
    if status == 503:
        return _("Máy chủ đang tạm nghỉ. Phiếu vẫn còn trên máy; hãy gửi lại sau ít phút.")
    if status >= 500:
        return _("Máy chủ gặp lỗi khi nhận. Phiếu vẫn còn trên máy; hãy gửi lại sau, nếu vẫn lỗi hãy báo xã, phường.")
    return _(
        "Phần gửi lên bị đứt hoặc không đúng khuôn dạng nên chưa được nhận. Phiếu vẫn còn trên máy: hãy gửi lại khi mạng ổn định."
    )
