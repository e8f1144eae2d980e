"""Many accounts from a workbook: every row accounted for, written whole by a second person or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.payments.models import AccountImport, AccountImportRow, PaymentAccount
from lienthong.payments.queries import account_imports as queries
from lienthong.payments.queries.accounts import is_payable
from lienthong.payments.services import account_import as services
from lienthong.payments.states import AccountImportState, AccountRowOutcome, AccountSource, NameCheck
from lienthong.payments.tasks import read_accounts, write_accounts
from lienthong.people.models import Organization, Person
from lienthong.verification import store
from lienthong.verification.tables import TableRefused
from tests.factories.payments import PaymentAccountFactory
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db

HEADS = ("Số định danh", "Họ và tên", "Hình thức", "Ngân hàng", "Số tài khoản", "Tên chủ tài khoản")
DAY = date(2026, 11, 16)


def workbook(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS, before: int = 0) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for _row in range(before):
        sheet.append(["DANH SÁCH TÀI KHOẢN"])
    for row in (heads, *rows):
        sheet.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def load(world: World, by: User, content: bytes, name: str = "tai-khoan.xlsx") -> AccountImport:
    file = store.take_in(BytesIO(content), name=name)
    command = services.LoadAccounts(file=file, file_name=name, source=AccountSource.DECLARED, valid_from=DAY)
    return do_the_job(services.load_accounts(command, acting_user=by, now=world.now))


def do_the_job(held: AccountImport) -> AccountImport:
    """Do what was asked last, twice, as it may be."""
    asked = Event.objects.filter(stream=held.stream, name__in=("AccountsReadAsked", "AccountsWriteAsked")).latest("pk")
    job = read_accounts if asked.name == "AccountsReadAsked" else write_accounts
    job(event_id=asked.pk)
    job(event_id=asked.pk)
    held.refresh_from_db()
    return held


def commit(held: AccountImport, by: User, world: World) -> AccountImport:
    return do_the_job(services.commit_accounts(held.pk, acting_user=by, now=world.now))


@pytest.fixture
def people(world: World) -> list[Person]:
    unit = world.agency(COMMUNE).unit
    names = ("Nguyễn Thị Hòa", "Ma Văn Ỷ", "Hoàng Văn Đoàn")
    return [
        PersonFactory(full_name=name, unit=unit, personal_id_number=f"01915400000{place}")
        for place, name in enumerate(names, start=1)
    ]


@pytest.fixture
def accountant(world: World) -> User:
    return world.officer(Role.ACCOUNTANT, "H55.SYT")


GOOD = (
    ("019154000001", "Nguyễn Thị Hòa", "ngân hàng", "Agribank", "0071001234567", "NGUYEN THI HOA"),
    ("019154000002", "MA VĂN Ỷ", "ví điện tử", "MoMo", "0912345678", "MA VAN Y"),
    ("019154000003", "Hoàng Văn Đoàn", "", "970436", "00123456789", "TRAN VAN TEO"),
)


def outcomes(held: AccountImport) -> list[tuple[str, str]]:
    return list(held.rows.order_by("row_number").values_list("outcome", "reason"))


def test_every_row_is_shown_and_a_second_person_writes_them(
    world: World, people: list[Person], accountant: User
) -> None:
    held = load(world, accountant, workbook(GOOD, before=3))
    assert outcomes(held) == [(AccountRowOutcome.CREATED, "")] * 3
    assert list(held.rows.order_by("row_number").values_list("row_number", flat=True)) == [5, 6, 7]
    assert queries.account_outcomes(held)["names"] == 1
    assert not PaymentAccount.objects.exists()
    with pytest.raises(services.LoadedByYou):
        services.commit_accounts(held.pk, acting_user=accountant, now=world.now)

    commit(held, world.officer(Role.DIVISION_HEAD, "H55.SYT"), world)

    first, wallet, other = PaymentAccount.objects.order_by("person__personal_id_number")
    assert (first.number, first.bank_code, is_payable(first)) == ("0071001234567", "970405", True)
    assert (wallet.channel, wallet.number) == ("wallet", "0912345678")
    assert (other.name_check, is_payable(other)) == (NameCheck.DIFFERENT, False)
    held.refresh_from_db()
    assert held.state == AccountImportState.COMMITTED
    with pytest.raises(services.ImportMovedOn):
        services.commit_accounts(held.pk, acting_user=accountant, now=world.now)


def test_the_same_list_again_changes_nothing_and_says_so(world: World, people: list[Person], accountant: User) -> None:
    second = world.officer(Role.LEADER, "H55.SYT")
    commit(load(world, accountant, workbook(GOOD)), second, world)

    again = load(world, accountant, workbook(GOOD))

    assert {outcome for outcome, _why in outcomes(again)} == {AccountRowOutcome.UNCHANGED}
    with pytest.raises(services.NothingToWrite):
        services.commit_accounts(again.pk, acting_user=second, now=world.now)
    assert PaymentAccount.objects.count() == 3


def test_another_number_follows_the_one_in_use(world: World, people: list[Person], accountant: User) -> None:
    old = PaymentAccountFactory(person=people[0])
    held = load(world, accountant, workbook(GOOD[:1]))
    assert outcomes(held) == [(AccountRowOutcome.CHANGED, "")]

    commit(held, world.officer(Role.LEADER, "H55.SYT"), world)

    old.refresh_from_db()
    assert old.valid_until == DAY


@pytest.mark.parametrize(
    "facts",
    [
        {"holder_name": "NGUYEN THI HOA"},
        {"holder_name": "", "name_check": NameCheck.UNKNOWN},
        {"holder_name": "TRAN VAN TEO", "name_check": NameCheck.DIFFERENT, "valid_from": DAY},
        {"holder_name": "NGUYEN THI HOA", "valid_from": DAY + timedelta(days=15)},
    ],
)
def test_a_list_vouches_for_the_number_that_waits(
    world: World, people: list[Person], accountant: User, facts: dict[str, Any]
) -> None:
    second = world.officer(Role.LEADER, "H55.SYT")
    waiting = PaymentAccountFactory(
        person=people[0], bank_code="970405", number="0071001234567", verified_at=None, verified_by=None, recorded_by=second,
        **facts,
    )  # fmt: skip
    held = load(world, accountant, workbook(GOOD[:1]))
    assert outcomes(held) == [(AccountRowOutcome.CHANGED, "")]

    assert commit(held, second, world).state == AccountImportState.COMMITTED

    waiting.refresh_from_db()
    assert waiting.valid_until == max(DAY, waiting.valid_from + timedelta(days=1))
    (account,) = PaymentAccount.objects.filter(valid_until=None)
    assert (account.number, account.valid_from, is_payable(account)) == ("0071001234567", DAY, True)
    assert (account.recorded_by, account.verified_by) == (accountant, second)
    again = load(world, accountant, workbook(GOOD[:1]))
    assert outcomes(again) == [(AccountRowOutcome.UNCHANGED, "")]


def test_a_number_that_waits_for_a_later_day_does_not_stop_the_list(
    world: World, people: list[Person], accountant: User
) -> None:
    ahead = PaymentAccountFactory(person=people[0], verified_at=None, verified_by=None, valid_from=date(2026, 12, 1))
    held = load(world, accountant, workbook(GOOD[:1]))

    assert commit(held, world.officer(Role.LEADER, "H55.SYT"), world).state == AccountImportState.COMMITTED

    ahead.refresh_from_db()
    assert ahead.valid_until is None
    assert is_payable(PaymentAccount.objects.get(number="0071001234567"))


def test_an_account_in_use_from_a_later_day_stops_the_list(
    world: World, people: list[Person], accountant: User
) -> None:
    PaymentAccountFactory(person=people[0], valid_from=date(2026, 12, 1))

    ((outcome, why),) = outcomes(load(world, accountant, workbook(GOOD[:1])))

    assert (outcome, "đã có nơi nhận tiền từ ngày 01/12/2026" in why) == (AccountRowOutcome.REFUSED, True)


BAD = [
    ((19154000001, *GOOD[0][1:]), "cột “Số định danh” (A): ô là kiểu số nên số 0 ở đầu có thể đã mất"),
    (("19154000001", *GOOD[0][1:]), "cột “Số định danh” (A): Số định danh cần 12 chữ số; đang có 11"),
    (("019154009999", *GOOD[0][1:]), "không có người mang số này"),
    (("019154000001", "Trần Văn Tèo", *GOOD[0][2:]), "số định danh này là của người khác tên"),
    ((*GOOD[0][:4], 71001234567, GOOD[0][5]), "cột “Số tài khoản” (E): ô là kiểu số"),
    ((*GOOD[0][:4], "", GOOD[0][5]), "cột “Số tài khoản” (E): Chưa có số tài khoản"),
    ((*GOOD[0][:4], "7,1E+10", GOOD[0][5]), "Bảng tính đã rút gọn"),
    ((*GOOD[0][:3], "Ngân hàng Sao Hỏa", *GOOD[0][4:]), "cột “Ngân hàng” (D): không biết “Ngân hàng Sao Hỏa”"),
    ((*GOOD[0][:2], "chim bồ câu", *GOOD[0][3:]), "cột “Hình thức” (C): không có hình thức “chim bồ câu”"),
    ((*GOOD[0][:2], "ví điện tử", *GOOD[0][3:]), "Ví và tiền di động dùng số điện thoại"),
    ((*GOOD[0][:5], ""), "cột “Tên chủ tài khoản” (F): ô trống"),
    ((*GOOD[0][:5], date(2026, 1, 1)), "cột “Tên chủ tài khoản” (F): ô chứa số hoặc ngày"),
]


@pytest.mark.parametrize(("row", "says"), BAD)
def test_a_bad_row_is_named_and_stops_the_whole_list(
    world: World, people: list[Person], accountant: User, row: tuple[Any, ...], says: str
) -> None:
    held = load(world, accountant, workbook([row, GOOD[1]]))

    (outcome, why), good = outcomes(held)
    assert outcome == AccountRowOutcome.REFUSED
    assert says in why
    assert good == (AccountRowOutcome.CREATED, "")
    with pytest.raises(services.RowsRefused, match="Có 1 dòng không nhận"):
        services.commit_accounts(held.pk, acting_user=world.officer(Role.LEADER, "H55.SYT"), now=world.now)
    assert not PaymentAccount.objects.exists()


def test_one_person_twice_is_refused(world: World, people: list[Person], accountant: User) -> None:
    held = load(world, accountant, workbook([GOOD[0], GOOD[0]]))

    assert "đã có ở dòng 2" in outcomes(held)[1][1]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"%PDF-1.7 x", "PDF"), (b"", "không có nội dung")],
)
def test_a_file_that_is_no_table_is_refused_at_once(
    world: World, people: list[Person], accountant: User, content: bytes, says: str
) -> None:
    with pytest.raises((TableRefused, store.FileNotTaken), match=says):
        load(world, accountant, content)

    assert not AccountImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"ho ten,so tai khoan\na,b\n", "chỉ nhận XLSX"),
        (workbook([], heads=HEADS), "không có dòng tài khoản nào"),
        (workbook(GOOD, heads=(*HEADS[:4], "Số dư", "Tên chủ tài khoản")), "thiếu cột: Số tài khoản"),
        (workbook([(*one, "x") for one in GOOD], heads=(*HEADS, "STK")), "có hai cột “Số tài khoản”"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_words(
    world: World, people: list[Person], accountant: User, content: bytes, says: str
) -> None:
    held = load(world, accountant, content)

    assert held.state == AccountImportState.REFUSED
    assert says in held.reason
    assert not held.rows.exists()


def test_what_breaks_ends_with_a_sentence(
    world: World, people: list[Person], accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = load(world, accountant, workbook(GOOD))
    second = world.officer(Role.LEADER, "H55.SYT")
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr(services, "write_account", lambda *args, **options: 1 // 0)
        commit(held, second, world)
    held.refresh_from_db()
    assert (held.state, "Có lỗi khi xử lý" in held.reason) == (AccountImportState.STAGED, True)

    assert commit(held, second, world).state == AccountImportState.COMMITTED
    assert PaymentAccount.objects.count() == 3


def test_writing_that_nobody_has_heard_of_may_be_asked_for_again(
    world: World, people: list[Person], accountant: User
) -> None:
    held, second = load(world, accountant, workbook(GOOD)), world.officer(Role.LEADER, "H55.SYT")
    services.commit_accounts(held.pk, acting_user=second, now=world.now)
    with pytest.raises(services.ImportMovedOn, match="đang ghi"):
        services.commit_accounts(held.pk, acting_user=second, now=world.now + timedelta(minutes=29))

    held = services.commit_accounts(held.pk, acting_user=second, now=world.now + timedelta(minutes=31))

    assert do_the_job(held).state == AccountImportState.COMMITTED
    assert PaymentAccount.objects.count() == 3


def test_what_changed_since_it_was_shown_stops_it(world: World, people: list[Person], accountant: User) -> None:
    held = load(world, accountant, workbook(GOOD))
    PaymentAccountFactory(person=people[0], valid_from=date(2026, 11, 20))

    commit(held, world.officer(Role.LEADER, "H55.SYT"), world)

    held.refresh_from_db()
    assert held.state == AccountImportState.STAGED
    assert "kết quả từng dòng không còn như đã xem" in held.reason
    assert PaymentAccount.objects.count() == 1


def test_a_commune_takes_in_its_own_people_only(world: World, people: list[Person]) -> None:
    officer, elsewhere = world.officer(Role.PROCESSOR), world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)
    held = load(world, officer, workbook(GOOD))
    assert {outcome for outcome, _why in outcomes(held)} == {AccountRowOutcome.CREATED}

    strange = load(world, elsewhere, workbook(GOOD))

    assert {outcome for outcome, _why in outcomes(strange)} == {AccountRowOutcome.REFUSED}
    assert not AccountImportRow.objects.filter(account_import=strange, person__isnull=False).exists()
    assert queries.get_account_import(held.pk, user=officer, on=world.today) == held
    with pytest.raises(queries.AccountImportNotFound):
        queries.get_account_import(held.pk, user=elsewhere, on=world.today)


def test_an_auditor_loads_nothing(world: World) -> None:
    with pytest.raises(services.KeepsNoAccounts):
        load(world, world.officer(Role.AUDITOR), workbook(GOOD))


def test_a_list_is_thrown_away_once(world: World, people: list[Person], accountant: User) -> None:
    held = load(world, accountant, workbook(GOOD))
    services.discard_accounts(held.pk, acting_user=accountant, now=world.now)

    with pytest.raises(services.ImportMovedOn, match="đã bỏ"):
        services.discard_accounts(held.pk, acting_user=accountant, now=world.now)


OF_ALL = ("Số định danh", "Mã số thuế", *HEADS[1:])
CENTRE = "Trung tâm Bảo trợ xã hội tỉnh"
OF_CENTRE = ("", "4699990017", CENTRE, "ngân hàng", "Agribank", "0071007654321", "TRUNG TAM BAO TRO XA HOI TINH")


@pytest.fixture
def centre(world: World) -> Organization:
    organization: Organization = OrganizationFactory(
        name=CENTRE, tax_code="4699990017", unit=world.agency(COMMUNE).unit
    )
    return organization


class TestOrganisations:
    def test_stand_in_the_same_list_by_their_tax_codes(
        self, world: World, people: list[Person], centre: Organization, accountant: User
    ) -> None:
        of_person = (GOOD[0][0], "", *GOOD[0][1:])
        held = load(world, accountant, workbook([of_person, OF_CENTRE], heads=OF_ALL))
        assert outcomes(held) == [(AccountRowOutcome.CREATED, "")] * 2
        assert [row.payee for row in held.rows.order_by("row_number")] == [people[0], centre]

        commit(held, world.officer(Role.LEADER, "H55.SYT"), world)

        account = PaymentAccount.objects.get(organization=centre)
        assert (account.number, account.person_id, is_payable(account)) == ("0071007654321", None, True)
        assert PaymentAccount.objects.get(person=people[0]).number == "0071001234567"
        again = load(world, accountant, workbook([OF_CENTRE], heads=OF_ALL))
        assert outcomes(again) == [(AccountRowOutcome.UNCHANGED, "")]

    def test_may_be_the_only_ones_of_a_list(self, world: World, centre: Organization, accountant: User) -> None:
        held = load(world, accountant, workbook([OF_CENTRE[1:]], heads=("MST", "Tên tổ chức", *HEADS[2:])))
        assert outcomes(held) == [(AccountRowOutcome.CREATED, "")]

    def test_another_account_follows_the_one_in_use(self, world: World, centre: Organization, accountant: User) -> None:
        old = PaymentAccountFactory(of_organization=True, organization=centre)
        held = load(world, accountant, workbook([OF_CENTRE], heads=OF_ALL))
        assert outcomes(held) == [(AccountRowOutcome.CHANGED, "")]
        commit(held, world.officer(Role.LEADER, "H55.SYT"), world)
        old.refresh_from_db()
        assert old.valid_until == DAY

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            (("", 4699990017, *OF_CENTRE[2:]), "cột “Mã số thuế” (B): ô là kiểu số"),
            (("", "4699990018", *OF_CENTRE[2:]), "cột “Mã số thuế” (B): Mã số thuế 4699990018 sai chữ số kiểm tra"),
            (("", "46", *OF_CENTRE[2:]), "cột “Mã số thuế” (B): Mã số thuế “46” không đúng"),
            (("", "4699990024", *OF_CENTRE[2:]), "không có tổ chức mang mã này"),
            (("", "4699990017", "Trường Mầm non Hoa Sen", *OF_CENTRE[3:]), "mã số thuế này là của tổ chức khác tên"),
            (("019154000001", *OF_CENTRE[1:]), "dòng có cả số định danh"),
            (("", "", *OF_CENTRE[2:]), "cột “Số định danh” (A)"),
        ],
    )
    @pytest.mark.usefixtures("centre")
    def test_a_bad_row_is_named(self, world: World, accountant: User, row: tuple[Any, ...], says: str) -> None:
        ((outcome, why),) = outcomes(load(world, accountant, workbook([row], heads=OF_ALL)))
        assert outcome == AccountRowOutcome.REFUSED
        assert says in why

    def test_twice_in_a_list_are_refused(self, world: World, centre: Organization, accountant: User) -> None:
        held = load(world, accountant, workbook([OF_CENTRE, OF_CENTRE], heads=OF_ALL))
        assert "tổ chức này đã có ở dòng 2" in outcomes(held)[1][1]

    def test_of_a_commune_are_seen_and_taken_in_there_only(self, world: World, centre: Organization) -> None:
        officer, elsewhere = world.officer(Role.PROCESSOR), world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)
        held = load(world, officer, workbook([OF_CENTRE], heads=OF_ALL))
        assert outcomes(held) == [(AccountRowOutcome.CREATED, "")]
        assert queries.get_account_import(held.pk, user=officer, on=world.today) == held
        with pytest.raises(queries.AccountImportNotFound):
            queries.get_account_import(held.pk, user=elsewhere, on=world.today)
        strange = load(world, elsewhere, workbook([OF_CENTRE], heads=OF_ALL))
        assert "không thuộc nơi bạn phụ trách" in outcomes(strange)[0][1]

    def test_a_list_that_says_of_nobody_whose_accounts_they_are_is_refused(
        self, world: World, accountant: User
    ) -> None:
        held = load(world, accountant, workbook([OF_CENTRE[2:]], heads=HEADS[1:]))
        assert (held.state, "thiếu cột: Số định danh" in held.reason) == (AccountImportState.REFUSED, True)
