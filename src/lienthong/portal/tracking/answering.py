"""Handing in what an officer asked for: only the marked papers, kept while they are gathered, sent in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lienthong.documents import queries as papers
from lienthong.documents import services as documents
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.checklist import Paper
from lienthong.dossiers.services import AnswerSupplement, CompleteDossier, GivenItem, Target
from lienthong.dossiers.states import DossierState
from lienthong.infra.http import HouseRequest
from lienthong.portal.papers import NoSuchPaper, take_in
from lienthong.portal.tracking.access import Opened


def answer_owner(dossier: Any) -> str:
    """Return where the files of an answer wait until it is sent: they belong to this very request of the officer."""
    return f"answer:{dossier.pk}:{dossier.sequence}"


def gathered(dossier: Any) -> dict[int, list[Any]]:
    """Return the files that wait to be sent, by number of the paper."""
    waiting: dict[int, list[Any]] = {}
    for attachment in papers.attachments_of(answer_owner(dossier)):
        waiting.setdefault(int(attachment.role.removeprefix("item:")), []).append(attachment)
    return waiting


def gather(request: HouseRequest, opened: Opened, paper: Paper, chosen: Sequence[Any]) -> tuple[str, ...]:
    """Keep the chosen files of one paper until the answer is sent; return a sentence for each that is not fit."""
    by = opened.user.pk if opened.user else None
    there = [one.file for one in gathered(opened.dossier).get(paper.number, [])]
    came = take_in(chosen, there=there, by=by, now=request.received_at, label=paper.name)
    for file in came.kept:
        documents.attach(answer_owner(opened.dossier), f"item:{paper.number}", file, by=by, now=request.received_at)
    return came.refusals


def drop(request: HouseRequest, opened: Opened, file_id: str) -> str:
    """Take a gathered file off again; return its name."""
    try:
        wanted = UUID(file_id)
    except ValueError as unreadable:
        raise NoSuchPaper from unreadable
    by = opened.user.pk if opened.user else None
    for attachments in gathered(opened.dossier).values():
        for attachment in attachments:
            if attachment.file_id == wanted:
                owner = answer_owner(opened.dossier)
                documents.detach(attachment.pk, owner=owner, by=by, now=request.received_at)
                return str(attachment.file.name)
    return ""


def send(request: HouseRequest, opened: Opened, target: Target) -> Any:
    """Hand in everything that was gathered, by the move that the state of the dossier asks for."""
    waiting = gathered(opened.dossier)
    owner = answer_owner(opened.dossier)
    items = [
        GivenItem(number=number, files=tuple(one.file_id for one in attachments))
        for number, attachments in waiting.items()
    ]
    now, user = request.received_at, opened.user
    if opened.dossier.state == DossierState.INCOMPLETE:
        completion = CompleteDossier(target=target, items=items, secret=opened.secret)
        answered = dossiers.complete_dossier(completion, acting_user=user, now=now)
    else:
        supplement = AnswerSupplement(target=target, items=items, secret=opened.secret)
        answered = dossiers.answer_supplement(supplement, acting_user=user, now=now)
    for attachments in waiting.values():
        for attachment in attachments:
            documents.detach(attachment.pk, owner=owner, by=user.pk if user else None, now=now)
    return answered
