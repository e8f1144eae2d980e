"""Runs of payments on screen: prepared, checked, approved and released by four people; lines and what has not arrived."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.events import record
from lienthong.office.payments.runs import HAPPENINGS_SHOWN
from lienthong.payments.events import PaymentRunRetried
from lienthong.payments.models import PaymentRun, Statement, StatementLine
from lienthong.payments.services import collecting
from lienthong.payments.states import LineState, RunState, StatementFormat, Strange
from tests.factories.payments import BudgetFactory, PaymentComplaintFactory, PaymentRunFactory
from tests.mergers import merge
from tests.office.payments.payroll import AGENCY, ANOTHER_COMMUNE, COMMUNE, Payroll
from tests.screens import Page, enter, plain
from tests.sheets import sheet_of
from tests.world import World, at

pytestmark = pytest.mark.django_db

ROOT = "/office/payments/"


def run_page(payroll: Payroll, run: PaymentRun, user: Any = None) -> Page:
    return enter(user or payroll.accountant).open(f"{ROOT}runs/{run.pk}/")


def current_places(page: Page) -> list[str]:
    """Return what the navigation marks as the place of this page."""
    return [plain(link) for link in page.soup.select("#office-nav a[aria-current]")]


class TestFourPeople:
    def test_prepare_check_approve_and_release_a_month(self, payroll: Payroll) -> None:
        payroll.payee("Nguyễn Thị Hòa", 810_000)
        payroll.payee("Ma Văn Ỷ", 540_000)
        page = enter(payroll.accountant).open(ROOT)
        assert "Chưa có đợt chi trả nào" in page.words
        page = page.follow("Lập đợt chi trả").press("Lập danh sách")
        run = PaymentRun.objects.get()
        assert "Chờ tổng hợp" in page.words
        assert page.main.select_one("[hx-trigger='every 2s']") is not None
        collecting.collect_run(run.pk)

        page = run_page(payroll, run)
        assert "Đã lập, chờ kiểm tra" in page.words
        assert "1.350.000 ₫ 2 khoản, 2 người" in page.words
        assert "Kiểm tra xong" not in page.links()
        for role, words, notice in (
            (Role.DIVISION_HEAD, "Kiểm tra xong", "Chờ lãnh đạo duyệt"),
            (Role.LEADER, "Duyệt chi", "Chờ kế toán thứ hai"),
        ):
            browser = enter(payroll.officer(role))
            assert "1 đợt chờ bạn ký" in browser.open(ROOT).lead
            page = browser.open(f"{ROOT}runs/{run.pk}/").follow(words)
            assert "1.350.000 ₫" in page.heading
            assert notice in page.press(words).notices
        assert "Chuyển chi trả" not in run_page(payroll, run).links()
        page = run_page(payroll, run, payroll.second_accountant).follow("Chuyển chi trả").press("Chuyển chi trả")

        run.refresh_from_db()
        assert run.state == RunState.RELEASED
        assert "Hủy đợt" not in page.links()
        assert "Đã chuyển chi trả" in page.words

    def test_what_is_owed_no_more_is_told_before_each_signature_and_held_when_the_run_leaves(
        self, payroll: Payroll
    ) -> None:
        payroll.payee("Nguyễn Thị Hòa", 810_000)
        revoked = payroll.payee("Ma Văn Ỷ", 540_000)
        run = payroll.prepared_run()
        assert "không còn phải chi" not in run_page(payroll, run).words
        payroll.source.amounts[revoked.pk] = 0
        said = "1 khoản, 540.000 ₫, không còn chi được như lúc lập"

        browser = enter(payroll.officer(Role.DIVISION_HEAD))
        page = browser.open(f"{ROOT}runs/{run.pk}/")
        assert said in page.words
        listed = page.follow("Xem từng khoản")
        assert "Ma Văn Ỷ" in listed.words and "Quyết định thôi hưởng số 9/QĐ-UBND." in listed.words
        assert "Nguyễn Thị Hòa" not in listed.words
        (_head, row) = sheet_of(browser.get(f"{listed.path}?format=xlsx"))
        assert (row[1], row[6], row[7], row[8]) == ("Ma Văn Ỷ", 540_000, 0, "giữ lại")
        for role, words in ((Role.DIVISION_HEAD, "Kiểm tra xong"), (Role.LEADER, "Duyệt chi")):
            page = enter(payroll.officer(role)).open(f"{ROOT}runs/{run.pk}/").follow(words)
            assert said in page.words
            page.press(words)
        page = run_page(payroll, run, payroll.second_accountant).follow("Chuyển chi trả")
        assert said in page.words

        page = page.press("Chuyển chi trả")

        assert "810.000 ₫ 1 khoản, 1 người" in page.words
        assert "số phải chi đã giảm sau khi lập danh sách" in page.words
        assert said not in page.words
        assert "Không có khoản nào" in browser.open(listed.path).words

    def test_a_page_that_was_open_too_long_says_so(self, payroll: Payroll) -> None:
        payroll.payee()
        run = payroll.prepared_run()
        page = run_page(payroll, run, payroll.officer(Role.DIVISION_HEAD)).follow("Kiểm tra xong")
        PaymentRun.objects.filter(pk=run.pk).update(version=run.version + 1)

        assert "đã thay đổi sau khi bạn mở trang" in page.press("Kiểm tra xong").notices

    def test_a_run_is_cancelled_with_a_reason(self, payroll: Payroll) -> None:
        payroll.payee()
        run = payroll.prepared_run()
        page = run_page(payroll, run).follow("Hủy đợt")

        assert page.press("Hủy đợt").status == 422
        page = page.press("Hủy đợt", reason="Nhầm tháng chi trả")

        assert "Lý do hủy: Nhầm tháng chi trả" in page.words
        assert "Đã hủy" in page.words

    def test_what_is_not_theirs_is_refused_and_said(self, payroll: Payroll, world: World) -> None:
        payroll.payee()
        run = payroll.prepared_run()

        page = enter(payroll.accountant).open(f"{ROOT}runs/{run.pk}/do/approve/")
        assert "do người khác làm" in page.notices
        page = enter(world.officer(Role.LEADER)).open(f"{ROOT}runs/{run.pk}/")
        assert "Duyệt chi" not in page.links()
        assert enter(payroll.accountant).open(f"{ROOT}runs/{run.pk}/do/dance/").status == 404

    def test_a_second_run_of_a_month_waits_for_the_first(self, payroll: Payroll) -> None:
        payroll.payee()
        payroll.prepared_run()

        page = enter(payroll.accountant).open(f"{ROOT}runs/new/").press("Lập danh sách")

        assert page.status == 422
        assert "đang có đợt số 1" in " ".join(page.errors)


class TestStopped:
    def test_over_budget_the_run_stops_with_the_figures_and_goes_on_once_there_is_money(self, payroll: Payroll) -> None:
        payroll.payee(amount=810_000)
        BudgetFactory(source="allowances", amount=800_000)
        run = payroll.prepared_run()
        page = run_page(payroll, run)
        assert "Đợt dừng lại" in page.words
        assert "thiếu 10.000 đồng" in page.words

        BudgetFactory(source="allowances", amount=500_000)
        page = page.follow("Tổng hợp lại").press("Tổng hợp lại")
        collecting.collect_run(run.pk)

        page = run_page(payroll, run)
        assert "Đã lập, chờ kiểm tra" in page.words
        assert ["Trợ cấp thử nghiệm", "1.300.000 ₫", "810.000 ₫", "490.000 ₫"] in page.rows("Số đã dùng")


class TestHeld:
    def test_who_has_no_account_is_told_and_not_paid(self, payroll: Payroll) -> None:
        payroll.payee("Nguyễn Thị Hòa")
        payroll.payee("Ma Văn Ỷ", account=False)
        run = payroll.prepared_run()

        page = run_page(payroll, run)
        assert "1 khoản : Người nhận chưa có tài khoản nhận tiền" in page.words

        page = enter(payroll.accountant).open(f"{ROOT}unpaid/")
        assert page.lead.startswith("1 khoản tạm giữ")
        assert page.rows()[0][0].startswith("Ma Văn Ỷ")


class TestComparison:
    def test_new_stopped_and_changed_with_the_reason(self, payroll: Payroll) -> None:
        stays, stops = payroll.payee("Nguyễn Thị Hòa", 810_000), payroll.payee("Ma Văn Ỷ", 540_000)
        payroll.released_run(date(2026, 10, 1))
        payroll.source.amounts[stays.pk] = 1_080_000
        del payroll.source.amounts[stops.pk]
        payroll.payee("Hoàng Văn Đoàn", 500_000)
        run = payroll.prepared_run()
        browser = enter(payroll.officer(Role.DIVISION_HEAD))

        page = browser.open(f"{ROOT}runs/{run.pk}/comparison/")

        rows = {row[0].split(" Xã")[0].split(" Phường")[0]: row[2:] for row in page.rows()}
        assert {words[0] for words in rows.values()} == {"Mới", "Dừng", "Đổi mức"}
        assert "Quyết định thôi hưởng số 9/QĐ-UBND." in page.words
        assert len(page.follow("Dừng").rows()) == 1
        assert len(sheet_of(browser.get(f"{page.path}?format=xlsx"))) == 4

    def test_the_number_of_queries_does_not_grow(self, payroll: Payroll, queries_of: Any) -> None:
        payroll.payee()
        run = payroll.prepared_run()
        address, browser = f"{ROOT}runs/{run.pk}/comparison/", enter(payroll.accountant)
        few = queries_of(browser, address)
        for number in range(5):
            payroll.line(run=run, number=100 + number, for_month=run.month)

        assert queries_of(browser, address) == few <= 11


class TestLines:
    def test_narrow_sort_and_export(self, payroll: Payroll) -> None:
        run = PaymentRunFactory(released=True, month=date(2026, 10, 1))
        payroll.line(run=run, name="Nguyễn Thị Hòa", number=1, amount=810_000)
        payroll.line(run=run, name="Ma Văn Ỷ", number=2, failed=True, commune=ANOTHER_COMMUNE)
        payroll.line(run=run, name="Lê Thị An", number=3, paid=True, deducted=100_000)
        address, browser = f"{ROOT}runs/{run.pk}/lines/", enter(payroll.accountant)

        page = browser.open(address)
        assert page.lead.startswith("2 khoản, thực chi 1.210.000 ₫; 1 khoản chưa nhận")
        assert len(page.follow("Chuyển không thành công").rows()) == 1
        assert len(browser.open(f"{address}?commune={COMMUNE[4:]}").rows()) == 2
        assert len(browser.open(f"{address}?source=allowances&channel=bank").rows()) == 3
        assert browser.open(f"{address}?source=merit").rows() == []
        assert browser.open(f"{address}?sort=-amount").rows()[0][0].startswith("Nguyễn Thị Hòa")
        assert browser.open(f"{address}?sort=name").rows()[0][0].startswith("Lê Thị An")
        rows = sheet_of(browser.get(f"{address}?state=paid&format=xlsx"))
        assert (rows[1][1], rows[1][9], rows[1][11], rows[1][14]) == (
            "Lê Thị An", 500_000, 400_000, payroll.source and rows[1][14],
        )  # fmt: skip
        assert isinstance(rows[1][14], str)

    def test_the_number_of_queries_does_not_grow(self, payroll: Payroll, queries_of: Any) -> None:
        run = PaymentRunFactory(released=True, month=date(2026, 10, 1))
        payroll.line(run=run, number=1)
        address, browser = f"{ROOT}runs/{run.pk}/lines/", enter(payroll.accountant)
        few = queries_of(browser, address)
        for number in range(2, 9):
            payroll.line(run=run, number=number)

        assert queries_of(browser, address) == few <= 13

    def test_one_line_says_how_it_was_computed_and_what_became_of_it(self, payroll: Payroll) -> None:
        person = payroll.payee("Nguyễn Thị Hòa", 810_000)
        run = payroll.released_run()
        browser = enter(payroll.accountant)

        page = browser.open(f"{ROOT}runs/{run.pk}/lines/").follow("Nguyễn Thị Hòa")

        assert "Mức chuẩn 540.000 đồng × hệ số 1,5." in page.words
        assert ["Hệ số 1,5", "810.000 ₫", "20/2021/NĐ-CP, Điều 6"] in page.rows("Từng phần")
        assert "Theo luật biết đến ngày 01/11/2026 Nhóm đối tượng Người khuyết tật" in page.words
        assert "2026-11-01" not in page.words
        assert "Chuyển chi trả." in page.words
        assert "Chưa có dòng sao kê nào" in page.words
        assert page.follow("Mọi khoản chi của người này").path == f"{ROOT}people/{person.pk}/"

    def test_a_commune_sees_its_own_lines_and_sums(self, payroll: Payroll, world: World) -> None:
        payroll.payee("Nguyễn Thị Hòa", 810_000)
        payroll.payee("Ma Văn Ỷ", 540_000, commune=ANOTHER_COMMUNE)
        run = payroll.prepared_run()
        browser = enter(world.officer(Role.PROCESSOR))

        page = browser.open(f"{ROOT}runs/{run.pk}/")
        assert "810.000 ₫ 1 khoản, 1 người" in page.words
        page = page.follow("Danh sách từng khoản")
        assert [row[0].split(" Xã")[0].split(" Phường")[0][:14] for row in page.rows()] == ["Nguyễn Thị Hòa"]
        strange = run.lines.exclude(unit=world.agency(COMMUNE).unit).get()
        assert browser.open(f"{ROOT}lines/{strange.pk}/").status == 404
        assert browser.open(f"{ROOT}budgets/").status == 404


class TestUnpaid:
    def test_by_commune_and_state_with_export(self, payroll: Payroll) -> None:
        payroll.line(name="Nguyễn Thị Hòa", failed=True)
        payroll.line(name="Ma Văn Ỷ", state=LineState.UNCOLLECTED, why="Chưa đến nhận.", commune=ANOTHER_COMMUNE)
        payroll.line(
            name="Lê Thị An", failed=True, resumed_by=PaymentRunFactory(released=True, month=date(2026, 11, 1))
        )
        browser = enter(payroll.accountant)

        page = browser.open(f"{ROOT}unpaid/")

        assert page.lead.startswith("0 khoản tạm giữ, 1 chuyển không thành, 0 bị hoàn trả, 1 chưa đến nhận")
        assert len(page.rows()) == 2
        assert "Tài khoản đã đóng." in page.words
        assert len(page.follow("Chưa đến nhận").rows()) == 1
        assert len(browser.open(f"{ROOT}unpaid/?commune={COMMUNE[4:]}").rows()) == 1
        assert len(sheet_of(browser.get(f"{ROOT}unpaid/?format=xlsx"))) == 3

    def test_says_how_many_months_in_a_row_were_not_collected(self, payroll: Payroll, queries_of: Any) -> None:
        person, browser = payroll.person("Ma Văn Ỷ"), enter(payroll.accountant)
        for number in (7, 9, 10):
            month = date(2026, number, 1)
            run = PaymentRunFactory(released=True, month=month)
            payroll.line(run=run, person=person, for_month=month, state=LineState.UNCOLLECTED, why="Chưa đến nhận.")

        page = browser.open(f"{ROOT}unpaid/?state=uncollected")

        assert len(page.rows()) == 3
        assert page.words.count("2 tháng liền chưa đến nhận") == 1
        assert "3 tháng liền" not in page.words
        assert queries_of(browser, page.path) <= 15

    def test_an_empty_list_says_why(self, payroll: Payroll) -> None:
        assert "Không có khoản nào chưa nhận được" in enter(payroll.accountant).open(f"{ROOT}unpaid/").words

    def test_the_number_of_queries_does_not_grow(self, payroll: Payroll, queries_of: Any) -> None:
        browser = enter(payroll.accountant)
        payroll.line(failed=True)
        few = queries_of(browser, f"{ROOT}unpaid/")
        for _one in range(6):
            payroll.line(failed=True)

        assert queries_of(browser, f"{ROOT}unpaid/") == few <= 14


class TestList:
    def test_narrows_by_state_year_and_programme(self, payroll: Payroll, queries_of: Any) -> None:
        payroll.line()
        for month in (date(2025, 5, 1), date(2025, 6, 1)):
            PaymentRunFactory(released=True, month=month)
        browser = enter(payroll.accountant)

        assert len(browser.open(ROOT).rows()) == 3
        assert len(browser.open(f"{ROOT}?year=2025").rows()) == 2
        assert len(browser.open(f"{ROOT}?source=allowances").rows()) == 1
        assert browser.open(f"{ROOT}?state=closed").rows() == []
        assert len(sheet_of(browser.get(f"{ROOT}?format=xlsx"))) == 4
        # Complaints and strange lines that wait are one question each, and so are the communes to choose from.
        assert queries_of(browser, ROOT) <= 15

    def test_what_waits_is_on_the_list_and_on_the_work_of_whoever_may_do_it(
        self, payroll: Payroll, world: World
    ) -> None:
        payroll.payee()
        payroll.prepared_run()
        statement = Statement.objects.create(
            format=StatementFormat.CAMT053, sha256="1" * 64, number="SK1", lines_total=1, imported_at=world.now
        )
        StatementLine.objects.create(statement=statement, number=1, amount=-1, strange=Strange.UNKNOWN)
        PaymentComplaintFactory(person=payroll.person(), unit=world.agency(COMMUNE).unit)

        page = enter(payroll.accountant).open(ROOT)

        assert len(page.follow("1 dòng sao kê chưa rõ").rows()) == 1
        waits = page.main.select_one(".actions a[href$='/complaints/']")
        assert waits is not None, "beside what can be done, not between the filters and the table"
        assert len(page.follow("1 phản ánh về chi trả chờ trả lời").rows()) == 1
        head = enter(payroll.officer(Role.DIVISION_HEAD)).open("/office/")
        assert head.follow("1 đợt chi trả chờ bạn ký").heading == "Các đợt chi trả"
        assert "đợt chi trả chờ bạn ký" not in enter(payroll.officer(Role.LEADER)).open("/office/").words
        commune = enter(world.officer(Role.PROCESSOR)).open("/office/").words
        assert "1 phản ánh về chi trả chờ trả lời" in commune
        assert "dòng sao kê" not in commune

    def test_the_page_of_a_run_asks_a_fixed_number_of_questions(self, payroll: Payroll, queries_of: Any) -> None:
        payroll.payee()
        run = payroll.prepared_run()
        address, browser = f"{ROOT}runs/{run.pk}/", enter(payroll.accountant)
        few = queries_of(browser, address)
        for number in range(6):
            payroll.line(run=run, number=50 + number)

        assert queries_of(browser, address) == few <= 20

    def test_shows_the_newest_that_happened_and_folds_the_rest(self, payroll: Payroll, world: World) -> None:
        payroll.payee()
        run = payroll.prepared_run()
        assert "trước đó" not in run_page(payroll, run).words
        for _number in range(HAPPENINGS_SHOWN):
            record(PaymentRunRetried(run_id=run.pk), stream=run.stream, actor_id=None, at=world.now)

        page = run_page(payroll, run)

        folded = page.main.select("details .timeline__event")
        told = [one for one in page.main.select(".timeline__event") if one not in folded]
        assert len(told) == HAPPENINGS_SHOWN
        assert f"Xem {len(folded)} việc trước đó" in page.words
        assert all("Tổng hợp lại đợt chi trả" in plain(one) for one in told)

    def test_totals_by_commune(self, payroll: Payroll) -> None:
        payroll.payee("Nguyễn Thị Hòa", 810_000)
        payroll.payee("Ma Văn Ỷ", 540_000, commune=ANOTHER_COMMUNE)
        run = payroll.prepared_run()
        browser = enter(payroll.accountant)

        page = browser.open(f"{ROOT}runs/{run.pk}/communes/")

        assert page.lead.startswith("2 xã, phường, 2 khoản, thực chi 1.350.000 ₫")
        assert len(sheet_of(browser.get(f"{page.path}?format=xlsx"))) == 3

    def test_a_run_is_drawn_on_its_own_map_or_on_that_of_today(self, payroll: Payroll, world: World) -> None:
        payroll.payee("Nguyễn Thị Hòa", 810_000)
        payroll.payee("Ma Văn Ỷ", 540_000, commune=ANOTHER_COMMUNE)
        run = payroll.prepared_run()
        address = f"{ROOT}runs/{run.pk}/communes/"
        assert "Bản đồ" not in enter(payroll.accountant).open(address).words, "both maps are the same"
        merge(world.agency(COMMUNE).unit, world.agency(ANOTHER_COMMUNE).unit, on=date(2026, 12, 1))
        world.now = at("2026-12-10 09:00")

        browser = enter(payroll.accountant)
        assert len(browser.open(address).rows()) == 2
        page = browser.open(address).follow("hôm nay")
        assert [row[:3] for row in page.rows()] == [["Xã Hợp Nhất", "2", "2"]]
        assert len(sheet_of(browser.get(f"{address}?day=10/12/2026&format=xlsx"))) == 2
        assert len(browser.open(f"{address}?day=30/11/2026").rows()) == 2, "the day before the merger"
        page = browser.open(f"{ROOT}runs/{run.pk}/").follow("hôm nay")
        assert "Xã Hợp Nhất" in page.words

    @pytest.mark.parametrize("day", ["31/02/2026", "hôm qua", "2026-10-31", "0", "99999999999999999999"])
    def test_a_day_on_which_there_is_no_map_is_refused_in_a_sentence(self, payroll: Payroll, day: str) -> None:
        payroll.payee()
        run = payroll.prepared_run()
        for address in (f"{ROOT}runs/{run.pk}/?day={day}", f"{ROOT}runs/{run.pk}/communes/?day={day}"):
            page = enter(payroll.accountant).open(address)
            assert page.status == 200
            assert "Đang dùng bản đồ của đợt." in page.words

    def test_there_is_a_way_from_the_menu(self, payroll: Payroll, world: World) -> None:
        page = enter(payroll.officer(Role.LEADER)).open("/office/search/")
        assert page.follow("Chi trả").heading == "Các đợt chi trả"
        assert "Các đợt chi trả" in current_places(page.follow("Chi trả"))
        assert "Các đợt chi trả" not in current_places(page.browser.open(f"{ROOT}people/?q=x"))
        stranger = world.officer(Role.LEADER, "H55.SNV")
        assert "Chi trả" not in enter(stranger).open("/office/search/").links()
        assert enter(stranger).open(ROOT).status == 404
        assert AGENCY
