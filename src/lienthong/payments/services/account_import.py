"""Taking in many accounts from a workbook: read and shown row by row, then written whole by a second person, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.payments import policies
from lienthong.payments.account_events import AccountsImported
from lienthong.payments.account_table import AccountRow, read_accounts
from lienthong.payments.banks import banks
from lienthong.payments.holder_names import check_holder
from lienthong.payments.models import AccountImport, AccountImportRow, PaymentAccount
from lienthong.payments.queries.account_imports import AccountImportNotFound
from lienthong.payments.services.accounts import AccountRefused, RecordAccount, checked_place, write_account
from lienthong.payments.states import AccountImportState, AccountRowOutcome, AccountSource, Channel, NameCheck
from lienthong.people.models import Person
from lienthong.verification import store
from lienthong.verification.store import Arrived
from lienthong.verification.tables.labels import key_without_asides

_AT_ONCE = 1_000


class AccountImportRefused(Exception):
    """The list cannot be taken or written so; the message says why, and what to do."""


class KeepsNoAccounts(AccountImportRefused):
    """The user keeps nobody's accounts."""

    def __init__(self) -> None:
        super().__init__(_("Bạn không phụ trách tài khoản nhận tiền ở xã, phường nào nên không nạp danh sách được."))


class ImportMovedOn(AccountImportRefused):
    """The list is already written or thrown away."""

    def __init__(self, state: str) -> None:
        super().__init__(_("Danh sách này %s, không làm lại được.") % AccountImportState(state).label)


class LoadedByYou(AccountImportRefused):
    """Who loaded a list does not also write it: an account says where money goes."""

    def __init__(self) -> None:
        super().__init__(_("Danh sách này do bạn nạp; người thứ hai phải ghi."))


class RowsRefused(AccountImportRefused):
    """Rows were refused, so nothing is written."""

    def __init__(self, count: int) -> None:
        super().__init__(
            _("Có %s dòng không nhận nên chưa ghi gì. Hãy sửa các dòng ấy trong tệp rồi nạp lại cả tệp.") % count
        )


class NothingToWrite(AccountImportRefused):
    """No row changes anything."""

    def __init__(self) -> None:
        super().__init__(_("Không có dòng nào làm thay đổi dữ liệu, nên không ghi gì."))


class RegisterChanged(AccountImportRefused):
    """What the rows mean has changed since they were shown."""

    def __init__(self) -> None:
        super().__init__(_("Dữ liệu vừa thay đổi nên kết quả từng dòng không còn như đã xem. Hãy nạp lại tệp."))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadAccounts:
    """A file of accounts. Danh sách tài khoản.

    Attributes:
        source: Who told the accounts.
        valid_from: From when they are used.
    """

    file: Arrived
    file_name: str
    source: AccountSource
    valid_from: date


@dataclass(frozen=True, slots=True)
class _Judged:
    row: AccountRow
    outcome: AccountRowOutcome
    person_id: int | None = None
    name_check: str = ""
    reason: str = ""


@transaction.atomic
def load_accounts(command: LoadAccounts, *, acting_user: User, now: datetime) -> AccountImport:
    """Read a file and say for every row what would become of it. No account is written yet.

    Nạp danh sách tài khoản.

    Raises:
        KeepsNoAccounts: The user keeps nobody's accounts.
        TableRefused: The file is no such table.
        FileGone: It is no longer in the folder.
    """
    if not _keeps_any(acting_user, now):
        raise KeepsNoAccounts
    path = store.present(store.file_path(command.file.sha256))
    rows = read_accounts(path, name=command.file_name, banks=bank_codes_by_words())
    held = AccountImport.objects.create(
        file_name=command.file_name[-255:], sha256=command.file.sha256, source=command.source,
        valid_from=command.valid_from, loaded_by=acting_user, loaded_at=now,
    )  # fmt: skip
    judged = _judge(rows, held, keeper=acting_user, now=now)
    AccountImportRow.objects.bulk_create((_kept(held, one) for one in judged), batch_size=_AT_ONCE)
    return held


