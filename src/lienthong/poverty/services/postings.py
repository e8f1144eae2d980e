"""The list of a commune hangs out for the legal working days; again when a result on it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import canonical, record
from lienthong.kernel.days import format_day, local_day
from lienthong.poverty.events import ListPosted
from lienthong.poverty.models import CommuneReview, HouseholdReview, Posting
from lienthong.poverty.queries.village import (
    changed_since_posting,
    latest_posting,
    missing_for_posting,
    result_of,
    results_of,
)
from lienthong.poverty.services.stages import ReviewRefused, StageNotDone, locked_commune, move_commune
from lienthong.poverty.states import CommuneState, VisitState
from lienthong.poverty.working_days import posting_ends_on


class PostedOnWrongDay(ReviewRefused):
    """The day of posting cannot be; the message says why."""


class NothingNewToPost(ReviewRefused):
    """The list that hangs out is the list as it is."""

    def __init__(self, posting: Posting) -> None:
        words = _("Danh sách đang niêm yết (lần %(number)s) không có kết quả nào thay đổi, nên không cần niêm yết lại.")
        super().__init__(words % {"number": posting.number})


@dataclass(frozen=True, slots=True, kw_only=True)
class PostList:
    """Where and from which day the list hangs out. Thông báo niêm yết.

    Args:
        places: Village halls, the commune's office, loudspeakers, in words.
        client_key: Key of this one form.
    """

    commune_review_id: int
    posted_on: date
    places: str
    client_key: UUID | None = None


@transaction.atomic
def post_list(command: PostList, *, acting_user: User, now: datetime) -> Posting:
    """Post the list of results of a commune, as it is now, for the legal working days.

    Niêm yết danh sách.

    The first posting moves the commune on; another follows when a result has changed since, and counts its days anew. What
    hung out stays as it was.

    Args:
        command: Where and from when.
        acting_user: Who; must run the commune's review.
        now: When.

    Raises:
        CommuneReviewNotFound: There is no such review for this user.
        NotYourCommune: The user does not run the commune.
        NotThisStage: The commune neither holds meetings nor has a list hanging out.
        StageNotDone: A hamlet has not agreed, or a class is not known; says all of it.
        PostedOnWrongDay: In the future, before the last meeting, or before the posting before.
        NothingNewToPost: No result has changed since the last posting.
        OutsideCalendar: The working calendar does not reach so far.
        KeyAlreadyUsed: This form was sent before.

    Legal source:
        24/2021/QĐ-TTg (public notice at the village hall and the commune's office for three working days).
    """
    review = locked_commune(
        command.commune_review_id, acting_user=acting_user, now=now, states=(CommuneState.MEETING, CommuneState.POSTED)
    )
    if missing := missing_for_posting(review):
        raise StageNotDone(missing)
    last = latest_posting(review)
    if last is not None and not changed_since_posting(review, last) and review.state == CommuneState.POSTED:
        raise NothingNewToPost(last)
    _check_day(command.posted_on, review, last, today=local_day(now))
    shown = snapshot(results_of(review))
    posting = Posting.objects.create(
        commune_review=review,
        number=(last.number if last else 0) + 1,
        posted_on=command.posted_on,
        ends_on=posting_ends_on(review.unit, command.posted_on),
        places=command.places.strip(),
        households=shown,
        digest=digest_of(shown),
        posted_by=acting_user,
        recorded_at=now,
    )
    fact = ListPosted(
        commune_review_id=review.pk,
        posting_id=posting.pk,
        number=posting.number,
        posted_on=posting.posted_on,
        ends_on=posting.ends_on,
        digest=posting.digest,
    )
    record(fact, stream=review.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    if review.state == CommuneState.MEETING:
        move_commune(review, CommuneState.POSTED, acting_user=acting_user, now=now)
    return posting


def snapshot(households: Iterable[HouseholdReview]) -> list[dict[str, Any]]:
    """Return a list as it hangs out: each household that is still there with its class before and its result."""
    return [
        {
            "review": household.pk,
            "code": household.household.code,
            "head": household.head_name,
            "hamlet": household.hamlet,
            "size": household.size,
            "before": household.class_before,
            "class": result_of(household),
            "a_points": household.a_points,
            "b_points": household.b_points,
        }
        for household in households
        if household.visit_state != VisitState.GONE
    ]


def digest_of(content: Any) -> str:
    """Return the SHA-256 of what was posted or reported, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical({"content": content}).encode()).hexdigest()


def _check_day(posted_on: date, review: CommuneReview, last: Posting | None, *, today: date) -> None:
    if posted_on > today:
        raise PostedOnWrongDay(
            _("Ngày niêm yết chưa tới. Hãy ghi nhận vào ngày danh sách được dán, hoặc sửa lại ngày.")
        )
    met = review.meetings.order_by("-held_at").values_list("held_at", flat=True).first()
    if met is not None and posted_on < local_day(met):
        words = _("Buổi họp thôn cuối cùng là ngày %(day)s; niêm yết không thể trước ngày đó.")
        raise PostedOnWrongDay(words % {"day": format_day(local_day(met))})
    if last is not None and posted_on < last.posted_on:
        words = _("Lần niêm yết trước bắt đầu ngày %(day)s; lần này không thể sớm hơn.")
        raise PostedOnWrongDay(words % {"day": format_day(last.posted_on)})
