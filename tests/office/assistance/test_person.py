"""The page of a person: what is paid and why, what is known and where it came from, what is missing, who may see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Circumstance, DisabilityCertificate, MeritClaim, Proposal
from lienthong.infra.models import ReadRecord
from lienthong.rules.merit.facts import Category
from tests.assistance.known import known
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory, MeritClaimFactory
from tests.factories.payments import PaymentAccountFactory, PaymentLineFactory
from tests.office.assistance.people import DAY, elder, entitled, granted, put
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db


def address(person: Any, rest: str = "") -> str:
    return f"/office/assistance/people/{person.pk}/{rest}"


def test_says_what_is_paid_and_how_it_was_reckoned_with_its_articles(world: World) -> None:
    row = granted(world, entitled(world))

    page = enter(world.officer(Role.PROCESSOR)).open(address(row.person))

    assert "Đang hưởng mỗi tháng 540.000 ₫" in page.words
    assert "Trợ cấp hưu trí xã hội" in page.words
    assert "335/2026/NĐ-CP" in page.words
    assert "theo nguồn thứ cấp" in page.words, "how sure we are of a number is said"
    assert "từ tháng 11/2026" in page.words
    assert "125/QĐ-UBND" in page.words


def test_says_what_is_known_where_it_came_from_and_asks_for_the_rest(world: World) -> None:
    person = elder(world)
    page = enter(world.officer(Role.PROCESSOR)).open(address(person))

    assert "Dữ liệu dân cư" in page.words
    assert "Còn phải biết thêm" in page.words
    form = page.follow("Mức lương hưu")
    page = form.press("Ghi thông tin", value="1.200.000", evidence="Quyết định hưu trí", **DAY)

    assert "1.200.000 ₫" in page.words
    assert Circumstance.objects.get(person=person).value == 1_200_000


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(world: World) -> None:
    page = enter(world.officer(Role.PROCESSOR)).open(address(elder(world), "facts/pension/"))

    page = page.press("Ghi thông tin", value="nhiều", evidence="", **DAY)

    assert page.status == 422
    assert "Chưa có “Giấy tờ, căn cứ”" in " ".join(page.errors)
    assert page.error_beside("value")


def test_children_are_put_down_one_by_one(world: World) -> None:
    person = elder(world)
    page = enter(world.officer(Role.PROCESSOR)).open(address(person, "facts/children/"))

    page = page.press("Thêm hàng cho con", birth_1_year="2015")
    assert page.main.select("[name=birth_6_year]")
    page = page.press(
        "Ghi thông tin",
        birth_1_day="2",
        birth_1_month="9",
        birth_1_year="2015",
        study_1="yes",
        evidence="Giấy khai sinh",
        **DAY,
    )

    assert page.status == 200, page.errors
    assert "1 con: sinh 02/09/2015, đang đi học" in page.words
    again = page.browser.open(address(person, "facts/children/")).press(
        "Ghi thông tin", no_child="on", birth_1_year="2016", evidence="Giấy khai sinh", **DAY
    )
    assert "Bỏ một trong hai" in " ".join(again.errors)


def test_what_was_wrong_is_corrected_and_stays_to_be_seen(world: World) -> None:
    person = elder(world)
    officer = enter(world.officer(Role.PROCESSOR))
    officer.open(address(person, "facts/has_hiv/")).press(
        "Ghi thông tin", value="yes", evidence="Giấy xét nghiệm", **DAY
    )

    page = officer.open(address(person, "facts/")).follow("Đính chính")
    page = page.press("Ghi thông tin", value="no", reason="Đọc nhầm kết quả")

    assert page.status == 200, page.errors
    rows = page.rows("Thông tin đã ghi")
    assert [row[1] for row in rows] == ["không", "có đã rút"]


def test_a_fact_that_changes_what_is_paid_becomes_a_proposal_for_another(world: World) -> None:
    row = granted(world, entitled(world))
    officer = enter(world.officer(Role.PROCESSOR))
    held = Circumstance.objects.get(person=row.person, name="in_institution")

    page = officer.open(f"/office/assistance/facts/{held.pk}/correct/")
    page = page.press(
        "Ghi thông tin",
        value="yes",
        reason="Đã vào cơ sở",
        valid_from_day="1",
        valid_from_month="11",
        valid_from_year="2026",
    )

    assert page.status == 200, page.errors
    row.refresh_from_db()
    assert row.state == "active"
    assert Proposal.objects.filter(person=row.person, kind="adjust", state="pending").count() <= 1


def test_a_certificate_is_recorded_and_withdrawn(world: World) -> None:
    person = elder(world, birth_on=date(2021, 1, 10))
    officer = enter(world.officer(Role.PROCESSOR))
    page = officer.open(address(person)).follow("Ghi giấy xác nhận khuyết tật")
    day = {"issued_on_day": "4", "issued_on_month": "5", "issued_on_year": "2023"}

    page = page.press("Ghi giấy xác nhận", level="severe", kind="movement", number="12/GXN", **day)
    assert "cấp lại khi đủ 6 tuổi, ngày 10/01/2027" in page.words
    page = page.follow("Rút").press("Rút giấy này", reason="Giấy của người khác")

    assert DisabilityCertificate.objects.get().withdrawn_at == world.now
    assert "12/GXN" not in page.words


def test_merit_is_proposed_in_the_commune_and_decided_at_the_province(world: World) -> None:
    person = elder(world)
    page = enter(world.officer(Role.PROCESSOR)).open(address(person, "merit/new/"))
    page = page.press("Tiếp tục", category=Category.WAR_INVALID.value)
    day = {"valid_from_day": "1", "valid_from_month": "1", "valid_from_year": "2024"}
    page = page.press("Đề xuất công nhận", rate="6x", ground="self", **day)
    assert "Ghi một số nguyên" in page.error_beside("rate")
    page = page.press("Đề xuất công nhận", rate="61", has_especially_severe_condition="no")
    proposal = Proposal.objects.get()

    assert (
        "Duyệt đề xuất"
        not in enter(world.officer(Role.LEADER)).open(f"/office/assistance/proposals/{proposal.pk}/").buttons()
    )
    leader = enter(world.officer(Role.LEADER, HOME_AFFAIRS))
    leader.open(f"/office/assistance/proposals/{proposal.pk}/").press("Duyệt đề xuất", decision_number="77/QĐ-SNV")

    assert MeritClaim.objects.get().decision_number == "77/QĐ-SNV"
    page = leader.open("/office/assistance/merit/")
    assert page.rows()[0][3] == "77/QĐ-SNV"
    assert "Đang hưởng mỗi tháng" in page.follow(person.full_name).words


@pytest.mark.parametrize(
    ("role", "agency", "status"),
    [
        (Role.PROCESSOR, "H55.05443", 200),
        (Role.AUDITOR, "H55.05443", 200),
        (Role.PROCESSOR, "H55.SYT", 200),
        (Role.LEADER, HOME_AFFAIRS, 200),
        (Role.PROCESSOR, ANOTHER_COMMUNE, 404),
        (Role.LEADER, "H55.SNNMT", 404),
        (Role.ENUMERATOR, "H55.05443", 404),
    ],
)
def test_opens_for_the_commune_and_the_competent_agencies(world: World, role: Role, agency: str, status: int) -> None:
    assert enter(world.officer(role, agency)).open(address(elder(world))).status == status


def test_who_works_on_merit_does_not_read_what_was_told_for_social_assistance(world: World) -> None:
    person = entitled(world)
    MeritClaimFactory(person=person)

    page = enter(world.officer(Role.LEADER, HOME_AFFAIRS)).open(address(person))

    assert "HIV" not in page.words
    assert "thương binh" in page.words.lower()
    assert "HIV" not in enter(world.officer(Role.LEADER, HOME_AFFAIRS)).open(address(person, "facts/")).words


def test_who_works_on_merit_reads_neither_payments_nor_the_story_of_social_assistance(world: World) -> None:
    person = elder(world)
    MeritClaimFactory(person=person)
    put(world, person, "has_hiv", value=True)
    PaymentLineFactory(person=person, payee=person, source="social-assistance", benefit="personal", amount=812_000)
    PaymentLineFactory(person=person, payee=person, source="merit", benefit="monthly", amount=2_789_000)

    theirs = enter(world.officer(Role.LEADER, HOME_AFFAIRS)).open(address(person)).words
    whole = enter(world.officer(Role.PROCESSOR)).open(address(person)).words

    assert "hiv" not in theirs.lower()
    assert "812.000" not in theirs
    assert "2.789.000" in theirs
    assert "hiv" in whole.lower()
    assert "812.000" in whole


def test_every_look_is_noted(world: World) -> None:
    person = elder(world)
    enter(world.officer(Role.PROCESSOR)).open(address(person))

    assert ReadRecord.objects.filter(subject=f"person:{person.pk}").count() == 1


def test_who_is_paid_nowhere_is_held_and_somebody_records_where(world: World) -> None:
    row = granted(world, entitled(world))
    browser = enter(world.officer(Role.PROCESSOR))

    page = browser.open(address(row.person))
    assert "tiền mặt theo danh sách" not in page.words
    assert "các khoản chi bị tạm giữ" in page.words
    assert page.follow("Ghi nơi nhận tiền").status == 200

    PaymentAccountFactory(person=row.person)
    page = browser.open(address(row.person))
    assert "các khoản chi bị tạm giữ" not in page.words
    assert "đã xác minh" in page.words


def test_the_account_of_somebody_who_receives_for_them_is_shown(world: World) -> None:
    row = granted(world, entitled(world))
    guardian = elder(world, "Nông Thị Giữ")
    row.payee, row.payee_ground = guardian, "guardian"
    row.save(update_fields=["payee", "payee_ground"])
    browser = enter(world.officer(Role.PROCESSOR))

    page = browser.open(address(row.person))
    assert "Người nhận thay: Nông Thị Giữ (người giám hộ)" in page.words
    assert page.link("Ghi nơi nhận tiền").endswith(f"/people/{guardian.pk}/account/")

    account = PaymentAccountFactory(person=guardian)
    assert f"…{account.number[-4:]}, {account.holder_name}" in browser.open(address(row.person)).words


def test_where_nothing_is_received_nothing_is_said_to_be_held(world: World) -> None:
    page = enter(world.officer(Role.PROCESSOR)).open(address(elder(world)))

    assert "Chưa ghi nơi nhận tiền." in page.words
    assert "tạm giữ" not in page.words


def test_what_is_paid_each_year_and_once_is_no_part_of_the_sum_of_a_month(world: World) -> None:
    person = known(world, number="019050000111")
    MeritClaimFactory(person=person, category=Category.HERO, data={"category": "hero"})
    for benefit, amount in (("monthly", 2_000_000), ("yearly", 2_800_000), ("one_off", 5_000_000)):
        row = EntitlementFactory(person=person, unit=person.unit, programme="merit", benefit=benefit)
        EntitlementRateFactory(entitlement=row, amount=amount, basis={"lines": []})
    page = enter(world.officer(Role.PROCESSOR)).open(address(person))
    assert "2.800.000 ₫ mỗi năm" in page.words
    assert "5.000.000 ₫ một lần" in page.words
    assert "9.800.000" not in page.words


def test_relatives_who_receive_through_a_person_are_told_where_the_officer_may_see_them(world: World) -> None:
    person = known(world, number="019050000111")
    MeritClaimFactory(person=person)
    data = {"category": "relative_of_war_invalid", "relation": "spouse", "origin": "Ma Văn Cha, 019050000111"}
    here, elsewhere = known(world), known(world)
    elsewhere.unit = world.agency("H55.05455").unit
    elsewhere.save(update_fields=["unit"])
    for one in (here, elsewhere):
        MeritClaimFactory(person=one, category=Category.RELATIVE_OF_WAR_INVALID, relation="spouse", data=data)
    page = enter(world.officer(Role.PROCESSOR)).open(address(person))
    assert "Thân nhân hưởng theo người này" in page.words
    assert page.main.select_one(f'a[href="/office/assistance/people/{here.pk}/"]') is not None
    assert page.main.select_one(f'a[href="/office/assistance/people/{elsewhere.pk}/"]') is None
