"""What would I be entitled to? Few questions, then only what matters, and nothing that is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.screens import Page, enter
from tests.world import World

pytestmark = pytest.mark.django_db
OLD_POOR = {
    "birth_date_day": "2", "birth_date_month": "3", "birth_date_year": "1938",
    "sex": "female", "poverty": "other", "disability": "none",
}  # fmt: skip


@pytest.fixture
def first(world: World) -> Page:
    return enter(None).open("/benefits/check/")


def answer(page: Page, **answers: str) -> Page:
    """Answer round by round until nothing more is asked."""
    page = page.press("Xem kết quả", **{**OLD_POOR, **answers})
    for _ in range(4):
        if "Cần biết thêm" not in page.words:
            break
        page = page.press("Xem kết quả", **{**OLD_POOR, **answers})
    return page


def told(page: Page) -> str:
    return page.main.select_one(".verdict").get_text(strip=True)  # type: ignore[union-attr]


class TestSelfCheck:
    def test_asks_only_five_questions_at_first(self, first: Page) -> None:
        assert first.heading == "Tôi có thể được hưởng gì?"
        assert "lương hưu" not in first.main.form.get_text().lower()  # type: ignore[union-attr]

    def test_then_asks_what_could_still_change_the_result(self, first: Page) -> None:
        page = first.press("Xem kết quả", **OLD_POOR)

        assert told(page) == "Cần biết thêm vài điều mới kết luận được."
        assert "Lương hưu hoặc trợ cấp bảo hiểm xã hội mỗi tháng" in page.words
        assert "người con thứ" not in page.words

    def test_says_how_much_and_by_which_article(self, first: Page) -> None:
        page = answer(
            first, pension="0", other_benefit="0", in_institution="no", eligible_for_institution="no", has_hiv="no",
            marital="widowed", children="0", has_supporter="yes", lives_in_difficult_area="no", care="none",
        )  # fmt: skip

        assert told(page) == "Theo những gì đã trả lời, có thể được hưởng 540.000\u00a0₫ mỗi tháng."
        assert "trợ cấp hưu trí xã hội" in page.words.lower()
        assert page.main.select_one('a[href="/procedures/1.014027/"]') is not None

    def test_refuses_in_words_and_offers_no_request(self, first: Page) -> None:
        page = answer(
            first, birth_date_year="1990", sex="male", has_hiv="no", in_institution="no", children="0", care="none",
            eligible_for_institution="no",
        )  # fmt: skip

        assert told(page).startswith("Theo những gì đã trả lời, chưa thuộc diện")
        assert "Muốn được hưởng thì làm gì?" not in page.words

    def test_keeps_nothing(self, first: Page) -> None:
        written: list[str] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.lstrip().upper().startswith(("INSERT", "UPDATE")):
                written.append(sql[:80])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            page = first.press("Xem kết quả", **OLD_POOR)

        assert written == []
        assert page.answer["Cache-Control"] == "private, no-store"

    def test_asks_for_each_child_by_itself(self, first: Page) -> None:
        mother = {**OLD_POOR, "birth_date_year": "1990", "poverty": "poor"}
        page = first.press("Xem kết quả", **mother)
        page = page.press("Xem kết quả", **mother, marital="widowed", children="2")

        assert "Ngày sinh của người con thứ 2" in page.words

    def test_a_day_that_cannot_be_is_said(self, first: Page) -> None:
        page = first.press("Xem kết quả", **{**OLD_POOR, "birth_date_month": "13"})

        assert page.status == 422
        assert page.errors

    def test_names_that_no_question_has_are_left_out(self, first: Page) -> None:
        page = first.press("Xem kết quả", **{**OLD_POOR, "asked": "pension,../etc,children.99.birth_date"})

        assert page.status == 200

    def test_of_what_stays_unknown_says_the_range_and_where_to_ask(self, first: Page) -> None:
        page = answer(
            first, pension="", other_benefit="0", in_institution="no", eligible_for_institution="no", has_hiv="no",
            marital="widowed", children="0", has_supporter="yes", lives_in_difficult_area="no", care="none",
        )  # fmt: skip

        assert told(page).startswith("Chưa kết luận được: từ 0")
        assert "Ủy ban nhân dân xã nơi bạn ở sẽ giúp xác định" in page.words
