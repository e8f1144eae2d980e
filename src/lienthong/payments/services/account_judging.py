"""What becomes of each row of a list of accounts: judged beside the register, written by nobody yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.kernel.days import format_day, local_day
from lienthong.payments import policies
from lienthong.payments.account_table import AccountRow
from lienthong.payments.banks import banks
from lienthong.payments.holder_names import check_holder
from lienthong.payments.models import AccountImport, Payee, PaymentAccount
from lienthong.payments.queries.accounts import is_organization, is_payable
from lienthong.payments.services.accounts import AccountRefused, RecordAccount, checked_place
from lienthong.payments.states import AccountRowOutcome, AccountSource, NameCheck
from lienthong.people.models import Organization, Person
from lienthong.verification.tables.labels import key_without_asides

Whose = tuple[int | None, int | None]
"""The ids of the person and of the organisation whose a row is: one of them, or none where nobody was found."""


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row and what becomes of it: for whom, how the holder's name stands, and why it is refused. Kết quả một dòng."""

    row: AccountRow
    outcome: AccountRowOutcome
    payee: Payee | None = None
    name_check: str = ""
    reason: str = ""

    @property
    def whose(self) -> Whose:
        """The ids of the person and of the organisation, one of them at most."""
        return whose(self.payee)


def whose(payee: Payee | None) -> Whose:
    """Return the ids of the person and of the organisation, one of them at most."""
    if payee is None:
        return None, None
    return (None, payee.pk) if is_organization(payee) else (payee.pk, None)


def bank_codes_by_words() -> dict[str, str]:
    """Return the code of each bank and wallet by what people call it: code, short name, name, all folded."""
    return {
        key_without_asides(word): bank.code for bank in banks().values() for word in (bank.name, bank.short, bank.code)
    }


def command_of(row: AccountRow, held: AccountImport, payee: Payee) -> RecordAccount:
    """Return the command that records the account of a row."""
    person_id, organization_id = whose(payee)
    return RecordAccount(
        person_id=person_id, organization_id=organization_id, channel=row.channel, source=AccountSource(held.source),
        valid_from=held.valid_from, bank_code=row.bank_code, number=row.number, holder_name=row.holder_name,
    )  # fmt: skip


def judge_rows(
    rows: Sequence[AccountRow],
    held: AccountImport,
    *,
    keeper: User,
    now: datetime,
    known: Mapping[int, Whose] | None = None,
) -> list[JudgedRow]:
    """Say what becomes of each row.

    Args:
        rows: As they were read.
        held: The list.
        keeper: Who must keep the accounts of each person and organisation.
        now: When.
        known: Whose each row is where somebody has found it before; else they are found by their numbers.
    """
    on = local_day(now)
    found = _by_numbers(rows) if known is None else _by_ids(known)
    current = _current(payee for payee in found.values() if payee is not None)
    kept_units: dict[int | None, bool] = {}
    first_row: dict[Whose, int] = {}
    judged = []
    for row in rows:
        payee = found.get(row.number_in_file)
        if payee is not None and payee.unit_id not in kept_units:
            kept_units[payee.unit_id] = policies.records_accounts(keeper, payee.unit_id, on=on)
        is_kept = payee is not None and kept_units[payee.unit_id]
        judged.append(_judge_one(row, payee if is_kept else None, held, current, first_row))
    return judged


def _by_numbers(rows: Sequence[AccountRow]) -> dict[int, Payee | None]:
    people = Person.objects.filter(personal_id_number__in=[row.personal_id for row in rows if row.personal_id])
    organizations = Organization.objects.filter(tax_code__in=[row.tax_code for row in rows if row.tax_code])
    of_number: dict[str, Payee] = {person.personal_id_number: person for person in people}
    of_code: dict[str, Payee] = {one.tax_code: one for one in organizations}
    return {
        row.number_in_file: of_code.get(row.tax_code) if row.tax_code else of_number.get(row.personal_id)
        for row in rows
    }


