"""Going to see: a case is put on the visit list of its village, and what was found is written down."""

from __future__ import annotations

from datetime import datetime

from lienthong.accounts.models import User
from lienthong.infra.events import Fact
from lienthong.verification.events import VisitOrdered, VisitReported
from lienthong.verification.models import Case
from lienthong.verification.services.case_moves import CaseTarget, ReasonNeeded, change_case, check_move
from lienthong.verification.states import CaseAction, Decision


def order_visit(target: CaseTarget, *, note: str = "", acting_user: User, now: datetime) -> Case:
    """Put a case on the list of those to be visited.

    Đưa vào danh sách đi xác minh.

    Raises:
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.VISIT)
        case.decision, case.proposal, case.touches_number = Decision.VISIT, {}, False
        case.note = note.strip() or case.note
        case.proposed_by, case.proposed_at = acting_user, now
        return CaseAction.VISIT, [VisitOrdered(case_id=case.pk)]

    return change_case(target, change, acting_user=acting_user, now=now)


def report_visit(target: CaseTarget, *, note: str, acting_user: User, now: datetime) -> Case:
    """Write down what a visit found; the case is open again, to be decided with it.

    Ghi kết quả đi xác minh.

    Raises:
        ReasonNeeded: Nothing was written.
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.VISITED)
        if not note.strip():
            raise ReasonNeeded
        case.decision, case.note = "", note.strip()
        case.proposed_by = case.proposed_at = None
        return CaseAction.VISITED, [VisitReported(case_id=case.pk)]

    return change_case(target, change, acting_user=acting_user, now=now)
