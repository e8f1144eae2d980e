"""A round with everything in it: every class and movement, ethnicities, causes, households that are gone. Made at random, but the same each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from lienthong.people.models import Household
from lienthong.poverty.models import CommuneReview, HouseholdReview, RecognitionDecision, ReviewRound
from lienthong.poverty.movements import movement_of
from lienthong.poverty.queries.reports import indicators_of
from lienthong.poverty.states import (
    AreaKind,
    Cause,
    CommuneState,
    DecisionKind,
    GoneReason,
    HouseholdClass,
    ListingSource,
    VisitState,
)
from tests.factories.accounts import UserFactory
from tests.factories.poverty import CommuneReviewFactory, ReviewRoundFactory

ETHNICITIES = ("Kinh", "Tày", "Nùng", "Dao", "Mông", "")


def round_of(year: int, **facts: Any) -> ReviewRound:
    """Return the periodic round of a year, over."""
    standard = "2016-2021" if year < 2022 else "2022-2026"
    days = {"starts_on": date(year, 9, 1), "ends_on": date(year, 12, 14)}
    made: ReviewRound = ReviewRoundFactory(period=str(year), standard_id=standard, closed=True, **days, **facts)
    return made


def decided_commune(round_: ReviewRound, unit: Any, **facts: Any) -> CommuneReview:
    """Return the part of a commune that has decided; 1,000 households live there."""
    made: CommuneReview = CommuneReviewFactory(
        round=round_, unit=unit, **{"decided": True, "households_total": 1_000, **facts}
    )
    return made


def fill(communes: Sequence[CommuneReview], households: int, *, seed: int = 7) -> list[HouseholdReview]:
    """Put households into communes, turn by turn."""
    random = Random(seed)
    start = Household.objects.count()
    made = Household.objects.bulk_create(
        Household(
            code=f"HR{start + number:08d}", unit=communes[number % len(communes)].unit, valid_from=date(2026, 1, 1)
        )
        for number in range(households)
    )
    decisions = {review.pk: _decision(review) for review in communes}
    return HouseholdReview.objects.bulk_create(
        _review(communes[number % len(communes)], household, decisions, number, random)
        for number, household in enumerate(made)
    )


def _decision(review: CommuneReview) -> RecognitionDecision:
    return RecognitionDecision.objects.create(
        commune_review=review,
        kind=DecisionKind.RECOGNIZE,
        applies_from=date(2027, 1, 1),
        prepared_by=UserFactory(),
        prepared_at=datetime(2026, 12, 1, tzinfo=UTC),
    )


def _review(
    commune: CommuneReview,
    household: Household,
    decisions: dict[int, RecognitionDecision],
    number: int,
    random: Random,
) -> HouseholdReview:
    before = random.choice(HouseholdClass.values)
    is_gone = random.random() < 0.1
    after = None if is_gone else random.choice(HouseholdClass.values)
    ever_listed = random.random() < 0.4
    is_decided = commune.state in (CommuneState.DECIDED, CommuneState.REPORTED)
    movement = movement_of(
        HouseholdClass(before), HouseholdClass(after) if after else None, ever_listed=ever_listed, is_gone=is_gone
    )
    codes = [code for code, _name in indicators_of(commune.round.standard_id)]
    return HouseholdReview(
        commune_review=commune,
        household=household,
        head_name=f"Ma Văn Ổi {number}",
        head_sort_key=f"{number:06d}",
        ethnicity=random.choice(ETHNICITIES),
        size=random.choice((None, 1, 2, 4, 7)),
        area=AreaKind.RURAL,
        source=ListingSource.CURRENT_LIST,
        visit_state=VisitState.GONE if is_gone else VisitState.VISITED,
        gone_reason=GoneReason.MOVED_AWAY if is_gone else "",
        class_before=before,
        ever_listed=ever_listed,
        final_class=after if is_decided else None,
        movement=movement if is_decided else "",
        decision=decisions[commune.pk] if is_decided and after else None,
        deprivations=random.sample(codes, random.randint(0, min(5, len(codes)))),
        causes=random.sample(Cause.values, random.randint(0, 3)),
        has_no_labour=random.choice((None, True, False)),
        has_merit_member=random.choice((None, True, False)),
        a_points=random.randint(20, 180),
        b_points=random.randint(0, 12) * 10,
    )
