"""Rates go on ahead as they were decided; a fact that nobody decided on moves no month."""

from __future__ import annotations

from datetime import date

from lienthong.assistance.models import Circumstance, Entitlement, Proposal
from lienthong.assistance.queries.left_out import left_out
from lienthong.assistance.services import extending
from lienthong.assistance.services.circumstances import RecordCircumstance, record_circumstance
from lienthong.assistance.services.deciding import DecideProposal, refuse_proposal
from lienthong.assistance.services.merit_following import Follow, grant_what_follows
from lienthong.assistance.states import Benefit, Programme
from tests.assistance.known import amount_in, disabled, granted, home_affairs, known, leader, processor, rates_of
from tests.factories.assistance import CircumstanceFactory, MeritClaimFactory
from tests.world import COMMUNE, World, at

DECEMBER_2028 = date(2028, 12, 1)


def elderly(world: World) -> Entitlement:
    facts = {"poverty": "poor", "has_supporter": False, "marital": "widowed"}
    return granted(world, known(world, born=date(1960, 2, 20), facts=facts))


def told_of_a_supporter(world: World, row: Entitlement) -> Proposal:
    command = RecordCircumstance(
        person_id=row.person_id, name="has_supporter", value=True, valid_from=world.today, evidence="Biên bản",
        ends_earlier=True,
    )  # fmt: skip
    record_circumstance(command, acting_user=processor(world), now=world.now)
    return Proposal.objects.get(state="pending")


def extended(world: World, row: Entitlement, moment: str = "2028-02-01 02:20") -> None:
    world.now = at(moment)
    extending.extend_rates(row.person_id, now=world.now)


def test_a_fact_that_waits_for_a_decision_gets_in_by_no_extension(world: World) -> None:
    row = elderly(world)
    told_of_a_supporter(world, row)
    before = rates_of(row)

    extended(world, row)

    assert rates_of(row)[: len(before)] == before
    assert amount_in(row, DECEMBER_2028) == amount_in(row, date(2030, 1, 1)) == 810_000


def test_nor_does_one_that_was_refused_and_the_review_names_the_difference(world: World) -> None:
    row = elderly(world)
    proposal = told_of_a_supporter(world, row)
    refuse_proposal(
        DecideProposal(proposal_id=proposal.pk, note="Người ấy không có khả năng phụng dưỡng"),
        acting_user=leader(world), now=world.now,
    )  # fmt: skip

    extended(world, row)

    assert amount_in(row, DECEMBER_2028) == 810_000
    (finding,) = [one for one in left_out(world.today).chosen if one.benefit == Benefit.PERSONAL]
    assert (finding.kind, finding.paid, finding.amount) == ("no_longer", 810_000, 0)


def test_a_birthday_counts_by_itself(world: World) -> None:
    row = granted(world, disabled(world, born=date(2012, 12, 9), facts={"marital": "never_married"}))

    extended(world, row)

    assert amount_in(row, date(2028, 11, 1)) == 1_080_000
    assert amount_in(row, DECEMBER_2028) == 810_000


def test_each_benefit_is_extended_from_its_own_last_month(world: World) -> None:
    person = disabled(world, level="extremely_severe", facts={"care": "household"})
    row = granted(world, person)
    world.now = at("2027-12-01 09:00")
    carer = granted(world, person, Benefit.CARER, payee_id=known(world).pk, payee_ground="carer")
    Circumstance.objects.filter(person=person, name="care").update(valid_until=date(2028, 1, 1))
    CircumstanceFactory(person=person, name="care", value="none", valid_from=date(2028, 1, 1))
    before = rates_of(carer)

    extended(world, row, "2028-06-01 02:20")

    assert rates_of(carer)[: len(before)] == before
    assert amount_in(row, DECEMBER_2028) == 1_080_000
    assert amount_in(carer, date(2030, 1, 1)) == 540_000


def test_what_is_paid_for_merit_goes_on_as_it_was_decided(world: World) -> None:
    person = known(world, born=date(2006, 2, 20))
    data = {"category": "relative_of_martyr", "relation": "child", "number_of_martyrs": 1}
    MeritClaimFactory(person=person, category="relative_of_martyr", relation="child", data=data)
    for name, value in {"is_orphan": False, "school": "general", "disability": "none"}.items():
        CircumstanceFactory(person=person, name=f"merit.{name}", value=value)
    unit = world.agency(COMMUNE).unit_id
    grant_what_follows(Follow(person_id=person.pk, unit_id=unit), acting_user=home_affairs(world), now=world.now)
    row = Entitlement.objects.get(programme=Programme.MERIT, benefit=Benefit.MONTHLY)
    Circumstance.objects.filter(person=person, name="merit.school").update(valid_until=world.today)
    CircumstanceFactory(person=person, name="merit.school", value="none", valid_from=world.today)

    extended(world, row)

    assert amount_in(row, date(2026, 11, 1)) == amount_in(row, DECEMBER_2028) == 3_012_000
