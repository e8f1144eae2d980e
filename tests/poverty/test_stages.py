"""A commune goes through the stages of a round only when nothing is missing, and only by its own officers."""

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.poverty.models import CommuneReview
from lienthong.poverty.queries.rounds import CommuneReviewNotFound
from lienthong.poverty.services import stages
from lienthong.poverty.services.stages import move_commune
from lienthong.poverty.states import CommuneState
from tests.factories.poverty import (
    CommuneReviewFactory,
    HouseholdReviewFactory,
    VisitFactory,
    VisitFlagFactory,
)
from tests.world import World

OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


@pytest.fixture
def review(world: World) -> CommuneReview:
    return CommuneReviewFactory(unit=world.agency("H55.05443").unit)


def at_stage(review: CommuneReview, state: CommuneState) -> CommuneReview:
    review.state = state
    review.save()
    return review


class TestFromListingToVisiting:
    def test_needs_somebody_on_the_list(self, world: World, officer: User, review: CommuneReview) -> None:
        with pytest.raises(stages.StageNotDone, match="Danh sách chưa có hộ nào"):
            move_commune(review, CommuneState.VISITING, acting_user=officer, now=world.now)

    def test_or_the_word_that_there_is_nobody(self, world: World, officer: User, review: CommuneReview) -> None:
        after = move_commune(
            review, CommuneState.VISITING, acting_user=officer, now=world.now, reason="Không có hộ nào"
        )

        assert (after.state, after.listed_at) == (CommuneState.VISITING, world.now)

    def test_is_told_with_both_stages(self, world: World, officer: User, review: CommuneReview) -> None:
        HouseholdReviewFactory(commune_review=review)

        move_commune(review, CommuneState.VISITING, acting_user=officer, now=world.now)

        told = Event.objects.get(stream=review.stream)
        assert (told.name, told.payload["state_to"], told.actor_id) == ("StageMoved", "đang khảo sát", officer.pk)


class TestFromVisitingToTheMeeting:
    def test_says_everything_that_is_missing_at_once(self, world: World, officer: User, review: CommuneReview) -> None:
        at_stage(review, CommuneState.VISITING)
        HouseholdReviewFactory.create_batch(2, commune_review=review)
        HouseholdReviewFactory(commune_review=review, revisit=True)
        VisitFlagFactory(visit__review=HouseholdReviewFactory(commune_review=review, visited=True))

        with pytest.raises(stages.StageNotDone) as refused:
            move_commune(review, CommuneState.MEETING, acting_user=officer, now=world.now)

        assert [(one.households, one.asked) for one in refused.value.missing] == [
            (2, {"visit": "to_visit"}),
            (1, {"visit": "revisit"}),
            (1, {"flagged": "yes"}),
        ]

    def test_goes_when_everybody_was_visited_or_is_gone(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        at_stage(review, CommuneState.VISITING)
        for trait in ("visited", "screened_out", "gone"):
            HouseholdReviewFactory(commune_review=review, **{trait: True})

        assert move_commune(review, CommuneState.MEETING, acting_user=officer, now=world.now).state == "meeting"

    def test_a_flag_of_a_visit_that_was_replaced_is_no_matter(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        at_stage(review, CommuneState.VISITING)
        visited = HouseholdReviewFactory(commune_review=review, visited=True)
        VisitFlagFactory(visit=VisitFactory(review=visited, is_current=False))

        assert move_commune(review, CommuneState.MEETING, acting_user=officer, now=world.now).state == "meeting"


class TestWhoMayMove:
    def test_not_from_where_the_table_has_no_move(self, world: World, officer: User, review: CommuneReview) -> None:
        with pytest.raises(stages.MoveNotPossible, match="lập danh sách"):
            move_commune(review, CommuneState.POSTED, acting_user=officer, now=world.now)

    def test_another_commune_does_not_know_of_it(self, world: World, review: CommuneReview) -> None:
        with pytest.raises(CommuneReviewNotFound):
            move_commune(
                review, CommuneState.VISITING, acting_user=world.officer(Role.PROCESSOR, OTHER_COMMUNE), now=world.now
            )

    def test_an_auditor_sees_and_does_not_move(self, world: World, review: CommuneReview) -> None:
        with pytest.raises(stages.NotYourCommune):
            move_commune(review, CommuneState.VISITING, acting_user=world.officer(Role.AUDITOR), now=world.now)

    def test_nobody_after_the_round_was_closed(self, world: World, officer: User, review: CommuneReview) -> None:
        review.round.closed_at = world.now
        review.round.save()

        with pytest.raises(stages.RoundIsClosed):
            move_commune(review, CommuneState.VISITING, acting_user=officer, now=world.now, reason="Không có")
