"""Taking over a register of people who already receive: staged and compared with the rules, then written whole or not at all.

Tiếp nhận danh sách đang hưởng. What was decided elsewhere is paid as it was decided; where the rules give something else the row
says so, and a finding or an adjustment follows by two people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import EntitlementGranted, RegisterTakenOver
from lienthong.assistance.models import Entitlement, EntitlementRate, TakeOver, TakeOverRow
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.queries.months import RateSpan, horizon, months_of_span, owed_months, spans_of
from lienthong.assistance.queries.register_matching import differs, matched, refuse_dead, refuse_received
from lienthong.assistance.register_file import COLUMNS, NEEDED, guess_columns, read_register
from lienthong.assistance.services.refusals import (
    AlreadySettled,
    AssistanceRefusal,
    DecidesOwnProposal,
    NotYours,
    RecordUnknown,
    reason_given,
)
from lienthong.assistance.states import PayeeGround, Programme, TakeOverState
from lienthong.infra.events import record
from lienthong.kernel.days import add_months, local_day
from lienthong.kernel.money import format_dong
from lienthong.people.models import Person
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units.models import AdministrativeUnit
from lienthong.verification import store
from lienthong.verification.store import Arrived
from lienthong.verification.tables import Table, read_table
from lienthong.verification.tables.table import ROW_NUMBER

MOST_ROWS: Final = 20_000
_AT_ONCE: Final = 500


class RegisterRefused(AssistanceRefusal):
    """The register cannot be taken over so; the message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRegister:
    """Lệnh nạp một danh sách đang hưởng của một xã.

    Attributes:
        month: The first month that this house pays.
        columns: Names of ``COLUMNS`` with their heads, where somebody chose them; guessed otherwise.
    """

    file: Arrived
    file_name: str
    unit_id: int
    programme: str
    month: date
    columns: Mapping[str, str] | None = None


def stage_register(command: StageRegister, *, acting_user: User, now: datetime) -> TakeOver:
    """Read a file and say of every row whom it means, what is wrong with it and what the rules give. Nothing else is written.

    Raises:
        NotYours: The user works on the programme neither in the commune nor at the province.
        RegisterRefused: The commune, a column or the size is wrong, or the file was loaded before.
        TableRefused: The file is no table.
    """
    unit = _unit(command.unit_id)
    if not _may_take(acting_user, unit.pk, command.programme, local_day(now)):
        raise NotYours(_("Chỉ cán bộ phụ trách của xã hoặc của sở nạp được danh sách đang hưởng."))
    month = month_of(command.month)
    with transaction.atomic():
        lines = compare_register(command, on=local_day(now))
        try:
            with transaction.atomic():
                held = TakeOver.objects.create(
                    unit=unit, programme=command.programme, file_name=command.file_name[-200:], digest=command.file.sha256,
                    month=month, rows=len(lines), problems=sum(bool(line.problems) for line in lines),
                    differing=sum(differs(line) for line in lines), prepared_by=acting_user, prepared_at=now,
                )  # fmt: skip
        except IntegrityError as duplicate:
            raise RegisterRefused(_("Tệp này đã được nạp cho xã này rồi. Hãy mở lần nạp trước.")) from duplicate
        for line in lines:
            line.take_over = held
        TakeOverRow.objects.bulk_create(lines, batch_size=_AT_ONCE)
    return held


def compare_register(command: StageRegister, *, on: date) -> list[TakeOverRow]:
    """Say of every row whom it means, what is wrong with it and what the law in force on a day gives; write nothing at all.

    Raises:
        RegisterRefused: The commune, a column or the size is wrong.
        TableRefused: The file is no table.
    """
    table = read_table(store.present(store.file_path(command.file.sha256)), name=command.file_name)
    columns = _columns(command.columns, table)
    rows = read_register(table.frame.iter_rows(named=True), columns, row_number=ROW_NUMBER, programme=command.programme)
    return matched(rows, _unit(command.unit_id), command.programme, month_of(command.month), known_on=on)


def _unit(unit_id: int) -> AdministrativeUnit:
    unit: AdministrativeUnit | None = AdministrativeUnit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise RegisterRefused(_("Không có xã, phường này. Hãy chọn lại."))
    return unit


