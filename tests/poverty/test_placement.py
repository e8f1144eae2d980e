"""Households of a round on the map of another day: forward through the changes, back to the communes that were."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from lienthong.people.models import Household
from lienthong.poverty.models import CommuneReview, HouseholdReview
from lienthong.poverty.queries.placement import Placement, days_of_change, place
from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries import communes_on, unit_on
from tests.factories.people import HouseholdMembershipFactory, PersonFactory, ResidenceFactory
from tests.factories.poverty import HouseholdReviewFactory
from tests.poverty.reported_round import decided_commune, fill, round_of

pytestmark = pytest.mark.usefixtures("province")

MERGED_ON = date(2025, 7, 1)
BEFORE, AFTER = date(2025, 6, 30), date(2026, 10, 1)


def old(code: str) -> AdministrativeUnit:
    return unit_on(code, BEFORE)


def new(code: str) -> AdministrativeUnit:
    return unit_on(code, AFTER)


def reviewed(commune: CommuneReview) -> HouseholdReview:
    """A household on the list of a commune, with a head of whom nothing else is known."""
    review: HouseholdReview = HouseholdReviewFactory(commune_review=commune)
    HouseholdMembershipFactory(household=review.household, person=PersonFactory())
    return review


def lives(review: HouseholdReview, unit: AdministrativeUnit, since: date, until: date | None = None) -> None:
    head = review.household.memberships.get().person
    ResidenceFactory(person=head, unit=unit, valid_from=since, valid_until=until)


def at(placement: Placement, review: HouseholdReview) -> str:
    found = placement.unit_id_of(review.pk, review.commune_review_id)
    return "" if found is None else placement.units[found].code


def test_a_round_stands_on_its_own_map_without_asking() -> None:
    commune = decided_commune(round_of(2022), old("05461"))
    review = reviewed(commune)

    assert at(place([commune], None), review) == "05461"
    assert at(place([commune], date(2022, 9, 1)), review) == "05461"


class TestForward:
    def test_a_commune_that_went_whole_takes_its_households_along(self) -> None:
        commune = decided_commune(round_of(2022), old("05437"))
        review = reviewed(commune)

        placement = place([commune], AFTER)

        assert placement.units[placement.whole[commune.pk]].name == "Phường Phan Đình Phùng"
        assert at(placement, review) == "05443"
        assert not placement.divided

    @pytest.mark.parametrize(
        ("divided", "one", "other"),
        [("05461", "05443", "05467"), ("05467", "05467", "05500"), ("05932", "05908", "05941")],
    )
    def test_of_a_divided_commune_each_goes_where_it_is_shown_to_live(self, divided: str, one: str, other: str) -> None:
        commune = decided_commune(round_of(2022), old(divided))
        by_residence, by_review, by_nothing = reviewed(commune), reviewed(commune), reviewed(commune)
        lives(by_residence, old(divided), date(2021, 1, 1), MERGED_ON)
        lives(by_residence, new(one), MERGED_ON)
        HouseholdReviewFactory(
            commune_review=decided_commune(round_of(2025), new(other)), household=by_review.household
        )

        placement = place([commune], AFTER)

        assert [at(placement, review) for review in (by_residence, by_review, by_nothing)] == [one, other, ""]
        assert placement.unplaced == {by_nothing.pk}
        assert {unit.code for unit in placement.divided[0].candidates} == {one, other}
        assert (placement.divided[0].placed, placement.divided[0].unplaced) == (2, 1)

    def test_the_code_05467_is_cam_gia_before_and_gia_sang_after(self) -> None:
        communes = [decided_commune(round_of(2022), old("05467")), decided_commune(round_of(2022), old("05461"))]
        of_cam_gia, of_gia_sang = reviewed(communes[0]), reviewed(communes[1])
        lives(of_cam_gia, new("05500"), MERGED_ON)
        lives(of_gia_sang, new("05467"), MERGED_ON)

        placement = place(communes, AFTER)

        assert at(placement, of_cam_gia) == "05500"
        assert placement.units[placement.shown[of_gia_sang.pk]].name == "Phường Gia Sàng"

    def test_who_moved_on_later_stays_where_the_house_of_the_review_lay(self) -> None:
        commune = decided_commune(round_of(2022), old("05461"))
        review = reviewed(commune)
        lives(review, new("05443"), MERGED_ON, date(2026, 3, 1))
        lives(review, new("05467"), date(2026, 3, 1))

        assert at(place([commune], AFTER), review) == "05443"

    def test_evidence_for_two_parts_at_once_decides_nothing(self) -> None:
        commune = decided_commune(round_of(2022), old("05461"))
        review = reviewed(commune)
        for code in ("05443", "05467"):
            member = PersonFactory()
            HouseholdMembershipFactory(household=review.household, person=member, relation="other")
            ResidenceFactory(person=member, unit=new(code), valid_from=MERGED_ON)

        assert at(place([commune], AFTER), review) == ""

    def test_a_residence_outside_the_parts_is_no_evidence(self) -> None:
        commune = decided_commune(round_of(2022), old("05461"))
        review = reviewed(commune)
        lives(review, new("05908"), MERGED_ON)

        assert at(place([commune], AFTER), review) == ""


class TestBack:
    def test_a_commune_with_one_predecessor_goes_back_whole(self) -> None:
        commune = decided_commune(round_of(2026), new("05719"))
        review = reviewed(commune)

        placement = place([commune], BEFORE)

        assert at(placement, review) == "05719"
        assert not placement.divided

    def test_of_others_each_goes_where_it_lived(self) -> None:
        commune = decided_commune(round_of(2026), new("05443"))
        by_review, by_residence, by_file, by_nothing = (reviewed(commune) for _ in range(4))
        HouseholdReviewFactory(
            commune_review=decided_commune(round_of(2022), old("05443")), household=by_review.household
        )
        lives(by_residence, old("05440"), date(2021, 1, 1), MERGED_ON)
        lives(by_residence, new("05443"), MERGED_ON)
        Household.objects.filter(pk=by_file.household_id).update(unit=old("05461"))

        placement = place([commune], BEFORE)

        found = [at(placement, review) for review in (by_review, by_residence, by_file, by_nothing)]
        assert found == ["05443", "05440", "05461", ""]
        assert placement.units[placement.shown[by_review.pk]].name == "Phường Trưng Vương"
        assert placement.divided[0].is_earlier

    def test_reaches_through_several_changes(self) -> None:
        day = date(2022, 1, 1)
        merged = next(change for change in days_of_change() if change.code == "2023-hoa-thuong-quan-chu")
        edges = merged.edges.filter(successor__name="Thị trấn Quân Chu").select_related("predecessor", "successor")
        township = edges[0].successor
        heir = township.edges_out.get().successor
        commune = decided_commune(round_of(2026), heir)
        review = reviewed(commune)
        predecessor = next(edge.predecessor for edge in edges if edge.predecessor.kind == "commune")
        lives(review, predecessor, date(2020, 3, 1), MERGED_ON)

        assert at(place([commune], day), review) == predecessor.code

    def test_before_the_books_begin_nobody_is_placed(self) -> None:
        commune = decided_commune(round_of(2026), new("05443"))
        review = reviewed(commune)

        placement = place([commune], date(2010, 1, 1))

        assert placement.unplaced == {review.pk}
        assert not placement.units


@pytest.mark.parametrize("day", [None, date(2021, 1, 1), date(2022, 12, 31), date(2025, 6, 30), date(2026, 11, 1)])
@pytest.mark.parametrize("year", [2022, 2026])
def test_on_every_map_each_household_stands_in_one_place_or_is_unplaced(year: int, day: date | None) -> None:
    on = date(year, 9, 1)
    units = list(communes_on(on, province_code="19"))
    round_ = round_of(year)
    communes = [decided_commune(round_, unit) for unit in Random(3).sample(units, 25)]
    communes += [
        decided_commune(round_, unit)
        for unit in units
        if unit.code in ("05461", "05467", "05932", "05443") and unit.pk not in {one.unit_id for one in communes}
    ]
    reviews = fill(communes, 120)
    placement = place(communes, day)

    found = Counter(placement.unit_id_of(review.pk, review.commune_review_id) for review in reviews)

    assert sum(found.values()) == len(reviews)
    assert found[None] == len(placement.unplaced)
    assert set(found) - {None} <= set(placement.units)
    filtered = {
        unit_id: HouseholdReview.objects.filter(placement.where(unit_id)).count()
        for unit_id in (*placement.units, None)
    }
    assert {unit_id: count for unit_id, count in filtered.items() if count} == dict(found)
    if day is not None:
        assert all(unit.valid_from <= day and (unit.valid_until or day + timedelta(1)) > day for unit in placement.units.values())  # fmt: skip
