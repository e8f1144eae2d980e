"""The dossiers of whoever is signed in: what to do first, what is still being written, and all the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.policies import is_applicant
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers import wording
from lienthong.dossiers.states import ENDED_STATES, DossierState
from lienthong.dossiers.wording import Standing
from lienthong.infra.http import HouseRequest, allowed, reads
from lienthong.portal.pages import portal_page
from lienthong.portal.tracking import story

ROWS_ON_A_PAGE = 20
MOST_TO_DO = 10
MOST_DRAFTS = 20
# What stands still without the applicant comes before what only waits to be collected.
NEED_THE_APPLICANT = (
    (DossierState.AWAITING_SUPPLEMENT, DossierState.INCOMPLETE),
    (DossierState.DECIDED,),
)
SHOWN = {"open": gettext_lazy("Đang giải quyết"), "ended": gettext_lazy("Đã kết thúc")}
LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Row:
    """What the list shows of a dossier."""

    key: str
    url: str
    code: str
    procedure: str
    applicant: str
    state: Standing
    time: Standing
    to_do: str

    @property
    def what(self) -> str:
        """The procedure and the number, for one line."""
        return f"{self.procedure}, {self.code}" if self.code else self.procedure


@allowed(is_applicant)
@reads
def my_dossiers(request: HouseRequest) -> HttpResponse:
    own = dossiers.own_dossiers(request.user)
    shown = request.GET.get("show", "")
    now = request.received_at
    rows, before, after = _page(_kept(own, shown), request)
    is_first = not request.GET.get("after") and not request.GET.get("before")
    waiting = [one for states in NEED_THE_APPLICANT for one in own.filter(state__in=states)[:MOST_TO_DO]]
    first = [row for row in (_row(one, now=now) for one in waiting) if row.to_do] if is_first else []
    context = {
        "first": first,
        "drafts": list(dossiers.drafts_of(request.user)[:MOST_DRAFTS]) if is_first and not shown else [],
        "rows": [_row(one, now=now) for one in rows],
        "choices": [("", _("Tất cả")), *SHOWN.items()],
        "shown": shown,
        "before": before,
        "after": after,
    }
    return portal_page(request, "portal/tracking/mine.html", context)


def _kept(own: QuerySet[Any], shown: str) -> QuerySet[Any]:
    match shown:
        case "open":
            return own.exclude(state__in=ENDED_STATES)
        case "ended":
            return own.filter(state__in=ENDED_STATES)
        case _:
            return own


def _page(own: QuerySet[Any], request: HouseRequest) -> tuple[list[Any], str | None, str | None]:
    """Return a page of the list by key, with the keys of the pages before and after it."""
    before, after = _key(request, "before"), _key(request, "after")
    if before is not None:
        newer = list(own.filter(pk__gt=before).order_by("pk")[: ROWS_ON_A_PAGE + 1])
        if newer:
            rows = list(reversed(newer[:ROWS_ON_A_PAGE]))
            return rows, str(rows[0].pk) if len(newer) > ROWS_ON_A_PAGE else None, str(rows[-1].pk)
    found = list((own.filter(pk__lt=after) if after is not None else own)[: ROWS_ON_A_PAGE + 1])
    rows = found[:ROWS_ON_A_PAGE]
    earlier = str(rows[0].pk) if after is not None and rows else None
    return rows, earlier, str(rows[-1].pk) if len(found) > ROWS_ON_A_PAGE else None


def _key(request: HouseRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None


def _row(dossier: Any, *, now: datetime) -> Row:
    return Row(
        key=f"dossier-{dossier.pk}",
        url=reverse("portal:tracked", args=[dossier.public_id]),
        code=dossier.code or "",
        procedure=dossier.version.name,
        applicant=dossier.applicant_name,
        state=wording.state_of(dossier),
        time=wording.time_of(dossier, now=now),
        to_do=story.to_do(dossier),
    )
