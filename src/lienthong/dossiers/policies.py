"""Who may see a dossier and who may do what to it. Pure, except that an officer's mandates are read once per request."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q
from django.utils.crypto import constant_time_compare

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.policies import mandates_of
from lienthong.accounts.states import AccountKind, Role
from lienthong.catalogue.states import Channel
from lienthong.dossiers.handlers import for_procedure
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import MOVES, Action, By, DossierState
from lienthong.units.models import Agency

DESK_ROLES = frozenset({Role.RECEIVER, Role.DESK_HEAD})
HEAD_ROLES = frozenset({Role.DIVISION_HEAD, Role.LEADER, Role.DESK_HEAD})
CASE_ROLES = DESK_ROLES | HEAD_ROLES | {Role.PROCESSOR, Role.AUDITOR}


def visible_to(user: User, *, on: date) -> Q:
    """Return the one predicate that says which dossiers a user may see; used by list, page, file and count alike.

    An applicant sees their own and their firm's. An officer sees what passed through an agency of theirs, in the
    fields of the mandate.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.kind != AccountKind.STAFF:
        return own(user)
    cases = [mandate for mandate in user.mandates_on(on) if mandate.role in CASE_ROLES]
    return Q(submitted_by=user.pk, state=DossierState.DRAFT) | drafts_of_agencies(cases) | passed_through(cases)


def drafts_of_agencies(mandates: Iterable[Mandate]) -> Q:
    """Return the predicate of what officers began for the desks of some mandates, in their fields.

    What an applicant is writing in a browser is nobody else's yet.
    """
    kept = Q(pk__in=[])
    for mandate in mandates:
        begun = Q(state=DossierState.DRAFT, receiving_agency=mandate.agency_id) & ~Q(channel=Channel.ONLINE)
        kept |= begun & Q(field_code__in=mandate.fields) if mandate.fields else begun
    return kept


def keeps_drafts(user: User, *, on: date) -> Q:
    """Return the predicate of the drafts that a user may change, receive or throw away.

    They are the user's own, and what colleagues began for the desk of an agency in which the user does cases.
    """
    doing = [mandate for mandate in mandates_of(user, on=on) if mandate.role in CASE_ROLES - {Role.AUDITOR}]
    return Q(submitted_by=user.pk, state=DossierState.DRAFT) | drafts_of_agencies(doing)


def passed_through(mandates: Iterable[Mandate]) -> Q:
    """Return the predicate of what was sent to or passed through the agencies of some mandates, in their fields."""
    seen = Q(pk__in=[])
    for mandate in mandates:
        passed = Q(agency_ids__contains=[mandate.agency_id]) & ~Q(state=DossierState.DRAFT)
        seen |= passed & Q(field_code__in=mandate.fields) if mandate.fields else passed
    return seen


def counted_by(user: User, *, on: date) -> list[Mandate]:
    """Return the mandates whose dossiers the figures of a user count: those of heads and auditors."""
    return [mandate for mandate in mandates_of(user, on=on) if mandate.role in HEAD_ROLES | {Role.AUDITOR}]


def own(user: User) -> Q:
    """Return the predicate of an applicant's own dossiers: what they sent, and what was handed in for them or their firm.

    What somebody else is still writing about them is not theirs yet.
    """
    sent = Q(submitted_by=user.pk)
    if user.kind == AccountKind.CITIZEN and user.person_id is not None:
        return sent | Q(person=user.person_id) & ~Q(state=DossierState.DRAFT)
    if user.kind == AccountKind.ORGANIZATION:
        return sent | Q(organization=user.organization_id) & ~Q(state=DossierState.DRAFT)
    return sent


def speaks_for_applicant(user: User | None, dossier: Dossier, *, secret: str = "") -> bool:
    """Tell whether this is the applicant's side: their account, their firm's, or whoever holds the tracking secret."""
    if user is not None and user.is_authenticated:
        if user.kind == AccountKind.STAFF:
            return False
        own = user.pk == dossier.submitted_by_id
        same_person = (
            user.kind == AccountKind.CITIZEN and user.person_id is not None and user.person_id == dossier.person_id
        )
        same_firm = user.kind == AccountKind.ORGANIZATION and user.organization_id == dossier.organization_id
        return own or same_person or same_firm
    return bool(secret) and constant_time_compare(secret.upper(), dossier.secret)


def may(action: Action, user: User | None, dossier: Dossier, *, on: date, secret: str = "") -> bool:
    """Tell whether this user may make this move on this dossier on this day, whatever its state."""
    return _RULES[MOVES[action].by](user, dossier, on, secret)


