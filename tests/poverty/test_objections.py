"""Objections to the posted list: taken in, seen again, answered, and no decision before that."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from lienthong.accounts.states import Role
from lienthong.infra.events import events_of
from lienthong.poverty.models import Objection, ResultChange
from lienthong.poverty.queries.decisions import missing_for_decision
from lienthong.poverty.queries.objections import ObjectionNotFound, get_objection
from lienthong.poverty.queries.visiting import may_be_visited
from lienthong.poverty.services import objections
from lienthong.poverty.services.stages import NotThisStage, NotYourCommune
from lienthong.poverty.states import ObjectionOutcome, ObjectionState, VisitState
from tests.poverty.village import NEAR_POOR, POOR, Village
from tests.stories import ANOTHER_COMMUNE
from tests.world import World, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(world: World) -> Village:
    village = Village(world)
    village.household(head_name="Ma Văn Sình")
    village.meet()
    village.post()
    return village


def test_an_objection_is_due_in_three_working_days(village: Village) -> None:
    objection = village.object(village.review.households.get())

    assert (objection.state, objection.due_on) == (ObjectionState.RECEIVED, date(2026, 11, 19))
    assert [event.name for event in events_of(village.review.stream)][-1] == "ObjectionReceived"


def test_one_of_the_last_day_may_be_written_down_the_day_after(village: Village) -> None:
    objection = village.object(None, now=at("2026-11-20 08:30"), raised_on=date(2026, 11, 19))

    assert objection.due_on == date(2026, 11, 25)  # 24 November is a holiday
    assert "1 khiếu nại" in missing_for_decision(village.review, on=date(2026, 11, 20))[0].words


def test_a_recheck_sends_the_named_enumerator_while_the_list_stays(village: Village) -> None:
    household = village.review.households.get()
    objection = village.recheck(village.object(household))

    household = village.again(household)
    assert objection.state == ObjectionState.RECHECKING
    assert (household.visit_state, household.enumerator) == (VisitState.REVISIT, village.enumerator)
    assert may_be_visited(household)


def test_upheld_makes_another_result_on_the_ground_of_the_objection(village: Village) -> None:
    household = village.review.households.get()
    objection = village.recheck(village.object(household), surveyed=NEAR_POOR)

    village.answer(objection, NEAR_POOR)

    assert village.again(household).proposed_class == NEAR_POOR
    change = ResultChange.objects.get()
    assert (change.objection, change.meeting, change.class_from) == (objection, None, POOR)
    assert "niêm yết lại" in missing_for_decision(village.review, on=date(2026, 11, 20))[0].words


def test_dismissed_is_an_answer_alone(village: Village) -> None:
    objection = village.answer(village.object(village.review.households.get()))

    assert (objection.state, objection.outcome) == (ObjectionState.ANSWERED, ObjectionOutcome.DISMISSED)
    assert not ResultChange.objects.exists()
    assert missing_for_decision(village.review, on=date(2026, 11, 20)) == []


def test_dismissed_with_another_result_is_no_answer(village: Village) -> None:
    objection = village.object(village.review.households.get())
    command = objections.AnswerObjection(
        objection_id=objection.pk, outcome=ObjectionOutcome.DISMISSED, answer="Không", class_to=NEAR_POOR
    )

    with pytest.raises(objections.KeptAndChanged, match="lẫn kết quả mới"):
        objections.answer_objection(command, acting_user=village.clerk, now=village.world.now)


def test_no_result_changes_before_somebody_was_there_again(village: Village) -> None:
    household = village.review.households.get()
    with pytest.raises(objections.RecheckFirst):
        village.answer(village.object(household), NEAR_POOR)
    waiting = village.recheck(village.object(household))
    with pytest.raises(objections.RecheckFirst):
        village.answer(waiting, NEAR_POOR)


def test_upheld_with_the_same_result_is_no_answer(village: Village) -> None:
    objection = village.recheck(village.object(village.review.households.get()), surveyed=POOR)

    with pytest.raises(objections.SameResult):
        village.answer(objection, POOR)
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RECHECKING


def test_somebody_who_is_missing_from_the_list_is_looked_for_first(village: Village) -> None:
    objection = village.object(None)

    with pytest.raises(objections.NobodyToRecheck):
        village.recheck(objection)


def test_only_who_visits_here_is_sent(village: Village) -> None:
    objection = village.object(village.review.households.get())
    stranger = village.world.officer(Role.ENUMERATOR, ANOTHER_COMMUNE)
    command = objections.StartRecheck(objection_id=objection.pk, enumerator_id=stranger.pk)

    with pytest.raises(objections.NotAnEnumerator):
        objections.start_recheck(command, acting_user=village.clerk, now=village.world.now)


def test_an_answer_stays(village: Village) -> None:
    objection = village.answer(village.object(None))

    with pytest.raises(objections.ObjectionAnsweredAlready, match="16/11/2026"):
        village.answer(objection)
    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(answer="Khác")


@pytest.mark.parametrize("day", [date(2026, 11, 15), date(2026, 11, 17)])
def test_the_day_lies_between_posting_and_today(village: Village, day: date) -> None:
    with pytest.raises(objections.RaisedOnWrongDay, match="16/11/2026"):
        village.object(None, raised_on=day)


def test_nothing_is_taken_in_where_nothing_hangs_out(world: World) -> None:
    village = Village(world)

    with pytest.raises(NotThisStage):
        village.object(None)


def test_who_may_see_an_objection(village: Village) -> None:
    objection, today = village.object(None), village.world.today

    assert get_objection(objection.pk, as_=village.world.officer(Role.AUDITOR), on=today) == objection
    for stranger in (village.world.officer(Role.LEADER, ANOTHER_COMMUNE), village.enumerator, village.world.citizen()):
        with pytest.raises(ObjectionNotFound):
            get_objection(objection.pk, as_=stranger, on=today)
    command = objections.AnswerObjection(objection_id=objection.pk, outcome=ObjectionOutcome.DISMISSED, answer="Không")
    with pytest.raises(NotYourCommune):
        objections.answer_objection(command, acting_user=village.world.officer(Role.AUDITOR), now=village.world.now)
