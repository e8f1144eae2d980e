"""What a death changes for those who live: whoever was cared for needs another carer, a single parent has one child less."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.assistance.models import Entitlement, Finding, Proposal
from lienthong.assistance.services import finding_acts
from lienthong.assistance.services.circumstances import CorrectCircumstance, correct_circumstance
from lienthong.assistance.services.findings import review_at_once
from lienthong.assistance.services.following import follow_death
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.proposing_changes import ProposePayee, propose_payee
from lienthong.assistance.services.refusals import PayeeWrong
from lienthong.assistance.services.reinstating import take_back_death
from lienthong.assistance.states import Benefit, FindingKind, FindingState, PayeeGround
from lienthong.people.models import Person
from tests.assistance.known import amount_in, approved, asked, disabled, granted, known, leader, processor
from tests.factories.people import HouseholdMembershipFactory, PersonFactory
from tests.world import World

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def carer(world: World) -> Person:
    found: Person = PersonFactory(full_name="Nông Thị Chăm", number="019080000055")
    return found


@pytest.fixture
def support(world: World, carer: Person) -> Entitlement:
    cared = disabled(world, level="extremely_severe", facts={"care": "household"})
    granted(world, cared)
    return granted(world, cared, Benefit.CARER, payee_id=carer.pk, payee_ground="carer")


def dies(world: World, person: Person) -> list[Entitlement]:
    person.died_on = date(2026, 11, 10)
    person.save(update_fields=["died_on"])
    return follow_death(person.pk, now=world.now)


class TestTheCarer:
    def test_their_support_ends_and_whoever_they_cared_for_waits_for_another(
        self, world: World, carer: Person, support: Entitlement
    ) -> None:
        own = Entitlement.objects.get(person=support.person, benefit=Benefit.PERSONAL)

        assert dies(world, carer) == [support]
        assert follow_death(carer.pk, now=world.now) == []

        support.refresh_from_db()
        own.refresh_from_db()
        assert (support.state, support.last_month, own.state) == ("ended", NOVEMBER, "active")
        assert [amount_in(support, month) for month in (NOVEMBER, DECEMBER)] == [540_000, 0]
        assert "Người nhận chăm sóc đã chết" in support.ended_because
        finding = Finding.objects.get(person=support.person)
        assert (finding.kind, finding.benefit, finding.amount) == (FindingKind.NOT_RECEIVING, Benefit.CARER, 540_000)
        other = PersonFactory()
        proposal = finding_acts.propose_from(finding.pk, carer_id=other.pk, acting_user=processor(world), now=world.now)
        approved(world, proposal)
        followed = Entitlement.objects.get(person=support.person, benefit=Benefit.CARER, state="active")
        assert (followed.payee_id, followed.payee_ground, followed.first_month) == (other.pk, "carer", DECEMBER)

    def test_one_who_was_recorded_dead_by_mistake_is_paid_again(
        self, world: World, carer: Person, support: Entitlement
    ) -> None:
        dies(world, carer)

        take_back_death(
            carer.pk, programme="social-assistance", reason="Ghi nhầm", acting_user_id=leader(world).pk, now=world.now
        )

        support.refresh_from_db()
        assert (support.state, amount_in(support, DECEMBER)) == ("active", 540_000)
        assert Finding.objects.get(person=support.person).state == FindingState.DISMISSED

    def test_what_was_only_paid_through_somebody_goes_on(self, world: World, carer: Person) -> None:
        row = granted(world, disabled(world), payee_id=carer.pk, payee_ground="guardian")

        assert dies(world, carer) == []

        row.refresh_from_db()
        assert row.state == "active"


class TestWhoReceivesForCaring:
    @pytest.mark.parametrize("ground", ["self", "guardian"])
    def test_never_the_person_who_is_cared_for(self, world: World, carer: Person, ground: str) -> None:
        cared = disabled(world, level="extremely_severe", facts={"care": "household"})
        granted(world, cared)
        payee = None if ground == "self" else carer.pk
        command = asked(world, cared, Benefit.CARER, payee_id=payee, payee_ground=ground)
        with pytest.raises(PayeeWrong, match="người nhận chăm sóc"):
            propose_grant(command, acting_user=processor(world), now=world.now)

    def test_nor_later(self, world: World, support: Entitlement) -> None:
        command = ProposePayee(
            entitlement_id=support.pk, payee_id=support.person_id, ground=PayeeGround.SELF, reason="Tự nhận"
        )
        with pytest.raises(PayeeWrong, match="người nhận chăm sóc"):
            propose_payee(command, acting_user=processor(world), now=world.now)

    def test_a_finding_asks_who_cares(self, world: World, carer: Person) -> None:
        cared = disabled(world, level="extremely_severe", facts={"care": "household"})
        granted(world, cared)
        review_at_once(now=world.now)
        finding = Finding.objects.get(person=cared, benefit=Benefit.CARER)
        with pytest.raises(PayeeWrong, match="người nhận chăm sóc"):
            finding_acts.propose_from(finding.pk, acting_user=processor(world), now=world.now)
        finding_acts.propose_from(finding.pk, carer_id=carer.pk, acting_user=processor(world), now=world.now)
        payload = Proposal.objects.get(person=cared, benefit=Benefit.CARER).payload
        assert (payload["payee_id"], payload["payee_ground"]) == (carer.pk, "carer")


class TestTheParent:
    BORN = (date(2015, 1, 1), date(2018, 6, 1))

    def family(self, world: World) -> tuple[Entitlement, Person]:
        children = [{"birth_date": born.isoformat()} for born in self.BORN]
        mother = known(world, facts={"poverty": "poor", "marital": "widowed", "children": children})
        child = known(world, born=self.BORN[0], full_name="Nông Văn Con")
        household = HouseholdMembershipFactory(person=mother).household
        HouseholdMembershipFactory(person=child, household=household, relation="child")
        return granted(world, mother), child

    def test_is_asked_which_children_are_left_and_paid_for_them(self, world: World) -> None:
        row, child = self.family(world)
        assert amount_in(row, DECEMBER) == 2 * 540_000

        dies(world, child)
        follow_death(child.pk, now=world.now)
        review_at_once(now=world.now)

        finding = Finding.objects.get(person=row.person)
        assert (finding.kind, finding.state, finding.is_certain) == (FindingKind.AMOUNT_DIFFERS, "open", False)
        assert (finding.entitlement_id, finding.paid) == (row.pk, 2 * 540_000)
        assert "Nông Văn Con" in finding.reasons[0]
        assert "con còn đang nuôi" in finding.missing[0]
        assert amount_in(row, DECEMBER) == 2 * 540_000, "an officer says which of the children it was"
        told = row.person.circumstances.get(name="children")
        right = CorrectCircumstance(
            circumstance_id=told.pk, value=[{"birth_date": self.BORN[1].isoformat()}], valid_from=date(2026, 11, 10),
            evidence="Trích lục khai tử", reason="Con đã chết",
        )  # fmt: skip
        correct_circumstance(right, acting_user=processor(world), now=world.now)
        finding.refresh_from_db()
        assert finding.state == FindingState.SETTLED
        approved(world, Proposal.objects.get(person=row.person, kind="adjust"))
        assert amount_in(row, DECEMBER) == 540_000

    def test_is_asked_no_more_when_the_child_lives(self, world: World) -> None:
        row, child = self.family(world)
        dies(world, child)

        take_back_death(
            child.pk, programme="social-assistance", reason="Ghi nhầm", acting_user_id=leader(world).pk, now=world.now
        )

        assert Finding.objects.get(person=row.person).state == FindingState.DISMISSED
