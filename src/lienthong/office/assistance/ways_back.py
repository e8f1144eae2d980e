"""Ways back that begin at a person: a death that was recorded by mistake, a benefit that was ended wrongly."""

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
from lienthong.assistance.services.asking_to_reinstate import in_words
from lienthong.assistance.services.previewing import preview_proposal
from lienthong.assistance.services.proposing_ways_back import ProposeNoDeath, propose_no_death
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.services.reinstating import in_the_way, left_to_others
from lienthong.assistance.states import Programme
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
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
    programme = Programme.SOCIAL if acts.records else Programme.MERIT
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"acting_user": request.user, "now": request.received_at}
        command = ProposeNoDeath(
            person_id=person.pk, programme=programme,
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
        "others": in_words(left_to_others(person, programme=programme, on=request.today)),
        "back": reverse("office:assistance_person", args=[person.pk]),
    }
    return office_page(
        request, "office/assistance/withdraw_death.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _proposed(request: HouseRequest, proposal_id: int) -> HttpResponse:
    messages.success(request, _("Đã đề xuất. Người khác của xã, của sở sẽ duyệt."))
    return redirect("office:assistance_proposal", proposal_id)
