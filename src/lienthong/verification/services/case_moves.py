"""How every verb on a case goes: lock it, ask whether it may be, change it, write down what happened. Once per key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact, KeyAlreadyUsed, record
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.verification import policies
from lienthong.verification.models import Case
from lienthong.verification.queries.cases import CaseNotFound
from lienthong.verification.states import CASE_MOVES, ENDED_CASES, CaseAction, CaseState


class CaseRefused(Exception):
    """Base of why something is not done with a case, in words."""


class StaleCase(CaseRefused):
    """Somebody else has changed the case since it was shown."""

    def __init__(self) -> None:
        super().__init__(_("Việc này vừa được người khác xử lý. Xem lại bên dưới rồi quyết định nếu vẫn cần."))


class NotYourCase(CaseRefused):
    """The user may see the case and not do this to it."""

    def __init__(self) -> None:
        super().__init__(_("Bạn xem được việc này nhưng không được giao xử lý. Hãy báo cán bộ phụ trách của xã."))


class NotPossibleNow(CaseRefused):
    """The table has no such move from the state of the case."""

    def __init__(self, action: CaseAction, state: CaseState) -> None:
        words = _("Việc đang ở trạng thái “%(state)s” nên chưa thể “%(action)s”. Tải lại trang để xem việc làm được.")
        super().__init__(words % {"state": state.label, "action": action.label})


class AnotherCaseOpen(CaseRefused):
    """A later batch has opened another case for the same record."""

    def __init__(self) -> None:
        super().__init__(_("Bản ghi này đã có một việc mới hơn đang mở. Hãy xử lý việc mới, không mở lại việc này."))


class KeyUsedElsewhere(CaseRefused):
    """The key of this form was already used for something else."""

    def __init__(self) -> None:
        super().__init__(_("Biểu mẫu này đã được gửi cho một việc khác. Mở lại trang rồi làm lại."))


class ReasonNeeded(CaseRefused):
    """A reason belongs to this and is missing."""

    def __init__(self) -> None:
        super().__init__(_("Chưa ghi lý do. Hãy ghi ngắn gọn vì sao, để người làm sau hiểu."))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTarget:
    """Which case, as of which version seen, and the key of this one action."""

    case_id: int
    seen: int
    client_key: UUID


Change = Callable[[Case], tuple[CaseAction, Sequence[Fact]]]


def change_case(target: CaseTarget, change: Change, *, acting_user: User, now: datetime) -> Case:
    """Make one move of the table.

    Args:
        target: The case, the version seen and the key of this action.
        change: Looks at the locked case, checks the move, changes columns and what else belongs to it; returns which
            move it is and the facts.
        acting_user: Who.
        now: When.

    Returns:
        The case after the move; unchanged when this very action was made before.

    Raises:
        CaseNotFound: There is none, or none that this user may see.
        StaleCase: It changed since the user saw it.
        NotYourCase: The user may not work it.
        NotPossibleNow: Its state does not allow the move.
        KeyUsedElsewhere: The key belongs to another action.
    """
    try:
        with transaction.atomic():
            case = locked_case(target.case_id, acting_user=acting_user, now=now)
            if case.version != target.seen:
                if Event.objects.filter(stream=case.stream, client_key=target.client_key).exists():
                    return case
                raise StaleCase
            if not policies.works_in(acting_user, case.commune_id, on=local_day(now)):
                raise NotYourCase
            action, facts = change(case)
            write_case(case, action, facts, acting_user=acting_user, now=now, client_key=target.client_key)
            return case
    except KeyAlreadyUsed as used:
        raise KeyUsedElsewhere from used
    except IntegrityError as broken:
        if "case_one_open_per_entry" in str(broken):
            raise AnotherCaseOpen from broken
        raise


def locked_case(case_id: int, *, acting_user: User, now: datetime) -> Case:
    """Read a case that the user may see and hold its row, and that of its entry, until the transaction ends.

    Raises:
        CaseNotFound: There is none, or none for this user.
    """
    seen = policies.visible_to(acting_user, on=local_day(now))
    found = (
        Case.objects.select_for_update(of=("self", "entry"))
        .select_related("entry__register", "verdict__batch")
        .filter(seen, pk=case_id)
        .first()
    )
    if found is None:
        raise CaseNotFound(case_id)
    return found


def check_move(case: Case, action: CaseAction) -> None:
    """Refuse a move that the table does not have from where the case is.

    Raises:
        NotPossibleNow: It does not.
    """
    if case.state not in CASE_MOVES[action].origin:
        raise NotPossibleNow(action, CaseState(case.state))


def write_case(
    case: Case, action: CaseAction, facts: Sequence[Fact], *, acting_user: User, now: datetime, client_key: UUID | None
) -> None:
    """Put the case where the move leads, write its row and its facts. The key goes with the first fact."""
    case.state = CASE_MOVES[action].target
    case.closed_at = now if case.state in ENDED_CASES else None
    case.version += 1
    case.save()
    for fact in facts:
        record(fact, stream=case.stream, actor_id=acting_user.pk, at=now, client_key=client_key)
        client_key = None
