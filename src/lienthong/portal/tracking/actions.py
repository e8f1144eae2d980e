"""What an applicant may do to a dossier that is under way: answer, withdraw, rate."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.dossiers import queries as dossiers
from lienthong.dossiers import services
from lienthong.dossiers.checklist import checklist_of
from lienthong.dossiers.queries import DossierNotFound
from lienthong.dossiers.services import RateDossier
from lienthong.dossiers.states import Action, DossierState, Satisfaction
from lienthong.infra.http import HouseRequest, public, writes
from lienthong.infra.times import moment_in_words
from lienthong.portal.pages import portal_page
from lienthong.portal.papers import file_links, tracked_file_address
from lienthong.portal.tracking import answering, story
from lienthong.portal.tracking.access import Opened, open_dossier
from lienthong.portal.tracking.forms import ActForm, AnswerForm, RateForm, WithdrawForm
from lienthong.portal.tracking.views import note_opened, private

ActView = Callable[[HouseRequest, Opened], HttpResponse]


def of_applicant(*actions: Action) -> Callable[[ActView], Callable[..., HttpResponse]]:
    """Open the dossier for its applicant; lead back to it when none of the actions is possible (any more).

    A guest whose hour is over is asked for the secret again.
    """

    def decorate(view: ActView) -> Callable[..., HttpResponse]:
        @public
        @writes
        @wraps(view)
        def wrapped(request: HouseRequest, public_id: UUID) -> HttpResponse:
            try:
                opened = open_dossier(request, public_id)
            except DossierNotFound:
                if request.user.is_authenticated:
                    raise
                return redirect("portal:tracked", public_id)
            note_opened(request, opened)
            possible = dossiers.actions_for(
                opened.dossier, user=opened.user, now=request.received_at, secret=opened.secret
            )
            if not set(actions) & set(possible):
                messages.info(
                    request, _("Việc này đã làm xong hoặc không còn cần nữa. Dưới đây là tình trạng hiện tại.")
                )
                return redirect("portal:tracked", public_id)
            return private(view(request, opened))

        return wrapped

    return decorate


@of_applicant(Action.ANSWER_SUPPLEMENT, Action.COMPLETE)
def answer(request: HouseRequest, opened: Opened) -> HttpResponse:
    dossier = opened.dossier
    asked = [paper for paper in checklist_of(dossier) if paper.row.is_open]
    if "drop" in request.POST:
        name = answering.drop(request, opened, request.POST["drop"])
        if name:
            messages.success(request, _("Đã gỡ tệp “%(name)s”.") % {"name": name})
        return redirect("portal:answer", dossier.public_id)
    form = AnswerForm(request.POST or None, dossier=dossier, papers=asked)
    if request.method == "POST" and form.is_valid():
        for paper in asked:
            name = form.name_of(paper)
            for sentence in answering.gather(request, opened, paper, request.FILES.getlist(name)):
                form.add_error(name, sentence)
        waiting = answering.gathered(dossier)
        if "keep" not in request.POST:
            for paper in asked:
                if paper.number not in waiting and not form.has_error(form.name_of(paper)):
                    words = _("Chưa có tệp cho “%(paper)s”. Cần nộp đủ trong một lần.") % {"paper": paper.name}
                    form.add_error(form.name_of(paper), words)
        if not form.errors and "keep" in request.POST:
            messages.success(request, _("Đã giữ các tệp, chưa gửi. Khi đủ, bấm “Gửi bổ sung”."))
            return redirect("portal:answer", dossier.public_id)
        if not form.errors:
            sent = _made(request, form, lambda: answering.send(request, opened, form.target()))
            if sent is not None:
                messages.success(request, _answered(sent))
                return redirect("portal:tracked", dossier.public_id)
    waiting = answering.gathered(dossier)
    address, owner = tracked_file_address(dossier.public_id), answering.answer_owner(dossier)
    context = {
        "form": form,
        "dossier": dossier,
        "lines": [
            (
                paper,
                form[form.name_of(paper)],
                file_links(
                    [one.file for one in waiting.get(paper.number, [])], address=address, owner=owner, request=request
                ),
            )
            for paper in asked
        ],
        "clock": story.clock_goes_on(dossier, now=request.received_at),
        "is_completion": dossier.state == DossierState.INCOMPLETE,
    }
    return portal_page(request, "portal/tracking/answer.html", context, status=422 if form.errors else 200)


@of_applicant(Action.WITHDRAW)
def withdraw(request: HouseRequest, opened: Opened) -> HttpResponse:
    form = WithdrawForm(request.POST or None, dossier=opened.dossier)
    if request.method == "POST" and form.is_valid():
        done = _made(
            request,
            form,
            lambda: services.withdraw(
                form.target(),
                acting_user=opened.user,
                now=request.received_at,
                reason=form.cleaned_data["reason"],
                secret=opened.secret,
            ),
        )
        if done is not None:
            messages.success(request, _("Đã rút hồ sơ. Cơ quan không giải quyết hồ sơ này nữa."))
            return redirect("portal:tracked", opened.dossier.public_id)
    context = {"form": form, "dossier": opened.dossier}
    return portal_page(request, "portal/tracking/withdraw.html", context, status=422 if form.errors else 200)


@of_applicant(Action.RATE)
def rate(request: HouseRequest, opened: Opened) -> HttpResponse:
    form = RateForm(request.POST or None, dossier=opened.dossier)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = _made(
            request,
            form,
            lambda: services.rate(
                RateDossier(
                    target=form.target(),
                    level=Satisfaction(data["level"]),
                    trips=data["trips"],
                    comment=data["comment"],
                    secret=opened.secret,
                ),
                acting_user=opened.user,
                now=request.received_at,
            ),
        )
        if done is not None:
            messages.success(request, _("Cảm ơn bạn đã đánh giá. Ý kiến của bạn giúp việc phục vụ tốt hơn."))
            return redirect("portal:tracked", opened.dossier.public_id)
    context = {"form": form, "dossier": opened.dossier}
    return portal_page(request, "portal/tracking/rate.html", context, status=422 if form.errors else 200)


def _made(request: HouseRequest, form: ActForm, move: Callable[[], Any]) -> Any:
    """Make a move; put its refusal above the form and return None where it is refused."""
    try:
        return move()
    except services.DossierRefusal as refusal:
        form.show(refusal)
        return None


def _answered(dossier: Any) -> str:
    if dossier.current_due_at is None:
        return _("Đã gửi bổ sung. Cơ quan xem tiếp hồ sơ của bạn.")
    return _("Đã gửi bổ sung. Hẹn trả kết quả: %(moment)s.") % {"moment": moment_in_words(dossier.current_due_at)}
