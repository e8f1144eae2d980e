"""Objections to a posted list: which there are, and how each stands."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.poverty import policies
from lienthong.poverty.models import CommuneReview, HouseholdReview, Objection
from lienthong.poverty.queries.rounds import CommuneReviewNotFound
from lienthong.poverty.states import ObjectionState


class ObjectionNotFound(NotFound):
    """There is no such objection, or none that this user may see."""


def objections_of(review: CommuneReview, *, state: str = "") -> QuerySet[Objection]:
    """Return the objections of a commune, those that are due first on top, answered ones last."""
    rows = review.objections.select_related("review__household", "answered_by", "recorded_by")
    if state in ObjectionState.values:
        rows = rows.filter(state=state)
    return rows.order_by("answered_on", "due_on", "pk")


def open_objections(review: CommuneReview) -> QuerySet[Objection]:
    """Return the objections of a commune that are not answered."""
    return review.objections.exclude(state=ObjectionState.ANSWERED).order_by("due_on", "pk")


def get_objection(objection_id: int, *, as_: User, on: date) -> Objection:
    """Load an objection that the user may see, with its commune, round and household.

    Raises:
        ObjectionNotFound: There is none, or none for this user.
    """
    communes = CommuneReview.objects.filter(policies.visible_to(as_, on=on, path="unit"))
    rows = Objection.objects.select_related(
        "commune_review__unit",
        "commune_review__round",
        "review__household",
        "review__enumerator",
        "recorded_by",
        "answered_by",
    )
    found = rows.filter(commune_review__in=communes, pk=objection_id).first()
    if found is None:
        raise ObjectionNotFound(objection_id)
    return found


def household_of_commune(review: CommuneReview, review_id: int) -> HouseholdReview:
    """Return a household on the list of a commune.

    Raises:
        CommuneReviewNotFound: It is not on this list.
    """
    found = review.households.select_related("household").filter(pk=review_id).first()
    if found is None:
        raise CommuneReviewNotFound(review_id)
    return found
