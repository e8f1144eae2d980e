"""A commune reports to the province: its figures are frozen as they are on that day, and never change afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.poverty.events import CommuneReported
from lienthong.poverty.models import CommuneReview, HouseholdReview
from lienthong.poverty.services.postings import digest_of
from lienthong.poverty.services.stages import locked_commune, move_commune
from lienthong.poverty.states import LISTED_CLASSES, CommuneState, HouseholdClass


@transaction.atomic
def report_commune(commune_review_id: int, *, acting_user: User, now: datetime) -> CommuneReview:
    """Freeze the figures of a decided commune and report them to the province.

    Báo cáo kết quả rà soát. Keys: ``poor``, ``near_poor``, ``average``, ``poor.people``, ``movement.<movement>``,
    ``deprivation.<class>.<indicator>``, ``cause.<class>.<cause>``, ``ethnicity.<class>.<name>``, ``households_total``.

    Raises:
        CommuneReviewNotFound, NotYourCommune: There is no such review for this user, or not to run.
        NotThisStage: The commune is not decided, or has reported already.
    """
    review = locked_commune(commune_review_id, acting_user=acting_user, now=now, states=(CommuneState.DECIDED,))
    review.frozen = figures_of(review)
    review.save(update_fields=["frozen"])
    move_commune(review, CommuneState.REPORTED, acting_user=acting_user, now=now)
    review.refresh_from_db()
    fact = CommuneReported(
        commune_review_id=review.pk,
        poor=review.frozen[HouseholdClass.POOR],
        near_poor=review.frozen[HouseholdClass.NEAR_POOR],
        digest=digest_of(review.frozen),
    )
    record(fact, stream=review.stream, actor_id=acting_user.pk, at=now)
    return review


def figures_of(review: CommuneReview) -> dict[str, int]:
    """Count what a decided commune reports: {figure: number of households, or of people where it says so}."""
    return count_figures(review, review.households.order_by("pk"))


def count_figures(review: CommuneReview, households: Iterable[HouseholdReview]) -> dict[str, int]:
    """Count the figures of a report from the households of its list."""
    figures: Counter[str] = Counter({str(one): 0 for one in HouseholdClass})
    for household in households:
        figures[f"movement.{household.movement or 'none'}"] += 1
        if household.final_class is None:
            continue
        listed = household.final_class
        figures[listed] += 1
        if listed not in LISTED_CLASSES:
            continue
        figures[f"{listed}.people"] += household.size or 0
        figures[f"ethnicity.{listed}.{household.ethnicity}"] += 1
        for what, codes in (("deprivation", household.deprivations), ("cause", household.causes)):
            for code in codes:
                figures[f"{what}.{listed}.{code}"] += 1
        figures[f"{listed}.no_labour"] += bool(household.has_no_labour)
        figures[f"{listed}.merit"] += bool(household.has_merit_member)
    for name in ("households_total", "population_total"):
        if (total := getattr(review, name)) is not None:
            figures[name] = total
    return dict(figures)
