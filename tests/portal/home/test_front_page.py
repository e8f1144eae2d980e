"""The front page: one question, and what is public."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from lienthong.catalogue.states import OnlineLevel
from tests.factories.catalogue import VersionFactory, version_data
from tests.world import World, at

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday_23_november_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def page(address: str) -> BeautifulSoup:
    answer = Client().get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def words(address: str) -> str:
    main = page(address).main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def test_asks_one_thing_and_leads_to_fields_with_counts() -> None:
    VersionFactory.create_batch(2)
    shown = page("/")
    search = shown.select_one("main form[role=search]")
    assert search is not None and search["action"] == "/procedures/"
    assert shown.select_one("h1 label") is not None
    assert [" ".join(one.get_text(" ").split()) for one in shown.select(".fields li")] == ["Bảo trợ xã hội 2"]


def test_says_how_much_can_be_done_online_and_what_was_published() -> None:
    VersionFactory()
    VersionFactory(says=version_data(online_level=OnlineLevel.PARTIAL))
    told = words("/")
    assert "2 thủ tục đang có hiệu lực: 1 làm trực tuyến từ đầu đến cuối , 1 làm trực tuyến một phần" in told
    assert "108/QĐ-LĐTBXH" in told


def test_says_why_it_is_empty() -> None:
    assert "Chưa có thủ tục nào được công bố" in words("/")


def test_asks_a_number_of_queries_that_does_not_grow(django_assert_num_queries: Any) -> None:
    Client().get("/")
    for count in (1, 20):
        VersionFactory.create_batch(count)
        with django_assert_num_queries(3):
            assert Client().get("/").status_code == 200


def test_tells_the_figures_of_the_month_before_once_there_are_any(world: World) -> None:
    assert "Tháng 10/2026" not in words("/")
    cache.clear()
    world.now = at("2026-10-05 09:00")
    world.approve(world.receive(), now=at("2026-10-07 09:00"))
    world.receive()
    told = words("/").replace("\xa0", " ")
    assert "Tháng 10/2026 tiếp nhận 2 hồ sơ, 0 nộp trực tuyến." in told
    assert "Giải quyết xong 1 hồ sơ, 100,00 % trước hạn hoặc đúng hạn." in told
