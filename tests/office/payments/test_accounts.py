"""Where people are paid, as officers of the commune and the province see and record it."""

from __future__ import annotations

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.payments.models import AccountImport, PaymentAccount
from lienthong.payments.states import Channel, NameCheck
from tests.factories.payments import PaymentAccountFactory
from tests.office.payments.payroll import ANOTHER_COMMUNE, Payroll
from tests.payments.test_account_import import GOOD, HEADS, do_the_job, workbook
from tests.screens import Browser, Page, enter
from tests.sheets import sheet_of, upload
from tests.world import World

pytestmark = pytest.mark.django_db

ROOT = "/office/payments/"


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


@pytest.fixture
def browser(officer: User) -> Browser:
    return enter(officer)


def read_what_was_loaded(browser: Browser, page: Page) -> Page:
    """Do the job of the last list, and open its page again."""
    do_the_job(AccountImport.objects.latest("pk"))
    return browser.open(page.path)


class TestRecording:
    def test_from_the_search_to_the_account(self, browser: Browser, payroll: Payroll) -> None:
        person = payroll.person("Nguyễn Thị Hòa")
        page = browser.open(f"{ROOT}accounts/")
        assert "Chưa ghi nơi nhận tiền nào" in page.words
        page = page.follow("Ghi nơi nhận tiền").press("Tìm người", q="Nguyễn Thị Hòa").follow("Nguyễn Thị Hòa")
        assert "Chưa có nơi nhận tiền" in page.words

        page = page.follow("Ghi nơi nhận tiền").press(
            "Ghi nơi nhận tiền", channel="bank", bank_code="970436", number="0071 0012 34567",
            holder_name="NGUYEN THI HOA", source="declared",
        )  # fmt: skip

        assert page.heading.endswith("Nguyễn Thị Hòa")
        assert "Người thứ hai phải xác nhận rồi mới chi vào đây" in page.notices
        assert "chờ người thứ hai xác nhận" in page.words
        assert PaymentAccount.objects.get(person=person).number == "0071001234567"
        assert page.main.select_one(".qr svg") is not None
        assert page.rows("Trước nay")[0][0].startswith("Vietcombank 0071001234567")

    def test_what_is_missing_stands_beside_its_field(self, browser: Browser, payroll: Payroll) -> None:
        person = payroll.person()

        page = browser.open(f"{ROOT}people/{person.pk}/account/").press(
            "Ghi nơi nhận tiền", channel="bank", source="declared"
        )

        assert page.status == 422
        assert "Chọn ngân hàng hoặc ví" in page.error_beside("bank_code")
        assert "kể cả số 0 ở đầu" in page.error_beside("number")

    @pytest.mark.parametrize(
        ("typed", "field", "says"),
        [
            ({"number": "12"}, "number", "từ 5 đến 19"),
            ({"channel": "wallet", "number": "0912345678"}, "bank_code", "ngân hàng hoặc ví"),
        ],
    )
    def test_a_refusal_stands_beside_its_field(
        self, browser: Browser, payroll: Payroll, typed: dict[str, str], field: str, says: str
    ) -> None:
        given = {"channel": "bank", "bank_code": "970436", "number": "00712345", "source": "declared"} | typed

        page = browser.open(f"{ROOT}people/{payroll.person().pk}/account/").press("Ghi nơi nhận tiền", **given)

        assert page.status == 422
        assert says in page.error_beside(field)

    def test_another_name_is_recorded_and_not_paid(self, browser: Browser, payroll: Payroll) -> None:
        person = payroll.person()

        page = browser.open(f"{ROOT}people/{person.pk}/account/").press(
            "Ghi nơi nhận tiền", channel="bank", bank_code="970436", number="00712345", holder_name="TRAN VAN TEO",
            source="declared",
        )  # fmt: skip

        assert "chưa chi vào đây" in page.notices
        assert "Tên chủ tài khoản là “TRAN VAN TEO”" in page.words

    def test_whoever_takes_dossiers_in_records_no_account_and_takes_complaints(
        self, world: World, payroll: Payroll
    ) -> None:
        person = payroll.person()
        desk = enter(world.officer(Role.RECEIVER))

        page = desk.open(f"{ROOT}people/{person.pk}/")

        assert "Ghi phản ánh" in page.links()
        assert "Ghi nơi nhận tiền" not in page.links()
        assert desk.open(f"{ROOT}people/{person.pk}/account/").status == 404


