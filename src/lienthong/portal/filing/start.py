"""Beginning a request: the procedure must be open to whoever asks; the first answer makes the draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lienthong.accounts.policies import is_applicant, is_signed_in
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import Channel
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers import services
from lienthong.dossiers.services import Applicant, Request, SaveDraft
from lienthong.infra.http import HouseRequest, allowed, writes
from lienthong.portal.filing.drafts import Barrier, barred, barrier_before
from lienthong.portal.filing.forms import WhereForm
from lienthong.portal.filing.known import Known, known_of, own_kinds
from lienthong.portal.filing.parts import onward
from lienthong.portal.filing.places import places_for, unit_of_request
from lienthong.portal.pages import portal_page

DRAFTS_NAMED = 5


@allowed(is_signed_in)
@writes
def start(request: HouseRequest, code: str) -> HttpResponse:
    if not is_applicant(request.user):
        return barred(
            request, Barrier(_("Bạn đang đăng nhập bằng tài khoản cán bộ. Hãy nhận hồ sơ ở quầy một cửa.")), status=403
        )
    try:
        version = catalogue.procedure_in_force(code, on=request.today)
    except catalogue.ProcedureNotInForce as ended:
        return barred(request, Barrier(str(ended), ended.replaced_by), status=404)
    barrier = barrier_before(version)
    if barrier is not None:
        return barred(request, barrier)
    known = known_of(request.user, on=request.today)
    form = WhereForm(request.POST or None, places=places_for(version, unit=known.unit, on=request.today))
    if request.method == "POST" and form.is_valid():
        command = SaveDraft(
            procedure_code=code,
            request=_first_words(request, version, known, unit_id=unit_of_request(form.agency(), unit=known.unit)),
            channel=Channel.ONLINE,
            receiving_agency_id=form.agency().pk,
            new_id=form.cleaned_data["client_key"],
        )
        try:
            draft = services.save_draft(command, acting_user=request.user, now=request.received_at)
        except (services.DossierRefusal, catalogue.ProcedureNotInForce) as refusal:
            form.show(refusal)
        else:
            return onward(request, draft)
    begun = dossiers.drafts_of(request.user).filter(procedure_code=code)[:DRAFTS_NAMED]
    context = {"form": form, "version": version, "begun": list(begun), "draft": None}
    return portal_page(request, "portal/filing/where.html", context, status=422 if form.errors else 200)


def _first_words(request: HouseRequest, version: Any, known: Known, *, unit_id: int) -> Request:
    """Return the request as far as it is known before anything was asked: the applicant, if they ask for themselves."""
    asks_for_self = own_kinds(request.user) & set(version.applicants)
    applicant = known.applicant if asks_for_self else Applicant(name="", phone=known.applicant.phone)
    return Request(
        applicant=applicant,
        representative_name="" if asks_for_self else request.user.full_name,
        unit_id=unit_id,
    )
