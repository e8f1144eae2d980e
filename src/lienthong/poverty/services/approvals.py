"""What needs two people: one prepares, another approves or refuses; what is approved is ended, never edited."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import Fact, record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import format_day, local_day
from lienthong.poverty import policies
from lienthong.poverty.events import StandardChangeDecided
from lienthong.poverty.models.standards import AreaDesignation, FourEyes, ProvincialLine
from lienthong.poverty.states import ApprovalState

LEAST_REASON = 5
Row = TypeVar("Row", bound=FourEyes)
Spanned = ProvincialLine | AreaDesignation


class StandardRefused(Exception):
    """The standard cannot be changed so; the message says why, and what to do."""


class NotYourStandard(StandardRefused):
    """Only officers of the agency competent for poverty prepare, only its heads and leaders approve."""


class PreparedByApprover(StandardRefused):
    """Four eyes: whoever prepared does not decide."""


class AlreadyDecided(StandardRefused):
    """Somebody was quicker, or it is no longer in use."""


class NoReasonGiven(StandardRefused):
    """A refusal without a reason helps nobody."""


class SpanWrong(StandardRefused):
    """The span is empty, or ends later than was said."""


class StandardChangeUnknown(NotFound):
    """There is no such designation, line or table."""


def may_prepare(user: User, now: datetime) -> None:
    """Let the officers of the competent agency through.

    Raises:
        NotYourStandard: The user is none of them.
    """
    if not policies.runs_province(user, on=local_day(now)):
        raise NotYourStandard(
            _("Chỉ cán bộ của sở phụ trách giảm nghèo lập được mục này. Hãy gửi ý kiến cho sở bằng văn bản.")
        )


def may_approve(user: User, row: FourEyes, now: datetime) -> None:
    """Let heads and leaders of the competent agency through who did not prepare the row.

    Raises:
        NotYourStandard: The user is none of them.
        PreparedByApprover: The user prepared it.
    """
    if not policies.approves_standards(user, on=local_day(now)):
        raise NotYourStandard(_("Chỉ lãnh đạo sở hoặc trưởng phòng phụ trách giảm nghèo duyệt được mục này."))
    if row.prepared_by_id == user.pk:
        raise PreparedByApprover(_("Bạn đã lập mục này nên không tự duyệt được. Hãy nhờ người khác của sở duyệt."))


def locked(model: type[Row], row_id: int) -> Row:
    """Return a row, locked until the end of the transaction.

    Raises:
        StandardChangeUnknown: There is none.
    """
    row: Row | None = model.objects.select_for_update().filter(pk=row_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise StandardChangeUnknown(_("Không có mục này. Hãy mở lại trang."))
    return row


def must_be(row: FourEyes, state: ApprovalState) -> None:
    """Refuse what has gone on to another state meanwhile.

    Raises:
        AlreadyDecided: It has.
    """
    if row.state != state:
        words = {"state": ApprovalState(row.state).label}
        raise AlreadyDecided(_("Mục này %(state)s, không làm lại được. Hãy mở lại trang để xem.") % words)


def reason_given(reason: str) -> str:
    """Return the reason on one line.

    Raises:
        NoReasonGiven: It says nothing.
    """
    line = " ".join(reason.split())[:300]
    if len(line) < LEAST_REASON:
        raise NoReasonGiven(_("Ghi lý do, ít nhất %(n)s chữ cái, để người lập hiểu.") % {"n": LEAST_REASON})
    return line


def approve(row: FourEyes, *, what: str, acting_user: User, now: datetime, fact: Fact | None = None) -> None:
    """Let a prepared row hold.

    Raises:
        NotYourStandard, PreparedByApprover, AlreadyDecided: The user or the state does not allow it.
    """
    may_approve(acting_user, row, now)
    must_be(row, ApprovalState.DRAFT)
    row.state, row.approved_by, row.approved_at = ApprovalState.APPROVED, acting_user, now
    row.save(update_fields=["state", "approved_by", "approved_at"])
    told = fact or StandardChangeDecided(what=what, state=str(ApprovalState.APPROVED.label))
    record(told, stream=stream_of(row), actor_id=acting_user.pk, at=now)


def end(row: Spanned, *, what: str, ends_on: date, acting_user: User, now: datetime) -> None:
    """Let an approved row end: the first day on which it no longer holds; again somebody other than who prepared it.

    Raises:
        NotYourStandard, PreparedByApprover, AlreadyDecided: The user or the state does not allow it.
        SpanWrong: It would end before it begins, or later than it does already.
    """
    may_approve(acting_user, row, now)
    must_be(row, ApprovalState.APPROVED)
    if ends_on <= row.valid_from or (row.valid_until is not None and ends_on > row.valid_until):
        raise SpanWrong(_("Ngày kết thúc phải sau ngày bắt đầu và không sau ngày kết thúc đã ghi."))
    row.valid_until = ends_on
    row.save(update_fields=["valid_until"])
    tell(row, what=what, state=_("kết thúc trước ngày %s") % format_day(ends_on), acting_user=acting_user, now=now)


def refuse(row: FourEyes, *, what: str, reason: str, acting_user: User, now: datetime) -> None:
    """Turn a prepared row down; whoever prepared it may take it back so too.

    Raises:
        NotYourStandard, AlreadyDecided, NoReasonGiven: The user, the state or the reason does not allow it.
    """
    if row.prepared_by_id == acting_user.pk:
        may_prepare(acting_user, now)
    else:
        may_approve(acting_user, row, now)
    must_be(row, ApprovalState.DRAFT)
    _move(row, ApprovalState.REFUSED, what=what, reason=reason_given(reason), acting_user=acting_user, now=now)


def withdraw(row: FourEyes, *, what: str, reason: str, acting_user: User, now: datetime) -> None:
    """Take an approved row out of use; again somebody other than who prepared it.

    Raises:
        NotYourStandard, PreparedByApprover, AlreadyDecided, NoReasonGiven: The user, the state or the reason does not
            allow it.
    """
    may_approve(acting_user, row, now)
    must_be(row, ApprovalState.APPROVED)
    _move(row, ApprovalState.WITHDRAWN, what=what, reason=reason_given(reason), acting_user=acting_user, now=now)


def stream_of(row: FourEyes) -> str:
    """Name the event stream of a row."""
    return f"{row._meta.model_name}:{row.pk}"


def tell(row: FourEyes, *, what: str, state: str, acting_user: User, now: datetime, reason: str = "") -> None:
    """Record what became of a row."""
    fact = StandardChangeDecided(what=what, state=state, reason=reason)
    record(fact, stream=stream_of(row), actor_id=acting_user.pk, at=now)


def _move(row: FourEyes, state: ApprovalState, *, what: str, reason: str, acting_user: User, now: datetime) -> None:
    row.state = state
    row.save(update_fields=["state"])
    tell(row, what=what, state=str(state.label), reason=reason, acting_user=acting_user, now=now)
