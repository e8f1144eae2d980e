"""From which accounts the province pays, and what each bank wants: two people, and earlier versions kept."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.states import Role
from lienthong.payments.banks import UnknownBank
from lienthong.payments.models import BankTemplate, PayingAccount
from lienthong.payments.queries.files import (
    PaymentFileNotFound,
    bank_templates,
    every_paying_account,
    files_of,
    get_file,
)
from lienthong.payments.queries.leaving import paying_accounts, template_of
from lienthong.payments.services.paying_accounts import (
    BankTemplateMissing,
    NotYoursToSet,
    PayingAccountMissing,
    PayingAccountRefused,
    RecordBankTemplate,
    RecordPayingAccount,
    SignedAlready,
    approve_bank_template,
    approve_paying_account,
    end_paying_account,
    record_bank_template,
    record_paying_account,
)
from lienthong.payments.states import FileKind
from lienthong.payments.templates import TemplateRefused
from tests.factories.payments import PaymentAccountFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import House

pytestmark = pytest.mark.django_db


def recorded(house: House, **facts: Any) -> PayingAccount:
    said = {
        "bank_code": "970405",
        "number": "0805 0001 2345",
        "holder_name": "Sở Y tế",
        "valid_from": date(2026, 11, 1),
    }
    return record_paying_account(RecordPayingAccount(**said | facts), acting_user=house.accountant, now=house.later())


def test_nothing_is_paid_from_an_account_before_a_leader_approves(house: House) -> None:
    account = recorded(house)
    on = house.now.date()
    assert (account.number, account.bank_name) == ("080500012345", "Agribank")
    assert paying_accounts(on=on) == []
    for user in (house.accountant, house.head):
        with pytest.raises(NotYoursToSet):
            approve_paying_account(account.pk, acting_user=user, now=house.now)

    approve_paying_account(account.pk, acting_user=house.leader, now=house.later())

    assert paying_accounts(on=on) == [account]
    with pytest.raises(SignedAlready):
        approve_paying_account(account.pk, acting_user=house.leader, now=house.later())


def test_an_account_is_ended_and_stays_in_the_list(house: House) -> None:
    account = recorded(house)
    approve_paying_account(account.pk, acting_user=house.leader, now=house.later())
    until = house.now.date() + timedelta(days=1)
    with pytest.raises(PayingAccountRefused, match="Ngày thôi dùng"):
        end_paying_account(account.pk, valid_until=date(2026, 1, 1), acting_user=house.leader, now=house.later())

    end_paying_account(account.pk, valid_until=until, acting_user=house.accountant, now=house.later())

    assert paying_accounts(on=until) == []
    assert list(every_paying_account(house.accountant, on=until)) == [account]
    with pytest.raises(SignedAlready):
        end_paying_account(account.pk, valid_until=until, acting_user=house.leader, now=house.later())


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"number": "12"}, PayingAccountRefused), ({"number": "12-34-56"}, PayingAccountRefused),
        ({"holder_name": "  "}, PayingAccountRefused), ({"bank_code": "000001"}, UnknownBank),
    ],
)  # fmt: skip
def test_what_is_no_account_is_refused(house: House, facts: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        recorded(house, **facts)


def test_the_same_account_twice_is_refused(house: House) -> None:
    recorded(house)
    with pytest.raises(PayingAccountRefused, match="đã có"):
        recorded(house)


def test_strangers_neither_set_nor_see(house: House) -> None:
    account = recorded(house)
    stranger = house.world.officer(Role.ACCOUNTANT, "H55.05443")
    on = house.now.date()

    with pytest.raises(PayingAccountMissing):
        approve_paying_account(account.pk, acting_user=stranger, now=house.now)
    with pytest.raises(NotYoursToSet):
        record_bank_template(RecordBankTemplate(bank_code="970405", name="x"), acting_user=stranger, now=house.now)
    assert not every_paying_account(stranger, on=on)
    assert not bank_templates(stranger, on=on)


COLUMNS = [{"heading": name, "field": name} for name in ("key", "account", "holder", "amount")]


def put_down(house: House, **facts: Any) -> BankTemplate:
    said = {"bank_code": "970405", "name": "Mẫu", "order_kind": FileKind.XLSX, "columns": COLUMNS}
    return record_bank_template(RecordBankTemplate(**said | facts), acting_user=house.accountant, now=house.later())


def test_a_template_counts_once_a_leader_has_approved_it_and_takes_the_place_of_the_earlier_one(house: House) -> None:
    first = put_down(house, order_kind=FileKind.PAIN001)
    assert template_of("970405") is None
    for user in (house.accountant, house.head):
        with pytest.raises(NotYoursToSet):
            approve_bank_template(first.pk, acting_user=user, now=house.now)
    approve_bank_template(first.pk, acting_user=house.leader, now=house.later())

    second = put_down(house)

    assert template_of("970405") == first
    assert list(bank_templates(house.accountant, on=house.now.date())) == [first, second]
    approve_bank_template(second.pk, acting_user=house.leader, now=house.later())
    assert template_of("970405") == second
    assert list(bank_templates(house.accountant, on=house.now.date())) == [second]
    for template in (first, second):
        with pytest.raises(SignedAlready):
            approve_bank_template(template.pk, acting_user=house.leader, now=house.later())


def test_of_two_templates_that_wait_the_later_one_counts(house: House) -> None:
    first, second = put_down(house), put_down(house, name="Mẫu khác")

    with pytest.raises(SignedAlready):
        approve_bank_template(first.pk, acting_user=house.leader, now=house.later())
    approve_bank_template(second.pk, acting_user=house.leader, now=house.later())


def test_whoever_put_a_template_down_does_not_approve_it_nor_does_a_stranger(house: House) -> None:
    template = put_down(house)
    BankTemplate.objects.filter(pk=template.pk).update(recorded_by=house.leader)

    with pytest.raises(NotYoursToSet):
        approve_bank_template(template.pk, acting_user=house.leader, now=house.later())
    with pytest.raises(BankTemplateMissing):
        approve_bank_template(template.pk, acting_user=house.world.officer(Role.LEADER, "H55.05443"), now=house.later())
    with pytest.raises(IntegrityError, match="bank_template_four_eyes"), transaction.atomic():
        BankTemplate.objects.filter(pk=template.pk).update(approved_by=house.leader, approved_at=house.now)


@pytest.mark.parametrize(
    ("heading", "wrong", "field"),
    [
        ("Số tài khoản", {"text": "9704051234567"}, "account"), ("STK", {"text": "0071 0012 345"}, "account"),
        ("TK thụ hưởng", {"text": "0071001234567"}, "account"), ("Account No.", {"text": "0071001234567"}, "account"),
        ("Số tài khoản", {"field": "purpose"}, "account"), ("Tên chủ tài khoản", {"text": "NGUYEN VAN A"}, "holder"),
        ("Tên tài khoản", {"field": "number"}, "holder"), ("Số tiền", {"text": "500000"}, "amount"),
        ("Thành tiền (đồng)", {"text": "1"}, "amount"),
    ],
)  # fmt: skip
def test_a_heading_that_means_an_account_a_holder_or_an_amount_holds_nothing_else(
    house: House, heading: str, wrong: dict[str, str], field: str
) -> None:
    others = [{"heading": f"Ghi chú {one['field']}", "field": one["field"]} for one in COLUMNS]

    with pytest.raises(TemplateRefused, match=rf"Cột “{re.escape(heading)}” phải ghi trường .*\({field}\)"):
        put_down(house, columns=[*others, {"heading": heading, **wrong}])

    assert not BankTemplate.objects.exists()


def test_the_account_of_the_province_and_the_kind_of_account_may_be_fixed(house: House) -> None:
    fixed = [
        {"heading": "Tài khoản trích nợ", "text": "0805000123456"}, {"heading": "Loại tài khoản", "text": "ACC"},
        {"heading": "Loại tiền", "text": "VND"},
    ]  # fmt: skip

    assert len(put_down(house, columns=[*COLUMNS, *fixed]).columns) == 7


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"columns": [{"heading": "A", "field": "amount"}]}, TemplateRefused),
        ({"incoming": {"columns": {"debit": "Nợ"}}}, TemplateRefused),
        ({"order_kind": FileKind.CSV}, PayingAccountRefused),
    ],
)
def test_a_template_that_cannot_work_is_refused(house: House, facts: dict[str, Any], error: type[Exception]) -> None:
    command = RecordBankTemplate(**{"bank_code": "970405", "name": "Mẫu"} | facts)

    with pytest.raises(error):
        record_bank_template(command, acting_user=house.accountant, now=house.later())


def test_a_commune_has_its_own_lists_and_no_file_of_a_bank(bank: BankedHouse) -> None:
    person = bank.house.person(account=False)
    PaymentAccountFactory(person=person, cash=True)
    bank.house.owe(person, 360_000)
    bank.house.owe(bank.house.person(), 540_000)
    run = bank.house.pay()
    files = bank.export(run)
    on = bank.house.now.date()
    own = bank.house.world.officer(Role.PROCESSOR, "H55.05443")

    assert {one.kind for one in files_of(run.pk, user=own, on=on)} == {FileKind.LIST, FileKind.XLSX}
    assert len(files_of(run.pk, user=bank.house.leader, on=on)) == len(files) == 3
    (order,) = [one for one in files if one.kind == FileKind.PAIN001]
    with pytest.raises(PaymentFileNotFound):
        get_file(order.pk, user=own, on=on)
    assert get_file(order.pk, user=bank.house.leader, on=on) == order


def test_the_same_template_again_changes_nothing(house: House) -> None:
    command = RecordBankTemplate(bank_code="970405", name="Mẫu", order_kind=FileKind.XLSX)

    first, second = (record_bank_template(command, acting_user=house.accountant, now=house.later()) for _ in range(2))

    assert first == second
    assert BankTemplate.objects.get().version == 1
