"""Public figures: what was received and settled, in time or late, online or not, and how satisfied people were."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import RateDossier
from lienthong.dossiers.states import Satisfaction
from tests.screens import Page, enter
from tests.world import WORK_PERMIT, World, target

pytestmark = pytest.mark.django_db


def figures(query: str = "") -> Page:
    return enter(None).open(f"/figures/{query}")


def rated(world: World, level: Satisfaction) -> None:
    dossier = world.approve(world.receive())
    command = RateDossier(target=target(dossier), level=level, secret=dossier.secret)
    dossiers.rate(command, acting_user=None, now=world.now)


class TestNothing:
    def test_a_rate_with_nothing_below_the_line_is_no_data(self, world: World) -> None:
        page = figures()

        assert "chưa có dữ liệu về nộp trực tuyến" in page.words
        assert "chưa có dữ liệu về giải quyết đúng hạn" in page.words
        assert "100" not in page.words.partition("Các con số")[0]
        assert "Chưa có dữ liệu trong kỳ này." in page.words

    def test_received_but_not_settled_is_no_data_about_time(self, world: World) -> None:
        world.receive()
        world.now += timedelta(hours=1)

        page = figures()

        assert "1 hồ sơ tiếp nhận" in page.words
        assert "chưa hồ sơ nào giải quyết xong trong kỳ" in page.words
        assert page.rows("Giải quyết hồ sơ theo lĩnh vực")[0][5] == "chưa có dữ liệu"


class TestCounts:
    def test_counts_by_field_and_adds_up(self, world: World) -> None:
        early, late, running = (world.receive() for _ in range(3))
        permit = world.receive(WORK_PERMIT)
        Dossier.objects.filter(pk__in=[running.pk, permit.pk]).update(channel="online")
        world.approve(early, now=world.now + timedelta(days=1))
        world.approve(late, now=world.now + timedelta(days=9))
        world.now += timedelta(days=10)

        page = figures()

        assert "4 hồ sơ tiếp nhận" in page.words
        assert "50,00 % nộp trực tuyến 2 trong 4 hồ sơ" in page.words.replace("\xa0", " ")
        assert "50,00 % giải quyết trước và đúng hạn trong 2 hồ sơ đã giải quyết, 1 xong trước hạn" in (
            page.words.replace("\xa0", " ")
        )
        rows = {row[0]: row[1:] for row in page.rows("Giải quyết hồ sơ theo lĩnh vực")}
        assert rows["Bảo trợ xã hội"][:4] == ["3", "1", "0", "1"]
        assert len(rows) == 2
        assert "nhận nhiều hồ sơ nhất: 3 trong 4 hồ sơ" in page.words

    def test_the_chart_has_its_sentence_and_its_table(self, world: World) -> None:
        world.receive()
        world.now += timedelta(hours=1)

        page = figures()

        figure = page.main.select("figure.chart")[0]
        assert figure.find("svg")["role"] == "img"  # type: ignore[index]
        assert "Tháng 11/2026 nhận nhiều hồ sơ nhất: 1 hồ sơ" in figure.get_text()
        assert page.rows("Tháng 11/2026 nhận nhiều hồ sơ nhất")[0][0] == "Tháng 11/2026"

    def test_the_period_stands_in_the_address(self, world: World) -> None:
        world.receive()
        world.now += timedelta(hours=1)

        assert "1 hồ sơ tiếp nhận" in figures("?period=2026-11").words
        october = figures("?period=2026-10")
        assert october.lead == "Tháng 10/2026"
        assert "0 hồ sơ tiếp nhận" in october.words
        assert october.follow("Quý 4/2026").lead == "Quý 4/2026"

    @pytest.mark.parametrize(
        "period",
        ["3000", "0000", "0001", "0001-01", "9999-12", "2026-13", "99999999", "x", "2026-Q9", "%00", "2026-11-01"],
    )
    def test_a_strange_period_gets_a_page(self, world: World, period: str) -> None:
        assert figures(f"?period={period}").status in {200, 400}

    def test_definitions_are_published(self, world: World) -> None:
        words = figures().words

        assert "hẹn lại không làm mất lần trễ" in words
        assert "Dưới 5 lượt thì không công bố" in words

    def test_can_be_taken_along_as_a_spreadsheet(self, world: World) -> None:
        world.receive()
        world.now += timedelta(hours=1)

        answer = enter(None).get("/figures/?period=2026&format=xlsx")

        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)  # type: ignore[union-attr]
        assert answer["Content-Disposition"] == 'attachment; filename="so-lieu-2026.xlsx"'
        assert rows[0][:3] == ("Lĩnh vực", "Tồn đầu kỳ", "Tiếp nhận")
        assert rows[1][:3] == ("Bảo trợ xã hội", 0, 1)


class TestSatisfaction:
    def test_fewer_than_five_ratings_are_not_published(self, world: World) -> None:
        for _ in range(4):
            rated(world, Satisfaction.SATISFIED)
        world.now += timedelta(hours=1)

        page = figures()

        assert "ít hơn 5 lượt đánh giá" in page.words
        assert page.rows("Đánh giá") == []

    def test_five_are_published_by_level(self, world: World) -> None:
        for level in (*[Satisfaction.VERY_SATISFIED] * 3, Satisfaction.SATISFIED, Satisfaction.DISSATISFIED):
            rated(world, level)
        world.now += timedelta(hours=1)

        page = figures()

        assert page.rows("Đánh giá của người nộp hồ sơ") == [
            ["Rất hài lòng", "3"],
            ["Hài lòng", "1"],
            ["Bình thường", "0"],
            ["Không hài lòng", "1"],
            ["Rất không hài lòng", "0"],
        ]
        assert "80,00 % hài lòng hoặc rất hài lòng trong 5 lượt" in page.words.replace("\xa0", " ")


def test_names_nobody(world: World) -> None:
    dossier = world.receive()
    world.now += timedelta(hours=1)

    page = figures()

    assert dossier.applicant_name not in page.answer.content.decode()
    assert str(dossier.code) not in page.answer.content.decode()


def test_asks_as_many_questions_for_many_dossiers_as_for_one(world: World, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world.receive()
    world.now += timedelta(hours=1)
    figures()
    with CaptureQueriesContext(connection) as captured:
        figures()
    for code in (WORK_PERMIT, WORK_PERMIT):
        world.receive(code)
    world.now += timedelta(hours=1)

    with django_assert_num_queries(len(captured)):
        figures()
