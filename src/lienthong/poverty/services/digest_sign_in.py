"""Digest sign-in of devices (RFC 2617, ``qop=auth``): nonces that age, counters that never come twice.

A nonce is its moment and a seal over it, so that none is kept before it is used; what is kept is how far it was counted.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import connection

from lienthong.poverty.models import EnumeratorDevice, UsedNonce
from lienthong.poverty.services.devices import REALM, device_of_login, is_same

NONCE_LIVES = timedelta(minutes=15)
_SALT = "lienthong.openrosa.nonce"
_PART = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_COUNT = re.compile(r"[0-9a-fA-F]{8}")


class DigestRefused(Exception):
    """The answer to a challenge does not hold; ``is_stale`` says that only its nonce is too old or used up."""

    def __init__(self, *, is_stale: bool = False) -> None:
        super().__init__()
        self.is_stale = is_stale


@dataclass(frozen=True, slots=True)
class _Answer:
    login: str
    realm: str
    nonce: str
    uri: str
    response: str
    qop: str
    count: str
    client_nonce: str


def challenge(*, now: datetime, is_stale: bool = False) -> str:
    """Return a ``WWW-Authenticate`` header with a new nonce."""
    said = f"{int(now.timestamp())}.{secrets.token_urlsafe(9)}"
    nonce = signing.Signer(salt=_SALT).sign(said)
    return f'Digest realm="{REALM}", qop="auth", nonce="{nonce}", algorithm=MD5' + (", stale=true" if is_stale else "")


def sign_in(header: str, *, method: str, address: str, now: datetime) -> EnumeratorDevice:
    """Return the device that an ``Authorization`` header speaks for.

    Args:
        header: As it came.
        method: Of the request.
        address: Path and query of the request, which the answer has to name.
        now: When.

    Raises:
        DigestRefused: Wrong, incomplete, for another address, too old, or sent before.
    """
    answer = _read(header)
    if answer.uri != address or answer.realm != REALM or answer.qop != "auth" or not _COUNT.fullmatch(answer.count):
        raise DigestRefused
    made_at = _made_at(answer.nonce)
    device = device_of_login(answer.login, now=now)
    expected = _expected(device.digest_ha1 if device else "0" * 32, method, answer)
    if not is_same(expected, answer.response) or device is None:
        raise DigestRefused
    if not made_at - timedelta(minutes=1) <= now < made_at + NONCE_LIVES:
        raise DigestRefused(is_stale=True)
    _count_up(device, answer, expires_at=made_at + NONCE_LIVES, now=now)
    return device


def _read(header: str) -> _Answer:
    kind, _, rest = header.partition(" ")
    said = {name.lower(): (quoted or bare) for name, quoted, bare in _PART.findall(rest)}
    if kind.lower() != "digest":
        raise DigestRefused
    return _Answer(
        login=said.get("username", ""),
        realm=said.get("realm", ""),
        nonce=said.get("nonce", ""),
        uri=said.get("uri", ""),
        response=said.get("response", "").lower(),
        qop=said.get("qop", ""),
        count=said.get("nc", ""),
        client_nonce=said.get("cnonce", ""),
    )


def _made_at(nonce: str) -> datetime:
    try:
        said = signing.Signer(salt=_SALT).unsign(nonce)
        return datetime.fromtimestamp(int(said.partition(".")[0]), tz=UTC)
    except (signing.BadSignature, ValueError, OverflowError, OSError) as error:
        raise DigestRefused from error


def _expected(ha1: str, method: str, answer: _Answer) -> str:
    ha2 = _md5(f"{method}:{answer.uri}")
    return _md5(f"{ha1}:{answer.nonce}:{answer.count}:{answer.client_nonce}:{answer.qop}:{ha2}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


_COUNT_UP = """
INSERT INTO poverty_usednonce AS known (nonce, device_id, count, expires_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (nonce) DO UPDATE SET count = excluded.count
WHERE known.count < excluded.count AND known.device_id = excluded.device_id
RETURNING (xmax = 0)
"""


def _count_up(device: EnumeratorDevice, answer: _Answer, *, expires_at: datetime, now: datetime) -> None:
    """Let a count be used once: of two that come at the same time the second finds it taken."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [answer.nonce, device.pk, int(answer.count, 16), expires_at])
        row = cursor.fetchone()
    if row is None:
        raise DigestRefused(is_stale=True)
    if row[0]:
        UsedNonce.objects.filter(expires_at__lt=now).delete()
