"""Which households may be visited now: one rule for lists, for devices, for the form in the browser and for what is taken in."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from lienthong.poverty.models import HouseholdReview
from lienthong.poverty.states import CommuneState, VisitState

AGAIN_IN: Final = (CommuneState.MEETING, CommuneState.POSTED)

# The same rule for a query on households of a list.
VISITABLE: Final = ~Q(visit_state=VisitState.GONE) & (
    Q(commune_review__state=CommuneState.VISITING)
    | Q(commune_review__state__in=AGAIN_IN, visit_state=VisitState.REVISIT)
)


def may_be_visited(review: HouseholdReview) -> bool:
    """Tell whether a visit of this household is taken in.

    While the commune visits, every household that is there; during the meetings and while the list hangs out, only those
    to whom somebody was sent again: a recheck (phúc tra) happens while the commune stays where it is.
    """
    if review.visit_state == VisitState.GONE:
        return False
    stage = CommuneState(review.commune_review.state)
    if stage in AGAIN_IN:
        return review.visit_state == VisitState.REVISIT
    return stage == CommuneState.VISITING
