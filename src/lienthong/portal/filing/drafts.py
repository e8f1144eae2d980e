"""Opening a draft: whose it is, whether the law still knows its procedure, and what to show when it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.accounts.policies import is_applicant
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import Channel
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.services import DraftNotFound
from lienthong.dossiers.states import DossierState
from lienthong.infra.http import HouseRequest, allowed, writes
from lienthong.portal.pages import portal_page

DraftView = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why a procedure cannot be filed here today: the sentence, and the procedures that took its place."""

    sentence: str
    replaced_by: tuple[str, ...] = ()


def barrier_before(version: Any) -> Barrier | None:
    """Return why a version in force cannot be filed online; None where it can."""
    if version.handled_by:
        sentence = _(
            "Thủ tục này do %(agency)s giải quyết, không nộp ở cổng này. Hãy liên hệ nơi đó để được hướng dẫn."
        )
        return Barrier(sentence % {"agency": version.handled_by})
    if Channel.ONLINE not in version.channels:
        ways = ", ".join(str(Channel(way).label) for way in version.channels)
        return Barrier(_("Thủ tục này chưa nhận hồ sơ trực tuyến. Cách nộp: %(ways)s.") % {"ways": ways})
    return None


def version_of_today(draft: Any, *, on: Any) -> Any:
    """Return the version that a draft would be sent under today, or the barrier before it."""
    try:
        version = catalogue.procedure_in_force(draft.procedure_code, on=on)
    except catalogue.ProcedureNotInForce as ended:
        return Barrier(str(ended), ended.replaced_by)
    return barrier_before(version) or version


def of_draft(*, also_barred: bool = False) -> Callable[[DraftView], DraftView]:
    """Open the draft that an address names and hand it to the view, as its writer only.

    One that was sent meanwhile leads to its dossier. Where the law has changed, reading leads to the page that says so;
    what is posted is kept first.

    Args:
        also_barred: Show the page even when the procedure cannot be filed any more or has a new version.
    """

    def decorate(view: DraftView) -> DraftView:
        @allowed(is_applicant)
        @writes
        @wraps(view)
        def wrapped(request: HouseRequest, draft_id: UUID, **parts: Any) -> HttpResponseBase:
            try:
                draft = dossiers.get_draft(draft_id, user=request.user)
                if request.method != "POST" and not also_barred:
                    version = version_of_today(draft, on=request.today)
                    if isinstance(version, Barrier):
                        return barred(request, version, draft=draft)
                    if version.pk != draft.version_id:
                        return redirect("portal:draft_renew", draft_id)
                return view(request, draft, **parts)
            except (dossiers.DossierNotFound, DraftNotFound):
                return _sent_already(request, draft_id)

        return wrapped

    return decorate


def barred(request: HouseRequest, barrier: Barrier, *, draft: Any = None, status: int = 200) -> HttpResponse:
    """Say why a procedure cannot be filed here, what took its place, and that nothing of a draft is lost."""
    replacements = [
        (code, name)
        for code, name in catalogue.procedure_names(on=request.today).items()
        if code in barrier.replaced_by
    ] if barrier.replaced_by else []  # fmt: skip
    context = {"barrier": barrier, "draft": draft, "replacements": replacements}
    return portal_page(request, "portal/filing/barred.html", context, status=status)


def _sent_already(request: HouseRequest, draft_id: UUID) -> HttpResponse:
    dossier = dossiers.get_dossier(draft_id, user=request.user, now=request.received_at)
    if dossier.state == DossierState.DRAFT:
        raise dossiers.DossierNotFound
    messages.info(request, _("Hồ sơ này đã được gửi nên không sửa được nữa. Dưới đây là tình trạng hiện tại."))
    return redirect("portal:tracked", draft_id)
