"""What was decided once is proposed to be taken back, to be paid to somebody else, or to be raised as a new law says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import paid_once as queries
from lienthong.assistance.queries.top_ups import law_in_words, raise_of
from lienthong.assistance.services.paid_once import NamePayee
from lienthong.assistance.services.proposing_paid_once import (
    ProposeRevocation,
    propose_once_payee,
    propose_revocation,
)
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.services.top_ups import ProposeTopUp, propose_top_up
from lienthong.assistance.states import EmergencyPayee, OnceKind
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.kernel.money import Dong, format_dong
from lienthong.office.assistance.changing import find_payee
from lienthong.office.assistance.paid_once_told import once_words
from lienthong.office.assistance.proposal_forms import ReasonForm
from lienthong.office.pages import office_page


class OncePayeeForm(ReasonForm):
    """Who receives it instead, by number and name, and why; of an emergency also as what."""

    payee_number = forms.PersonalIdField(label=gettext_lazy("Số định danh của người nhận mới"))
    payee_name = forms.NameField(
        label=gettext_lazy("Họ và tên của người nhận mới"), max_length=120,
        help_text=gettext_lazy("Ghi đúng như trên giấy tờ, để chắc số định danh không bị gõ nhầm"),
    )  # fmt: skip
    ground = forms.ChoiceField(label=gettext_lazy("Nhận với tư cách"), choices=EmergencyPayee.choices)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Ví dụ: người nhận đã chết ngày 02/11/2026; theo giấy ủy quyền của gia đình"
        )
        if kind != OnceKind.EMERGENCY:
            del self.fields["ground"]
        self.order_fields(["payee_number", "payee_name", "ground", "reason"])


@allowed(policies.sees_assistance)
@writes
def revoke(request: HouseRequest, kind: str, grant_id: int) -> HttpResponse:
    row = _row(request, kind, grant_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        command = ProposeRevocation(kind=kind, grant_id=row.pk, reason=form.cleaned_data["reason"])
        try:
            proposal = propose_revocation(command, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            return _proposed(request, proposal.pk)
    what = _(
        "%(given)s theo %(ground)s cho %(payee)s không còn được chi. Nếu đã chi, đợt chi trả sau ghi thành khoản chi thừa để thu lại."
    )
    return _page(request, row, form, heading=_("Thu hồi quyết định: %(what)s"), what=what)


@allowed(policies.sees_assistance)
@writes
def name_payee(request: HouseRequest, kind: str, grant_id: int) -> HttpResponse:
    row = _row(request, kind, grant_id)
    form = OncePayeeForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid() and (payee_id := find_payee(form)) is not None:
        data = form.cleaned_data
        command = NamePayee(
            kind=kind, grant_id=row.pk, payee_id=payee_id, ground=data.get("ground", ""), reason=data["reason"]
        )
        try:
            proposal = propose_once_payee(command, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            return _proposed(request, proposal.pk)
    what = _(
        "%(given)s theo %(ground)s đang ghi trả cho %(payee)s và chưa chi. Người khác được duyệt thì đợt chi trả sau chi cho người đó, một lần."
    )
    return _page(request, row, form, heading=_("Thay người nhận: %(what)s"), what=what)


@allowed(policies.sees_assistance)
@writes
def top_up(request: HouseRequest, kind: str, grant_id: int) -> HttpResponse:
    grant = _row(request, kind, grant_id)
    found = raise_of(grant)
    if found is None:
        raise queries.OnceNotFound
    row, due = found
    form = ReasonForm(request.POST or None, initial={"reason": law_in_words(row.change)})
    if request.method == "POST" and form.is_valid():
        command = ProposeTopUp(kind=kind, grant_id=grant.pk, reason=form.cleaned_data["reason"])
        try:
            proposal = propose_top_up(command, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            return _proposed(request, proposal.pk)
    new = due.new or 0
    sums = {"old": format_dong(due.old), "new": format_dong(Dong(new)), "more": format_dong(Dong(new - due.old))}
    what = _(
        "Đã quyết định %(old)s; theo mức mới là %(new)s. Được duyệt thì đợt chi trả sau chi thêm %(more)s cho %(payee)s, một lần."
    )
    return _page(request, grant, form, heading=_("Bổ sung chênh lệch: %(what)s"), what=what, sums=sums)


def _row(request: HouseRequest, kind: str, grant_id: int) -> Any:
    row = queries.get_once(kind, grant_id, as_=request.user, on=request.today)
    if not queries.may_propose_of(row, as_=request.user, on=request.today):
        raise queries.OnceNotFound
    return row


def _page(
    request: HouseRequest, row: Any, form: Any, *, heading: str, what: str, sums: Mapping[str, str] | None = None
) -> HttpResponse:
    note_read(request, f"person:{row.subject_id}", "assistance")
    told = {**once_words(row), **(sums or {})}
    context = {
        "caption": queries.subject_name(row),
        "heading": heading % told,
        "what": what % told,
        "press": _("Đề xuất, chờ duyệt"),
        "back": reverse("office:assistance_person", args=[row.subject_id]),
        "form": form,
    }
    return office_page(request, "office/assistance/act.html", context, status=422 if form.errors else 200)


def _proposed(request: HouseRequest, proposal_id: int) -> HttpResponse:
    messages.success(request, _("Đã đề xuất. Người khác của xã, của sở sẽ duyệt."))
    return redirect("office:assistance_proposal", proposal_id)