class TestSecondPerson:
    def similar(self, payroll: Payroll, officer: User) -> PaymentAccount:
        account: PaymentAccount = PaymentAccountFactory(
            person=payroll.person(), similar=True, recorded_by=officer, verified_at=None, verified_by=None
        )
        return account

    def test_confirms_a_similar_name(self, world: World, payroll: Payroll, officer: User) -> None:
        account = self.similar(payroll, officer)
        assert "Xác nhận đúng của người nhận" not in enter(officer).open(f"{ROOT}people/{account.person_id}/").links()

        page = enter(world.officer(Role.LEADER)).open(f"{ROOT}people/{account.person_id}/")
        page = page.follow("Xác nhận đúng của người nhận")
        assert page.press("Xác nhận đúng của người nhận").status == 422
        page = page.press("Xác nhận đúng của người nhận", reason="Đã xem sổ và căn cước ngày 15/11")

        assert "Các đợt từ ngày" in page.notices
        assert "Đã xem sổ và căn cước" in page.words

    def test_the_first_person_is_refused_in_words(self, payroll: Payroll, officer: User) -> None:
        account = self.similar(payroll, officer)

        page = enter(officer).open(f"{ROOT}accounts/{account.pk}/do/confirm/")
        page = page.press("Xác nhận đúng của người nhận", reason="x y z")

        assert page.status == 422
        assert "người thứ hai phải xác nhận" in " ".join(page.errors)

    def test_writes_down_what_the_bank_answers(self, world: World, payroll: Payroll) -> None:
        account = PaymentAccountFactory(person=payroll.person(), unverified=True)

        page = enter(world.officer(Role.LEADER)).open(f"{ROOT}people/{account.person_id}/")
        page.follow("Ghi tên chủ ngân hàng trả lời").press(
            "Ghi tên chủ ngân hàng trả lời", holder_name="NGUYEN THI HOA"
        )

        account.refresh_from_db()
        assert account.name_check == NameCheck.SAME

    def test_an_account_is_ended(self, browser: Browser, payroll: Payroll) -> None:
        account = PaymentAccountFactory(person=payroll.person())

        page = browser.open(f"{ROOT}people/{account.person_id}/").follow("Thôi dùng tài khoản")
        page = page.press(
            "Thôi dùng tài khoản", ends_on_day="17", ends_on_month="11", ends_on_year="2026", reason="Khách đóng"
        )

        assert "thôi dùng từ ngày 17/11/2026" in page.notices


class TestWaiting:
    def test_stands_beside_the_one_in_use_until_a_second_person_confirms(
        self, world: World, payroll: Payroll, officer: User
    ) -> None:
        person = payroll.person()
        used = PaymentAccountFactory(person=person, number="0071000000001")
        waiting = PaymentAccountFactory(
            person=person, number="0072000000002", verified_at=None, verified_by=None, recorded_by=officer,
            valid_from=world.today,
        )  # fmt: skip
        leader = enter(world.officer(Role.LEADER))
        assert "1 nơi nhận tiền chờ người thứ hai xác nhận" in leader.open("/office/").words
        assert len(leader.open(f"{ROOT}accounts/?check=unconfirmed").rows()) == 1

        page = leader.open(f"{ROOT}people/{person.pk}/")
        assert "0072000000002, ghi để dùng từ ngày 16/11/2026, chờ người thứ hai xác nhận" in page.words
        page = page.follow("Xác nhận đúng của người nhận: tài khoản ngân hàng 0072000000002")
        page = page.press("Xác nhận đúng của người nhận", reason="Đã gọi cho bà Hòa ngày 16/11")

        used.refresh_from_db()
        waiting.refresh_from_db()
        assert "Các đợt từ ngày 16/11/2026 chi vào đây" in page.notices
        assert used.valid_until == waiting.valid_from == world.today


class TestList:
    def test_narrows_sorts_and_exports(self, world: World, payroll: Payroll) -> None:
        PaymentAccountFactory(person=payroll.person("Ma Văn Ỷ"))
        PaymentAccountFactory(
            person=payroll.person("Lê Thị An"), name_check=NameCheck.DIFFERENT, verified_at=None, verified_by=None,
            holder_name="AI DO",
        )  # fmt: skip
        PaymentAccountFactory(person=payroll.person("Hoàng Văn Sa", commune=ANOTHER_COMMUNE), cash=True)
        browser = enter(payroll.accountant)

        page = browser.open(f"{ROOT}accounts/")
        assert page.lead.startswith("3 nơi nhận tiền đang dùng: 2 chi được, 1 khác tên")
        assert [row[0].split(" 0")[0] for row in page.rows()] == ["Lê Thị An", "Hoàng Văn Sa", "Ma Văn Ỷ"]
        assert len(page.follow("Khác tên").rows()) == 1
        assert len(browser.open(f"{ROOT}accounts/?commune={ANOTHER_COMMUNE[4:]}").rows()) == 1
        assert len(browser.open(f"{ROOT}accounts/?channel={Channel.CASH}").rows()) == 1
        assert len(browser.open(f"{ROOT}accounts/?q=ma van").rows()) == 1
        assert "Không có nơi nhận tiền nào khớp" in browser.open(f"{ROOT}accounts/?q=khong").words
        rows = sheet_of(browser.get(f"{ROOT}accounts/?format=xlsx&check=differs"))
        assert [row[0] for row in rows] == ["Người nhận", "Lê Thị An"]

    def test_the_number_of_queries_does_not_grow(self, payroll: Payroll, queries_of: Any) -> None:
        browser = enter(payroll.accountant)
        PaymentAccountFactory(person=payroll.person())
        few = queries_of(browser, f"{ROOT}accounts/")
        for _one in range(6):
            PaymentAccountFactory(person=payroll.person())

        assert queries_of(browser, f"{ROOT}accounts/") == few <= 12

    def test_a_commune_sees_its_own_people_only(self, world: World, payroll: Payroll, browser: Browser) -> None:
        strange = PaymentAccountFactory(person=payroll.person("Hoàng Văn Sa", commune=ANOTHER_COMMUNE))

        assert "Hoàng Văn Sa" not in browser.open(f"{ROOT}accounts/").words
        for address in (
            f"people/{strange.person_id}/", f"people/{strange.person_id}/account/", f"accounts/{strange.pk}/do/end/",
        ):  # fmt: skip
            assert browser.open(f"{ROOT}{address}").status == 404

    def test_an_auditor_reads_and_records_nothing(self, world: World, payroll: Payroll) -> None:
        account = PaymentAccountFactory(person=payroll.person())
        browser = enter(world.officer(Role.AUDITOR))

        page = browser.open(f"{ROOT}people/{account.person_id}/")

        assert page.status == 200
        assert "Đổi nơi nhận tiền" not in page.links()
        assert browser.open(f"{ROOT}people/{account.person_id}/account/").status == 404


