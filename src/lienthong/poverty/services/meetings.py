"""A hamlet meets on the results: agreed to, they are taken with the changes; not agreed to, its households are done again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.poverty.events import MeetingRecorded, ResultChanged, RevisitAsked
from lienthong.poverty.models import CommuneReview, HouseholdReview, ResultChange, VillageMeeting, Visit
from lienthong.poverty.queries.village import STILL_TO_VISIT, named, result_of, results_of
from lienthong.poverty.services.stages import ReviewRefused, locked_commune, move_commune
from lienthong.poverty.states import CommuneState, HouseholdClass, VisitState
from lienthong.rules.parameters import load_parameter

AGREEMENT = "poverty/review:village_agreement"
PEOPLE_AT_MOST = 9999


class MeetingNotYetHeld(ReviewRefused):
    """The meeting would be in the future, before the survey it is about, or before the one that was recorded last."""


class VotesDoNotAddUp(ReviewRefused):
    """More people or households agreed, voted or were there than can have been; the message says where."""


class NobodyToMeetAbout(ReviewRefused):
    """No household of this hamlet is on the list."""

    def __init__(self, hamlet: str) -> None:
        words = _("%(hamlet)s không có hộ nào trong danh sách rà soát. Hãy chọn thôn trong danh sách.")
        super().__init__(words % {"hamlet": hamlet or _("Thôn này")})


class ResultsNotReady(ReviewRefused):
    """Some households have no result to meet about yet."""

    def __init__(self, waiting: Sequence[str], unknown: Sequence[str]) -> None:
        parts = []
        if waiting:
            parts.append(_("Chưa khảo sát xong: %(names)s.") % {"names": named(waiting)})
        if unknown:
            parts.append(_("Chưa rõ phân loại: %(names)s.") % {"names": named(unknown)})
        super().__init__(" ".join([*parts, _("Có đủ kết quả rồi mới họp được.")]))


class ChangeNotPossible(ReviewRefused):
    """A changed result lacks its reason, was voted down, changes nothing, or is of another hamlet; the message says whose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedResult:
    """The village makes another class of one household's result. Kết quả do họp thôn thay đổi."""

    review_id: int
    class_to: HouseholdClass
    reason: str
    votes_for: int | None = None
    votes_against: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeeting:
    """What the minutes of a meeting say. Biên bản họp thôn.

    Args:
        hamlet: As on the list.
        attendees, agreed: People there, and those who agreed to the list of results with the changes.
        households_present: Households of the list that were there; None where nobody counted.
        changes: Results that the village changed; not taken when the meeting did not agree.
        client_key: Key of this one form.
    """

    commune_review_id: int
    hamlet: str
    held_at: datetime
    place: str
    chair: str
    secretary: str
    supervisor: str = ""
    attendees: int
    households_present: int | None = None
    agreed: int
    opinions: str = ""
    changes: tuple[ChangedResult, ...] = ()
    client_key: UUID | None = None


