"""Files that leave and answers that come back, on screen: from the release of a run to its closed books."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.ops.simulated_bank import writing
from lienthong.ops.simulated_bank.answering import BankAnswer, Booking, Wishes, answer
from lienthong.ops.simulated_bank.orders import BankOrder, read_order
from lienthong.payments.models import PayingAccount, PaymentFile, PaymentLine, PaymentRun, Statement, StatementLine
from lienthong.payments.services import importing, making_files
from lienthong.payments.states import LineState, Match, RunState
from lienthong.payments.tasks import make_files, take_in_upload
from tests.factories.payments import BANK, PayingAccountFactory, PaymentAccountFactory, PaymentRunFactory
from tests.office.payments.payroll import ANOTHER_COMMUNE, Payroll
from tests.screens import Browser, Page, enter
from tests.sheets import sheet_of, upload
from tests.world import World

pytestmark = pytest.mark.django_db

ROOT = "/office/payments/"


class Counter:
    """A run that was released, and the bank that answers it through the screens."""

    def __init__(self, payroll: Payroll, folder: Path) -> None:
        self.payroll, self.folder = payroll, folder
        self.browser = enter(payroll.accountant)
        PayingAccountFactory(bank_code=BANK)

    def released(self, *names: str) -> PaymentRun:
        for name in names:
            self.payroll.payee(name, 540_000)
        return self.payroll.released_run()

    def files(self, run: PaymentRun) -> Page:
        page = self.browser.open(f"{ROOT}runs/{run.pk}/files/")
        if "Lập tệp" not in page.buttons():
            return page
        assert page.press("Lập tệp").heading.endswith("Đang lập tệp")
        do_what_was_asked(run)
        return self.browser.open(page.path)

    def order(self, run: PaymentRun) -> BankOrder:
        page = self.files(run)
        name = next(plain for plain in page.links() if "-NH-" in plain)
        path = self.folder / "order.xml"
        path.write_bytes(b"".join(self.browser.get(page.link(name)).streaming_content))
        return read_order(path)

    def statement(self, said: BankAnswer, statement_id: str = "SK1") -> bytes:
        path = self.folder / "statement.xml"
        writing.write_statement(said, to=path, statement_id=statement_id)
        return path.read_bytes()

    def take_in(self, content: bytes, name: str = "sao-ke.xml") -> Page:
        """Send a file in; where it is not refused at once, let the job read it, and return what became of it."""
        page = self.browser.open(f"{ROOT}statements/new/").press("Nhập và đối soát", file=upload(content, name))
        if page.status != 200:
            return page
        read_what_was_sent()
        return self.browser.open(page.path)

    def strange(self, run: PaymentRun, amount: int = -1_000, text: str = "PHI CHUYEN TIEN") -> StatementLine:
        """Let the bank book something that no payment is."""
        booked = BankAnswer(self.order(run), self.payroll.world.today, 5_000_000, (Booking("", amount, text),))
        self.take_in(self.statement(booked, f"SK{Statement.objects.count() + 7}"))
        return StatementLine.objects.exclude(strange="").latest("pk")


def do_what_was_asked(run: PaymentRun) -> None:
    """Do the job of the last asking for files, twice, as it may be."""
    asked = Event.objects.filter(stream=run.stream, name="PaymentFilesAsked").latest("pk")
    make_files(event_id=asked.pk)
    make_files(event_id=asked.pk)


def read_what_was_sent() -> None:
    """Do the job of the last file that was sent in, if one was asked for, twice, as it may be."""
    asked = Event.objects.filter(name="StatementUploadAsked").latest("pk")
    take_in_upload(event_id=asked.pk)
    take_in_upload(event_id=asked.pk)


@pytest.fixture
def counter(payroll: Payroll, tmp_path: Path) -> Counter:
    return Counter(payroll, tmp_path)


class TestFiles:
    def test_from_the_released_run_to_its_closed_books(self, counter: Counter, world: World) -> None:
        run = counter.released("Nguyễn Thị Hòa", "Ma Văn Ỷ")
        assert "Còn 2 khoản chờ kết quả" in counter.browser.open(f"{ROOT}runs/{run.pk}/").follow("Khóa sổ").words
        page = counter.browser.open(f"{ROOT}runs/{run.pk}/").follow("Tệp cho ngân hàng")
        assert page.lead == "2 khoản chưa có tệp"
        said = answer(counter.order(run), Wishes(rejected=0, returned=0), on=world.today)
        assert "đủ mọi khoản" in counter.files(run).lead

        page = counter.take_in(counter.statement(said))
        assert "Đã đối soát 2 dòng: 2 đã nhận" in page.lead
        page = page.follow("Xem sao kê SK1")
        assert page.heading.endswith("Sao kê SK1")
        assert [row[4] for row in page.rows()] == ["Theo mã tham chiếu"] * 2
        assert "không có gì thay đổi" in counter.take_in(counter.statement(said)).lead
        assert Statement.objects.count() == 1

        page = counter.browser.open(f"{ROOT}runs/{run.pk}/").follow("Khóa sổ")
        assert "Mọi khoản đã có kết quả." in page.words
        page.press("Khóa sổ")
        run.refresh_from_db()
        assert run.state == RunState.CLOSED
        line = PaymentLine.objects.filter(run=run).first()
        assert line is not None
        assert "SK1" in counter.browser.open(f"{ROOT}lines/{line.pk}/").words

    def test_nothing_leaves_before_the_release(self, counter: Counter, payroll: Payroll) -> None:
        payroll.payee()
        run = payroll.prepared_run()

        page = counter.browser.open(f"{ROOT}runs/{run.pk}/files/")

        assert "chỉ lập được sau khi đợt được duyệt" in page.lead
        assert "Lập tệp" not in page.buttons()
        assert counter.browser.send(f"{ROOT}runs/{run.pk}/files/", {}).status == 422

    def test_without_an_account_of_the_province_it_says_what_to_do(self, counter: Counter) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        PayingAccount.objects.all().delete()

        page = counter.files(run)

        assert "Chưa có tài khoản chi nào" in page.words
        assert "Lập tệp" in page.buttons()
        PayingAccountFactory(bank_code=BANK)
        assert "đủ mọi khoản" in counter.files(run).lead

    def test_pressed_twice_makes_nothing_twice(self, counter: Counter) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        address = f"{ROOT}runs/{run.pk}/files/"
        page = counter.browser.open(address)

        first, second = page.press("Lập tệp"), page.press("Lập tệp")

        assert first.heading == second.heading
        assert "0 %" in second.words
        assert Event.objects.filter(name="PaymentFilesAsked").count() == 1
        do_what_was_asked(run)
        assert PaymentFile.objects.filter(run=run).count() == 1
        page.press("Lập tệp")
        do_what_was_asked(run)
        assert PaymentFile.objects.filter(run=run).count() == 1

    def test_what_breaks_ends_with_a_sentence_and_may_be_asked_for_again(
        self, counter: Counter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        page = counter.browser.open(f"{ROOT}runs/{run.pk}/files/")
        page.press("Lập tệp")
        with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
            broken.setattr(making_files, "export_run", lambda *args, **options: 1 // 0)
            do_what_was_asked(run)

        page = counter.browser.open(page.path)

        assert "Có lỗi khi lập tệp" in page.words
        assert "đủ mọi khoản" in counter.files(run).lead

    def test_a_commune_has_its_own_list_and_no_file_of_a_bank(
        self, counter: Counter, payroll: Payroll, world: World
    ) -> None:
        PaymentAccountFactory(person=payroll.payee("Hoàng Văn Sa", 500_000, account=False), cash=True)
        run = counter.released("Nguyễn Thị Hòa")
        everything = counter.files(run)
        assert len(everything.rows()) == 3
        assert len(sheet_of(counter.browser.get(f"{everything.path}?format=xlsx"))) == 4
        assert len(everything.follow("Tiền mặt").rows()) == 2
        transfer = next(one for one in everything.links() if "-NH-" in one)

        commune = enter(world.officer(Role.PROCESSOR))

        page = commune.open(everything.path)
        assert len(page.rows()) == 2
        assert commune.get(page.link(page.links()[page.links().index(page.rows()[0][0].split()[0])])).status_code == 200
        assert commune.open(everything.link(transfer)).status == 404
        assert enter(world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)).open(everything.path).rows() == []


class TestStatements:
    def test_are_listed_narrowed_and_exported(self, counter: Counter, queries_of: Any) -> None:
        assert "Chưa nhập sao kê nào" in counter.browser.open(f"{ROOT}statements/").words
        run = counter.released("Nguyễn Thị Hòa")
        counter.strange(run)

        page = counter.browser.open(f"{ROOT}statements/")
        assert len(page.rows()) == 1
        assert len(counter.browser.open(f"{ROOT}statements/?waiting=yes&kind=camt053").rows()) == 1
        assert counter.browser.open(f"{ROOT}statements/?kind=mt940").rows() == []
        assert len(sheet_of(counter.browser.get(f"{ROOT}statements/?format=xlsx"))) == 2
        few = queries_of(counter.browser, f"{ROOT}statements/")
        counter.strange(run)
        assert queries_of(counter.browser, f"{ROOT}statements/") == few <= 13

    @pytest.mark.parametrize(
        ("content", "name", "says"),
        [
            (b"%PDF-1.7", "sao-ke.xml", ""),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>', "sao-ke.xml", ""),
        ],
    )
    def test_what_is_no_statement_is_refused_beside_its_field(
        self, counter: Counter, content: bytes, name: str, says: str
    ) -> None:
        page = counter.take_in(content, name)

        assert page.status == 422
        assert says in page.error_beside("file")
        assert page.error_beside("file").startswith("Lỗi: ")
        assert not Statement.objects.exists()

    def test_one_that_does_not_add_up_is_refused_and_nothing_is_stored(self, counter: Counter, world: World) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        content = counter.statement(answer(counter.order(run), Wishes(rejected=0, returned=0), on=world.today))

        page = counter.take_in(content.replace(b'<Amt Ccy="VND">540000', b'<Amt Ccy="VND">540001', 1))

        assert "Không nhận" in page.words
        assert "Chưa nhập gì từ tệp này" in page.words
        assert not Statement.objects.exists()
        assert set(PaymentLine.objects.filter(run=run).values_list("state", flat=True)) == {LineState.SENT}
        refused = counter.browser.open(f"{ROOT}statements/files/?state=refused")
        assert [row[1] for row in refused.rows()] == ["Không nhận"]
        assert counter.browser.open(f"{ROOT}statements/files/?state=taken").rows() == []
        assert "không khớp" in sheet_of(counter.browser.get(f"{ROOT}statements/files/?format=xlsx"))[1][3]

    def test_a_file_that_is_read_says_how_far_it_is_and_what_stopped_is_read_again(
        self, counter: Counter, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        content = counter.statement(answer(counter.order(run), Wishes(rejected=0, returned=0), on=world.today))
        page = counter.browser.open(f"{ROOT}statements/new/").press("Nhập và đối soát", file=upload(content, "a.xml"))
        assert page.heading.endswith("Đang đọc và đối soát")
        assert "Chờ đọc tệp: 0 %" in page.words
        assert "Bạn có thể rời trang này" in page.words
        assert "Đọc lại" not in page.buttons()
        with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
            broken.setattr(importing, "write_answer", lambda *args, **options: 1 // 0)
            read_what_was_sent()
        page = counter.browser.open(page.path)
        assert "Có lỗi khi đọc tệp" in page.lead

        page.press("Đọc lại")
        read_what_was_sent()

        assert "1 đã nhận" in counter.browser.open(page.path).lead

    def test_the_page_asks_a_fixed_number_of_questions(self, counter: Counter, world: World, queries_of: Any) -> None:
        run = counter.released(*[f"Ma Văn {name}" for name in ("An", "Bình", "Chi", "Dung", "Em")])
        counter.take_in(counter.statement(answer(counter.order(run), Wishes(rejected=0, returned=0), on=world.today)))
        statement = Statement.objects.get()

        assert queries_of(counter.browser, f"{ROOT}statements/{statement.pk}/") <= 14
        assert len(sheet_of(counter.browser.get(f"{ROOT}statements/{statement.pk}/?format=xlsx"))) == 6
        assert counter.browser.open(f"{ROOT}statements/{statement.pk}/?match=strange").rows() == []


class TestStrangeLines:
    def test_one_person_proposes_and_another_confirms(self, counter: Counter, payroll: Payroll) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        line = counter.strange(run, amount=-540_000, text="CHI TAY NGUYEN THI HOA")
        payment = PaymentLine.objects.get(run=run)
        from lienthong.payments.line_keys import key_of

        page = counter.browser.open(f"{ROOT}strange/").follow("SK")
        assert page.press("Đề nghị xử lý").status == 422
        page = page.press("Đề nghị xử lý", resolution="paid", key="LT00000000000000", reason="Theo chứng từ")
        assert "Không có khoản chi mã" in page.error_beside("key")
        page = page.press("Đề nghị xử lý", resolution="paid", key=key_of(payment.pk), reason="Theo chứng từ ngân hàng")
        assert "người khác phải xác nhận" in page.words

        head = enter(payroll.officer(Role.DIVISION_HEAD))
        page = head.open(f"{ROOT}strange/?stage=proposed").follow("SK").press("Xác nhận")

        line.refresh_from_db()
        payment.refresh_from_db()
        assert (line.match, payment.state) == (Match.BY_HAND, LineState.PAID)
        assert "Do cán bộ khớp" in page.words

    def test_a_proposal_is_sent_back_and_what_is_not_ours_is_settled_at_once(
        self, counter: Counter, payroll: Payroll
    ) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        line = counter.strange(run)
        address = f"{ROOT}strange/{line.pk}/"
        payment = PaymentLine.objects.get(run=run)
        from lienthong.payments.line_keys import key_of

        counter.browser.open(address).press(
            "Đề nghị xử lý", resolution="noted", key=key_of(payment.pk), reason="Phí của khoản"
        )
        head = enter(payroll.officer(Role.DIVISION_HEAD))
        assert head.open(address).press("Trả lại đề nghị").status == 422
        page = head.open(address).press("Trả lại đề nghị", **{"decline-reason": "Đây là phí của ngân hàng"})
        page = page.press("Đề nghị xử lý", resolution="not_ours", reason="Phí chuyển tiền của ngân hàng")

        assert "Không thuộc chi trả" in page.words
        assert "Mọi dòng sao kê đã rõ" in head.open(f"{ROOT}strange/").words

    def test_a_difference_is_seen_before_and_after_it_is_confirmed_and_two_people_close_it(
        self, counter: Counter, payroll: Payroll
    ) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        payment = PaymentLine.objects.get(run=run)
        line = counter.strange(run, amount=-payment.net - 3_300)
        address = f"{ROOT}strange/{line.pk}/"
        from lienthong.payments.line_keys import key_of

        page = counter.browser.open(address).press(
            "Đề nghị xử lý", resolution="paid", key=key_of(payment.pk), reason="Ngân hàng thu phí cùng lệnh"
        )
        assert "Ra khỏi tài khoản chi thừa 3.300" in page.words.replace("\u00a0", " ")
        head = enter(payroll.officer(Role.DIVISION_HEAD))
        page = head.open(address).press("Xác nhận")
        assert "Ra khỏi tài khoản chi thừa 3.300" in page.words
        assert "chờ ngân hàng trả lại" in head.open(f"{ROOT}lines/{payment.pk}/").words
        listed = head.open(f"{ROOT}strange/?stage=different")
        assert "1 khoản chi còn chênh lệch với ngân hàng" in listed.lead
        assert len(listed.rows()) == 1
        home = counter.browser.open(ROOT)
        assert len(home.follow("1 khoản chi còn chênh lệch với ngân hàng").rows()) == 1

        assert page.press("Đề nghị đóng chênh lệch").status == 422
        page = page.press("Đề nghị đóng chênh lệch", **{"close-reason": "Sở chịu phí theo hợp đồng"})
        assert "người khác phải xác nhận" in page.words
        assert "đang chờ người thứ hai" in head.open(address).press(
            "Đề nghị đóng chênh lệch", **{"close-reason": "Sở chịu phí theo hợp đồng"}
        ).words  # fmt: skip
        counter.browser.open(page.path).press("Xác nhận")

        assert "Đề nghị đóng chênh lệch" not in head.open(address).buttons()
        assert head.open(f"{ROOT}strange/?stage=different").rows() == []

    def test_what_comes_in_is_set_aside_by_two_people(self, counter: Counter, payroll: Payroll) -> None:
        line = counter.strange(counter.released("Nguyễn Thị Hòa"), amount=11_000)
        address = f"{ROOT}strange/{line.pk}/"

        page = counter.browser.open(address).press(
            "Đề nghị xử lý", resolution="not_ours", reason="Lãi tiền gửi của tài khoản"
        )
        assert "người khác phải xác nhận" in page.words
        page = enter(payroll.officer(Role.DIVISION_HEAD)).open(address).press("Xác nhận")

        line.refresh_from_db()
        assert line.match == Match.NOT_OURS
        assert page.press("Mở lại dòng").status == 422
        page = page.press("Mở lại dòng", **{"reopen-reason": "Đây là tiền hoàn trả"})
        assert "Đề nghị xử lý" in page.buttons()

    def test_list_narrows_and_exports(self, counter: Counter, queries_of: Any, payroll: Payroll) -> None:
        run = counter.released("Nguyễn Thị Hòa")
        counter.strange(run)

        assert len(counter.browser.open(f"{ROOT}strange/?why=unknown").rows()) == 1
        assert counter.browser.open(f"{ROOT}strange/?why=partial").rows() == []
        assert len(counter.browser.open(f"{ROOT}strange/?q=phi").rows()) == 1
        assert len(sheet_of(counter.browser.get(f"{ROOT}strange/?format=xlsx"))) == 2
        few = queries_of(counter.browser, f"{ROOT}strange/")
        counter.strange(run)
        assert queries_of(counter.browser, f"{ROOT}strange/") == few <= 13
        leader = enter(payroll.officer(Role.LEADER)).open(f"{ROOT}strange/").follow("SK")
        assert "Đề nghị xử lý" not in leader.buttons()


class TestCollected:
    @pytest.fixture
    def run(self, counter: Counter, payroll: Payroll) -> PaymentRun:
        for name in ("Hoàng Văn Sa", "Lý Thị Pà"):
            PaymentAccountFactory(person=payroll.payee(name, 500_000, account=False), cash=True)
        PaymentAccountFactory(
            person=payroll.payee("Ma Văn Ỷ", 500_000, account=False, commune=ANOTHER_COMMUNE), cash=True
        )
        return payroll.released_run()

    def test_an_officer_ticks_who_came(self, run: PaymentRun, world: World) -> None:
        first, second = (
            PaymentLine.objects.filter(run=run).exclude(person__full_name="Ma Văn Ỷ").order_by("person__sort_key")
        )
        page = enter(world.officer(Role.PROCESSOR)).open(f"{ROOT}runs/{run.pk}/collected/")
        assert len(page.rows()) == 2
        assert "Chưa chọn người nào" in " ".join(page.press("Ghi kết quả của trang này").errors)

        page = page.press(
            "Ghi kết quả của trang này", **{f"line-{first.pk}": "paid", f"line-{second.pk}": "uncollected"},
            reason="Đi vắng",
        )  # fmt: skip

        assert "Đã ghi 1 khoản đã nhận, 1 khoản chưa nhận" in page.notices
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state, second.why) == (LineState.PAID, LineState.UNCOLLECTED, "Đi vắng")
        assert "Không có khoản nào chờ kết quả" in page.words

    def test_the_line_of_another_commune_is_refused_in_words(self, run: PaymentRun, world: World) -> None:
        strange = PaymentLine.objects.get(run=run, person__full_name="Ma Văn Ỷ")
        page = enter(world.officer(Role.PROCESSOR)).open(f"{ROOT}runs/{run.pk}/collected/")

        page = page.press("Ghi kết quả của trang này", **{f"line-{strange.pk}": "paid"})

        assert page.status == 422
        assert "do xã khác chi trả" in " ".join(page.errors)

    def test_the_payers_sheet_is_taken_in_once(self, counter: Counter, run: PaymentRun, world: World) -> None:
        from io import BytesIO

        import openpyxl

        page = counter.files(run)
        name = next(one for one in page.links() if one.endswith("-001-KQ"))
        book = openpyxl.load_workbook(BytesIO(b"".join(counter.browser.get(page.link(name)).streaming_content)))
        sheet = book.active
        places = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, places["Kết quả"]).value = "Đã nhận"
            sheet.cell(row, places["Ngày nhận"]).value = date(2026, 11, 16)
        buffer = BytesIO()
        book.save(buffer)
        address = f"{ROOT}runs/{run.pk}/collected/"

        page = counter.browser.open(address).press("Nhập kết quả", file=upload(buffer.getvalue(), "kq.xlsx"))
        assert "khoản đã nhận" in page.notices, page.errors
        page = counter.browser.open(address).press("Nhập kết quả", file=upload(buffer.getvalue(), "kq.xlsx"))
        assert "không có gì thay đổi" in page.notices
        page = counter.browser.open(address).press("Nhập kết quả", file=upload(b"%PDF", "kq.xlsx"))
        assert page.status == 422

    def test_a_run_that_is_not_released_or_closed_takes_no_results(
        self, run: PaymentRun, counter: Counter, world: World
    ) -> None:
        address = f"{ROOT}runs/{run.pk}/collected/"
        assert "Nhập kết quả" in counter.browser.open(address).buttons()
        closing = {"closed_by": counter.payroll.accountant, "closed_at": world.now}
        for state in ({"state": RunState.CLOSED, **closing}, {"state": RunState.APPROVED}):
            PaymentRun.objects.filter(pk=run.pk).update(**state)
            buttons = counter.browser.open(address).buttons()
            assert "Nhập kết quả" not in buttons
            assert "Ghi kết quả của trang này" not in buttons

    def test_an_auditor_sees_and_ticks_nothing(self, run: PaymentRun, world: World) -> None:
        page = enter(world.officer(Role.AUDITOR)).open(f"{ROOT}runs/{run.pk}/collected/")

        assert len(page.rows()) == 2
        assert "Ghi kết quả của trang này" not in page.buttons()


class TestPayingAccounts:
    def test_are_recorded_approved_and_ended(self, payroll: Payroll) -> None:
        accountant, leader = enter(payroll.accountant), enter(payroll.officer(Role.LEADER))
        page = accountant.open(f"{ROOT}paying-accounts/")
        assert "Chưa có tài khoản chi nào" in page.words
        page = page.follow("Ghi tài khoản chi")
        assert page.press("Ghi tài khoản chi").status == 422
        page = page.press("Ghi tài khoản chi", bank_code=BANK, number="111000222333", holder_name="SO Y TE")
        assert "Lãnh đạo duyệt rồi mới chi" in page.notices
        assert not [one for one in page.links() if one.startswith("Duyệt")]

        page = leader.open(f"{ROOT}paying-accounts/").follow("Duyệt").press("Duyệt tài khoản chi")
        account = PayingAccount.objects.get()
        assert account.approved_at is not None
        page = page.follow("Thôi dùng")
        assert page.press(
            "Thôi dùng tài khoản chi", valid_until_day="1", valid_until_month="1", valid_until_year="2026"
        ).status == 422  # fmt: skip
        page.press("Thôi dùng tài khoản chi", valid_until_day="1", valid_until_month="12", valid_until_year="2026")

        account.refresh_from_db()
        assert account.valid_until == date(2026, 12, 1)
        assert len(sheet_of(leader.get(f"{ROOT}paying-accounts/?format=xlsx"))) == 2

    def test_are_nothing_for_a_commune(self, world: World, payroll: Payroll) -> None:
        browser: Browser = enter(world.officer(Role.LEADER))
        run = PaymentRunFactory(released=True)

        for address in ("paying-accounts/", "statements/", "strange/", "statements/new/"):
            assert browser.open(f"{ROOT}{address}").status == 404
        assert browser.open(f"{ROOT}runs/{run.pk}/files/").status == 200
