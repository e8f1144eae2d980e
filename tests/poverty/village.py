"""A commune on its way from the meeting to the decision, with the people who take it there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.kernel.days import local_day
from lienthong.poverty.models import (
    CommuneReview,
    HouseholdReview,
    Objection,
    Posting,
    RecognitionDecision,
    VillageMeeting,
)
from lienthong.poverty.services import decisions, meetings, objections, postings
from lienthong.poverty.services.meetings import ChangedResult
from lienthong.poverty.states import CommuneState, DecisionKind, HouseholdClass, ObjectionOutcome, VisitState
from tests.factories.poverty import CommuneReviewFactory, HouseholdStandingFactory, household_review
from tests.world import COMMUNE, World, at

POOR, NEAR_POOR = HouseholdClass.POOR, HouseholdClass.NEAR_POOR
AVERAGE, NOT_POOR = HouseholdClass.AVERAGE, HouseholdClass.NOT_POOR
XOM = "Xóm 1"
BOTH = {DecisionKind.RECOGNIZE: "125/QĐ-UBND", DecisionKind.EXIT: "126/QĐ-UBND"}


@dataclass
class Village:
    """The commune of the world, holding meetings on Monday 16 November 2026."""

    world: World
    commune: str = COMMUNE
    review: CommuneReview = field(init=False)

    def __post_init__(self) -> None:
        unit = self.world.agency(self.commune).unit
        self.review = CommuneReviewFactory(meeting=True, unit=unit, round__points_table=None)

    @property
    def clerk(self) -> User:
        return self.world.officer(Role.PROCESSOR, self.commune)

    @property
    def chair(self) -> User:
        return self.world.officer(Role.LEADER, self.commune)

    @property
    def enumerator(self) -> User:
        return self.world.officer(Role.ENUMERATOR, self.commune)

    def household(
        self, after: str | None = POOR, *, before: str = POOR, stands: bool = True, **facts: Any
    ) -> HouseholdReview:
        """Return a visited household of the list that holds a class, and comes to another by the survey."""
        known = {"surveyed_class": after, "visit_state": VisitState.VISITED, "class_before": before}
        household = household_review(self.review, **{**known, **facts})
        if stands and before != NOT_POOR:
            HouseholdStandingFactory(household=household.household, household_class=before)
        return household

    def meet(self, hamlet: str = XOM, *, now: datetime | None = None, **facts: Any) -> VillageMeeting:
        now = now or self.world.now
        known = {
            "commune_review_id": self.review.pk, "hamlet": hamlet, "held_at": now, "place": "Nhà văn hóa xóm", "chair": "Ma Văn Chủ",
            "secretary": "Lò Thị Ký", "supervisor": "Hà Thị Giám", "attendees": 40, "agreed": 36, "client_key": uuid4(),
        }  # fmt: skip
        meeting = meetings.record_meeting(
            meetings.RecordMeeting(**{**known, **facts}), acting_user=facts.pop("by", self.clerk), now=now
        )
        self.review.refresh_from_db()
        return meeting

    def post(self, *, now: datetime | None = None, posted_on: date | None = None) -> Posting:
        now = now or self.world.now
        command = postings.PostList(
            commune_review_id=self.review.pk,
            posted_on=posted_on or local_day(now),
            places="Nhà văn hóa các xóm, trụ sở Ủy ban nhân dân xã",
            client_key=uuid4(),
        )
        posting = postings.post_list(command, acting_user=self.clerk, now=now)
        self.review.refresh_from_db()
        return posting

    def object(self, household: HouseholdReview | None, *, now: datetime | None = None, **facts: Any) -> Objection:
        now = now or self.world.now
        known = {
            "commune_review_id": self.review.pk, "review_id": household.pk if household else None, "raised_by": "Nông Thị Hỏi",
            "raised_on": local_day(now), "content": "Nhà tôi không có việc làm ổn định", "client_key": uuid4(),
        }  # fmt: skip
        command = objections.ReceiveObjection(**{**known, **facts})
        return objections.receive_objection(command, acting_user=self.clerk, now=now)

    def recheck(self, objection: Objection, *, surveyed: str | None = None, now: datetime | None = None) -> Objection:
        """Send the enumerator; where ``surveyed`` is given, let the visit be done and come to this class."""
        command = objections.StartRecheck(objection_id=objection.pk, enumerator_id=self.enumerator.pk)
        objection = objections.start_recheck(command, acting_user=self.clerk, now=now or self.world.now)
        if surveyed:
            HouseholdReview.objects.filter(pk=objection.review_id).update(
                visit_state=VisitState.VISITED, surveyed_class=surveyed
            )
        return objection

    def answer(self, objection: Objection, class_to: str | None = None, *, now: datetime | None = None) -> Objection:
        command = objections.AnswerObjection(
            objection_id=objection.pk,
            outcome=ObjectionOutcome.UPHELD if class_to else ObjectionOutcome.DISMISSED,
            answer="Đã phúc tra tại nhà",
            class_to=HouseholdClass(class_to) if class_to else None,
        )
        return objections.answer_objection(command, acting_user=self.clerk, now=now or self.world.now)

    def prepare(self, *, now: datetime, by: User | None = None, **facts: Any) -> list[RecognitionDecision]:
        command = decisions.PrepareDecision(commune_review_id=self.review.pk, client_key=uuid4(), **facts)
        return decisions.prepare_decision(command, acting_user=by or self.clerk, now=now)

    def sign(self, *, now: datetime, by: User | None = None, **facts: Any) -> list[RecognitionDecision]:
        known = {"commune_review_id": self.review.pk, "numbers": BOTH, "client_key": uuid4()}
        command = decisions.SignDecision(**{**known, **facts})
        signed = decisions.sign_decision(command, acting_user=by or self.chair, now=now)
        self.review.refresh_from_db()
        return signed

    def decide(self, *, now: datetime | None = None) -> list[RecognitionDecision]:
        """Go all the way from the meeting to the signature; Friday 20 November 2026 unless said otherwise."""
        now = now or AFTER_POSTING
        if self.review.state == CommuneState.MEETING:
            for hamlet in sorted(
                set(self.review.households.exclude(visit_state=VisitState.GONE).values_list("hamlet", flat=True))
            ):
                self.meet(hamlet)
            self.post()
        self.prepare(now=now)
        return self.sign(now=now)

    def again(self, household: HouseholdReview) -> HouseholdReview:
        household.refresh_from_db()
        return household


AFTER_POSTING = at("2026-11-20 09:00")


def village_routes(world: World) -> dict[str, dict[str, Any]]:
    """Let a commune have decided; return by address what of it somebody else may try to open."""
    village = Village(world)
    household = village.household()
    village.household(NOT_POOR)
    village.household(hamlet="")
    village.meet("", now=at("2026-11-02 08:00"))
    meeting = village.meet(now=at("2026-11-02 09:00"))
    village.post(now=at("2026-11-03 09:00"))
    objection = village.answer(village.object(household, now=at("2026-11-04 09:00")), now=at("2026-11-05 09:00"))
    village.prepare(now=world.now)
    decision, _leaving = village.sign(now=world.now)
    own = {"review_id": village.review.pk}
    more = {
        "minutes": {"number": meeting.pk}, "correct": {"household_id": household.pk}, "notice": {"number": 1},
        "objection": {"objection_id": objection.pk}, "recheck": {"objection_id": objection.pk}, "answer": {"objection_id": objection.pk},
        "answer_paper": {"objection_id": objection.pk}, "decision_paper": {"decision_id": decision.pk},
    }  # fmt: skip
    plain = (
        "village", "hamlet", "meeting_new", "posting", "objections", "objection_new", "decision", "prepare", "sign", "send_back",
        "report", "certificates",
    )  # fmt: skip
    return {f"office:poverty_{name}": {**own, **more.get(name, {})} for name in (*plain, *more)}


__all__ = [
    "AFTER_POSTING",
    "AVERAGE",
    "BOTH",
    "NEAR_POOR",
    "NOT_POOR",
    "POOR",
    "XOM",
    "ChangedResult",
    "Village",
    "village_routes",
]
