"""The list of households to visit: made from what is known, added to by the commune, and who is no longer there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.poverty.events import HouseholdGone, ListMade
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRequest, ReviewRound
from lienthong.poverty.queries import areas, listing
from lienthong.poverty.queries.listing import Candidate
from lienthong.poverty.round_events import HouseholdBack, TotalsRecorded
from lienthong.poverty.services.households import household_changed, locked_household
from lienthong.poverty.services.stages import ReviewRefused, locked_commune
from lienthong.poverty.states import CommuneState, GoneReason, ListingSource, VisitState

LISTING_STATES = (CommuneState.LISTING, CommuneState.VISITING)
_AT_ONCE = 1_000


class HouseholdNotHere(ReviewRefused):
    """No household of this commune carries the code."""

    def __init__(self, code: str) -> None:
        words = _(
            "Không có hộ nào đang ở xã này mang mã %(code)s. Kiểm tra lại mã hộ, hoặc cập nhật nơi ở của hộ trước."
        )
        super().__init__(words % {"code": code})


class AlreadyListed(ReviewRefused):
    """The household is on the list already."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Hộ %(code)s đã có trong danh sách của đợt này.") % {"code": code})


class OnAnotherList(ReviewRefused):
    """Another round that runs has not decided on the household: two results at once would contradict each other."""

    def __init__(self, code: str, round_: ReviewRound) -> None:
        words = _(
            "Hộ %(code)s đang được rà soát trong %(round)s. Khi đợt ấy có quyết định về hộ, mới thêm hộ vào đợt này."
        )
        super().__init__(words % {"code": code, "round": round_.in_words})


class NotGone(ReviewRefused):
    """The household is not marked as gone."""

    def __init__(self) -> None:
        super().__init__(_("Hộ này không được ghi là không còn ở địa bàn. Tải lại trang để xem tình trạng mới."))


class AlreadyGone(ReviewRefused):
    """The household is marked as gone already."""

    def __init__(self) -> None:
        super().__init__(_("Hộ này đã được ghi là không còn ở địa bàn."))


class TotalsTooSmall(ReviewRefused):
    """Fewer households are said to live there than stand on the list."""

    def __init__(self, listed: int) -> None:
        words = _("Tổng số hộ của xã không thể ít hơn %(n)s hộ đang có trong danh sách. Hãy kiểm tra lại.")
        super().__init__(words % {"n": listed})


class FewerPeopleThanHouseholds(ReviewRefused):
    """Each household has at least one member."""

    def __init__(self) -> None:
        super().__init__(_("Số nhân khẩu không thể ít hơn số hộ. Hãy kiểm tra lại."))


@dataclass(frozen=True, slots=True)
class ListReport:
    """What making a list did."""

    added: int
    households: int


def make_list(review: CommuneReview, *, acting_user: User, now: datetime) -> ListReport:
    """Put on the list of a commune everybody who belongs there and is missing; who is there stays as they are.

    Lập danh sách hộ cần rà soát.

    In a periodic round these are the poor and near-poor of the day and the households that asked; in a regular one only
    those that asked.

    Args:
        review: The commune's part of the round.
        acting_user: Who.
        now: When.

    Returns:
        How many were added, and how many there are.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
        ReviewRefused: The user does not run the commune, the round is over, or the list is closed.

    Legal source:
        24/2021/QĐ-TTg; 07/2021/TT-BLĐTBXH, Phụ lục I.
    """
    with transaction.atomic():
        held = locked_commune(review.pk, acting_user=acting_user, now=now, states=LISTING_STATES)
        day = listing.listing_day(held, local_day(now))
        added = _put_on_list(held, listing.candidates(held, day), day)
        return _told(held, added, acting_user=acting_user, now=now)


def add_household(review: CommuneReview, code: str, *, acting_user: User, now: datetime) -> HouseholdReview:
    """Put one household of the commune on its list.

    Bổ sung một hộ vào danh sách rà soát.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
        AlreadyListed: It is there.
        HouseholdNotHere: It does not live in the commune, or is on another commune's list.
        OnAnotherList: Another round that runs has still to decide on it.
        ReviewRefused: The user does not run the commune, the round is over, or the list is closed.
    """
    with transaction.atomic():
        held = locked_commune(review.pk, acting_user=acting_user, now=now, states=LISTING_STATES)
        if held.households.filter(household__code=code).exists():
            raise AlreadyListed(code)
        elsewhere = listing.undecided_elsewhere(held, code)
        if elsewhere is not None:
            raise OnAnotherList(code, elsewhere)
        day = listing.listing_day(held, local_day(now))
        found = listing.candidates_by_code(held, [code], day)
        if not found:
            raise HouseholdNotHere(code)
        _put_on_list(held, found, day, added=True)
        _told(held, 1, acting_user=acting_user, now=now)
        return held.households.get(household=found[0].household_id)


