"""The list of a commune holds everybody who belongs there, once, wherever the law has put the household meanwhile."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.people.models import Household
from lienthong.poverty.models import CommuneReview, HouseholdReview
from lienthong.poverty.queries import listing as queries
from lienthong.poverty.queries.rounds import CommuneReviewNotFound
from lienthong.poverty.queries.worklist import HouseholdReviewNotFound
from lienthong.poverty.services import listing, stages
from lienthong.poverty.services.households import StaleHousehold
from lienthong.poverty.services.listing import add_household, make_list, mark_gone, record_totals, undo_gone
from lienthong.poverty.states import CommuneState, GoneReason, HouseholdClass, ListingSource, RoundKind, VisitState
from lienthong.units.queries import unit_on
from tests.factories.people import HouseholdFactory, HouseholdMembershipFactory, PersonFactory, ResidenceFactory
from tests.factories.poverty import (
    CommuneReviewFactory,
    HouseholdReviewFactory,
    HouseholdStandingFactory,
    ReviewRequestFactory,
    ReviewRoundFactory,
    listed_household,
)
from tests.world import World

BEFORE_THE_MERGER = date(2024, 6, 1)
OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


@pytest.fixture
def review(world: World) -> CommuneReview:
    return CommuneReviewFactory(unit=world.agency("H55.05443").unit)


def names(review: CommuneReview) -> list[str]:
    return list(review.households.order_by("head_sort_key").values_list("head_name", flat=True))


class TestMakingTheList:
    def test_takes_the_poor_and_near_poor_of_the_day(self, world: World, officer: User, review: CommuneReview) -> None:
        listed_household(review.unit, name="Ma Văn Ân")
        listed_household(review.unit, name="Ma Văn Bình", household_class=HouseholdClass.NEAR_POOR)
        listed_household(review.unit, name="Ma Văn Cát", household_class=HouseholdClass.AVERAGE)
        listed_household(review.unit, name="Ma Văn Đạt", valid_until=date(2026, 6, 1))
        listed_household(world.agency(OTHER_COMMUNE).unit, name="Ma Văn Em")

        report = make_list(review, acting_user=officer, now=world.now)

        assert (report.added, report.households) == (2, 2)
        assert names(review) == ["Ma Văn Ân", "Ma Văn Bình"]

    def test_writes_down_how_the_household_was_then(self, world: World, officer: User, review: CommuneReview) -> None:
        household = listed_household(review.unit, name="Ma Văn Ân", hamlet="Tổ 3")
        HouseholdMembershipFactory(household=household, relation="spouse")
        HouseholdMembershipFactory(household=household, relation="parent", person__died_on=date(2026, 1, 5))
        HouseholdStandingFactory(household=household, ended=True)

        make_list(review, acting_user=officer, now=world.now)

        row = review.households.get()
        assert (row.hamlet, row.head_sex, row.ethnicity, row.size) == ("Tổ 3", "female", "Tày", 2)
        assert (row.class_before, row.ever_listed, row.source) == ("poor", True, "current_list")
        assert (row.area, row.visit_state, row.line_may_jump) == ("urban", "to_visit", False)

    def test_a_second_time_adds_only_what_is_missing(self, world: World, officer: User, review: CommuneReview) -> None:
        listed_household(review.unit)
        make_list(review, acting_user=officer, now=world.now)
        kept = review.households.get()
        listed_household(review.unit)

        report = make_list(review, acting_user=officer, now=world.now)

        assert (report.added, report.households) == (1, 2)
        assert review.households.filter(pk=kept.pk, version=kept.version).exists()
        told = Event.objects.filter(stream=review.stream).order_by("sequence")
        assert [event.payload["added"] for event in told] == [1, 1]

    def test_takes_requests_and_says_which_review_answers_them(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        asking = ReviewRequestFactory(household=HouseholdFactory(unit=review.unit))
        ReviewRequestFactory(household=HouseholdFactory(unit=review.unit), withdrawn_on=date(2026, 9, 12))
        standing = ReviewRequestFactory(household=listed_household(review.unit), kind="exit")

        make_list(review, acting_user=officer, now=world.now)

        asking.refresh_from_db()
        standing.refresh_from_db()
        assert (asking.review.source, asking.review.class_before) == (ListingSource.REQUEST, "not_poor")
        assert standing.review.source == ListingSource.CURRENT_LIST
        assert review.households.count() == 2

    def test_a_regular_round_takes_only_who_asked(self, world: World, officer: User) -> None:
        review = CommuneReviewFactory(round=ReviewRoundFactory(regular=True), unit=world.agency("H55.05443").unit)
        listed_household(review.unit)
        ReviewRequestFactory(household=HouseholdFactory(unit=review.unit))

        assert make_list(review, acting_user=officer, now=world.now).added == 1
        assert review.households.get().source == ListingSource.REQUEST

    def test_of_fifteen_hundred_households_asks_a_few_times(
        self, world: World, officer: User, review: CommuneReview, django_assert_max_num_queries: Any
    ) -> None:
        households = Household.objects.bulk_create(
            [
                Household(
                    code=f"N{number:07d}", unit=review.unit, hamlet=f"Tổ {number % 30}", valid_from=date(2020, 3, 1)
                )
                for number in range(1_500)
            ]
        )
        HouseholdStandingFactory._meta.model.objects.bulk_create(
            [HouseholdStandingFactory.build(household=household) for household in households]
        )

        with django_assert_max_num_queries(40):
            assert make_list(review, acting_user=officer, now=world.now).added == 1_500

    def test_is_closed_after_the_visits(self, world: World, officer: User, review: CommuneReview) -> None:
        review.state = CommuneState.MEETING
        review.save()

        with pytest.raises(stages.NotThisStage, match="họp thôn"):
            make_list(review, acting_user=officer, now=world.now)

    def test_is_not_for_others(self, world: World, review: CommuneReview) -> None:
        with pytest.raises(CommuneReviewNotFound):
            make_list(review, acting_user=world.officer(Role.PROCESSOR, OTHER_COMMUNE), now=world.now)
        with pytest.raises(stages.NotYourCommune):
            make_list(review, acting_user=world.officer(Role.RECEIVER), now=world.now)
        with pytest.raises(stages.NotYourCommune):
            make_list(review, acting_user=self.somebody_of_both(world), now=world.now)

    def somebody_of_both(self, world: World) -> User:
        return world.officer(Role.PROCESSOR, "H55.SNNMT")


class TestPlacesThatTheLawMerged:
    def test_a_household_filed_under_the_old_commune_is_found(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        old = next(one for one in self.merged_into(review))
        listed_household(old, name="Ma Văn Cũ")

        make_list(review, acting_user=officer, now=world.now)

        assert names(review) == ["Ma Văn Cũ"]

    def test_of_a_place_that_was_divided_the_residence_of_the_head_decides(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        divided = unit_on("05461", BEFORE_THE_MERGER)  # Gia Sàng, of which a part went into this commune
        here, there, nobody_knows = (
            HouseholdFactory(unit=divided),
            HouseholdFactory(unit=divided),
            HouseholdFactory(unit=divided),
        )
        for household, unit in ((here, review.unit), (there, unit_on("05467", world.today)), (nobody_knows, divided)):
            head = PersonFactory(
                full_name=f"Ma Văn {'Đây' if household is here else 'Kia' if household is there else 'Rõ'}"
            )
            ResidenceFactory(person=head, unit=unit)
            HouseholdMembershipFactory(household=household, person=head)
            HouseholdStandingFactory(household=household)

        make_list(review, acting_user=officer, now=world.now)

        assert names(review) == ["Ma Văn Đây"]
        unsure = queries.unplaced(review, world.today)
        assert [one.head_name for one in unsure] == ["Ma Văn Rõ"]
        add_household(review, nobody_knows.code, acting_user=officer, now=world.now)
        assert queries.unplaced(review, world.today) == []
        with pytest.raises(listing.HouseholdNotHere):
            add_household(review, there.code, acting_user=officer, now=world.now)

    def merged_into(self, review: CommuneReview) -> list[Any]:
        from lienthong.units.queries import predecessors_of

        return [edge.predecessor for edge in predecessors_of(review.unit) if edge.share == "whole"]


class TestAddingOne:
    def test_puts_it_on_the_list_as_added(self, world: World, officer: User, review: CommuneReview) -> None:
        household = HouseholdFactory(unit=review.unit, code="HT00000777")

        row = add_household(review, "HT00000777", acting_user=officer, now=world.now)

        assert (row.household, row.source, row.class_before) == (household, ListingSource.ADDED, "not_poor")

    def test_not_twice(self, world: World, officer: User, review: CommuneReview) -> None:
        household = HouseholdFactory(unit=review.unit)
        add_household(review, household.code, acting_user=officer, now=world.now)

        with pytest.raises(listing.AlreadyListed):
            add_household(review, household.code, acting_user=officer, now=world.now)

    def test_not_while_another_round_that_runs_has_still_to_decide_on_it(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        household = HouseholdFactory(unit=review.unit)
        month = ReviewRoundFactory(kind=RoundKind.REGULAR, period="2026-11")
        monthly = CommuneReviewFactory(round=month, unit=review.unit)
        there = HouseholdReviewFactory(commune_review=monthly, household=household)

        with pytest.raises(listing.OnAnotherList, match="tháng 11/2026"):
            add_household(review, household.code, acting_user=officer, now=world.now)

        there.visit_state, there.gone_reason = VisitState.GONE, GoneReason.MOVED_AWAY
        there.save()
        assert add_household(review, household.code, acting_user=officer, now=world.now).household == household

    def test_what_lives_elsewhere_and_what_is_not_there_look_the_same(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        elsewhere = HouseholdFactory(unit=world.agency(OTHER_COMMUNE).unit)

        for code in (elsewhere.code, "HT99999999"):
            with pytest.raises(listing.HouseholdNotHere):
                add_household(review, code, acting_user=officer, now=world.now)

    def test_not_while_another_commune_of_the_round_has_it(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        household = listed_household(review.unit)
        elsewhere = HouseholdReviewFactory(commune_review=CommuneReviewFactory(round=review.round), household=household)
        assert make_list(review, acting_user=officer, now=world.now).added == 0

        elsewhere.visit_state, elsewhere.gone_reason = VisitState.GONE, GoneReason.MOVED_AWAY
        elsewhere.save()

        assert make_list(review, acting_user=officer, now=world.now).added == 1


class TestGone:
    @pytest.fixture
    def household(self, review: CommuneReview) -> HouseholdReview:
        return HouseholdReviewFactory(commune_review=review)

    def test_and_back(self, world: World, officer: User, household: HouseholdReview) -> None:
        gone = mark_gone(household.pk, GoneReason.MOVED_AWAY, seen=1, acting_user=officer, now=world.now)
        assert (gone.visit_state, gone.gone_reason, gone.version) == (VisitState.GONE, GoneReason.MOVED_AWAY, 2)
        with pytest.raises(listing.AlreadyGone):
            mark_gone(household.pk, GoneReason.DISSOLVED, seen=2, acting_user=officer, now=world.now)

        back = undo_gone(household.pk, seen=2, acting_user=officer, now=world.now)

        assert (back.visit_state, back.gone_reason) == (VisitState.TO_VISIT, "")
        told = Event.objects.filter(stream=household.stream).order_by("sequence").values_list("name", flat=True)
        assert list(told) == ["HouseholdGone", "HouseholdBack"]
        with pytest.raises(listing.NotGone):
            undo_gone(household.pk, seen=3, acting_user=officer, now=world.now)

    def test_is_refused_when_somebody_was_faster(self, world: World, officer: User, household: HouseholdReview) -> None:
        with pytest.raises(StaleHousehold):
            mark_gone(household.pk, GoneReason.MOVED_AWAY, seen=7, acting_user=officer, now=world.now)

    def test_another_commune_does_not_know_of_it(self, world: World, household: HouseholdReview) -> None:
        with pytest.raises(HouseholdReviewNotFound):
            mark_gone(
                household.pk, GoneReason.MOVED_AWAY, seen=1, acting_user=world.officer(Role.LEADER, OTHER_COMMUNE),
                now=world.now,
            )  # fmt: skip


class TestTotals:
    def test_are_what_the_poor_are_a_share_of(self, world: World, officer: User, review: CommuneReview) -> None:
        after = record_totals(review, households=1_850, population=7_012, acting_user=officer, now=world.now)

        assert (after.households_total, after.population_total) == (1_850, 7_012)

    def test_cannot_be_smaller_than_the_list(self, world: World, officer: User, review: CommuneReview) -> None:
        HouseholdReviewFactory.create_batch(2, commune_review=review)

        with pytest.raises(listing.TotalsTooSmall, match="2 hộ"):
            record_totals(review, households=1, population=None, acting_user=officer, now=world.now)

    def test_have_no_fewer_people_than_households(self, world: World, officer: User, review: CommuneReview) -> None:
        with pytest.raises(listing.FewerPeopleThanHouseholds):
            record_totals(review, households=10, population=9, acting_user=officer, now=world.now)


@pytest.mark.django_db(transaction=True)
class TestTwoOfficersAtOnce:
    def test_list_each_household_once(self, world: World) -> None:
        review = CommuneReviewFactory(unit=world.agency("H55.05443").unit)
        for _ in range(20):
            listed_household(review.unit)
        officers = [world.officer(Role.PROCESSOR), world.officer(Role.PROCESSOR, another=True)]

        added = in_parallel(
            [lambda user=user: make_list(review, acting_user=user, now=world.now).added for user in officers]
        )

        assert sorted(added) == [0, 20]
        assert review.households.count() == 20


def in_parallel(works: list[Any]) -> list[Any]:
    """Do works at the same time, each on a connection of its own."""
    results: list[Any] = []
    together = threading.Barrier(len(works))

    def run(work: Any) -> None:
        try:
            together.wait()
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.ensure_connection()
    return results
