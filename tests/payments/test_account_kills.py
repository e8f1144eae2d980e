"""Whatever moment reading or writing a list of accounts dies at: all rows or none, all accounts or none, and done again it finishes."""

import random
from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import count

import pytest

from lienthong.infra.models import Event
from lienthong.payments.models import AccountImport, AccountImportRow, PaymentAccount
from lienthong.payments.services import account_import
from lienthong.payments.states import AccountImportState, AccountSource
from lienthong.verification import store
from tests.payments.house import House
from tests.payments.killing import Stage, keep_killing
from tests.payments.test_account_import import workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.kills]
PEOPLE, SEED = 5, 20_261_130
_numbers = count(1)


def loaded(house: House) -> AccountImport:
    """Load a list of people who have no account yet."""
    rows = []
    for number in (next(_numbers) for _one in range(PEOPLE)):
        person = house.person(account=False, full_name="Nguyễn Thị Hòa", personal_id_number=f"0191540{number:05d}")
        rows.append((person.personal_id_number, person.full_name, "", "970436", f"{number:010d}", "NGUYEN THI HOA"))
    command = account_import.LoadAccounts(
        file=store.take_in(BytesIO(workbook(rows)), name="tai-khoan.xlsx"), file_name="tai-khoan.xlsx",
        source=AccountSource.DECLARED, valid_from=date(2026, 11, 16),
    )  # fmt: skip
    return account_import.load_accounts(command, acting_user=house.accountant, now=house.now)


def reading(house: House) -> Stage:
    def work(held: AccountImport) -> None:
        account_import.read_loaded(held.pk, acting_user=house.accountant, now=house.now)

    def check(held: AccountImport, is_done: bool) -> None:
        state = AccountImport.objects.get(pk=held.pk).state
        rows = AccountImportRow.objects.filter(account_import=held).count()
        assert (state, rows) in {(AccountImportState.READING, 0), (AccountImportState.STAGED, PEOPLE)}
        assert not is_done or rows == PEOPLE

    return Stage(name="reading accounts", set_up=lambda: loaded(house), work=work, check=check)


def writing(house: House) -> Stage:
    def set_up() -> AccountImport:
        held = loaded(house)
        account_import.read_loaded(held.pk, acting_user=house.accountant, now=house.now)
        return account_import.commit_accounts(held.pk, acting_user=house.head, now=house.now)

    def work(held: AccountImport) -> None:
        account_import.write_committed(held.pk, acting_user=house.head, now=house.now)

    def check(held: AccountImport, is_done: bool) -> None:
        state = AccountImport.objects.get(pk=held.pk).state
        people = AccountImportRow.objects.filter(account_import=held).values("person")
        written = PaymentAccount.objects.filter(person__in=people).count()
        told = Event.objects.filter(stream=held.stream, name="AccountsImported").count()
        assert (state, written, told) in {(AccountImportState.WRITING, 0, 0), (AccountImportState.COMMITTED, PEOPLE, 1)}
        assert not is_done or written == PEOPLE

    return Stage(name="writing accounts", set_up=set_up, work=work, check=check)


@pytest.mark.parametrize(("stage", "by_chance", "least"), [(reading, 15, 20), (writing, 25, 60)])
def test_a_list_is_whole_or_not_there_whenever_a_process_is_killed(
    house: House, stage: Callable[[House], Stage], by_chance: int, least: int
) -> None:
    kills = keep_killing(stage(house), by_chance=by_chance, luck=random.Random(SEED))

    assert kills >= least, f"only {kills} kills"
