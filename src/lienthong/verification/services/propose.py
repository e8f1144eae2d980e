"""The second person: agrees to what another proposed, or sends it back; and whoever acted takes back what is not final."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day
from lienthong.verification import policies
from lienthong.verification.events import CaseUndone, VerdictDecided, VerdictSentBack
from lienthong.verification.models import Case
from lienthong.verification.services.case_moves import (
    CaseRefused,
    CaseTarget,
    ReasonNeeded,
    change_case,
    check_move,
)
from lienthong.verification.services.corrections import correct_entry, reversed_changes
from lienthong.verification.states import CaseAction, CaseEffect, CaseState, Decision


class ProposedBySame(CaseRefused):
    """Four eyes: whoever proposed does not decide."""

    def __init__(self) -> None:
        super().__init__(
            _("Bạn là người đề xuất nên không tự quyết định được. Số định danh cần người thứ hai xem lại.")
        )


class NotTheSecond(CaseRefused):
    """Only a head decides what touches an identity number."""

    def __init__(self) -> None:
        super().__init__(
            _("Việc về số định danh do trưởng phòng hoặc lãnh đạo quyết định. Đề xuất vẫn giữ trong hàng chờ.")
        )


class NotYoursToUndo(CaseRefused):
    """Somebody else did it."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ người đã làm mới hoàn tác được. Nếu thấy sai, hãy báo người đó hoặc lãnh đạo."))


class FinalAlready(CaseRefused):
    """A second person has decided, or payments were alerted: this is no longer taken back by a key."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Quyết định này đã có người thứ hai hoặc đã cảnh báo chi trả nên không hoàn tác được. Hãy sửa bằng việc mới."
            )
        )


def approve(target: CaseTarget, *, acting_user: User, now: datetime) -> Case:
    """Decide what another officer proposed; only now is our register written.

    Đồng ý đề xuất.

    Raises:
        ProposedBySame: The user proposed it.
        NotTheSecond: The user decides no identity numbers in this commune.
        EntryChanged: The entry differs from what was proposed on.
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        return CaseAction.APPROVE, approve_locked(case, acting_user=acting_user, now=now)

    return change_case(target, change, acting_user=acting_user, now=now)


def approve_locked(case: Case, *, acting_user: User, now: datetime, is_saved_now: bool = True) -> list[Fact]:
    """Check and carry out an approval on a locked case; returns what to record. Raises as ``approve``."""
    check_move(case, CaseAction.APPROVE)
    if not policies.decides_numbers_in(acting_user, case.commune_id, on=local_day(now)):
        raise NotTheSecond
    if case.proposed_by_id == acting_user.pk:
        raise ProposedBySame
    case.decided_by, case.decided_at = acting_user, now
    decided = VerdictDecided(
        case_id=case.pk, verdict_id=case.verdict_id, decision=case.decision, columns=sorted(case.proposal)
    )
    written = correct_entry(case, case.proposal, acting_user=acting_user, now=now, is_saved_now=is_saved_now)
    return [decided, *written]


def send_back(target: CaseTarget, *, reason: str, acting_user: User, now: datetime) -> Case:
    """Send a proposal back to be looked at again.

    Trả lại đề xuất.

    Raises:
        ReasonNeeded: No reason was given.
        NotTheSecond: The user decides no identity numbers in this commune.
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.SEND_BACK)
        if not reason.strip():
            raise ReasonNeeded
        if not policies.decides_numbers_in(acting_user, case.commune_id, on=local_day(now)):
            raise NotTheSecond
        proposed = case.decision
        _unsign(case)
        case.note = reason.strip()
        return CaseAction.SEND_BACK, [VerdictSentBack(case_id=case.pk, reason=str(Decision(proposed).label))]

    return change_case(target, change, acting_user=acting_user, now=now)


def undo(target: CaseTarget, *, acting_user: User, now: datetime) -> Case:
    """Take back what the same officer did, before a second person has decided or payments were alerted.

    Hoàn tác. What was written into the register is written back.

    Raises:
        NotYoursToUndo: Another officer did it.
        FinalAlready: It is final.
        EntryChanged: The entry was changed again since.
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.UNDO)
        if case.effect != CaseEffect.NONE or (case.state == CaseState.DECIDED and case.touches_number):
            raise FinalAlready
        if case.proposed_by_id != acting_user.pk:
            raise NotYoursToUndo
        facts: list[Fact] = [CaseUndone(case_id=case.pk, from_state=case.state)]
        if case.state == CaseState.DECIDED:
            facts += correct_entry(case, reversed_changes(case.proposal), acting_user=acting_user, now=now)
        _unsign(case)
        return CaseAction.UNDO, facts

    return change_case(target, change, acting_user=acting_user, now=now)


def _unsign(case: Case) -> None:
    case.decision, case.proposal, case.touches_number = "", {}, False
    case.proposed_by = case.proposed_at = case.decided_by = case.decided_at = None
