"""Taking in what banks answer: looked at, copied and judged as a whole, then written as a whole or not at all.

Nhập sao kê, báo kết quả. The same answer a second time changes nothing and says so, whatever its bytes; two at the same moment
wait for each other.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.documents.file_names import clean_name
from lienthong.documents.inspection.kinds import TEXT, XLSX, XML
from lienthong.documents.models import StoredFile
from lienthong.documents.services.store import Readable, store_stream
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.file_events import StatementImported
from lienthong.payments.incoming.reasons import TWICE, reason_words
from lienthong.payments.incoming.recognising import kind_of, read_any_statement
from lienthong.payments.incoming.status_report import read_status_report
from lienthong.payments.incoming.values import AnswerKind, StatementHead, StatusHead
from lienthong.payments.models import PayingAccount, PaymentFile, Statement
from lienthong.payments.queries.leaving import template_of
from lienthong.payments.services import answers
from lienthong.payments.services.answers import Arrival
from lienthong.payments.services.import_refusals import (
    AccountNotInUse,
    AccountNotOurs,
    AccountOfManyBanks,
    AnswerTooLarge,
    NotYoursToImport,
    NumberUsedElsewhere,
    OrderUnknown,
    StatementFromTomorrow,
)
from lienthong.payments.services.reconciling import Outcome, fail_whole_order, tell_run, write_verdicts
from lienthong.payments.states import StatementFormat
from lienthong.payments.templates import in_template

MOST_BYTES: Final = 1024**3
_CHUNK: Final = 1024 * 1024
_FORMATS: Final = {
    AnswerKind.CAMT053: StatementFormat.CAMT053, AnswerKind.PAIN002: StatementFormat.PAIN002,
    AnswerKind.MT940: StatementFormat.MT940, AnswerKind.WORKBOOK: StatementFormat.XLSX,
}  # fmt: skip
_MEDIA: Final = {AnswerKind.MT940: TEXT, AnswerKind.WORKBOOK: XLSX}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswer:
    """A file of a bank. Tệp ngân hàng trả lời.

    Attributes:
        content: Read once, piece by piece.
        name: What the sender calls it.
        bank_code: Whose account it is of, and whose template a workbook follows; empty where the file says it itself.
    """

    content: Readable
    name: str
    bank_code: str = ""


@dataclass(slots=True)
class Imported:
    """What an import did.

    Attributes:
        statements: Those of the file, known before or not.
        already: True where every one of them was known, so that nothing changed.
        notices: Sentences for whoever imports, such as a gap to the statement before.
    """

    statements: list[Statement] = field(default_factory=list)
    already: bool = False
    outcome: Outcome = field(default_factory=Outcome)
    notices: list[str] = field(default_factory=list)


def import_answer(command: ImportAnswer, *, acting_user: User, now: datetime) -> Imported:
    """Take in a statement or a report, and reconcile it line by line.

    Nhập sao kê và đối soát.

    Args:
        command: The file.
        acting_user: An accountant of the competent agency.
        now: When.

    Raises:
        AnswerRefused: The file itself: where and why. Nothing is stored.
        ImportRefused: User, account, number or order do not fit.
        TemplateRefused: The bank's template is broken.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToImport
    with arrived(command.content) as (path, sha256):
        read = read_answer(path, sha256, bank_code=command.bank_code)
        with transaction.atomic():
            imported = write_answer(
                read, keep=lambda: keep_file(read, command.name, by=acting_user, now=now), by=acting_user, now=now
            )
        answers.drop_table()
    return imported


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An answer that was read whole; its lines lie in the table of this connection, and nobody else has seen any of it.

    Attributes:
        arrival: What it turned out to hold; None where the same file was taken in before.
        bank_code: Of the bank that was chosen with it; empty where none was.
    """

    path: Path
    sha256: str
    kind: AnswerKind
    arrival: Arrival | None
    bank_code: str = ""


def read_answer(path: Path, sha256: str, *, bank_code: str, tell: answers.Tell | None = None) -> ReadAnswer:
    """Read an answer and see whether it is whole and adds up. Nothing is held and nothing changes meanwhile.

    Args:
        path: Where it lies.
        sha256: Digest of its bytes.
        bank_code: Whose account it is of, and whose template a workbook follows; empty where the file says it itself.
        tell: Called with how many lines were read so far, again and again.

    Raises:
        AnswerRefused: The file itself: where and why.
        TemplateRefused: The bank's template is broken.
    """
    kind = kind_of(path)
    if Statement.objects.filter(sha256=sha256).exists():
        return ReadAnswer(path, sha256, kind, None)
    template = template_of(bank_code) if bank_code else None
    answers.make_table()
    if kind is AnswerKind.PAIN002:
        return ReadAnswer(path, sha256, kind, answers.copy_report(read_status_report(path), tell=tell))
    columns = in_template(template.incoming if template else {})
    arrival = answers.copy_statements(read_any_statement(path, kind, template=columns), tell=tell)
    return ReadAnswer(path, sha256, kind, arrival, bank_code)


def write_answer(read: ReadAnswer, *, keep: Callable[[], StoredFile], by: User, now: datetime) -> Imported:
    """Write and reconcile an answer that was read, in the running transaction: all of it, or nothing.

    Args:
        read: On this very connection.
        keep: Called once when there is something new, to keep the file.
        by: Who imports.
        now: When.

    Raises:
        ImportRefused: Account, number, day or order do not fit.
    """
    locks.hold(f"statement-file:{read.sha256}")
    if known := list(Statement.objects.filter(sha256=read.sha256).order_by("part")):
        return _known_already(known)
    assert read.arrival is not None
    answers.hold_answers()
    store = _store(read, keep, by=by, now=now)
    if read.kind is AnswerKind.PAIN002:
        return _import_report(read.arrival, store)
    return _import_statements(read.arrival, store, chosen=read.bank_code, today=local_day(now))


def keep_file(read: ReadAnswer, name: str, *, by: User, now: datetime) -> StoredFile:
    """Keep the file of an answer under the name that its sender gave it."""
    with read.path.open("rb") as content:
        return store_stream(
            content, limit=MOST_BYTES, name=clean_name(name), kind=_MEDIA.get(read.kind, XML), by=by.pk, now=now
        )


@contextmanager
def arrived(content: Readable) -> Iterator[tuple[Path, str]]:
    """Give the path and SHA-256 of a content that was written to a file for as long as it is looked at.

    Raises:
        AnswerTooLarge: It is larger than any answer.
    """
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryDirectory(prefix="lienthong-sao-ke-") as folder:
        path = Path(folder) / "answer"
        with path.open("wb") as out:
            while piece := content.read(_CHUNK):
                size += len(piece)
                if size > MOST_BYTES:
                    raise AnswerTooLarge
                digest.update(piece)
                out.write(piece)
        yield path, digest.hexdigest()


Store = Callable[..., Statement]


def _store(read: ReadAnswer, keep: Callable[[], StoredFile], *, by: User, now: datetime) -> Store:
    """Return how a statement of this file is written. The file itself is kept when the first one is."""
    kept: list[StoredFile] = []

    def store(**facts: Any) -> Statement:
        if not kept:
            kept.append(keep())
        return Statement.objects.create(
            format=_FORMATS[read.kind],
            file=kept[0],
            sha256=read.sha256,
            imported_by=by,
            imported_at=now,
            reconciled_at=now,
            **facts,
        )

    return store


def _known_already(known: list[Statement]) -> Imported:
    return Imported(statements=known, already=True)


def _import_statements(arrival: Arrival, store: Store, *, chosen: str, today: date) -> Imported:
    imported, new = Imported(), {}
    for part, head in enumerate(arrival.heads, start=1):
        assert isinstance(head, StatementHead)
        if earlier := Statement.objects.filter(content=arrival.digests[part - 1]).first():
            imported.statements.append(earlier)
            _leave_out(part)
            continue
        account = _account_of(head, chosen=chosen)
        if number_taken := _of_this_number(account, head):
            raise NumberUsedElsewhere(number_taken)
        if head.last_day > today:
            raise StatementFromTomorrow(head)
        if (before := _before(account, head)) and before.closing != head.opening:
            imported.notices.append(_gap_words(before, head))
        new[part] = store(
            bank_code=account.bank_code,
            account_number=account.number,
            number=head.statement_id,
            part=part,
            content=arrival.digests[part - 1],
            opening=head.opening,
            closing=head.closing,
            from_day=head.first_day,
            to_day=head.last_day,
            lines_total=head.lines,
            amount_total=arrival.amounts[part - 1],
        )
    if not new:
        imported.already = True
        return imported
    answers.judge_statement()
    return _written(imported, new)


def _import_report(arrival: Arrival, store: Store) -> Imported:
    (head,) = arrival.heads
    assert isinstance(head, StatusHead)
    if earlier := Statement.objects.filter(content=arrival.digests[0]).first():
        return _known_already([earlier])
    order = PaymentFile.objects.filter(message_id=head.message_id).first() if head.message_id else None
    if order is None:
        raise OrderUnknown(head.message_id)
    is_twice = head.is_rejected and head.code in TWICE
    statement = store(
        bank_code=order.bank_code,
        run_id=order.run_id,
        number=head.report_id,
        content=arrival.digests[0],
        lines_total=head.lines + is_twice,
    )
    imported = Imported()
    if is_twice:
        imported.notices.append(_twice_words(head))
        words = reason_words(head.code, head.reason)
        answers.add_line(head.lines + 1, reference=head.message_id, text=words, code=head.code)
    answers.judge_report(order.run_id, is_twice=is_twice)
    _written(imported, {1: statement}, tell=False)
    if head.is_rejected and not is_twice:
        failed = fail_whole_order(
            order.run_id,
            channel=order.channel,
            banks=order.banks,
            code=head.code,
            why=reason_words(head.code, head.reason),
        )
        whole = Outcome(failed=failed)
        tell_run(order.run_id, statement.pk, whole, actor_id=statement.imported_by_id, now=statement.imported_at)
        imported.outcome.failed += failed
    tell_statement(statement, imported.outcome)
    return imported


def _twice_words(head: StatusHead) -> str:
    return _(
        "Ngân hàng từ chối lệnh “%(number)s” vì trùng với lệnh đã nhận (%(code)s); không khoản chi nào đổi trạng thái. "
        "Hãy hỏi ngân hàng lệnh nhận trước đã được chi chưa."
    ) % {"number": head.message_id, "code": head.code}


def _written(imported: Imported, new: dict[int, Statement], *, tell: bool = True) -> Imported:
    first = next(iter(new.values()))
    ids = {part: statement.pk for part, statement in new.items()}
    outcomes = write_verdicts(ids, actor_id=first.imported_by_id, now=first.imported_at)
    for part, statement in new.items():
        imported.statements.append(statement)
        imported.outcome.plus(outcomes[part])
        if tell:
            tell_statement(statement, outcomes[part])
    return imported


def tell_statement(statement: Statement, outcome: Outcome) -> None:
    """Put into the log of a statement what its lines meant."""
    fact = StatementImported(
        statement_id=statement.pk, format=statement.format, number=statement.number, lines=outcome.lines, paid=outcome.paid,
        returned=outcome.returned, failed=outcome.failed, uncollected=outcome.uncollected, strange=outcome.strange,
        sha256=statement.sha256,
    )  # fmt: skip
    record(fact, stream=statement.stream, actor_id=statement.imported_by_id, at=statement.imported_at)


def _leave_out(part: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_answer WHERE part = %s", [part])


def _account_of(head: StatementHead, *, chosen: str) -> PayingAccount:
    """Return the province's account that a statement is of, at the bank that the file names or that was chosen with it.

    Raises:
        AccountNotOurs: There is none, or at another bank.
        AccountNotInUse: The province did not pay from it on any day of the statement.
        AccountOfManyBanks: Several banks have an account of that number.
    """
    named = PayingAccount.objects.filter(number=head.account, approved_at__isnull=False)
    for bank_code in filter(None, (head.bank_code, chosen)):
        named = named.filter(bank_code=bank_code)
    if not named:
        raise AccountNotOurs(head.account, chosen=chosen)
    until_then = Q(valid_until=None) | Q(valid_until__gt=head.first_day)
    in_use = list(named.filter(until_then, valid_from__lte=head.last_day).order_by("-valid_from"))
    if not in_use:
        raise AccountNotInUse(head)
    if len({account.bank_code for account in in_use}) > 1:
        raise AccountOfManyBanks(head.account)
    account: PayingAccount = in_use[0]
    return account


def _of_this_number(account: PayingAccount, head: StatementHead) -> Statement | None:
    same = Statement.objects.filter(
        bank_code=account.bank_code, account_number=account.number, number=head.statement_id, from_day=head.first_day
    )
    return same.exclude(format__in=(StatementFormat.LIST, StatementFormat.TICKS)).first()


def _before(account: PayingAccount, head: StatementHead) -> Statement | None:
    earlier = Statement.objects.filter(
        bank_code=account.bank_code, account_number=account.number, to_day__lte=head.first_day, closing__isnull=False
    )
    return earlier.order_by("-to_day", "-pk").first()


def _gap_words(before: Statement, head: StatementHead) -> str:
    return _(
        "Số dư đầu của sao kê số %(number)s không bằng số dư cuối của sao kê số %(before)s trước đó; có thể còn thiếu một sao kê ở giữa."
    ) % {"number": head.statement_id, "before": before.number}
