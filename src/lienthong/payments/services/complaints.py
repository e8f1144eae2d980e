"""What people say about money that did not come: taken in, answered, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.payments import policies
from lienthong.payments.complaint_events import (
    PaymentComplaintAnswered,
    PaymentComplaintClosed,
    PaymentComplaintRaised,
    PaymentComplaintReopened,
)
from lienthong.payments.models import PaymentComplaint, PaymentLine
from lienthong.payments.queries.complaints import ComplaintNotFound
from lienthong.payments.states import ComplaintState
from lienthong.people.models import Person


class ComplaintRefused(Exception):
    """The complaint cannot be taken or moved so; the message says why, and what to do."""


class NothingSaid(ComplaintRefused):
    """The words are missing."""


class NotTheirPayment(ComplaintRefused):
    """The line is of another person."""

    def __init__(self) -> None:
        super().__init__(_("Khoản chi này không phải của người được chọn. Hãy chọn lại trong danh sách khoản chi."))


class NotThisPerson(ComplaintRefused):
    """There is no such person, or not for this user."""

    def __init__(self) -> None:
        super().__init__(_("Không có người này, hoặc không thuộc xã, phường bạn phụ trách. Hãy tìm lại."))


class ComplaintMovedOn(ComplaintRefused):
    """It is no longer where the action begins."""

    def __init__(self, state: str) -> None:
        super().__init__(
            _("Phản ánh này %s, không làm được thao tác đó. Hãy mở lại trang.") % ComplaintState(state).label
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseComplaint:
    """What somebody says about their money. Phản ánh về chi trả.

    Attributes:
        line_id: The payment it is about; None where none came at all.
        client_key: Key of this one form.
    """

    person_id: int
    text: str
    line_id: int | None = None
    client_key: UUID | None = None


@transaction.atomic
def raise_complaint(command: RaiseComplaint, *, acting_user: User, now: datetime) -> PaymentComplaint:
    """Take in a complaint: from the person themselves, signed in, or from an officer who writes it down for them.

    Nhận phản ánh về chi trả.

    Raises:
        NotThisPerson: There is no such person, or not for this user.
        NothingSaid: The words are missing.
        NotTheirPayment: The line is of another person.
        KeyAlreadyUsed: This form was sent before.
    """
    person = Person.objects.filter(pk=command.person_id).first()
    is_own = person is not None and acting_user.person_id == person.pk
    if person is None or not (is_own or policies.answers_complaints(acting_user, person.unit_id, on=local_day(now))):
        raise NotThisPerson
    if not command.text.strip():
        raise NothingSaid(_("Hãy ghi điều cần phản ánh: khoản của tháng nào, thiếu hay chưa nhận được."))
    if command.line_id is not None:
        theirs = Q(person=person) | Q(payee=person)
        if not PaymentLine.objects.filter(theirs, pk=command.line_id).exists():
            raise NotTheirPayment
    complaint = PaymentComplaint.objects.create(
        person=person, unit_id=person.unit_id, line_id=command.line_id, text=command.text.strip(), made_at=now,
        made_by=acting_user,
    )  # fmt: skip
    fact = PaymentComplaintRaised(
        complaint_id=complaint.pk, person_id=person.pk, line_id=command.line_id, by_the_person=is_own
    )
    record(fact, stream=complaint.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return complaint


@transaction.atomic
def answer_complaint(complaint_id: int, *, answer: str, acting_user: User, now: datetime) -> PaymentComplaint:
    """Answer a complaint.

    Trả lời phản ánh.

    Raises:
        ComplaintNotFound: There is none for this user to answer.
        ComplaintMovedOn: It has its answer.
        NothingSaid: The answer is missing.
    """
    complaint = _locked(complaint_id, acting_user, now, states=(ComplaintState.OPEN,))
    if not answer.strip():
        raise NothingSaid(_("Chưa có nội dung trả lời. Hãy ghi khoản tiền đang ở đâu và bao giờ nhận được."))
    complaint.state, complaint.answer = ComplaintState.ANSWERED, answer.strip()
    complaint.answered_at, complaint.answered_by = now, acting_user
    complaint.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    fact = PaymentComplaintAnswered(complaint_id=complaint.pk)
    record(fact, stream=complaint.stream, actor_id=acting_user.pk, at=now)
    return complaint


@transaction.atomic
def reopen_complaint(complaint_id: int, *, reason: str, acting_user: User, now: datetime) -> PaymentComplaint:
    """Open an answered complaint again, because the answer did not settle it. The person may do so, and the officer.

    Mở lại phản ánh.

    Raises:
        ComplaintNotFound: There is none for this user.
        ComplaintMovedOn: It is not answered, or closed.
        NothingSaid: Nobody says why.
    """
    complaint = _locked(complaint_id, acting_user, now, states=(ComplaintState.ANSWERED,), person_may=True)
    if not reason.strip():
        raise NothingSaid(_("Hãy ghi vì sao câu trả lời chưa giải quyết được."))
    complaint.state = ComplaintState.OPEN
    complaint.save(update_fields=["state"])
    fact = PaymentComplaintReopened(complaint_id=complaint.pk, reason=reason.strip()[:300])
    record(fact, stream=complaint.stream, actor_id=acting_user.pk, at=now)
    return complaint


@transaction.atomic
def close_complaint(complaint_id: int, *, acting_user: User, now: datetime) -> PaymentComplaint:
    """Close a complaint that was answered.

    Đóng phản ánh.

    Raises:
        ComplaintNotFound: There is none for this user.
        ComplaintMovedOn: It is not answered yet, or closed.
    """
    complaint = _locked(complaint_id, acting_user, now, states=(ComplaintState.ANSWERED,), person_may=True)
    complaint.state, complaint.closed_at = ComplaintState.CLOSED, now
    complaint.save(update_fields=["state", "closed_at"])
    record(PaymentComplaintClosed(complaint_id=complaint.pk), stream=complaint.stream, actor_id=acting_user.pk, at=now)
    return complaint


def _locked(
    complaint_id: int, user: User, now: datetime, *, states: tuple[ComplaintState, ...], person_may: bool = False
) -> PaymentComplaint:
    complaint: PaymentComplaint | None = PaymentComplaint.objects.select_for_update().filter(pk=complaint_id).first()
    if complaint is None:
        raise ComplaintNotFound
    is_own = person_may and user.person_id is not None and user.person_id == complaint.person_id
    if not is_own and not policies.answers_complaints(user, complaint.unit_id, on=local_day(now)):
        raise ComplaintNotFound
    if complaint.state not in states:
        raise ComplaintMovedOn(complaint.state)
    return complaint
