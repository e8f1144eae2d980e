"""What somebody answered at a household, in words, with photos, place and what the form computed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.documents.serve import file_response
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.office.pages import office_page
from lienthong.office.poverty.told import told_form
from lienthong.poverty import policies
from lienthong.poverty.queries import visits as queries
from lienthong.poverty.queries.own_visits import photo_of, photos_of
from lienthong.poverty.states import FormKind, HouseholdClass


@allowed(policies.comes_in)
@reads
def visit_page(request: HouseRequest, visit_id: int) -> HttpResponse:
    visit = queries.get_visit(visit_id, as_=request.user, on=request.today)
    review, version = visit.review, visit.submission.form_version
    note_read(request, f"household-review:{review.pk}", "answers")
    officer = policies.sees_poverty(request.user, on=request.today)
    score = queries.score_of(visit) if visit.form_id == FormKind.B else None
    context = {
        "visit": visit,
        "review": review,
        "round": review.commune_review.round,
        "version": version,
        "told": told_form(version, visit.answers),
        "place": place_words(visit),
        "minutes": int((visit.ended_at - visit.started_at).total_seconds() // 60),
        "score": score,
        "outcome": HouseholdClass(score.outcome).label if score and score.outcome else "",
        "photos": photos_of(visit),
        "flags": queries.flags_of(visit) if officer else [],
        "officer": officer,
        "back": reverse("office:poverty_household", args=[review.pk]) if officer else reverse("office:poverty_visits"),
        "back_words": review.head_name if officer else _("Hộ tôi khảo sát"),
    }
    return office_page(request, "office/poverty/visit.html", context)


@allowed(policies.comes_in)
@reads
def visit_photo(request: HouseRequest, visit_id: int, name: str) -> HttpResponseBase:
    visit = queries.get_visit(visit_id, as_=request.user, on=request.today)
    stored = photo_of(visit, name)
    note_read(request, f"household-review:{visit.review_id}", "photo")
    return file_response(stored, as_attachment=False)


def place_words(visit: Any) -> str:
    """Write where the visit was, as people copy it into a map; empty where no place was sent."""
    if visit.latitude is None or visit.longitude is None:
        return ""
    words = f"{visit.latitude:.5f}, {visit.longitude:.5f}"
    return words + (_(" (sai số %(n)s m)") % {"n": round(visit.accuracy_m)} if visit.accuracy_m is not None else "")
