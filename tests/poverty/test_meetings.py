"""The village meets: half of those present decide, changes have reasons, and nothing is lost."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from lienthong.accounts.states import Role
from lienthong.infra.events import KeyAlreadyUsed, events_of
from lienthong.poverty.models import HouseholdReview, ResultChange, VillageMeeting
from lienthong.poverty.queries.rounds import CommuneReviewNotFound
from lienthong.poverty.queries.village import hamlets_of, result_of
from lienthong.poverty.queries.visiting import may_be_visited
from lienthong.poverty.services import meetings
from lienthong.poverty.services.assigning import ask_revisit
from lienthong.poverty.services.meetings import ChangedResult
from lienthong.poverty.services.stages import NotThisStage, NotYourCommune
from lienthong.poverty.states import CommuneState, VisitState
from tests.factories.poverty import VisitFactory
from tests.poverty.village import NEAR_POOR, NOT_POOR, POOR, Village
from tests.stories import ANOTHER_COMMUNE
from tests.world import World, at, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(world: World) -> Village:
    return Village(world)


def changed(
    household: HouseholdReview, class_to: str = NEAR_POOR, reason: str = "Có con mới đi làm", **votes: int
) -> ChangedResult:
    return ChangedResult(review_id=household.pk, class_to=class_to, reason=reason, **votes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("attendees", "agreed", "accepted"), [(40, 20, True), (41, 20, False), (41, 21, True), (1, 0, False)]
)
def test_half_of_those_present_must_agree(village: Village, attendees: int, agreed: int, accepted: bool) -> None:
    village.household()

    assert village.meet(attendees=attendees, agreed=agreed).is_accepted is accepted


def test_an_accepted_meeting_takes_surveyed_results_and_changes(village: Village) -> None:
    kept, other = village.household(), village.household()

    village.meet(changes=(changed(other, votes_for=30, votes_against=5),))

    assert village.again(kept).proposed_class == POOR
    assert village.again(other).proposed_class == NEAR_POOR
    change = ResultChange.objects.get()
    assert (change.class_from, change.class_to, change.votes_for, change.votes_against) == (POOR, NEAR_POOR, 30, 5)
    assert [event.name for event in events_of(other.stream)] == ["ResultChanged"]


def test_a_meeting_that_does_not_agree_takes_nothing_and_sends_everybody_again(village: Village) -> None:
    one, elsewhere = village.household(), village.household(hamlet="Xóm 2")

    village.meet(agreed=10, changes=(changed(one),))

    one = village.again(one)
    assert (one.visit_state, one.proposed_class) == (VisitState.REVISIT, None)
    assert "chưa đạt tỷ lệ" in one.revisit_reason
    assert village.again(elsewhere).visit_state == VisitState.VISITED
    assert village.review.state == CommuneState.VISITING
    assert not ResultChange.objects.exists()
    assert may_be_visited(one)


def test_a_hamlet_meets_again_and_every_meeting_stays(village: Village) -> None:
    household = village.household()
    village.meet(agreed=1)
    HouseholdReview.objects.filter(pk=household.pk).update(visit_state=VisitState.VISITED, surveyed_class=NEAR_POOR)
    village.review.state = CommuneState.MEETING
    village.review.save()

    again = village.meet(now=later(village.world.now, days=1))

    assert again.number == 2
    assert village.again(household).proposed_class == NEAR_POOR
    assert [hamlet.is_done for hamlet in hamlets_of(village.review)] == [True]
    assert VillageMeeting.objects.count() == 2


def test_a_later_meeting_starts_from_what_the_first_one_said(village: Village) -> None:
    household = village.household()
    village.meet(changes=(changed(household, NEAR_POOR),))

    village.meet(now=later(village.world.now, hours=3), changes=(changed(household, NOT_POOR, "Đã bán đất"),))

    assert [(change.class_from, change.class_to) for change in ResultChange.objects.order_by("pk")] == [
        (POOR, NEAR_POOR),
        (NEAR_POOR, NOT_POOR),
    ]


def test_a_household_that_is_visited_again_is_met_about_again(village: Village) -> None:
    household = village.household()
    village.meet(changes=(changed(household, NOT_POOR),))

    ask_revisit(household.pk, reason="Thu nhập chưa rõ", acting_user=village.clerk, now=village.world.now)

    assert village.again(household).proposed_class is None
    assert [hamlet.is_done for hamlet in hamlets_of(village.review)] == [False]


def test_what_was_written_down_wrong_is_corrected_with_a_reason(village: Village) -> None:
    household = village.household()
    meeting = village.meet()

    meetings.correct_result(
        changed(household, reason="Ghi nhầm biên bản"), acting_user=village.clerk, now=village.world.now
    )

    assert village.again(household).proposed_class == NEAR_POOR
    assert ResultChange.objects.get().meeting == meeting


def test_nothing_is_corrected_before_the_village_has_spoken(village: Village) -> None:
    household = village.household()

    with pytest.raises(meetings.ChangeNotPossible, match="chưa có buổi họp"):
        meetings.correct_result(changed(household), acting_user=village.clerk, now=village.world.now)


def test_names_every_household_that_has_no_result_yet(village: Village) -> None:
    village.household(head_name="Ma Văn Chờ", visit_state=VisitState.TO_VISIT, surveyed_class=None)
    village.household(None, head_name="Lý Thị Chưa Rõ")

    with pytest.raises(meetings.ResultsNotReady) as refused:
        village.meet()

    assert "Ma Văn Chờ" in str(refused.value)
    assert "Lý Thị Chưa Rõ" in str(refused.value)


def test_who_is_gone_or_screened_out_does_not_keep_a_village_from_meeting(village: Village) -> None:
    village.household(None, visit_state=VisitState.GONE, gone_reason="moved_away")
    screened = village.household(None, before=NEAR_POOR, visit_state=VisitState.SCREENED_OUT)

    village.meet()

    assert village.again(screened).proposed_class == NOT_POOR == result_of(screened)


def test_a_change_needs_a_reason_and_changes_something(village: Village) -> None:
    household = village.household(head_name="Bàn Văn Đổi")

    with pytest.raises(meetings.ChangeNotPossible, match="lý do đổi kết quả của hộ Bàn Văn Đổi"):
        village.meet(changes=(changed(household, reason="  "),))
    with pytest.raises(meetings.ChangeNotPossible, match="trùng"):
        village.meet(changes=(changed(household, POOR),))
    assert not VillageMeeting.objects.exists()


def test_a_change_of_another_hamlet_is_refused(village: Village) -> None:
    village.household()
    other = village.household(hamlet="Xóm 2")

    with pytest.raises(meetings.ChangeNotPossible, match="không thuộc danh sách của thôn"):
        village.meet(changes=(changed(other),))


def test_votes_add_up(village: Village) -> None:
    household = village.household()

    with pytest.raises(meetings.VotesDoNotAddUp, match="41"):
        village.meet(agreed=41)
    with pytest.raises(meetings.VotesDoNotAddUp, match="Số phiếu"):
        village.meet(changes=(changed(household, votes_for=30, votes_against=11),))
    with pytest.raises(meetings.VotesDoNotAddUp, match="từ 1"):
        village.meet(attendees=0, agreed=0)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"attendees": -40, "agreed": -40}, "từ 1 đến 9999; đang là -40"),
        ({"attendees": 40_000, "agreed": 39_000}, "từ 1 đến 9999; đang là 40000"),
        ({"attendees": 10**12, "agreed": 10**12}, "từ 1 đến 9999"),
        ({"agreed": -1}, "đồng ý là -1"),
        ({"households_present": -1}, "có mặt là -1"),
        ({"households_present": 2}, "thôn có 1 hộ trong danh sách"),
        ({"households_present": 10**12}, "thôn có 1 hộ trong danh sách"),
    ],
)
def test_absurd_numbers_are_refused_in_words(village: Village, numbers: dict[str, int], words: str) -> None:
    village.household()
    village.household(hamlet="Xóm 2")

    with pytest.raises(meetings.VotesDoNotAddUp, match=words):
        village.meet(**numbers)
    assert not VillageMeeting.objects.exists()


def test_no_more_households_are_there_than_people(village: Village) -> None:
    for _ in range(3):
        village.household()

    with pytest.raises(meetings.VotesDoNotAddUp, match="2 người dự"):
        village.meet(attendees=2, agreed=2, households_present=3)
    assert village.meet(attendees=3, agreed=3, households_present=3).households_present == 3


@pytest.mark.parametrize(
    "votes",
    [{"votes_for": -1}, {"votes_against": -5, "votes_for": 10}, {"votes_for": 10**12}, {"votes_for": 41}],
)
def test_absurd_votes_on_a_household_are_refused_in_words(village: Village, votes: dict[str, int]) -> None:
    household = village.household()

    with pytest.raises(meetings.VotesDoNotAddUp, match="Số phiếu về hộ"):
        village.meet(changes=(changed(household, **votes),))
    village.meet()
    with pytest.raises(meetings.VotesDoNotAddUp, match="Số phiếu về hộ"):
        meetings.correct_result(changed(household, **votes), acting_user=village.clerk, now=village.world.now)
    assert not ResultChange.objects.exists()


def test_a_meeting_is_not_in_the_future_and_not_before_the_last(village: Village) -> None:
    village.household()
    with pytest.raises(meetings.MeetingNotYetHeld, match="chưa tới"):
        village.meet(held_at=later(village.world.now, minutes=1))
    village.meet()
    with pytest.raises(meetings.MeetingNotYetHeld, match="đã có biên bản"):
        village.meet(held_at=later(village.world.now, hours=-1))


def test_a_meeting_is_not_before_the_round_or_the_survey(village: Village) -> None:
    household = village.household()
    with pytest.raises(meetings.MeetingNotYetHeld, match="ngày bắt đầu đợt rà soát"):
        village.meet(held_at=at("2020-01-01 08:00"))
    visit_at = at("2026-11-14 10:00")
    VisitFactory(review=household, ended_at=visit_at)

    with pytest.raises(meetings.MeetingNotYetHeld, match="khảo sát đến ngày 14/11/2026"):
        village.meet(held_at=at("2026-11-13 10:00"))
    assert village.meet(held_at=visit_at).is_accepted


@pytest.mark.parametrize(("votes_for", "votes_against", "taken"), [(5, 15, False), (10, 10, True), (15, 5, True)])
def test_a_change_that_was_voted_down_is_not_taken(
    village: Village, votes_for: int, votes_against: int, taken: bool
) -> None:
    household = village.household(POOR)
    change = changed(household, votes_for=votes_for, votes_against=votes_against)

    if taken:
        village.meet(changes=(change,))
    else:
        with pytest.raises(meetings.ChangeNotPossible, match="5 đồng ý, 15 không đồng ý"):
            village.meet(changes=(change,))

    household.refresh_from_db()
    assert household.proposed_class == (NEAR_POOR if taken else None)


def test_nobody_meets_about_nobody(village: Village) -> None:
    with pytest.raises(meetings.NobodyToMeetAbout, match="Xóm Lạ"):
        village.meet("Xóm Lạ")


@pytest.mark.parametrize("state", [CommuneState.LISTING, CommuneState.VISITING, CommuneState.DECIDED])
def test_meetings_belong_to_their_stage(village: Village, state: CommuneState) -> None:
    village.household()
    village.review.state = state
    village.review.save()

    with pytest.raises(NotThisStage, match=str(state.label)):
        village.meet()


def test_a_form_sent_twice_records_one_meeting(village: Village) -> None:
    village.household()
    key = uuid4()
    village.meet(client_key=key)

    with pytest.raises(KeyAlreadyUsed), transaction.atomic():
        village.meet(client_key=key, now=later(village.world.now, hours=1))
    assert VillageMeeting.objects.count() == 1


@pytest.mark.parametrize("role", [Role.RECEIVER, Role.AUDITOR])
def test_who_only_reads_records_nothing(village: Village, role: Role) -> None:
    village.household()

    with pytest.raises(NotYourCommune):
        meet_as(village, village.world.officer(role))


@pytest.mark.parametrize("role", [Role.PROCESSOR, Role.LEADER])
def test_another_commune_sees_nothing(village: Village, role: Role) -> None:
    village.household()

    with pytest.raises(CommuneReviewNotFound):
        meet_as(village, village.world.officer(role, ANOTHER_COMMUNE))


def meet_as(village: Village, user: object) -> None:
    command = meetings.RecordMeeting(
        commune_review_id=village.review.pk, hamlet="Xóm 1", held_at=at("2026-11-16 08:00"), place="Nhà văn hóa",
        chair="A", secretary="B", attendees=10, agreed=9,
    )  # fmt: skip
    meetings.record_meeting(command, acting_user=user, now=village.world.now)  # type: ignore[arg-type]


def test_the_database_keeps_minutes_and_changes_as_they_were(village: Village) -> None:
    household = village.household()
    meeting = village.meet(changes=(changed(household),))

    for row in (meeting, ResultChange.objects.get()):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{row._meta.concrete_fields[-1].attname: None})
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()


def test_hamlets_stand_in_the_order_in_which_people_count(village: Village) -> None:
    for name in ("Xóm 10", "Xóm 2", "Xóm Đồng"):
        village.household(hamlet=name)

    assert [hamlet.name for hamlet in hamlets_of(village.review)] == ["Xóm 2", "Xóm 10", "Xóm Đồng"]


def test_who_may_be_visited_follows_stage_and_household(village: Village) -> None:
    may = {
        (state, visit): may_be_visited(
            HouseholdReview(commune_review=type(village.review)(state=state), visit_state=visit)
        )
        for state in CommuneState
        for visit in VisitState
    }

    assert {pair for pair, holds in may.items() if holds} == {
        *((CommuneState.VISITING, visit) for visit in VisitState if visit != VisitState.GONE),
        (CommuneState.MEETING, VisitState.REVISIT),
        (CommuneState.POSTED, VisitState.REVISIT),
    }