class TestManyAccounts:
    @pytest.fixture
    def people(self, payroll: Payroll) -> None:
        for row in GOOD:
            person = payroll.person(row[1].title())
            person.personal_id_number = row[0]
            person.save(update_fields=["personal_id_number"])

    def test_are_shown_row_by_row_and_written_by_a_second_person(
        self, world: World, payroll: Payroll, officer: User, people: None
    ) -> None:
        browser = enter(officer)
        page = browser.open(f"{ROOT}account-lists/")
        assert "Chưa nạp danh sách nào" in page.words
        page = page.follow("Nạp danh sách").press("Đọc thử tệp", file=upload(workbook(GOOD), "tai-khoan.xlsx"))
        assert page.heading.endswith("Đang đọc thử tệp")
        assert "Chờ đọc tệp: 0 %" in page.words
        page = read_what_was_loaded(browser, page)
        assert "3 ghi mới" in page.lead
        assert "Danh sách này do bạn nạp" in page.words
        assert not PaymentAccount.objects.exists()

        leader = enter(world.officer(Role.LEADER))
        page = leader.open(page.path).press("Ghi 3 tài khoản")
        assert page.heading.endswith("Đang ghi tài khoản")
        page = read_what_was_loaded(leader, page)

        assert "Đã ghi" in page.words
        assert PaymentAccount.objects.count() == 3
        assert len(page.follow("Tên chủ không trùng").rows()) == 1
        assert [row[0] for row in sheet_of(browser.get(f"{page.path}?format=xlsx"))] == ["Dòng số", 2, 3, 4]

    def test_a_bad_row_is_told_and_nothing_is_written(
        self, world: World, payroll: Payroll, officer: User, people: None
    ) -> None:
        bad = workbook([GOOD[0], (*GOOD[1][:4], 912345678, GOOD[1][5])])
        browser = enter(officer)
        page = browser.open(f"{ROOT}account-lists/new/").press("Đọc thử tệp", file=upload(bad, "x.xlsx"))
        page = read_what_was_loaded(browser, page)

        assert "Còn 1 dòng không nhận" in page.words
        assert "Cột “Số tài khoản” (E)" in " ".join(page.rows()[1])
        assert not [one for one in page.buttons() if one.startswith("Ghi")]
        page = page.press("Bỏ danh sách này")
        assert "chưa ghi tài khoản nào" in page.notices

    def test_a_file_that_is_no_table_is_refused_beside_its_field(self, browser: Browser, payroll: Payroll) -> None:
        page = browser.open(f"{ROOT}account-lists/new/").press("Đọc thử tệp", file=upload(b"%PDF-1.7", "x.xlsx"))

        assert page.status == 422
        assert "PDF" in page.error_beside("file")
        assert not AccountImport.objects.exists()

    def test_a_table_that_cannot_be_read_says_why_on_its_page(self, browser: Browser, payroll: Payroll) -> None:
        page = browser.open(f"{ROOT}account-lists/new/").press(
            "Đọc thử tệp", file=upload(workbook(GOOD, heads=HEADS[:4]), "x.xlsx")
        )
        page = read_what_was_loaded(browser, page)

        assert "thiếu cột" in page.words
        assert "Nạp tệp khác" in page.links()
        assert len(browser.open(f"{ROOT}account-lists/?state=refused").rows()) == 1

    def test_the_template_reads_back(self, browser: Browser, payroll: Payroll) -> None:
        answer = browser.get(f"{ROOT}account-lists/template.xlsx")

        page = browser.open(f"{ROOT}account-lists/new/").press("Đọc thử tệp", file=upload(answer.content, "mau.xlsx"))
        page = read_what_was_loaded(browser, page)

        assert len(page.rows()) == 3
        assert "không có người mang số này" in page.words
        assert "không có tổ chức mang mã này" in page.words
