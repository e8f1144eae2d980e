"""Rounds and the communes in them: which there are, and how far each commune is."""

from __future__ import annotations

from datetime import date

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.poverty import policies
from lienthong.poverty.models import CommuneReview


class CommuneReviewNotFound(NotFound):
    """There is no such part of a round, or none that this user may see."""


def get_commune_review(review_id: int, *, as_: User, on: date) -> CommuneReview:
    """Load a commune's part of a round that the user may see, with its round, points table and commune.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
    """
    seen = policies.visible_to(as_, on=on, path="unit")
    found = CommuneReview.objects.select_related("round__points_table", "unit").filter(seen, pk=review_id).first()
    if found is None:
        raise CommuneReviewNotFound(review_id)
    return found
