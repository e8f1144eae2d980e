"""Direct entry in a real browser with two accounts: from a name to the months that are paid; every page looked over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Proposal
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.factories.assistance import DisabilityCertificateFactory, MeritClaimFactory
from tests.office.assistance.people import HEALTH, elder, entitled, granted, proposed
from tests.world import World

pytestmark = pytest.mark.browser

Comers = Callable[..., Visitor]
ANSWERS = {
    "poverty": "other", "disability": "none", "marital": "widowed", "children": "on", "care": "none", "pension": "0",
    "other_benefit": "0", "pension_request": "written",
}  # fmt: skip
DAY = {"valid_from_day": "1", "valid_from_month": "7", "valid_from_year": "2025", "evidence": "Đơn đề nghị"}


def answer(officer: Visitor) -> None:
    """Answer what the page still asks, until it has enough."""
    for _step in range(4):
        if "Chưa kết luận được" not in officer.words:
            return
        officer.follow("Trả lời các câu này trong một biểu mẫu").is_sound()
        names = officer.page.eval_on_selector_all("main form [name]", "all => [...new Set(all.map(one => one.name))]")
        for name in names:
            if name not in {"csrfmiddlewaretoken", "client_key", *DAY}:
                officer.fill(name, ANSWERS.get(name, "no"))
        officer.press("Ghi các câu trả lời", **DAY)


def test_granted_by_two_and_the_page_shows_the_months(world: World, come_by: Comers) -> None:
    elder(world, "Lường Thị Ỷ")
    officer = come_by(world.officer(Role.PROCESSOR)).open("/office/assistance/people/?q=luong+thi+y").is_sound()
    officer.follow("Lường Thị Ỷ").is_sound().follow("Đề xuất hưởng").is_sound()
    answer(officer)
    assert "Được hưởng" in officer.is_sound().words
    officer.press("Xem các tháng được hưởng", ground="self").is_sound().press("Đề xuất, chờ duyệt").is_sound()
    assert "người khác duyệt" in officer.words

    leader = come_by(world.officer(Role.LEADER), width=PHONE).open("/office/")
    leader.follow("1 đề xuất trợ cấp chờ bạn duyệt").is_sound().follow("Lường Thị Ỷ").is_sound()
    leader.press("Xem các tháng trước và sau").is_sound()
    leader.press("Duyệt đề xuất", decision_number="125/QĐ-UBND").is_sound()
    assert "Đã duyệt" in leader.words

    officer.open("/office/assistance/").is_sound().follow("Lường Thị Ỷ").is_sound()
    assert "540.000 ₫" in officer.words
    assert "125/QĐ-UBND" in officer.words
    officer.page.get_by_text("Mức qua các tháng").click()
    assert "từ tháng 11/2026" in officer.words
    assert Proposal.objects.get().state == "approved"


def pages(world: World) -> list[tuple[Any, list[str]]]:
    """Everybody's pages, the empty ones and the longest names among them."""
    long = "Nguyễn Thị Phương Thảo Nguyên Hoàng Ỷ Ỵ Ặng Nguyễn Thị Phương Thảo Nguyên Hoàng Ỷ Ỵ Ặng"
    row = granted(world, entitled(world, long))
    waiting = proposed(world, entitled(world, "Nông Thị Chờ"))
    DisabilityCertificateFactory(
        person=elder(world, "Ma Văn Nhỏ", birth_on=date(2021, 1, 10)), valid_from=date(2023, 1, 1)
    )
    MeritClaimFactory(person=row.person)
    person = f"/office/assistance/people/{row.person_id}/"
    return [
        (world.officer(Role.PROCESSOR), [
            "/office/assistance/", "/office/assistance/?state=ended", "/office/assistance/people/", person, f"{person}facts/",
            f"{person}facts/children/", f"{person}facts/disability/", f"{person}missing/", f"{person}grant/",
            f"{person}certificates/new/", f"{person}death/", f"{person}merit/new/?category=war_invalid", "/office/assistance/certificates/",
            "/office/assistance/merit/", "/office/assistance/areas/",
            *(f"/office/assistance/entitlements/{row.pk}/{action}/" for action in ("adjust", "suspend", "stop", "move", "change_payee", "recover")),
        ]),
        (world.officer(Role.LEADER), ["/office/assistance/proposals/", f"/office/assistance/proposals/{waiting.pk}/"]),
        (world.officer(Role.PROCESSOR, HEALTH), ["/office/assistance/areas/new/", "/office/assistance/"]),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_of_assistance_is_accessible_and_fits(world: World, come_by: Comers, width: int) -> None:
    for user, addresses in pages(world):
        visitor = come_by(user, width=width)
        for address in addresses:
            visitor.open(address).is_sound()
            assert visitor.status == 200, address
