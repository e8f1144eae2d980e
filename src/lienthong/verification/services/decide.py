"""Decisions on a case: take the population's side, correct ours by hand, confirm a death, choose of two records.

What would write an identity number becomes a proposal; a second person decides it (``propose``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact
from lienthong.kernel.days import BirthDate, local_day
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.text import UncleanText, clean_line
from lienthong.verification import policies
from lienthong.verification.events import (
    DeathConfirmed,
    DoubleSettled,
    PaymentAlertRaised,
    VerdictDecided,
    VerdictProposed,
)
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import Case, RegisterEntry
from lienthong.verification.queries.cases import person_found_by_inquiry, twins_of
from lienthong.verification.services.case_moves import (
    CaseRefused,
    CaseTarget,
    change_case,
    check_move,
)
from lienthong.verification.services.corrections import correct_entry
from lienthong.verification.sides import Changes, accepted_changes, touches_number, typed_changes
from lienthong.verification.states import ALERTS_PAYMENT, CaseAction, CaseEffect, Decision, Looked

MOST_LETTERS = {"full_name": 200, "sex": 30, "ethnicity": 60}
SEXES = ("Nam", "Nữ")


class NothingToAccept(CaseRefused):
    """The population has nobody, or nothing else, for this record."""

    def __init__(self) -> None:
        super().__init__(
            _("Dữ liệu dân cư không có gì để lấy cho bản ghi này. Hãy sửa tay, hỏi lại, đi xác minh hoặc khép việc.")
        )


class LookFirst(CaseRefused):
    """The dead and the double are decided by a person who has looked, never by a key."""

    def __init__(self) -> None:
        super().__init__(_("Việc này có thể làm dừng chi trả. Hãy mở việc, kiểm tra rồi xác nhận có căn cứ."))


class NothingTyped(CaseRefused):
    """What was typed is what the register says already."""

    def __init__(self) -> None:
        super().__init__(_("Chưa có gì khác với dữ liệu trong sổ. Sửa ít nhất một mục, hoặc khép việc nếu sổ đã đúng."))


class TypedWrong(CaseRefused):
    """A value cannot be what it should be. ``column`` says which."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


class NotATwin(CaseRefused):
    """The two records are not of one person, as far as is known now."""

    def __init__(self) -> None:
        super().__init__(
            _("Bản ghi kia không còn trùng người với bản ghi này. Tải lại trang để xem danh sách hiện nay.")
        )


class TwinOfAnotherCommune(CaseRefused):
    """Nobody ends a record of a commune that they do not work for."""

    def __init__(self) -> None:
        super().__init__(
            _("Bản ghi kia thuộc xã khác nên xã này không bỏ được. Hãy bỏ bản ghi của xã mình, hoặc báo Sở quyết định.")
        )


def accept(target: CaseTarget, *, acting_user: User, now: datetime) -> Case:
    """Take what the population has. An identity number is only proposed; everything else is written at once.

    Chấp nhận kết quả đối chiếu.

    Raises:
        NothingToAccept: There is nothing to take.
        LookFirst: The record is of a dead person or one of two records of a person.
        CaseRefused: See ``change_case``.
    """

    def changes_of(case: Case) -> Changes:
        check_move(case, CaseAction.DECIDE)
        if case.kind in ALERTS_PAYMENT:
            raise LookFirst
        found = accepted_changes(case.entry, case.verdict, person=person_found_by_inquiry(case))
        if not found:
            raise NothingToAccept
        return found

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        return decide_or_propose(case, Decision.ACCEPT, changes_of(case), note="", acting_user=acting_user, now=now)

    return change_case(target, change, acting_user=acting_user, now=now)


def correct_ours(target: CaseTarget, *, typed: Mapping[str, str], note: str, acting_user: User, now: datetime) -> Case:
    """Write what an officer typed into our register. An identity number is only proposed.

    Sửa dữ liệu của ta.

    Args:
        target: The case.
        typed: Column of an entry → what it should say.
        note: Which papers say so.
        acting_user: Who.
        now: When.

    Raises:
        TypedWrong: A value cannot be what it should be.
        NothingTyped: Nothing differs.
        CaseRefused: See ``change_case``.
    """

    def changes_of(case: Case) -> Changes:
        check_move(case, CaseAction.DECIDE)
        found = typed_changes(case.entry, typed)
        if not found:
            raise NothingTyped
        return {column: [old, _checked(column, new)] for column, (old, new) in found.items()}

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        return decide_or_propose(
            case, Decision.CORRECT_OURS, changes_of(case), note=note, acting_user=acting_user, now=now
        )

    return change_case(target, change, acting_user=acting_user, now=now)


