"""Closing, accounts, budgets, complaints and overpayments at the terminal: the verbs and refusals of the screens."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from lienthong.accounts.states import Role
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import Budget, Overpayment, PaymentAccount, PaymentComplaint, PaymentRun
from lienthong.payments.states import ComplaintState, LineState, OverpaymentState, RunState
from tests.factories.payments import OverpaymentFactory, PaymentAccountFactory, PaymentComplaintFactory
from tests.factories.people import OrganizationFactory
from tests.payments.house import NOVEMBER, House

pytestmark = pytest.mark.django_db
Told = Callable[..., tuple[int, str]]
NUMBER = "019154000001"
TAX_CODE, ANOTHER_TAX_CODE = "4600123459", "4600123466"


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], house: House, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Return a function that runs the command and gives its code and its words; the clock is the house's."""
    monkeypatch.setattr(timezone, "now", house.later)

    def run(*arguments: str) -> tuple[int, str]:
        try:
            call_command("payroll", *arguments)
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().err
        return 0, capsys.readouterr().out

    return run


def test_a_month_is_closed_when_every_line_was_answered(house: House, told: Told) -> None:
    house.owe(house.person(), 500_000)
    run, who = house.pay(), ("--as", house.accountant.username)
    code, words = told("close", "11/2026", *who)
    assert (code, "Còn 1 khoản chưa có kết quả" in words) == (2, True)
    for line in house.lines(run):
        house.answer(line, LineState.PAID)

    assert told("close", "11/2026", *who) == (0, "✓ Đợt 1 tháng 11/2026 đã khóa sổ: 1 khoản, 500.000 đồng.\n")

    assert PaymentRun.objects.get().state == RunState.CLOSED
    code, words = told("close", "11/2026", *who)
    assert (code, "đã khóa sổ nên chưa thể khóa sổ" in words) == (2, True)
    assert json.loads(told("runs", "--json", *who)[1])[0]["state"] == "closed"


class TestAccounts:
    def test_is_recorded_followed_and_ended(self, house: House, told: Told) -> None:
        house.person(account=False, full_name="Nguyễn Thị Hòa", personal_id_number=NUMBER)
        who = ("--as", house.accountant.username)
        assert "chưa có nơi nhận tiền" in told("account", "show", NUMBER, *who)[1]

        place = ("--bank", "Agribank", "--account", "0071001234567", "--holder", "NGUYEN THI HOA")
        code, words = told("account", "add", NUMBER, *place, *who)
        assert (code, words) == (
            0,
            f"✓ Nguyễn Thị Hòa: tài khoản ngân hàng Agribank 0071001234567 từ {house.now:%d/%m/%Y}; chờ người thứ hai xác nhận\n",
        )
        assert "người thứ hai phải xác nhận" in told("account", "confirm", NUMBER, "--reason", "Đã hỏi", *who)[1]
        second = ("--as", house.another_accountant.username)
        code, words = told("account", "confirm", NUMBER, "--reason", "Đã hỏi ngân hàng", *second)
        assert (code, words.endswith("; chi được\n")) == (0, True)
        assert told("account", "confirm", NUMBER, "--reason", "Đã hỏi ngân hàng", *second)[0] == 2
        (kept,) = json.loads(told("account", "show", NUMBER, "--json", *who)[1])
        assert (kept["bank"], kept["number"], kept["payable"]) == ("970405", "0071001234567", True)
        assert told("account", "add", NUMBER, *place, *who)[0] == 2
        assert "không có gì thay đổi" in told("account", "add", NUMBER, *place, *who)[1]

        code, words = told("account", "end", NUMBER, "--on", "31/12/2026", "--reason", "Đổi ngân hàng", *who)
        assert (code, "đến trước 31/12/2026" in words) == (0, True)
        assert PaymentAccount.objects.get().valid_until == date(2026, 12, 31)

    def test_of_an_organisation_is_recorded_by_its_tax_code(self, house: House, told: Told) -> None:
        OrganizationFactory(name="Trung tâm Bảo trợ xã hội tỉnh", tax_code=TAX_CODE, unit=house.unit)
        who = ("--as", house.accountant.username)
        place = ("--bank", "Agribank", "--account", "0071001234567", "--holder", "TRUNG TAM BAO TRO XA HOI TINH")

        assert told("account", "add", TAX_CODE, *place, *who)[0] == 0
        second = ("--as", house.another_accountant.username)
        assert told("account", "confirm", TAX_CODE, "--reason", "Đã hỏi ngân hàng", *second)[0] == 0
        (kept,) = json.loads(told("account", "show", TAX_CODE, "--json", *who)[1])

        assert (kept["number"], kept["payable"]) == ("0071001234567", True)
        assert "5406540000" in told("account", "vietqr", TAX_CODE, "--amount", "540.000", *who)[1]
        assert told("account", "end", TAX_CODE, "--on", "31/12/2026", *who)[0] == 0
        words = told("account", "show", ANOTHER_TAX_CODE, *who)[1]
        assert f"Không có tổ chức mang mã số thuế {ANOTHER_TAX_CODE}" in words

    def test_gives_the_code_of_the_account_in_use(self, house: House, told: Told, tmp_path: Path) -> None:
        person = house.person(account=False, personal_id_number=NUMBER)
        who = ("--as", house.accountant.username)
        assert "hiện không có nơi nhận tiền" in told("account", "vietqr", NUMBER, *who)[1]
        account = PaymentAccountFactory(person=person)

        code, words = told("account", "vietqr", NUMBER, "--amount", "540.000", "--to", str(tmp_path / "qr.svg"), *who)

        assert code == 0
        assert account.number in words and "5406540000" in words
        assert (tmp_path / "qr.svg").read_text(encoding="utf-8").startswith("<svg")
        assert "Số tiền của mã VietQR" in told("account", "vietqr", NUMBER, "--amount", "0", *who)[1]

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("account",), "Chưa nêu việc của account"),
            (("account", "show", "19154000001", "--as", "ACCOUNTANT"), "cần 12 chữ số"),
            (("account", "show", "019154009999", "--as", "ACCOUNTANT"), "Không có người mang số 019154009999"),
            (("account", "add", NUMBER, "--channel", "bồ câu", "--as", "ACCOUNTANT"), "Không có hình thức “bồ câu”"),
            (("account", "add", NUMBER, "--bank", "Sao Hỏa", "--as", "ACCOUNTANT"), "Không biết ngân hàng “Sao Hỏa”"),
            (("account", "add", NUMBER, "--from", "mai", "--as", "ACCOUNTANT"), "“mai” không phải một ngày"),
            (("account", "add", NUMBER, "--as", "ACCOUNTANT"), "Chưa chọn đúng ngân hàng"),
            (("account", "add", NUMBER, "--channel", "cash", "--as", "AUDITOR"), "Không có người này"),
            (("account", "show", NUMBER, "--as", "ELSEWHERE"), "ở xã, phường bạn phụ trách"),
            (("account", "show", NUMBER), "Thiếu --as"),
        ],
    )
    def test_refuses_in_words(self, house: House, told: Told, arguments: tuple[str, ...], says: str) -> None:
        house.person(account=False, personal_id_number=NUMBER)
        names = {
            "ACCOUNTANT": house.accountant.username,
            "AUDITOR": house.world.officer(Role.AUDITOR).username,
            "ELSEWHERE": house.world.officer(Role.PROCESSOR, "H55.05467").username,
        }

        code, words = told(*(names.get(one, one) for one in arguments))

        assert (code, says in words) == (2, True), words
        assert not PaymentAccount.objects.exists()


