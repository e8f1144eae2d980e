"""A round that counts with an old points table says so wherever its classes are read, on screens and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from lienthong.accounts.states import Role
from lienthong.poverty.services.rounds import take_points_table
from tests.factories.poverty import PointsTableFactory
from tests.office.poverty.test_village import address, pdf_words
from tests.poverty.village import Village
from tests.screens import enter
from tests.world import World

pytestmark = pytest.mark.django_db
PROVINCE = "H55.SNNMT"
SAYS_SO = "Bảng điểm cũ, chỉ để thử"


@pytest.fixture
def village(world: World) -> Village:
    village = Village(world)
    village.household()
    PointsTableFactory(superseded=True)
    take_points_table(village.review.round_id, acting_user=world.officer(Role.PROCESSOR, PROVINCE), now=world.now)
    village.review.refresh_from_db()
    return village


@pytest.mark.parametrize(
    "page",
    ["", "households/", "village/", "village/hamlet/?hamlet=X%C3%B3m+1", "meetings/new/?hamlet=X%C3%B3m+1", "posting/",
     "objections/", "decision/"],
)  # fmt: skip
def test_on_each_page_of_a_commune(village: Village, page: str) -> None:
    assert SAYS_SO in enter(village.clerk).open(address(village, page)).words


def test_on_the_page_of_the_province(village: Village) -> None:
    province = enter(village.world.officer(Role.PROCESSOR, PROVINCE))

    assert SAYS_SO in province.open("/office/poverty/province/").words


@pytest.mark.parametrize("page", ["reports/", "reports/targets/"])
def test_on_reports_and_what_they_are_printed_as(village: Village, page: str) -> None:
    browser = enter(village.clerk)

    assert SAYS_SO in browser.open(f"/office/poverty/{page}?round={village.review.round_id}").words


def test_on_papers_whatever_language_the_screen_has(village: Village) -> None:
    meeting = village.meet()
    browser = enter(village.clerk)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    class Printed:
        answer: Any = browser.get(address(village, f"meetings/{meeting.pk}.pdf"))

    assert (
        "rà soát định kỳ hằng năm, năm 2026 (bảng điểm cũ, chỉ để thử)" in " ".join(pdf_words(Printed).split()).lower()
    )


def test_in_the_name_of_the_file_for_the_ministry(village: Village) -> None:
    answer = enter(village.clerk).get(f"/office/poverty/rounds/{village.review.round_id}/ministry.xlsx")

    assert "chi-de-thu" in answer["Content-Disposition"]
