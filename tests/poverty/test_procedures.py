"""What is received at the desk waits for the next list of its commune, and is approved by what the review decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.infra.models import Event
from lienthong.people.models import Household
from lienthong.poverty.models import ReviewRequest
from lienthong.poverty.procedures import NotReviewedYet
from lienthong.poverty.states import HouseholdClass, Movement, RequestKind
from lienthong.poverty.tasks import take_up_dossier
from lienthong.units import queries as units
from lienthong.verification.sources import source_of
from tests.factories.people import HouseholdFactory, HouseholdMembershipFactory, PersonFactory
from tests.factories.poverty import CommuneReviewFactory, HouseholdStandingFactory, household_review
from tests.factories.poverty_results import RecognitionDecisionFactory
from tests.world import COMMUNE, World, target

pytestmark = pytest.mark.django_db
RECOGNIZE = "1.011607"
NUMBER = "019085001234"


@pytest.fixture
def household(world: World) -> Household:
    unit = units.unit_on("05443", world.today)
    household = HouseholdFactory(unit=unit)
    head = PersonFactory(full_name="Hoàng Văn Ẩn", personal_id_number=NUMBER, lives_in=unit)
    HouseholdMembershipFactory(household=household, person=head)
    return household


def received(world: World, code: str = RECOGNIZE, **answers: str) -> Dossier:
    dossier = world.receive(code, desk=COMMUNE, answers=answers)
    event = Event.objects.get(stream=dossier.stream, name="DossierReceived")
    take_up_dossier(event_id=event.pk)
    return dossier


def proposal(dossier: Dossier, world: World) -> Any:
    return handlers.for_procedure(RECOGNIZE).proposal(dossier, on=world.today)


def test_a_dossier_becomes_a_request_of_the_applicants_household(world: World, household: Household) -> None:
    dossier = received(world)

    request = ReviewRequest.objects.get()
    assert request.household == household
    assert request.kind == RequestKind.RECOGNIZE
    assert request.dossier_code == dossier.code
    assert request.received_on == world.today


def test_taking_it_up_twice_changes_nothing(world: World, household: Household) -> None:
    dossier = received(world)
    take_up_dossier(event_id=Event.objects.get(stream=dossier.stream, name="DossierReceived").pk)

    assert ReviewRequest.objects.count() == 1


def test_the_code_of_the_household_counts_before_the_applicant(world: World, household: Household) -> None:
    other = HouseholdFactory(unit=household.unit)

    received(world, household_code=f" {other.code.lower()} ")

    assert ReviewRequest.objects.get().household == other


def test_an_unknown_code_is_asked_about_at_intake(world: World, household: Household) -> None:
    with pytest.raises(dossiers.ItemsMissing, match="Không có hộ nào mang mã HG99999999"):
        received(world, household_code="HG99999999")


def test_where_the_household_is_not_certain_nothing_is_guessed(world: World) -> None:
    dossier = received(world)

    assert not ReviewRequest.objects.exists()
    assert "hộ của người đề nghị chưa rõ" in proposal(dossier, world).missing[0]


def test_other_procedures_ask_for_no_review(world: World, household: Household) -> None:
    dossier = world.receive()
    take_up_dossier(event_id=Event.objects.get(stream=dossier.stream, name="DossierReceived").pk)

    assert not ReviewRequest.objects.exists()


def test_nobody_approves_before_the_review_has_decided(world: World, household: Household) -> None:
    dossier = world.to_decision(received(world))

    with pytest.raises(NotReviewedYet, match="chưa có quyết định"):
        dossiers.approve(dossiers.Approve(target=target(dossier)), acting_user=world.decider(dossier), now=world.now)


def decided(household: Household, result: HouseholdClass) -> None:
    review = household_review(CommuneReviewFactory(unit=household.unit, decided=True), household=household)
    review.decision = RecognitionDecisionFactory(commune_review=review.commune_review)
    review.final_class, review.movement = result, Movement.NEW_POOR
    review.save()
    ReviewRequest.objects.update(review=review)


def test_is_approved_by_what_the_review_decided(world: World, household: Household) -> None:
    dossier = received(world)
    decided(household, HouseholdClass.POOR)

    assert proposal(dossier, world).outcome == "granted"
    world.approve(dossier)


def test_is_not_approved_against_the_review(world: World, household: Household) -> None:
    dossier = world.to_decision(received(world))
    decided(household, HouseholdClass.NOT_POOR)

    assert proposal(dossier, world).outcome == "refused"
    with pytest.raises(NotReviewedYet, match="hộ không nghèo"):
        dossiers.approve(dossiers.Approve(target=target(dossier)), acting_user=world.decider(dossier), now=world.now)


def test_the_members_of_poor_households_are_a_register_of_verification(world: World, household: Household) -> None:
    assert source_of("poor-households").read(on=world.today).height == 0

    HouseholdStandingFactory(household=household, valid_from=date(2026, 1, 1))
    frame = source_of("poor-households").read(on=world.today)

    assert frame.select("list_name", "number", "full_name", "household_id").rows() == [
        ("Hộ nghèo", NUMBER, "Hoàng Văn Ẩn", household.code)
    ]
