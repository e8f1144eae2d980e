"""Receiving a request at the desk in one screen."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.dossiers import handlers, policies
from lienthong.dossiers import services as dossiers
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.times import moment_in_words
from lienthong.office.intake.communes import communes_to_choose
from lienthong.office.intake.drafts import NamedDraft, named_draft, told_in
from lienthong.office.intake.forms import ReceiveForm
from lienthong.office.intake.registers import known_applicant, link_to_registers
from lienthong.office.pages import office_page, page_number

PROCEDURES_ON_A_PAGE = 30


@allowed(policies.receives)
@reads
def choose_procedure(request: HouseRequest) -> HttpResponse:
    return _choose(request)


@allowed(policies.receives)
@writes
def receive(request: HouseRequest, code: str) -> HttpResponse:
    today = request.today
    try:
        version = catalogue.procedure_in_force(code, on=today)
    except catalogue.ProcedureNotInForce as refusal:
        return _choose(request, refusal=str(refusal))
    posted, known = request.method == "POST", known_applicant(request)
    desks, draft = policies.desks_of(request.user, on=today), named_draft(request, code)
    handler = handlers.for_procedure(code)
    form = ReceiveForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={**told_in(draft, handler, desks=desks, on=today), **known.facts},
        version=version,
        handler=handler,
        desks=desks,
        communes=communes_to_choose(version, desks=desks, on=today),
    )
    if posted:
        form.full_clean()
        form.take_scans(by=request.user.pk, now=request.received_at)
        form.refuse_what_is_missing(on=today)
        if not form.errors and (answer := _receive(request, form, code, draft)):
            return answer
    context = {"form": form, "version": version, "code": code, "known": known, "draft": draft}
    return office_page(request, "office/intake/receive.html", context, status=422 if form.errors else 200)


def _receive(request: HouseRequest, form: ReceiveForm, code: str, draft: NamedDraft | None) -> HttpResponse | None:
    """Receive the request and go to its page; None where the service refuses and the form says why."""
    named = {"number": form.cleaned_data["number"], "name": form.cleaned_data["name"]}
    person_id, organization_id = link_to_registers(request, **named)
    if draft is not None:
        person_id = person_id or draft.person_of(**named)
    command = dossiers.ReceiveDossier(
        procedure_code=code,
        receiving_agency_id=int(form.chosen("desk")),
        channel=form.chosen("channel"),
        request=form.to_request(person_id=person_id, organization_id=organization_id),
        client_key=form.cleaned_data["client_key"],
        hand_over=not form.cleaned_data["hold"],
        draft_id=draft.draft_id if draft is not None else None,
    )
    try:
        dossier = dossiers.receive_dossier(command, acting_user=request.user, now=request.received_at)
    except (dossiers.DossierRefusal, catalogue.ProcedureNotInForce) as refusal:
        form.show(refusal)
        return None
    words = {"code": dossier.code, "day": moment_in_words(dossier.promised_due_at) if dossier.promised_due_at else ""}
    if dossier.promised_due_at:
        messages.success(request, _("Đã tiếp nhận hồ sơ %(code)s, hẹn trả %(day)s.") % words)
    else:
        messages.success(request, _("Đã tiếp nhận hồ sơ %(code)s; thủ tục này không có thời hạn.") % words)
    return redirect("office:dossier", dossier.public_id)


def _choose(request: HouseRequest, *, refusal: str = "") -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    found = catalogue.search_catalogue(
        on=request.today, text=text, page=page_number(request), per_page=PROCEDURES_ON_A_PAGE
    )
    context = {"text": text, "found": found, "refusal": refusal}
    return office_page(request, "office/intake/choose.html", context, status=404 if refusal else 200)
