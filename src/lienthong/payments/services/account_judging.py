"""What becomes of each row of a list of accounts: judged beside the register, written by nobody yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.kernel.days import format_day, local_day
from lienthong.payments import policies
from lienthong.payments.account_table import AccountRow
from lienthong.payments.banks import banks
from lienthong.payments.holder_names import check_holder
from lienthong.payments.models import AccountImport, PaymentAccount
from lienthong.payments.services.accounts import AccountRefused, RecordAccount, checked_place
from lienthong.payments.states import AccountRowOutcome, AccountSource, NameCheck
from lienthong.people.models import Person
from lienthong.verification.tables.labels import key_without_asides


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row and what becomes of it: for whom, how the holder's name stands, and why it is refused. Kết quả một dòng."""

    row: AccountRow
    outcome: AccountRowOutcome
    person_id: int | None = None
    name_check: str = ""
    reason: str = ""


def bank_codes_by_words() -> dict[str, str]:
    """Return the code of each bank and wallet by what people call it: code, short name, name, all folded."""
    return {
        key_without_asides(word): bank.code for bank in banks().values() for word in (bank.name, bank.short, bank.code)
    }


def command_of(row: AccountRow, held: AccountImport, person_id: int) -> RecordAccount:
    """Return the command that records the account of a row."""
    return RecordAccount(
        person_id=person_id, channel=row.channel, source=AccountSource(held.source), valid_from=held.valid_from,
        bank_code=row.bank_code, number=row.number, holder_name=row.holder_name,
    )  # fmt: skip


def judge_rows(
    rows: Sequence[AccountRow],
    held: AccountImport,
    *,
    keeper: User,
    now: datetime,
    people: Mapping[int, int | None] | None = None,
) -> list[JudgedRow]:
    """Say what becomes of each row.

    Args:
        rows: As they were read.
        held: The list.
        keeper: Who must keep the accounts of each person.
        now: When.
        people: The person of each row where somebody has found them before; else they are found by their number.
    """
    on = local_day(now)
    if people is None:
        by_number = {
            person.personal_id_number: person
            for person in Person.objects.filter(
                personal_id_number__in=[row.personal_id for row in rows if row.personal_id]
            )
        }
        found = {row.number_in_file: by_number.get(row.personal_id) for row in rows}
    else:
        in_bulk = Person.objects.in_bulk([pk for pk in people.values() if pk is not None])
        found = {row.number_in_file: in_bulk.get(people[row.number_in_file] or 0) for row in rows}
    current = _current(person for person in found.values() if person is not None)
    kept_units: dict[int | None, bool] = {}
    first_row: dict[int, int] = {}
    judged = []
    for row in rows:
        person = found[row.number_in_file]
        if person is not None and person.unit_id not in kept_units:
            kept_units[person.unit_id] = policies.records_accounts(keeper, person.unit_id, on=on)
        is_kept = person is not None and kept_units[person.unit_id]
        judged.append(_judge_one(row, person if is_kept else None, held, current, first_row))
    return judged


def _judge_one(
    row: AccountRow,
    person: Person | None,
    held: AccountImport,
    current: Mapping[int, list[PaymentAccount]],
    first_row: dict[int, int],
) -> JudgedRow:
    if row.problems:
        return JudgedRow(row, AccountRowOutcome.REFUSED, reason="; ".join(row.problems))
    if person is None:
        return _refused(
            row, None, _("cột “Số định danh”: không có người mang số này trong sổ, hoặc không thuộc nơi bạn phụ trách.")
        )
    if (before := first_row.setdefault(person.pk, row.number_in_file)) != row.number_in_file:
        return _refused(row, person, _("người này đã có ở dòng %s. Mỗi người chỉ một dòng: hãy xóa bớt.") % before)
    if check_holder(row.full_name, person.full_name) not in {NameCheck.SAME, NameCheck.SIMILAR}:
        return _refused(
            row, person, _("cột “Họ và tên”: số định danh này là của người khác tên. Kiểm tra lại số và tên.")
        )
    try:
        place = checked_place(command_of(row, held, person.pk))
    except AccountRefused as wrong:
        return _refused(row, person, str(wrong))
    check = check_holder(row.holder_name, person.full_name)
    accounts = current.get(person.pk, [])
    later = next((one for one in accounts if one.valid_from >= held.valid_from), None)
    if later is not None and (later.channel, later.bank_code, later.number) != (row.channel, *place):
        words = _("đã có nơi nhận tiền từ ngày %s; hãy chọn ngày dùng sau ngày đó.")
        return _refused(row, person, words % format_day(later.valid_from))
    same = [one for one in accounts if (one.channel, one.bank_code, one.number) == (row.channel, *place)]
    if any(one.valid_until is None for one in same):
        return JudgedRow(row, AccountRowOutcome.UNCHANGED, person.pk, check)
    outcome = AccountRowOutcome.CHANGED if accounts else AccountRowOutcome.CREATED
    return JudgedRow(row, outcome, person.pk, check)


def _refused(row: AccountRow, person: Person | None, why: str) -> JudgedRow:
    return JudgedRow(row, AccountRowOutcome.REFUSED, person.pk if person else None, reason=why)


def _current(people: Iterable[Person]) -> dict[int, list[PaymentAccount]]:
    """Return the accounts that people had, have or will have, by person, in the order of time."""
    found: dict[int, list[PaymentAccount]] = {}
    for account in PaymentAccount.objects.filter(person__in=list(people)).order_by("valid_from"):
        found.setdefault(account.person_id, []).append(account)
    return found
