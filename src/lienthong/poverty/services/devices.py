"""Phones of enumerators: added with keys that are shown once, recognised by them, revoked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.poverty import policies
from lienthong.poverty.events import DeviceAdded, DeviceRevoked
from lienthong.poverty.models import EnumeratorDevice
from lienthong.units.models import AdministrativeUnit

REALM = "Lien Thong"
SEEN_AGAIN_AFTER = timedelta(minutes=5)


class DeviceRefused(Exception):
    """Base of why a device is not added, in words."""


class NotYourCommune(DeviceRefused):
    """The user runs no review in this commune."""

    def __init__(self) -> None:
        super().__init__(
            _("Chỉ cán bộ phụ trách rà soát của xã, phường này mới cấp máy. Hãy nhờ người phụ trách của xã, phường.")
        )


class NotAnEnumerator(DeviceRefused):
    """The device's user visits no households there."""

    def __init__(self, user: User) -> None:
        super().__init__(
            _("%(name)s chưa được phân công khảo sát ở xã, phường này. Hãy phân công vai trò điều tra viên trước.")
            % {"name": user.full_name}
        )


class NameNeeded(DeviceRefused):
    """The device has no name."""

    def __init__(self) -> None:
        super().__init__(_("Chưa đặt tên máy. Hãy ghi tên để sau này biết thu hồi máy nào, ví dụ “Máy của chị Lan”."))


class DeviceNotFound(NotFound):
    """There is no such device, or none that the user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKeys:
    """What a new device is told once; afterwards nobody can read it again. Khóa của máy.

    Attributes:
        token: Part of the address under which the device speaks with the server.
        password: For Digest sign-in under ``/openrosa``, with ``device.login``.
        server_address: What is typed into ODK Collect by hand; no name and password are needed with it.
        settings_text: What the QR code says.
    """

    device: EnumeratorDevice
    token: str
    password: str
    server_address: str
    settings_text: str

    @property
    def qr_code(self) -> str:
        """The QR code as an address of an SVG picture."""
        return qr_picture(self.settings_text)


@transaction.atomic
def add_device(user: User, unit: AdministrativeUnit, name: str, *, acting_user: User, now: datetime) -> DeviceKeys:
    """Add a device of an enumerator and make its keys. Only their hashes are kept.

    Thêm máy của điều tra viên.

    Args:
        user: The enumerator.
        unit: The commune for which they visit households.
        name: By which people recognise the device.
        acting_user: Runs the review there, or in the province; or the enumerator themselves.
        now: When.

    Raises:
        DeviceRefused: In words.
    """
    today = local_day(now)
    if not (acting_user.pk == user.pk or policies.gives_devices(acting_user, unit.pk, on=today)):
        raise NotYourCommune
    if unit.pk not in policies.enumerates_in(user, on=today):
        raise NotAnEnumerator(user)
    if not name.strip():
        raise NameNeeded
    token, password, login = secrets.token_urlsafe(32), secrets.token_urlsafe(12), f"may-{secrets.token_hex(4)}"
    device = EnumeratorDevice.objects.create(
        user=user,
        unit=unit,
        name=name.strip()[:100],
        login=login,
        token_hash=hash_of(token),
        digest_ha1=ha1_of(login, password),
        added_at=now,
        added_by=acting_user,
    )
    fact = DeviceAdded(device_id=device.pk, user_id=user.pk)
    record(fact, stream=stream_of(device), actor_id=acting_user.pk, at=now)
    address = f"{settings.PUBLIC_URL}/openrosa/{token}"
    return DeviceKeys(
        device=device,
        token=token,
        password=password,
        server_address=address,
        settings_text=collect_settings(address, project=f"{_('Rà soát hộ nghèo')} – {unit}"),
    )


@transaction.atomic
def revoke_device(device_id: int, *, acting_user: User, now: datetime) -> None:
    """End a device: its keys open nothing any more. Done twice, it changes nothing.

    Thu hồi máy.

    Raises:
        DeviceNotFound: None, or neither one of the user's commune nor their own.
    """
    device = EnumeratorDevice.objects.select_for_update().filter(pk=device_id).first()
    today = local_day(now)
    # A lost phone is not left open until an officer is back in the office.
    if device is None or not (
        device.user_id == acting_user.pk or policies.gives_devices(acting_user, device.unit_id, on=today)
    ):
        raise DeviceNotFound(device_id)
    if device.revoked_at is None:
        device.revoked_at = now
        device.save(update_fields=["revoked_at"])
        fact = DeviceRevoked(device_id=device.pk, user_id=device.user_id)
        record(fact, stream=stream_of(device), actor_id=acting_user.pk, at=now)


def device_of_token(token: str, *, now: datetime) -> EnumeratorDevice | None:
    """Return the device in use that has this token, and note that it was seen; None for any other."""
    return _seen(_in_use().filter(token_hash=hash_of(token)).first(), now=now)


def device_of_login(login: str, *, now: datetime) -> EnumeratorDevice | None:
    """Return the device in use of this name, whose password is still to be asked; None for any other."""
    return _seen(_in_use().filter(login=login).first(), now=now)


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def ha1_of(login: str, password: str) -> str:
    """Return what Digest sign-in keeps of a password: MD5 is what that protocol has."""
    return hashlib.md5(f"{login}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compare two secrets in the same time, whatever they say."""
    return hmac.compare_digest(one.encode(), other.encode())


def stream_of(device: EnumeratorDevice) -> str:
    """Return the name of the device's event stream."""
    return f"survey-device:{device.pk}"


def collect_settings(server_address: str, *, project: str) -> str:
    """Return what ODK Collect reads from a QR code: its settings as JSON, deflated, in Base64.

    Forms follow the server by themselves, filled forms are sent as soon as there is a network.
    """
    chosen = {
        "general": {
            "protocol": "odk_default",
            "server_url": server_address,
            "form_update_mode": "match_exactly",
            "periodic_form_updates_check": "every_one_hour",
            "autosend": "wifi_and_cellular",
            "app_language": "vi",
        },
        "admin": {},
        "project": {"name": project, "icon": "🏠", "color": "#1d5e3c"},
    }
    return base64.b64encode(zlib.compress(json.dumps(chosen, ensure_ascii=False).encode(), 9)).decode()


def qr_picture(text: str) -> str:
    """Return a QR code as a ``data:`` address of an SVG picture."""
    code = segno.make(text, micro=False, error="l")
    return str(code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff"))


def _in_use() -> QuerySet[EnumeratorDevice]:
    return EnumeratorDevice.objects.select_related("user", "unit").filter(revoked_at=None, user__is_active=True)


def _seen(device: EnumeratorDevice | None, *, now: datetime) -> EnumeratorDevice | None:
    if device is not None and (device.last_seen_at is None or device.last_seen_at < now - SEEN_AGAIN_AFTER):
        stale = Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_AGAIN_AFTER)
        EnumeratorDevice.objects.filter(stale, pk=device.pk).update(last_seen_at=now)
    return device
