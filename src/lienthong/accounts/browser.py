"""The browser's side of an account: prove who it is, tie Django's session to a sign-in, let go of both."""

import contextlib

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db import transaction

from lienthong.accounts import services
from lienthong.accounts.models import User
from lienthong.accounts.services import AccountRefusal
from lienthong.accounts.states import EndReason
from lienthong.infra.http import KEPT_FORM, HouseRequest

SIGN_IN_ID = "sign_in_id"
SEEN_AT = "seen_at"
SIGNED_OUT_IDLE = "signed_out_idle"


class WrongNameOrPassword(AccountRefusal):
    """Name and password do not belong together: whether the name exists is not told."""

    def __str__(self) -> str:
        return "Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt, rồi gõ lại."


def sign_in(request: HouseRequest, *, username: str, password: str) -> User:
    """Sign in the browser, under a new session key. A form kept for somebody else is thrown away.

    Đăng nhập.

    Raises:
        WrongNameOrPassword: Unknown name, wrong password, closed account or locked name; a locked name is then
            answered by ``lockout.locked_out``.
    """
    user = authenticate(request, username=username.strip().lower(), password=password)
    if not isinstance(user, User):
        raise WrongNameOrPassword
    if request.user.is_authenticated:
        sign_out(request)
    with transaction.atomic():
        login(request, user)
        command = services.BeginSession(
            user_id=user.pk,
            session_key=request.session.session_key or "",
            address=request.META.get("REMOTE_ADDR") or None,
            user_agent=request.headers.get("User-Agent", ""),
        )
        sign_in = services.begin_session(command, now=request.received_at)
    request.session[SIGN_IN_ID] = sign_in.pk
    request.session[SEEN_AT] = request.received_at.isoformat()
    request.session.pop(SIGNED_OUT_IDLE, None)
    if request.session.get(KEPT_FORM, {}).get("account_id") != user.pk:
        request.session.pop(KEPT_FORM, None)
    return user


def sign_out(request: HouseRequest, *, because: EndReason = EndReason.SIGNED_OUT) -> None:
    """End the session of this browser and forget everything that it held."""
    sign_in_id = current_sign_in_id(request)
    if sign_in_id is not None:
        # It may have been ended elsewhere a moment ago: the browser still has to forget it.
        with contextlib.suppress(services.NoSuchSession):
            services.end_session(
                sign_in_id=sign_in_id, acting_user=request.user, now=request.received_at, because=because
            )
    logout(request)


def change_password(request: HouseRequest, *, current: str, new: str) -> None:
    """Change the password of whoever is signed in; this session goes on under a new key, all others end.

    A wrong current password counts towards the lock of the name: an open session is no place to guess in.

    Raises:
        WrongPassword: The current password is wrong.
        SamePassword: Both are the same.
        WeakPassword: The new one is too easy.
    """
    if authenticate(request, username=request.user.username, password=current) is None:
        raise services.WrongPassword
    sign_in_id = current_sign_in_id(request)
    with transaction.atomic():
        user = services.change_password(
            current=current,
            new=new,
            acting_user=request.user,
            keep_sign_in_id=sign_in_id,
            now=request.received_at,
        )
        update_session_auth_hash(request, user)
        if sign_in_id is not None:
            services.move_session(sign_in_id=sign_in_id, session_key=request.session.session_key or "")


def current_sign_in_id(request: HouseRequest) -> int | None:
    """Return the sign-in to which this browser's session belongs."""
    sign_in_id: int | None = request.session.get(SIGN_IN_ID)
    return sign_in_id
