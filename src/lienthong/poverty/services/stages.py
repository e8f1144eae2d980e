"""A commune goes from one stage of a round to the next: the one place that does so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.poverty import policies
from lienthong.poverty.events import StageMoved
from lienthong.poverty.models import CommuneReview
from lienthong.poverty.queries.rounds import CommuneReviewNotFound
from lienthong.poverty.queries.stages import Missing, missing_for
from lienthong.poverty.states import COMMUNE_MOVES, CommuneState


class ReviewRefused(Exception):
    """Base of why something is not done with a commune's review, in words."""


class NotYourCommune(ReviewRefused):
    """The user may see the commune's review and not run it."""

    def __init__(self) -> None:
        super().__init__(
            _("Bạn xem được đợt rà soát của xã này nhưng không được giao thực hiện. Hãy báo cán bộ phụ trách của xã.")
        )


class RoundIsClosed(ReviewRefused):
    """The round was closed by the province."""

    def __init__(self) -> None:
        super().__init__(_("Đợt rà soát đã đóng nên không thay đổi được nữa. Hãy liên hệ Sở nếu cần sửa."))


class NotThisStage(ReviewRefused):
    """What was asked belongs to another stage."""

    def __init__(self, state: CommuneState) -> None:
        words = _("Xã đang ở bước “%(state)s” nên chưa thể làm việc này. Tải lại trang để xem việc làm được.")
        super().__init__(words % {"state": state.label})


class MoveNotPossible(ReviewRefused):
    """The table has no such move from where the commune is."""

    def __init__(self, origin: CommuneState, target: CommuneState) -> None:
        words = _(
            "Xã đang ở bước “%(origin)s” nên không thể chuyển sang “%(target)s”. Tải lại trang để xem bước tiếp theo."
        )
        super().__init__(words % {"origin": origin.label, "target": target.label})


class StageNotDone(ReviewRefused):
    """Something is missing before the next stage; ``missing`` says all of it."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = list(missing)
        super().__init__(" ".join(one.words for one in self.missing))


def move_commune(
    review: CommuneReview, to: CommuneState, *, acting_user: User, now: datetime, reason: str = ""
) -> CommuneReview:
    """Move a commune to another stage of its round, when nothing is missing for it.

    Chuyển bước rà soát của xã.

    Args:
        review: The commune's part of the round; it is read again under a lock.
        to: The stage.
        acting_user: Who.
        now: When.
        reason: Why, where the move needs one: that there is nobody to list, that a meeting did not agree.

    Returns:
        The review after the move.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
        NotYourCommune: The user does not run the commune.
        RoundIsClosed: The round is over.
        MoveNotPossible: ``COMMUNE_MOVES`` has no such move.
        StageNotDone: Something is missing.
    """
    with transaction.atomic():
        held = locked_commune(review.pk, acting_user=acting_user, now=now)
        origin = CommuneState(held.state)
        if to not in COMMUNE_MOVES[origin]:
            raise MoveNotPossible(origin, to)
        if missing := missing_for(held, to, reason=reason.strip()):
            raise StageNotDone(missing)
        held.state = to
        if to == CommuneState.VISITING and held.listed_at is None:
            held.listed_at = now
        if to == CommuneState.REPORTED:
            held.reported_at = now
        held.save(update_fields=["state", "listed_at", "reported_at"])
        fact = StageMoved(
            commune_review_id=held.pk, state_from=str(origin.label), state_to=str(to.label), reason=reason.strip()
        )
        record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
        return held


def locked_commune(
    review_id: int, *, acting_user: User, now: datetime, states: Sequence[CommuneState] = ()
) -> CommuneReview:
    """Read a commune's part of a round that the user runs, and hold its row until the transaction ends.

    Args:
        review_id: Which.
        acting_user: Who.
        now: When.
        states: The stages to which what comes next belongs; empty for any.

    Raises:
        CommuneReviewNotFound: There is none, or none for this user.
        NotYourCommune: The user does not run the commune.
        RoundIsClosed: The round is over.
        NotThisStage: It is at another stage.
    """
    day = local_day(now)
    seen = policies.visible_to(acting_user, on=day, path="unit")
    held = (
        CommuneReview.objects.select_for_update(of=("self",))
        .select_related("round__points_table", "unit")
        .filter(seen, pk=review_id)
        .first()
    )
    if held is None:
        raise CommuneReviewNotFound(review_id)
    if not policies.runs_commune(acting_user, held.unit_id, on=day):
        raise NotYourCommune
    if held.round.closed_at is not None:
        raise RoundIsClosed
    if states and held.state not in states:
        raise NotThisStage(CommuneState(held.state))
    return held
