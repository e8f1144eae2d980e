"""The list hangs out for three working days of the commune, and again when a result has changed."""

from datetime import date

import pytest

from lienthong.poverty.models import HouseholdReview
from lienthong.poverty.queries.village import changed_since_posting
from lienthong.poverty.services import postings
from lienthong.poverty.services.stages import MoveNotPossible, NotThisStage, StageNotDone, move_commune
from lienthong.poverty.states import CommuneState, VisitState
from lienthong.poverty.working_days import answer_due_on, posting_ends_on, working_days_left
from tests.poverty.village import NEAR_POOR, POOR, Village
from tests.world import World, at, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(world: World) -> Village:
    return Village(world)


@pytest.mark.parametrize(
    ("posted_on", "ends_on"),
    [
        (date(2026, 11, 16), date(2026, 11, 20)),  # Monday: Tuesday, Wednesday, Thursday
        (date(2026, 11, 20), date(2026, 11, 27)),  # Friday: over the week-end and the holiday of 24 November
        (date(2026, 11, 21), date(2026, 11, 27)),  # a Saturday counts as little as the Friday
        (date(2026, 12, 31), date(2027, 1, 7)),  # the eve of the new year
        (date(2026, 4, 29), date(2026, 5, 7)),  # the eve of two holidays
    ],
)
def test_working_days_of_a_posting(world: World, posted_on: date, ends_on: date) -> None:
    assert posting_ends_on(Village(world).review.unit, posted_on) == ends_on


def test_days_left_are_counted_without_today(world: World) -> None:
    unit, last = Village(world).review.unit, date(2026, 11, 25)

    assert [working_days_left(unit, last, on=date(2026, 11, day)) for day in (20, 22, 25, 27)] == [2, 2, 0, -2]
    assert answer_due_on(unit, date(2026, 11, 19)) == last


def test_posts_the_list_as_it_is_and_moves_on(village: Village) -> None:
    household = village.household(head_name="Ma Văn Sình")
    village.household(None, visit_state=VisitState.GONE, gone_reason="dissolved")
    village.meet()

    posting = village.post()

    assert village.review.state == CommuneState.POSTED
    assert (posting.number, posting.ends_on, len(posting.digest)) == (1, date(2026, 11, 20), 64)
    assert [(row["head"], row["before"], row["class"]) for row in posting.households] == [("Ma Văn Sình", POOR, POOR)]
    assert posting.households[0]["code"] == household.household.code


def test_says_everything_that_keeps_a_list_from_being_posted(village: Village) -> None:
    village.household()
    village.household(hamlet="Xóm 2")
    village.meet()
    village.household(head_name="Đến sau")
    village.household(None, hamlet="Xóm 3")

    with pytest.raises(StageNotDone) as refused:
        village.post()

    assert "Chưa họp: Xóm 2, Xóm 3" in str(refused.value)
    assert "chưa được họp thôn xem xét: Xóm 1" in str(refused.value)
    assert "1 hộ chưa rõ phân loại" in str(refused.value)


def test_nobody_gets_to_posted_by_the_button_alone(village: Village) -> None:
    village.household()
    village.meet()

    with pytest.raises(StageNotDone, match="chưa được niêm yết"):
        move_commune(village.review, CommuneState.POSTED, acting_user=village.clerk, now=village.world.now)


def test_nothing_is_posted_twice_without_a_change(village: Village) -> None:
    village.household()
    village.meet()
    village.post()

    with pytest.raises(postings.NothingNewToPost, match="lần 1"):
        village.post()


def test_a_changed_result_is_posted_again_and_counts_its_days_anew(village: Village) -> None:
    household = village.household()
    village.meet()
    first = village.post()
    village.answer(village.recheck(village.object(household), surveyed=NEAR_POOR), NEAR_POOR)
    assert [one.pk for one in changed_since_posting(village.review)] == [household.pk]

    second = village.post(now=later(village.world.now, days=2))

    assert (second.number, second.ends_on) == (2, date(2026, 11, 24))
    assert changed_since_posting(village.review) == []
    first.refresh_from_db()
    assert first.households[0]["class"] == POOR


def test_the_day_of_posting_is_neither_tomorrow_nor_before_the_meeting(village: Village) -> None:
    village.household()
    village.meet()

    with pytest.raises(postings.PostedOnWrongDay, match="chưa tới"):
        village.post(posted_on=date(2026, 11, 17))
    with pytest.raises(postings.PostedOnWrongDay, match="16/11/2026"):
        village.post(posted_on=date(2026, 11, 13))


def test_a_commune_that_still_visits_posts_nothing(village: Village) -> None:
    village.household()
    village.meet(agreed=3)

    with pytest.raises(NotThisStage):
        village.post()
    with pytest.raises(MoveNotPossible):
        move_commune(village.review, CommuneState.POSTED, acting_user=village.clerk, now=at("2026-11-16 10:00"))
    assert HouseholdReview.objects.get().visit_state == VisitState.REVISIT
