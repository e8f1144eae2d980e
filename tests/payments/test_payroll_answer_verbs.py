"""What two people do with accounts, strange lines and ticks, at the terminal: the verbs and refusals of the screens."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.utils import timezone

from lienthong.ops.simulated_bank.answering import BankAnswer, Booking
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import PayingAccount, PaymentAccount, PaymentLine, PaymentRun, StatementLine
from lienthong.payments.queries.bookings import open_differences
from lienthong.payments.states import Channel, LineState, Match, NameCheck, Resolution
from tests.factories.payments import PaymentAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import House
from tests.payments.test_double_debits import book, settle

pytestmark = pytest.mark.django_db
Told = Callable[..., tuple[int, str]]
NUMBER = "019154000001"


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


def as_(user: object) -> tuple[str, str]:
    return "--as", user.username  # type: ignore[attr-defined]


class TestHolders:
    def account(self, house: House, told: Told, holder: str) -> PaymentAccount:
        house.person(account=False, full_name="Nguyễn Thị Hòa", personal_id_number=NUMBER)
        place = ("--bank", "Agribank", "--account", "0071001234567", "--holder", holder)
        assert told("account", "add", NUMBER, *place, *as_(house.accountant))[0] == 0
        return PaymentAccount.objects.get()

    def test_a_similar_name_is_confirmed_by_a_second_person(self, house: House, told: Told) -> None:
        account = self.account(house, told, "NGUYEN THI HOAN")
        assert account.name_check == NameCheck.SIMILAR
        reason = ("--reason", "Đã xem căn cước ngày 16/11/2026")
        code, words = told("account", "confirm", NUMBER, *reason, *as_(house.accountant))
        assert code == 2, words

        code, words = told("account", "confirm", NUMBER, *reason, *as_(house.another_accountant))

        assert (code, words.endswith("; chi được\n")) == (0, True), words
        account.refresh_from_db()
        assert account.confirmed_by == house.another_accountant

    def test_the_bank_names_another_holder(self, house: House, told: Told) -> None:
        self.account(house, told, "TRAN VAN TEO")
        assert told("account", "check", NUMBER, *as_(house.another_accountant))[0] == 2

        code, words = told("account", "check", NUMBER, "--holder", "NGUYEN THI HOA", *as_(house.another_accountant))

        assert (code, "chi được" in words) == (0, True), words


class TestOneOfSeveralPlaces:
    """What is meant where an account waits beside one in use."""

    @pytest.fixture
    def places(self, house: House) -> tuple[PaymentAccount, PaymentAccount]:
        person = house.person(account=False, full_name="Nguyễn Thị Hòa", personal_id_number=NUMBER)
        similar = {"holder_name": "NGUYEN THI HOAN", "name_check": NameCheck.SIMILAR, "confirmed_at": house.now}
        used = PaymentAccountFactory(person=person, number="0071001234567", confirmed_by=house.head, **similar)
        return used, PaymentAccountFactory(
            person=person, number="888800001111", unverified=True, valid_from=house.now.date()
        )

    def test_what_the_bank_answers_is_of_the_one_that_waits(
        self, house: House, told: Told, places: tuple[PaymentAccount, PaymentAccount]
    ) -> None:
        used, waiting = places

        code, words = told("account", "check", NUMBER, "--holder", "TRAN VAN TEO", *as_(house.accountant))

        assert (code, "888800001111" in words) == (0, True), words
        used.refresh_from_db()
        waiting.refresh_from_db()
        assert (used.holder_name, used.confirmed_by, used.valid_until) == ("NGUYEN THI HOAN", house.head, None)
        assert (waiting.holder_name, waiting.name_check) == ("TRAN VAN TEO", NameCheck.DIFFERENT)

    def test_of_two_that_wait_the_one_that_is_named_is_confirmed(self, house: House, told: Told) -> None:
        person = house.person(account=False, full_name="Nguyễn Thị Hòa", personal_id_number=NUMBER)
        one, other = (
            PaymentAccountFactory(person=person, number=number, verified_at=None, verified_by=None)
            for number in ("0071001234567", "888800001111")
        )
        confirm = ("account", "confirm", NUMBER, "--reason", "Đã xem sổ", *as_(house.accountant))
        code, words = told(*confirm)
        assert (code, one.number in words, other.number in words) == (2, True, True), words

        assert told(*confirm, "--account", "34567")[0] == 0

        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.verified_by, other.verified_by) == (house.accountant, None)

    def test_ending_asks_which_and_ends_that_one(
        self, house: House, told: Told, places: tuple[PaymentAccount, PaymentAccount]
    ) -> None:
        used, waiting = places
        end = ("account", "end", NUMBER, "--reason", "Khai nhầm", *as_(house.accountant))
        for which, says in (((), "có nhiều nơi"), (("--account", "999"), "không có nơi nào là “999”")):
            code, words = told(*end, *which)
            assert (code, says in words, "0071001234567" in words, "888800001111" in words) == (2, True, True, True), (
                words
            )

        assert told(*end, "--account", "1111")[0] == 0

        used.refresh_from_db()
        waiting.refresh_from_db()
        assert (used.valid_until, waiting.valid_until is not None) == (None, True)
        assert told(*end)[0] == 0
        used.refresh_from_db()
        assert used.valid_until is not None
        assert told(*end)[0] == 2


class TestPayingAccounts:
    PLACE = ("--bank", "Agribank", "--account", "8500201000123", "--holder", "SO Y TE TINH")

    def test_is_recorded_by_one_approved_by_another_and_ended(self, house: House, told: Told) -> None:
        who, leader = as_(house.accountant), as_(house.leader)
        code, words = told("paying", "add", *self.PLACE, *who)
        account = PayingAccount.objects.get(number="8500201000123")
        assert (code, words.endswith("; chờ duyệt\n")) == (0, True), words
        assert told("paying", "approve", str(account.pk), *who)[0] == 2

        assert told("paying", "approve", str(account.pk), *leader)[0] == 0

        assert told("paying", "approve", str(account.pk), *leader)[0] == 2
        (shown,) = json.loads(told("paying", "list", "--state", "used", "--bank", "970405", "--json", *who)[1])
        assert (shown["id"], shown["approved"]) == (account.pk, True)
        assert told("paying", "end", str(account.pk), "--on", "31/12/2026", *who)[0] == 0
        account.refresh_from_db()
        assert f"{account.valid_until:%d/%m/%Y}" == "31/12/2026"

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["paying"], "Chưa nêu việc của paying"),
            (["paying", "add", "--bank", "Ngân hàng Trăng"], "Không biết ngân hàng"),
            (["paying", "list", "--state", "lost"], "Không có tình trạng"),
            (["paying", "approve", "999999"], "Không có số này"),
        ],
    )
    def test_what_cannot_be_is_said(self, house: House, told: Told, arguments: list[str], words: str) -> None:
        user = house.leader if "approve" in arguments else house.accountant
        code, said = told(*arguments, *(as_(user) if len(arguments) > 1 else ()))

        assert (code, words in said) == (2, True), said


class TestStrangeLines:
    @pytest.fixture
    def line(self, bank: BankedHouse) -> StatementLine:
        """A booking without our name, of the amount of the one payment."""
        said = bank.answer(bank.released(people=1))
        told = (Booking("", -540_000, ""),)
        bank.take_in(bank.statement(BankAnswer(said.order, said.booked_on, 9_000_000, told), "1"))
        return StatementLine.objects.exclude(strange="").get()

    def test_one_proposes_and_another_confirms(self, bank: BankedHouse, line: StatementLine, told: Told) -> None:
        payment, number = PaymentLine.objects.get(), str(line.pk)
        facts = ("--is", "paid", "--key", key_of(payment.pk), "--reason", "Ngân hàng xác nhận bằng văn bản")
        who, head = as_(bank.house.accountant), as_(bank.house.head)
        assert f"#{line.pk} " in told("strange", "list", *who)[1]
        code, words = told("strange", "propose", number, *facts, *who)
        assert (code, "người thứ hai xác nhận" in words) == (0, True), words
        assert told("strange", "confirm", number, *who)[0] == 2

        code, words = told("strange", "confirm", number, *head)

        assert code == 0, words
        line.refresh_from_db()
        payment.refresh_from_db()
        assert (line.match, payment.state) == (Match.BY_HAND, LineState.PAID)

    def test_a_proposal_is_sent_back(self, bank: BankedHouse, line: StatementLine, told: Told) -> None:
        payment, number = PaymentLine.objects.get(), str(line.pk)
        facts = ("--is", "paid", "--key", key_of(payment.pk), "--reason", "Ngân hàng xác nhận bằng văn bản")
        told("strange", "propose", number, *facts, *as_(bank.house.accountant))

        code, words = told("strange", "decline", number, "--reason", "Chưa thấy văn bản", *as_(bank.house.head))

        assert (code, "lại chờ xử lý" in words) == (0, True), words
        assert told("strange", "decline", number, "--reason", "Chưa thấy", *as_(bank.house.head))[0] == 2

    def test_a_line_that_moved_nothing_is_opened_again(
        self, bank: BankedHouse, line: StatementLine, told: Told
    ) -> None:
        number, why = str(line.pk), ("--reason", "Phí duy trì tài khoản")
        code, words = told("strange", "propose", number, "--is", "not_ours", *why, *as_(bank.house.accountant))
        assert (code, "đã xử lý" in words) == (0, True), words

        code, words = told("strange", "reopen", number, "--reason", "Nhầm dòng", *as_(bank.house.head))

        assert (code, words) == (0, f"✓ Dòng #{line.pk} lại chờ xử lý.\n")

    def test_a_difference_with_the_bank_is_closed_by_two(self, bank: BankedHouse, told: Told) -> None:
        run = bank.released(people=1)
        book(bank, run, "1", -500_000)
        settle(bank, Resolution.PAID)
        key, who = key_of(PaymentLine.objects.get().pk), as_(bank.house.accountant)
        assert f"{key}: ra khỏi tài khoản chi thiếu 40.000 đồng." in told("strange", "list", *who)[1]
        assert told("strange", "close", "LT1", "--reason", "Phí ngân hàng", *who)[0] == 2

        code, words = told("strange", "close", key, "--reason", "Đã chi bù bằng tiền mặt", *who)

        assert code == 0, words
        waiting = StatementLine.objects.filter(match=Match.NONE).get()
        assert told("strange", "confirm", str(waiting.pk), *as_(bank.house.head))[0] == 0
        assert open_differences() == {}

    def test_a_way_that_there_is_not_is_said(self, bank: BankedHouse, line: StatementLine, told: Told) -> None:
        code, words = told("strange", "propose", str(line.pk), "--is", "maybe", *as_(bank.house.accountant))

        assert (code, "not_ours" in words) == (2, True)


class TestTicks:
    @pytest.fixture
    def run(self, house: House) -> PaymentRun:
        """A released run that pays two people in cash."""
        for amount in (360_000, 540_000):
            person = house.person(account=False)
            PaymentAccountFactory(person=person, cash=True)
            house.owe(person, amount)
        return house.pay()

    def test_who_came_and_who_did_not(self, house: House, run: PaymentRun, told: Told) -> None:
        came, stayed = PaymentLine.objects.filter(channel=Channel.CASH).order_by("pk")
        keys = (key_of(came.pk), "--uncollected", key_of(stayed.pk), "--reason", "Đi vắng")

        code, words = told("tick", *keys, *as_(house.accountant))

        assert (code, words) == (0, "✓ Đã ghi 1 khoản đã nhận, 1 khoản chưa nhận.\n")
        states = dict(PaymentLine.objects.values_list("pk", "state"))
        assert states == {came.pk: LineState.PAID, stayed.pk: LineState.UNCOLLECTED}

    def test_a_mistake_is_reversed_by_another(self, house: House, run: PaymentRun, told: Told) -> None:
        line = PaymentLine.objects.order_by("pk").first()
        assert line is not None
        key, reason = key_of(line.pk), ("--reason", "Đánh dấu nhầm dòng")
        told("tick", key, *as_(house.accountant))
        assert told("reverse", key, *reason, *as_(house.accountant))[0] == 2

        code, words = told("reverse", key, *reason, *as_(house.another_accountant))

        assert code == 0, words
        line.refresh_from_db()
        assert line.state == LineState.SENT

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["tick"], "Chưa chọn người nào"),
            (["tick", "LT1"], "không phải mã dòng chi"),
            (["tick", key_of(99_999_999)], "Chưa ghi gì"),
            (["reverse", key_of(99_999_999), "--reason", "Nhầm dòng"], "Không có khoản chi này"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_changes(
        self, house: House, run: PaymentRun, told: Told, arguments: list[str], words: str
    ) -> None:
        code, said = told(*arguments, *as_(house.accountant))

        assert (code, words in said) == (2, True), said
        assert set(PaymentLine.objects.values_list("state", flat=True)) == {LineState.SENT}