def _by_ids(known: Mapping[int, Whose]) -> dict[int, Payee | None]:
    people = Person.objects.in_bulk([person for person, _one in known.values() if person is not None])
    organizations = Organization.objects.in_bulk([one for _person, one in known.values() if one is not None])
    return {
        row: people.get(person) if person is not None else organizations.get(one or 0)
        for row, (person, one) in known.items()
    }


def _judge_one(
    row: AccountRow,
    payee: Payee | None,
    held: AccountImport,
    current: Mapping[Whose, list[PaymentAccount]],
    first_row: dict[Whose, int],
) -> JudgedRow:
    if row.problems:
        return JudgedRow(row, AccountRowOutcome.REFUSED, reason="; ".join(row.problems))
    if payee is None:
        return _refused(row, None, _nobody(row))
    is_one, name = is_organization(payee), str(payee)
    if (before := first_row.setdefault(whose(payee), row.number_in_file)) != row.number_in_file:
        words = (
            _("tổ chức này đã có ở dòng %s. Mỗi tổ chức chỉ một dòng: hãy xóa bớt.")
            if is_one
            else _("người này đã có ở dòng %s. Mỗi người chỉ một dòng: hãy xóa bớt.")
        )
        return _refused(row, payee, words % before)
    if check_holder(row.full_name, name) not in {NameCheck.SAME, NameCheck.SIMILAR}:
        words = (
            _("cột “Họ và tên”: mã số thuế này là của tổ chức khác tên. Kiểm tra lại mã và tên.")
            if is_one
            else _("cột “Họ và tên”: số định danh này là của người khác tên. Kiểm tra lại số và tên.")
        )
        return _refused(row, payee, words)
    try:
        place = checked_place(command_of(row, held, payee))
    except AccountRefused as wrong:
        return _refused(row, payee, str(wrong))
    check = check_holder(row.holder_name, name)
    accounts = current.get(whose(payee), [])
    later = next((one for one in accounts if one.valid_from >= held.valid_from and is_payable(one)), None)
    if later is not None and (later.channel, later.bank_code, later.number) != (row.channel, *place):
        words = _("đã có nơi nhận tiền từ ngày %s; hãy chọn ngày dùng sau ngày đó.")
        return _refused(row, payee, words % format_day(later.valid_from))
    same = [one for one in accounts if (one.channel, one.bank_code, one.number) == (row.channel, *place)]
    if any(one.valid_until is None and _says_nothing_new(row, check, one) for one in same):
        return JudgedRow(row, AccountRowOutcome.UNCHANGED, payee, check)
    outcome = AccountRowOutcome.CHANGED if accounts else AccountRowOutcome.CREATED
    return JudgedRow(row, outcome, payee, check)


def _says_nothing_new(row: AccountRow, check: NameCheck, account: PaymentAccount) -> bool:
    """Tell whether an account stays as it is: it is in use, or waits and the list neither vouches for it nor names another holder."""
    if is_payable(account):
        return True
    return check != NameCheck.SAME and row.holder_name.strip() == account.holder_name


def _nobody(row: AccountRow) -> str:
    if row.tax_code:
        return _("cột “Mã số thuế”: không có tổ chức mang mã này trong sổ, hoặc không thuộc nơi bạn phụ trách.")
    return _("cột “Số định danh”: không có người mang số này trong sổ, hoặc không thuộc nơi bạn phụ trách.")


def _refused(row: AccountRow, payee: Payee | None, why: str) -> JudgedRow:
    return JudgedRow(row, AccountRowOutcome.REFUSED, payee, reason=why)


def _current(payees: Iterable[Payee]) -> dict[Whose, list[PaymentAccount]]:
    """Return the accounts that payees had, have or will have, by whose they are, in the order of time."""
    ids = [whose(payee) for payee in payees]
    found: dict[Whose, list[PaymentAccount]] = {}
    of_them = Q(person__in=[person for person, _one in ids if person]) | Q(
        organization__in=[one for _person, one in ids if one]
    )
    for account in PaymentAccount.objects.filter(of_them).order_by("valid_from"):
        found.setdefault((account.person_id, account.organization_id), []).append(account)
    return found
