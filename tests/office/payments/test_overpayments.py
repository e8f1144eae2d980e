"""What was paid too much, on screen: paid back as money, or kept back by a decision; one of both, and never twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Proposal, Recovery
from lienthong.assistance.services.changing import stop
from lienthong.payments.models import Overpayment
from lienthong.payments.states import OverpaymentState
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import OverpaymentFactory
from tests.office.assistance.people import entitled, granted
from tests.office.payments.payroll import Payroll
from tests.screens import enter
from tests.sheets import sheet_of
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db

ADDRESS = "/office/payments/overpayments/"


def overpaid(row: Entitlement, month: int) -> Overpayment:
    facts = {"person": row.person, "source": row.programme, "benefit": row.benefit}
    found: Overpayment = OverpaymentFactory(**facts, for_month=date(2026, month, 1), amount=540_000)
    return found


def test_the_list_narrows_by_state_and_exports(payroll: Payroll, queries_of: Any) -> None:
    browser = enter(payroll.accountant)
    assert "Không có khoản chi thừa nào" in browser.open(ADDRESS).words
    for name in ("Nguyễn Thị Hòa", "Ma Văn Ỷ"):
        OverpaymentFactory(source="allowances", person=payroll.person(name))
    OverpaymentFactory(person=payroll.person("Lê Thị An"), state=OverpaymentState.WITHDRAWN)

    page = browser.open(ADDRESS)

    assert page.lead.startswith("2 khoản đã chi nhiều hơn")
    assert len(page.rows()) == 2
    assert len(page.follow("Không còn thừa").rows()) == 1
    assert len(page.follow("Tất cả").rows()) == 3
    assert len(sheet_of(browser.get(f"{ADDRESS}?format=xlsx"))) == 3
    assert queries_of(browser, ADDRESS) <= 14


def test_money_that_came_back_is_put_down_with_its_paper(payroll: Payroll) -> None:
    OverpaymentFactory(person=payroll.person())
    page = enter(payroll.accountant).open(ADDRESS)
    assert "không hưởng khoản này nên không khấu trừ được; thu lại bằng tiền nộp" in page.words

    page = page.follow("Đã nộp lại tiền")
    assert "chi thừa 500.000 ₫" in page.lead
    assert page.press("Đã nộp lại tiền").status == 422
    page = page.press("Đã nộp lại tiền", paper="Giấy nộp tiền số 12 ngày 05/11/2026")

    assert "chờ người thứ hai xác nhận" in page.words
    assert "Xác nhận đã nộp lại" not in page.words
    second = enter(payroll.second_accountant)
    page = second.open(ADDRESS).follow("Xác nhận đã nộp lại")
    assert "ghi: Đã nộp lại tiền: Giấy nộp tiền số 12 ngày 05/11/2026" in page.lead
    page = page.press("Xác nhận đã nộp lại")

    assert page.rows() == []
    assert "Đã nộp lại tiền: Giấy nộp tiền số 12 ngày 05/11/2026" in page.follow("Đã xử lý").words
    settled = Overpayment.objects.get()
    assert (settled.state, settled.proposed_by, settled.settled_by) == (
        OverpaymentState.SETTLED, payroll.accountant, payroll.second_accountant,
    )  # fmt: skip


def test_what_did_not_come_back_is_sent_back_and_what_changed_is_seen_again(payroll: Payroll) -> None:
    row = OverpaymentFactory(person=payroll.person())
    first, second = enter(payroll.accountant), enter(payroll.second_accountant)
    first.open(f"{ADDRESS}{row.pk}/paid-back/").press("Đã nộp lại tiền", paper="Giấy nộp tiền số 12")
    seen = second.open(f"{ADDRESS}{row.pk}/paid-back/confirm/")
    page = second.open(ADDRESS).follow("Trả lại đề nghị")
    assert page.press("Chưa nộp lại, trả lại đề nghị").status == 422
    page = page.press("Chưa nộp lại, trả lại đề nghị", reason="Kho bạc chưa nhận được")
    assert "vẫn chờ xử lý" in page.notices
    first.open(f"{ADDRESS}{row.pk}/paid-back/").press("Đã nộp lại tiền", paper="Giấy nộp tiền số 13")

    page = seen.press("Xác nhận đã nộp lại")

    assert page.status == 422
    assert "khác lúc bạn xem" in " ".join(page.errors)
    assert "số 13" in page.lead
    assert page.press("Xác nhận đã nộp lại").rows() == []


def test_money_that_came_back_is_put_down_once(payroll: Payroll) -> None:
    row = OverpaymentFactory(person=payroll.person())
    page = enter(payroll.accountant).open(f"{ADDRESS}{row.pk}/paid-back/")
    page.press("Đã nộp lại tiền", paper="Giấy nộp tiền số 12")
    enter(payroll.second_accountant).open(f"{ADDRESS}{row.pk}/paid-back/confirm/").press("Xác nhận đã nộp lại")

    page = page.press("Đã nộp lại tiền", paper="Giấy nộp tiền số 13")

    assert page.status == 422
    assert "không còn chờ xử lý" in " ".join(page.errors) or "không còn chờ xử lý" in page.words
    assert Overpayment.objects.get().note.endswith("số 12")


def test_the_commune_recovers_every_month_of_it_at_once(world: World) -> None:
    row = granted(world, entitled(world))
    for month in (9, 10):
        overpaid(row, month)
    page = enter(world.officer(Role.PROCESSOR)).open(ADDRESS)
    assert "Đã nộp lại tiền" not in page.words, "only an accountant of the province says that money came back"

    page = page.follow("Thu hồi bằng khấu trừ")
    assert "tháng 09/2026: 540.000 ₫" in page.words
    assert "Tất cả là 1.080.000 ₫" in page.words
    typed = {"monthly": "100.000", "reason": "Trả thừa hai tháng"}
    assert "Chưa chọn" in " ".join(page.press("Xem các tháng", overpayments=None, **typed).errors)
    page = page.press("Xem các tháng", **typed).press("Đề xuất, chờ duyệt")
    assert "1.080.000 ₫" in page.words

    proposal = Proposal.objects.get(kind="recover")
    assert "Chi thừa của tháng 09/2026, 10/2026" in page.words
    leader = enter(world.officer(Role.LEADER)).open(f"/office/assistance/proposals/{proposal.pk}/")
    leader.press("Duyệt", decision_number="20/QĐ-UBND")

    assert Recovery.objects.get().amount == 1_080_000
    assert {one.state for one in Overpayment.objects.all()} == {OverpaymentState.SETTLED}
    assert enter(world.officer(Role.PROCESSOR)).open(ADDRESS).rows() == []


def test_while_something_is_kept_back_nothing_more_is(world: World, payroll: Payroll) -> None:
    row = granted(world, entitled(world))
    Recovery.objects.create(
        entitlement=row, amount=300_000, monthly=100_000, first_month=date(2026, 12, 1), reason="Trả thừa",
        decided_on=world.today, prepared_by=world.officer(Role.PROCESSOR), decided_by=world.officer(Role.LEADER),
        recorded_at=world.now,
    )  # fmt: skip
    overpaid(row, 10)

    assert "Đang khấu trừ theo một quyết định khác" in enter(world.officer(Role.PROCESSOR)).open(ADDRESS).words
    page = enter(payroll.accountant).open(ADDRESS)
    assert "Thu hồi bằng khấu trừ" not in " ".join(page.links())
    assert "Đã nộp lại tiền" in " ".join(page.links())


def test_another_commune_sees_nothing_of_it(world: World) -> None:
    overpaid(granted(world, entitled(world)), 10)

    assert enter(world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)).open(f"{ADDRESS}?state=all").rows() == []


def left_over(world: World) -> Entitlement:
    """A benefit that ended while 500.000 đồng were still to be kept back of it."""
    row = granted(world, entitled(world))
    Recovery.objects.create(
        entitlement=row, amount=500_000, monthly=100_000, first_month=date(2026, 11, 1), reason="Hưởng thừa",
        decided_on=world.today, decision_number="9/QĐ-UBND", recorded_at=world.now,
        prepared_by=world.officer(Role.PROCESSOR), decided_by=world.officer(Role.LEADER),
    )  # fmt: skip
    stop(row, last_month=date(2026, 11, 1), reason="Từ chối nhận", acting_user_id=None, now=world.now)
    return row


def test_what_is_left_of_a_recovery_is_listed_and_put_down_as_paid_back(world: World, payroll: Payroll) -> None:
    row = left_over(world)
    page = enter(payroll.accountant).open(ADDRESS)
    assert "Thu hồi dở dang vì đã thôi hưởng" in page.words
    assert "Không còn khoản nào khác để khấu trừ" in page.words
    page = page.follow("Đã nộp lại tiền")
    assert "Còn phải thu 500.000 ₫" in page.lead
    page = page.press("Đã nộp lại tiền", paper="Giấy nộp tiền số 12 ngày 05/11/2026")
    assert "Thu hồi dở dang" not in page.words
    assert Recovery.objects.get(entitlement=row).state == "settled"


def test_what_is_left_of_a_recovery_is_kept_back_of_another_benefit(world: World) -> None:
    row = left_over(world)
    other = EntitlementFactory(person=row.person, unit=row.unit, benefit="carer")
    EntitlementRateFactory(entitlement=other)
    page = enter(world.officer(Role.PROCESSOR)).open(ADDRESS).follow("Khấu trừ ở khoản khác")
    recovery = Recovery.objects.get()
    filled = {"instead_of": str(recovery.pk), "monthly": "100.000", "reason": "Phần còn lại"}
    page = page.press("Xem các tháng trước và sau", **filled).press("Đề xuất, chờ duyệt")
    assert page.status == 200
    proposal = Proposal.objects.latest("pk")
    assert (proposal.entitlement_id, proposal.payload["instead_of"]) == (other.pk, recovery.pk)
    leader = enter(world.officer(Role.LEADER)).open(f"/office/assistance/proposals/{proposal.pk}/")
    assert "Đã duyệt" in leader.press("Duyệt đề xuất", decision_number="12/QĐ-UBND").notices
    assert Recovery.objects.get(entitlement=other).amount == 500_000


def test_what_is_left_of_recoveries_narrows_with_the_page_and_goes_out(world: World, payroll: Payroll) -> None:
    row = left_over(world)
    browser, caption = enter(payroll.accountant), "Cũ nhất trước"
    here, there = world.agency(COMMUNE).unit.code, world.agency(ANOTHER_COMMUNE).unit.code
    for asked, count in (
        (f"commune={here}", 1), (f"commune={there}", 0), (f"source={row.programme}", 1), ("source=merit", 0),
    ):  # fmt: skip
        assert len(browser.open(f"{ADDRESS}?{asked}").rows(caption)) == count, asked
        sheet = sheet_of(browser.get(f"{ADDRESS}?{asked}&format=xlsx&part=unfinished"))
        assert len(sheet) == count + 1, asked
    assert sheet_of(browser.get(f"{ADDRESS}?format=xlsx&part=unfinished"))[1][-3:] == (500_000, 0, 500_000)
