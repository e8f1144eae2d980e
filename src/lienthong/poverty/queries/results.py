"""What the review made of a household, in the order in which people ask: the class, why, what would change it, before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from lienthong.documents.models import StoredFile
from lienthong.people.models import Household, HouseholdMembership
from lienthong.poverty import policies
from lienthong.poverty.models import (
    HouseholdReview,
    HouseholdStanding,
    Objection,
    ResultChange,
    Score,
    SubmissionMedia,
    Visit,
)
from lienthong.poverty.states import CommuneState, HouseholdClass
from lienthong.rules.poverty.classifying import Classification
from lienthong.rules.poverty.recording import from_json

# From the posting on, everybody in the hamlet can read the result; before, it is not yet one.
PUBLIC_STATES = (CommuneState.POSTED, CommuneState.DECIDED, CommuneState.REPORTED)


class ReviewNotFound(LookupError):
    """There is no such household on a list, or it is not for this user: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy hộ này trong danh sách rà soát, hoặc bạn không được xem.")


class ResultNotFound(LookupError):
    """No household with this code has a member with this number, or it was never reviewed: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "Không tìm thấy kết quả với mã hộ và số định danh này. Hãy kiểm tra lại từng chữ số trên giấy chứng nhận hoặc "
            "phiếu báo, hoặc hỏi Ủy ban nhân dân xã."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One round in a household's history. ``place`` is the commune as it was then, ``opens`` whether the reader may see all."""

    review: HouseholdReview
    place: str
    standard_id: str
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnResult:
    """What a household may see of itself. ``review`` None: the class comes from an older list."""

    household: Household
    standing: HouseholdStanding | None
    review: HouseholdReview | None
    running: HouseholdReview | None
    history: list[Step]

    @property
    def household_class(self) -> HouseholdClass:
        """The class held today; whoever stands on no list is not poor."""
        return HouseholdClass(self.standing.household_class) if self.standing else HouseholdClass.NOT_POOR


def get_review(review_id: int, *, user: Any, on: date) -> HouseholdReview:
    """Return a household of a list that the user may see, with its place, round and deciding score.

    Raises:
        ReviewNotFound: There is none whom the user may see.
    """
    reviews = HouseholdReview.objects.filter(policies.visible_to(user, on=on), pk=review_id)
    review: HouseholdReview | None = reviews.select_related(
        "commune_review__unit__parent", "commune_review__round__points_table", "household__unit", "enumerator",
        "deciding_score__points_table", "deciding_score__visit", "decision",
    ).first()  # fmt: skip
    if review is None:
        raise ReviewNotFound
    return review


def explanation(score: Score | None) -> Classification | None:
    """Return what the rules said then, as it was kept."""
    return from_json(score.result) if score else None


def history_of(household: Household, *, user: Any = None, on: date | None = None) -> list[Step]:
    """Return every round in which the household was reviewed, the last first, each with the commune of that time.

    What was posted is known to everybody there; what is still asked elsewhere is not for the officers of another commune.

    Args:
        household: The household, whatever its commune was called then.
        user: Whose rights count; None for the household itself, which sees what was posted.
        on: The day on which the rights are asked; needed with ``user``.
    """
    reviews = HouseholdReview.objects.filter(household=household)
    theirs: set[int] = set()
    if user is not None and on is not None:
        theirs = set(reviews.filter(policies.visible_to(user, on=on)).values_list("pk", flat=True))
    reviews = reviews.filter(Q(commune_review__state__in=PUBLIC_STATES) | Q(pk__in=theirs))
    ordered = reviews.select_related("commune_review__unit", "commune_review__round", "deciding_score", "decision")
    return [
        Step(
            review=review,
            place=review.commune_review.unit.name,
            standard_id=review.commune_review.round.standard_id,
            opens=review.pk in theirs,
        )
        for review in ordered.order_by("-commune_review__round__starts_on", "-pk")
    ]


def own_result(household: Household, *, on: date) -> OwnResult:
    """Return what a household may see of itself on a day: what was posted or decided, never what is still asked."""
    standing = household.poverty_standings.valid_on(on).select_related("decision", "review").first()
    running = (
        HouseholdReview.objects.filter(household=household)
        .exclude(commune_review__state__in=PUBLIC_STATES)
        .select_related("commune_review__unit", "commune_review__round")
        .order_by("-commune_review__round__starts_on")
        .first()
    )
    history = history_of(household)
    return OwnResult(
        household=household,
        standing=standing,
        review=history[0].review if history else None,
        running=running,
        history=history,
    )


def find_by_member(code: str, number: str, *, on: date) -> Household:
    """Return the household with a code, to whoever knows the personal number of one of its members.

    Raises:
        ResultNotFound: The two do not belong together, or the household never stood on a list.
    """
    members = HouseholdMembership.objects.valid_on(on).filter(
        household__code=code.strip().upper(), person__personal_id_number=number.strip()
    )
    reviewed = Q(household__poverty_reviews__isnull=False) | Q(household__poverty_standings__isnull=False)
    member = members.exclude(person__personal_id_number="").filter(reviewed).select_related("household").first()
    if member is None:
        raise ResultNotFound
    household: Household = member.household
    return household


def visits_of(review: HouseholdReview) -> list[Visit]:
    """Return every visit of a household in a round, the last first, with its photos and what made it worth a second look."""
    visits = review.visits.select_related("visited_by", "submission__form_version", "submission__device")
    return list(visits.prefetch_related("submission__media__file", "flags", "scores").order_by("-ended_at", "-pk"))


def photo_of(review: HouseholdReview, media_id: int) -> StoredFile:
    """Return the file of a photo of the household.

    Raises:
        ReviewNotFound: This household has no such photo, or it did not arrive yet.
    """
    photos = SubmissionMedia.objects.filter(submission__visit__review=review, pk=media_id, file__isnull=False)
    media = photos.select_related("file").first()
    if media is None or media.file is None:
        raise ReviewNotFound
    return media.file


def changes_of(review: HouseholdReview) -> list[ResultChange]:
    """Return what the village and the answers to objections changed, in order."""
    return list(review.changes.select_related("meeting", "objection", "changed_by").order_by("changed_at", "pk"))


def objections_of(review: HouseholdReview) -> list[Objection]:
    """Return the objections against the household's result, in order."""
    return list(review.objections.select_related("answered_by").order_by("raised_on", "pk"))


def household_with_code(code: str, *, on: date) -> Household | None:
    """Return the household that has a code on a day, however the code was typed; None where there is none."""
    household: Household | None = Household.objects.valid_on(on).filter(code=code.strip().upper()).first()
    return household


def household_of_number(number: str, *, on: date) -> Household | None:
    """Return the household of the one person who holds a personal number on a day; None where that is not certain."""
    members = HouseholdMembership.objects.valid_on(on).filter(person__personal_id_number=number)
    found = list(members.select_related("household").order_by("pk")[:2]) if number else []
    return found[0].household if len(found) == 1 else None
