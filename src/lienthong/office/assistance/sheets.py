"""Papers of a person: how a decision was told, and what was paid."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.accounts.policies import mandates_of
from lienthong.assistance import policies
from lienthong.assistance.papers import sheet_of
from lienthong.assistance.queries import people
from lienthong.assistance.queries.decision_sheets import get_sheet
from lienthong.assistance.queries.payment_papers import NothingPaid, confirmation_of
from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.dossiers.printing import form_head
from lienthong.infra.http import HouseRequest, allowed, note_read, reads


@allowed(policies.sees_assistance)
@reads
def decision_sheet(request: HouseRequest, sheet_id: int) -> HttpResponseBase:
    sheet = get_sheet(sheet_id, as_=request.user, on=request.today)
    note_read(request, f"person:{sheet.person_id}", f"print:decision:{sheet.pk}")
    paper = render_form(sheet_of(sheet.data), demo=settings.DEMO_MODE)
    return pdf_response(paper, name=f"thong-bao-ket-qua-{sheet.pk}.pdf")


@allowed(policies.sees_assistance)
@reads
def paid(request: HouseRequest, person_id: int) -> HttpResponseBase:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    entitlements = people.entitlements_of(person.pk, as_=request.user, on=request.today)
    programmes = acts.programmes | {one.programme for one in entitlements}
    note_read(request, f"person:{person.pk}", "print:payments")
    try:
        paper = confirmation_of(
            person, on=request.today, programmes=programmes, head=head_of(request), made_by=request.user.full_name
        )
    except NothingPaid:
        messages.info(request, _("Trong hai năm qua chưa có khoản nào được xác nhận là đã nhận, nên chưa có gì để in."))
        return redirect("office:assistance_person", person.pk)
    return pdf_response(render_form(paper, demo=settings.DEMO_MODE), name=f"xac-nhan-chi-tra-{person.pk}.pdf")


def head_of(request: HouseRequest) -> dict[str, Any]:
    """Return what a paper begins with that the user prints: the agency of their first mandate."""
    mandates = mandates_of(request.user, on=request.today)
    if mandates:
        return form_head(mandates[0].agency, request.today)
    place = settings.PROVINCE_NAME.partition(" ")[2]
    return {"agency_lines": (settings.PROVINCE_NAME,), "place": place, "issued_on": request.today}
