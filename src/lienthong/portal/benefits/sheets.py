"""My decisions on paper, as they were told on the day, and what was paid to me."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.accounts.policies import is_applicant
from lienthong.assistance.papers import sheet_of
from lienthong.assistance.queries.decision_sheets import get_own_sheet
from lienthong.assistance.queries.payment_papers import NothingPaid, confirmation_of
from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.infra.http import HouseRequest, allowed, note_read, reads


@allowed(is_applicant)
@reads
def decision_sheet(request: HouseRequest, sheet_id: int) -> HttpResponseBase:
    sheet = get_own_sheet(sheet_id, person_id=request.user.person_id)
    note_read(request, f"person:{sheet.person_id}", f"print:decision:{sheet.pk}")
    paper = render_form(sheet_of(sheet.data), demo=settings.DEMO_MODE)
    return pdf_response(paper, name=f"thong-bao-ket-qua-{sheet.pk}.pdf")


@allowed(is_applicant)
@reads
def paid(request: HouseRequest) -> HttpResponseBase:
    person = request.user.person
    try:
        if person is None:
            raise NothingPaid
        paper = confirmation_of(person, on=request.today, programmes=None, head=_head(request), made_by="")
    except NothingPaid:
        messages.info(request, _("Trong hai năm qua chưa có khoản nào được xác nhận là đã nhận, nên chưa có gì để in."))
        return redirect("portal:benefits")
    note_read(request, f"person:{person.pk}", "print:payments")
    return pdf_response(render_form(paper, demo=settings.DEMO_MODE), name="xac-nhan-chi-tra.pdf")


def _head(request: HouseRequest) -> dict[str, Any]:
    """Begin as the person prints it: no agency has signed it yet."""
    place = settings.PROVINCE_NAME.partition(" ")[2]
    return {"agency_lines": (settings.PROVINCE_NAME,), "place": place, "issued_on": request.today}
