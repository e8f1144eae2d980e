"""From a name to months that are paid: found, asked what is missing, proposed by one, approved by another."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Proposal
from lienthong.assistance.states import ProposalState
from tests.factories.assistance import EntitlementFactory
from tests.factories.people import OrganizationFactory
from tests.office.assistance.people import DAY, elder, entitled, granted, proposed
from tests.screens import Page, enter
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db


ANSWERS = {
    "poverty": "other", "disability": "none", "marital": "widowed", "children": "on", "care": "none", "pension": "0",
    "other_benefit": "0", "pension_request": "written", "father": "caring", "mother": "caring",
}  # fmt: skip


def answered(page: Page) -> Page:
    """Answer what is still asked in one form, as often as an answer brings up another question."""
    for _step in range(4):
        if "Chưa kết luận được" not in page.words:
            return page
        form = page.follow("Trả lời các câu này trong một biểu mẫu")
        asked = {
            str(control["name"])
            for control in form.main.select("form [name]")
            if str(control["name"]) not in {"csrfmiddlewaretoken", "client_key", "evidence", *DAY}
        }
        page = form.press(
            "Ghi các câu trả lời", evidence="Đơn đề nghị", **DAY, **{name: ANSWERS.get(name, "no") for name in asked}
        )
        assert page.status == 200, page.errors
    raise AssertionError("the page never has enough")


def test_the_whole_way_with_two_accounts(world: World) -> None:
    person = elder(world)
    officer = enter(world.officer(Role.PROCESSOR))

    found = officer.open("/office/assistance/people/?q=luong+thi+y")
    page = found.follow("Lường Thị Ỷ")
    assert "Chưa kết luận được" in page.words
    page = answered(page.follow("Đề xuất hưởng"))
    assert "Được hưởng" in page.words
    page = page.press("Xem các tháng được hưởng", ground="self")
    assert page.rows("Trợ cấp hằng tháng")[0][1:3] == ["–", "540.000 ₫"]
    page = page.press("Đề xuất, chờ duyệt")
    assert page.heading.endswith("Lường Thị Ỷ")
    assert "người khác duyệt" in page.words
    assert not Entitlement.objects.exists()

    leader = enter(world.officer(Role.LEADER))
    page = leader.open("/office/assistance/proposals/").follow("Lường Thị Ỷ").press("Xem các tháng trước và sau")
    assert page.rows("Trợ cấp hằng tháng")[0][2] == "540.000 ₫"
    page = page.press("Duyệt đề xuất", decision_number="125/QĐ-UBND")
    assert "Đã duyệt" in page.notices

    page = officer.open(f"/office/assistance/people/{person.pk}/")
    assert "540.000 ₫" in page.words
    assert "125/QĐ-UBND" in page.words
    assert "đang hưởng" in page.words
    assert officer.open("/office/assistance/").rows()[0][3] == "540.000 ₫"


def test_whoever_proposed_cannot_approve(world: World) -> None:
    proposal = proposed(world, entitled(world))

    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/proposals/{proposal.pk}/")

    assert "Duyệt đề xuất" not in page.buttons()
    page = page.press("Rút đề xuất", reason="Ghi nhầm người nhận")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN


def test_a_refusal_needs_a_reason_and_keeps_it(world: World) -> None:
    proposal = proposed(world, entitled(world))
    page = enter(world.officer(Role.LEADER)).open(f"/office/assistance/proposals/{proposal.pk}/")

    page = page.press("Không duyệt")
    assert page.status == 422
    assert "Chưa có “Lý do”" in " ".join(page.errors)
    page = page.press("Không duyệt", reason="Còn phải xác minh nơi ở")

    assert "Còn phải xác minh nơi ở" in page.words


def test_many_are_approved_after_being_shown_once_more(world: World) -> None:
    for name in ("Lường Thị Ỷ", "Nông Văn Ẩn"):
        proposed(world, entitled(world, name))
    leader = enter(world.officer(Role.LEADER))
    ids = list(Proposal.objects.order_by("pk").values_list("pk", flat=True))

    page = leader.open("/office/assistance/proposals/").press(
        "Duyệt các đề xuất đã chọn", proposal=[str(one) for one in ids]
    )
    assert page.heading == "Duyệt 2 đề xuất"
    assert Entitlement.objects.count() == 0
    page = page.press("Duyệt 2 đề xuất này")
    assert page.status == 422
    page = page.press("Duyệt 2 đề xuất này", decision_number="130/QĐ-UBND")

    assert "Đã duyệt 2 đề xuất." in page.notices
    assert Entitlement.objects.count() == 2


def test_nothing_marked_is_said(world: World) -> None:
    page = enter(world.officer(Role.LEADER)).send("/office/assistance/proposals/decide/", {})

    assert "Chưa chọn đề xuất nào" in page.notices


@pytest.mark.parametrize(
    ("action", "typed", "words"),
    [
        ("stop", {"ground": "died_on", "on_day": "10", "on_month": "11", "on_year": "2026"}, "11/2026"),
        ("suspend", {"ground": "uncollected", "months": "3"}, "Tạm dừng"),
        ("recover", {"amount": "1.000.000", "monthly": "200.000", "reason": "Trả thừa hai tháng"}, "Thu hồi"),
    ],
)
def test_a_change_shows_its_months_before_it_is_proposed(
    world: World, action: str, typed: dict[str, str], words: str
) -> None:
    row = granted(world, entitled(world))
    officer = enter(world.officer(Role.PROCESSOR))

    page = officer.open(f"/office/assistance/entitlements/{row.pk}/{action}/")
    page = page.press("Xem các tháng trước và sau", **typed)
    assert page.status == 200, page.errors
    assert "Các tháng trước và sau" in page.words
    assert not Proposal.objects.filter(kind=action).exists()
    page = page.press("Đề xuất, chờ duyệt")

    assert words in page.words
    assert Proposal.objects.filter(kind=action, state=ProposalState.PENDING).exists()


def test_a_move_goes_to_another_commune(world: World) -> None:
    row = granted(world, entitled(world))
    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/entitlements/{row.pk}/move/")

    page = page.press("Xem các tháng trước và sau", unit="", reason="Chuyển về ở với con")
    assert page.status == 422
    page = page.press("Xem các tháng trước và sau", unit=str(world.agency("H55.05467").unit_id))

    assert "không thay đổi" in page.words
    page = page.press("Đề xuất, chờ duyệt")
    assert Proposal.objects.filter(kind="move").exists()


def test_somebody_else_receives_the_money_by_number_and_name(world: World) -> None:
    row = granted(world, entitled(world))
    elder(world, "Nông Thị Giữ", number="019190001234")
    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/entitlements/{row.pk}/change_payee/")
    typed = {"ground": "guardian", "payee_number": "019190001234", "reason": "Người hưởng mất năng lực hành vi"}

    page = page.press("Xem các tháng trước và sau", **typed, payee_name="Nông Thị Khác")
    assert "Không có ai mang cả số định danh và họ tên này" in " ".join(page.errors)
    page = page.press("Xem các tháng trước và sau", payee_name="nông thị giữ").press("Đề xuất, chờ duyệt")

    proposal = Proposal.objects.get(kind="change_payee")
    assert proposal.payload["ground"] == "guardian"


def test_what_the_rules_do_not_give_is_not_offered(world: World) -> None:
    young = elder(world, birth_on=elder(world).birth_on.replace(year=1990))

    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/people/{young.pk}/grant/")

    assert "Xem các tháng được hưởng" not in page.buttons()


def test_what_belongs_to_an_institution_is_paid_to_it_by_its_tax_code(world: World) -> None:
    person = entitled(world, facts={"in_institution": True}, birth_on=date(1950, 3, 12))
    centre = OrganizationFactory(name="Trung tâm Điều dưỡng tỉnh", unit=world.agency(COMMUNE).unit)
    officer = enter(world.officer(Role.PROCESSOR))
    page = officer.open(f"/office/assistance/people/{person.pk}/grant/")

    page = page.press("Xem các tháng được hưởng", ground="self", institution="9999999999")
    assert page.status == 422
    assert "mã số thuế 9999999999" in page.error_beside("institution")
    page = page.press("Xem các tháng được hưởng", institution=centre.tax_code).press("Đề xuất, chờ duyệt")
    page = enter(world.officer(Role.LEADER)).open(page.path).press("Duyệt đề xuất", decision_number="126/QĐ-UBND")

    row = Entitlement.objects.get(person=person)
    assert (row.benefit, row.receiver, row.payee_id) == ("institution", centre, None)
    page = officer.open(f"/office/assistance/people/{person.pk}/")
    assert "chi trả cho cơ sở Trung tâm Điều dưỡng tỉnh" in page.words
    assert "Thay người nhận" not in page.words
    assert page.main.select_one(f'[href="/office/payments/organizations/{centre.pk}/account/"]') is not None
    assert "Trung tâm Điều dưỡng tỉnh (cơ sở trợ giúp xã hội)" in officer.open("/office/assistance/").words


def test_merit_is_suspended_and_ended_on_the_grounds_of_its_own_law(world: World) -> None:
    unit = world.agency(COMMUNE).unit
    row = EntitlementFactory(
        person=elder(world), unit=unit, programme="merit", benefit="monthly", first_month=date(2026, 1, 1)
    )
    officer = enter(world.officer(Role.PROCESSOR))

    page = officer.open(f"/office/assistance/entitlements/{row.pk}/suspend/")
    assert "chấp hành hình phạt tù" in page.words
    assert "không nhận tiền" not in page.words
    empty = page.press("Xem các tháng trước và sau", ground="imprisoned_on")
    assert (empty.status, set(empty.errors)) == (422, {"Ghi ngày xảy ra sự việc."})
    day = {"on_day": "2", "on_month": "11", "on_year": "2026"}
    seen = empty.press("Xem các tháng trước và sau", ground="imprisoned_on", **day)
    seen.press("Đề xuất, chờ duyệt", ground="imprisoned_on", **day)
    assert "Điều 54 khoản 1" in Proposal.objects.get().payload["reason"]

    stop = officer.open(f"/office/assistance/entitlements/{row.pk}/stop/")
    assert "có quyết định chấm dứt hưởng" in stop.words
    assert "từ chối nhận" not in stop.words
    assert stop.press("Xem các tháng trước và sau", ground="declined_on", **day).status == 422
