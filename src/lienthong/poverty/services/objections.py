"""Somebody objects to a posted result: it is taken in, the household is seen again, and an answer is given in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.poverty import policies
from lienthong.poverty.events import ObjectionAnswered, ObjectionReceived, RevisitAsked
from lienthong.poverty.models import CommuneReview, HouseholdReview, Objection
from lienthong.poverty.queries.objections import ObjectionNotFound, get_objection
from lienthong.poverty.queries.village import STILL_TO_VISIT, result_of
from lienthong.poverty.services.meetings import ChangedResult, write_change
from lienthong.poverty.services.stages import ReviewRefused, locked_commune
from lienthong.poverty.states import CommuneState, HouseholdClass, ObjectionOutcome, ObjectionState, VisitState
from lienthong.poverty.working_days import answer_due_on


class RaisedOnWrongDay(ReviewRefused):
    """The objection would be from the future, or from before the list hung out."""


class NothingSaid(ReviewRefused):
    """Who objects, what they say, or what is answered is missing; the message says which."""


class NotOnThisList(ReviewRefused):
    """The household is not on the list of this commune, or no longer there."""

    def __init__(self) -> None:
        super().__init__(
            _("Hộ này không có trong danh sách rà soát của xã, hoặc không còn ở địa bàn. Hãy chọn lại trong danh sách.")
        )


class NobodyToRecheck(ReviewRefused):
    """The objection names no household of the list, so that nobody can be sent anywhere."""

    def __init__(self) -> None:
        super().__init__(
            _("Chưa biết phúc tra hộ nào. Hãy chọn hộ trong danh sách; hộ chưa có thì bổ sung vào danh sách trước.")
        )


class NotAnEnumerator(ReviewRefused):
    """Whoever was named does not visit households in this commune."""

    def __init__(self) -> None:
        super().__init__(
            _("Người được chọn không được giao khảo sát ở xã này. Hãy chọn điều tra viên trong danh sách của xã.")
        )


class ObjectionAnsweredAlready(ReviewRefused):
    """The objection has its answer, which stays."""

    def __init__(self, answered_on: date | None) -> None:
        words = _("Khiếu nại này đã được trả lời ngày %(day)s. Có ý kiến mới thì ghi thành khiếu nại mới.")
        super().__init__(words % {"day": format_day(answered_on) if answered_on else ""})


class RecheckFirst(ReviewRefused):
    """A result only changes after somebody has been there again."""

    def __init__(self) -> None:
        super().__init__(_("Muốn sửa kết quả thì phải phúc tra và có phiếu khảo sát mới. Hãy giao phúc tra trước."))


class SameResult(ReviewRefused):
    """An objection is upheld by another result."""

    def __init__(self) -> None:
        super().__init__(
            _("Kết quả mới trùng với kết quả đang niêm yết. Nếu giữ nguyên kết quả thì chọn “giữ nguyên kết quả”.")
        )


class KeptAndChanged(ReviewRefused):
    """A result cannot be kept and become another."""

    def __init__(self) -> None:
        super().__init__(
            _("Đã chọn cả “giữ nguyên kết quả” lẫn kết quả mới. Hãy bỏ kết quả mới, hoặc chọn chấp nhận khiếu nại.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveObjection:
    """What somebody says against the posted list. Khiếu nại, kiến nghị.

    Args:
        review_id: The household it is about; None where somebody is missing from the list.
        client_key: Key of this one form.
    """

    commune_review_id: int
    review_id: int | None = None
    raised_by: str
    contact: str = ""
    raised_on: date
    content: str
    client_key: UUID | None = None


@transaction.atomic
def receive_objection(command: ReceiveObjection, *, acting_user: User, now: datetime) -> Objection:
    """Take in an objection while the list hangs out or waits for its decision; no decision is taken before it is answered.

    Nhận khiếu nại, kiến nghị. One that comes after the last day is taken in all the same.

    Args:
        command: Who says what, about which household.
        acting_user: Who takes it in; must run the commune's review.
        now: When.

    Raises:
        CommuneReviewNotFound, NotYourCommune: There is no such review for this user, or not to run.
        NotThisStage: No list hangs out.
        RaisedOnWrongDay: It is from the future, or from before the list hung out.
        NotOnThisList: The household is not on the list.
        NothingSaid: Who or what is missing.
        OutsideCalendar: The working calendar does not reach so far.
        KeyAlreadyUsed: This form was sent before.

    Legal source:
        24/2021/QĐ-TTg (recheck within three working days).
    """
    review = locked_commune(command.commune_review_id, acting_user=acting_user, now=now, states=(CommuneState.POSTED,))
    if not command.raised_by.strip() or not command.content.strip():
        raise NothingSaid(_("Hãy ghi người nêu và nội dung khiếu nại, kiến nghị."))
    posted_on = review.postings.order_by("number").values_list("posted_on", flat=True).first()
    if command.raised_on > local_day(now) or (posted_on is not None and command.raised_on < posted_on):
        words = _("Ngày nhận phải từ ngày niêm yết (%(day)s) đến hôm nay.")
        raise RaisedOnWrongDay(words % {"day": format_day(posted_on) if posted_on else ""})
    household = _household(review, command.review_id) if command.review_id is not None else None
    objection = Objection.objects.create(
        commune_review=review,
        review=household,
        raised_by=command.raised_by.strip(),
        contact=command.contact.strip(),
        raised_on=command.raised_on,
        content=command.content.strip(),
        due_on=answer_due_on(review.unit, command.raised_on),
        recorded_by=acting_user,
        recorded_at=now,
    )
    fact = ObjectionReceived(commune_review_id=review.pk, objection_id=objection.pk, due_on=objection.due_on)
    record(fact, stream=review.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return objection


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecheck:
    """Somebody is sent to see the household again. Phúc tra.

    Args:
        enumerator_id: Who goes.
        review_id: The household, where the objection named none.
    """

    objection_id: int
    enumerator_id: int
    review_id: int | None = None
    reason: str = ""


@transaction.atomic
def start_recheck(command: StartRecheck, *, acting_user: User, now: datetime) -> Objection:
    """Send somebody to the household again, while the list stays where it hangs.

    Giao phúc tra. The household waits for its visit; ``queries.visiting.may_be_visited`` lets that one visit in.

    Raises:
        ObjectionNotFound: There is none, or none for this user.
        NotYourCommune, NotThisStage: The user does not run the commune, or no list hangs out.
        ObjectionAnsweredAlready: It has its answer.
        NobodyToRecheck: No household is named.
        NotOnThisList: The household is not on the list.
        NotAnEnumerator: Whoever was named does not visit households here.
    """
    objection, review = _locked(command.objection_id, acting_user=acting_user, now=now)
    household_id = objection.review_id or command.review_id
    if household_id is None:
        raise NobodyToRecheck
    household = _household(review, household_id)
    enumerator = User.objects.filter(pk=command.enumerator_id).first()
    if enumerator is None or review.unit_id not in policies.enumerates_in(enumerator, on=local_day(now)):
        raise NotAnEnumerator
    household.visit_state = VisitState.REVISIT
    household.revisit_reason = (command.reason.strip() or _("Phúc tra theo khiếu nại, kiến nghị."))[:300]
    household.enumerator = enumerator
    household.version += 1
    household.save(update_fields=["visit_state", "revisit_reason", "enumerator", "version"])
    objection.review, objection.state = household, ObjectionState.RECHECKING
    objection.save(update_fields=["review", "state"])
    record(RevisitAsked(review_id=household.pk), stream=household.stream, actor_id=acting_user.pk, at=now)
    return objection


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerObjection:
    """What is answered, and which result follows where the objection is upheld. Trả lời khiếu nại, kiến nghị."""

    objection_id: int
    outcome: ObjectionOutcome
    answer: str
    class_to: HouseholdClass | None = None
    answered_on: date | None = None


@transaction.atomic
def answer_objection(command: AnswerObjection, *, acting_user: User, now: datetime) -> Objection:
    """Answer an objection; upheld, the result changes and the list has to be posted again before the decision.

    Trả lời khiếu nại, kiến nghị.

    Raises:
        ObjectionNotFound: There is none, or none for this user.
        NotYourCommune, NotThisStage: The user does not run the commune, or no list hangs out.
        ObjectionAnsweredAlready: It has its answer.
        NothingSaid: The answer, or the new result, is missing.
        RecheckFirst: Upheld without anybody having been there again, or the recheck is still on its way.
        SameResult: Upheld with the result that hangs out.
        KeptAndChanged: Dismissed, and yet with another result.
        RaisedOnWrongDay: The day of the answer cannot be.
    """
    objection, review = _locked(command.objection_id, acting_user=acting_user, now=now)
    today = local_day(now)
    answered_on = command.answered_on or today
    if command.outcome != ObjectionOutcome.UPHELD and command.class_to is not None:
        raise KeptAndChanged
    if not command.answer.strip():
        raise NothingSaid(_("Chưa có nội dung trả lời. Hãy ghi kết quả phúc tra và lý do."))
    if not objection.raised_on <= answered_on <= today:
        raise RaisedOnWrongDay(_("Ngày trả lời phải từ ngày nhận đến hôm nay."))
    household = _household(review, objection.review_id) if objection.review_id is not None else None
    if household is not None and household.visit_state in STILL_TO_VISIT:
        raise RecheckFirst
    was_rechecked = objection.state == ObjectionState.RECHECKING
    objection.state, objection.outcome = ObjectionState.ANSWERED, command.outcome
    objection.answer, objection.answered_on, objection.answered_by = command.answer.strip(), answered_on, acting_user
    if command.outcome == ObjectionOutcome.UPHELD:
        if household is None or not was_rechecked:
            raise RecheckFirst
        _uphold(objection, household, command.class_to, acting_user=acting_user, now=now)
    objection.save(update_fields=["state", "outcome", "answer", "answered_on", "answered_by"])
    fact = ObjectionAnswered(commune_review_id=review.pk, objection_id=objection.pk, outcome=command.outcome)
    record(fact, stream=review.stream, actor_id=acting_user.pk, at=now)
    return objection


def _uphold(
    objection: Objection,
    household: HouseholdReview,
    class_to: HouseholdClass | None,
    *,
    acting_user: User,
    now: datetime,
) -> None:
    if class_to is None:
        raise NothingSaid(_("Chấp nhận khiếu nại thì phải chọn kết quả mới của hộ."))
    if class_to == result_of(household):
        raise SameResult
    change = ChangedResult(review_id=household.pk, class_to=class_to, reason=objection.answer[:500])
    write_change(household, change, objection=objection, acting_user=acting_user, now=now)


def _locked(objection_id: int, *, acting_user: User, now: datetime) -> tuple[Objection, CommuneReview]:
    """Hold the commune's row, then the objection's, always in this order."""
    owner = get_objection(objection_id, as_=acting_user, on=local_day(now)).commune_review_id
    review = locked_commune(owner, acting_user=acting_user, now=now, states=(CommuneState.POSTED,))
    objection = Objection.objects.select_for_update().filter(pk=objection_id).first()
    if objection is None:
        raise ObjectionNotFound(objection_id)
    if objection.state == ObjectionState.ANSWERED:
        raise ObjectionAnsweredAlready(objection.answered_on)
    return objection, review


def _household(review: CommuneReview, review_id: int) -> HouseholdReview:
    rows = review.households.select_for_update(of=("self",)).exclude(visit_state=VisitState.GONE)
    household = rows.filter(pk=review_id).first()
    if household is None:
        raise NotOnThisList
    return household