def record_totals(
    review: CommuneReview, *, households: int, population: int | None, acting_user: User, now: datetime
) -> CommuneReview:
    """Write down how many households and people live in the commune: the whole of which the poor are a share.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
        TotalsTooSmall: There are more on the list.
        FewerPeopleThanHouseholds: There are fewer people than households.
        ReviewRefused: The user does not run the commune, the round is over, or the commune has reported.
    """
    before_report = tuple(state for state in CommuneState if state != CommuneState.REPORTED)
    with transaction.atomic():
        held = locked_commune(review.pk, acting_user=acting_user, now=now, states=before_report)
        listed = held.households.exclude(visit_state=VisitState.GONE).count()
        if households < listed:
            raise TotalsTooSmall(listed)
        if population is not None and population < households:
            raise FewerPeopleThanHouseholds
        held.households_total, held.population_total = households, population
        held.save(update_fields=["households_total", "population_total"])
        fact = TotalsRecorded(commune_review_id=held.pk, households=households, population=population)
        record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
        return held


def mark_gone(review_id: int, reason: GoneReason, *, seen: int, acting_user: User, now: datetime) -> HouseholdReview:
    """Write down that a household is no longer there, and why.

    Args:
        review_id: The household on the list.
        reason: Moved away, or dissolved.
        seen: The version that the user saw.
        acting_user: Who.
        now: When.

    Raises:
        HouseholdReviewNotFound: There is none, or none for this user.
        AlreadyGone: That is written already.
        ReviewRefused: The user does not run the commune, it is at another stage, or somebody else was faster.
    """
    with transaction.atomic():
        held = locked_household(review_id, seen=seen, acting_user=acting_user, now=now, states=LISTING_STATES)
        if held.visit_state == VisitState.GONE:
            raise AlreadyGone
        held.visit_state, held.gone_reason = VisitState.GONE, GoneReason(reason)
        fact = HouseholdGone(review_id=held.pk, reason=str(GoneReason(reason).label))
        return household_changed(held, fact, acting_user=acting_user, now=now)


def undo_gone(review_id: int, *, seen: int, acting_user: User, now: datetime) -> HouseholdReview:
    """Take back that a household is gone: it is visited if somebody was there, else still to visit.

    Raises:
        HouseholdReviewNotFound: There is none, or none for this user.
        NotGone: It is not marked as gone.
        AlreadyListed: It went on the list of another commune meanwhile.
        ReviewRefused: The user does not run the commune, it is at another stage, or somebody else was faster.
    """
    with transaction.atomic():
        held = locked_household(review_id, seen=seen, acting_user=acting_user, now=now, states=LISTING_STATES)
        if held.visit_state != VisitState.GONE:
            raise NotGone
        elsewhere = HouseholdReview.objects.filter(
            household=held.household_id, commune_review__round=held.commune_review.round_id
        )
        if elsewhere.exclude(pk=held.pk).exclude(visit_state=VisitState.GONE).exists():
            raise AlreadyListed(held.household.code)
        was_visited = held.deciding_score_id is not None
        held.visit_state = VisitState.VISITED if was_visited else VisitState.TO_VISIT
        held.gone_reason = ""
        return household_changed(held, HouseholdBack(review_id=held.pk), acting_user=acting_user, now=now)


def _put_on_list(held: CommuneReview, found: Sequence[Candidate], day: date, *, added: bool = False) -> int:
    """Write the rows of a list, and on which row each open request went."""
    area_of = areas.areas_of({(held.unit, one.hamlet) for one in found}, on=day)
    jumping = areas.households_whose_line_may_jump(on=day, unit_ids=[held.unit_id]) if found else {}
    rows = [
        HouseholdReview(
            commune_review=held,
            household_id=one.household_id,
            head_name=one.head_name,
            head_sort_key=one.head_sort_key,
            head_sex=one.head_sex,
            ethnicity=one.ethnicity,
            size=one.size or None,
            hamlet=one.hamlet,
            area=area_of[held.unit_id, one.hamlet],
            line_may_jump=one.household_id in jumping,
            source=_source(one, added=added),
            class_before=one.class_before,
            ever_listed=one.ever_listed,
        )
        for one in found
    ]
    HouseholdReview.objects.bulk_create(rows, batch_size=_AT_ONCE)
    _tie_requests(held, day)
    return len(rows)


def _source(one: Candidate, *, added: bool) -> ListingSource:
    if one.asked:
        return ListingSource.REQUEST if not one.listed else ListingSource.CURRENT_LIST
    return ListingSource.ADDED if added else ListingSource.CURRENT_LIST


def _tie_requests(held: CommuneReview, day: date) -> None:
    """Say of every open request of somebody on the list that it is answered by this review."""
    on_list = dict(
        held.households.filter(household__in=_open_requests(day).values("household")).values_list("household", "pk")
    )
    requests = list(_open_requests(day).filter(household__in=on_list).order_by("pk"))
    for request in requests:
        request.review_id = on_list[request.household_id]
    ReviewRequest.objects.bulk_update(requests, ["review"], batch_size=_AT_ONCE)


def _open_requests(day: date) -> QuerySet[ReviewRequest]:
    return ReviewRequest.objects.filter(review=None, withdrawn_on=None, received_on__lte=day)


def _told(held: CommuneReview, added: int, *, acting_user: User, now: datetime) -> ListReport:
    report = ListReport(added, held.households.count())
    fact = ListMade(commune_review_id=held.pk, added=report.added, households=report.households)
    record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
    return report
