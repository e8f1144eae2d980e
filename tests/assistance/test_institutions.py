"""An institution is paid for those whom it cares for: from the dossier or by two people, month by month, until they leave."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.procedures.care_places import ADMISSION, LEAVING
from lienthong.assistance.queries.own import own_benefits
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal
from lienthong.assistance.services.granting import grant
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.proposing_changes import ProposePayee, propose_payee
from lienthong.assistance.services.refusals import AssistanceRefusal, DecidesOwnProposal, NotOwed, PayeeWrong
from lienthong.assistance.states import Benefit, PayeeGround
from lienthong.dossiers import services as dossiers
from lienthong.payments import sources
from lienthong.payments.models import PaymentLine
from lienthong.payments.queries.accounts import AccountFilter, filtered_accounts
from lienthong.payments.states import LineState
from lienthong.people.models import Organization, Person
from tests.assistance.known import amount_in, asked, disabled, granted, granted_in_october, leader, processor
from tests.assistance.test_care_places import ENTERED, LEFT, received
from tests.assistance.test_law_changes import JULY, applied, reckoned, recorded
from tests.factories.assistance import EntitlementFactory
from tests.factories.payments import PaymentAccountFactory
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.payments.bank import BankedHouse
from tests.payments.house import DECEMBER, NOVEMBER, House
from tests.world import COMMUNE, World, at

pytestmark = pytest.mark.django_db

CENTRE = "Trung tâm Điều dưỡng tỉnh"
NUMBERS = ("019080000077", "019080000078", "019080000079")
LEVEL = 2_160_000


@pytest.fixture
def centre(world: World) -> Organization:
    organization: Organization = OrganizationFactory(name=CENTRE, unit=world.agency(COMMUNE).unit)
    return organization


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankedHouse:
    assert sources.registered()["social-assistance"] is SOCIAL_ASSISTANCE
    return BankedHouse(House(world, SOCIAL_ASSISTANCE), tmp_path)  # type: ignore[arg-type]


def admitted(world: World, centre: Organization, number: str = NUMBERS[0]) -> Person:
    """Let somebody who received at home enter the centre by a dossier that names its tax code."""
    person = disabled(world, number=number)
    told = {**ENTERED, "institution_tax_code": centre.tax_code}
    world.approve(received(world, ADMISSION, told, person_number=number))
    return person


class TestADossier:
    def test_names_the_institution_that_is_paid_from_its_month_on(self, world: World, centre: Organization) -> None:
        before = granted_in_october(world, disabled(world, number=NUMBERS[0]))
        dossier = received(world, ADMISSION, {**ENTERED, "institution_tax_code": centre.tax_code})
        dossier = world.approve(dossier)

        before.refresh_from_db()
        row = Entitlement.objects.get(benefit=Benefit.INSTITUTION)
        assert (row.person_id, row.receiver, row.payee_id) == (before.person_id, centre, None)
        assert (row.payee_ground, row.dossier_code, row.first_month) == ("institution", dossier.code, NOVEMBER)
        assert (amount_in(row, NOVEMBER), amount_in(before, NOVEMBER)) == (LEVEL, 0)
        assert before.state == "ended"

    def test_with_a_tax_code_that_nobody_has_is_told_so(self, world: World) -> None:
        disabled(world, number=NUMBERS[0])
        with pytest.raises(dossiers.AppraisalWrong, match="mã số thuế 9999999999"):
            received(world, ADMISSION, {**ENTERED, "institution_tax_code": "9999999999"})

    def test_of_leaving_ends_it_and_what_was_received_at_home_begins_again(
        self, world: World, centre: Organization
    ) -> None:
        before = granted_in_october(world, disabled(world, number=NUMBERS[0]))
        world.approve(received(world, ADMISSION, {**ENTERED, "institution_tax_code": centre.tax_code}))
        row = Entitlement.objects.get(benefit=Benefit.INSTITUTION)
        world.now = at("2027-03-10 09:00")
        world.approve(received(world, LEAVING, LEFT))

        row.refresh_from_db()
        again = Entitlement.objects.get(person=before.person, state="active")
        assert row.state == "ended"
        assert (again.benefit, again.receiver) == ("personal", before.person)
        for month in (date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1)):
            assert (amount_in(row, month) > 0) + (amount_in(again, month) > 0) == 1


class TestAMonth:
    def test_three_people_are_cared_for_and_the_centre_is_paid_once(
        self, world: World, bank: BankedHouse, centre: Organization
    ) -> None:
        account = PaymentAccountFactory(of_organization=True, organization=centre)
        people = {admitted(world, centre, number).pk for number in NUMBERS}

        run = bank.house.pay(NOVEMBER)

        lines = bank.house.lines(run)
        assert {line.person_id for line in lines} == people
        assert {(line.receiver, line.benefit, line.amount) for line in lines} == {(centre, "institution", LEVEL)}
        said = bank.answer(run)
        assert {(one.account, one.amount) for one in said.order.wanted} == {(account.number, LEVEL)}
        bank.take_in(bank.statement(said))
        assert bank.states(run) == [LineState.PAID] * 3
        bank.house.later(days=15)
        months = {line.for_month for line in bank.house.lines(bank.house.prepare(DECEMBER))}
        assert months == {DECEMBER}
        assert PaymentLine.objects.filter(for_month=NOVEMBER).count() == 3

    def test_at_an_account_of_another_name_nothing_is_paid(
        self, world: World, bank: BankedHouse, centre: Organization
    ) -> None:
        account = PaymentAccountFactory(
            of_organization=True, organization=centre, holder_name="CONG TY ABC", name_check="different",
            verified_at=None, verified_by=None,
        )  # fmt: skip
        admitted(world, centre)

        run = bank.house.prepare(NOVEMBER)

        assert {line.state for line in bank.house.lines(run)} == {LineState.HELD}
        waiting = filtered_accounts(bank.house.accountant, AccountFilter(check="differs"), on=world.today)
        assert list(waiting) == [account]

    def test_that_was_not_paid_before_somebody_moved_on_is_paid_to_the_one_that_gave_care(
        self, world: World, bank: BankedHouse, centre: Organization
    ) -> None:
        other = OrganizationFactory(name="Trung tâm Bảo trợ", unit=world.agency(COMMUNE).unit)
        PaymentAccountFactory(of_organization=True, organization=other)
        person = admitted(world, centre)
        held = bank.house.pay(NOVEMBER)
        assert {line.why_code for line in bank.house.lines(held)} == {"no_account"}
        world.now = at("2026-12-01 09:00")
        world.approve(received(world, LEAVING, {**LEFT, "left_on": "2026-12-01"}))
        world.now = at("2026-12-02 09:00")
        told = {**ENTERED, "admitted_on": "2026-12-02", "institution_tax_code": other.tax_code}
        world.approve(received(world, ADMISSION, told, person_number=NUMBERS[0]))
        PaymentAccountFactory(of_organization=True, organization=centre)
        bank.house.now = world.now

        run = bank.house.prepare(DECEMBER)

        institutional = [one for one in bank.house.lines(run) if one.benefit == "institution"]
        assert {one.person_id for one in institutional} == {person.pk}
        assert {one.for_month: one.receiver for one in institutional}[NOVEMBER] == centre


class TestByTwoPeople:
    @pytest.fixture
    def inside(self, world: World) -> Person:
        """Somebody who was admitted before anybody knew which organisation it is."""
        person = disabled(world, number=NUMBERS[0])
        world.approve(received(world, ADMISSION, ENTERED))
        return person

    def test_the_institution_is_proposed_by_one_and_decided_by_another(
        self, world: World, inside: Person, centre: Organization
    ) -> None:
        command = asked(world, inside, Benefit.INSTITUTION, payee_organization_id=centre.pk)
        proposal = propose_grant(command, acting_user=processor(world), now=world.now)
        both = world.officer(Role.LEADER, COMMUNE)
        assert not Entitlement.objects.exists()

        row = granted_by(proposal.pk, world, both)

        assert (row.receiver, amount_in(row, NOVEMBER)) == (centre, LEVEL)
        assert [str(one.entitlement.receiver) for one in own_benefits(inside.pk, on=world.today)] == [CENTRE]

    def test_whoever_proposed_does_not_decide(self, world: World, inside: Person, centre: Organization) -> None:
        command = asked(world, inside, Benefit.INSTITUTION, payee_organization_id=centre.pk)
        proposal = propose_grant(command, acting_user=leader(world), now=world.now)

        with pytest.raises(DecidesOwnProposal):
            granted_by(proposal.pk, world, leader(world))

    @pytest.mark.parametrize("benefit", [Benefit.INSTITUTION, Benefit.PERSONAL])
    def test_only_an_institution_is_paid_for_care_in_one_and_nothing_else(
        self, world: World, inside: Person, centre: Organization, benefit: Benefit
    ) -> None:
        of_one = None if benefit == Benefit.INSTITUTION else centre.pk
        with pytest.raises(PayeeWrong, match="trả cho cơ sở"):
            grant(asked(world, inside, benefit, payee_organization_id=of_one), acting_user=leader(world), now=world.now)

    def test_nobody_at_home_is_paid_to_an_institution(self, world: World, centre: Organization) -> None:
        person = disabled(world)
        with pytest.raises(NotOwed):
            grant(
                asked(world, person, Benefit.INSTITUTION, payee_organization_id=centre.pk),
                acting_user=leader(world), now=world.now,
            )  # fmt: skip

    def test_nobody_takes_the_place_of_the_institution_or_receives_as_one(
        self, world: World, inside: Person, centre: Organization
    ) -> None:
        row = granted(world, inside, Benefit.INSTITUTION, payee_organization_id=centre.pk)
        other = granted(world, disabled(world))
        asked_for = {
            row.pk: ProposePayee(entitlement_id=row.pk, payee_id=inside.pk, ground="self", reason="Người nhà xin"),
            other.pk: ProposePayee(
                entitlement_id=other.pk, payee_id=PersonFactory().pk, ground=PayeeGround.INSTITUTION, reason="Cơ sở"
            ),
        }
        for command in asked_for.values():
            with pytest.raises(AssistanceRefusal, match="ơ sở"):
                propose_payee(command, acting_user=processor(world), now=world.now)


def test_a_new_law_raises_it_since_it_applies(world: World) -> None:
    person = disabled(world, facts={"in_institution": True})
    row = recorded(world, person, benefit=Benefit.INSTITUTION, in_institution=True)
    before = amount_in(row, JULY)

    applied(world, reckoned(world))

    assert (before, amount_in(row, JULY), amount_in(row, NOVEMBER)) == (2_000_000, LEVEL, LEVEL)


def granted_by(proposal_id: int, world: World, user: object) -> Entitlement:
    command = DecideProposal(proposal_id=proposal_id, decision_number="9/QĐ-UBND")
    approve_proposal(command, acting_user=user, now=world.now)  # type: ignore[arg-type]
    return Entitlement.objects.get(benefit=Benefit.INSTITUTION)


def test_the_database_lets_only_this_benefit_be_paid_to_an_institution() -> None:
    row = EntitlementFactory(in_institution=True)
    for facts in (
        {"benefit": "personal"},
        {"payee_ground": "self"},
        {"payee": row.person},
        {"payee_organization": None},
    ):
        with pytest.raises(IntegrityError, match="entitlement_one_payee"), transaction.atomic():
            Entitlement.objects.filter(pk=row.pk).update(**facts)
    assert not EntitlementRate.objects.filter(entitlement=row).exists()
