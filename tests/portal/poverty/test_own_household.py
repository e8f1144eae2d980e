"""A household sees its own result: signed in, or by its code and the number of a member; others see nothing."""

from __future__ import annotations

from typing import Any

import pytest

from lienthong.people.models import HouseholdMembership
from lienthong.poverty.models import CommuneReview
from lienthong.units import queries as units
from tests.factories.people import HouseholdMembershipFactory
from tests.factories.poverty import CommuneReviewFactory, HouseholdStandingFactory, household_review
from tests.factories.poverty_results import explained
from tests.portal.applicants import citizen
from tests.screens import Browser, Page, enter
from tests.world import World

pytestmark = pytest.mark.django_db
NUMBER = "019190001234"
NOT_FOUND = "Không tìm thấy kết quả với mã hộ và số định danh này."


@pytest.fixture
def review(world: World) -> Any:
    commune = CommuneReviewFactory(unit=units.unit_on("05443", world.today), posted=True)
    review = household_review(commune, head_name="Nguyễn Thị Ngọc Ỷ", proposed_class="poor")
    explained(review)
    review.proposed_class = "poor"
    review.save()
    return review


@pytest.fixture
def member(world: World, review: Any) -> Any:
    user = citizen(world, number=NUMBER)
    HouseholdMembershipFactory(household=review.household, person=user.person)
    return user


def look_up(browser: Browser, code: str, number: str) -> Page:
    return browser.open("/household/look-up/").press("Xem kết quả", code=code, number=number)


class TestSignedIn:
    def test_sees_the_class_and_why(self, review: Any, member: Any) -> None:
        HouseholdStandingFactory(household=review.household, near_poor=True)

        page = enter(member).open("/household/")

        assert page.heading.endswith("Hộ của bạn là hộ cận nghèo")
        assert "Kết quả đề nghị cho hộ của bạn: hộ nghèo" in page.words
        assert "Hộ thiếu hụt 3 chỉ số" in page.words

    def test_does_not_see_a_result_that_was_not_posted(self, review: Any, member: Any) -> None:
        CommuneReview.objects.update(state="meeting")

        page = enter(member).open("/household/")

        assert "họp thôn" in page.words
        assert "Hộ thiếu hụt" not in page.words

    def test_is_told_when_the_registers_know_no_household(self, world: World) -> None:
        page = enter(citizen(world)).open("/household/")

        assert page.heading == "Chưa thấy hộ của bạn"

    def test_of_somebody_who_left_sees_nothing_any_more(self, world: World, review: Any, member: Any) -> None:
        HouseholdMembership.objects.filter(person=member.person).update(valid_until=world.today)

        assert enter(member).open("/household/").heading == "Chưa thấy hộ của bạn"


class TestByCode:
    def test_opens_with_the_number_of_a_member(self, review: Any, member: Any) -> None:
        page = look_up(enter(None), f" {review.household.code.lower()} ", "019 190 001 234")

        assert page.path == "/household/result/"
        assert "Hộ thiếu hụt 3 chỉ số" in page.words

    def test_a_wrong_number_and_a_wrong_code_are_answered_alike(self, review: Any, member: Any) -> None:
        wrong = look_up(enter(None), review.household.code, "019190009999")
        unknown = look_up(enter(None), "HG99999999", NUMBER)

        assert wrong.errors == unknown.errors
        assert wrong.errors[0].startswith(NOT_FOUND)
        assert wrong.status == unknown.status == 422

    def test_guessing_is_stopped(self, review: Any, member: Any) -> None:
        for _ in range(5):
            look_up(enter(None), review.household.code, "019190009999")

        page = look_up(enter(None), review.household.code, NUMBER)

        assert page.status == 429

    def test_nothing_of_it_stands_in_the_address(self, review: Any, member: Any) -> None:
        page = look_up(enter(None), review.household.code, NUMBER)

        assert not [link for link, _status in page.answer.redirect_chain if NUMBER in link]
        assert page.answer["Cache-Control"] == "private, no-store"

    def test_the_page_alone_leads_back_to_the_question(self, review: Any) -> None:
        assert enter(None).open("/household/result/").path == "/household/look-up/"
