"""The door of the poverty review: the province to its dashboard, a commune to its own round, an enumerator to their visits."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lienthong.infra.http import HouseRequest, allowed, reads
from lienthong.office.pages import office_page
from lienthong.office.poverty.tones import STAGE_TONES
from lienthong.poverty import policies
from lienthong.poverty.queries import rounds as queries
from lienthong.poverty.states import CommuneState


@allowed(policies.comes_in)
@reads
def entry(request: HouseRequest) -> HttpResponse:
    user, today = request.user, request.today
    if policies.sees_province(user, on=today):
        return redirect("office:poverty_province")
    communes = policies.communes_of(user, on=today)
    reviews = queries.reviews_of_communes(communes)
    running = [review for review in reviews if review.round.closed_at is None]
    if len(running) == 1:
        return redirect("office:poverty_commune", running[0].pk)
    if not communes:
        return redirect("office:poverty_visits")
    context = {
        "rows": [(review, CommuneState(review.state).label, STAGE_TONES[CommuneState(review.state)]) for review in reviews],
        "visits": reverse("office:poverty_visits"),
        "wide": len(communes) > 1,
    }  # fmt: skip
    return office_page(request, "office/poverty/entry.html", context)
