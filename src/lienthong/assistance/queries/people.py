"""What is known of one person for the programmes: entitlements, facts with their history, proposals, what happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Prefetch, QuerySet

from lienthong.accounts.models import User
from lienthong.accounts.queries import Happening, happenings_of_many, reader_for
from lienthong.assistance import policies
from lienthong.assistance.models import (
    Circumstance,
    DisabilityCertificate,
    EmergencyGrant,
    Entitlement,
    EntitlementRate,
    MeritClaim,
    Proposal,
)
from lienthong.assistance.queries.facts import MERIT_PREFIX
from lienthong.assistance.queries.top_ups import is_raised
from lienthong.assistance.states import (
    LIVE_STATES,
    Benefit,
    EntitlementState,
    PayeeGround,
    Programme,
    ProposalKind,
    ProposalState,
)
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold
from lienthong.people import queries as people
from lienthong.people.models import Person
from lienthong.people.policies import SYSTEM
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit

_OF_BENEFITS: Final = (
    ProposalKind.ADJUST, ProposalKind.SUSPEND, ProposalKind.RESUME, ProposalKind.STOP, ProposalKind.MOVE,
    ProposalKind.CHANGE_PAYEE, ProposalKind.RECOVER, ProposalKind.REINSTATE,
)  # fmt: skip
"""What is proposed of one benefit, in the order in which it is offered."""


class PersonNotFound(NotFound):
    """There is no such person, or none whom this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What a user may see and do for a person: each programme is a field of work of its own."""

    place: AdministrativeUnit | None
    sees_social: bool
    sees_merit: bool
    records: bool
    claims_merit: bool

    @property
    def programmes(self) -> frozenset[str]:
        """Return the programmes of which the user may see what is recorded of the person."""
        seen = {Programme.SOCIAL: self.sees_social, Programme.MERIT: self.sees_merit}
        return frozenset(str(programme.value) for programme, sees in seen.items() if sees)


def get_person(person_id: int, *, as_: User, on: date) -> Person:
    """Load a person: one of the user's communes, or somebody of whom they may see an entitlement.

    Raises:
        PersonNotFound: There is none whom the user may see.
    """
    try:
        return people.get_person(person_id, reader_for(as_, on=on))
    except people.PersonUnknown:
        pass  # not of their communes: perhaps one of them pays
    seen = Entitlement.objects.filter(policies.visible_to(as_, on=on), person=person_id)
    person = Person.objects.select_related("unit").filter(pk=person_id).first() if seen.exists() else None
    if person is None:
        raise PersonNotFound
    return person


def acts_for(person: Person, *, as_: User, on: date) -> Acts:
    """Say what the user may do for a person where they live today."""
    place = units.heir_on(person.unit, on)

    def sees(programme: Programme) -> bool:
        if programme in policies.programmes_seen(as_, on=on):
            return True
        seen = policies.communes_of(as_, on=on, programme=programme)
        return person.unit_id in seen or (place is not None and place.pk in seen)

    return Acts(
        place=place,
        sees_social=sees(Programme.SOCIAL),
        sees_merit=sees(Programme.MERIT),
        records=place is not None and policies.proposes(as_, place.pk, on=on, programme=Programme.SOCIAL),
        claims_merit=place is not None and policies.proposes(as_, place.pk, on=on, programme=Programme.MERIT),
    )


def entitlements_of(person_id: int, *, as_: User, on: date) -> list[Entitlement]:
    """Return what a person receives and received, those that live first, with ``current_rates`` from the first month on."""
    current = EntitlementRate.objects.filter(superseded_at=None).order_by("first_month", "pk")
    rows = (
        Entitlement.objects.filter(policies.visible_to(as_, on=on), person=person_id)
        .select_related("unit", "payee", "payee_organization", "person")
        .prefetch_related(Prefetch("rates", current, to_attr="current_rates"))
        .order_by("-first_month", "-pk")
    )
    return sorted(rows, key=lambda one: one.state not in LIVE_STATES)


def get_entitlement(entitlement_id: int, *, as_: User, on: date) -> Entitlement:
    """Load an entitlement that the user may see, with ``current_rates``.

    Raises:
        PersonNotFound: There is none.
    """
    current = EntitlementRate.objects.filter(superseded_at=None).order_by("first_month", "pk")
    found = (
        Entitlement.objects.filter(policies.visible_to(as_, on=on), pk=entitlement_id)
        .select_related("unit", "payee", "payee_organization", "person__unit")
        .prefetch_related(Prefetch("rates", current, to_attr="current_rates"))
        .first()
    )
    if found is None:
        raise PersonNotFound
    return found


def proposable(one: Entitlement, *, as_: User, on: date) -> list[ProposalKind]:
    """Return what a user may propose for a benefit, in the order in which it is offered.

    Of a benefit that has ended it is the way back from a wrong end, who receives what is still unpaid, where whoever received
    it has died, and of what was paid once what a new law adds.
    """
    if not policies.proposes(as_, one.unit_id, on=on, programme=one.programme):
        return []
    if one.state not in LIVE_STATES:
        offered = {ProposalKind.CHANGE_PAYEE} if one.payee and one.payee.died_on is not None else set()
        offered |= {ProposalKind.REINSTATE} if _may_be_reinstated(one) else set()
        offered |= {ProposalKind.ADJUST} if is_raised(one) else set()
    else:
        idle = ProposalKind.RESUME if one.state == EntitlementState.ACTIVE else ProposalKind.SUSPEND
        offered = set(_OF_BENEFITS) - {idle, ProposalKind.REINSTATE}
        offered -= {ProposalKind.CHANGE_PAYEE} if one.payee_ground == PayeeGround.INSTITUTION else set()
    return [kind for kind in _OF_BENEFITS if kind in offered]


def _may_be_reinstated(one: Entitlement) -> bool:
    """Tell whether an ended benefit may have a month to go on with: not what is paid once, nor what a death ended."""
    died_on = one.person.died_on
    if one.benefit == Benefit.ONE_OFF or one.last_month is None:
        return False
    return died_on is None or one.last_month < died_on.replace(day=1)


def proposals_of(person_id: int, *, as_: User, on: date) -> QuerySet[Proposal]:
    """Return what was proposed for a person, newest first."""
    rows = Proposal.objects.filter(policies.visible_to(as_, on=on), person=person_id)
    return rows.select_related("prepared_by", "decided_by").order_by("-prepared_at", "-pk")


def waiting_of(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Keep those that nobody decided yet."""
    return [one for one in proposals if one.state == ProposalState.PENDING]


