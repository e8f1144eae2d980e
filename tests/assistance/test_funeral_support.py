"""A programme takes part in its procedure: it asks, proposes by the law, and grants in the transaction of the approval."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError

from lienthong.assistance.models import Entitlement, FuneralSupport
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.services.changing import suspend
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.infra.events import Event
from lienthong.people.models import Person
from tests.assistance.known import disabled, granted
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


NUMBER = "019080000071"


class TestWhatTheListsKnow:
    def died(self, world: World, **facts: Any) -> Entitlement:
        return granted(world, disabled(world, number=NUMBER, full_name="Hoàng Thị Ổn", **facts))

    def asks(self, world: World, **changes: str) -> Dossier:
        told = {"circumstance": "assistance", "deceased_number": NUMBER, **changes}
        return world.receive(answers=answers(world, **told))

    def test_an_allowance_of_the_month_of_the_death_is_read_in_the_lists(self, world: World) -> None:
        row = self.died(world)

        dossier = self.asks(world, circumstance="unknown")
        proposal = handlers.for_procedure(FUNERAL_SUPPORT).proposal(dossier, on=world.today)
        assert proposal is not None
        assert (proposal.outcome, proposal.value) == ("granted", 20 * 540_000)
        dossier = world.approve(self.asks(world))

        assert FuneralSupport.objects.get(dossier_code=dossier.code).deceased_id == row.person_id

    def test_one_that_was_suspended_is_received_too(self, world: World) -> None:
        row = self.died(world)
        suspend(
            row, first_month=row.first_month, reason="Không nhận", for_refusal=False, acting_user_id=None, now=world.now
        )
        world.approve(self.asks(world))
        assert FuneralSupport.objects.get().amount == 20 * 540_000

    def test_who_is_not_on_the_lists_is_looked_for(self, world: World) -> None:
        disabled(world, number=NUMBER, full_name="Hoàng Thị Ổn")
        dossier = self.asks(world)
        proposal = handlers.for_procedure(FUNERAL_SUPPORT).proposal(dossier, on=world.today)
        assert proposal is not None
        assert any("trợ cấp xã hội hàng tháng" in one for one in proposal.missing)
        assert "danh sách chi trả" in proposal.reasons[-1].text
        with pytest.raises(ProgrammeRefusal, match="trợ cấp xã hội hàng tháng hay không"):
            world.approve(dossier)

    @pytest.mark.parametrize("number", ["", "019099000001"])
    def test_whom_nobody_knows_is_asked_about(self, world: World, number: str) -> None:
        dossier = self.asks(world, deceased_number=number)
        proposal = handlers.for_procedure(FUNERAL_SUPPORT).proposal(dossier, on=world.today)
        assert proposal is not None
        assert "hỏi lại số định danh" in proposal.reasons[-1].text
        with pytest.raises(ProgrammeRefusal, match="trợ cấp xã hội hàng tháng hay không"):
            world.approve(dossier)
        assert not FuneralSupport.objects.exists()


class TestOneFuneralWithoutANumber:
    @pytest.mark.parametrize(
        ("first", "second"), [("", ""), ("", "019099000002"), ("019099000002", "")], ids=["none", "first", "second"]
    )
    def test_is_supported_once(self, world: World, first: str, second: str) -> None:
        told = world.approve(world.receive(answers=answers(world, deceased_number=first)))
        again = world.receive(answers=answers(world, deceased_number=second, deceased_name="HOÀNG  thị ổn"))

        with pytest.raises(ProgrammeRefusal, match=f"cùng ngày đã được hỗ trợ .* {told.code}"):
            world.approve(again)

        assert FuneralSupport.objects.count() == 1

    def test_two_of_one_name_with_numbers_of_their_own_are_shown_to_whoever_decides(self, world: World) -> None:
        told = world.approve(world.receive())
        again = world.receive()
        proposal = handlers.for_procedure(FUNERAL_SUPPORT).proposal(again, on=world.today)
        assert proposal is not None
        assert any(f"theo hồ sơ {told.code}" in one.text and one.holds is None for one in proposal.reasons)
        world.approve(again)
        assert FuneralSupport.objects.count() == 2

    def test_the_table_refuses_it_too(self, world: World) -> None:
        world.approve(world.receive(answers=answers(world, deceased_number="")))
        support = FuneralSupport.objects.get()
        support.pk, support.dossier_code = None, "H55.KHAC"
        with pytest.raises(IntegrityError, match="funeral_support_once_per_name"):
            support.save(force_insert=True)
