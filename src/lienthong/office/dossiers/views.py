"""The page of a dossier, its actions, its files and its printed forms."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.accounts import queries as accounts
from lienthong.accounts.policies import is_staff
from lienthong.catalogue.states import Channel
from lienthong.documents import queries as papers
from lienthong.documents.printing import render_form
from lienthong.documents.serve import file_response, pdf_response
from lienthong.documents.states import FormCode
from lienthong.documents.vault import ContentMissing
from lienthong.dossiers import handlers, policies, printing, routing, services, wording
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.states import MOVES, Action, DossierState
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads, writes
from lienthong.infra.questions import answer_words
from lienthong.kernel.days import local_day
from lienthong.office.dossiers.actions import BESIDE, SCREENS, offer, words_of
from lienthong.office.pages import office_page
from lienthong.people import queries as people

PRIMARY = (
    Action.RECEIVE, Action.APPROVE, Action.RETURN_RESULT, Action.CLAIM, Action.PASS_ON, Action.ANSWER_SUPPLEMENT,
    Action.COMPLETE,
)  # fmt: skip


@allowed(is_staff)
@reads
def dossier_page(request: HouseRequest, public_id: UUID) -> HttpResponse:
    now = request.received_at
    dossier = dossiers.get_dossier(public_id, user=request.user, now=now)
    if dossier.state == DossierState.DRAFT and dossier.channel != Channel.ONLINE and _receives(request):
        return redirect(f"{reverse('office:receive_one', args=[dossier.procedure_code])}?draft={dossier.public_id}")
    note_read(request, f"dossier:{dossier.pk}")
    if dossier.person_id:
        note_read(request, f"person:{dossier.person_id}")
    actions = [action for action in dossiers.actions_for(dossier, user=request.user, now=now) if action in SCREENS]
    primary = next((action for action in PRIMARY if action in actions), None)
    files = _files_by_role(dossier, papers.attachments_of(dossier.stream))
    handler = handlers.for_procedure(dossier.procedure_code)
    context = {
        "dossier": dossier,
        "state": wording.state_of(dossier),
        "time": wording.time_of(dossier, now=now),
        "step": routing.step_of(dossier) if dossier.step else None,
        "steps": routing.steps_of(dossier),
        "items": [
            {"row": row, "files": files.get(f"item:{row.number}", [])} for row in dossier.items.order_by("number")
        ],
        "results": files.get(services.RESULT, []),
        "doubts": people.doubts_about_number(dossier.applicant_number, holder=dossier.person),
        "place": wording.place_of(dossier),
        "current_step": wording.current_step(dossier),
        "is_desk": policies.works_at_desk(request.user, dossier.receiving_agency_id or 0, on=request.today),
        "answers": [
            (
                question.label,
                answer_words(question.kind, dossier.answers.get(question.name, ""), choices=question.choices),
                _doubts_about_answer(question, dossier),
            )
            for question in handler.questions()
        ],
        "appraisal": [
            (one.label, answer_words(one.kind, dossier.appraisal[one.name], choices=one.choices))
            for one in handler.appraised()
            if dossier.appraisal.get(one.name)
        ],
        "proposal": handler.proposal(dossier, on=local_day(now)),
        "timeline": dossiers.timeline(dossier),
        "deadlines": dossiers.deadline_history(dossier),
        "forms": [(code, _form_title(code)) for code in printing.forms_to_print(dossier)],
        "primary": offer(primary, dossier) if primary else None,
        "others": [offer(action, dossier) for action in actions if action != primary],
        "open_dossier": dossier.state not in {DossierState.RETURNED, DossierState.WITHDRAWN, DossierState.STOPPED},
    }
    return office_page(request, "office/dossiers/dossier.html", context)


def _receives(request: HouseRequest) -> bool:
    return policies.receives(request.user, on=request.today)


@allowed(is_staff)
@writes
def act(request: HouseRequest, public_id: UUID, action: str) -> HttpResponse:
    now = request.received_at
    if action not in Action.values or Action(action) not in SCREENS:
        return not_found(request)
    dossier = dossiers.get_dossier(public_id, user=request.user, now=now)
    doing, screen = Action(action), SCREENS[Action(action)]
    posted = request.method == "POST"
    extra: dict[str, Any] = {"colleagues": _colleagues(request, dossier)} if doing is Action.ASSIGN else {}
    form = screen.form(request.POST if posted else None, request.FILES if posted else None, dossier=dossier, **extra)
    if posted:
        form.full_clean()
        form.take_files(by=request.user.pk, now=now)
        try:
            if not form.errors:
                screen.call(form, request.user, now)
                messages.success(request, _("Đã làm xong: %(action)s.") % {"action": words_of(doing).lower()})
                return redirect(_after(request, dossier))
        except services.StaleDossier as stale:
            dossier = dossiers.get_dossier(public_id, user=request.user, now=now)
            form.look_again(dossier)
            form.show(stale)
        except services.DossierRefusal as refusal:
            form.show(refusal, field=BESIDE.get(type(refusal)))
    is_possible = doing in dossiers.actions_for(dossier, user=request.user, now=now)
    if not is_possible and not (posted and form.was_stale):
        context = {"dossier": dossier, "words": words_of(doing), "sentence": _why_not(doing, dossier)}
        return office_page(request, "office/dossiers/not_now.html", context, status=409)
    context = {
        "dossier": dossier,
        "words": words_of(doing),
        "screen": screen,
        "form": form,
        "is_possible": is_possible,
        "time": wording.time_of(dossier, now=now),
    }
    return office_page(request, "office/dossiers/act.html", context, status=422 if form.errors else 200)


@allowed(policies.does_cases)
@writes
def claim_many(request: HouseRequest) -> HttpResponse:
    now = request.received_at
    chosen = [UUID(text) for text in request.POST.getlist("dossier") if _is_uuid(text)]
    report = services.claim_many(chosen, acting_user=request.user, now=now)
    if report.claimed:
        messages.success(request, _("Đã nhận xử lý %(n)s hồ sơ.") % {"n": report.claimed})
    for sentence in report.refusals:
        messages.warning(request, sentence)
    if not chosen:
        messages.warning(request, _("Chưa chọn hồ sơ nào. Đánh dấu các hồ sơ cần nhận rồi bấm lại."))
    return redirect(reverse("office:work") + "?list=queue")


@allowed(is_staff)
@reads
def printed_form(request: HouseRequest, public_id: UUID, code: str) -> HttpResponseBase:
    now = request.received_at
    dossier = dossiers.get_dossier(public_id, user=request.user, now=now)
    if code not in list(FormCode):
        return not_found(request)
    try:
        data = printing.form_for(dossier, FormCode(code))
    except printing.NothingToPrint:
        return not_found(request)
    note_read(request, f"dossier:{dossier.pk}", f"print:{code}")
    return pdf_response(render_form(data, demo=settings.DEMO_MODE), name=printing.file_name(dossier, FormCode(code)))


@allowed(is_staff)
@reads
def file(request: HouseRequest, public_id: UUID, file_id: UUID) -> HttpResponseBase:
    now = request.received_at
    dossier = dossiers.get_dossier(public_id, user=request.user, now=now)
    stored = papers.get_file(file_id, owner=dossier.stream)
    note_read(request, f"dossier:{dossier.pk}", f"file:{file_id}")
    try:
        return file_response(stored, as_attachment="download" in request.GET)
    except ContentMissing as lost:
        context = {"dossier": dossier, "name": stored.name, "sentence": str(lost)}
        return office_page(request, "office/dossiers/lost_file.html", context, status=410)


def _files_by_role(dossier: Any, attachments: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for attachment in attachments:
        found.setdefault(attachment.role, []).append(
            {
                "name": attachment.file.name,
                "url": reverse("office:file", args=[dossier.public_id, attachment.file_id]),
                "kind": attachment.file.media_type.rpartition("/")[2].upper(),
                "size": attachment.file.size,
            }
        )
    return found


def _doubts_about_answer(question: Question, dossier: Any) -> tuple[str, ...]:
    """Say what looks wrong with a personal number among the answers; other answers raise no doubts."""
    if question.kind != "personal_id":
        return ()
    return people.doubts_about_number(str(dossier.answers.get(question.name, "")))


def _colleagues(request: HouseRequest, dossier: Any) -> list[tuple[str, str]]:
    today = request.today
    found = accounts.colleagues(dossier.agency_id, role=dossier.step_role, on=today, field_code=dossier.field_code)
    return [(str(user.pk), user.full_name) for user in found]


def _why_not(action: Action, dossier: Any) -> str:
    """Say why an action that this officer asked for is not theirs now: a colleague has finished it, or it never was."""
    if dossier.state in MOVES[action].origin:
        return str(services.NotAllowed(action))
    sentence = _("Việc này không còn làm được: hồ sơ đang ở trạng thái “%(state)s”.")
    return sentence % {"state": DossierState(dossier.state).label}


def _after(request: HouseRequest, dossier: Any) -> str:
    """Go back to the dossier while the officer may still see it, else to their work."""
    now = request.received_at
    try:
        dossiers.get_dossier(dossier.public_id, user=request.user, now=now)
    except dossiers.DossierNotFound:
        return reverse("office:work")
    return reverse("office:dossier", args=[dossier.public_id])


def _form_title(code: FormCode) -> str:
    return str(printing.TITLES[code])


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