class TestBudgets:
    def test_is_set_by_one_and_approved_by_another(self, house: House, told: Told) -> None:
        accountant, leader = ("--as", house.accountant.username), ("--as", house.leader.username)
        given = ("budget", "set", "social-assistance", "IV/2026", "1.500.000", "--reference", "QĐ 12/QĐ-UBND")
        code, words = told(*given, *accountant)
        assert (code, "1.500.000 đồng cho social-assistance, quý IV/2026" in words) == (0, True)
        budget = Budget.objects.get()
        assert "đã giao dự toán" in told(*given, *accountant)[1]
        assert "chờ duyệt" in told("budget", "show", "IV/2026", *accountant)[1]
        assert told("budget", "approve", str(budget.pk), *accountant)[0] == 2

        assert told("budget", "approve", str(budget.pk), *leader)[0] == 0

        (shown,) = json.loads(told("budget", "show", "4/2026", "--json", *leader)[1])
        assert (shown["given"], shown["taken"], shown["left"]) == (1_500_000, 0, 1_500_000)
        assert "Dự toán này đã duyệt" in told("budget", "withdraw", str(budget.pk), *accountant)[1]

    def test_what_nobody_approved_is_withdrawn(self, house: House, told: Told) -> None:
        who = ("--as", house.accountant.username)
        told("budget", "set", "social-assistance", "IV/2026", "1000000", "--reference", "QĐ 12", *who)

        assert told("budget", "withdraw", str(Budget.objects.get().pk), "--reason", "Ghi nhầm", *who)[0] == 0

        assert not Budget.objects.exists()

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("set", "bưu chính", "IV/2026", "1", "--reference", "x", "--as", "ACCOUNTANT"), "Không có chương trình"),
            (("set", "social-assistance", "5/2026", "1", "--reference", "x", "--as", "ACCOUNTANT"), "một quý"),
            (("set", "social-assistance", "IV/2026", "1,5", "--reference", "x", "--as", "ACCOUNTANT"), "không đọc được"),
            (("set", "social-assistance", "IV/2026", "0", "--reference", "x", "--as", "ACCOUNTANT"), "phải khác 0"),
            (("set", "social-assistance", "IV/2026", "1", "--as", "ACCOUNTANT"), "Thiếu --reference"),
            (("set", "social-assistance", "IV/2026", "1", "--reference", "x", "--as", "HEAD"), "không phụ trách dự toán"),
            (("approve", "7", "--as", "LEADER"), "Không có số này"),
            (("show", "--as", "COMMUNE"), "Chỉ cán bộ chi trả của tỉnh"),
        ],
    )  # fmt: skip
    def test_refuses_in_words(self, house: House, told: Told, arguments: tuple[str, ...], says: str) -> None:
        names = {
            "ACCOUNTANT": house.accountant.username, "HEAD": house.head.username, "LEADER": house.leader.username,
            "COMMUNE": house.world.officer(Role.PROCESSOR).username,
        }  # fmt: skip

        code, words = told("budget", *(names.get(one, one) for one in arguments))

        assert (code, says in words) == (2, True), words
        assert not Budget.objects.exists()


