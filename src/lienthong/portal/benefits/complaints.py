"""What I say about my money, and what was answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.accounts.policies import is_applicant
from lienthong.accounts.queries import happenings_of
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.kernel.days import format_day
from lienthong.payments.queries.complaints import get_complaint
from lienthong.payments.queries.own import get_own_payment, recorded_for
from lienthong.payments.services import complaints as services
from lienthong.payments.states import ComplaintState
from lienthong.portal.benefits.forms import ComplaintForm, ReopenForm
from lienthong.portal.benefits.views import private
from lienthong.portal.pages import portal_page


@allowed(is_applicant)
@writes
def complain(request: HouseRequest) -> HttpResponse:
    """Say that no money came at all, or that money does not belong where an officer has it paid."""
    return _complain(request, None, _objection(request))


@allowed(is_applicant)
@writes
def complain_about(request: HouseRequest, line_id: int) -> HttpResponse:
    """Say something about one payment."""
    return _complain(request, get_own_payment(line_id, person_id=request.user.person_id))


def _objection(request: HouseRequest) -> str:
    """Return what is said against a place that was recorded for the person, for them to change; empty where none is named."""
    asked, person_id = request.GET.get("account", ""), request.user.person_id
    recorded = recorded_for(person_id, on=request.today) if asked and person_id else []
    named = next((one for one in recorded if str(one.account_id) == asked), None)
    if named is None:
        return ""
    words = _("Tôi không yêu cầu và không nhận tiền ở: %(place)s, ghi ngày %(day)s.")
    return words % {"place": named.place, "day": format_day(named.recorded_on)}


def _complain(request: HouseRequest, payment: Any, text: str = "") -> HttpResponse:
    form = ComplaintForm(request.POST or None, initial={"text": text})
    if request.method == "POST" and form.is_valid():
        command = services.RaiseComplaint(
            person_id=request.user.person_id or 0,
            text=form.cleaned_data["text"],
            line_id=payment.line.pk if payment else None,
            client_key=form.cleaned_data["client_key"],
        )
        try:
            made = services.raise_complaint(command, acting_user=request.user, now=request.received_at)
        except KeyAlreadyUsed:
            return redirect("portal:benefits")
        except services.ComplaintRefused as refusal:
            form.show(refusal)
        else:
            return redirect("portal:benefits_complaint", made.pk)
    context = {"form": form, "payment": payment}
    status = 422 if form.errors else 200
    return private(portal_page(request, "portal/benefits/complain.html", context, status=status))


@allowed(is_applicant)
@reads
def complaint(request: HouseRequest, complaint_id: int) -> HttpResponse:
    return _page(request, complaint_id, ReopenForm())


@allowed(is_applicant)
@writes
def reopen(request: HouseRequest, complaint_id: int) -> HttpResponse:
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.reopen_complaint(complaint_id, reason=reason, acting_user=request.user, now=request.received_at)
        except services.ComplaintRefused as refusal:
            form.show(refusal)
        else:
            return redirect("portal:benefits_complaint", complaint_id)
    return _page(request, complaint_id, form)


@allowed(is_applicant)
@writes
def close(request: HouseRequest, complaint_id: int) -> HttpResponse:
    form = ReopenForm()
    if request.method == "POST":
        try:
            services.close_complaint(complaint_id, acting_user=request.user, now=request.received_at)
        except services.ComplaintRefused as refusal:
            form = ReopenForm({})
            form.show(refusal)
        else:
            return redirect("portal:benefits_complaint", complaint_id)
    return _page(request, complaint_id, form)


def _page(request: HouseRequest, complaint_id: int, form: ReopenForm) -> HttpResponse:
    found = get_complaint(complaint_id, user=request.user, on=request.today)
    context = {
        "complaint": found,
        "happened": happenings_of(found.stream)[::-1],
        "form": form,
        "may_settle": found.state == ComplaintState.ANSWERED,
    }
    status = 422 if form.errors else 200
    return private(portal_page(request, "portal/benefits/complaint.html", context, status=status))