def _may_take(user: User, unit_id: int, programme: str, on: date) -> bool:
    return policies.proposes(user, unit_id, on=on, programme=programme) or policies.runs_province(
        user, on=on, programme=programme
    )


def _columns(chosen: Mapping[str, str] | None, table: Table) -> dict[str, str]:
    columns = dict(chosen) if chosen is not None else guess_columns(table.heads)
    strange = [head for name, head in columns.items() if name not in COLUMNS or head not in table.heads]
    if strange:
        raise RegisterRefused(_("Tệp không có cột “%s”. Hãy chọn lại.") % strange[0])
    lacking = [str(COLUMNS[name]) for name in NEEDED if name not in columns]
    if lacking:
        raise RegisterRefused(_("Chưa tìm thấy cột: %s. Hãy đặt tên cột như vậy rồi nạp lại.") % ", ".join(lacking))
    if table.frame.height > MOST_ROWS:
        raise RegisterRefused(_("Tệp quá dài cho một xã. Hãy kiểm tra có đúng tệp không, hoặc chia nhỏ."))
    if not table.frame.height:
        raise RegisterRefused(_("Tệp không có dòng nào. Hãy kiểm tra lại tệp."))
    return columns


def approve_register(take_over_id: int, *, acting_user: User, now: datetime) -> TakeOver:
    """Write a staged register: every row becomes an entitlement with its rates. All of it or nothing.

    Raises:
        RecordUnknown: There is none.
        AlreadySettled: It was decided.
        NotYours: The user does not decide there.
        DecidesOwnProposal: The user loaded it.
        RegisterRefused: A row has a problem, or meanwhile somebody receives already or has died.
    """
    with transaction.atomic():
        held = _to_decide(take_over_id, acting_user, now)
        people = Person.objects.select_for_update().filter(pk__in=held.lines.values("person"))
        list(people.order_by("pk").values_list("pk"))  # a death that is recorded now is followed after this, not before
        lines = list(held.lines.select_related("person", "payee").order_by("number"))
        wrong = [line for line in lines if line.problems]
        if wrong:
            raise RegisterRefused(
                _(
                    "Có %(n)s dòng chưa nhận được (đầu tiên: dòng %(row)s, %(why)s). Sửa tệp rồi nạp lại; không dòng nào được ghi."
                )
                % {"n": len(wrong), "row": wrong[0].number, "why": wrong[0].problems[0]}
            )
        refuse_dead(lines)
        refuse_received(lines, [line.said["benefit"] for line in lines], held.programme)
        changed = [line for line in lines if line.problems]
        if changed:
            raise RegisterRefused(
                _("Dòng %(row)s: %(why)s. Không dòng nào được ghi; hãy nạp lại tệp.")
                % {"row": changed[0].number, "why": changed[0].problems[0]}
            )
        for start in range(0, len(lines), _AT_ONCE):
            _write(held, lines[start : start + _AT_ONCE], acting_user=acting_user, now=now)
        _settle(held, TakeOverState.APPROVED, "", acting_user, now)
        fact = RegisterTakenOver(
            take_over_id=held.pk, unit_id=held.unit_id, programme=held.programme, rows=len(lines), digest=held.digest
        )
        record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
    return held


def refuse_register(take_over_id: int, *, reason: str, acting_user: User, now: datetime) -> TakeOver:
    """Take a staged register not over; nothing is written.

    Raises:
        RecordUnknown, AlreadySettled, NotYours, DecidesOwnProposal: As for an approval.
        ReasonMissing: No reason is given.
    """
    reason = reason_given(reason)
    with transaction.atomic():
        held = _to_decide(take_over_id, acting_user, now)
        _settle(held, TakeOverState.REFUSED, reason, acting_user, now)
    return held


