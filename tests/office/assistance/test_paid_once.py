"""What was decided once on the screen: shown with how far it is, taken back, and paid to somebody else, each by two people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Proposal
from lienthong.people.models import Person
from tests.assistance.test_paid_once import decided, receiver
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
PROPOSE = "Đề xuất, chờ duyệt"
WRONG = {"reason": "Ghi nhầm người chết"}
KINDS = ["funeral", "at-death", "emergency"]


def browser_of(world: World, kind: str) -> Any:
    agency = [HOME_AFFAIRS] if kind == "at-death" else []
    return enter(world.officer(Role.PROCESSOR, *agency))


def opened(world: World, kind: str, grant: Any) -> Any:
    return browser_of(world, kind).open(f"/office/assistance/people/{grant.subject_id}/")


def approve(world: World, kind: str) -> Any:
    proposal = Proposal.objects.latest("pk")
    leader = world.officer(Role.LEADER, HOME_AFFAIRS) if kind == "at-death" else world.officer(Role.LEADER)
    page = enter(leader).open(f"/office/assistance/proposals/{proposal.pk}/")
    return page.press("Duyệt đề xuất", decision_number="31/QĐ-UBND")


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_is_taken_back_from_the_page_of_the_person(world: World, kind: str) -> None:
    grant = decided(world, kind, receiver(world, full_name="Ma Văn Một"))
    page = opened(world, kind, grant)
    assert "chờ kỳ chi trả" in page.words
    page = page.follow("Thu hồi quyết định")
    assert "khoản chi thừa để thu lại" in page.words
    assert page.press(PROPOSE, reason="").status == 422
    page = page.press(PROPOSE, **WRONG)
    assert "Thu hồi quyết định" in page.words

    assert "Đã duyệt" in approve(world, kind).notices

    page = opened(world, kind, grant)
    assert "đã thu hồi quyết định" in page.words
    assert not {"Thu hồi quyết định", "Thay người nhận"} & set(page.links())
    for verb in ("revoke", "payee"):
        address = f"/office/assistance/paid-once/{kind}/{grant.pk}/{verb}/"
        assert browser_of(world, kind).open(address).status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_another_payee_is_named_where_the_first_has_died(world: World, kind: str) -> None:
    payee = receiver(world, full_name="Ma Văn Một")
    heir = receiver(world, full_name="Ma Thị Hai", number="019080000099")
    grant = decided(world, kind, payee)
    Person.objects.filter(pk=payee.pk).update(died_on=date(2026, 11, 12))
    page = opened(world, kind, grant).follow("Thay người nhận")
    filled = {"payee_number": "019080000099", "payee_name": "Ma Thị Hai", "reason": "Người nhận đã chết"}
    if kind == "emergency":
        filled["ground"] = "household"
    assert page.press(PROPOSE, **{**filled, "payee_name": "Ma Thị Ba"}).status == 422
    page = page.press(PROPOSE, **filled)
    assert "Ma Thị Hai nhận" in page.words

    assert "Đã duyệt" in approve(world, kind).notices

    grant.refresh_from_db()
    assert grant.payee_id == heir.pk
    assert "Ma Thị Hai" in opened(world, kind, grant).words


def test_the_page_of_an_emergency_offers_both_and_says_why_it_was_taken_back(world: World) -> None:
    grant = decided(world, "emergency", receiver(world))
    address = f"/office/assistance/emergency/{grant.pk}/"
    page = enter(world.officer(Role.PROCESSOR)).open(address)
    assert "Thay người nhận" in page.links()
    page.follow("Thu hồi quyết định").press(PROPOSE, **WRONG)
    approve(world, "emergency")
    page = enter(world.officer(Role.PROCESSOR)).open(address)
    assert "Thu hồi quyết định trợ giúp khẩn cấp 5.400.000 ₫: Ghi nhầm người chết (31/QĐ-UBND)" in page.words
    page = enter(world.officer(Role.PROCESSOR)).open("/office/assistance/emergency/?state=revoked")
    assert grant.person.full_name in page.words
    assert (
        enter(world.officer(Role.PROCESSOR))
        .open("/office/assistance/emergency/?state=granted")
        .words.count(grant.person.full_name)
        == 0
    )


@pytest.mark.parametrize(("role", "agency"), [(Role.RECEIVER, None), (Role.PROCESSOR, ANOTHER_COMMUNE)])
def test_who_proposes_nothing_there_finds_no_such_page(world: World, role: Role, agency: str | None) -> None:
    grant = decided(world, "funeral", receiver(world))
    browser = enter(world.officer(role, agency) if agency else world.officer(role))
    for address in (
        f"funeral/{grant.pk}/revoke",
        f"funeral/{grant.pk}/payee",
        f"nothing/{grant.pk}/revoke",
        "funeral/0/payee",
    ):
        assert browser.open(f"/office/assistance/paid-once/{address}/").status == 404
