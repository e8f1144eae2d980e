"""Taking in many accounts from a workbook: read and shown row by row, then written whole by a second person, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.templatetags.formats import number
from lienthong.infra.working import Progress, alone, is_cut_off, moment
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.account_events import AccountsImported, AccountsReadAsked, AccountsWriteAsked
from lienthong.payments.account_table import AccountRow, read_accounts
from lienthong.payments.models import AccountImport, AccountImportRow
from lienthong.payments.queries.account_imports import AccountImportNotFound
from lienthong.payments.services.account_judging import JudgedRow, bank_codes_by_words, command_of, judge_rows
from lienthong.payments.services.accounts import AccountRefused, write_account
from lienthong.payments.states import AccountImportState, AccountRowOutcome, AccountSource, Channel
from lienthong.verification import store
from lienthong.verification.store import Arrived, FileGone
from lienthong.verification.tables import TableRefused
from lienthong.verification.tables.file_kind import kind_of

_AT_ONCE: Final = 1_000
_SILENT: Final = timedelta(minutes=30)
_WORKING: Final = (AccountImportState.READING, AccountImportState.WRITING)


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


def load_accounts(command: LoadAccounts, *, acting_user: User, now: datetime) -> AccountImport:
    """Take a file in and let a job read it and say for every row what would become of it.

    Nạp danh sách tài khoản.

    Raises:
        KeepsNoAccounts: The user keeps nobody's accounts.
        TableRefused: By its first bytes it is no such table.
        FileGone: It is no longer in the folder.
    """
    if not _keeps_any(acting_user, now):
        raise KeepsNoAccounts
    kind_of(store.present(store.file_path(command.file.sha256)))
    with transaction.atomic():
        held: AccountImport = AccountImport.objects.create(
            file_name=command.file_name[-255:], sha256=command.file.sha256, source=command.source,
            valid_from=command.valid_from, state=AccountImportState.READING, loaded_by=acting_user, loaded_at=now,
            asked_at=now, progress=_waiting(_("Chờ đọc tệp")),
        )  # fmt: skip
        record(AccountsReadAsked(import_id=held.pk), stream=held.stream, actor_id=acting_user.pk, at=now)
    return held


def read_loaded(import_id: int, *, acting_user: User, now: datetime) -> None:
    """Read a file that was loaded; no account is written yet. After a kill it begins anew; called once more, it does nothing.

    Args:
        import_id: The list.
        acting_user: Who loaded it.
        now: When: the mandates of that moment count.

    Raises:
        WorkedElsewhere: Another worker reads it.
    """
    with _alone_with(import_id, AccountImportState.READING, otherwise=AccountImportState.REFUSED) as held:
        if held is None:
            return
        progress = Progress(held, now=moment())
        progress(_("Đọc tệp"), 0.0)
        path = store.present(store.file_path(held.sha256))
        rows = read_accounts(path, name=held.file_name, banks=bank_codes_by_words())
        progress(_("Đối chiếu %s dòng với sổ") % number(len(rows)), 0.4)
        judged = judge_rows(rows, held, keeper=acting_user, now=now)
        progress(_("Ghi kết quả từng dòng"), 0.8)
        with transaction.atomic():
            staged = _still(import_id, AccountImportState.READING)
            AccountImportRow.objects.bulk_create((_kept(staged, one) for one in judged), batch_size=_AT_ONCE)
            _become(staged, AccountImportState.STAGED)


@transaction.atomic
def commit_accounts(import_id: int, *, acting_user: User, now: datetime) -> AccountImport:
    """Let a job write every account of a list that was shown, in one go.

    Ghi danh sách tài khoản.

    Raises:
        AccountImportNotFound: There is none that the user may see.
        ImportMovedOn: It is not read yet, written or thrown away.
        LoadedByYou: The user loaded it.
        RowsRefused: A row was refused.
        NothingToWrite: Nothing would change.
    """
    held = _locked(import_id, acting_user, now)
    if held.loaded_by_id == acting_user.pk:
        raise LoadedByYou
    counts = Counter(held.rows.values_list("outcome", flat=True))
    if counts[AccountRowOutcome.REFUSED]:
        raise RowsRefused(counts[AccountRowOutcome.REFUSED])
    if not counts[AccountRowOutcome.CREATED] + counts[AccountRowOutcome.CHANGED]:
        raise NothingToWrite
    held.state, held.reason, held.asked_at = AccountImportState.WRITING, "", now
    held.progress = _waiting(_("Chờ ghi"))
    held.save(update_fields=["state", "reason", "asked_at", "progress"])
    record(AccountsWriteAsked(import_id=held.pk), stream=held.stream, actor_id=acting_user.pk, at=now)
    return held


def write_committed(import_id: int, *, acting_user: User, now: datetime) -> None:
    """Write a list as a second person asked: every account of it, or none. Done again after a kill, it finishes.

    What the rows mean may have changed since they were shown; then nothing is written, the list waits again and says why.

    Args:
        import_id: The list.
        acting_user: Who asked.
        now: When: the mandates of that moment count.

    Raises:
        WorkedElsewhere: Another worker writes it.
    """
    with _alone_with(import_id, AccountImportState.WRITING, otherwise=AccountImportState.STAGED) as held:
        if held is None:
            return
        progress = Progress(held, now=moment())
        progress(_("Kiểm tra lại từng dòng"), 0.1)
        shown = list(held.rows.order_by("row_number"))
        known = {row.row_number: (row.person_id, row.organization_id) for row in shown}
        with transaction.atomic():
            locked = _still(import_id, AccountImportState.WRITING)
            judged = judge_rows([_as_read(row) for row in shown], locked, keeper=acting_user, now=now, known=known)
            if [(one.outcome, one.whose, one.name_check) for one in judged] != [
                (row.outcome, known[row.row_number], row.name_check) for row in shown
            ]:
                raise RegisterChanged
            _write(locked, judged, acting_user=acting_user, now=now)


def _write(held: AccountImport, judged: Sequence[JudgedRow], *, acting_user: User, now: datetime) -> None:
    for one in judged:
        if one.outcome in {AccountRowOutcome.CREATED, AccountRowOutcome.CHANGED} and one.payee is not None:
            command = command_of(one.row, held, one.payee)
            try:
                write_account(
                    one.payee, command, acting_user=acting_user, now=now, import_id=held.pk, recorded_by=held.loaded_by,
                )  # fmt: skip
            except AccountRefused as changed:
                raise RegisterChanged from changed
    held.committed_by, held.committed_at = acting_user, now
    held.save(update_fields=["committed_by", "committed_at"])
    _become(held, AccountImportState.COMMITTED)
    counts = Counter(one.outcome for one in judged)
    fact = AccountsImported(
        import_id=held.pk, digest=held.sha256, created=counts[AccountRowOutcome.CREATED],
        changed=counts[AccountRowOutcome.CHANGED], unchanged=counts[AccountRowOutcome.UNCHANGED],
    )  # fmt: skip
    record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)


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


def _keeps_any(user: User, now: datetime) -> bool:
    on = local_day(now)
    in_communes = policies.communes_of(user, on=on, roles=policies.ACCOUNT_KEEPING_ROLES)
    return policies.records_accounts(user, None, on=on) or bool(in_communes)


def is_working(held: AccountImport, *, now: datetime) -> bool:
    """Tell whether a list is being read or written; after long silence the work is taken for lost, and may be asked for again."""
    works = held.state in _WORKING
    return works and held.asked_at is not None and now - held.asked_at < _SILENT


def _locked(import_id: int, user: User, now: datetime) -> AccountImport:
    held: AccountImport | None = AccountImport.objects.select_for_update().filter(pk=import_id).first()
    if held is None or not _keeps_any(user, now):
        raise AccountImportNotFound
    is_lost = held.state in _WORKING and not is_working(held, now=now)
    if held.state != AccountImportState.STAGED and not is_lost:
        raise ImportMovedOn(held.state)
    return held


@contextmanager
def _alone_with(
    import_id: int, state: AccountImportState, *, otherwise: AccountImportState
) -> Iterator[AccountImport | None]:
    """Hold a list for a job; None where it is no longer in this state. What is refused or breaks puts it elsewhere, with the reason."""
    with alone(f"account-import:{import_id}"):
        held: AccountImport | None = AccountImport.objects.filter(pk=import_id, state=state).first()
        try:
            yield held
        except (AccountImportRefused, TableRefused, FileGone) as refusal:
            _give_up(import_id, state, otherwise, str(refusal))
        except (OperationalError, InterfaceError):
            raise  # the job is done again
        except Exception:
            if is_cut_off():
                raise
            _give_up(
                import_id,
                state,
                otherwise,
                _("Có lỗi khi xử lý; chưa ghi gì. Hãy làm lại; nếu vẫn lỗi, báo quản trị viên."),
            )
            raise


@transaction.atomic
def _give_up(import_id: int, state: AccountImportState, otherwise: AccountImportState, reason: str) -> None:
    held = AccountImport.objects.select_for_update().filter(pk=import_id, state=state).first()
    if held is not None:
        held.reason = reason[:2000]
        held.save(update_fields=["reason"])
        _become(held, otherwise)


def _still(import_id: int, state: AccountImportState) -> AccountImport:
    """Lock a list that a job has at hand.

    Raises:
        ImportMovedOn: Somebody did something else with it meanwhile.
    """
    held: AccountImport = AccountImport.objects.select_for_update().get(pk=import_id)
    if held.state != state:
        raise ImportMovedOn(held.state)
    return held


def _become(held: AccountImport, state: AccountImportState) -> None:
    held.state, held.progress = state, {}
    held.save(update_fields=["state", "progress"])


def _waiting(stage: str) -> dict[str, Any]:
    return {"stage": stage, "share": 0.0}


def _as_read(row: AccountImportRow) -> AccountRow:
    return AccountRow(
        row.row_number, "", "", row.full_name, Channel(row.channel), row.bank_code, row.number, row.holder_name
    )


def _kept(held: AccountImport, one: JudgedRow) -> AccountImportRow:
    row, (person_id, organization_id) = one.row, one.whose
    return AccountImportRow(
        account_import=held, row_number=row.number_in_file, full_name=row.full_name,
        person_id=person_id, organization_id=organization_id,
        channel="" if one.outcome == AccountRowOutcome.REFUSED and row.problems else row.channel,
        bank_code=row.bank_code, number=row.number, holder_name=row.holder_name, name_check=one.name_check,
        outcome=one.outcome, reason=one.reason[:1000],
    )  # fmt: skip
