"""The province opens a round over the communes of its first day, with the standard and the points table of that day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.events import record
from lienthong.infra.models import Event
from lienthong.poverty.events import RoundOpened
from lienthong.poverty.models import CommuneReview, FormVersion, ReviewRound
from lienthong.poverty.queries import rounds as queries
from lienthong.poverty.queries.rounds import usual_dates
from lienthong.poverty.services import rounds
from lienthong.poverty.services.forms import PublishForm, publish_form
from lienthong.poverty.services.rounds import OpenRound, close_round, open_round, take_points_table
from lienthong.poverty.services.stages import RoundIsClosed
from lienthong.poverty.states import CommuneState, RoundKind
from lienthong.poverty.survey.workbooks import as_xlsx, shipped_source
from lienthong.poverty.tasks import publish_forms
from tests.factories.poverty import (
    CommuneReviewFactory,
    HouseholdReviewFactory,
    PointsTableFactory,
    ReviewRoundFactory,
    VisitFlagFactory,
)
from tests.world import World

PROVINCE = "H55.SNNMT"
OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def department(world: World) -> User:
    return world.officer(Role.PROCESSOR, PROVINCE)


def of(year: int, **changes: Any) -> OpenRound:
    starts_on, ends_on = usual_dates(RoundKind.PERIODIC, str(year))
    known = {"kind": RoundKind.PERIODIC, "period": str(year), "starts_on": starts_on, "ends_on": ends_on}
    return OpenRound(**{**known, "province_code": "19", **changes})


class TestTheCalendarOfTheLaw:
    def test_of_a_year_is_from_september_to_mid_december(self) -> None:
        assert usual_dates(RoundKind.PERIODIC, "2026") == (date(2026, 9, 1), date(2026, 12, 14))

    def test_of_a_month_begins_on_the_fifteenth_and_has_fifteen_days(self) -> None:
        assert usual_dates(RoundKind.REGULAR, "2026-02") == (date(2026, 2, 15), date(2026, 3, 2))


class TestOpening:
    @pytest.mark.parametrize(("year", "communes"), [(2022, 178), (2024, 177), (2025, 92), (2026, 92)])
    def test_takes_the_communes_that_there_are_then(
        self, world: World, department: User, year: int, communes: int
    ) -> None:
        opened = open_round(of(year), acting_user=department, now=world.now)

        assert opened.communes.count() == communes
        assert opened.standard_id == "2022-2026"

    def test_takes_the_standard_of_its_first_day(self, world: World, department: User) -> None:
        assert open_round(of(2027), acting_user=department, now=world.now).standard_id == "2027-2030"

    def test_takes_the_approved_table_and_the_column_of_the_province(self, world: World, department: User) -> None:
        table = PointsTableFactory()
        PointsTableFactory(draft=True)

        opened = open_round(of(2026), acting_user=department, now=world.now)

        assert (opened.points_table, opened.points_column) == (table, "northern_midlands_mountains")

    def test_goes_without_a_table_and_takes_one_later(self, world: World, department: User) -> None:
        opened = open_round(of(2026), acting_user=department, now=world.now)
        assert opened.points_table is None
        with pytest.raises(rounds.NoTableApproved):
            take_points_table(opened.pk, acting_user=department, now=world.now)

        table = PointsTableFactory()

        assert take_points_table(opened.pk, acting_user=department, now=world.now).points_table == table
        with pytest.raises(rounds.TableTakenAlready):
            take_points_table(opened.pk, acting_user=department, now=world.now)

    def test_takes_the_table_of_a_round_that_runs_so_that_phones_and_office_agree(
        self, world: World, department: User
    ) -> None:
        table = PointsTableFactory(valid_from=date(2022, 1, 1))
        running = open_round(of(2026), acting_user=department, now=world.now)
        newer = PointsTableFactory(valid_from=date(2026, 10, 1))
        month = OpenRound(
            kind=RoundKind.REGULAR, period="2026-11", starts_on=date(2026, 11, 15), ends_on=date(2026, 11, 29),
            province_code="19",
        )  # fmt: skip

        assert open_round(month, acting_user=department, now=world.now).points_table == table

        ReviewRound.objects.update(closed_at=world.now)
        following = replace(month, period="2026-12", starts_on=date(2026, 12, 15), ends_on=date(2026, 12, 29))
        assert open_round(following, acting_user=department, now=world.now).points_table == newer
        assert running.points_table == table

    def test_is_once_a_period(self, world: World, department: User) -> None:
        open_round(of(2026), acting_user=department, now=world.now)

        with pytest.raises(rounds.RoundTaken, match="từ 01/09/2026 đến 14/12/2026"):
            open_round(of(2026), acting_user=department, now=world.now)
        assert ReviewRound.objects.count() == 1

    def test_is_told(self, world: World, department: User) -> None:
        opened = open_round(of(2026), acting_user=department, now=world.now)

        assert Event.objects.get(stream=opened.stream).payload["communes"] == 92

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"period": "2026-11"}, rounds.NoSuchPeriod),
            ({"period": "hai nghìn"}, rounds.NoSuchPeriod),
            ({"ends_on": date(2026, 8, 1)}, rounds.DatesTheWrongWay),
            ({"starts_on": date(1990, 9, 1)}, rounds.NoStandardThen),
            ({"province_code": "99"}, rounds.NoCommunesThen),
        ],
    )
    def test_says_what_is_wrong(
        self, world: World, department: User, changes: dict[str, Any], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            open_round(of(2026, **changes), acting_user=department, now=world.now)

    def test_is_for_the_province_only(self, world: World) -> None:
        for user in (
            world.officer(Role.LEADER),
            world.officer(Role.AUDITOR, PROVINCE),
            world.officer(Role.PROCESSOR, "H55.SNV"),
        ):
            with pytest.raises(rounds.NotTheProvince):
                open_round(of(2026), acting_user=user, now=world.now)


class TestClosing:
    def test_waits_for_communes_that_have_somebody_on_their_list(self, world: World, department: User) -> None:
        review = CommuneReviewFactory()
        HouseholdReviewFactory(commune_review=review)
        CommuneReviewFactory(round=review.round)

        with pytest.raises(rounds.CommunesNotDone, match="Còn 1 xã"):
            close_round(review.round_id, acting_user=department, now=world.now)

    def test_ends_what_can_be_done(self, world: World, department: User) -> None:
        review = CommuneReviewFactory(state=CommuneState.REPORTED)

        close_round(review.round_id, acting_user=department, now=world.now)

        with pytest.raises(RoundIsClosed):
            close_round(review.round_id, acting_user=department, now=world.now)

    def test_is_for_the_province_only(self, world: World) -> None:
        with pytest.raises(rounds.NotTheProvince):
            close_round(ReviewRoundFactory().pk, acting_user=world.officer(Role.LEADER), now=world.now)


class TestProgress:
    def test_counts_each_commune(self, world: World) -> None:
        review = CommuneReviewFactory(visiting=True)
        HouseholdReviewFactory(commune_review=review)
        VisitFlagFactory(visit__review=HouseholdReviewFactory(commune_review=review, visited=True))
        HouseholdReviewFactory(commune_review=review, gone=True)

        (one,) = queries.progress_of_round(review.round_id, today=world.today)

        assert (one.listed, one.visited, one.gone, one.done, one.flags, one.unassigned) == (3, 1, 1, 2, 1, 1)
        assert (one.poor, one.near_poor, one.late) == (1, 0, False)

    def test_is_late_after_the_last_day(self, world: World) -> None:
        review = CommuneReviewFactory(visiting=True)
        CommuneReviewFactory(round=review.round, decided=True)

        found = queries.progress_of_round(review.round_id, today=date(2026, 12, 15))

        assert sorted(one.late for one in found) == [False, True]

    def test_asks_as_often_for_many_as_for_one(self, world: World, django_assert_num_queries: Any) -> None:
        first = CommuneReviewFactory()
        for _ in range(5):
            HouseholdReviewFactory(commune_review=CommuneReviewFactory(round=first.round))

        with django_assert_num_queries(3):
            queries.progress_of_round(first.round_id, today=world.today)

    def test_what_runs_comes_before_what_is_over(self, world: World) -> None:
        unit = world.agency("H55.05443").unit
        over = CommuneReviewFactory(unit=unit, round=ReviewRoundFactory(period="2025", closed_at=world.now))
        runs = CommuneReviewFactory(unit=unit)

        assert queries.reviews_of_communes(frozenset({unit.pk})) == [runs, over]

    def test_a_commune_does_not_see_another(self, world: World) -> None:
        review = CommuneReviewFactory(unit=world.agency("H55.05443").unit)

        assert queries.get_commune_review(review.pk, as_=world.officer(Role.PROCESSOR), on=world.today) == review
        with pytest.raises(queries.CommuneReviewNotFound):
            queries.get_commune_review(review.pk, as_=world.officer(Role.LEADER, OTHER_COMMUNE), on=world.today)
        assert CommuneReview.objects.count() == 1


@pytest.mark.django_db
def test_an_opened_round_puts_its_forms_in_use_once(world: World) -> None:
    round_ = ReviewRoundFactory(points_table=None, points_column="")
    record(
        RoundOpened(round_id=round_.pk, period="2026", standard_id=round_.standard_id, communes=92),
        stream=round_.stream, actor_id=None, at=world.now,
    )  # fmt: skip
    event = Event.objects.get(stream=round_.stream)

    publish_forms(event_id=event.pk)
    publish_forms(event_id=event.pk)

    in_use = FormVersion.objects.filter(standard_id=round_.standard_id, replaced_at=None)
    assert sorted(in_use.values_list("form_id", flat=True)) == ["phieu-a", "phieu-b", "phieu-c"]
    assert FormVersion.objects.count() == 3


@pytest.mark.django_db
def test_an_opened_round_leaves_the_form_of_an_office_and_adds_the_others(world: World) -> None:
    round_ = ReviewRoundFactory(points_table=None, points_column="")
    source = as_xlsx(shipped_source("phieu-b").replace("| Tường |", "| Tường bao quanh |"))
    command = PublishForm(standard_id=round_.standard_id, source=source, source_name="sửa.xlsx")
    own = publish_form(command, acting_user=None, now=world.now)
    record(
        RoundOpened(round_id=round_.pk, period="2026", standard_id=round_.standard_id, communes=92),
        stream=round_.stream, actor_id=None, at=world.now,
    )  # fmt: skip

    publish_forms(event_id=Event.objects.get(stream=round_.stream).pk)

    in_use = FormVersion.objects.filter(standard_id=round_.standard_id, replaced_at=None)
    assert sorted(in_use.values_list("form_id", flat=True)) == ["phieu-a", "phieu-b", "phieu-c"]
    assert own in in_use
