"""What could not be placed by itself: an officer gives it to a household of the list, or discards it and says why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.kernel.text import fold
from lienthong.poverty import policies
from lienthong.poverty.events import SubmissionAttached, SubmissionDiscarded
from lienthong.poverty.models import HouseholdReview, Submission, Visit
from lienthong.poverty.queries.visiting import may_be_visited
from lienthong.poverty.services.visits import held_lists, record_visit
from lienthong.poverty.states import CommuneState, SubmissionState, VisitState
from lienthong.poverty.survey.answers import head_of
from lienthong.poverty.survey.reading import SubmissionUnreadable, read_submission


class SettingAsideRefused(Exception):
    """Base of why a submission stays where it is, in words."""


class LookedAtAlready(SettingAsideRefused):
    """Somebody else was quicker."""

    def __init__(self, state: str) -> None:
        words = _("Phiếu này vừa được người khác xử lý (%(state)s). Tải lại trang để xem.")
        super().__init__(words % {"state": SubmissionState(state).label})


class NoSuchHousehold(SettingAsideRefused):
    """The household is on no open list of the user's communes."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _(
                "Hộ “%(code)s” không có trong danh sách đang mở của xã, phường. Hãy thêm hộ vào danh sách trước, rồi gắn phiếu."
            )
            % {"code": code}
        )


class PastVisiting(SettingAsideRefused):
    """No visit of the household is taken in now."""

    def __init__(self, review: HouseholdReview) -> None:
        if review.visit_state == VisitState.GONE:
            super().__init__(
                _("Hộ đã được ghi là không còn ở địa bàn. Hãy ghi lại hộ vào danh sách trước, rồi gắn phiếu.")
            )
            return
        super().__init__(
            _(
                "Xã, phường đang ở bước “%(state)s” nên không nhận thêm lượt khảo sát. Hãy yêu cầu khảo sát lại hộ này trước, "
                "rồi gắn phiếu."
            )
            % {"state": CommuneState(review.commune_review.state).label}
        )


class NoLongerRead(SettingAsideRefused):
    """What was taken in cannot be read as a form any more; it is kept, and a new visit is needed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Phiếu này không đọc được nữa, nên không gắn vào hộ nào được. Hãy khảo sát lại hộ, rồi ghi không dùng phiếu."
            )
        )


class NamesAnotherHead(SettingAsideRefused):
    """The form names another head than the household has, and nobody said that this was looked at."""

    def __init__(self, named: str, head: str) -> None:
        super().__init__(
            _(
                "Phiếu ghi chủ hộ là %(named)s, còn hộ được chọn là của %(head)s. Kiểm tra lại mã hộ; nếu đúng là hộ này, hãy "
                "đánh dấu ô xác nhận rồi gắn lại."
            )
            % {"named": named, "head": head}
        )


class NoteNeeded(SettingAsideRefused):
    """Nothing is discarded without a reason."""

    def __init__(self) -> None:
        super().__init__(_("Chưa ghi lý do không dùng phiếu. Hãy ghi ngắn gọn, để người gửi hiểu."))


class SubmissionNotFound(NotFound):
    """There is no such submission, or none of the user's communes."""


@transaction.atomic
def attach_submission(
    submission_id: int, household_code: str, *, is_surely_theirs: bool = False, acting_user: User, now: datetime
) -> Visit:
    """Let a submission that was set aside be a visit of a household after all.

    Gắn phiếu để riêng vào một hộ.

    Args:
        submission_id: Which.
        household_code: Of a household on an open list.
        is_surely_theirs: Somebody looked and says so, though the form names another head.
        acting_user: Who.
        now: When.

    Raises:
        SubmissionNotFound: None that the user looks after.
        SettingAsideRefused: In words.
    """
    submission = _waiting(submission_id, acting_user, now)
    review = _review(submission, household_code.strip(), acting_user, now)
    try:
        reading = read_submission(submission.xml.encode())
    except SubmissionUnreadable as unreadable:
        raise NoLongerRead from unreadable
    named = head_of(reading.answers)
    names_another = bool(named) and fold(named) != fold(review.head_name)
    if names_another and not is_surely_theirs:
        raise NamesAnotherHead(named, review.head_name)
    submission.state = SubmissionState.ACCEPTED
    submission.save(update_fields=["state"])
    fact = SubmissionAttached(submission_id=submission.pk, review_id=review.pk, names_another_head=names_another)
    record(fact, stream=review.stream, actor_id=acting_user.pk, at=now)
    return record_visit(submission, reading, review, visited_by=submission.sent_by, now=now)


@transaction.atomic
def discard_submission(submission_id: int, *, note: str, acting_user: User, now: datetime) -> None:
    """Say that a submission is not used, and why. It is kept all the same.

    Không dùng phiếu để riêng.

    Raises:
        SubmissionNotFound: None that the user looks after.
        SettingAsideRefused: In words.
    """
    if not note.strip():
        raise NoteNeeded
    submission = _waiting(submission_id, acting_user, now)
    submission.state, submission.reason = SubmissionState.DISCARDED, note.strip()[:500]
    submission.save(update_fields=["state", "reason"])
    fact = SubmissionDiscarded(submission_id=submission.pk, digest=submission.digest)
    record(fact, stream=f"survey-submission:{submission.pk}", actor_id=acting_user.pk, at=now)


def _waiting(submission_id: int, acting_user: User, now: datetime) -> Submission:
    submission = Submission.objects.select_for_update().filter(pk=submission_id).first()
    if submission is None or not policies.runs_commune(acting_user, submission.unit_id or 0, on=local_day(now)):
        raise SubmissionNotFound(submission_id)
    if submission.state != SubmissionState.SET_ASIDE:
        raise LookedAtAlready(submission.state)
    return submission


def _review(submission: Submission, code: str, acting_user: User, now: datetime) -> HouseholdReview:
    today = local_day(now)
    reviews = [
        review
        for review in held_lists(submission, code)
        if policies.runs_commune(acting_user, review.commune_review.unit_id, on=today)
    ]
    if not reviews:
        raise NoSuchHousehold(code)
    for review in reviews:
        if may_be_visited(review):
            return review
    raise PastVisiting(reviews[0])
