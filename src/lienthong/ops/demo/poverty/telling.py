"""The main facts of a running round, commune by commune; what is over is told by one fact for each round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from lienthong.infra.events import Fact, record
from lienthong.kernel.days import local_moment
from lienthong.poverty.events import (
    CommuneReported,
    DecisionPrepared,
    DecisionSigned,
    ListMade,
    ListPosted,
    MeetingRecorded,
    StageMoved,
)
from lienthong.poverty.models import CommuneReview, HouseholdReview, RecognitionDecision, ReviewRound
from lienthong.poverty.services.bulk import ReviewHistory
from lienthong.poverty.services.postings import digest_of
from lienthong.poverty.states import CommuneState, HouseholdClass

Told = tuple[datetime, int | None, str, Fact]


def tell_running(history: ReviewHistory, round_: ReviewRound) -> None:
    """Record what every commune has done, and who did it."""
    households: dict[int, list[HouseholdReview]] = {}
    for household in history.households:
        if household.commune_review.round.pk == round_.pk:
            households.setdefault(household.commune_review.pk, []).append(household)
    for commune in history.communes:
        if commune.round.pk == round_.pk:
            facts = sorted(_of(commune, history, households.get(commune.pk, [])), key=lambda told: told[0])
            for at, actor_id, stream, fact in facts:
                record(fact, stream=stream, actor_id=actor_id, at=at)


def _of(commune: CommuneReview, history: ReviewHistory, households: Sequence[HouseholdReview]) -> Iterator[Told]:
    if not households:
        return
    listed = local_moment(commune.round.starts_on, time(10))
    fact = ListMade(commune_review_id=commune.pk, added=len(households), households=len(households))
    yield listed, None, commune.stream, fact
    if commune.listed_at is not None:
        yield _moved(commune, CommuneState.LISTING, CommuneState.VISITING, max(commune.listed_at, listed), None)
    meetings = [one for one in history.meetings if one.commune_review.pk == commune.pk]
    if meetings:
        first = min(meetings, key=lambda one: one.recorded_at)
        begun = first.held_at.replace(hour=8, minute=0)
        yield _moved(commune, CommuneState.VISITING, CommuneState.MEETING, begun, first.recorded_by_id)
    for meeting in meetings:
        changes = sum(one.meeting is meeting for one in history.changes)
        told = MeetingRecorded(
            commune_review_id=commune.pk, meeting_id=meeting.pk, attendees=meeting.attendees, agreed=meeting.agreed,
            changes=changes,
        )  # fmt: skip
        yield meeting.recorded_at, meeting.recorded_by_id, commune.stream, told
    for posting in (one for one in history.postings if one.commune_review.pk == commune.pk):
        posted = ListPosted(
            commune_review_id=commune.pk, posting_id=posting.pk, number=posting.number, posted_on=posting.posted_on,
            ends_on=posting.ends_on, digest=posting.digest,
        )  # fmt: skip
        yield posting.recorded_at, posting.posted_by_id, commune.stream, posted
        yield _moved(commune, CommuneState.MEETING, CommuneState.POSTED, posting.recorded_at, posting.posted_by_id)
    decisions = [one for one in history.decisions if one.commune_review.pk == commune.pk]
    for decision in decisions:
        yield from _of_decision(decision, households)
    if decisions and decisions[0].signed_at is not None:
        at, by = decisions[0].signed_at, decisions[0].signed_by_id
        yield _moved(commune, CommuneState.POSTED, CommuneState.DECIDED, at, by)
    if commune.reported_at is not None and meetings:
        reported = CommuneReported(
            commune_review_id=commune.pk, poor=commune.frozen[HouseholdClass.POOR],
            near_poor=commune.frozen[HouseholdClass.NEAR_POOR], digest=digest_of(commune.frozen),
        )  # fmt: skip
        by = meetings[0].recorded_by_id
        yield _moved(commune, CommuneState.DECIDED, CommuneState.REPORTED, commune.reported_at, by)
        yield commune.reported_at, by, commune.stream, reported


def _of_decision(decision: RecognitionDecision, households: Sequence[HouseholdReview]) -> Iterator[Told]:
    named = sum(one.decision is decision for one in households)
    prepared = DecisionPrepared(decision_id=decision.pk, kind=decision.kind, households=named)
    yield decision.prepared_at, decision.prepared_by_id, decision.stream, prepared
    if decision.signed_at is None or decision.signed_on is None:
        return
    signed = DecisionSigned(
        decision_id=decision.pk, kind=decision.kind, number=decision.number, signed_on=decision.signed_on,
        households=named,
    )  # fmt: skip
    yield decision.signed_at, decision.signed_by_id, decision.stream, signed


def _moved(commune: CommuneReview, origin: CommuneState, target: CommuneState, at: datetime, by: int | None) -> Told:
    fact = StageMoved(commune_review_id=commune.pk, state_from=str(origin.label), state_to=str(target.label))
    return at, by, commune.stream, fact