def confirm_death(target: CaseTarget, *, looked: Looked, note: str, acting_user: User, now: datetime) -> Case:
    """Say that a person of the register is dead, after having looked; then, and only then, payments are alerted.

    Xác nhận đã mất.

    Raises:
        NothingToAccept: The case is not about a death.
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.DECIDE)
        if case.kind != Status.DEAD:
            raise NothingToAccept
        _sign(case, Decision.ACCEPT, {}, note, by=acting_user, at=now)
        case.effect = CaseEffect.PAYMENT_ALERT
        return CaseAction.DECIDE, [DeathConfirmed(case_id=case.pk, looked=looked), _alert(case, case.entry)]

    return change_case(target, change, acting_user=acting_user, now=now)


def settle_double(
    target: CaseTarget, *, twin_id: int, keep_this: bool, note: str, acting_user: User, now: datetime
) -> Case:
    """Choose which of two records of one person stays; payments are alerted about the other.

    Chọn bản ghi giữ lại.

    Args:
        target: The case of one of the two.
        twin_id: The entry of the other.
        keep_this: Whether the record of the case stays.
        note: Why.
        acting_user: Who.
        now: When.

    Raises:
        NotATwin: The other is no record of the same person.
        TwinOfAnotherCommune: The other would be dropped and belongs to a commune the user does not work for.
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.DECIDE)
        twin = next((one for one in twins_of(case) if one.pk == twin_id), None)
        if case.kind != Status.DUPLICATE or twin is None:
            raise NotATwin
        if keep_this and not policies.works_in(acting_user, twin.commune_id, on=local_day(now)):
            raise TwinOfAnotherCommune
        kept, dropped = (case.entry, twin) if keep_this else (twin, case.entry)
        _sign(case, Decision.ACCEPT, {}, note, by=acting_user, at=now)
        case.effect = CaseEffect.PAYMENT_ALERT
        settled = DoubleSettled(case_id=case.pk, kept_entry_id=kept.pk, dropped_entry_id=dropped.pk)
        return CaseAction.DECIDE, [settled, _alert(case, dropped)]

    return change_case(target, change, acting_user=acting_user, now=now)


def decide_or_propose(
    case: Case, decision: Decision, changes: Changes, *, note: str, acting_user: User, now: datetime,
    is_saved_now: bool = True,
) -> tuple[CaseAction, list[Fact]]:  # fmt: skip
    """Sign a locked case and either write the changes or leave them to the second person.

    Returns:
        The move to make and what to record.
    """
    said: dict[str, Any] = {
        "case_id": case.pk,
        "verdict_id": case.verdict_id,
        "decision": decision.value,
        "columns": sorted(changes),
    }
    if touches_number(changes):
        check_move(case, CaseAction.PROPOSE)
        _sign(case, decision, changes, note, by=acting_user, at=now, second=False)
        return CaseAction.PROPOSE, [VerdictProposed(**said)]
    check_move(case, CaseAction.DECIDE)
    _sign(case, decision, changes, note, by=acting_user, at=now)
    written = correct_entry(case, changes, acting_user=acting_user, now=now, is_saved_now=is_saved_now)
    return CaseAction.DECIDE, [VerdictDecided(**said), *written]


def _sign(
    case: Case, decision: Decision, changes: Changes, note: str, *, by: User, at: datetime, second: bool = True
) -> None:
    case.decision, case.proposal, case.touches_number = decision, changes, touches_number(changes)
    case.note = note.strip() or case.note
    case.proposed_by, case.proposed_at = by, at
    case.decided_by, case.decided_at = (by, at) if second else (None, None)


def _alert(case: Case, dropped: RegisterEntry) -> PaymentAlertRaised:
    return PaymentAlertRaised(
        case_id=case.pk, register_id=dropped.register_id, record_key=dropped.record_key, kind=case.kind
    )


def _checked(column: str, text: str) -> str:
    """Return a typed value as it is written, or refuse it with what to do."""
    try:
        if column == "number":
            number = read_personal_id(text)
            if number.is_old:
                raise TypedWrong(
                    column, _("Số định danh cần 12 chữ số; đang có 9. Ghi số mới, không ghi số chứng minh cũ.")
                )
            return number.number
        if column == "birth_date":
            return str(BirthDate.parse(text)) if text else ""
        if column == "sex" and text not in SEXES:
            raise TypedWrong(column, _("Giới tính ghi là Nam hoặc Nữ."))
        if column == "full_name" and not text:
            raise TypedWrong(column, _("Họ và tên không để trống. Ghi đủ họ, tên đệm và tên như trong giấy tờ."))
        return clean_line(text, at_most=MOST_LETTERS[column]) if text else ""
    except (UnreadablePersonalId, UncleanText, ValueError) as wrong:
        raise TypedWrong(column, str(wrong)) from wrong
