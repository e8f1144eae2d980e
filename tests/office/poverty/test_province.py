"""The province's dashboard: what is decided and what is not known, on a map, beside the rounds before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.poverty.models import CommuneReview, HouseholdReview, RecognitionDecision, ReviewRound
from lienthong.poverty.queries import province as queries
from lienthong.poverty.states import CommuneState, DecisionState, HouseholdClass, Movement
from lienthong.units.models import UnitBoundary
from lienthong.units.queries import communes_on
from tests.factories.poverty import CommuneReviewFactory, HouseholdReviewFactory, ReviewRoundFactory
from tests.screens import Browser, enter
from tests.world import COMMUNE, World

PATH = "/office/poverty/province/"
AGENCY = "H55.SNNMT"
POOR, NEAR_POOR, NOT_POOR = HouseholdClass.POOR, HouseholdClass.NEAR_POOR, HouseholdClass.NOT_POOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.LEADER, AGENCY)


@pytest.fixture
def browser(officer: User) -> Browser:
    return enter(officer)


def a_round(period: str, **changes: Any) -> ReviewRound:
    year = int(period)
    return ReviewRoundFactory(period=period, starts_on=date(year, 9, 1), ends_on=date(year, 12, 14), **changes)


def commune(
    world: World, number: int, one: ReviewRound, *, state: str = CommuneState.DECIDED, total: int | None = 10
) -> CommuneReview:
    unit = communes_on(world.today, province_code="19")[number]
    return CommuneReviewFactory(round=one, unit=unit, state=state, households_total=total)


def households(
    review: CommuneReview, world: World, *classes: str, deprivations: Sequence[str] = (), **more: Any
) -> None:
    """Put households on the list as a decision left them."""
    decision = RecognitionDecision.objects.create(
        commune_review=review, kind="recognize", applies_from=date(2027, 1, 1), state=DecisionState.PREPARED,
        prepared_by=world.officer(Role.PROCESSOR, COMMUNE), prepared_at=world.now,
    )  # fmt: skip
    for one in classes:
        known = {"final_class": one, "decision": decision, "movement": Movement.STAYS_POOR, **more}
        HouseholdReviewFactory(commune_review=review, visited=True, deprivations=list(deprivations), **known)


def draw_borders(reviews: Sequence[CommuneReview], world: World) -> None:
    for place, review in enumerate(reviews):
        west = 105.0 + place / 10
        ring = [[west, 21.0], [west + 0.1, 21.0], [west + 0.1, 21.1], [west, 21.0]]
        UnitBoundary.objects.create(
            unit=review.unit, polygons=[[ring]], west=west, south=21.0, east=west + 0.1, north=21.1,
            source="ranh giới thử", loaded_at=world.now,
        )  # fmt: skip


def test_tells_what_is_decided_beside_the_round_before(browser: Browser, world: World) -> None:
    older, newer = a_round("2025"), a_round("2026")
    households(commune(world, 0, older), world, POOR, POOR, POOR, NEAR_POOR)
    households(commune(world, 0, newer), world, POOR, NEAR_POOR, NOT_POOR)

    page = browser.open(PATH)

    assert "1 hộ nghèo được công nhận đợt 2026, 1/1 xã, phường đã quyết định; đợt 2025 (1 xã, phường): 3" in page.words
    assert "10,00 % tỷ lệ hộ nghèo" in page.words
    assert len(page.main.select(".figures > li")) <= 7


def test_a_part_of_the_province_is_not_compared_with_the_whole(browser: Browser, world: World) -> None:
    older, newer = a_round("2025"), a_round("2026")
    households(commune(world, 0, older), world, POOR)
    households(commune(world, 0, newer), world, POOR)
    commune(world, 1, newer, state=CommuneState.VISITING)

    page = browser.open(PATH)

    assert page.lead == "Đợt rà soát 2026: 1 trong 2 xã, phường đã quyết định."
    assert "đợt 2025 (1 xã, phường)" not in page.words
    assert "2026 (1/2 xã)" in str(page.main)


def test_a_commune_that_has_not_decided_has_no_figures(browser: Browser, world: World) -> None:
    one = a_round("2026")
    households(commune(world, 0, one), world, NOT_POOR)
    waiting = commune(world, 1, one, state=CommuneState.POSTED)
    households(waiting, world, POOR)
    commune(world, 2, one, total=None)

    rows = {row[0]: row[3:] for row in browser.open(PATH).rows("Hộ nghèo, hộ cận nghèo theo xã")}

    assert sorted(rows.values()) == [
        ["10", "0", "0", "0,00 %"],
        ["10", "–", "–", "không có số liệu"],
        ["–", "0", "0", "không có số liệu"],
    ]


def test_shows_the_share_of_households_with_a_deprivation(browser: Browser, world: World) -> None:
    review = commune(world, 0, a_round("2026"))
    households(review, world, POOR, deprivations=["cleanWater"])
    households(review, world, NEAR_POOR, POOR, NEAR_POOR)

    page = browser.open(f"{PATH}?measure=cleanWater")

    assert page.rows("Hộ nghèo, hộ cận nghèo theo xã")[0][-1] == "25,00 %"
    assert page.rows("Hộ nghèo, hộ cận nghèo thiếu hụt")[0][1:] == ["1", "25,00 %"]


def test_the_map_has_borders_where_all_are_known(browser: Browser, world: World) -> None:
    one = a_round("2026")
    reviews = [commune(world, place, one) for place in range(2)]
    households(reviews[0], world, POOR, POOR)

    tiles = browser.open(PATH).main.select_one("figure svg[role]")
    draw_borders(reviews, world)
    page = browser.open(PATH)
    borders = page.main.select_one("figure svg[role]")

    assert tiles is not None
    assert borders is not None
    assert tiles.find("text")
    assert not borders.find("text")
    assert f"cao nhất ở {reviews[0].unit.name}, 20,00 %" in page.words
    assert "Ranh giới: ranh giới thử." in page.words


def test_names_the_communes_that_are_late(browser: Browser, world: World) -> None:
    one = ReviewRoundFactory(period="2026", ends_on=date(2026, 11, 10))
    late = commune(world, 0, one, state=CommuneState.MEETING)
    commune(world, 1, one)

    page = browser.open(PATH)

    assert [row[:2] for row in page.rows("Xã, phường trễ")] == [[late.unit.name, "họp thôn"]]
    assert ["họp thôn", "1"] in page.rows("Xã, phường theo bước")


def test_sorts_and_exports_what_it_shows(browser: Browser, world: World) -> None:
    one = a_round("2026")
    for place, classes in enumerate(([POOR], [POOR, POOR, NEAR_POOR], [NEAR_POOR])):
        households(commune(world, place, one), world, *classes)

    falling = [row[4] for row in browser.open(f"{PATH}?sort=-poor").rows("Hộ nghèo, hộ cận nghèo theo xã")]
    answer = browser.open(f"{PATH}?sort=poor&format=xlsx").answer
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active

    assert falling == ["2", "1", "0"]
    assert sheet is not None
    assert [row[5] for row in sheet.iter_rows(min_row=2, values_only=True)] == [0, 1, 2]


def test_without_a_round_it_says_what_to_do(browser: Browser) -> None:
    assert "Mở đợt rà soát định kỳ đầu tiên" in browser.open(PATH).words


@pytest.mark.parametrize("query", ["?round=1999", "?measure=x", "?sort=x", "?round=%00", "?measure=poor&measure=x"])
def test_an_address_that_makes_no_sense_shows_something_sensible(browser: Browser, world: World, query: str) -> None:
    commune(world, 0, a_round("2026"))

    assert browser.open(f"{PATH}{query}").status in {200, 400}


@pytest.mark.parametrize("who", ["commune", "citizen", "other"])
def test_others_find_nothing_there(world: World, who: str) -> None:
    user = {
        "commune": lambda: world.officer(Role.LEADER, COMMUNE),
        "citizen": world.citizen,
        "other": lambda: world.officer(Role.LEADER, "H55.SNV"),
    }[who]()

    assert enter(user).open(PATH).status == 404


def test_the_number_of_queries_stays(browser: Browser, world: World, queries_of: Any) -> None:
    one = a_round("2026")
    households(commune(world, 0, one), world, POOR)
    few = queries_of(browser, PATH)
    for place in range(1, 6):
        households(commune(world, place, one), world, POOR, NEAR_POOR, deprivations=["cleanWater"])
    commune(world, 0, a_round("2025"))

    assert queries_of(browser, PATH) == few <= 22


@dataclass
class Placed:
    unit_of: dict[int, int]
    totals: dict[int, int | None]


def test_counts_households_on_the_map_of_another_day(world: World) -> None:
    review = commune(world, 0, a_round("2026"))
    households(review, world, POOR, POOR, NEAR_POOR, deprivations=["cleanWater"])
    first, second, unknown = [one.pk for one in communes_on(world.today, province_code="19")[1:4]]
    ids = list(HouseholdReview.objects.order_by("pk").values_list("household", flat=True))
    placement = Placed({ids[0]: first, ids[1]: second, ids[2]: unknown}, {first: 4, second: 5, unknown: None})

    found = {row.unit_id: row for row in queries.figures_placed(review.round_id, placement, deprivation="cleanWater")}

    assert found[first].poor_rate == 0.25
    assert found[second].poor_rate == 0.2
    assert found[first].deprived_share == 1.0
    assert found[unknown].near_poor_rate is None
