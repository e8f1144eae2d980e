"""Following one dossier: by number and secret, by the address of its QR code, or signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST

from lienthong.documents import queries as documents
from lienthong.documents.printing import render_form
from lienthong.documents.serve import pdf_response
from lienthong.documents.states import FormCode
from lienthong.dossiers import handlers, printing, routing, wording
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.checklist import checklist_of
from lienthong.dossiers.queries import DossierNotFound
from lienthong.dossiers.services import RESULT
from lienthong.dossiers.states import ENDED_STATES, Action, DossierState, ReturnWay
from lienthong.infra.http import HouseRequest, note_read, public, reads, writes
from lienthong.infra.questions import answer_words
from lienthong.infra.throttle import TooManyTries
from lienthong.portal.pages import portal_page
from lienthong.portal.papers import file_links, serve, tracked_file_address
from lienthong.portal.tracking import access, story
from lienthong.portal.tracking.access import Opened, open_dossier
from lienthong.portal.tracking.answering import answer_owner
from lienthong.portal.tracking.forms import SecretForm, TrackForm

# The control slip is for offices: it says who handed what to whom.
FORMS_OF_THE_APPLICANT = frozenset(FormCode) - {FormCode.CONTROL, FormCode.REGISTER}


@public
@writes
def track(request: HouseRequest) -> HttpResponse:
    form = TrackForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            public_id = access.prove_by_number(
                request, code=form.cleaned_data["code"], secret=form.cleaned_data["secret"]
            )
        except DossierNotFound as refusal:
            form.show(refusal)
        except TooManyTries as refusal:
            form.show(refusal)
            status = 429
        else:
            return redirect("portal:tracked", public_id)
    context = {"form": form, "form_code": form}
    status = 422 if form.errors and status == 200 else status
    return private(portal_page(request, "portal/tracking/track.html", context, status=status))


@public
@writes
def tracked(request: HouseRequest, public_id: UUID) -> HttpResponse:
    try:
        opened = open_dossier(request, public_id)
    except DossierNotFound:
        return _ask_for_secret(request, public_id)
    if request.method == "POST":
        return redirect("portal:tracked", public_id)
    note_opened(request, opened)
    return private(portal_page(request, "portal/tracking/dossier.html", _page(request, opened)))


@public
@require_POST
def forget(request: HouseRequest, public_id: UUID) -> HttpResponse:
    access.forget(request, public_id)
    return redirect("portal:track")


@public
@reads
def file(request: HouseRequest, public_id: UUID, token: str) -> HttpResponseBase:
    opened = open_dossier(request, public_id)
    note_opened(request, opened, "file")
    owners = [opened.dossier.stream, answer_owner(opened.dossier)]
    return serve(request, token, owners=owners, back=reverse("portal:tracked", args=[public_id]))


@public
@reads
def printed_form(request: HouseRequest, public_id: UUID, code: str) -> HttpResponseBase:
    opened = open_dossier(request, public_id)
    if code not in set(FORMS_OF_THE_APPLICANT):
        raise DossierNotFound
    try:
        data = printing.form_for(opened.dossier, FormCode(code))
    except printing.NothingToPrint as nothing:
        raise DossierNotFound from nothing
    note_opened(request, opened, f"print:{code}")
    name = printing.file_name(opened.dossier, FormCode(code))
    return pdf_response(render_form(data, demo=settings.DEMO_MODE), name=name)


def note_opened(request: HouseRequest, opened: Opened, action: str = "view") -> None:
    """Remember that this page shows somebody's dossier."""
    note_read(request, f"dossier:{opened.dossier.pk}", action)
    if opened.dossier.person_id:
        note_read(request, f"person:{opened.dossier.person_id}", action)


def private(response: HttpResponse) -> HttpResponse:
    """Leave nothing of a dossier behind in a browser that others use too."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def _ask_for_secret(request: HouseRequest, public_id: UUID) -> HttpResponse:
    """Ask for the secret of a dossier, whether or not there is one at this address."""
    form = SecretForm(request.POST or None)
    # Whoever signed in and is not its applicant finds nothing here; a secret opens it all the same.
    status = 404 if request.user.is_authenticated else 200
    if form.is_valid():
        try:
            access.prove_by_address(request, public_id, secret=form.cleaned_data["secret"])
        except DossierNotFound as refusal:
            form.show(refusal)
        except TooManyTries as refusal:
            form.show(refusal)
            status = 429
        else:
            return redirect("portal:tracked", public_id)
    if form.errors and status == 200:
        status = 422
    context = {"form": form, "public_id": public_id}
    return private(portal_page(request, "portal/tracking/secret.html", context, status=status))


def _page(request: HouseRequest, opened: Opened) -> dict[str, Any]:
    dossier, now = opened.dossier, request.received_at
    happenings = dossiers.timeline(dossier)
    actions = dossiers.actions_for(dossier, user=opened.user, now=now, secret=opened.secret)
    address = tracked_file_address(dossier.public_id)
    results = [one.file for one in documents.attachments_of(dossier.stream) if one.role == RESULT]
    is_over = DossierState(dossier.state) in ENDED_STATES
    handler = handlers.for_procedure(dossier.procedure_code)
    return {
        "dossier": dossier,
        "opened": opened,
        "return_way": str(ReturnWay(dossier.return_way).label).capitalize(),
        "sentence": story.sentence_of(dossier, happenings, now=now),
        "state": wording.state_of(dossier),
        "time": wording.time_of(dossier, now=now),
        "step": routing.step_of(dossier) if dossier.step and not is_over else None,
        "is_over": is_over,
        "answer": next((one for one in actions if one in {Action.ANSWER_SUPPLEMENT, Action.COMPLETE}), None),
        "clock": story.clock_goes_on(dossier, now=now) if _waits_for_applicant(dossier) else "",
        "may_withdraw": Action.WITHDRAW in actions,
        "may_rate": Action.RATE in actions,
        "papers": [
            (paper, file_links(paper.files, address=address, owner=dossier.stream, request=request))
            for paper in checklist_of(dossier)
        ],
        "results": file_links(results, address=address, owner=dossier.stream, request=request),
        "forms": [
            (code, printing.TITLES[code]) for code in printing.forms_to_print(dossier) if code in FORMS_OF_THE_APPLICANT
        ],
        "happened": story.told(happenings),
        "ahead": story.ahead(dossier),
        "deadlines": dossiers.deadline_history(dossier),
        "answers": [
            (one.label, answer_words(one.kind, dossier.answers.get(one.name), choices=one.choices))
            for one in handler.questions()
        ],
    }


def _waits_for_applicant(dossier: Any) -> bool:
    return dossier.state in {DossierState.AWAITING_SUPPLEMENT, DossierState.INCOMPLETE}
