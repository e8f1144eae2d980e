"""Emergency assistance at the desk: a death after a disaster, a house that was lost; the approval grants in one transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.models import EmergencyGrant
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.emergency import EMERGENCY_FUNERAL, EMERGENCY_HOUSE
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.kernel.decisions import Outcome
from lienthong.people.models import Person
from tests.assistance.emergencies import dweller
from tests.factories.people import HouseholdFactory, HouseholdMembershipFactory
from tests.factories.poverty import HouseholdStandingFactory
from tests.world import COMMUNE, World

NUMBER = "019085001234"
DEATH = {
    "deceased_name": "Hoàng Thị Ổn", "deceased_number": "019055000019", "died_on": "2026-11-08", "outcome": "dead",
    "cause": "natural_disaster", "buried_by": "household", "actual_cost": "",
}  # fmt: skip
HOUSE = {
    "happened_on": "2026-11-08", "cause": "natural_disaster", "damage": "lost", "has_other_home": "no", "is_habitable": "",
    "ordered_to_move": "", "in_difficulty": "", "met_on": "", "urgent_reason": "",
}  # fmt: skip


def received(world: World, code: str, **answers: Any) -> Dossier:
    full = {**(DEATH if code == EMERGENCY_FUNERAL else HOUSE), **answers}
    return world.receive(code, desk=COMMUNE, answers=full, unit_id=world.agency(COMMUNE).unit_id)


def proposal_of(world: World, dossier: Dossier) -> Any:
    return handlers.for_procedure(dossier.procedure_code).proposal(dossier, on=world.today)


def applicant(world: World, household_class: str) -> Person:
    person = dweller(world, number=NUMBER, full_name="Hoàng Văn Ẩn")
    home = HouseholdFactory(unit=world.agency(COMMUNE).unit)
    HouseholdMembershipFactory(household=home, person=person)
    HouseholdStandingFactory(household=home, household_class=household_class)
    return person


class TestAFuneral:
    def test_an_approval_grants_fifty_times_the_standard_and_tells_the_register(self, world: World) -> None:
        dead = dweller(world, number="019055000019", full_name="Hoàng Thị Ổn")
        dossier = received(world, EMERGENCY_FUNERAL)
        decision = proposal_of(world, dossier)
        assert (decision.outcome, decision.value.amount) == (Outcome.GRANTED, 50 * 540_000)

        dossier = world.approve(dossier)

        grant = EmergencyGrant.objects.get(dossier_code=dossier.code)
        assert (grant.amount, grant.deceased_id, grant.person_id) == (50 * 540_000, dead.pk, dead.pk)
        assert grant.payee.full_name == "Hoàng Văn Ẩn"
        dead.refresh_from_db()
        assert dead.died_on == date(2026, 11, 8)

    def test_of_a_death_before_july_2025_the_amount_is_of_that_day_and_who_decides_of_the_day_of_the_request(
        self, world: World
    ) -> None:
        applicant(world, "poor")
        dossier = received(world, EMERGENCY_FUNERAL, died_on="2024-06-30")
        value = proposal_of(world, dossier).value
        assert (value.amount, str(value.decided_by)) == (50 * 360_000, "commune_chair")

        world.approve(dossier)

        assert any("cấp xã quyết định trong" in one for one in EmergencyGrant.objects.get().reasons)
        assert proposal_of(world, dossier).outcome is Outcome.GRANTED

    def test_of_somebody_missing_no_death_is_told(self, world: World) -> None:
        missing = dweller(world, number="019055000019", full_name="Hoàng Thị Ổn")

        world.approve(received(world, EMERGENCY_FUNERAL, outcome="missing"))

        missing.refresh_from_db()
        assert missing.died_on is None
        assert EmergencyGrant.objects.get().person_id == missing.pk

    def test_whoever_buries_instead_of_the_household_is_paid_what_it_cost(self, world: World) -> None:
        world.approve(received(world, EMERGENCY_FUNERAL, buried_by="others", actual_cost="31.500.000"))

        grant = EmergencyGrant.objects.get()
        assert (grant.amount, grant.payee_ground, grant.deceased_id) == (31_500_000, "burier", None)

    @pytest.mark.parametrize(
        ("answers", "sentence"),
        [
            ({"buried_by": "others"}, "Chi phí mai táng thực tế"),
            ({"died_on": "2026-12-31"}, "không thể sau ngày hôm nay"),
            ({"died_on": "2019-12-31"}, "chưa có mức hỗ trợ cho ngày này"),
            ({"died_on": "31/02/2026"}, "Ngày chết, mất tích"),
            ({"cause": ""}, "Chưa trả lời: Nguyên nhân"),
        ],
    )
    def test_what_is_missing_is_named_at_intake(self, world: World, answers: dict[str, str], sentence: str) -> None:
        with pytest.raises(dossiers.ItemsMissing, match=sentence):
            received(world, EMERGENCY_FUNERAL, **answers)

    def test_a_number_of_somebody_else_undoes_the_approval(self, world: World) -> None:
        dweller(world, number="019055000019", full_name="Lý Thị Khác")

        with pytest.raises(ProgrammeRefusal, match="họ tên khác"):
            world.approve(received(world, EMERGENCY_FUNERAL))

        assert not EmergencyGrant.objects.exists()
        assert Dossier.objects.get().state == DossierState.IN_PROGRESS

    def test_an_ordinary_death_is_refused(self, world: World) -> None:
        dossier = received(world, EMERGENCY_FUNERAL, cause="other")

        assert proposal_of(world, dossier).outcome is Outcome.REFUSED
        with pytest.raises(ProgrammeRefusal, match="Nguyên nhân là"):
            world.approve(dossier)

    def test_one_death_is_helped_once(self, world: World) -> None:
        world.approve(received(world, EMERGENCY_FUNERAL))

        again = received(world, EMERGENCY_FUNERAL)
        decision = proposal_of(world, again)
        assert decision.outcome is Outcome.REFUSED
        assert "mỗi người chỉ được hỗ trợ một lần" in str(decision.reasons[0])
        with pytest.raises(ProgrammeRefusal, match="mỗi người chỉ được hỗ trợ một lần"):
            world.approve(again)
        assert EmergencyGrant.objects.count() == 1


class TestAHouse:
    @pytest.mark.parametrize(
        ("answers", "amount"),
        [
            ({}, 40_000_000),
            ({"damage": "relocation", "ordered_to_move": "yes"}, 30_000_000),
            ({"damage": "badly_damaged", "is_habitable": "no"}, 20_000_000),
        ],
    )
    def test_an_approval_grants_what_the_damage_gives(self, world: World, answers: dict[str, str], amount: int) -> None:
        person = applicant(world, "poor")

        dossier = world.approve(received(world, EMERGENCY_HOUSE, **answers))

        grant = EmergencyGrant.objects.get(dossier_code=dossier.code)
        assert (grant.amount, grant.person_id, grant.payee_id, grant.unit_id) == (
            amount, person.pk, person.pk, dossier.unit_id,
        )  # fmt: skip

    def test_a_household_that_is_not_poor_must_be_in_difficulty(self, world: World) -> None:
        applicant(world, "not_poor")

        assert proposal_of(world, received(world, EMERGENCY_HOUSE)).missing == ("hộ có hoàn cảnh khó khăn hay không",)
        assert proposal_of(world, received(world, EMERGENCY_HOUSE, in_difficulty="no")).outcome is Outcome.REFUSED
        world.approve(received(world, EMERGENCY_HOUSE, in_difficulty="yes"))
        assert EmergencyGrant.objects.get().amount == 40_000_000

    @pytest.mark.parametrize(
        ("answers", "sentence"),
        [
            ({"has_other_home": ""}, "Chưa trả lời: Hộ còn nơi ở khác?"),
            ({"damage": "badly_damaged"}, "Chưa trả lời: Nhà hư hỏng còn ở được?"),
            ({"damage": "relocation"}, "Chưa trả lời: Có quyết định di dời"),
            ({"met_on": "2026-12-31"}, "họp xét không thể sau ngày hôm nay"),
            ({"happened_on": "2026-12-31"}, "Ngày nhà bị thiệt hại không thể sau"),
        ],
    )
    def test_what_is_missing_is_named_at_intake(self, world: World, answers: dict[str, str], sentence: str) -> None:
        with pytest.raises(dossiers.ItemsMissing, match=sentence):
            received(world, EMERGENCY_HOUSE, **answers)


def test_a_dossier_that_came_before_the_form_is_approved_and_grants_nothing_by_itself(world: World) -> None:
    dossier = received(world, EMERGENCY_HOUSE)
    Dossier.objects.filter(pk=dossier.pk).update(answers={})
    dossier.refresh_from_db()
    assert "chưa có biểu mẫu" in proposal_of(world, dossier).missing[0]

    handlers.for_procedure(EMERGENCY_HOUSE).apply(dossier, acting_user=world.decider(dossier), now=world.now)

    assert not EmergencyGrant.objects.exists()
