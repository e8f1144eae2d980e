"""The decision: prepared by one, signed by another, and every household holds its class from a day on."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from lienthong.accounts.states import Role
from lienthong.infra.events import broken_links, events_of
from lienthong.infra.models import Event
from lienthong.poverty.models import HouseholdStanding, RecognitionDecision
from lienthong.poverty.movements import accounts
from lienthong.poverty.queries.decisions import decision_due_on, outcomes_of
from lienthong.poverty.queries.standing import class_on, classes_on, standing_history
from lienthong.poverty.services import decisions
from lienthong.poverty.services.reporting import report_commune
from lienthong.poverty.services.stages import NotThisStage, ReviewRefused, StageNotDone
from lienthong.poverty.states import CommuneState, DecisionKind, DecisionState, Movement, VisitState
from tests.factories.poverty import HouseholdStandingFactory, ReviewRoundFactory
from tests.poverty.village import AFTER_POSTING, AVERAGE, NEAR_POOR, NOT_POOR, POOR, Village
from tests.world import World, at

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def village(world: World) -> Village:
    return Village(world)


@pytest.fixture
def posted(village: Village) -> Village:
    village.household()
    village.household(NOT_POOR)
    village.meet()
    village.post()
    return village


def test_every_household_gets_class_movement_and_standing(village: Village) -> None:
    stays, falls = village.household(), village.household(NEAR_POOR)
    exits, new = village.household(NOT_POOR, before=NEAR_POOR), village.household(POOR, before=NOT_POOR)
    back = village.household(NEAR_POOR, before=NOT_POOR, ever_listed=True)
    gone = village.household(None, visit_state=VisitState.GONE, gone_reason="dissolved")
    average = village.household(AVERAGE, before=NOT_POOR)

    recognised, leaving = village.decide()

    found = {
        one.pk: (one.final_class, one.movement, one.decision)
        for one in village.review.households.select_related("decision")
    }
    assert found == {
        stays.pk: (POOR, Movement.STAYS_POOR, recognised),
        falls.pk: (NEAR_POOR, Movement.POOR_TO_NEAR_POOR, recognised),
        exits.pk: (NOT_POOR, Movement.NEAR_POOR_EXITS, leaving),
        new.pk: (POOR, Movement.NEW_POOR, recognised),
        back.pk: (NEAR_POOR, Movement.RELAPSE_NEAR_POOR, recognised),
        gone.pk: (None, Movement.POOR_GONE, None),
        average.pk: (AVERAGE, Movement.NONE, None),
    }
    assert village.review.state == CommuneState.DECIDED
    ids = {one: one.household_id for one in (stays, falls, exits, new, back, gone, average)}
    assert classes_on(ids.values(), NEW_YEAR) == {
        ids[stays]: POOR, ids[falls]: NEAR_POOR, ids[exits]: NOT_POOR, ids[new]: POOR, ids[back]: NEAR_POOR, ids[average]: AVERAGE,
    }  # fmt: skip
    assert class_on(stays.household_id, date(2026, 12, 31)) == POOR
    assert class_on(gone.household_id, NEW_YEAR) is None
    moved = village.review.households.values_list("movement", flat=True)
    poor, near_poor = accounts((movement, 1) for movement in moved)
    assert (poor.opening, poor.closing) == (3, 2)
    assert (near_poor.opening, near_poor.closing) == (1, 2)


def test_a_class_that_goes_on_gets_a_certificate_of_its_own(village: Village) -> None:
    household = village.household(household__code="HT90000001")
    other = village.household(NEAR_POOR)

    village.decide()

    newest, before = standing_history(household.household_id)
    assert (newest.household_class, newest.valid_from, before.valid_until) == (POOR, NEW_YEAR, NEW_YEAR)
    numbers = {newest.certificate_number, standing_history(other.household_id)[0].certificate_number}
    unit = village.review.unit.code
    assert numbers == {f"{unit}-2027-0001", f"{unit}-2027-0002"}


def test_each_household_hears_of_its_class_and_the_chain_holds(village: Village) -> None:
    household = village.household(NEAR_POOR)
    village.decide()

    told = list(events_of(household.stream))[-1]
    assert told.name == "HouseholdClassDecided"
    assert told.payload["household_class"] == NEAR_POOR
    assert told.payload["class_before"] == POOR
    assert list(broken_links(Event.objects.filter(stream=household.stream).order_by("sequence"))) == []


def test_a_household_that_moved_takes_its_class_along(village: Village) -> None:
    moved = village.household(None, visit_state=VisitState.GONE, gone_reason="moved_away")
    from tests.factories.units import AdministrativeUnitFactory

    moved.household.unit = AdministrativeUnitFactory()
    moved.household.save()
    stays_in_the_book = village.household(None, visit_state=VisitState.GONE, gone_reason="moved_away")
    village.household()

    village.decide()

    assert class_on(moved.household_id, NEW_YEAR) == POOR
    assert class_on(stays_in_the_book.household_id, NEW_YEAR) is None


def test_says_everything_that_is_missing(posted: Village) -> None:
    posted.object(None)

    with pytest.raises(StageNotDone) as refused:
        posted.prepare(now=at("2026-11-19 16:59"))

    assert "đến hết ngày 19/11/2026" in str(refused.value)
    assert "1 khiếu nại" in str(refused.value)


def test_who_prepares_does_not_sign(posted: Village) -> None:
    posted.prepare(now=AFTER_POSTING, by=posted.chair)

    with pytest.raises(decisions.PreparedBySame):
        posted.sign(now=AFTER_POSTING)
    another = posted.world.officer(Role.LEADER, posted.commune, another=True)
    assert all(one.state == DecisionState.SIGNED for one in posted.sign(now=AFTER_POSTING, by=another))


def test_the_database_asks_for_four_eyes_too(posted: Village) -> None:
    decision, _leaving = posted.prepare(now=AFTER_POSTING)

    with pytest.raises(IntegrityError, match="recognition_four_eyes"), transaction.atomic():
        RecognitionDecision.objects.filter(pk=decision.pk).update(signed_by=posted.clerk)


def test_only_a_leader_of_the_commune_signs(posted: Village) -> None:
    posted.prepare(now=AFTER_POSTING)

    with pytest.raises(decisions.NotTheSigner):
        posted.sign(now=AFTER_POSTING, by=posted.world.officer(Role.DIVISION_HEAD, posted.commune))


def test_what_was_sent_back_is_prepared_again(posted: Village) -> None:
    posted.prepare(now=AFTER_POSTING)
    with pytest.raises(decisions.BackNeedsReason):
        decisions.send_back(posted.review.pk, reason=" ", acting_user=posted.chair, now=AFTER_POSTING)
    decisions.send_back(posted.review.pk, reason="Sai số nhân khẩu", acting_user=posted.chair, now=AFTER_POSTING)

    posted.prepare(now=AFTER_POSTING)
    posted.sign(now=AFTER_POSTING)

    states = list(RecognitionDecision.objects.order_by("pk").values_list("state", flat=True))
    assert states == [DecisionState.SENT_BACK] * 2 + [DecisionState.SIGNED] * 2


def test_an_objection_after_preparing_keeps_it_from_being_signed(posted: Village) -> None:
    posted.prepare(now=AFTER_POSTING)
    posted.object(None, now=AFTER_POSTING)

    with pytest.raises(StageNotDone, match="1 khiếu nại"):
        posted.sign(now=AFTER_POSTING)


def test_each_decision_has_its_own_number(posted: Village) -> None:
    posted.prepare(now=AFTER_POSTING)

    with pytest.raises(decisions.NumberNeeded, match="phải có số"):
        posted.sign(now=AFTER_POSTING, numbers={DecisionKind.RECOGNIZE: "1/QĐ-UBND"})
    with pytest.raises(decisions.NumberNeeded, match="cùng một số"):
        posted.sign(now=AFTER_POSTING, numbers=dict.fromkeys(DecisionKind, "1/QĐ-UBND"))


def test_a_decision_does_not_apply_before_it_is_signed(posted: Village) -> None:
    posted.prepare(now=AFTER_POSTING, applies_from=date(2026, 11, 1))

    signed = posted.sign(now=AFTER_POSTING)

    assert {one.applies_from for one in signed} == {date(2026, 11, 20)}


def test_a_class_from_a_later_day_is_in_the_way(village: Village) -> None:
    household = village.household(stands=False)
    HouseholdStandingFactory(household=household.household, valid_from=date(2027, 3, 1))
    village.meet()
    village.post()

    with pytest.raises(decisions.ClassBeginsLater, match=household.household.code):
        village.prepare(now=AFTER_POSTING)


def test_a_commune_without_anybody_on_a_list_decides_that_too(village: Village) -> None:
    village.household(NOT_POOR, before=NOT_POOR)

    (decision,) = village.decide()

    assert decision.kind == DecisionKind.RECOGNIZE
    assert not HouseholdStanding.objects.exists()


def test_a_regular_round_is_decided_in_fifteen_days(village: Village) -> None:
    assert decision_due_on(village.review) is None
    village.review.round = ReviewRoundFactory(regular=True)
    village.review.save()
    village.household()

    assert decision_due_on(village.review) == date(2026, 11, 30)
    assert {one.applies_from for one in village.decide()} == {date(2026, 11, 20)}


def test_nothing_is_signed_twice(posted: Village) -> None:
    posted.prepare(now=AFTER_POSTING)
    posted.sign(now=AFTER_POSTING)

    with pytest.raises(NotThisStage):
        posted.sign(now=AFTER_POSTING)
    with pytest.raises(DatabaseError), transaction.atomic():
        RecognitionDecision.objects.filter(state=DecisionState.SIGNED).update(number="2")


def test_a_report_is_frozen_whatever_is_corrected_later(posted: Village) -> None:
    posted.decide()
    review = report_commune(posted.review.pk, acting_user=posted.clerk, now=at("2026-11-21 09:00"))

    assert review.state == CommuneState.REPORTED
    assert (review.frozen["poor"], review.frozen["movement.poor_exits"], review.frozen["poor.people"]) == (1, 1, 4)
    with pytest.raises(DatabaseError), transaction.atomic():
        type(review).objects.filter(pk=review.pk).update(frozen={"poor": 7})
    with pytest.raises(NotThisStage):
        report_commune(review.pk, acting_user=posted.clerk, now=at("2026-11-22 09:00"))


def test_a_whole_commune_is_signed_with_few_queries(village: Village, django_assert_max_num_queries: object) -> None:
    for _number in range(40):
        village.household()
    village.meet()
    village.post()
    village.prepare(now=AFTER_POSTING)

    with django_assert_max_num_queries(60):  # type: ignore[operator]
        village.sign(now=AFTER_POSTING)
    assert len(outcomes_of(village.review)) == 40


@pytest.mark.django_db(transaction=True)
def test_two_leaders_who_sign_at_once_sign_once(world: World) -> None:
    village = Village(world)
    village.household()
    village.meet()
    village.post()
    village.prepare(now=AFTER_POSTING)
    leaders = [village.chair, world.officer(Role.LEADER, village.commune, another=True)]
    said: list[str] = []

    def sign(user: object) -> None:
        command = decisions.SignDecision(
            commune_review_id=village.review.pk, numbers={DecisionKind.RECOGNIZE: "9/QĐ-UBND"}, client_key=uuid4()
        )
        try:
            decisions.sign_decision(command, acting_user=user, now=AFTER_POSTING)  # type: ignore[arg-type]
            said.append("signed")
        except ReviewRefused as refusal:
            said.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(leader,)) for leader in leaders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["NotThisStage", "signed"]
    assert HouseholdStanding.objects.exclude(certificate_number="").count() == 1
