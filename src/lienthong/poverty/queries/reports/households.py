"""The households behind a number of a report, and the detailed lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from lienthong.poverty.models import HouseholdReview
from lienthong.poverty.queries.placement import Placement
from lienthong.poverty.queries.reports.figures import behind, is_decided
from lienthong.poverty.queries.reports.shape import Column, Report, Rows
from lienthong.poverty.states import LISTED_CLASSES
from lienthong.units.models import AdministrativeUnit

NO_ETHNICITY = "-"


@dataclass(frozen=True, slots=True)
class HouseholdOnMap:
    """A household of a report with the unit of the map in which it stands; None where that is not known."""

    review: HouseholdReview
    unit: AdministrativeUnit | None


def households_behind(
    report: Report, column: Column, placement: Placement, *, row: str = "", unit_id: int | None = None
) -> QuerySet[HouseholdReview]:
    """Return the households that a number of a table counts, by place and name.

    Args:
        report: Of the number.
        column: Of the number; one that ``opens``.
        placement: Of the communes that somebody may see.
        row: In a report by ethnicity, which; ``-`` for those that gave none, empty for all.
        unit_id: The unit of the map, 0 for what is unplaced, None for all.
    """
    keys = column.parts
    if report.rows == Rows.ETHNICITY:
        asked = Q(final_class__in=[key for key in keys if key in LISTED_CLASSES])
        if row:
            asked &= Q(ethnicity="" if row == NO_ETHNICITY else row)
    else:
        asked = reduce(or_, (behind(key) for key in keys))
    return _ordered(_at(placement, unit_id).filter(asked))


def listed_households(report: Report, placement: Placement, *, unit_id: int | None = None) -> QuerySet[HouseholdReview]:
    """Return the households of a detailed list, by place and name."""
    return _ordered(_at(placement, unit_id).filter(final_class=report.listed))


def unplaced_households(placement: Placement) -> QuerySet[HouseholdReview]:
    """Return the households that nothing places on the map, whatever was decided of them."""
    return _ordered(HouseholdReview.objects.filter(placement.where(None)))


def places_of_households(reviews: Iterable[HouseholdReview], placement: Placement) -> list[HouseholdOnMap]:
    """Return each household with its unit of the map."""
    found = []
    for review in reviews:
        at = placement.unit_id_of(review.pk, review.commune_review_id)
        found.append(HouseholdOnMap(review, placement.units.get(at) if at else None))
    return found


def _at(placement: Placement, unit_id: int | None) -> QuerySet[HouseholdReview]:
    decided = [pk for pk, review in placement.communes.items() if is_decided(review)]
    households = HouseholdReview.objects.filter(commune_review__in=decided)
    return households if unit_id is None else households.filter(placement.where(unit_id or None))


def _ordered(households: QuerySet[HouseholdReview]) -> QuerySet[HouseholdReview]:
    return households.select_related("household", "decision", "commune_review__unit").order_by(
        "commune_review__unit__sort_key", "commune_review__unit__code", "hamlet", "head_sort_key", "pk"
    )
