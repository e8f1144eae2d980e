"""Files of a released run: complete, checked, and the same each time."""

import threading
from collections import Counter
from datetime import date
from io import BytesIO

import pytest
import python_calamine
from django.db import connections, transaction

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.payments.incoming.paid_lists import HEADS
from lienthong.payments.line_keys import line_of
from lienthong.payments.models import BankTemplate, PaymentFile, PaymentLine
from lienthong.payments.queries.leaving import NoPayingAccount, lines_without_file
from lienthong.payments.services.exporting import NotReleasedYet, NotYoursToExport, export_run
from lienthong.payments.services.refusals import RunUnknown
from lienthong.payments.states import Channel, FileKind, LineState
from tests.factories.payments import PayingAccountFactory, PaymentAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import House
from tests.world import World

pytestmark = pytest.mark.django_db


def test_every_line_leaves_once_and_the_sums_are_those_that_were_approved(bank: BankedHouse) -> None:
    run = bank.released(people=5)

    order = bank.order(run)

    assert {line_of(one.key) for one in order.wanted} == {line.pk for line in bank.house.lines(run)}
    assert order.amount == run.net_total == 5 * 540_000
    assert (order.payer, order.payer_bank) == (bank.account.number, bank.account.bank_code)
    assert {one.account for one in order.wanted} == {line.account_number for line in bank.house.lines(run)}
    assert lines_without_file(run) == 0


def test_exported_twice_the_same_files_come_back(bank: BankedHouse) -> None:
    run = bank.released()

    first, second = bank.export(run), bank.export(run)

    assert [(one.pk, one.sha256, one.message_id) for one in first] == [
        (one.pk, one.sha256, one.message_id) for one in second
    ]
    assert Counter(Event.objects.values_list("name", flat=True))["PaymentFileMade"] == len(first)


def test_a_file_that_was_lost_on_the_way_is_made_anew_with_the_same_bytes(bank: BankedHouse) -> None:
    run = bank.released()
    before: list[tuple[str, str]] = []
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        before += [(one.sha256, one.message_id) for one in bank.export(run)]
        raise KeyboardInterrupt
    assert not PaymentFile.objects.exists()

    (again,) = bank.export(run)

    assert [(again.sha256, again.message_id)] == before


def test_receivers_are_paid_from_the_account_at_their_own_bank(bank: BankedHouse) -> None:
    other = PayingAccountFactory(bank_code="970405", valid_from=date(2026, 5, 1))
    for bank_code in ("970436", "970405", "970418"):
        person = bank.house.person(account=False)
        PaymentAccountFactory(person=person, bank_code=bank_code)
        bank.house.owe(person, 540_000)
    run = bank.house.pay()

    files = {file.bank_code: file for file in bank.export(run)}

    assert set(files) == {bank.account.bank_code, other.bank_code}
    assert files["970405"].banks == ["970405"]
    assert files["970436"].banks == ["970418", "970436"]
    assert sum(file.amount for file in files.values()) == run.net_total


def test_a_bank_that_wants_a_workbook_gets_one_in_its_columns(bank: BankedHouse) -> None:
    BankTemplate.objects.create(
        bank_code=bank.account.bank_code, name="Mẫu", order_kind=FileKind.XLSX, recorded_at=bank.house.now,
        approved_by=bank.house.leader, approved_at=bank.house.now,
        columns=[
            {"heading": "So TK", "field": "account"}, {"heading": "Ten", "field": "holder"},
            {"heading": "So tien", "field": "amount"}, {"heading": "Ma", "field": "key"},
        ],
    )  # fmt: skip
    run = bank.released(people=2)

    (file,) = bank.export(run)

    rows = _rows(bank.content(file))
    assert file.kind == FileKind.XLSX
    assert rows[0] == ["So TK", "Ten", "So tien", "Ma"]
    assert [row[0] for row in rows[1:]] == [line.account_number for line in bank.house.lines(run)]


def test_post_and_cash_get_a_paper_and_a_sheet_for_each_commune(bank: BankedHouse) -> None:
    for channel in ("post", "cash"):
        person = bank.house.person(account=False)
        PaymentAccountFactory(person=person, **{channel: True})
        bank.house.owe(person, 360_000)
    bank.house.owe(bank.house.person(), 540_000)
    run = bank.house.pay()

    files = bank.export(run)

    assert Counter((file.channel, file.kind) for file in files) == {
        (Channel.BANK, FileKind.PAIN001): 1, (Channel.POST, FileKind.LIST): 1, (Channel.POST, FileKind.XLSX): 1,
        (Channel.CASH, FileKind.LIST): 1, (Channel.CASH, FileKind.XLSX): 1,
    }  # fmt: skip
    lists = [file for file in files if file.kind == FileKind.LIST]
    assert {file.unit_id for file in lists} == {bank.house.unit.pk}
    assert all(bank.content(file).startswith(b"%PDF") for file in lists)
    (sheet,) = [file for file in files if (file.channel, file.kind) == (Channel.POST, FileKind.XLSX)]
    rows = _rows(bank.content(sheet))
    assert rows[0][-len(HEADS) :] == list(HEADS.values())
    assert len(rows) == 2
    assert lines_without_file(run) == 0


