"""Emergency assistance on the screen: entered for a person, decided by another, listed, printed, exported, handed out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lienthong.accounts.states import Role
from lienthong.assistance.models import EmergencyGrant
from lienthong.rules.emergency.kinds import EmergencyKind
from tests.assistance.emergencies import STORM as INJURED_ON
from tests.assistance.emergencies import asked, dweller, granted, household
from tests.assistance.known import processor
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db

LIST = "/office/assistance/emergency/"


def day(name: str, day_: str, month: str = "11", year: str = "2026") -> dict[str, str]:
    return {f"{name}_day": day_, f"{name}_month": month, f"{name}_year": year}


INJURY = {
    **day("happened_on", "8"), "cause": "natural_disaster", "treated_days": "5", "at_residence": "yes", "ground": "self",
    **day("listed_on", "10"), **day("met_on", "15"),
}  # fmt: skip


def test_the_whole_way_with_two_accounts(world: World) -> None:
    person = dweller(world, full_name="Lường Thị Ỷ", name_key="luong thi y")
    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/people/{person.pk}/")

    page = page.follow("Hỗ trợ người bị thương nặng").press("Xem quy định nói gì", **INJURY)
    assert "5.400.000 ₫" in page.words
    assert "20/2021/NĐ-CP, Điều 13 khoản 1" in page.words
    assert not EmergencyGrant.objects.exists()
    page = page.press("Đề xuất, chờ duyệt")
    assert "người khác duyệt" in page.words
    assert "Xem các tháng trước và sau" not in page.buttons()

    leader = enter(world.officer(Role.LEADER))
    page = leader.open("/office/assistance/proposals/").follow("Lường Thị Ỷ")
    page = page.press("Duyệt đề xuất", decision_number="31/QĐ-UBND")
    assert "Tiền vào kỳ chi trả tới" in page.notices
    page = leader.open(LIST).follow("Lường Thị Ỷ")
    assert "31/QĐ-UBND" in page.words
    assert "Quyết định hỗ trợ người bị thương nặng vì việc xảy ra ngày 08/11/2026" in page.words
    page = leader.open(f"/office/assistance/people/{person.pk}/")
    assert "Hỗ trợ người bị thương nặng , thiên tai ngày 08/11/2026: 5.400.000 ₫" in page.words.replace(
        "nặng,", "nặng ,"
    )


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"treated_days": "2"}, "từ 3 ngày trở lên"),
        ({"treated_days": "nhiều"}, "Ghi một số nguyên từ 0 đến 1000"),
        ({**day("met_on", "9")}, "không thể trước ngày lập danh sách"),
        ({**day("met_on", "", "", "")}, "Thôn họp xét danh sách, hoặc cần giúp rất khẩn cấp"),
        ({"ground": "guardian"}, "Ghi số định danh của người nhận thay"),
        ({**day("happened_on", "1", "1", "2030")}, "2030"),
    ],
)
def test_what_cannot_be_is_said_above_the_same_form(world: World, answers: dict[str, str], sentence: str) -> None:
    person = dweller(world)
    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/people/{person.pk}/emergency/injury/")

    page = page.press("Xem quy định nói gì", **{**INJURY, **answers})

    assert page.status == 422
    assert sentence in " ".join(page.errors)


@pytest.mark.parametrize(
    ("kind", "answers", "given"),
    [
        ("rice", {"is_short_of_food": "yes", "persons": "4", "months": "1", "ground": "household"}, "60 kg gạo"),
        ("house", {"damage": "lost", "has_other_home": "no", "ground": "self"}, "40.000.000 ₫"),
    ],
)
def test_each_kind_asks_for_its_own_facts(world: World, kind: str, answers: dict[str, str], given: str) -> None:
    _home, (head, _other) = household(world)
    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/people/{head.pk}/emergency/{kind}/")
    common = {**day("happened_on", "8"), "cause": "natural_disaster", "urgent_reason": "Lũ chia cắt xóm"}

    page = page.press("Xem quy định nói gì", **common, **answers)

    assert page.status == 200, page.errors
    assert given in page.words
    assert "không qua họp thôn" in page.words


def test_of_the_dead_only_the_burial_is_entered_and_somebody_else_is_paid(world: World) -> None:
    payee = dweller(world, number="019085001234", full_name="Hoàng Văn Ẩn", name_key="hoang van an")
    dead = dweller(world, died_on=INJURED_ON)
    browser = enter(world.officer(Role.PROCESSOR))
    assert browser.open(f"/office/assistance/people/{dead.pk}/emergency/rice/").status == 404
    page = browser.open(f"/office/assistance/people/{dead.pk}/emergency/death/")

    page = page.press(
        "Xem quy định nói gì", **day("happened_on", "8"), cause="natural_disaster", buried_by_others="no",
        ground="household", payee_number="019085001234", payee_name="Hoàng Văn Ẩn",
    )  # fmt: skip
    assert "27.000.000 ₫" in page.words
    page.press("Đề xuất, chờ duyệt")

    assert payee.pk == dead.assistance_proposals.get().payload["payee_id"]


def test_the_list_narrows_prints_and_exports(world: World) -> None:
    granted(
        world, asked(world, dweller(world, full_name="Lường Thị Gạo", name_key="luong thi gao"), EmergencyKind.RICE)
    )
    granted(world, asked(world, dweller(world)))
    browser = enter(world.officer(Role.PROCESSOR))

    page = browser.open(LIST)
    assert page.lead == "2 quyết định; 5.400.000 ₫ và 120 kg gạo"
    page = browser.open(f"{LIST}?kind=rice")
    assert len(page.rows("Trợ giúp khẩn cấp")) == 1
    assert "Lường Thị Gạo" in page.words

    paper = browser.open(f"{LIST}rice.pdf").answer
    assert (paper["Content-Type"], paper.status_code) == ("application/pdf", 200)
    sheet = browser.open(f"{LIST}?format=xlsx").answer
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert [rows[0][7], *sorted(str(row[7]) for row in rows[1:])] == ["Gạo (kg)", "", "120.0"]


def test_rice_is_noted_as_handed_out_once_more_shown(world: World) -> None:
    grant = granted(world, asked(world, dweller(world), EmergencyKind.RICE))
    browser = enter(processor(world))
    assert browser.open(f"{LIST}?kind=rice").status == 200

    page = browser.open(f"{LIST}{grant.pk}/").press("Ghi đã phát gạo")
    assert "1 hộ, 120 kg gạo" in page.lead
    page = page.press("Ghi đã phát gạo")

    assert "Đã ghi phát gạo cho 1 hộ." in page.notices
    grant.refresh_from_db()
    assert (grant.state, grant.handed_out_on) == ("handed_out", world.today)
    assert "đã phát ngày 16/11/2026" in browser.open(f"{LIST}{grant.pk}/").words


def test_who_works_elsewhere_sees_and_enters_nothing(world: World) -> None:
    grant = granted(world, asked(world, dweller(world)))
    stranger = enter(world.officer(Role.PROCESSOR, ANOTHER_COMMUNE))

    assert stranger.open(f"{LIST}{grant.pk}/").status == 404
    assert "Chưa có quyết định trợ giúp khẩn cấp nào." in stranger.open(LIST).words
    assert stranger.open(f"/office/assistance/people/{grant.person_id}/emergency/rice/").status == 404


def test_the_list_asks_no_more_for_more_rows(world: World, django_assert_max_num_queries: Any) -> None:
    browser = enter(world.officer(Role.PROCESSOR))
    granted(world, asked(world, dweller(world)))
    browser.open(LIST)
    with django_assert_max_num_queries(100) as few:
        browser.open(LIST)
    for _ in range(4):
        granted(world, asked(world, dweller(world)))
    with django_assert_max_num_queries(len(few)):
        browser.open(LIST)


def test_an_officer_of_the_province_sees_every_commune_and_hands_nothing_out(world: World) -> None:
    grant = granted(world, asked(world, dweller(world), EmergencyKind.RICE))
    page = enter(world.officer(Role.PROCESSOR, "H55.SYT")).open(f"{LIST}{grant.pk}/")

    assert page.status == 200
    assert "Ghi đã phát gạo" not in page.buttons()
    assert world.agency(COMMUNE).unit.name in page.words
