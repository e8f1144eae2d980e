"""What was decided once in August by the law of then, before a law of October that applies from July."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import DeathGrant, EmergencyGrant, Entitlement, FuneralSupport, Proposal
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.services.death_grants import GrantAtDeath, grant_after_death
from lienthong.assistance.services.emergency import Deceased
from lienthong.assistance.services.funeral import GrantFuneralSupport, grant_funeral_support
from lienthong.assistance.services.merit import RecogniseClaim, recognise_claim
from lienthong.assistance.services.top_ups import ProposeTopUp, propose_top_up
from lienthong.kernel.money import Dong
from lienthong.people.models import Person
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.kinds import EmergencyKind
from lienthong.rules.merit.at_death import DeathFacts
from lienthong.rules.social_assistance.funeral import FuneralFacts
from tests.assistance import emergencies
from tests.assistance.known import approved, home_affairs, leader, processor
from tests.factories.assistance import MeritClaimFactory
from tests.factories.payments import PaymentAccountFactory
from tests.world import COMMUNE, HOME_AFFAIRS, World, at

AUGUST = date(2026, 8, 10)
BEFORE, AFTER = {
    "funeral": 10_000_000, "emergency": 5_000_000, "buried": 25_000_000,
}, {"funeral": 10_800_000, "emergency": 5_400_000, "buried": 27_000_000}  # fmt: skip
"""Twenty, ten and fifty times 500 000, and 540 000."""


@contextmanager
def in_august(world: World) -> Iterator[None]:
    """Let the house be in August for a while."""
    today, world.now = world.now, at("2026-08-20 09:00")
    try:
        yield
    finally:
        world.now = today


def receiver(world: World, **facts: Any) -> Person:
    """Somebody of the commune with an account that money reaches."""
    person = emergencies.dweller(world, **facts)
    PaymentAccountFactory(person=person)
    return person


def dead_person(world: World) -> Person:
    """Somebody of the commune who died in August, with a number by which papers call them."""
    return emergencies.dweller(world, died_on=AUGUST, number=f"01905{Person.objects.count():07d}")


def deceased(person: Person) -> Deceased:
    """Who died, as an emergency names them."""
    return Deceased(name=person.full_name, number=person.personal_id_number or "", person_id=person.pk)


def funeral(
    world: World,
    payee: Person | None = None,
    *,
    died_on: date = AUGUST,
    of: Person | None = None,
    deceased_number: str | None = None,
    **facts: Any,
) -> FuneralSupport:
    """Support with the costs of a funeral, decided in August."""
    dead = of or dead_person(world)
    Person.objects.filter(pk=dead.pk).update(died_on=died_on)
    payee = payee or receiver(world)
    known: dict[str, Any] = {
        "died_on": died_on, "received_monthly_social_assistance": True, "claimant_arranged_funeral": True,
        "highest_other_funeral_support": Dong(0), "in_institution": False, **facts,
    }  # fmt: skip
    command = GrantFuneralSupport(
        dossier_code=f"H55.F.{dead.pk}", deceased_name=dead.full_name, deceased_number=(dead.personal_id_number or "") if deceased_number is None else deceased_number,
        died_on=died_on, payee_name=payee.full_name, payee_id=payee.pk, unit_id=world.agency(COMMUNE).unit_id,
        facts=FuneralFacts(**known),
    )  # fmt: skip
    with in_august(world):
        return grant_funeral_support(command, acting_user=leader(world), now=world.now)


def emergency(world: World, kind: EmergencyKind = EmergencyKind.INJURY, **changes: Any) -> EmergencyGrant:
    """Emergency assistance for what happened in August, decided in August."""
    course = Course() if kind is EmergencyKind.DEATH else Course(met_on=date(2026, 8, 12))
    person = changes.pop("person", None) or receiver(world)
    with in_august(world):
        command = emergencies.asked(
            world, person, kind, **{"happened_on": AUGUST, "course": course, **changes}
        )  # fmt: skip
        return emergencies.granted(world, command)


def at_death(world: World, *, arranged: bool = True) -> DeathGrant:
    """What the death of a war invalid of 61 % in August brought, decided in August."""
    dead = emergencies.dweller(world, died_on=AUGUST)
    MeritClaimFactory(person=dead)
    person = history_of(dead.pk).merit_facts_on(AUGUST)
    facts = DeathFacts(person=person, was_receiving=True, arranged_funeral=arranged, other_support=Dong(0))
    command = GrantAtDeath(
        dossier_code=f"H55.D.{dead.pk}", deceased_id=dead.pk, died_on=AUGUST, payee_id=receiver(world).pk,
        unit_id=world.agency(COMMUNE).unit_id, facts=facts,
    )  # fmt: skip
    with in_august(world):
        return grant_after_death(command, acting_user=home_affairs(world), now=world.now)


def one_off(world: World) -> Entitlement:
    """What the nearest relative of a martyr is paid once, decided in August."""
    person = receiver(world)
    command = RecogniseClaim(
        person_id=person.pk, unit_id=world.agency(COMMUNE).unit_id,
        data={"category": "martyr_recognised", "origin": "Ma Văn Liệt"}, valid_from=date(2026, 8, 3),
        decision_number="7/QĐ-SNV", prepared_by_id=proposer(world, "at-death").pk,
    )  # fmt: skip
    with in_august(world):
        recognise_claim(command, acting_user=home_affairs(world), now=world.now)
    return Entitlement.objects.get(person=person, benefit="one_off")


def proposer(world: World, kind: str) -> User:
    return world.officer(Role.PROCESSOR, HOME_AFFAIRS) if kind == "at-death" else processor(world)


def top_up_proposed(world: World, grant: Any) -> Proposal:
    """The commune, or of merit the province, proposes what the new law adds."""
    command = ProposeTopUp(kind=grant.what.value, grant_id=grant.pk, reason="Áp dụng mức mới từ tháng 07/2026")
    return propose_top_up(command, acting_user=proposer(world, grant.what.value), now=world.now)


def agreed(world: World, grant: Any, proposal: Proposal, number: str = "45/QĐ-UBND") -> Proposal:
    """And who decides there approves."""
    by = home_affairs(world) if grant.what.value == "at-death" else leader(world)
    return approved(world, proposal, number, by=by)