def circumstances_of(person_id: int) -> QuerySet[Circumstance]:
    """Return every fact that was recorded of a person, by name and newest first; what was withdrawn is among them."""
    rows = Circumstance.objects.filter(person=person_id).select_related("recorded_by")
    return rows.order_by("name", "-valid_from", "-pk")


def get_circumstance(circumstance_id: int, *, as_: User, on: date) -> Circumstance:
    """Load a recorded fact that was not withdrawn, of a person whom the user may see.

    Raises:
        PersonNotFound: There is none.
    """
    row: Circumstance | None = Circumstance.objects.filter(pk=circumstance_id, withdrawn_at=None).first()
    if row is None:
        raise PersonNotFound
    row.person = get_person(row.person_id, as_=as_, on=on)
    return row


def certificates_of(person_id: int) -> QuerySet[DisabilityCertificate]:
    """Return the certificates of a person that were not withdrawn, newest first."""
    rows = DisabilityCertificate.objects.filter(person=person_id, withdrawn_at=None)
    return rows.select_related("issued_by").order_by("-valid_from", "-pk")


def merit_claims_of(person_id: int) -> QuerySet[MeritClaim]:
    """Return the grounds for merit benefits that were recognised and not withdrawn, newest first."""
    return MeritClaim.objects.filter(person=person_id, withdrawn_at=None).order_by("-valid_from", "-pk")


def story_of(
    person_id: int,
    entitlements: Iterable[Entitlement | EmergencyGrant],
    proposals: Iterable[Proposal],
    *,
    programmes: Collection[str],
) -> list[Happening]:
    """Return what happened to a person in the programmes that are seen, oldest first.

    Args:
        person_id: Of the person.
        entitlements: Those that the reader may see, what was given once among them.
        proposals: Those that the reader may see.
        programmes: Of which the reader may see recorded facts and claims.
    """
    streams = [f"assistance-person:{person_id}"]
    streams += [one.stream for one in entitlements] + [one.stream for one in proposals]
    return [one for one in happenings_of_many(streams) if _programme_of(one) in {None, *programmes}]


def _programme_of(one: Happening) -> str | None:
    """Return the programme to which a recorded fact or claim belongs; None for what every programme reads."""
    if "claim_id" in one.payload:
        return str(Programme.MERIT.value)
    if "circumstance_id" in one.payload:
        is_merit = str(one.payload["name"]).startswith(MERIT_PREFIX)
        return str((Programme.MERIT if is_merit else Programme.SOCIAL).value)
    if "owner" in one.payload:  # a file beside a fact or a claim
        return str(one.payload["programme"]) or None
    return None


def benefits_now(person_ids: Iterable[int], *, as_: User, on: date) -> dict[int, list[str]]:
    """Return the benefits that people receive now, in words, as far as the user may see them."""
    rows = Entitlement.objects.filter(
        policies.visible_to(as_, on=on), person__in=list(person_ids), state__in=LIVE_STATES
    ).order_by("pk")
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(str(row.get_benefit_display()))
    return found


def payee_of(number: str, name: str) -> Person | None:
    """Return the person who holds both the number and the name; a number alone may be mistyped, and would name a stranger."""
    hits = people.search_people(people.PersonSearch(text=number, limit=2), SYSTEM)
    held = [hit.person for hit in hits if hit.person.name_key == fold(name)]
    return held[0] if len(held) == 1 else None
