"""A storm in the demo's ward: rice, an injury and a house, decided by two people; some of it waits for this morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from lienthong.assistance.models import EmergencyGrant, Proposal
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal
from lienthong.assistance.services.emergency import GrantEmergency
from lienthong.assistance.services.proposing_emergency import HandOutRice, hand_out_rice, propose_emergency
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.kernel.days import local_moment
from lienthong.ops.demo.assistance.calendar import weekday_before
from lienthong.ops.demo.staff import Staff
from lienthong.people.models import HouseholdMembership, Person
from lienthong.people.states import HouseholdRelation
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.kinds import EmergencyKind, emergency_from_plain

OFFICER, LEADER = "demo.xa.chuyenvien", "demo.xa.lanhdao"
STORM_BEFORE, LISTED_BEFORE, MET_BEFORE = timedelta(days=6), timedelta(days=3), timedelta(days=2)
"""How long before the decisions it all happened; they were taken on the last day of work."""
FACTS: Final[tuple[tuple[EmergencyKind, dict[str, Any]], ...]] = (
    (EmergencyKind.RICE, {"is_short_of_food": True, "persons": 4, "months": 1}),
    (EmergencyKind.RICE, {"is_short_of_food": True, "persons": 3, "months": 2}),
    (EmergencyKind.RICE, {"is_short_of_food": True, "persons": 5, "months": 1}),
    (EmergencyKind.INJURY, {"treated_days": 6, "at_residence": True}),
    (EmergencyKind.HOUSE, {"damage": "badly_damaged", "is_habitable": False, "in_difficulty": True}),
    (EmergencyKind.HOUSE, {"damage": "lost", "has_other_home": False, "in_difficulty": True}),
    (EmergencyKind.RICE, {"is_short_of_food": True, "persons": 6, "months": 1}),
)
TRIED_AT_MOST: Final = 60
WAITING: Final = 2
"""How many of them nobody has decided on yet."""


def leave_emergencies(staff: Staff, *, ward: int, today: date) -> list[EmergencyGrant]:
    """Tell what the storm did: grants of yesterday, rice of which one household has fetched its own, proposals that wait.

    Args:
        staff: Officers of the demo.
        ward: Id of the demo's ward.
        today: The day that is today.
    """
    decided = weekday_before(today)
    proposals = list(_proposed(staff, ward, decided, _at(decided, 9)))
    for place, proposal in enumerate(proposals[: len(proposals) - WAITING]):
        number = f"KC-{place + 1:02d}/QĐ-UBND"
        command = DecideProposal(proposal_id=proposal.pk, decision_number=number)
        approve_proposal(command, acting_user=staff.user(LEADER), now=_at(decided, 15, place))
    grants = list(EmergencyGrant.objects.filter(unit=ward).order_by("pk"))
    rice = [one.pk for one in grants if one.rice_kg][:1]
    if rice:
        fetched = HandOutRice(grant_ids=rice, handed_out_on=decided)
        hand_out_rice(fetched, acting_user=staff.user(OFFICER), now=_at(decided, 16))
    return grants


def _proposed(staff: Staff, ward: int, decided: date, now: datetime) -> Iterator[Proposal]:
    """Propose each for the head of another household; whoever the rules refuse is left out."""
    storm = decided - STORM_BEFORE
    heads = _heads(ward, storm)
    course = Course(listed_on=decided - LISTED_BEFORE, met_on=decided - MET_BEFORE)
    for kind, facts in FACTS:
        plain = {"cause": "natural_disaster", **facts, "happened_on": storm}
        for person in heads:
            command = GrantEmergency(
                person_id=person.pk, unit_id=ward, emergency=emergency_from_plain(kind, plain), course=course
            )
            try:
                proposal = propose_emergency(command, acting_user=staff.user(OFFICER), now=now)
            except AssistanceRefusal:
                continue
            yield proposal
            break


def _heads(ward: int, storm: date) -> Iterator[Person]:
    """Yield heads of households of the ward who receive nothing, one after the other."""
    members = HouseholdMembership.objects.valid_on(storm).filter(relation=HouseholdRelation.HEAD)
    free = members.filter(person__unit=ward, person__died_on=None, person__entitlements=None)
    for member in list(free.select_related("person").order_by("person_id")[:TRIED_AT_MOST]):
        yield member.person


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return local_moment(day, time(hour, minute))
