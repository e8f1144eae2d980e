"""Disability certificates: the list, those to be issued anew, recording one, withdrawing one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import beneficiaries, people
from lienthong.assistance.queries import certificates as queries
from lienthong.assistance.queries.certificates import CertificateFilter, Renewal
from lienthong.assistance.services import certificates as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.infra import forms
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_day
from lienthong.office.assistance.facts import WithdrawForm
from lienthong.office.assistance.wording import birth_words, until_of
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.office.sent_once import SentOnce
from lienthong.rules.disability import DisabilityKind, DisabilityLevel
from lienthong.units import queries as units

ROWS_ON_A_PAGE = 50


class CertificateForm(SentOnce):
    """A certificate as it lies on the table."""

    level = forms.ChoiceField(
        label=gettext_lazy("Mức độ khuyết tật"), choices=[(one.value, one.in_words) for one in DisabilityLevel]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Dạng khuyết tật"), choices=[(one.value, one.in_words) for one in DisabilityKind]
    )
    number = forms.LineField(label=gettext_lazy("Số giấy xác nhận"), max_length=services.LONGEST_NUMBER)
    issued_on = forms.DayField(label=gettext_lazy("Ngày cấp"))
    issued_by = forms.ChoiceField(
        label=gettext_lazy("Nơi cấp"), select=True, required=False,
        help_text=gettext_lazy("Xã, phường nơi Chủ tịch ký giấy; để trống nếu giấy không ghi rõ"),
    )  # fmt: skip
    form_items = forms.LineField(
        label=gettext_lazy("Mục khuyết tật đặc biệt nặng trong phiếu Mẫu số 02 (trẻ dưới 6 tuổi)"), required=False,
        max_length=60, help_text=gettext_lazy("Ghi số mục, cách nhau bằng dấu phẩy, ví dụ 1.1, 1.3; để trống khi không có phiếu"),
    )  # fmt: skip
    last_day = forms.DayField(
        label=gettext_lazy("Có giá trị đến hết ngày"), required=False,
        help_text=gettext_lazy("Để trống khi giấy không ghi thời hạn"),
    )  # fmt: skip

    def __init__(self, *args: Any, communes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "issued_by", [("", _("không rõ")), *communes])

    def to_command(self, person_id: int) -> services.RecordCertificate:
        data = self.cleaned_data
        items = frozenset(filter(None, (one.strip() for one in data["form_items"].split(","))))
        return services.RecordCertificate(
            person_id=person_id,
            level=DisabilityLevel(data["level"]),
            kind=DisabilityKind(data["kind"]),
            number=data["number"],
            issued_on=data["issued_on"],
            issued_by_id=int(data["issued_by"]) if data["issued_by"] else None,
            form_items=items or None,
            valid_until=until_of(data["last_day"]),
            client_key=data["client_key"],
        )


@allowed(policies.sees_assistance)
@reads
def certificate_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, CertificateFilter)
    rows = queries.certificates(request.user, asked, on=request.today)
    note_read(request, f"certificates:{address_of(asked)}")
    if request.GET.get("format") == "xlsx":
        note_read(request, f"certificates:{address_of(asked)}", "export")
        return _export(request, rows)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    every = CertificateFilter(q=asked.q, commune=asked.commune, level=asked.level)
    held, due = queries.counts_of(request.user, every, on=request.today)
    context = {
        "page": page,
        "rows": [_row(one, request.today) for one in page],
        "asked": asked,
        "communes": beneficiaries.communes_to_choose(request.user, on=request.today),
        "levels": [("", _("Tất cả")), *((one.value, one.in_words) for one in DisabilityLevel)],
        "dues": [("", _("Tất cả"), held), ("yes", _("Đến hạn cấp lại"), due)],
        "states": [("", _("Còn hiệu lực")), ("over", _("Hết giá trị, đã rút")), ("all", _("Tất cả"))],
        "due": due,
        "is_narrowed": asked != CertificateFilter(),
    }
    return office_page(request, "office/assistance/certificates.html", context)


@allowed(policies.sees_assistance)
@writes
def new_certificate(request: HouseRequest, person_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    if not acts.records:
        raise people.PersonNotFound
    communes = [(str(unit.pk), unit.name) for unit in units.communes_on(request.today)]
    form = CertificateForm(
        request.POST or None, communes=communes, initial={"issued_by": str(acts.place.pk) if acts.place else ""}
    )
    back = reverse("office:assistance_person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.record_certificate(form.to_command(person.pk), acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            form.show(refusal)
        except KeyAlreadyUsed as again:
            messages.info(request, str(again))
            return redirect(back)
        else:
            messages.success(request, _("Đã ghi giấy xác nhận khuyết tật."))
            return redirect(back)
    note_read(request, f"person:{person.pk}", "certificates")
    context = {
        "heading": _("Ghi giấy xác nhận khuyết tật"),
        "what": _("Giấy ghi trước, nếu còn hiệu lực, kết thúc vào ngày cấp giấy này."),
        "press": _("Ghi giấy xác nhận"),
        "caption": person.full_name,
        "back": back,
        "form": form,
    }
    return office_page(request, "office/assistance/act.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_assistance)
@writes
def withdraw_certificate(request: HouseRequest, person_id: int, certificate_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    row = next((one for one in people.certificates_of(person.pk) if one.pk == certificate_id), None)
    if row is None or not people.acts_for(person, as_=request.user, on=request.today).records:
        raise people.PersonNotFound
    form = WithdrawForm(request.POST or None)
    back = reverse("office:assistance_person", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_certificate(
                row.pk, reason=form.cleaned_data["reason"], acting_user=request.user, now=request.received_at
            )
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã rút giấy xác nhận ghi nhầm."))
            return redirect(back)
    note_read(request, f"person:{person.pk}", "certificates")
    context = {
        "heading": _("Rút giấy xác nhận ghi nhầm"),
        "what": certificate_words(row),
        "press": _("Rút giấy này"),
        "caption": person.full_name,
        "back": back,
        "form": form,
    }
    return office_page(request, "office/assistance/act.html", context, status=422 if form.errors else 200)


def certificate_words(row: Any) -> str:
    """Say a certificate in one line."""
    words = {
        "number": row.number, "day": format_day(row.issued_on), "level": row.get_level_display(),
        "kind": row.get_kind_display(),
    }  # fmt: skip
    return _("số %(number)s cấp ngày %(day)s: %(level)s, %(kind)s") % words


def renewal_words(renewal: Renewal, on: date) -> tuple[str, str]:
    """Say when a certificate is to be issued anew, with the tone; nothing where it never is."""
    if renewal.due_on is None:
        return (
            (_("hạn cấp lại chưa rõ: %(what)s") % {"what": "; ".join(renewal.missing)}, "wait")
            if renewal.missing
            else ("", "")
        )
    day = {"day": format_day(renewal.due_on)}
    if renewal.is_expiry and renewal.due_on <= on:
        return _("hết giá trị từ ngày %(day)s, chưa xác định lại; mức hưởng được giữ trong lúc chờ") % day, "late"
    if renewal.is_expiry:
        return _("hết giá trị từ ngày %(day)s, cần xác định lại trước đó") % day, "soon" if renewal.is_due(
            on
        ) else "draft"
    if renewal.due_on <= on:
        return _("đã đến hạn cấp lại từ %(day)s") % day, "late"
    return _("cấp lại khi đủ 6 tuổi, ngày %(day)s") % day, "soon" if renewal.is_due(on) else "draft"


def _row(one: Any, on: date) -> dict[str, Any]:
    due, tone = renewal_words(queries.renewal_of(one, on=on), on)
    if one.withdrawn_at is not None:
        due, tone = _("đã rút"), "ended"
    return {
        "url": reverse("office:assistance_person", args=[one.person_id]),
        "name": one.person.full_name,
        "birth": birth_words(one.person),
        "id_number": one.person.personal_id_number,
        "place": one.person.unit.name if one.person.unit else "",
        "level": one.get_level_display(),
        "kind": one.get_kind_display(),
        "number": one.number,
        "issued_on": one.issued_on,
        "issued_by": one.issued_by.name if one.issued_by else "",
        "due": due,
        "tone": tone,
    }


def _export(request: HouseRequest, rows: Any) -> HttpResponse:
    return sheet_response(
        "giay-xac-nhan-khuyet-tat.xlsx",
        columns=[
            _("Họ và tên"), _("Ngày sinh"), _("Số định danh"), _("Xã, phường"), _("Mức độ khuyết tật"), _("Dạng khuyết tật"),
            _("Số giấy xác nhận"), _("Ngày cấp"), _("Nơi cấp"), _("Cấp lại"),
        ],
        rows=[
            (
                row["name"], row["birth"], row["id_number"], row["place"], row["level"], row["kind"], row["number"],
                format_day(row["issued_on"]), row["issued_by"], row["due"],
            )
            for row in (_row(one, request.today) for one in rows)
        ],
    )  # fmt: skip
