"""Ending a case without a change, with a reason."""

from __future__ import annotations

from datetime import datetime

from lienthong.accounts.models import User
from lienthong.infra.events import Fact
from lienthong.verification.events import CaseClosed
from lienthong.verification.models import Case
from lienthong.verification.services.case_moves import CaseTarget, change_case, check_move
from lienthong.verification.states import CaseAction, CloseReason, Decision


def close(target: CaseTarget, *, reason: CloseReason, note: str = "", acting_user: User, now: datetime) -> Case:
    """End a case and change nothing, whatever it is about: not found above all is no reason to stop anything.

    Khép việc, không sửa gì.

    Raises:
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.CLOSE)
        case.decision, case.proposal, case.touches_number = Decision.CLOSE, {}, False
        case.note = ". ".join(part for part in (str(reason.label), note.strip()) if part)
        case.proposed_by, case.proposed_at = acting_user, now
        case.decided_by, case.decided_at = acting_user, now
        return CaseAction.CLOSE, [CaseClosed(case_id=case.pk, reason=reason)]

    return change_case(target, change, acting_user=acting_user, now=now)