def _to_decide(take_over_id: int, user: User, now: datetime) -> TakeOver:
    held = TakeOver.objects.select_for_update().filter(pk=take_over_id).first()
    if held is None:
        raise RecordUnknown(_("Không có lần nạp danh sách này. Hãy mở lại trang."))
    if held.state != TakeOverState.STAGED:
        raise AlreadySettled(_("Danh sách này đã được xử lý. Hãy mở lại trang để xem."))
    if not policies.decides(user, held.unit_id, on=local_day(now), programme=held.programme):
        raise NotYours(
            _("Chỉ chủ tịch xã (trợ giúp xã hội) hoặc lãnh đạo sở (người có công) duyệt được danh sách này.")
        )
    if held.prepared_by_id == user.pk:
        raise DecidesOwnProposal(_("Bạn đã nạp danh sách này nên không tự duyệt được. Hãy nhờ người khác duyệt."))
    return held


def _settle(held: TakeOver, state: TakeOverState, note: str, user: User, now: datetime) -> None:
    held.state, held.note, held.decided_by, held.decided_at = state, note, user, now
    held.save(update_fields=["state", "note", "decided_by", "decided_at"])


def _write(held: TakeOver, lines: Sequence[TakeOverRow], *, acting_user: User, now: datetime) -> None:
    on = local_day(now)
    histories = histories_of([line.person_id for line in lines if line.person_id])
    rows = Entitlement.objects.bulk_create(_entitlement(held, line, on) for line in lines)
    rates: list[EntitlementRate] = []
    for row, line in zip(rows, lines, strict=True):
        for span in _spans(held, line, histories[row.person_id], on):
            rates.append(
                EntitlementRate(
                    entitlement=row, first_month=span.first_month, end_month=span.end_month, amount=span.amount,
                    basis=dict(span.basis), words=span.words, recorded_at=now, recorded_by=acting_user,
                )
            )  # fmt: skip
        fact = EntitlementGranted(
            entitlement_id=row.pk, person_id=row.person_id, programme=row.programme, benefit=row.benefit,
            first_month=row.first_month, amount=line.amount or 0, decision_number=row.decision_number, source=row.source,
        )  # fmt: skip
        record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
    EntitlementRate.objects.bulk_create(rates, batch_size=_AT_ONCE)


def _entitlement(held: TakeOver, line: TakeOverRow, on: date) -> Entitlement:
    assert line.person_id is not None
    since = line.said.get("since_day")
    is_other = line.payee_id is not None and line.payee_id != line.person_id
    return Entitlement(
        person_id=line.person_id, programme=held.programme, benefit=line.said["benefit"], unit_id=held.unit_id,
        payee_id=line.payee_id or line.person_id,
        payee_ground=line.said["payee_ground_code"] if is_other else PayeeGround.SELF, first_month=held.month,
        decision_number=line.said.get("decision_number", "")[:60],
        decided_on=min(date.fromisoformat(since), on) if since else on,
        source=_("Danh sách đang hưởng: %(file)s, dòng %(row)s") % {"file": held.file_name[-120:], "row": line.number},
    )  # fmt: skip


def _spans(held: TakeOver, line: TakeOverRow, history: History, on: date) -> list[RateSpan]:
    """Return the rates: by the law in force on a day where it gives the same, otherwise as it was decided."""
    benefit = line.said["benefit"]
    until = max(horizon(on), add_months(held.month, 1))
    if line.by_rules == line.amount and held.programme == Programme.SOCIAL:
        months = list(months_of_span(held.month, until))
        owed = owed_months(history, months, known_on=on, first_month=held.month)
        return spans_of(owed, history, benefit, known_on=on)
    words = _("Mức theo danh sách tiếp nhận: %(amount)s mỗi tháng.") % {"amount": format_dong(line.amount or 0)}
    category = line.said["category_code"]
    basis: dict[str, Any] = {
        "category": category,
        "lines": [
            {
                "code": category or benefit,
                "kind": benefit,
                "words": f"{words} {line.note}".strip(),
                "amount": line.amount,
                "reference": line.said.get("decision_number", ""),
                "confidence": "memory",
                "notices": [line.note] if line.note else [],
            }
        ],
        "starts": {}, "is_open": True, "notices": [line.note] if line.note else [], "known_on": None, "facts": "",
        "take_over": held.pk,
    }  # fmt: skip
    return [
        RateSpan(
            first_month=held.month,
            end_month=until,
            amount=line.amount or 0,
            basis=basis,
            words=f"{words} {line.note}".strip(),
        )
    ]
