"""The screens of a new law: choose the month, look by commune and person, take it away as a workbook, approve."""

from __future__ import annotations

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, LawChange
from lienthong.assistance.services.law_changes import apply_law_change, reckon_law_change
from tests.assistance.known import amount_in, disabled
from tests.assistance.test_law_changes import HEALTH, JULY, approver, preparer, reckoned, recorded
from tests.screens import enter
from tests.world import HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(world: World) -> Entitlement:
    return recorded(world, disabled(world, full_name="Hoàng Thị Ẩn"))


def test_from_the_month_to_the_new_rate(world: World, row: Entitlement) -> None:
    page = enter(preparer(world)).open("/office/assistance/laws/")
    assert "phải truy lĩnh" in page.words
    page = page.press("Tính chênh lệch", month="social-assistance:2026-07-01")
    assert "Chờ tính: 0 %" in page.words

    change = LawChange.objects.get()
    reckon_law_change(change.pk)
    page = enter(approver(world)).open(page.path)
    assert "300.000 ₫" in page.words
    assert "mức chuẩn trợ giúp xã hội: 500.000 ₫ → 540.000 ₫" in page.words
    page = page.press("Duyệt, ghi mức mới", verb="approve", decision_number="77/QĐ-SYT")
    apply_law_change(change.pk)

    page = page.browser.open(page.path)
    assert "Đã ghi mức mới." in page.words
    assert "77/QĐ-SYT" in page.words
    assert amount_in(row, JULY) == 810_000


def test_whoever_prepared_is_offered_no_approval(world: World, row: Entitlement) -> None:
    change = reckoned(world)

    page = enter(preparer(world)).open(f"/office/assistance/laws/{change.pk}/")

    assert "Duyệt, ghi mức mới" not in page.words
    page = page.press("Không áp dụng", verb="refuse", reason="")
    assert page.status == 422
    assert page.press("Không áp dụng", verb="refuse", reason="Chờ thông tư").status == 200
    change.refresh_from_db()
    assert change.state == "refused"


def test_each_person_and_month_with_the_difference(world: World, row: Entitlement) -> None:
    change = reckoned(world)

    page = enter(preparer(world)).open(f"/office/assistance/laws/{change.pk}/").follow("Từng người, từng tháng")

    assert "5 dòng theo bộ lọc." in page.words
    assert page.words.count("Hoàng Thị Ẩn") == 5
    assert "60.000 ₫" in page.words
    none = page.browser.open(page.path + "?show=apart")
    assert "Không có dòng nào theo bộ lọc này." in none.words


def test_the_workbook_holds_the_same(world: World, row: Entitlement) -> None:
    change = reckoned(world)

    answer = enter(preparer(world)).get(f"/office/assistance/laws/{change.pk}/rows.xlsx")

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["Xã, phường", "Họ và tên"]
    assert [(line[4], line[5], line[6], line[7]) for line in rows[1:]] == [
        (f"{month:02}/2026", 750_000, 810_000, 60_000) for month in range(7, 12)
    ]


def test_the_list_is_taken_away_as_a_workbook(world: World, row: Entitlement) -> None:
    reckoned(world)

    answer = enter(preparer(world)).get("/office/assistance/laws/?format=xlsx")

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:3] == ["trợ giúp xã hội", "07/2026", "đã lập, chờ duyệt"]


def test_a_law_that_reaches_back_waits_until_somebody_looked(world: World, row: Entitlement) -> None:
    work = enter(preparer(world)).open("/office/")
    assert work.follow("Mức mới của trợ giúp xã hội áp dụng từ tháng 07/2026").heading == "Áp dụng mức mới"
    assert "Mức mới của" not in enter(world.officer(Role.PROCESSOR)).open("/office/").words

    reckoned(world)

    assert "Mức mới của" not in work.browser.open("/office/").words


def test_a_law_that_touches_nobody_is_not_told(world: World) -> None:
    assert "Mức mới của" not in enter(preparer(world)).open("/office/").words


def test_another_programme_is_another_agencys(world: World, row: Entitlement) -> None:
    change = reckoned(world)

    assert enter(world.officer(Role.LEADER, HOME_AFFAIRS)).open(f"/office/assistance/laws/{change.pk}/").status == 404
    assert enter(world.officer(Role.LEADER)).open("/office/assistance/laws/").status == 404
    assert enter(world.officer(Role.LEADER, HEALTH)).open(f"/office/assistance/laws/{change.pk}/").status == 200