@transaction.atomic
def commit_accounts(import_id: int, *, acting_user: User, now: datetime) -> AccountImport:
    """Write every account of a list that was shown, in one go.

    Ghi danh sách tài khoản.

    Raises:
        AccountImportNotFound: There is none that the user may see.
        ImportMovedOn: It is written or thrown away.
        LoadedByYou: The user loaded it.
        RowsRefused: A row was refused.
        NothingToWrite: Nothing would change.
        RegisterChanged: The rows mean something else than was shown; nothing is written.
    """
    held = _locked(import_id, acting_user, now)
    if held.loaded_by_id == acting_user.pk:
        raise LoadedByYou
    shown = list(held.rows.order_by("row_number"))
    counts = Counter(row.outcome for row in shown)
    if counts[AccountRowOutcome.REFUSED]:
        raise RowsRefused(counts[AccountRowOutcome.REFUSED])
    if not counts[AccountRowOutcome.CREATED] + counts[AccountRowOutcome.CHANGED]:
        raise NothingToWrite
    rows = [_as_read(row) for row in shown]
    judged = _judge(rows, held, keeper=acting_user, now=now, people={row.row_number: row.person_id for row in shown})
    if [(one.outcome, one.person_id, one.name_check) for one in judged] != [
        (row.outcome, row.person_id, row.name_check) for row in shown
    ]:
        raise RegisterChanged
    people = Person.objects.in_bulk([one.person_id for one in judged if one.person_id is not None])
    for one in judged:
        if one.outcome in {AccountRowOutcome.CREATED, AccountRowOutcome.CHANGED} and one.person_id is not None:
            command = _command(one.row, held, one.person_id)
            try:
                write_account(people[one.person_id], command, acting_user=acting_user, now=now, import_id=held.pk)
            except AccountRefused as changed:
                raise RegisterChanged from changed
    held.state, held.committed_by, held.committed_at = AccountImportState.COMMITTED, acting_user, now
    held.save(update_fields=["state", "committed_by", "committed_at"])
    fact = AccountsImported(
        import_id=held.pk, digest=held.sha256, created=counts[AccountRowOutcome.CREATED],
        changed=counts[AccountRowOutcome.CHANGED], unchanged=counts[AccountRowOutcome.UNCHANGED],
    )  # fmt: skip
    record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
    return held


@transaction.atomic
def discard_accounts(import_id: int, *, acting_user: User, now: datetime) -> AccountImport:
    """Throw a list away that nobody has written.

    Raises:
        AccountImportNotFound, ImportMovedOn: There is none, or it is written already.
    """
    held = _locked(import_id, acting_user, now)
    held.state = AccountImportState.DISCARDED
    held.save(update_fields=["state"])
    return held


def bank_codes_by_words() -> dict[str, str]:
    """Return the code of each bank and wallet by what people call it: code, short name, name, all folded."""
    return {
        key_without_asides(word): bank.code for bank in banks().values() for word in (bank.name, bank.short, bank.code)
    }


def _keeps_any(user: User, now: datetime) -> bool:
    on = local_day(now)
    in_communes = policies.communes_of(user, on=on, roles=policies.COMMUNE_WORKING_ROLES)
    return policies.records_accounts(user, None, on=on) or bool(in_communes)


def _locked(import_id: int, user: User, now: datetime) -> AccountImport:
    held: AccountImport | None = AccountImport.objects.select_for_update().filter(pk=import_id).first()
    if held is None or not _keeps_any(user, now):
        raise AccountImportNotFound
    if held.state != AccountImportState.STAGED:
        raise ImportMovedOn(held.state)
    return held


def _as_read(row: AccountImportRow) -> AccountRow:
    return AccountRow(
        row.row_number, "", row.full_name, Channel(row.channel), row.bank_code, row.number, row.holder_name
    )


def _kept(held: AccountImport, one: _Judged) -> AccountImportRow:
    row = one.row
    return AccountImportRow(
        account_import=held, row_number=row.number_in_file, full_name=row.full_name, person_id=one.person_id,
        channel="" if one.outcome == AccountRowOutcome.REFUSED and row.problems else row.channel,
        bank_code=row.bank_code, number=row.number, holder_name=row.holder_name, name_check=one.name_check,
        outcome=one.outcome, reason=one.reason[:1000],
    )  # fmt: skip


def _command(row: AccountRow, held: AccountImport, person_id: int) -> RecordAccount:
    return RecordAccount(
        person_id=person_id, channel=row.channel, source=AccountSource(held.source), valid_from=held.valid_from,
        bank_code=row.bank_code, number=row.number, holder_name=row.holder_name,
    )  # fmt: skip


def _judge(
    rows: Sequence[AccountRow],
    held: AccountImport,
    *,
    keeper: User,
    now: datetime,
    people: Mapping[int, int | None] | None = None,
) -> list[_Judged]:
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
) -> _Judged:
    if row.problems:
        return _Judged(row, AccountRowOutcome.REFUSED, reason="; ".join(row.problems))
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
        place = checked_place(_command(row, held, person.pk))
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
        return _Judged(row, AccountRowOutcome.UNCHANGED, person.pk, check)
    outcome = AccountRowOutcome.CHANGED if accounts else AccountRowOutcome.CREATED
    return _Judged(row, outcome, person.pk, check)


def _refused(row: AccountRow, person: Person | None, why: str) -> _Judged:
    return _Judged(row, AccountRowOutcome.REFUSED, person.pk if person else None, reason=why)


def _current(people: Iterable[Person]) -> dict[int, list[PaymentAccount]]:
    """Return the accounts that people had, have or will have, by person, in the order of time."""
    found: dict[int, list[PaymentAccount]] = {}
    for account in PaymentAccount.objects.filter(person__in=list(people)).order_by("valid_from"):
        found.setdefault(account.person_id, []).append(account)
    return found
