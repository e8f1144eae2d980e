"""People of whom enough is known to decide, and the officers of their commune."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import Circumstance, Entitlement, EntitlementRate, Proposal
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal
from lienthong.assistance.services.granting import Grant
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.states import Benefit, Programme
from lienthong.people.models import Person
from tests.factories.assistance import CircumstanceFactory, DisabilityCertificateFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, HOME_AFFAIRS, World, at

SINCE = date(2021, 1, 1)
# Nothing that would entitle anybody: what a test needs it says.
PLAIN: dict[str, Any] = {
    "poverty": "other", "is_abandoned": False, "father": "caring", "mother": "caring", "received_as_orphan": False,
    "is_studying": False, "has_hiv": False, "marital": "married", "children": [], "has_supporter": True,
    "supporter_receives_allowance": False, "lives_in_difficult_area": False, "pension": 0, "other_benefit": 0,
    "has_stable_income": False, "in_institution": False, "eligible_for_institution": False, "care": "none",
    "is_pregnant": False, "disability": "none", "spouse_receives_care_support": False, "pension_request": "none",
}  # fmt: skip


def known(
    world: World, *, born: date = date(1980, 5, 17), facts: dict[str, Any] | None = None, **person: Any
) -> Person:
    """Return somebody of the commune of whom everything is known; ``facts`` say what is not as in ``PLAIN``."""
    unit = world.agency(COMMUNE).unit
    found = PersonFactory(birth_on=born, lives_in=unit, **person)
    for name, value in {**PLAIN, **(facts or {})}.items():
        if value is not None:
            CircumstanceFactory(person=found, name=name, value=value, valid_from=SINCE)
    return found


def disabled(world: World, *, level: str = "severe", since: date = date(2026, 3, 10), **facts: Any) -> Person:
    """Return somebody with a certificate of a disability."""
    person = known(world, **facts)
    Circumstance.objects.filter(person=person, name="disability").update(valid_until=since)
    DisabilityCertificateFactory(person=person, level=level, valid_from=since)
    return person


def processor(world: World) -> User:
    """Return who proposes in the commune."""
    return world.officer(Role.PROCESSOR, COMMUNE)


def leader(world: World) -> User:
    """Return who decides in the commune."""
    return world.officer(Role.LEADER, COMMUNE)


def home_affairs(world: World) -> User:
    """Return who decides on merit at the province."""
    return world.officer(Role.LEADER, HOME_AFFAIRS)


def asked(world: World, person: Person, benefit: str = Benefit.PERSONAL, **changes: Any) -> Grant:
    """Return the command to grant somebody a benefit of social assistance in their commune."""
    return Grant(
        **{
            "person_id": person.pk, "programme": Programme.SOCIAL, "benefit": benefit,
            "unit_id": world.agency(COMMUNE).unit_id, **changes,
        }
    )  # fmt: skip


def approved(world: World, proposal: Proposal, number: str = "12/QĐ-UBND", *, by: User | None = None) -> Proposal:
    """Approve a proposal as the leader of the commune, or as somebody else."""
    command = DecideProposal(proposal_id=proposal.pk, decision_number=number)
    return approve_proposal(command, acting_user=by or leader(world), now=world.now)


def granted(world: World, person: Person, benefit: str = Benefit.PERSONAL, **changes: Any) -> Entitlement:
    """Propose and approve a benefit."""
    proposal = propose_grant(asked(world, person, benefit, **changes), acting_user=processor(world), now=world.now)
    approved(world, proposal)
    return Entitlement.objects.get(person=person, benefit=benefit, programme=Programme.SOCIAL, state="active")


def granted_in_october(world: World, person: Person, benefit: str = Benefit.PERSONAL, **changes: Any) -> Entitlement:
    """Propose and approve a benefit a month before the day of the tests, so that a whole month of it is paid."""
    today, world.now = world.now, at("2026-10-20 09:00")
    row = granted(world, person, benefit, **changes)
    world.now = today
    return row


def rates_of(row: Entitlement) -> list[tuple[str, str, int]]:
    """Return the current rates as months and amounts."""
    rates = EntitlementRate.objects.filter(entitlement=row, superseded_at=None).order_by("first_month")
    return [(f"{one.first_month:%Y-%m}", f"{one.end_month:%Y-%m}", one.amount) for one in rates if one.end_month]


def amount_in(row: Entitlement, month: date) -> int:
    """Return the current rate of a month."""
    rates = EntitlementRate.objects.filter(
        entitlement=row, superseded_at=None, first_month__lte=month, end_month__gt=month
    )
    return sum(rate.amount for rate in rates)
