"""Links to a file that end by themselves and serve one person.

Liên kết tệp có thời hạn. A token is signed, not secret: it names the file, its owner, the person and the moment of its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

_SALT = "lienthong.documents.links"


class LinkRefused(Exception):
    """A link does not open its file."""


class LinkExpired(LinkRefused):
    """Its time is over."""

    def __str__(self) -> str:
        return _("Liên kết tệp đã hết hạn. Hãy quay lại trang hồ sơ và mở tệp lần nữa.")


class LinkForged(LinkRefused):
    """It was not made here, or it was changed."""

    def __str__(self) -> str:
        return _("Liên kết tệp không đúng hoặc bị cắt mất một phần. Hãy mở tệp từ trang hồ sơ.")


class LinkOfSomebodyElse(LinkRefused):
    """It was made for another user."""

    def __str__(self) -> str:
        return _("Liên kết này được tạo cho người khác. Hãy đăng nhập và mở tệp từ trang hồ sơ của mình.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGrant:
    """What a link opens. Quyền mở tệp.

    Args:
        owner: The thing whose file it is; the caller asks ``get_file`` whether it still is.
        user_id: The user it was made for; None for a guest who tracks by code and secret.
        valid_until: The first moment at which it opens nothing any more.
    """

    file_id: UUID
    owner: str
    user_id: int | None
    valid_until: datetime


def link_token(file_id: UUID, *, user_id: int | None, owner: str, now: datetime, seconds: int | None = None) -> str:
    """Make the token of a link.

    Args:
        file_id: The file.
        user_id: The user it serves; None for a guest, whose link serves whoever holds it.
        owner: The thing whose file it is.
        now: When it is made.
        seconds: How long it serves; the setting ``FILE_LINK_SECONDS`` by default.
    """
    lasting = timedelta(seconds=settings.FILE_LINK_SECONDS if seconds is None else seconds)
    until = int((now + lasting).timestamp())
    return Signer(salt=_SALT).sign_object([file_id.hex, owner, user_id, until])


def read_token(token: str, *, user_id: int | None, now: datetime) -> FileGrant:
    """Read a token for the user who presents it.

    Raises:
        LinkForged: The signature does not hold.
        LinkExpired: Its time is over.
        LinkOfSomebodyElse: It was made for another user.
    """
    try:
        file_id, owner, made_for, until = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError) as error:
        raise LinkForged from error
    valid_until = datetime.fromtimestamp(until, UTC)
    if now >= valid_until:
        raise LinkExpired
    if made_for is not None and made_for != user_id:
        raise LinkOfSomebodyElse
    return FileGrant(file_id=UUID(file_id), owner=owner, user_id=made_for, valid_until=valid_until)
