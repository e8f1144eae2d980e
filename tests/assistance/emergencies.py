"""What happened to people of the commune, and how it is asked for there without a dossier."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.assistance.models import EmergencyGrant, Proposal
from lienthong.assistance.services.emergency import GrantEmergency
from lienthong.assistance.services.proposing_emergency import propose_emergency
from lienthong.people.models import Household, Person
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.kinds import EmergencyKind, emergency_from_plain
from tests.assistance.known import approved, processor
from tests.factories.people import HouseholdFactory, HouseholdMembershipFactory, PersonFactory
from tests.factories.poverty import HouseholdStandingFactory
from tests.world import COMMUNE, World

STORM = date(2026, 11, 8)
MET = Course(listed_on=date(2026, 11, 10), met_on=date(2026, 11, 15))
FACTS: dict[EmergencyKind, dict[str, Any]] = {
    EmergencyKind.RICE: {"cause": "natural_disaster", "is_short_of_food": True, "persons": 4, "months": 2},
    EmergencyKind.INJURY: {"cause": "natural_disaster", "treated_days": 5, "at_residence": True},
    EmergencyKind.DEATH: {"cause": "natural_disaster", "buried_by_others": False},
    EmergencyKind.HOUSE: {"cause": "natural_disaster", "damage": "lost", "has_other_home": False},
}


def dweller(world: World, **known: Any) -> Person:
    """Somebody who lives in the commune."""
    return PersonFactory(**{"birth_on": date(1980, 5, 17), "lives_in": world.agency(COMMUNE).unit, **known})


def household(world: World, *, household_class: str = "poor", members: int = 2) -> tuple[Household, list[Person]]:
    """A household of the commune whose class is recorded."""
    home = HouseholdFactory(unit=world.agency(COMMUNE).unit)
    people = [dweller(world) for _ in range(members)]
    for person in people:
        HouseholdMembershipFactory(household=home, person=person, relation="other")
    HouseholdStandingFactory(household=home, household_class=household_class)
    return home, people


def asked(
    world: World, person: Person, kind: EmergencyKind = EmergencyKind.INJURY, *, happened_on: date | None = STORM,
    facts: dict[str, Any] | None = None, **changes: Any,
) -> GrantEmergency:  # fmt: skip
    """Return the command for what happened to somebody of the commune."""
    content = {**FACTS.get(kind, {}), "happened_on": happened_on, **(facts or {})}
    known: dict[str, Any] = {
        "person_id": person.pk, "unit_id": world.agency(COMMUNE).unit_id, "emergency": emergency_from_plain(kind, content),
        "course": Course() if kind is EmergencyKind.DEATH else MET,
    }  # fmt: skip
    return GrantEmergency(**{**known, **changes})


def proposed(world: World, command: GrantEmergency) -> Proposal:
    """The commune's officer proposes it."""
    return propose_emergency(command, acting_user=processor(world), now=world.now)


def granted(world: World, command: GrantEmergency, number: str = "31/QĐ-UBND") -> EmergencyGrant:
    """And its leader approves."""
    proposal = approved(world, proposed(world, command), number)
    return EmergencyGrant.objects.get(proposal=proposal)
