"""People of the commune whom the screens of assistance show, and what is recorded of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Proposal
from lienthong.assistance.services import circumstances
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal
from lienthong.assistance.services.granting import Grant
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.states import Benefit, Programme
from lienthong.people.models import Person
from tests.assistance.known import PLAIN
from tests.factories.assistance import CircumstanceFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World

HEALTH = "H55.SYT"
DAY = {"valid_from_day": "1", "valid_from_month": "7", "valid_from_year": "2025"}


def elder(world: World, name: str = "Lường Thị Ỷ", *, commune: str = COMMUNE, **changes: Any) -> Person:
    """Somebody of 76 years of whom nothing else is known."""
    known = {"full_name": name, "birth_on": date(1950, 3, 12), "lives_in": world.agency(commune).unit}
    return PersonFactory(**{**known, **changes})


def put(
    world: World, person: Person, name: str, value: Any, *, since: date = date(2025, 7, 1), commune: str = COMMUNE
) -> Any:
    """Record a fact as the commune's officer does."""
    command = circumstances.RecordCircumstance(
        person_id=person.pk, name=name, value=value, valid_from=since, evidence="Đơn và giấy tờ kèm theo"
    )
    return circumstances.record_circumstance(command, acting_user=world.officer(Role.PROCESSOR, commune), now=world.now)


def entitled(
    world: World,
    name: str = "Lường Thị Ỷ",
    *,
    commune: str = COMMUNE,
    facts: dict[str, Any] | None = None,
    **changes: Any,
) -> Person:
    """Somebody to whom the social pension is due for certain."""
    person = elder(world, name, commune=commune, **changes)
    for fact, value in {**PLAIN, "pension_request": "written", **(facts or {})}.items():
        CircumstanceFactory(person=person, name=fact, value=value, valid_from=date(2025, 7, 1))
    return person


def proposed(world: World, person: Person, *, commune: str = COMMUNE) -> Proposal:
    """The commune's officer proposes the allowance or pension."""
    command = Grant(
        person_id=person.pk, programme=Programme.SOCIAL, benefit=Benefit.PERSONAL, unit_id=world.agency(commune).unit_id
    )
    return propose_grant(command, acting_user=world.officer(Role.PROCESSOR, commune), now=world.now)


def granted(world: World, person: Person, *, commune: str = COMMUNE, number: str = "125/QĐ-UBND") -> Entitlement:
    """And its leader approves."""
    proposal = proposed(world, person, commune=commune)
    command = DecideProposal(proposal_id=proposal.pk, decision_number=number)
    approve_proposal(command, acting_user=world.officer(Role.LEADER, commune), now=world.now)
    return Entitlement.objects.get(person=person)
