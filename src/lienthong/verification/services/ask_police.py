"""What the police are asked to correct on their side, and what they answered."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact
from lienthong.verification.events import PoliceAnswered, PoliceAsked
from lienthong.verification.models import Case
from lienthong.verification.queries.cases import person_found_by_inquiry
from lienthong.verification.services.case_moves import CaseRefused, CaseTarget, change_case, check_move
from lienthong.verification.sides import accepted_changes
from lienthong.verification.states import CaseAction, Decision

NUMBER_DIGITS = 12


class NothingToAsk(CaseRefused):
    """The population has nobody here whom the police could correct."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Dữ liệu dân cư không có người này nên chưa có gì để Công an sửa. Hãy đi xác minh hoặc hỏi lại bằng cách khác."
            )
        )


def ask_police(target: CaseTarget, *, note: str = "", acting_user: User, now: datetime) -> Case:
    """Put a case on the list by which the commune asks the police to correct the population data.

    Đề nghị Công an chỉnh sửa. ``proposal`` keeps what should change on their side: {column: [theirs, ours]}. What our register
    leaves empty, and the number of an old identity card, is nothing to put in the place of what they have.

    Raises:
        NothingToAsk: Nobody was found.
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        check_move(case, CaseAction.ASK_POLICE)
        person = person_found_by_inquiry(case)
        if not (case.verdict.is_linked or person):
            raise NothingToAsk
        theirs = accepted_changes(case.entry, case.verdict, person=person)
        case.decision, case.touches_number = Decision.ASK_POLICE, False
        case.proposal = {
            column: [their, our] for column, (our, their) in theirs.items() if _says_something(column, our)
        }
        case.note = note.strip() or case.note
        case.proposed_by, case.proposed_at = acting_user, now
        return CaseAction.ASK_POLICE, [PoliceAsked(case_id=case.pk, columns=sorted(case.proposal))]

    return change_case(target, change, acting_user=acting_user, now=now)


def _says_something(column: str, our: str) -> bool:
    return len(our) == NUMBER_DIGITS if column == "number" else bool(our)


def take_police_answer(
    target: CaseTarget, *, is_corrected: bool, note: str = "", acting_user: User, now: datetime
) -> Case:
    """Write down what the police answered: corrected, and the case ends; not corrected, and it opens again.

    Ghi trả lời của Công an.

    Raises:
        CaseRefused: See ``change_case``.
    """

    def change(case: Case) -> tuple[CaseAction, list[Fact]]:
        action = CaseAction.POLICE_CORRECTED if is_corrected else CaseAction.POLICE_REFUSED
        check_move(case, action)
        case.note = note.strip() or case.note
        if is_corrected:
            case.decided_by, case.decided_at = acting_user, now
        else:
            case.decision, case.proposal, case.proposed_by, case.proposed_at = "", {}, None, None
        return action, [PoliceAnswered(case_id=case.pk, is_corrected=is_corrected)]

    return change_case(target, change, acting_user=acting_user, now=now)