class TestComplaints:
    def test_is_opened_listed_and_answered(self, house: House, told: Told) -> None:
        person = house.person(full_name="Nguyễn Thị Hòa", personal_id_number=NUMBER)
        house.owe(person, 500_000)
        (line,) = house.lines(house.pay())
        who = ("--as", house.world.officer(Role.PROCESSOR).username)

        code, words = told("complaint", "open", NUMBER, "--text", "Chưa nhận được", "--line", key_of(line.pk), *who)
        assert (code, "của Nguyễn Thị Hòa" in words) == (0, True)
        (listed,) = json.loads(told("complaint", "list", "--json", *who)[1])
        assert (listed["text"], listed["line"], listed["state"]) == ("Chưa nhận được", key_of(line.pk), "open")

        assert told("complaint", "answer", str(listed["id"]), "--text", "Tiền về ngày mai.", *who)[0] == 0

        assert PaymentComplaint.objects.get().state == ComplaintState.ANSWERED
        assert told("complaint", "list", *who)[1] == "0 phản ánh.\n"
        assert "đã trả lời: Chưa nhận được" in told("complaint", "list", "--state", "all", *who)[1]
        assert "không làm được thao tác đó" in told("complaint", "answer", str(listed["id"]), "--text", "x", *who)[1]

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("open", NUMBER, "--as", "HERE"), "Hãy ghi điều cần phản ánh"),
            (("open", NUMBER, "--text", "a", "--line", "LT1", "--as", "HERE"), "không phải mã dòng chi"),
            (("open", NUMBER, "--text", "a", "--line", key_of(99), "--as", "HERE"), "không phải của người được chọn"),
            (("list", "--state", "mới", "--as", "HERE"), "Không có trạng thái “mới”"),
            (("answer", "ID", "--text", "a", "--as", "ELSEWHERE"), "Không có số này"),
        ],
    )
    def test_refuses_in_words(self, house: House, told: Told, arguments: tuple[str, ...], says: str) -> None:
        person = house.person(personal_id_number=NUMBER)
        complaint = PaymentComplaintFactory(person=person, unit=house.unit)
        names = {
            "HERE": house.world.officer(Role.PROCESSOR).username, "ID": str(complaint.pk),
            "ELSEWHERE": house.world.officer(Role.PROCESSOR, "H55.05467").username,
        }  # fmt: skip

        code, words = told("complaint", *(names.get(one, one) for one in arguments))

        assert (code, says in words) == (2, True), words
        assert PaymentComplaint.objects.count() == 1


class TestOverpayments:
    def test_is_listed_and_settled_by_the_paper_that_says_so(self, house: House, told: Told) -> None:
        house.owe(house.person(), 500_000)
        row = OverpaymentFactory(person=house.person(), run=house.pay(NOVEMBER), amount=300_000)
        who = ("--as", house.accountant.username)
        assert "1 khoản, 300.000 đồng." in told("overpayment", "list", *who)[1]
        commune = house.world.officer(Role.PROCESSOR).username
        assert "Chỉ kế toán" in told("overpayment", "settle", str(row.pk), "--paper", "PT 1", "--as", commune)[1]
        assert "Thiếu --paper" in told("overpayment", "settle", str(row.pk), *who)[1]

        code, words = told("overpayment", "settle", str(row.pk), "--paper", "PT 07 ngày 16/11/2026", *who)

        assert (code, "PT 07" in words, "Chờ người thứ hai" in words) == (0, True, True)
        second = ("--as", house.another_accountant.username)
        assert "người thứ hai phải xác nhận" in told("overpayment", "confirm", str(row.pk), *who)[1]
        assert told("overpayment", "refuse", str(row.pk), "--reason", "Kho bạc chưa nhận", *second)[0] == 0
        assert "Chưa ai đề nghị" in told("overpayment", "confirm", str(row.pk), *second)[1]
        assert told("overpayment", "settle", str(row.pk), "--paper", "PT 07 ngày 16/11/2026", *who)[0] == 0
        assert "Đã xác nhận" in told("overpayment", "confirm", str(row.pk), *second)[1]
        assert Overpayment.objects.get().state == OverpaymentState.SETTLED
        assert json.loads(told("overpayment", "list", "--json", *who)[1]) == []
        (settled,) = json.loads(told("overpayment", "list", "--state", "settled", "--json", *who)[1])
        assert settled["note"] == "Đã nộp lại tiền: PT 07 ngày 16/11/2026"
        assert "không còn chờ xử lý" in told("overpayment", "settle", str(row.pk), "--paper", "PT 08", *who)[1]
        assert "Không có số này" in told("overpayment", "settle", "999999", "--paper", "PT 08", *who)[1]
