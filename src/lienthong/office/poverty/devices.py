"""Phones of enumerators: whose they are, a new one with its QR code for ODK Collect, one that is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_moment
from lienthong.kernel.text import fold
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import typed
from lienthong.poverty import policies
from lienthong.poverty.queries import submissions as queries
from lienthong.poverty.queries.enumerators import who_may_get_devices
from lienthong.poverty.services import devices as verbs

ROWS_ON_A_PAGE = 50
IN_USE, REVOKED = "in_use", "revoked"


class DeviceForm(forms.Form):
    """Whose the phone is, and by which name people will know it."""

    whose = forms.ChoiceField(label="", choices=(), select=True)
    name = forms.LineField(label="", max_length=100)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whose"].label = _("Máy của ai?")
        self.fields["name"].label = _("Tên máy")
        self.fields["name"].help_text = _("Để sau này biết thu hồi máy nào, ví dụ: Samsung A15 của chị Lan")
        forms.choose_from(self, "whose", choices)


def comes_in(user: Any, *, on: date) -> bool:
    """Tell whether there are phones that concern this user."""
    return policies.sees_province(user, on=on) or policies.is_enumerator(user, on=on)


@allowed(comes_in)
@reads
def devices(request: HouseRequest) -> HttpResponse:
    found = list(queries.devices_of(request.user, on=request.today))
    unit = _text(request, "unit")
    found = [one for one in found if not unit or one.unit.code == unit]
    wanted = fold(_text(request, "text"))
    found = [one for one in found if wanted in fold(f"{one.name} {one.user.full_name} {one.unit}")]
    state = _text(request, "state")
    shown = [one for one in found if not state or (one.revoked_at is None) == (state == IN_USE)]
    if request.GET.get("format") == "xlsx":
        return _export(shown)
    in_use = sum(one.revoked_at is None for one in found)
    page = Paginator(shown, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "in_use": in_use,
        "states": [("", _("Tất cả"), len(found)), (IN_USE, _("đang dùng"), in_use), (REVOKED, _("đã thu hồi"), len(found) - in_use)] if 0 < in_use < len(found) or state else [],
        "text": _text(request, "text"),
        "unit": unit,
        "is_wide": len({one.unit_id for one in found}) > 1,
        "is_narrowed": bool(unit or wanted or state),
        "may_add": bool(who_may_get_devices(request.user, unit_code=unit, on=request.today)),
        "runs": _runs_any(request),
        "may_revoke": {one.pk for one in page if _may_revoke(request, one)},
    }  # fmt: skip
    return office_page(request, "office/poverty/devices.html", context)


@allowed(comes_in)
@writes
def add_device(request: HouseRequest) -> HttpResponse:
    people = who_may_get_devices(request.user, unit_code=_text(request, "unit"), on=request.today)
    choices = [(f"{unit.pk}-{user.pk}", _whose(user, unit, people)) for unit, user in people]
    first = [("", _("chọn người"))] if len(choices) > 1 else []
    form = DeviceForm(request.POST if request.method == "POST" else None, choices=[*first, *choices])
    if request.method == "POST" and form.is_valid():
        unit, user = next((unit, user) for unit, user in people if f"{unit.pk}-{user.pk}" == form.cleaned_data["whose"])
        try:
            keys = verbs.add_device(
                user, unit, form.cleaned_data["name"], acting_user=request.user, now=request.received_at
            )
        except verbs.DeviceRefused as refusal:
            form.show(refusal)
        else:
            return _shown_once(request, keys)
    context = {"form": form, "has_people": bool(people), "back": _back(request)}
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/poverty/add_device.html", context, status=status)


@allowed(comes_in)
@writes
def revoke_device(request: HouseRequest, device_id: int) -> HttpResponse:
    device = queries.get_device(device_id, as_=request.user, on=request.today)
    if not _may_revoke(request, device):
        raise queries.DeviceNotFound(device_id)
    back = reverse("office:poverty_devices")
    if request.method == "POST":
        verbs.revoke_device(device.pk, acting_user=request.user, now=request.received_at)
        messages.success(request, _("Đã thu hồi máy “%(name)s”.") % {"name": device.name})
        return redirect(back)
    context = {
        "heading": _("Thu hồi máy “%(name)s”?") % {"name": device.name},
        "what": _(
            "Máy không tải được phiếu, không gửi được phiếu nữa. Phiếu chưa gửi vẫn nằm trên máy: nếu máy còn, hãy gửi hết "
            "trước khi thu hồi. Muốn dùng lại thì thêm máy mới."
        ),
        "press": _("Thu hồi máy"),
        "back": back,
        "caption": f"{device.user.full_name}, {device.unit}",
        "form": None,
    }
    return office_page(request, "office/poverty/act.html", context)


def _shown_once(request: HouseRequest, keys: verbs.DeviceKeys) -> HttpResponse:
    """Answer with the keys themselves: they are kept nowhere, so there is no page to lead to."""
    context = {
        "keys": keys,
        "device": keys.device,
        "server": keys.server_address.removesuffix(f"/{keys.token}"),
        "back": reverse("office:poverty_devices"),
        "is_own": keys.device.user_id == request.user.pk,
    }
    response = office_page(request, "office/poverty/device_keys.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _whose(user: Any, unit: Any, people: list[Any]) -> str:
    return user.full_name if len({one.pk for one, _user in people}) == 1 else f"{user.full_name}, {unit}"


def _runs_any(request: HouseRequest) -> bool:
    user, today = request.user, request.today
    return policies.runs_a_commune(user, on=today) or policies.runs_province(user, on=today)


def _may_revoke(request: HouseRequest, device: Any) -> bool:
    if device.revoked_at is not None:
        return False
    return device.user_id == request.user.pk or policies.gives_devices(request.user, device.unit_id, on=request.today)


def _back(request: HouseRequest) -> str:
    code = _text(request, "unit")
    return reverse("office:poverty_devices") + (f"?unit={code}" if code.replace(".", "").isalnum() else "")


def _text(request: HouseRequest, name: str) -> str:
    return typed(request.GET, name).strip()


def _export(rows: list[Any]) -> HttpResponse:
    return sheet_response(
        "may-khao-sat.xlsx",
        columns=[_("Tên máy"), _("Điều tra viên"), _("Xã, phường"), _("Tên đăng nhập"), _("Thêm lúc"), _("Dùng lần cuối"), _("Thu hồi lúc"), _("Phiếu đã gửi")],
        rows=[
            [
                one.name, one.user.full_name, str(one.unit), one.login, format_moment(one.added_at),
                format_moment(one.last_seen_at) if one.last_seen_at else "", format_moment(one.revoked_at) if one.revoked_at else "",
                one.sent,
            ]
            for one in rows
        ],
    )  # fmt: skip