def possible_actions(
    user: User | None, dossier: Dossier, *, on: date, decides_now: bool, secret: str = ""
) -> list[Action]:
    """Return what this user may do to the dossier as it stands, in the order of the table.

    Args:
        user: The signed-in user; None for a guest who gave the secret.
        dossier: The dossier.
        on: Today.
        decides_now: Whether the current step is the one that decides.
        secret: The tracking secret, when a guest gave it.
    """
    return [
        action
        for action, move in MOVES.items()
        if dossier.state in move.origin
        and may(action, user, dossier, on=on, secret=secret)
        and makes_sense(action, dossier)
        and _DECISIVE.get(action, decides_now) == decides_now
    ]


def works_at_desk(user: User | None, agency_id: int, *, on: date) -> bool:
    """Tell whether the user receives and returns at this agency on this day."""
    return any(mandate.role in DESK_ROLES and mandate.agency_id == agency_id for mandate in mandates_of(user, on=on))


def desks_of(user: User, *, on: date) -> list[Agency]:
    """Return the agencies at whose desk the user receives on this day."""
    desks = {mandate.agency_id: mandate.agency for mandate in mandates_of(user, on=on) if mandate.role in DESK_ROLES}
    return list(desks.values())


def receives(user: User, *, on: date) -> bool:
    """Tell whether the user receives requests at any desk on this day."""
    return bool(desks_of(user, on=on))


def only_at_desk(user: User, *, on: date) -> bool:
    """Tell whether everything the user does with dossiers on this day is done at a desk."""
    roles = {mandate.role for mandate in mandates_of(user, on=on)} & CASE_ROLES
    return bool(roles) and roles <= DESK_ROLES


def does_cases(user: User, *, on: date) -> bool:
    """Tell whether the user has any mandate that touches dossiers on this day."""
    return any(mandate.role in CASE_ROLES for mandate in mandates_of(user, on=on))


def may_see_figures(user: User, *, on: date) -> bool:
    """Tell whether the user may open the figures of a unit: heads and auditors."""
    return bool(counted_by(user, on=on))


def has_step_role(user: User | None, dossier: Dossier, *, on: date) -> bool:
    """Tell whether the user's mandates fit the current step: its role, its agency, its field."""
    return any(
        mandate.role == dossier.step_role
        and mandate.agency_id == dossier.agency_id
        and (not mandate.fields or dossier.field_code in mandate.fields)
        for mandate in mandates_of(user, on=on)
    )


def _is_applicant(user: User | None, dossier: Dossier, on: date, secret: str) -> bool:
    return speaks_for_applicant(user, dossier, secret=secret)


def _is_desk(user: User | None, dossier: Dossier, on: date, secret: str) -> bool:
    agency_id = dossier.receiving_agency_id
    return user is not None and agency_id is not None and works_at_desk(user, agency_id, on=on)


def _is_either(user: User | None, dossier: Dossier, on: date, secret: str) -> bool:
    return _is_applicant(user, dossier, on, secret) or _is_desk(user, dossier, on, secret)


def _does_step(user: User | None, dossier: Dossier, on: date, secret: str) -> bool:
    free = dossier.holder_id is None or (user is not None and dossier.holder_id == user.pk)
    return free and has_step_role(user, dossier, on=on)


def _is_head(user: User | None, dossier: Dossier, on: date, secret: str) -> bool:
    return any(
        mandate.role in HEAD_ROLES
        and mandate.agency_id == dossier.agency_id
        and (not mandate.fields or dossier.field_code in mandate.fields)
        for mandate in mandates_of(user, on=on)
    )


_RULES: dict[By, Callable[[User | None, Dossier, date, str], bool]] = {
    By.APPLICANT: _is_applicant,
    By.DESK: _is_desk,
    By.APPLICANT_OR_DESK: _is_either,
    By.STEP: _does_step,
    By.DECIDER: _does_step,
    By.HEAD: _is_head,
}


def makes_sense(action: Action, dossier: Dossier) -> bool:
    """Tell whether a move that the table allows has a meaning for the dossier as it stands."""
    held = dossier.holder_id is not None
    match action:
        case Action.CLAIM:
            return not held
        case Action.RELEASE:
            return held
        case Action.EXTEND:
            return dossier.current_due_at is not None
        case Action.SEND_BACK:
            return (dossier.step or 0) > FIRST_STEP_AFTER_INTAKE
        case Action.APPRAISE:
            return dossier.step_role == Role.PROCESSOR and bool(for_procedure(dossier.procedure_code).appraised())
        case Action.REQUEST_SUPPLEMENT:
            return dossier.step_role not in DESK_ROLES
        case _:
            return True


FIRST_STEP_AFTER_INTAKE = 2
# Whether the current step must be the one that decides; elsewhere it does not matter.
_DECISIVE = {Action.APPROVE: True, Action.REFUSE: True, Action.PASS_ON: False}
