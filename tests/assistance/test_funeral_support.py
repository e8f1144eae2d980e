"""A programme takes part in its procedure: it asks, proposes by the law, and grants in the transaction of the approval."""

from dataclasses import replace

import pytest

from lienthong.assistance.models import FuneralSupport
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.infra.events import Event
from lienthong.people.models import Person
from tests.factories.people import HouseholdMembershipFactory, PersonFactory
from tests.factories.poverty import HouseholdStandingFactory
from tests.world import FUNERAL_SUPPORT, World, at, target


def answers(world: World, **changes: str) -> dict[str, str]:
    return {**world.request().answers, **changes}


class TestFuneralSupport:
    def test_an_approval_grants_twenty_times_the_standard_of_the_day_of_death(self, world: World) -> None:
        dossier = world.approve(world.receive())

        support = FuneralSupport.objects.get(dossier_code=dossier.code)
        assert support.amount == 20 * 540_000
        assert any("Điều 11" in reason for reason in support.reasons)

    def test_a_death_of_2022_is_paid_by_the_standard_of_2022(self, world: World) -> None:
        world.now = at("2022-10-10 09:00")

        dossier = world.receive()
        proposal = handlers.for_procedure(FUNERAL_SUPPORT).proposal(dossier, on=world.today)

        assert proposal is not None
        assert proposal.value == 20 * 360_000

    def test_a_refusal_of_the_programme_undoes_the_approval_too(self, world: World) -> None:
        dossier = world.to_decision(world.receive(answers=answers(world, circumstance="none")))

        with pytest.raises(ProgrammeRefusal, match="Chưa thể hỗ trợ"):
            dossiers.approve(
                dossiers.Approve(target=target(dossier)), acting_user=world.decider(dossier), now=world.now
            )

        assert Dossier.objects.get(pk=dossier.pk).state == DossierState.IN_PROGRESS
        assert not FuneralSupport.objects.exists()
        assert not Event.objects.filter(name__in=["DossierApproved", "FuneralSupportGranted"]).exists()

    def test_what_is_unknown_is_not_taken_for_no(self, world: World) -> None:
        dossier = world.receive(answers=answers(world, circumstance="unknown"))

        proposal = handlers.for_procedure(FUNERAL_SUPPORT).proposal(dossier, on=world.today)

        assert proposal is not None
        assert proposal.missing

    @pytest.mark.parametrize(("household_class", "outcome"), [("near_poor", "granted"), ("not_poor", "unknown")])
    def test_a_poor_parent_is_one_whom_the_review_of_that_day_called_so(
        self, world: World, household_class: str, outcome: str
    ) -> None:
        child = PersonFactory(personal_id_number="019315004321")
        membership = HouseholdMembershipFactory(person=child)
        HouseholdStandingFactory(household=membership.household, household_class=household_class)
        dossier = world.receive(answers=answers(world, circumstance="child", deceased_number="019315004321"))

        proposal = handlers.for_procedure(FUNERAL_SUPPORT).proposal(dossier, on=world.today)

        assert proposal is not None
        assert proposal.outcome == outcome
        assert "Theo kết quả rà soát" in proposal.reasons[-1].text

    def test_one_funeral_is_supported_once(self, world: World) -> None:
        number = "019085004321"
        world.approve(world.receive(answers=answers(world, deceased_number=number)))
        second = world.to_decision(world.receive(answers=answers(world, deceased_number=number)))

        with pytest.raises(ProgrammeRefusal, match="đã được hỗ trợ"):
            dossiers.approve(dossiers.Approve(target=target(second)), acting_user=world.decider(second), now=world.now)

        assert FuneralSupport.objects.count() == 1
        assert Dossier.objects.get(pk=second.pk).state == DossierState.IN_PROGRESS

    def test_whoever_asks_is_made_known_so_that_the_money_finds_them(self, world: World) -> None:
        first = world.approve(world.receive())
        second = world.approve(world.receive())

        payee = Person.objects.get(personal_id_number="019085001234")
        assert payee.full_name == "Hoàng Văn Ẩn"
        for dossier in (first, second):
            support = FuneralSupport.objects.get(dossier_code=dossier.code)
            assert support.payee_id == payee.pk
            assert support.unit_id is not None

    def test_nothing_is_granted_that_nobody_could_be_paid(self, world: World) -> None:
        applicant = replace(world.request().applicant, number="")
        dossier = world.to_decision(world.receive(applicant=applicant))

        with pytest.raises(ProgrammeRefusal, match="Chưa biết chi trả cho ai"):
            dossiers.approve(
                dossiers.Approve(target=target(dossier)), acting_user=world.decider(dossier), now=world.now
            )

        assert not FuneralSupport.objects.exists()

    @pytest.mark.parametrize("died_on", ["2027-01-01", "3000-02-30", "hôm qua", "31/02/2026"])
    def test_a_day_of_death_that_cannot_be_is_asked_about_at_intake(self, world: World, died_on: str) -> None:
        with pytest.raises(dossiers.ItemsMissing, match="Ngày chết"):
            world.receive(answers=answers(world, died_on=died_on))
