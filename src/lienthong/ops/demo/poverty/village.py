"""What villages and communes of the demo did with the results: meetings, changes, postings, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

import numpy as np

from lienthong.kernel.days import local_moment
from lienthong.ops.demo import names
from lienthong.ops.demo.poverty.officers import Pair
from lienthong.ops.demo.poverty.schedule import Plan
from lienthong.poverty.models import (
    CommuneReview,
    HouseholdReview,
    Posting,
    RecognitionDecision,
    ResultChange,
    VillageMeeting,
)
from lienthong.poverty.services.bulk import ReviewHistory
from lienthong.poverty.states import DecisionKind, DecisionState, HouseholdClass
from lienthong.poverty.working_days import posting_ends_on

WORSE = (
    "Thôn xác nhận hộ có người ốm nặng, chi phí chữa bệnh lớn",
    "Lao động chính của hộ mất việc, thôn biết rõ",
    "Nhà bị sạt lở sau mưa bão, chưa sửa được",
)
BETTER = (
    "Con đi làm ăn xa gửi tiền về đều, thôn biết rõ",
    "Hộ có đất rừng sắp khai thác, thôn xác nhận",
    "Hộ mới mở quán tạp hóa, thu nhập khá hơn lúc khảo sát",
)
ORDER = (HouseholdClass.POOR, HouseholdClass.NEAR_POOR, HouseholdClass.AVERAGE, HouseholdClass.NOT_POOR)
OFFICIALS = 60


@dataclass(slots=True)
class Village:
    """Writes the village's part of one or more rounds.

    Args:
        history: Takes the rows.
        seed: The same seed gives the same names.
    """

    history: ReviewHistory
    seed: int
    _officials: list[str] = field(default_factory=list)
    _ends: dict[date, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = np.random.default_rng([self.seed, 73])
        family = names.surnames(rng, np.array(["Kinh"] * OFFICIALS, dtype=object))
        self._officials = names.full_names(
            rng, family, rng.random(OFFICIALS) < 0.4, rng.integers(1962, 1990, OFFICIALS)
        )

    def meet(
        self, commune: CommuneReview, households: Sequence[tuple[HouseholdReview, HouseholdClass]], plan: Plan, *,
        officers: Pair, luck: Random,
    ) -> None:  # fmt: skip
        """Hold a meeting that agrees; it makes another class of some results, each named with what it should become."""
        hamlet = households[0][0].hamlet
        attendees = luck.randint(18, 55)
        held_at = local_moment(plan.meeting + timedelta(days=luck.randrange(2)), time(19, luck.choice((0, 30))))
        chair, secretary, supervisor = luck.sample(self._officials, 3)
        meeting = VillageMeeting(
            commune_review=commune, hamlet=hamlet, number=1, held_at=held_at, place=f"Nhà văn hóa {hamlet.lower()}",
            chair=chair, secretary=secretary, supervisor=supervisor, attendees=attendees,
            households_present=min(len(households), attendees),
            agreed=attendees - luck.choice((0, 0, 0, 1, 2, attendees // 5)),
            is_accepted=True, recorded_by_id=officers.officer, recorded_at=held_at + timedelta(hours=14),
        )  # fmt: skip
        self.history.meetings.append(meeting)
        for review, final in households:
            review.proposed_class = review.surveyed_class
            if review.surveyed_class != final:
                self._change(review, final, meeting, luck)

    def _change(self, review: HouseholdReview, final: HouseholdClass, meeting: VillageMeeting, luck: Random) -> None:
        before = HouseholdClass(str(review.surveyed_class))
        against = luck.randint(0, meeting.attendees // 4)
        change = ResultChange(
            review=review, meeting=meeting, class_from=before, class_to=final,
            votes_for=meeting.attendees - against, votes_against=against,
            reason=luck.choice(WORSE if ORDER.index(final) < ORDER.index(before) else BETTER),
            changed_by_id=meeting.recorded_by_id, changed_at=meeting.recorded_at,
        )  # fmt: skip
        self.history.changes.append(change)
        review.proposed_class = final
        review.version += 1

    def post(self, commune: CommuneReview, plan: Plan, officers: Pair) -> Posting:
        """Post the list for the legal days."""
        posting = Posting(
            commune_review=commune, number=1, posted_on=plan.posted, ends_on=self.posting_ends(commune, plan.posted),
            places="Trụ sở Ủy ban nhân dân, nhà văn hóa các thôn", posted_by_id=officers.officer,
            recorded_at=local_moment(plan.posted, time(9)),
        )  # fmt: skip
        self.history.postings.append(posting)
        return posting

    def posting_ends(self, commune: CommuneReview, posted: date) -> date:
        """Return the end of a posting; the calendar is the province's, so that each day is asked about once."""
        if posted not in self._ends:
            self._ends[posted] = posting_ends_on(commune.unit, posted)
        return self._ends[posted]

    def decide(
        self, commune: CommuneReview, kind: DecisionKind, number: int, plan: Plan, officers: Pair, *, applies_from: date
    ) -> RecognitionDecision:
        """Prepare a decision the day before it is signed, and sign it unless it still waits."""
        decision = RecognitionDecision(
            commune_review=commune, kind=kind, applies_from=applies_from, prepared_by_id=officers.officer,
            prepared_at=local_moment(plan.decided - timedelta(days=1), time(15)),
        )  # fmt: skip
        if not plan.is_prepared:
            decision.number, decision.signed_on, decision.state = (
                f"{number}/QĐ-UBND",
                plan.decided,
                DecisionState.SIGNED,
            )
            decision.signed_by_id, decision.signed_at = officers.leader, local_moment(plan.decided, time(10))
        self.history.decisions.append(decision)
        return decision
