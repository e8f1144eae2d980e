"""Two people who press at the same moment: one approval counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, transaction

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import DeathGrant, EmergencyGrant, Entitlement, FuneralSupport, TopUp
from lienthong.assistance.services.death_grants import GrantAtDeath, grant_after_death
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal
from lienthong.assistance.services.emergency import Deceased, grant_emergency
from lienthong.assistance.services.funeral import GrantFuneralSupport, SupportedBefore, grant_funeral_support
from lienthong.assistance.services.paid_once import revoke_once
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.refusals import AlreadySettled
from lienthong.rules.emergency.kinds import EmergencyKind
from lienthong.rules.merit.at_death import DeathFacts
from lienthong.rules.merit.plain_facts import merit_from_plain
from lienthong.rules.social_assistance.funeral import FuneralFacts
from tests.assistance import emergencies, onces
from tests.assistance.known import asked, disabled, leader, processor
from tests.assistance.test_law_changes import applied, reckoned
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_grants_and_the_other_is_told(world: World) -> None:
    proposal = propose_grant(asked(world, disabled(world)), acting_user=processor(world), now=world.now)
    chairs = [world.officer(Role.LEADER, COMMUNE, another=True) for _ in range(2)]

    def approve(chair: User) -> str:
        try:
            approve_proposal(DecideProposal(proposal_id=proposal.pk), acting_user=chair, now=world.now)
        except AlreadySettled:
            return "told"
        finally:
            connection.close()
        return "granted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, chairs)) == ["granted", "told"]
    assert Entitlement.objects.count() == 1


DIED = date(2026, 11, 4)
NUMBER = "019050000111"
INVALID = {"claims": [{"category": "war_invalid", "rate": 61, "has_especially_severe_condition": False}]}


@pytest.mark.parametrize(
    ("ways", "highest"),
    [("eleven emergency", 27_000_000), ("eleven merit", 25_300_000), ("merit emergency", 27_000_000)],
)
@pytest.mark.django_db(transaction=True)
def test_of_one_funeral_granted_by_two_ways_at_once_only_the_highest_is_paid(
    world: World, ways: str, highest: int
) -> None:
    deceased, heir = PersonFactory(number=NUMBER), emergencies.dweller(world)
    chair = leader(world)

    def by_article_eleven() -> None:
        facts = FuneralFacts(
            died_on=DIED, received_monthly_social_assistance=True, child_of_poor_single_parent=False,
            received_survivor_or_other_monthly_benefit=False, claimant_arranged_funeral=True,
            highest_other_funeral_support=0, in_institution=False,
        )  # fmt: skip
        command = GrantFuneralSupport(
            dossier_code="H55.11", deceased_name=deceased.full_name, deceased_number=NUMBER, died_on=DIED,
            payee_name=heir.full_name, facts=facts,
        )  # fmt: skip
        grant_funeral_support(command, acting_user=chair, now=world.now)

    def of_merit() -> None:
        facts = DeathFacts(person=merit_from_plain(INVALID), was_receiving=True, arranged_funeral=True, other_support=0)
        command = GrantAtDeath(
            dossier_code="H55.25",
            deceased_id=deceased.pk,
            died_on=DIED,
            payee_id=heir.pk,
            unit_id=heir.unit_id,
            facts=facts,
        )
        grant_after_death(command, acting_user=chair, now=world.now)

    def after_emergency() -> None:
        whose = Deceased(name=deceased.full_name, number=NUMBER, person_id=deceased.pk)
        command = emergencies.asked(
            world, heir, EmergencyKind.DEATH, deceased=whose, happened_on=DIED, dossier_code="H55.12"
        )
        grant_emergency(command, acting_user=chair, now=world.now)

    both = Barrier(2)

    def granted(way: Callable[[], None]) -> None:
        both.wait(timeout=20)
        try:
            with transaction.atomic():
                way()
                sleep(0.5)
        except SupportedBefore:  # the other way gave as much, and came first
            pass
        finally:
            connection.close()

    chosen = {"eleven": by_article_eleven, "merit": of_merit, "emergency": after_emergency}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(granted, [chosen[one] for one in ways.split()]))

    paid = [row.amount for model in (FuneralSupport, EmergencyGrant) for row in model.objects.all()]
    paid += [line["amount"] for row in DeathGrant.objects.all() for line in row.lines if line["code"] == "funeral"]
    assert sum(paid) == highest


@pytest.mark.django_db(transaction=True)
def test_a_funeral_is_topped_up_and_granted_another_way_one_after_the_other(world: World) -> None:
    dead = onces.dead_person(world)
    with transaction.atomic():
        support = onces.funeral(world, of=dead)
    applied(world, reckoned(world))
    proposal = onces.top_up_proposed(world, support)
    whose, heir, chair = onces.deceased(dead), onces.receiver(world), leader(world)
    command = emergencies.asked(
        world, heir, EmergencyKind.DEATH, deceased=whose, happened_on=onces.AUGUST, dossier_code="H55.12"
    )
    both = Barrier(2)

    def granted(way: Callable[[], object], *, first: bool) -> None:
        both.wait(timeout=20)
        sleep(0 if first else 0.4)
        try:
            with transaction.atomic():
                way()
                sleep(1 if first else 0)
        finally:
            connection.close()

    def added() -> None:
        approve_proposal(DecideProposal(proposal_id=proposal.pk), acting_user=chair, now=world.now)

    def after_emergency() -> None:
        grant_emergency(command, acting_user=chair, now=world.now)

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(granted, added, first=True), pool.submit(granted, after_emergency, first=False)]:
            one.result()

    paid = [row.amount for model in (FuneralSupport, TopUp, EmergencyGrant) for row in model.objects.all()]
    assert len(paid) == 3
    assert sum(paid) == onces.AFTER["buried"]


@pytest.mark.django_db(transaction=True)
def test_a_funeral_is_taken_back_before_another_way_counts_on_it(world: World) -> None:
    dead = onces.dead_person(world)
    with transaction.atomic():
        support = onces.funeral(world, of=dead)
    whose, heir, chair = onces.deceased(dead), onces.receiver(world), leader(world)
    command = emergencies.asked(
        world, heir, EmergencyKind.DEATH, deceased=whose, happened_on=onces.AUGUST, dossier_code="H55.12"
    )
    both = Barrier(2)

    def taken_back() -> None:
        try:
            with transaction.atomic():
                revoke_once("funeral", support.pk, reason="Ghi nhầm người", acting_user=chair, now=world.now)
                both.wait(timeout=20)
                sleep(1)
        finally:
            connection.close()

    def granted() -> None:
        both.wait(timeout=20)
        try:
            with transaction.atomic():
                grant_emergency(command, acting_user=chair, now=world.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(taken_back), pool.submit(granted)]:
            one.result()

    assert EmergencyGrant.objects.get().amount == onces.AFTER["buried"]
