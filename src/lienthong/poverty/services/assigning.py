"""Who goes to which household, and to whom somebody goes once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact, record
from lienthong.kernel.days import local_day
from lienthong.poverty.events import RevisitAsked, VisitsAssigned
from lienthong.poverty.models import CommuneReview, HouseholdReview
from lienthong.poverty.queries.enumerators import enumerators_of
from lienthong.poverty.round_events import VisitsTakenBack
from lienthong.poverty.services.households import household_changed, locked_household
from lienthong.poverty.services.stages import ReviewRefused, locked_commune
from lienthong.poverty.states import CommuneState, VisitState

ASSIGN_AT_MOST = 5_000
ASSIGNING_STATES = (CommuneState.LISTING, CommuneState.VISITING)
REVISIT_STATES = (CommuneState.VISITING, CommuneState.MEETING, CommuneState.POSTED)
OPEN_VISITS = (VisitState.TO_VISIT, VisitState.REVISIT)


class NotAnEnumerator(ReviewRefused):
    """The person does not visit households in this commune today."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Người được chọn không phải điều tra viên của xã này hôm nay. Chọn người khác, hoặc nhờ quản trị phân công."
            )
        )


class NothingChosen(ReviewRefused):
    """Neither households nor a hamlet were named."""

    def __init__(self) -> None:
        super().__init__(_("Chưa chọn hộ nào. Đánh dấu các hộ, hoặc chọn một thôn."))


class TooManyChosen(ReviewRefused):
    """More than can be taken at once."""

    def __init__(self) -> None:
        words = _("Mỗi lần giao tối đa %(n)s hộ. Hãy chọn từng thôn.")
        super().__init__(words % {"n": ASSIGN_AT_MOST})


class NotVisitedYet(ReviewRefused):
    """There is nothing to look at a second time."""

    def __init__(self) -> None:
        super().__init__(_("Hộ này chưa khảo sát xong nên chưa thể yêu cầu khảo sát lại."))


class ReasonNeeded(ReviewRefused):
    """Whoever goes again must know why."""

    def __init__(self) -> None:
        super().__init__(_("Chưa ghi lý do. Hãy ghi ngắn gọn cần xem lại điều gì, để người đi khảo sát biết."))


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignVisits:
    """Which households go to whom. ``enumerator_id`` None takes them back.

    Named by ``review_ids``, or all of ``hamlet`` (an empty text: those of whom no hamlet is known) that nobody has yet.
    """

    commune_review_id: int
    enumerator_id: int | None
    review_ids: tuple[int, ...] = ()
    hamlet: str | None = None


@dataclass(frozen=True, slots=True)
class AssignReport:
    """How many went to somebody, and how many stayed because their visit is done or somebody has them."""

    assigned: int
    skipped: int


def assign_visits(command: AssignVisits, *, acting_user: User, now: datetime) -> AssignReport:
    """Give households to an enumerator, or take them back. A visit that is done stays with whoever made it.

    Giao hộ cho điều tra viên.

    Args:
        command: Which, to whom.
        acting_user: Who.
        now: When.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
        NothingChosen: Nothing was named.
        TooManyChosen: Too much was.
        NotAnEnumerator: That person does not visit households there.
        ReviewRefused: The user does not run the commune, the round is over, or visits are over.
    """
    if not command.review_ids and command.hamlet is None:
        raise NothingChosen
    if len(command.review_ids) > ASSIGN_AT_MOST:
        raise TooManyChosen
    with transaction.atomic():
        held = locked_commune(command.commune_review_id, acting_user=acting_user, now=now, states=ASSIGNING_STATES)
        _check_enumerator(held, command.enumerator_id, now=now)
        chosen = held.households.all()
        if command.review_ids:
            chosen = chosen.filter(pk__in=command.review_ids)
        else:
            chosen = chosen.filter(hamlet=command.hamlet)
        rows = list(chosen.order_by("pk").values_list("pk", "visit_state", "enumerator"))
        wanted = [
            pk
            for pk, state, enumerator in rows
            if state in OPEN_VISITS
            and enumerator != command.enumerator_id
            and (command.review_ids or command.enumerator_id is None or enumerator is None)
        ]
        held.households.filter(pk__in=wanted).update(enumerator=command.enumerator_id, version=F("version") + 1)
        if wanted:
            record(_fact(held, command, len(wanted)), stream=held.stream, actor_id=acting_user.pk, at=now)
        return AssignReport(len(wanted), len(rows) - len(wanted))


def ask_revisit(
    review_id: int,
    reason: str,
    *,
    seen: int | None = None,
    enumerator_id: int | None = None,
    acting_user: User,
    now: datetime,
) -> HouseholdReview:
    """Ask that a household be visited once more, by the same enumerator or by another as a control.

    Yêu cầu khảo sát lại (phúc tra).

    Args:
        review_id: The household on the list.
        reason: What must be looked at.
        seen: The version that the user saw; None where another verb asks, as the answer to an objection does.
        enumerator_id: Who goes; None for whoever was there.
        acting_user: Who.
        now: When.

    Raises:
        HouseholdReviewNotFound: There is none, or none for this user.
        ReasonNeeded: No reason was given.
        NotVisitedYet: Nobody was there yet.
        NotAnEnumerator: That person does not visit households there.
        ReviewRefused: The user does not run the commune, it is at another stage, or somebody else was faster.
    """
    if not reason.strip():
        raise ReasonNeeded
    with transaction.atomic():
        held = locked_household(review_id, seen=seen, acting_user=acting_user, now=now, states=REVISIT_STATES)
        if held.visit_state not in {VisitState.VISITED, VisitState.SCREENED_OUT}:
            raise NotVisitedYet
        _check_enumerator(held.commune_review, enumerator_id, now=now)
        held.visit_state, held.revisit_reason = VisitState.REVISIT, reason.strip()[:300]
        if held.commune_review.state != CommuneState.POSTED:
            held.proposed_class = None  # the village speaks again, on what the new visit finds
        if enumerator_id is not None:
            held.enumerator_id = enumerator_id
        return household_changed(held, RevisitAsked(review_id=held.pk), acting_user=acting_user, now=now)


def _check_enumerator(held: CommuneReview, enumerator_id: int | None, *, now: datetime) -> None:
    if enumerator_id is None:
        return
    if all(one.pk != enumerator_id for one in enumerators_of(held.unit_id, on=local_day(now))):
        raise NotAnEnumerator


def _fact(held: CommuneReview, command: AssignVisits, households: int) -> Fact:
    if command.enumerator_id is None:
        return VisitsTakenBack(commune_review_id=held.pk, households=households)
    return VisitsAssigned(commune_review_id=held.pk, enumerator_id=command.enumerator_id, households=households)
