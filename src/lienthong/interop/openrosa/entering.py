"""Who speaks: a device, by the token in the address or by Digest. Every answer is one that a device can show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from lienthong.infra.http import HouseRequest
from lienthong.infra.missing import NotFound
from lienthong.infra.throttle import Limit, TooManyTries, begin_try
from lienthong.interop.openrosa.answers import dated, message
from lienthong.poverty.services import devices, digest_sign_in

# Wrong keys only: an office shares one address, and whoever has the right key is never locked out.
OF_A_NETWORK = Limit(tries=60, within=timedelta(minutes=15))
OF_A_KEY = Limit(tries=20, within=timedelta(minutes=15))

Answer = Callable[..., HttpResponse]


class DeviceRequest(HouseRequest):
    """A request of a device. A name for the type checker, never made."""

    device: Any
    root: str


def for_devices(*methods: str) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """Let in devices only, and only with these methods. Whoever is not known is asked for a key, whatever they wanted.

    The view finds ``request.device`` and ``request.root``, under which all addresses of this device lie. Needs no protection
    against forged forms: it listens to no cookie.
    """

    def decorate(view: Answer) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: DeviceRequest, token: str = "", **kwargs: Any) -> HttpResponse:
            try:
                device = _device(request, token)
            except digest_sign_in.DigestRefused as refused:
                return dated(_who_are_you(request, token, is_stale=refused.is_stale), request.received_at)
            request.device = device
            root = f"/openrosa/{token}" if token else "/openrosa"
            request.root = request.build_absolute_uri(root)
            if request.method not in methods:
                words = _("Máy chủ không nhận kiểu yêu cầu này. Hãy cập nhật ứng dụng rồi thử lại.")
                return message(words, status=405, headers={"Allow": ", ".join(methods)})
            try:
                return dated(view(request, **kwargs), request.received_at)
            except NotFound:
                return message(_("Máy chủ không còn tệp này. Hãy tải lại danh sách phiếu."), status=404)

        wrapped.access = "device"  # type: ignore[attr-defined]
        return csrf_exempt(wrapped)

    return decorate


def _device(request: DeviceRequest, token: str) -> Any:
    if token:
        device = devices.device_of_token(token, now=request.received_at)
        if device is None:
            raise digest_sign_in.DigestRefused
        return device
    return digest_sign_in.sign_in(
        request.headers.get("Authorization", ""),
        method=request.method or "",
        address=request.get_full_path(),
        now=request.received_at,
    )


def _who_are_you(request: DeviceRequest, token: str, *, is_stale: bool) -> HttpResponse:
    """Ask for a key. A first question without any is no wrong try; wrong ones are counted."""
    said = token or request.headers.get("Authorization", "")
    if said and not is_stale:
        key = devices.hash_of(token)[:16] if token else "digest"
        network = request.META.get("REMOTE_ADDR", "")
        limits = {f"openrosa:from:{network}": OF_A_NETWORK, f"openrosa:key:{key}:{network}": OF_A_KEY}
        try:
            with transaction.atomic():
                begin_try(limits, now=request.received_at)
        except TooManyTries as stop:
            return message(str(stop), status=429, headers={"Retry-After": str(stop.minutes * 60)})
    if token:
        words = _(
            "Máy này không còn được dùng: mã trong địa chỉ đã bị thu hồi hoặc không đúng. Phiếu vẫn còn trên máy. Hãy xin mã QR "
            "mới ở xã, phường."
        )
        return message(words, status=401)
    words = _("Hãy nhập tên đăng nhập và mật khẩu của máy do xã, phường cấp. Phiếu vẫn còn trên máy.")
    challenge = digest_sign_in.challenge(now=request.received_at, is_stale=is_stale)
    return message(words, status=401, headers={"WWW-Authenticate": challenge})
