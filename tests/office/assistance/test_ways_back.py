"""Ways back on the screen: what would follow is shown first, two people do it, what comes first is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, FuneralSupport, Proposal
from lienthong.assistance.services.changing import stop
from lienthong.assistance.services.deaths import TellDeath, report_death
from lienthong.people.models import Person
from tests.office.assistance.people import entitled, granted
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import World, at

pytestmark = pytest.mark.django_db
SHOW, PROPOSE = "Xem các tháng trước và sau", "Đề xuất, chờ duyệt"
WRONG = {"reason": "Trùng tên với người khác"}


def stopped(world: World) -> Entitlement:
    row = granted(world, entitled(world))
    stop(row, last_month=date(2026, 11, 1), reason="Từ chối nhận", acting_user_id=None, now=world.now)
    world.now = at("2027-01-15 09:00")
    return row


def died(world: World) -> Entitlement:
    row = granted(world, entitled(world))
    told = TellDeath(person_id=row.person_id, died_on=date(2026, 11, 10), paper="Trích lục khai tử 12")
    report_death(told, acting_user=world.officer(Role.PROCESSOR), now=world.now)
    world.now = at("2027-01-15 09:00")
    return row


def opened(world: World, row: Entitlement, role: Role = Role.PROCESSOR) -> Any:
    return enter(world.officer(role)).open(f"/office/assistance/people/{row.person_id}/")


def approve(world: World, number: str = "30/QĐ-UBND") -> Any:
    proposal = Proposal.objects.latest("pk")
    page = enter(world.officer(Role.LEADER)).open(f"/office/assistance/proposals/{proposal.pk}/")
    return page.press("Duyệt đề xuất", decision_number=number)


def test_a_wrong_stop_is_undone_from_the_page_of_the_person(world: World) -> None:
    row = stopped(world)
    page = opened(world, row).follow("Phục hồi hưởng")
    page = page.press(SHOW, **WRONG)
    assert "Truy lĩnh 2 tháng chưa trả, 1.080.000" in page.words
    page = page.press(PROPOSE)
    assert "Phục hồi hưởng" in page.words
    assert "Đã duyệt" in approve(world).notices
    row.refresh_from_db()
    assert row.state == "active"
    assert "Phục hồi hưởng từ tháng" in opened(world, row).words


def test_what_is_received_offers_no_way_back(world: World) -> None:
    row = granted(world, entitled(world))
    browser = enter(world.officer(Role.PROCESSOR))
    assert browser.open(f"/office/assistance/entitlements/{row.pk}/reinstate/").status == 404


def test_a_death_that_was_none_is_taken_back_from_the_page_of_the_person(world: World) -> None:
    row = died(world)
    assert "Phục hồi hưởng" not in opened(world, row).links()
    page = opened(world, row).follow("Rút ghi nhận đã chết")
    assert "chết ngày 10/11/2026" in page.words
    page = page.press(SHOW, **WRONG)
    assert "Truy lĩnh 2 tháng chưa trả" in page.words
    assert Person.objects.get(pk=row.person_id).died_on is not None
    page.press(PROPOSE)
    approve(world)
    assert Person.objects.get(pk=row.person_id).died_on is None
    page = opened(world, row)
    assert "Rút ghi nhận đã chết ngày 10/11/2026: Trùng tên với người khác (30/QĐ-UBND)" in page.words
    assert "đang hưởng" in page.words


def test_the_support_of_a_funeral_comes_first(world: World) -> None:
    row = died(world)
    FuneralSupport.objects.create(
        dossier_code="H55.261110-001", deceased=row.person, deceased_name=row.person.full_name, died_on=date(2026, 11, 10),
        payee_name="Lường Văn Lo", unit=row.unit, amount=10_800_000, reasons=[], granted_at=world.now, granted_by=1,
    )  # fmt: skip
    page = opened(world, row).follow("Rút ghi nhận đã chết")
    assert "Phải giải quyết trước" in page.words
    page = page.press(SHOW, **WRONG)
    assert page.status == 422
    assert "H55.261110-001" in " ".join(page.errors)

    page = opened(world, row).follow("Thu hồi quyết định")
    assert "khoản chi thừa để thu lại" in page.words
    page.press(PROPOSE, **WRONG)
    approve(world)
    page = opened(world, row)
    assert "đã thu hồi quyết định" in page.words
    page = page.follow("Rút ghi nhận đã chết").press(SHOW, **WRONG).press(PROPOSE)
    approve(world, "31/QĐ-UBND")
    assert Person.objects.get(pk=row.person_id).died_on is None


@pytest.mark.parametrize(("role", "agency"), [(Role.RECEIVER, None), (Role.PROCESSOR, ANOTHER_COMMUNE)])
def test_who_records_nothing_there_finds_no_such_page(world: World, role: Role, agency: str | None) -> None:
    row = died(world)
    user = world.officer(role, agency) if agency else world.officer(role)
    assert enter(user).open(f"/office/assistance/people/{row.person_id}/death/withdraw/").status == 404
