"""The page of a household: who may open it, why it has its class, and where it lived before the merger."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.models import ReadRecord
from lienthong.units import queries as units
from tests.factories.poverty import CommuneReviewFactory, ReviewRoundFactory, household_review
from tests.factories.poverty_results import explained
from tests.screens import enter
from tests.world import World

pytestmark = pytest.mark.django_db
POVERTY = "H55.SNNMT"


@pytest.fixture
def review(world: World) -> Any:
    commune = CommuneReviewFactory(unit=units.unit_on("05443", world.today), visiting=True)
    return household_review(commune, head_name="Lường Thị Ỷ")


def address(review: Any) -> str:
    return f"/office/poverty/households/{review.pk}/"


def test_says_the_class_and_why(world: World, review: Any) -> None:
    explained(review)

    page = enter(world.officer(Role.PROCESSOR)).open(address(review))

    assert page.status == 200
    assert page.heading.endswith("Lường Thị Ỷ")
    assert "Theo khảo sát: hộ nghèo; chưa họp thôn." in page.words
    assert "3 chỉ số thiếu hụt" in page.words
    assert "Bảo hiểm y tế" in page.words


def test_is_found_by_its_code_by_who_may_see_it(world: World, review: Any) -> None:
    code = review.household.code

    for text in (code, code.lower()):
        page = enter(world.officer(Role.PROCESSOR)).open(f"/office/search/?q={text}")
        assert page.follow(review.head_name).status == 200
    other = enter(world.officer(Role.PROCESSOR, "H55.05500")).open(f"/office/search/?q={code}")
    assert review.head_name not in other.words


def test_says_that_nobody_has_been_there(world: World, review: Any) -> None:
    page = enter(world.officer(Role.PROCESSOR)).open(address(review))

    assert "Chưa khảo sát." in page.words
    assert "Chưa có lượt khảo sát nào trong đợt này." in page.words


def test_shows_the_commune_of_each_year_as_it_was_called(world: World, review: Any) -> None:
    then = units.unit_on("05443", date(2023, 9, 1))
    earlier = CommuneReviewFactory(
        unit=then, decided=True,
        round=ReviewRoundFactory(period="2023", starts_on=date(2023, 9, 1), ends_on=date(2023, 12, 14)),
    )  # fmt: skip
    household_review(earlier, household=review.household, class_before="not_poor")

    page = enter(world.officer(Role.PROCESSOR)).open(address(review))

    assert then.name != review.commune_review.unit.name
    assert then.name in page.words
    assert review.commune_review.unit.name in page.words


def test_keeps_to_itself_what_another_commune_still_asks(world: World, review: Any) -> None:
    elsewhere = CommuneReviewFactory(
        unit=units.unit_on("05455", world.today), visiting=True,
        round=ReviewRoundFactory(period="2025", starts_on=date(2025, 9, 1), ends_on=date(2025, 12, 14)),
    )  # fmt: skip
    household_review(elsewhere, household=review.household, hamlet="Xóm Kín")

    page = enter(world.officer(Role.PROCESSOR)).open(address(review))

    assert "Xóm Kín" not in page.words
    assert elsewhere.unit.name not in page.words


@pytest.mark.parametrize(
    ("role", "agency", "status"),
    [
        (Role.PROCESSOR, "H55.05443", 200),
        (Role.LEADER, "H55.05443", 200),
        (Role.PROCESSOR, POVERTY, 200),
        (Role.AUDITOR, "H55.SNV", 200),
        (Role.ENUMERATOR, "H55.05443", 404),
        (Role.PROCESSOR, "H55.SNV", 404),
        (Role.LEADER, "H55.05455", 404),
        (Role.CATALOGUE_EDITOR, "H55.SNV", 404),
    ],
)
def test_opens_for_the_commune_and_the_competent_agency_only(
    world: World, review: Any, role: Role, agency: str, status: int
) -> None:
    assert enter(world.officer(role, agency)).open(address(review)).status == status


def test_opens_for_the_enumerator_to_whom_the_household_was_given(world: World, review: Any) -> None:
    enumerator = world.officer(Role.ENUMERATOR)
    review.enumerator = enumerator
    review.save()

    assert enter(enumerator).open(address(review)).status == 200


def test_every_look_is_noted(world: World, review: Any) -> None:
    enter(world.officer(Role.PROCESSOR)).open(address(review))

    assert ReadRecord.objects.filter(subject=f"household:{review.household.code}").count() == 1


def test_a_photo_of_another_household_is_not_found(world: World, review: Any) -> None:
    page = enter(world.officer(Role.PROCESSOR)).open(f"{address(review)}photos/999/")

    assert page.status == 404


def test_asks_the_same_number_of_queries_however_long_the_history(world: World, review: Any, queries_of: Any) -> None:
    explained(review)
    browser = enter(world.officer(Role.PROCESSOR))
    short = queries_of(browser, address(review))
    for year in (2022, 2023, 2024):
        earlier = CommuneReviewFactory(
            unit=review.commune_review.unit,
            round=ReviewRoundFactory(period=str(year), starts_on=date(year, 9, 1), ends_on=date(year, 12, 14)),
        )
        household_review(earlier, household=review.household)

    assert queries_of(browser, address(review)) == short
