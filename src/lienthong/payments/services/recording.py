"""What the post and cashiers hand back: who came for the money, who did not; from their sheet, or ticked on screen.

Ghi kết quả chi trả. A sheet counts as a whole or not at all. Who did not come is paid by the next run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.documents.file_names import clean_name
from lienthong.documents.inspection.kinds import XLSX
from lienthong.documents.services.store import Readable, store_stream
from lienthong.infra import locks
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.payments import policies
from lienthong.payments.incoming.paid_lists import HEADS, read_paid_list
from lienthong.payments.incoming.recognising import kind_of
from lienthong.payments.incoming.refusals import AnswerRefused, NotAnAnswer
from lienthong.payments.incoming.values import AnswerKind, PaidResult
from lienthong.payments.models import PaymentLine, Statement
from lienthong.payments.services import answers
from lienthong.payments.services.importing import MOST_BYTES, Imported, arrived, tell_statement
from lienthong.payments.services.reconciling import write_verdicts
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import LineState, StatementFormat
from lienthong.units import queries as units

_BAD: Final = """
SELECT a.number, CASE
        WHEN l.id IS NULL OR r.state NOT IN ('released', 'closed') OR l.state IN ('held', 'cancelled', 'planned') THEN 'unknown'
        WHEN l.channel NOT IN ('post', 'cash') THEN 'channel'
        WHEN NOT (%(everywhere)s OR l.unit_id = ANY(%(units)s)) THEN 'unit'
        WHEN a.amount <> l.amount - l.deducted THEN 'amount'
        WHEN a.outcome = 'paid' AND a.booked_on > %(today)s THEN 'tomorrow'
        WHEN a.outcome = 'paid' AND a.booked_on < (r.released_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN 'early'
        WHEN a.outcome = 'uncollected' AND l.state NOT IN ('sent', 'uncollected') THEN 'state'
        WHEN a.outcome = 'paid' AND l.state NOT IN ('sent', 'uncollected', 'paid') THEN 'state'
        WHEN a.outcome = 'paid' AND l.state = 'uncollected' AND l.resumed_by_id IS NOT NULL THEN 'resumed'
    END AS wrong, l.amount - l.deducted, l.state
FROM payments_answer a
LEFT JOIN payments_paymentline l ON l.id = a.line_id
LEFT JOIN payments_paymentrun r ON r.id = l.run_id
ORDER BY a.number
"""
_JUDGE: Final = """
CREATE TEMP TABLE payments_verdict ON COMMIT DROP AS
SELECT a.part, a.number, l.id, CASE WHEN l.state = a.outcome THEN 'noted' ELSE a.outcome END AS verdict
FROM payments_answer a JOIN payments_paymentline l ON l.id = a.line_id
"""


class RecordingRefused(PaymentRefused):
    """The results cannot be recorded; nothing of them is."""


class NotYoursToRecord(RecordingRefused):
    """The user works neither at the competent agency nor in a commune."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ kế toán chi trả của tỉnh hoặc cán bộ của xã ghi được kết quả chi trả."))


class NothingTicked(RecordingRefused):
    """Nobody was ticked."""

    def __init__(self) -> None:
        super().__init__(_("Chưa chọn người nào. Hãy đánh dấu người đã nhận hoặc chưa nhận."))


class TickedTwice(RecordingRefused):
    """Somebody was ticked both ways."""

    def __init__(self) -> None:
        super().__init__(_("Có khoản được đánh dấu vừa đã nhận vừa chưa nhận. Hãy chọn một."))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordList:
    """The payer's sheet, filled in. Danh sách kết quả chi trả."""

    content: Readable
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickResults:
    """What an officer ticks. Đánh dấu kết quả chi trả.

    Attributes:
        paid: Lines that were received.
        uncollected: Lines for which nobody came, with the reason or nothing.
        on: Day on which those were received.
    """

    paid: tuple[int, ...] = ()
    uncollected: Mapping[int, str] = field(default_factory=dict)
    on: date | None = None


def record_list(command: RecordList, *, acting_user: User, now: datetime) -> Imported:
    """Take in the sheet of a payer. The same sheet again changes nothing and says so.

    Nhập kết quả chi trả qua bưu điện, bằng tiền mặt.

    Raises:
        AnswerRefused: The sheet: row, column and reason.
        NotYoursToRecord: The user may not.
    """
    answered = units_of(acting_user, on=local_day(now))
    with arrived(command.content) as (path, sha256), transaction.atomic():
        locks.hold(f"statement-file:{sha256}")
        if known := list(Statement.objects.filter(sha256=sha256)):
            return Imported(statements=known, already=True)
        if kind_of(path) is not AnswerKind.WORKBOOK:
            raise NotAnAnswer(_("Kết quả chi trả phải là tệp Excel (.xlsx) theo mẫu đã xuất."))
        answers.hold_answers()
        answers.make_table()
        arrival = answers.copy_results(read_paid_list(path))
        if earlier := Statement.objects.filter(content=arrival.digests[0]).first():
            return Imported(statements=[earlier], already=True)
        with path.open("rb") as content:
            file = store_stream(
                content, limit=MOST_BYTES, name=clean_name(command.name), kind=XLSX, by=acting_user.pk, now=now
            )
        statement = _statement(
            StatementFormat.LIST, arrival.amounts[0], by=acting_user, now=now, file=file, sha256=sha256,
            number=clean_name(command.name)[:70], content=arrival.digests[0],
        )  # fmt: skip
        return _record(statement, answered, today=local_day(now))


