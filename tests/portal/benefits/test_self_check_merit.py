"""What would I be entitled to as somebody with merit, or a relative? The ground, and then only what matters for it."""

from __future__ import annotations

from typing import Any

import pytest

from lienthong.rules.merit.asking import ASKS_FOR
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts, Relation
from tests.screens import Page, enter
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
BORN = {
    "birth_date_day": "2", "birth_date_month": "3", "birth_date_year": "1955", "sex": "female", "poverty": "other",
    "disability": "none",
}  # fmt: skip
SOCIAL = {
    "pension": "0", "other_benefit": "0", "in_institution": "no", "eligible_for_institution": "no", "has_hiv": "no",
    "marital": "widowed", "children": "0", "has_supporter": "yes", "lives_in_difficult_area": "no", "care": "none",
    "supporter_receives_allowance": "no",
}  # fmt: skip


@pytest.fixture
def first(world: World) -> Page:
    return enter(None).open("/benefits/check/")


def answer(page: Page, **answers: str) -> Page:
    """Answer round by round until nothing more is asked."""
    given = {**BORN, **SOCIAL, **answers}
    page = page.press("Xem kết quả", **given)
    for _ in range(4):
        if "Cần biết thêm" not in page.words:
            break
        page = page.press("Xem kết quả", **given)
    return page


def test_a_widow_of_a_martyr_is_asked_whose_and_whether_she_is_alone(first: Page) -> None:
    page = first.press("Xem kết quả", **BORN, merit_category="relative_of_martyr")
    assert "Quan hệ với người có công" in page.words
    assert "Số liệt sĩ là thân nhân" in page.words
    assert "thâm niên" not in page.words
    page = answer(
        first, merit_category="relative_of_martyr", merit_relation="spouse", merit_number_of_martyrs="1",
        merit_is_lonely="yes",
    )  # fmt: skip
    assert "Trợ cấp tuất của thân nhân 01 liệt sĩ" in page.words
    assert "mỗi tháng" in page.words
    assert "Điều 16 khoản 3" in page.words
    assert page.main.select_one('a[href="/procedures/1.010801/"]') is not None


def test_a_sum_once_and_a_sum_each_year_say_so(first: Page) -> None:
    page = answer(
        first, merit_category="worshipper_of_martyr", merit_number_of_martyrs="2", merit_martyr_has_recipient="no"
    )
    assert "2.800.000 ₫ mỗi năm" in page.words
    page = answer(first, merit_category="resistance_participant", merit_resistance_months="24")
    assert "một lần" in page.words
    assert page.main.select_one('a[href="/procedures/1.010819/"]') is not None


def test_what_is_paid_for_merit_counts_against_social_assistance(first: Page) -> None:
    alone = answer(first, birth_date_year="1940")
    both = answer(
        first, birth_date_year="1940", merit_category="war_invalid", merit_rate="61",
        merit_has_especially_severe_condition="no",
    )  # fmt: skip
    assert "có thể được hưởng 540.000 ₫ mỗi tháng" in alone.words
    assert "có thể được hưởng chế độ ưu đãi người có công" in both.words
    assert "540.000 ₫ mỗi tháng" not in both.words


def test_who_is_due_nothing_is_told_why(first: Page) -> None:
    page = answer(first, merit_category="war_invalid", merit_rate="3")
    assert "chưa có khoản ưu đãi nào" in page.words
    assert "chưa đến mức được trợ cấp" in page.words


@pytest.mark.parametrize("rate", ["sáu", "-3", "1001"])
def test_a_number_that_is_none_is_asked_again(first: Page, rate: str) -> None:
    page = first.press("Xem kết quả", **BORN, merit_category="war_invalid")
    page = page.press("Xem kết quả", **BORN, merit_category="war_invalid", merit_rate=rate)
    assert page.status == 422
    assert "số nguyên từ 0 đến 1000" in page.words


def test_a_rate_that_cannot_be_is_refused_in_words(first: Page) -> None:
    page = first.press("Xem kết quả", **BORN, merit_category="war_invalid")
    page = page.press("Xem kết quả", **BORN, merit_category="war_invalid", merit_rate="140")
    assert page.status == 422
    assert "từ 0 đến 100" in page.words


def test_everything_that_the_rules_lack_can_be_asked() -> None:
    lacking: set[str] = set()
    told: dict[str, Any] = {"rate": 85, "number_of_martyrs": 1, "has_died": True, "was_detached": True}
    for category in Category:
        for relation in (None, *Relation):
            for known in ({}, told):
                claim = MeritClaim(category=category, relation=relation, **known)
                lacking |= set(assess_merit(MeritFacts(claims=(claim,)), on=NOW.date()).missing)
    unasked = {one for one in lacking if one not in ASKS_FOR and not one.startswith("ngày sinh")}
    assert unasked == set()
