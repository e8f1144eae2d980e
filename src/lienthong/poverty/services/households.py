"""How every verb on a household of a list begins and ends: its commune held, then its row; the version, and the fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact, record
from lienthong.kernel.days import local_day
from lienthong.poverty import policies
from lienthong.poverty.models import HouseholdReview
from lienthong.poverty.queries.worklist import HouseholdReviewNotFound
from lienthong.poverty.services.stages import ReviewRefused, locked_commune
from lienthong.poverty.states import CommuneState


class StaleHousehold(ReviewRefused):
    """Somebody else has changed the household's row since it was shown."""

    def __init__(self) -> None:
        super().__init__(_("Hộ này vừa được người khác cập nhật. Xem lại bên dưới rồi làm tiếp nếu vẫn cần."))


def locked_household(
    review_id: int, *, seen: int | None, acting_user: User, now: datetime, states: Sequence[CommuneState]
) -> HouseholdReview:
    """Read a household of a list whose commune the user runs, and hold both rows until the transaction ends.

    The commune comes first, as everywhere: whoever lists, assigns or moves the stage waits, and nobody waits in a circle.

    Args:
        review_id: Which.
        seen: The version that the user saw; None where nothing was shown.
        acting_user: Who.
        now: When.
        states: The stages to which what comes next belongs.

    Raises:
        HouseholdReviewNotFound: There is none, or none for this user.
        StaleHousehold: It changed since.
        ReviewRefused: See ``locked_commune``.
    """
    mine = HouseholdReview.objects.filter(policies.visible_to(acting_user, on=local_day(now)), pk=review_id)
    commune_id = mine.values_list("commune_review", flat=True).first()
    if commune_id is None:
        raise HouseholdReviewNotFound(review_id)
    commune = locked_commune(commune_id, acting_user=acting_user, now=now, states=states)
    held = HouseholdReview.objects.select_for_update(of=("self",)).select_related("household").get(pk=review_id)
    held.commune_review = commune
    if seen is not None and held.version != seen:
        raise StaleHousehold
    return held


def household_changed(held: HouseholdReview, fact: Fact, *, acting_user: User, now: datetime) -> HouseholdReview:
    """Write the row under its next version, and what happened."""
    held.version += 1
    held.save()
    record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
    return held
