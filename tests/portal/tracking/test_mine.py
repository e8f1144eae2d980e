"""The own dossiers: what to do first, drafts, and a list that is walked by key."""

from __future__ import annotations

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from tests.portal.applicants import begin, citizen, firm
from tests.screens import Browser, enter
from tests.world import World

pytestmark = pytest.mark.django_db


def owned(world: World, owner: User, count: int = 1) -> list[Dossier]:
    dossiers = [world.receive() for _ in range(count)]
    Dossier.objects.filter(pk__in=[one.pk for one in dossiers]).update(
        person=owner.person, organization=owner.organization
    )
    return dossiers


def test_says_what_to_do_where_there_is_nothing(world: World) -> None:
    page = enter(citizen(world)).open("/my/")

    assert "Bạn chưa nộp hồ sơ nào." in page.words
    assert page.rows() == []


def test_tells_state_and_time_in_words(world: World) -> None:
    owner = citizen(world)
    (dossier,) = owned(world, owner)

    (row,) = enter(owner).open("/my/").rows("Hồ sơ, mới nhất trước")

    assert row[1] == dossier.code
    assert row[2] == "Đang giải quyết"
    assert row[3] == "còn 5 ngày làm việc đến 17:00 thứ Hai 23/11/2026"


def test_begins_with_what_the_applicant_has_to_do(world: World) -> None:
    owner = citizen(world)
    first, second = owned(world, owner, 2)
    world.approve(first)
    Dossier.objects.filter(pk=second.pk).update(state="awaiting_supplement", current_due_at=None)

    page = enter(owner).open("/my/")

    tasks = [one.get_text(" ", strip=True) for one in page.main.select(".govuk-task-list__link")]
    assert tasks == [
        "Nộp bổ sung giấy tờ; thời hạn đang tạm dừng",
        "Đến Ủy ban nhân dân phường Phan Đình Phùng nhận kết quả",
    ]


def test_a_firm_sees_what_it_has_under_way(world: World) -> None:
    owner = firm(world)
    owned(world, owner, 2)

    assert len(enter(owner).open("/my/").rows("Hồ sơ, mới nhất trước")) == 2


def test_drafts_are_listed_apart_and_only_those_of_the_writer(world: World) -> None:
    owner = citizen(world)
    begin(enter(owner))
    begin(enter(citizen(world, "Trần Văn Khác", number="019190009999")))

    page = enter(owner).open("/my/")

    assert len(page.rows("Hồ sơ đang soạn")) == 1
    assert page.rows("Hồ sơ, mới nhất trước") == []


def test_walks_by_key_to_older_ones_and_back(world: World) -> None:
    owner = citizen(world)
    newest_first = [one.code for one in reversed(owned(world, owner, 45))]
    browser = enter(owner)

    pages = [browser.open("/my/")]
    while "Trang sau" in pages[-1].links():
        pages.append(pages[-1].follow("Trang sau"))

    shown = [row[1] for page in pages for row in page.rows("Hồ sơ, mới nhất trước")]
    assert shown == newest_first
    assert [row[1] for row in pages[2].follow("Trang trước").rows()] == newest_first[20:40]
    assert [row[1] for row in pages[1].follow("Trang trước").rows()] == newest_first[:20]
    assert "Trang trước" not in pages[0].links()


def test_shows_what_is_under_way_or_what_is_over(world: World) -> None:
    owner = citizen(world)
    over, running = owned(world, owner, 2)
    Dossier.objects.filter(pk=over.pk).update(state="withdrawn", finished_at=world.now)
    browser = enter(owner)

    assert [row[1] for row in browser.open("/my/?show=open").rows()] == [running.code]
    assert [row[1] for row in browser.open("/my/?show=ended").rows()] == [over.code]
    assert len(browser.open("/my/?show=whatever").rows()) == 2


@pytest.mark.parametrize("query", ["after=x", "before=-1", "after=99999999999999999999", "before=0", "after=١٢"])
def test_a_strange_place_in_the_address_shows_the_list(world: World, query: str) -> None:
    owner = citizen(world)
    owned(world, owner)

    page = enter(owner).open(f"/my/?{query}")

    assert page.status == 200
    assert len(page.rows("Hồ sơ, mới nhất trước")) == 1


def test_is_for_applicants(world: World) -> None:
    assert Browser().get("/my/").status_code == 302
    assert enter(world.officer(Role.RECEIVER)).get("/my/").status_code == 404


def test_asks_as_many_questions_for_twenty_rows_as_for_two(
    world: World, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    owner = citizen(world)
    owned(world, owner, 2)
    browser = enter(owner)
    browser.open("/my/")
    with django_assert_max_num_queries(15) as captured:
        browser.open("/my/")
    few = len(captured)
    owned(world, owner, 18)

    with django_assert_num_queries(few):
        browser.open("/my/")
