"""Households are given to enumerators in bulk, taken back, and visited once more for a reason."""

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.poverty.models import CommuneReview
from lienthong.poverty.queries.enumerators import enumerators_of
from lienthong.poverty.queries.rounds import CommuneReviewNotFound
from lienthong.poverty.queries.worklist import HouseholdReviewNotFound
from lienthong.poverty.services import assigning
from lienthong.poverty.services.assigning import AssignVisits, ask_revisit, assign_visits
from lienthong.poverty.services.stages import NotThisStage, NotYourCommune
from lienthong.poverty.states import CommuneState, VisitState
from tests.factories.poverty import CommuneReviewFactory, HouseholdReviewFactory
from tests.poverty.test_listing import in_parallel
from tests.world import World

OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


@pytest.fixture
def enumerator(world: World) -> User:
    return world.officer(Role.ENUMERATOR)


@pytest.fixture
def review(world: World) -> CommuneReview:
    return CommuneReviewFactory(unit=world.agency("H55.05443").unit, visiting=True)


def to(enumerator: User | None, review: CommuneReview, **which: Any) -> AssignVisits:
    return AssignVisits(commune_review_id=review.pk, enumerator_id=enumerator.pk if enumerator else None, **which)


class TestAssigning:
    def test_gives_a_hamlet_to_an_enumerator(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        HouseholdReviewFactory.create_batch(2, commune_review=review)
        HouseholdReviewFactory(commune_review=review, hamlet="Xóm 2")

        report = assign_visits(to(enumerator, review, hamlet="Xóm 1"), acting_user=officer, now=world.now)

        assert (report.assigned, report.skipped) == (2, 0)
        assert review.households.filter(enumerator=enumerator, hamlet="Xóm 1", version=2).count() == 2
        told = Event.objects.get(stream=review.stream)
        assert (told.payload["households"], told.payload["enumerator_id"]) == (2, enumerator.pk)

    def test_of_a_hamlet_leaves_what_somebody_has(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        HouseholdReviewFactory(commune_review=review, enumerator=officer)
        HouseholdReviewFactory(commune_review=review)

        report = assign_visits(to(enumerator, review, hamlet="Xóm 1"), acting_user=officer, now=world.now)

        assert (report.assigned, report.skipped) == (1, 1)

    def test_of_marked_rows_gives_them_to_another(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        row = HouseholdReviewFactory(commune_review=review, enumerator=officer)

        assign_visits(to(enumerator, review, review_ids=(row.pk,)), acting_user=officer, now=world.now)

        row.refresh_from_db()
        assert row.enumerator == enumerator

    def test_leaves_a_visit_with_whoever_made_it(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        rows = [
            HouseholdReviewFactory(commune_review=review, **{trait: True})
            for trait in ("visited", "gone", "screened_out")
        ]

        report = assign_visits(
            to(enumerator, review, review_ids=tuple(row.pk for row in rows)), acting_user=officer, now=world.now
        )

        assert (report.assigned, report.skipped) == (0, 3)

    def test_takes_households_back(self, world: World, officer: User, enumerator: User, review: CommuneReview) -> None:
        row = HouseholdReviewFactory(commune_review=review, enumerator=enumerator)

        assign_visits(to(None, review, review_ids=(row.pk,)), acting_user=officer, now=world.now)

        row.refresh_from_db()
        assert row.enumerator is None
        assert Event.objects.get(stream=review.stream).name == "VisitsTakenBack"

    def test_touches_no_household_of_another_commune(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        foreign = HouseholdReviewFactory(commune_review=CommuneReviewFactory(round=review.round))

        report = assign_visits(to(enumerator, review, review_ids=(foreign.pk,)), acting_user=officer, now=world.now)

        assert (report.assigned, report.skipped) == (0, 0)

    def test_not_to_somebody_of_another_commune(self, world: World, officer: User, review: CommuneReview) -> None:
        stranger = world.officer(Role.ENUMERATOR, OTHER_COMMUNE)
        row = HouseholdReviewFactory(commune_review=review)

        with pytest.raises(assigning.NotAnEnumerator):
            assign_visits(to(stranger, review, review_ids=(row.pk,)), acting_user=officer, now=world.now)

    def test_not_of_nothing_and_not_too_late(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        with pytest.raises(assigning.NothingChosen):
            assign_visits(to(enumerator, review), acting_user=officer, now=world.now)
        review.state = CommuneState.POSTED
        review.save()
        with pytest.raises(NotThisStage):
            assign_visits(to(enumerator, review, hamlet="Xóm 1"), acting_user=officer, now=world.now)

    def test_is_for_who_runs_the_commune(self, world: World, enumerator: User, review: CommuneReview) -> None:
        with pytest.raises(NotYourCommune):
            assign_visits(
                to(enumerator, review, hamlet="Xóm 1"), acting_user=world.officer(Role.AUDITOR), now=world.now
            )
        for user in (enumerator, world.officer(Role.LEADER, OTHER_COMMUNE)):
            with pytest.raises(CommuneReviewNotFound):
                assign_visits(to(enumerator, review, hamlet="Xóm 1"), acting_user=user, now=world.now)

    def test_enumerators_are_those_with_a_mandate_and_officers_who_go_themselves(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        world.officer(Role.RECEIVER)
        world.officer(Role.PROCESSOR, fields=["merit"])

        assert set(enumerators_of(review.unit_id, on=world.today)) == {officer, enumerator}


class TestVisitingOnceMore:
    def test_by_another_as_a_control(
        self, world: World, officer: User, enumerator: User, review: CommuneReview
    ) -> None:
        row = HouseholdReviewFactory(commune_review=review, visited=True, enumerator=officer)

        after = ask_revisit(
            row.pk, "Thu nhập chưa rõ", seen=1, enumerator_id=enumerator.pk, acting_user=officer, now=world.now
        )

        assert (after.visit_state, after.revisit_reason, after.enumerator_id) == (
            VisitState.REVISIT, "Thu nhập chưa rõ", enumerator.pk,
        )  # fmt: skip
        assert Event.objects.get(stream=row.stream).name == "RevisitAsked"

    def test_needs_a_reason_and_a_first_visit(self, world: World, officer: User, review: CommuneReview) -> None:
        row = HouseholdReviewFactory(commune_review=review)

        with pytest.raises(assigning.ReasonNeeded):
            ask_revisit(row.pk, " ", acting_user=officer, now=world.now)
        with pytest.raises(assigning.NotVisitedYet):
            ask_revisit(row.pk, "Xem lại", acting_user=officer, now=world.now)

    def test_another_commune_does_not_know_of_it(self, world: World, review: CommuneReview) -> None:
        row = HouseholdReviewFactory(commune_review=review, visited=True)

        with pytest.raises(HouseholdReviewNotFound):
            ask_revisit(row.pk, "Xem lại", acting_user=world.officer(Role.LEADER, OTHER_COMMUNE), now=world.now)


@pytest.mark.django_db(transaction=True)
class TestTwoOfficersAtOnce:
    def test_give_each_household_of_a_hamlet_once(self, world: World) -> None:
        review = CommuneReviewFactory(unit=world.agency("H55.05443").unit, visiting=True)
        HouseholdReviewFactory.create_batch(10, commune_review=review)
        officers = [world.officer(Role.PROCESSOR), world.officer(Role.PROCESSOR, another=True)]

        reports = in_parallel(
            [
                lambda user=user: assign_visits(to(user, review, hamlet="Xóm 1"), acting_user=user, now=world.now)
                for user in officers
            ]
        )

        assert sorted(report.assigned for report in reports) == [0, 10]
        assert review.households.filter(version=2).exclude(enumerator=None).count() == 10
