"""Somebody has died: the day and the paper, what ends by it, and then the record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import people
from lienthong.assistance.services import deaths
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import LIVE_STATES, Programme
from lienthong.infra import forms
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.office.assistance.wording import month_words
from lienthong.office.pages import office_page
from lienthong.office.sent_once import SentOnce


class DeathForm(SentOnce):
    """When somebody died, and which paper says so."""

    died_on = forms.DayField(label=gettext_lazy("Ngày chết"), help_text=gettext_lazy("Theo trích lục khai tử"))
    paper = forms.LineField(
        label=gettext_lazy("Giấy tờ xác nhận"), max_length=300,
        help_text=gettext_lazy("Ví dụ: trích lục khai tử số 12/TLKT-BS"),
    )  # fmt: skip

    def to_command(self, person_id: int) -> deaths.TellDeath:
        data = self.cleaned_data
        return deaths.TellDeath(
            person_id=person_id, died_on=data["died_on"], paper=data["paper"], client_key=data["client_key"]
        )


@allowed(policies.sees_assistance)
@writes
def record_death(request: HouseRequest, person_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    if not may_record_death(acts):
        raise people.PersonNotFound
    form = DeathForm(request.POST or None)
    back = reverse("office:assistance_person", args=[person.pk])
    ends = None
    if request.method == "POST" and form.is_valid():
        command = form.to_command(person.pk)
        who: dict[str, Any] = {"acting_user": request.user, "now": request.received_at}
        try:
            if request.POST.get("verb") == "record":
                ended = deaths.report_death(command, **who)
                messages.success(request, _("Đã ghi nhận đã chết. Số khoản thôi hưởng: %(n)s.") % {"n": len(ended)})
                return redirect(back)
            ends = [_ends(one) for one in deaths.preview_death(command, **who) if _is_seen(one, acts)]
        except AssistanceRefusal as refusal:
            form.show(refusal)
        except KeyAlreadyUsed as again:
            messages.info(request, str(again))
            return redirect(back)
    note_read(request, f"person:{person.pk}", "assistance")
    received = people.entitlements_of(person.pk, as_=request.user, on=request.today)
    context = {
        "person": person,
        "form": form,
        "receives": [capfirst(str(one.get_benefit_display())) for one in received if one.state in LIVE_STATES],
        "is_shown": ends is not None,
        "ends": ends or [],
        "back": back,
    }
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/death.html", context, status=status)


def may_record_death(acts: people.Acts) -> bool:
    """Tell whether the user records the death: whoever records facts or grounds for merit where the person lives."""
    return acts.records or acts.claims_merit


def _is_seen(one: Any, acts: people.Acts) -> bool:
    return acts.sees_social if one.programme == Programme.SOCIAL else acts.sees_merit


def _ends(one: Any) -> dict[str, str]:
    return {"benefit": capfirst(str(one.get_benefit_display())), "month": month_words(one.last_month)}