@transaction.atomic
def record_meeting(command: RecordMeeting, *, acting_user: User, now: datetime) -> VillageMeeting:
    """Record a meeting of a hamlet, and take its results or send its households to be done again.

    Ghi biên bản họp thôn.

    Agreed by at least the legal share of those present, each household's result is the one surveyed or the one that the
    meeting changed it to. Otherwise nothing is taken: the commune goes back to visiting and every household of the hamlet is
    visited again. A hamlet may meet again; every meeting stays.

    Args:
        command: What the minutes say.
        acting_user: Who records them; must run the commune's review.
        now: When.

    Returns:
        The meeting; ``is_accepted`` says which of the two it was.

    Raises:
        CommuneReviewNotFound: There is no such review for this user.
        NotYourCommune: The user does not run the commune.
        NotThisStage: The commune does not hold meetings now.
        MeetingNotYetHeld: It would be in the future, before the survey, or before the last one.
        VotesDoNotAddUp: More agreed or voted than were there, more households were there than the list has, or a number
            is negative or absurd.
        NobodyToMeetAbout: The hamlet has no household on the list.
        ResultsNotReady: A household was not visited, or its class is not known.
        ChangeNotPossible: A change lacks its reason, was voted down, changes nothing, or is of another hamlet.
        KeyAlreadyUsed: This form was sent before.

    Legal source:
        24/2021/QĐ-TTg (village meeting; at least half of those present agree, else survey and meet again).
    """
    review = locked_commune(command.commune_review_id, acting_user=acting_user, now=now, states=(CommuneState.MEETING,))
    households = _households(review, command.hamlet)
    last = review.meetings.filter(hamlet=command.hamlet).order_by("-number").first()
    _check_moment(command.held_at, review, households, last, now=now)
    _check_numbers(command, listed=len(households))
    share = load_parameter(AGREEMENT).value_on(local_day(command.held_at))
    changes = _check_changes(command.changes, households, attendees=command.attendees, share=share)
    meeting = VillageMeeting.objects.create(
        commune_review=review,
        hamlet=command.hamlet,
        number=(last.number if last else 0) + 1,
        held_at=command.held_at,
        place=command.place.strip(),
        chair=command.chair.strip(),
        secretary=command.secretary.strip(),
        supervisor=command.supervisor.strip(),
        attendees=command.attendees,
        households_present=command.households_present,
        agreed=command.agreed,
        opinions=command.opinions.strip(),
        is_accepted=command.agreed * 100 >= share * command.attendees,
        recorded_by=acting_user,
        recorded_at=now,
    )
    fact = MeetingRecorded(
        commune_review_id=review.pk,
        meeting_id=meeting.pk,
        attendees=meeting.attendees,
        agreed=meeting.agreed,
        changes=len(changes) if meeting.is_accepted else 0,
    )
    record(fact, stream=review.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    if meeting.is_accepted:
        _take_results(households, changes, meeting, acting_user=acting_user, now=now)
    else:
        _do_again(review, households, meeting, acting_user=acting_user, now=now)
    return meeting


@transaction.atomic
def correct_result(change: ChangedResult, *, acting_user: User, now: datetime) -> HouseholdReview:
    """Correct what was written down of a meeting for one household, before the list is posted.

    Sửa kết quả ghi sai so với biên bản. The change stands beside the earlier ones, on the ground of the same meeting.

    Raises:
        CommuneReviewNotFound, NotYourCommune, NotThisStage: See ``record_meeting``.
        ChangeNotPossible: No meeting has spoken on this household yet, or the change lacks its reason or changes nothing.
    """
    owner = HouseholdReview.objects.filter(pk=change.review_id).values_list("commune_review_id", flat=True).first()
    review = locked_commune(owner or 0, acting_user=acting_user, now=now, states=(CommuneState.MEETING,))
    household = review.households.select_for_update(of=("self",)).get(pk=change.review_id)
    meeting = review.meetings.filter(hamlet=household.hamlet).order_by("-number").first()
    if meeting is None or not meeting.is_accepted or household.proposed_class is None:
        words = _("Thôn của hộ %(name)s chưa có buổi họp đạt tỷ lệ đồng ý. Hãy ghi biên bản họp trước.")
        raise ChangeNotPossible(words % {"name": household.head_name})
    share = load_parameter(AGREEMENT).value_on(local_day(meeting.held_at))
    checked = _check_changes([change], [household], attendees=meeting.attendees, share=share)
    write_change(household, checked[household.pk], meeting=meeting, acting_user=acting_user, now=now)
    return household


def write_change(
    household: HouseholdReview, change: ChangedResult, *, acting_user: User, now: datetime, **ground: object
) -> ResultChange:
    """Write down that a result became another, on the ground of a meeting or an objection, and make it the proposed one."""
    before = result_of(household)
    if before is None:
        words = _("Hộ %(name)s chưa rõ phân loại nên chưa đổi được kết quả. Hãy khảo sát lại hộ này trước.")
        raise ChangeNotPossible(words % {"name": household.head_name})
    written = ResultChange.objects.create(
        review=household,
        class_from=before,
        class_to=change.class_to,
        votes_for=change.votes_for,
        votes_against=change.votes_against,
        reason=change.reason.strip(),
        changed_by=acting_user,
        changed_at=now,
        **ground,
    )
    household.proposed_class = change.class_to
    household.version += 1
    household.save(update_fields=["proposed_class", "version"])
    fact = ResultChanged(
        review_id=household.pk, change_id=written.pk, class_from=str(before), class_to=str(change.class_to)
    )
    record(fact, stream=household.stream, actor_id=acting_user.pk, at=now)
    return written


def _households(review: CommuneReview, hamlet: str) -> list[HouseholdReview]:
    rows = results_of(review, hamlet).exclude(visit_state=VisitState.GONE)
    found = list(rows.select_for_update(of=("self",)))
    if not found:
        raise NobodyToMeetAbout(hamlet)
    waiting = [household.head_name for household in found if household.visit_state in STILL_TO_VISIT]
    unknown = [
        household.head_name
        for household in found
        if household.visit_state not in STILL_TO_VISIT and result_of(household) is None
    ]
    if waiting or unknown:
        raise ResultsNotReady(waiting, unknown)
    return found


def _check_moment(
    held_at: datetime, review: CommuneReview, households: Sequence[HouseholdReview], last: VillageMeeting | None, *,
    now: datetime,
) -> None:  # fmt: skip
    if held_at > now:
        raise MeetingNotYetHeld(_("Giờ họp chưa tới. Hãy ghi biên bản sau khi họp xong, hoặc kiểm tra lại ngày giờ."))
    if local_day(held_at) < review.round.starts_on:
        words = _("Buổi họp không thể trước ngày bắt đầu đợt rà soát (%(day)s). Kiểm tra lại ngày họp.")
        raise MeetingNotYetHeld(words % {"day": format_day(review.round.starts_on)})
    visits = Visit.objects.filter(review__in=households, is_current=True)
    visited_at = visits.aggregate(last=Max("ended_at"))["last"]
    if visited_at is not None and local_day(held_at) < local_day(visited_at):
        words = _("Thôn còn được khảo sát đến ngày %(day)s, nên không thể họp trước ngày đó. Kiểm tra lại ngày họp.")
        raise MeetingNotYetHeld(words % {"day": format_day(local_day(visited_at))})
    if last is not None and held_at <= last.held_at:
        raise MeetingNotYetHeld(
            _("Thôn này đã có biên bản của buổi họp sau đó. Hãy kiểm tra lại ngày giờ của buổi họp này.")
        )


def _check_numbers(command: RecordMeeting, *, listed: int) -> None:
    if not 1 <= command.attendees <= PEOPLE_AT_MOST:
        words = _("Số người dự phải từ 1 đến %(most)s; đang là %(n)s. Kiểm tra lại số này.")
        raise VotesDoNotAddUp(words % {"most": PEOPLE_AT_MOST, "n": command.attendees})
    if not 0 <= command.agreed <= command.attendees:
        words = _("Số người đồng ý là %(agreed)s nhưng chỉ có %(attendees)s người dự. Kiểm tra lại hai số này.")
        raise VotesDoNotAddUp(words % {"agreed": command.agreed, "attendees": command.attendees})
    present, most = command.households_present, min(listed, command.attendees)
    if present is not None and not 0 <= present <= most:
        words = _(
            "Số hộ có mặt là %(n)s, nhưng thôn có %(listed)s hộ trong danh sách và %(attendees)s người dự. Kiểm tra lại số hộ."
        )
        raise VotesDoNotAddUp(words % {"n": present, "listed": listed, "attendees": command.attendees})


def _check_changes(
    changes: Iterable[ChangedResult], households: Iterable[HouseholdReview], *, attendees: int, share: int
) -> dict[int, ChangedResult]:
    known = {household.pk: household for household in households}
    checked: dict[int, ChangedResult] = {}
    for change in changes:
        household = known.get(change.review_id)
        if household is None or change.review_id in checked:
            raise ChangeNotPossible(
                _("Có kết quả thay đổi không thuộc danh sách của thôn này. Tải lại trang rồi ghi lại.")
            )
        name = {"name": household.head_name}
        if change.class_to == result_of(household):
            words = _("Kết quả mới của hộ %(name)s trùng với kết quả đang có. Hãy chọn kết quả khác hoặc bỏ thay đổi.")
            raise ChangeNotPossible(words % name)
        if not change.reason.strip():
            raise ChangeNotPossible(_("Chưa ghi lý do đổi kết quả của hộ %(name)s. Hãy ghi ý kiến của thôn.") % name)
        votes = (change.votes_for or 0, change.votes_against or 0)
        if min(votes) < 0 or sum(votes) > attendees:
            words = _("Số phiếu về hộ %(name)s là số âm hoặc nhiều hơn số người dự. Kiểm tra lại số phiếu.")
            raise VotesDoNotAddUp(words % name)
        if votes[0] * 100 < share * sum(votes):
            words = _(
                "Thôn không đồng ý đổi kết quả của hộ %(name)s (%(yes)s đồng ý, %(no)s không đồng ý). Hãy giữ nguyên kết quả "
                "của hộ, hoặc kiểm tra lại số phiếu."
            )
            raise ChangeNotPossible(words % {**name, "yes": votes[0], "no": votes[1]})
        checked[change.review_id] = change
    return checked


def _take_results(
    households: Iterable[HouseholdReview], changes: dict[int, ChangedResult], meeting: VillageMeeting, *,
    acting_user: User, now: datetime,
) -> None:  # fmt: skip
    taken: dict[HouseholdClass, list[int]] = {}
    for household in households:
        result = result_of(household)
        if household.pk in changes:
            write_change(household, changes[household.pk], meeting=meeting, acting_user=acting_user, now=now)
        elif household.proposed_class is None and result is not None:
            taken.setdefault(result, []).append(household.pk)
    for result, ids in taken.items():
        HouseholdReview.objects.filter(pk__in=ids).update(proposed_class=result, version=F("version") + 1)


def _do_again(
    review: CommuneReview, households: Sequence[HouseholdReview], meeting: VillageMeeting, *,
    acting_user: User, now: datetime,
) -> None:  # fmt: skip
    words = _("Họp thôn lần %(number)s chưa đạt tỷ lệ đồng ý (%(agreed)s trên %(attendees)s người).") % {
        "number": meeting.number,
        "agreed": meeting.agreed,
        "attendees": meeting.attendees,
    }
    HouseholdReview.objects.filter(pk__in=[household.pk for household in households]).update(
        visit_state=VisitState.REVISIT, revisit_reason=words, proposed_class=None, version=F("version") + 1
    )
    for household in households:
        record(RevisitAsked(review_id=household.pk), stream=household.stream, actor_id=acting_user.pk, at=now)
    move_commune(
        review, CommuneState.VISITING, acting_user=acting_user, now=now, reason=f"{meeting.hamlet}: {words}".strip(": ")
    )
