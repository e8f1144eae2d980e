"""Ways back that begin at a person: a death that was recorded by mistake, the support of a funeral that was none."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import people
from lienthong.assistance.services.previewing import preview_proposal
from lienthong.assistance.services.proposing_ways_back import (
    ProposeNoDeath,
    ProposeNoFuneral,
    propose_no_death,
    propose_no_funeral,
)
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.services.reinstating import in_the_way
from lienthong.assistance.states import Benefit, Programme
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.kernel.days import format_day
from lienthong.kernel.money import format_dong
from lienthong.office.assistance.deaths import may_record_death
from lienthong.office.assistance.proposal_forms import ReasonForm
from lienthong.office.pages import office_page


class NoDeathForm(ReasonForm):
    """What was mistaken, and which paper says so."""

    reason = forms.LineField(
        label=gettext_lazy("Vì sao ghi nhầm, theo giấy tờ nào"), max_length=300,
        help_text=gettext_lazy("Ví dụ: trùng tên với người khác; công an xã xác nhận người này đang sống"),
    )  # fmt: skip


@allowed(policies.sees_assistance)
@writes
def withdraw_death(request: HouseRequest, person_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    if person.died_on is None or not may_record_death(acts):
        raise people.PersonNotFound
    form = NoDeathForm(request.POST or None)
    preview = None
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"acting_user": request.user, "now": request.received_at}
        command = ProposeNoDeath(
            person_id=person.pk, programme=Programme.SOCIAL if acts.records else Programme.MERIT,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        try:
            if request.POST.get("verb") == "propose":
                return _proposed(request, propose_no_death(command, **who).pk)
            preview = preview_proposal(lambda: propose_no_death(command, **who), person_id=person.pk, **who)
        except AssistanceRefusal as refusal:
            form.show(refusal)
    note_read(request, f"person:{person.pk}", "assistance")
    context = {
        "person": person,
        "form": form,
        "preview": preview,
        "stands": in_the_way(person),
        "back": reverse("office:assistance_person", args=[person.pk]),
    }
    return office_page(
        request, "office/assistance/withdraw_death.html", context, status=422 if form.is_bound and form.errors else 200
    )


@allowed(policies.sees_assistance)
@writes
def revoke_funeral(request: HouseRequest, support_id: int) -> HttpResponse:
    support = people.get_funeral(support_id, as_=request.user, on=request.today)
    if support.withdrawn_at is not None or not may_revoke(support, request):
        raise people.PersonNotFound
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        command = ProposeNoFuneral(support_id=support.pk, reason=form.cleaned_data["reason"])
        try:
            proposal = propose_no_funeral(command, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            return _proposed(request, proposal.pk)
    note_read(request, f"person:{support.deceased_id}", "assistance")
    what = _(
        "Hỗ trợ %(amount)s theo hồ sơ %(code)s cho %(payee)s không còn được chi. Nếu đã chi, đợt chi trả sau ghi thành khoản chi thừa để thu lại."
    )
    context = {
        "caption": support.deceased_name,
        "heading": _("Thu hồi quyết định hỗ trợ mai táng"),
        "what": what
        % {"amount": format_dong(support.amount), "code": support.dossier_code, "payee": support.payee_name},
        "press": _("Đề xuất, chờ duyệt"),
        "back": reverse("office:assistance_person", args=[support.deceased_id]),
        "form": form,
    }
    return office_page(request, "office/assistance/act.html", context, status=422 if form.errors else 200)


def may_be_reinstated(one: Any) -> bool:
    """Tell whether an ended benefit may have a month to go on with: not what is paid once, nor what a death ended."""
    died_on = one.person.died_on
    return bool(one.benefit != Benefit.ONE_OFF and (died_on is None or one.last_month < died_on.replace(day=1)))


def may_revoke(support: Any, request: HouseRequest) -> bool:
    """Tell whether the user proposes to take a support of a funeral back: of a person whom the registers know, where it is paid."""
    if support.deceased_id is None or support.unit_id is None:
        return False
    return policies.proposes(request.user, support.unit_id, on=request.today, programme=Programme.SOCIAL)


def funeral_told(support: Any, request: HouseRequest) -> dict[str, Any]:
    """Say one support of a funeral, and where it is taken back."""
    is_back = support.withdrawn_at is not None
    return {
        "words": _("%(amount)s cho %(payee)s, hồ sơ %(code)s; chết ngày %(day)s")
        % {
            "amount": format_dong(support.amount), "payee": support.payee_name, "code": support.dossier_code,
            "day": format_day(support.died_on),
        },
        "state": _("đã thu hồi quyết định") if is_back else _("đã quyết định"),
        "tone": "ended" if is_back else "done",
        "because": support.withdrawn_because,
        "url": "" if is_back or not may_revoke(support, request)
        else reverse("office:assistance_funeral_revoke", args=[support.pk]),
    }  # fmt: skip


def _proposed(request: HouseRequest, proposal_id: int) -> HttpResponse:
    messages.success(request, _("Đã đề xuất. Người khác của xã, của sở sẽ duyệt."))
    return redirect("office:assistance_proposal", proposal_id)
