"""Which class a household holds on a day, and held before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lienthong.poverty.models import HouseholdStanding
from lienthong.poverty.states import HouseholdClass


def class_on(household_id: int, day: date) -> HouseholdClass | None:
    """Return the class that a household holds on a day; None where none is recorded, which is not the same as not poor."""
    return classes_on([household_id], day).get(household_id)


def classes_on(household_ids: Iterable[int], day: date) -> dict[int, HouseholdClass]:
    """Return the class of many households on a day; those without a recorded one are left out."""
    rows = HouseholdStanding.objects.valid_on(day).filter(household_id__in=list(household_ids))
    return {pk: HouseholdClass(value) for pk, value in rows.values_list("household_id", "household_class")}


def standing_history(household_id: int) -> list[HouseholdStanding]:
    """Return every class that a household held, newest first, each with the decision and the round it came from."""
    rows = HouseholdStanding.objects.select_related("decision", "review__commune_review__round").filter(
        household_id=household_id
    )
    return list(rows.order_by("-valid_from", "-pk"))