def test_what_is_held_or_wholly_kept_back_does_not_leave(bank: BankedHouse) -> None:
    bank.house.owe(bank.house.person(account=False), 540_000)
    bank.house.owe(bank.house.person(), 540_000, deduction=540_000)
    paid = bank.house.person()
    bank.house.owe(paid, 540_000, deduction=40_000)
    run = bank.house.pay()

    order = bank.order(run)

    assert [one.amount for one in order.wanted] == [500_000]
    assert Counter(bank.states(run)) == {LineState.HELD: 1, LineState.PAID: 1, LineState.SENT: 1}


def test_names_and_reasons_are_in_the_words_of_the_bank(bank: BankedHouse) -> None:
    child = bank.house.person(full_name="Đỗ Thị Bé")
    guardian = bank.house.person(full_name="Đỗ Văn Ông")
    bank.house.owe(child, 540_000, payee_id=guardian.pk)
    (wanted,) = bank.order(bank.house.pay()).wanted

    assert wanted.text == "Tro cap hang thang T11/2026 cua Do Thi Be"
    assert wanted.holder.isascii()


def test_nothing_leaves_before_the_release(house: House, bank: BankedHouse) -> None:
    house.owe(house.person(), 540_000)
    run = house.prepare()

    with pytest.raises(NotReleasedYet, match="chờ kiểm tra"):
        bank.export(run)
    assert not PaymentFile.objects.exists()


def test_only_accountants_of_the_province_export(bank: BankedHouse, world: World) -> None:
    run = bank.released(people=1)

    for user in (bank.house.leader, bank.house.head, world.officer(Role.ACCOUNTANT, "H55.05443")):
        with pytest.raises(NotYoursToExport):
            export_run(run.pk, acting_user=user, now=bank.house.now)
    with pytest.raises(RunUnknown):
        export_run(run.pk + 1_000, acting_user=bank.house.accountant, now=bank.house.now)


def test_without_an_account_of_the_province_nothing_is_paid_by_bank(house: House) -> None:
    PayingAccountFactory(approved_by=None, approved_at=None)
    house.owe(house.person(), 540_000)
    run = house.pay()

    with pytest.raises(NoPayingAccount, match="tài khoản chi"):
        export_run(run.pk, acting_user=house.accountant, now=house.later())


def test_progress_is_told_file_by_file(bank: BankedHouse) -> None:
    run = bank.released(people=1)
    told: list[tuple[int, int]] = []

    export_run(run.pk, acting_user=bank.house.accountant, now=bank.house.later(), tell=lambda *at: told.append(at))

    assert told == [(1, 1)]
    assert PaymentLine.objects.filter(run=run, state=LineState.SENT).count() == 1


def _rows(content: bytes) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_an_account_approved_after_the_export_puts_nobody_into_a_second_file(bank: BankedHouse) -> None:
    for bank_code in ("970436", "970405"):
        person = bank.house.person(account=False)
        PaymentAccountFactory(person=person, bank_code=bank_code)
        bank.house.owe(person, 540_000)
    run = bank.house.pay()
    before = bank.export(run)
    PayingAccountFactory(bank_code="970405", valid_from=date(2026, 1, 1))
    PayingAccountFactory(bank_code="970436", valid_from=date(2025, 1, 1))

    after = bank.export(run)

    assert [file.pk for file in after] == [file.pk for file in before]
    assert sum(file.amount for file in after) == run.net_total


def test_two_accounts_at_one_bank_make_one_file(bank: BankedHouse) -> None:
    PayingAccountFactory(bank_code=bank.account.bank_code, valid_from=date(2026, 6, 1))

    (file,) = bank.export(bank.released())

    assert file.lines == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_export_at_once_make_each_file_once(bank: BankedHouse) -> None:
    for channel in ("post", "cash"):
        person = bank.house.person(account=False)
        PaymentAccountFactory(person=person, **{channel: True})
        bank.house.owe(person, 360_000)
    run = bank.released()
    start, made = threading.Barrier(3), []

    def export() -> None:
        try:
            start.wait()
            made.append(sorted(file.pk for file in bank.export(run)))
        finally:
            connections.close_all()

    hands = [threading.Thread(target=export) for _number in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert made == [sorted(PaymentFile.objects.values_list("pk", flat=True))] * 3
    assert len(made[0]) == 5
    assert Event.objects.filter(name="PaymentFileMade").count() == 5
