"""The page of a household: its class and why, its visits, and its history through years and mergers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.accounts.queries import happenings_of
from lienthong.documents.serve import file_response
from lienthong.infra.http import HouseRequest, allowed, not_found, note_read, reads
from lienthong.office.pages import office_page
from lienthong.office.poverty.tones import VISIT_TONES
from lienthong.people import queries as people
from lienthong.poverty import policies
from lienthong.poverty.queries import results
from lienthong.poverty.queries.results import ReviewNotFound
from lienthong.poverty.queries.standing import standing_history
from lienthong.poverty.states import HouseholdClass, VisitState


@allowed(policies.comes_in)
@reads
def household_page(request: HouseRequest, review_id: int) -> HttpResponse:
    try:
        review = results.get_review(review_id, user=request.user, on=request.today)
    except ReviewNotFound:
        return not_found(request)
    note_read(request, f"household:{review.household.code}")
    told = results.explanation(review.deciding_score)
    context = {
        "review": review,
        "told": told,
        "verdict": verdict_of(review),
        "tone": VISIT_TONES[VisitState(review.visit_state)],
        "deprived": [one for one in told.deprivations if one.is_deprived] if told else [],
        "spared": [one for one in told.deprivations if one.is_deprived is not True] if told else [],
        "members": people.members_on(review.household, request.today),
        "visits": results.visits_of(review),
        "may_read": policies.sees_poverty(request.user, on=request.today),
        "changes": results.changes_of(review),
        "objections": results.objections_of(review),
        "history": results.history_of(review.household, user=request.user, on=request.today),
        "standings": standing_history(review.household_id),
        "happened": happenings_of(review.stream),
        "back": reverse("office:poverty"),
    }
    return office_page(request, "office/poverty/household.html", context)


def verdict_of(review: Any) -> str:
    """Say the result so far in one sentence, and how firm it is."""
    if review.visit_state == VisitState.GONE:
        return _("Hộ không còn ở địa bàn: %(reason)s.") % {"reason": review.get_gone_reason_display()}
    for value, words in (
        (review.final_class, _("Đã quyết định: %(class)s.")),
        (review.proposed_class, _("Kết quả đề nghị: %(class)s; chưa có quyết định.")),
        (review.surveyed_class, _("Theo khảo sát: %(class)s; chưa họp thôn.")),
    ):
        if value:
            return words % {"class": HouseholdClass(value).label}
    if review.deciding_score_id:
        return _("Đã khảo sát nhưng chưa đủ thông tin để phân loại.")
    return _("Chưa khảo sát.")


@allowed(policies.comes_in)
@reads
def photo(request: HouseRequest, review_id: int, media_id: int) -> HttpResponseBase:
    try:
        review = results.get_review(review_id, user=request.user, on=request.today)
        stored = results.photo_of(review, media_id)
    except ReviewNotFound:
        return not_found(request)
    note_read(request, f"household:{review.household.code}", "photo")
    return file_response(stored, as_attachment=False)
