"""Complaints about money and what may be spent, on screen."""

from __future__ import annotations

from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.payments.models import Budget, PaymentComplaint
from lienthong.payments.states import ComplaintState
from tests.factories.payments import BudgetFactory, PaymentComplaintFactory
from tests.office.payments.payroll import ANOTHER_COMMUNE, COMMUNE, Payroll
from tests.screens import enter
from tests.sheets import sheet_of
from tests.world import World

pytestmark = pytest.mark.django_db

ROOT = "/office/payments/"


class TestComplaints:
    def test_are_written_down_answered_reopened_and_closed(self, world: World, payroll: Payroll) -> None:
        line = payroll.line(failed=True)
        browser = enter(world.officer(Role.RECEIVER))
        page = browser.open(f"{ROOT}complaints/")
        assert "Chưa có phản ánh nào" in page.words
        page = page.follow("Ghi phản ánh").press("Tìm người", q=line.person.full_name).follow(line.person.full_name)
        assert page.press("Ghi phản ánh").status == 422

        page = page.press("Ghi phản ánh", line=str(line.pk), text="Tháng 10 chưa nhận được tiền")
        assert "Chuyển không thành công" in page.words
        assert page.press("Trả lời").status == 422
        page = page.press("Trả lời", **{"answer-text": "Tài khoản đã đóng; đợt sau chi lại vào tài khoản mới."})
        page = page.press("Mở lại", **{"reopen-reason": "Vẫn chưa thấy"})
        page = page.press("Trả lời", **{"answer-text": "Đã chi lại ngày 02/12."}).press("Đóng phản ánh")

        assert PaymentComplaint.objects.get().state == ComplaintState.CLOSED
        assert "Mở lại phản ánh. Vẫn chưa thấy" in page.words

    def test_list_narrows_and_exports(self, world: World, payroll: Payroll, queries_of: Any) -> None:
        for commune in (COMMUNE, ANOTHER_COMMUNE):
            PaymentComplaintFactory(
                unit=world.agency(commune).unit, person=payroll.person(commune=commune), line=payroll.line()
            )
        browser = enter(payroll.accountant)

        page = browser.open(f"{ROOT}complaints/")
        assert page.lead.startswith("2 phản ánh chờ trả lời")
        assert len(browser.open(f"{ROOT}complaints/?commune={COMMUNE[4:]}").rows()) == 1
        assert len(browser.open(f"{ROOT}complaints/?source=allowances&state=all").rows()) == 2
        assert browser.open(f"{ROOT}complaints/?state=closed").rows() == []
        assert len(sheet_of(browser.get(f"{ROOT}complaints/?format=xlsx"))) == 3
        assert queries_of(browser, f"{ROOT}complaints/") <= 12

    def test_another_commune_sees_nothing_of_it(self, world: World, payroll: Payroll) -> None:
        complaint = PaymentComplaintFactory(unit=world.agency(COMMUNE).unit, person=payroll.person())
        browser = enter(world.officer(Role.PROCESSOR, ANOTHER_COMMUNE))

        assert browser.open(f"{ROOT}complaints/{complaint.pk}/").status == 404
        assert browser.open(f"{ROOT}complaints/{complaint.pk}/do/answer/").status == 404

    def test_an_auditor_reads_and_answers_nothing(self, world: World, payroll: Payroll) -> None:
        complaint = PaymentComplaintFactory(unit=world.agency(COMMUNE).unit, person=payroll.person())

        page = enter(world.officer(Role.AUDITOR)).open(f"{ROOT}complaints/{complaint.pk}/")

        assert page.status == 200
        assert "Trả lời" not in page.buttons()


class TestBudgets:
    def test_are_written_down_and_approved_by_another(self, payroll: Payroll) -> None:
        page = enter(payroll.accountant).open(f"{ROOT}budgets/")
        assert ["IV/2026", "Trợ cấp thử nghiệm", "–", "0 ₫", "–", "chưa có dự toán được duyệt"] in page.rows(
            "Số đã dùng"
        )
        page = page.follow("Lập dự toán")
        assert page.press("Lập dự toán").status == 422
        page = page.press("Lập dự toán", source="allowances", amount="5.000.000.000", reference="12/QĐ-UBND")
        assert "Lãnh đạo duyệt rồi mới được tính" in page.notices

        leader = enter(payroll.officer(Role.LEADER))
        page = leader.open(f"{ROOT}budgets/").follow("Duyệt").press("Duyệt dự toán")

        assert ["IV/2026", "Trợ cấp thử nghiệm", "5.000.000.000 ₫", "0 ₫", "5.000.000.000 ₫", "đủ"] in page.rows(
            "Số đã dùng"
        )
        assert len(sheet_of(leader.get(f"{ROOT}budgets/?format=xlsx"))) > 1

    def test_a_cut_is_written_as_one_and_the_same_decision_twice_is_refused(self, payroll: Payroll) -> None:
        given = {"source": "allowances", "amount": "1.000", "reference": "15/QĐ-UBND", "direction": "minus"}
        browser = enter(payroll.accountant)
        browser.open(f"{ROOT}budgets/new/").press("Lập dự toán", **given)
        assert Budget.objects.get().amount == -1_000

        page = browser.open(f"{ROOT}budgets/new/").press("Lập dự toán", **given)

        assert page.status == 422
        assert "đã giao dự toán" in page.error_beside("reference")

    def test_one_that_waits_is_taken_back_with_a_reason(self, payroll: Payroll) -> None:
        BudgetFactory(source="allowances", approved_by=None, approved_at=None, prepared_by=payroll.accountant)

        page = enter(payroll.accountant).open(f"{ROOT}budgets/").follow("Bỏ")
        assert page.press("Bỏ dự toán chưa duyệt").status == 422
        page.press("Bỏ dự toán chưa duyệt", reason="Ghi nhầm")

        assert not Budget.objects.exists()

    def test_who_wrote_it_down_does_not_see_the_way_to_approve(self, payroll: Payroll) -> None:
        budget = BudgetFactory(source="allowances", approved_by=None, approved_at=None, prepared_by=payroll.accountant)
        browser = enter(payroll.accountant)

        assert not [one for one in browser.open(f"{ROOT}budgets/").links() if one.startswith("Duyệt")]
        assert browser.open(f"{ROOT}budgets/{budget.pk}/do/approve/").status == 404

    def test_the_number_of_queries_does_not_grow(self, payroll: Payroll, queries_of: Any) -> None:
        browser = enter(payroll.accountant)
        BudgetFactory(source="allowances")
        few = queries_of(browser, f"{ROOT}budgets/")
        for _one in range(5):
            BudgetFactory(source="allowances")

        assert queries_of(browser, f"{ROOT}budgets/") == few <= 11