def record_ticks(command: TickResults, *, acting_user: User, now: datetime) -> Imported:
    """Put down what an officer ticked. Ghi kết quả chi trả trên màn hình.

    Raises:
        NotYoursToRecord, NothingTicked, TickedTwice: The user or the ticks are wrong.
        AnswerRefused: A line cannot have become that; the sentence says why.
    """
    today = local_day(now)
    answered = units_of(acting_user, on=today)
    if not command.paid and not command.uncollected:
        raise NothingTicked
    if set(command.paid) & set(command.uncollected) or len(set(command.paid)) < len(command.paid):
        raise TickedTwice
    with transaction.atomic():
        answers.hold_answers()
        answers.make_table()
        arrival = answers.copy_results(_ticked(command, today))
        seed = f"ticks|{acting_user.pk}|{now.isoformat()}|{arrival.digests[0]}"
        statement = _statement(
            StatementFormat.TICKS, arrival.amounts[0], by=acting_user, now=now,
            sha256=hashlib.sha256(seed.encode()).hexdigest(), number="",
        )  # fmt: skip
        return _record(statement, answered, today=today)


def _ticked(command: TickResults, today: date) -> list[PaidResult]:
    # Read before the copying begins: nothing else can be asked while it runs.
    results = []
    wanted = [*command.paid, *command.uncollected]
    nets = {line.pk: line.net for line in PaymentLine.objects.filter(pk__in=wanted)}
    for row, line_id in enumerate(wanted, start=1):
        is_paid = line_id not in command.uncollected
        on = (command.on or today) if is_paid else None
        reason = "" if is_paid else command.uncollected[line_id].strip()[:300]
        results.append(PaidResult(row, line_id, nets.get(line_id, 0), is_paid, on, reason))
    return results


def units_of(user: User, *, on: date) -> frozenset[int] | None:
    """Return the communes whose lines the user may answer; None for all of them.

    Raises:
        NotYoursToRecord: There are none.
    """
    if policies.prepares(user, on=on):
        return None
    communes = policies.communes_of(user, on=on, roles=policies.COMMUNE_WORKING_ROLES)
    if not communes:
        raise NotYoursToRecord
    return units.with_absorbed(communes, on=on)


def _statement(kind: StatementFormat, amount: int, *, by: User, now: datetime, **facts: Any) -> Statement:
    return Statement.objects.create(
        format=kind, amount_total=amount, imported_by=by, imported_at=now, reconciled_at=now, **facts
    )


def _record(statement: Statement, communes: frozenset[int] | None, *, today: date) -> Imported:
    answers.hold_payments()
    with connection.cursor() as cursor:
        cursor.execute(_BAD, {"everywhere": communes is None, "units": list(communes or ()), "today": today})
        rows = cursor.fetchall()
        for number, wrong, net, state in rows:
            if wrong:
                raise _refusal(number, wrong, net, state)
        cursor.execute(_JUDGE)
    outcome = write_verdicts({1: statement.pk}, actor_id=statement.imported_by_id, now=statement.imported_at)[1]
    runs = set(PaymentLine.objects.filter(statement_lines__statement=statement).values_list("run_id", flat=True))
    statement.lines_total = outcome.lines
    statement.run_id = runs.pop() if len(runs) == 1 else None
    statement.save(update_fields=["lines_total", "run"])
    tell_statement(statement, outcome)
    return Imported(statements=[statement], outcome=outcome)


def _refusal(row: int, wrong: str, net: int | None, state: str | None) -> AnswerRefused:
    words = {
        "unknown": _("mã dòng không thuộc danh sách nào đã chuyển chi trả."),
        "channel": _("khoản này được chuyển qua ngân hàng; kết quả lấy từ sao kê."),
        "unit": _("khoản này do xã khác chi trả; bạn không ghi được kết quả."),
        "amount": _("số tiền khác khoản chi (%s).") % format_dong(net or 0),
        "tomorrow": _("ngày nhận sau hôm nay."),
        "early": _("ngày nhận trước ngày chuyển chi trả."),
        "state": _("khoản này đã được ghi là %s.") % (LineState(state).label if state else ""),
        "resumed": _("khoản chưa nhận này đã chuyển sang đợt sau; hãy ghi kết quả ở đợt đó."),
    }[wrong]
    column = {"amount": "amount", "tomorrow": "on", "early": "on", "state": "result"}.get(wrong, "key")
    return AnswerRefused(words, row=row, column=HEADS[column])
