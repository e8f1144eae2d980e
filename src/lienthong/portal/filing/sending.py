"""From the list of parts to the dossier at the desk: check, declare, send once; renew or throw away what is not sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.accounts.policies import is_applicant
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import Channel
from lienthong.catalogue.wording import time_limit_in_words
from lienthong.dossiers import handlers, services
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.checklist import change_to, checklist_of
from lienthong.dossiers.services import Target
from lienthong.dossiers.states import DossierState, ReturnWay
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.questions import answer_words
from lienthong.portal.filing.drafts import Barrier, barred, of_draft, version_of_today
from lienthong.portal.filing.forms import SendForm
from lienthong.portal.filing.known import is_own
from lienthong.portal.filing.sections import sections_of
from lienthong.portal.pages import portal_page
from lienthong.portal.papers import draft_file_address, file_links


@of_draft()
def task_list(request: HouseRequest, draft: Any) -> HttpResponse:
    sections = sections_of(draft, checklist_of(draft), on=request.today)
    context = {
        "draft": draft,
        "sections": sections,
        "done": sum(section.is_done for section in sections),
        "is_complete": all(section.is_done for section in sections),
        "to_do": next((section for section in sections if not section.is_done), None),
    }
    return portal_page(request, "portal/filing/task_list.html", context)


@of_draft(also_barred=True)
def check(request: HouseRequest, draft: Any) -> HttpResponse:
    version = version_of_today(draft, on=request.today)
    if not isinstance(version, Barrier) and version.pk != draft.version_id:
        return redirect("portal:draft_renew", draft.public_id)
    note_read(request, f"dossier:{draft.pk}")
    papers = checklist_of(draft)
    sections = sections_of(draft, papers, on=request.today)
    lacks = [lack for section in sections for lack in section.lacks]
    form = SendForm(request.POST or None, initial={"as_seen": draft.updated_at.isoformat()})
    if request.method == "POST" and isinstance(version, Barrier):
        return barred(request, version, draft=draft, status=409)
    if request.method == "POST" and not lacks and form.is_valid():
        if form.saw(draft.updated_at):
            refusal = _send(request, draft, form)
            if refusal is None:
                return redirect("portal:draft_sent", draft.public_id)
            form.show(refusal)
        else:
            form = SendForm({"as_seen": draft.updated_at.isoformat(), "client_key": form.cleaned_data["client_key"]})
            form.show(_ChangedMeanwhile())
    status = 422 if form.errors or (lacks and request.method == "POST") else 200
    context = {
        "form": form,
        "draft": draft,
        "barrier": version if isinstance(version, Barrier) else None,
        "lacks": lacks,
        **_everything_said(request, draft, papers),
    }
    return portal_page(request, "portal/filing/check.html", context, status=status)


@allowed(is_applicant)
@reads
def sent(request: HouseRequest, draft_id: UUID) -> HttpResponse:
    dossier = dossiers.get_dossier(draft_id, user=request.user, now=request.received_at)
    if dossier.state == DossierState.DRAFT:
        return redirect("portal:draft", draft_id)
    if dossier.state != DossierState.SUBMITTED:
        return redirect("portal:tracked", draft_id)
    note_read(request, f"dossier:{dossier.pk}")
    address = request.build_absolute_uri(reverse("portal:tracked", args=[draft_id]))
    return portal_page(request, "portal/filing/sent.html", {"dossier": dossier, "address": address})


@of_draft(also_barred=True)
def renew(request: HouseRequest, draft: Any) -> HttpResponse:
    version = version_of_today(draft, on=request.today)
    if isinstance(version, Barrier):
        return barred(request, version, draft=draft)
    if version.pk == draft.version_id:
        return redirect("portal:draft", draft.public_id)
    if request.method == "POST":
        services.renew_draft(draft.public_id, acting_user=request.user, now=request.received_at)
        messages.success(request, _("Đã chuyển sang quy định mới. Hãy xem lại các giấy tờ rồi gửi."))
        return redirect("portal:draft_papers", draft.public_id)
    context = {"draft": draft, "version": version, "change": change_to(version, papers=checklist_of(draft))}
    return portal_page(request, "portal/filing/renew.html", context)


@of_draft(also_barred=True)
def delete(request: HouseRequest, draft: Any) -> HttpResponse:
    if request.method == "POST":
        services.discard_draft(draft.public_id, acting_user=request.user, now=request.received_at)
        messages.success(request, _("Đã xóa hồ sơ đang soạn “%(name)s”.") % {"name": draft.version.name})
        return redirect("portal:my_dossiers")
    files = sum(len(paper.files) for paper in checklist_of(draft))
    return portal_page(request, "portal/filing/delete.html", {"draft": draft, "files": files})


class _ChangedMeanwhile(Exception):
    """Another tab changed the draft after this page was drawn."""

    def __str__(self) -> str:
        return _(
            "Nội dung vừa được sửa ở một cửa sổ khác, nên hồ sơ chưa được gửi. Hãy xem lại bản mới dưới đây rồi gửi."
        )


def _send(request: HouseRequest, draft: Any, form: SendForm) -> Exception | None:
    """Send the draft; return the refusal where there is one."""
    target = Target(dossier_id=draft.pk, seen=draft.sequence, client_key=form.cleaned_data["client_key"])
    try:
        services.submit_draft(target, acting_user=request.user, now=request.received_at)
    except (services.DossierRefusal, catalogue.ProcedureNotInForce) as refusal:
        return refusal
    return None


def _everything_said(request: HouseRequest, draft: Any, papers: Any) -> dict[str, Any]:
    """Return what the check shows: answers in words, papers with their files, what it costs and how long it takes."""
    version = catalogue.get_version(draft.version_id)
    questions = handlers.for_procedure(draft.procedure_code).questions()
    address = draft_file_address(draft.public_id)
    return {
        "answers": [
            (one.label, answer_words(one.kind, draft.answers.get(one.name), choices=one.choices)) for one in questions
        ],
        "papers": [
            (paper, file_links(paper.files, address=address, owner=draft.stream, request=request))
            for paper in papers
            if paper.is_handed_in and (paper.row.is_given or paper.is_demanded or paper.depends_on_case)
        ],
        "is_own": is_own(draft, request.user),
        "return_way": str(ReturnWay(draft.return_way).label).capitalize(),
        "fees": catalogue.fees_on(version, on=request.today, channel=Channel.ONLINE),
        "allowance": time_limit_in_words(catalogue.allowance_of(version)) if version.allowance else "",
    }
