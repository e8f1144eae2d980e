"""Who may come in and who may do what to an account. Pure, except that mandates are read once per user and day."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeGuard

from django.db.models import Exists, OuterRef, Q

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import AccountKind, Role
from lienthong.units.models import Agency, FieldAssignment
from lienthong.units.states import AgencyLevel

PERSONAL_DATA_ROLES = frozenset(
    {Role.RECEIVER, Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER, Role.DESK_HEAD, Role.AUDITOR, Role.ACCOUNTANT}
)


DESK_ROLES = frozenset({Role.RECEIVER, Role.DESK_HEAD})


def is_signed_in(user: Any) -> TypeGuard[User]:
    """Tell whether this is an account that is in use, and neither a guest nor None."""
    return bool(user is not None and user.is_authenticated and user.is_active)


def is_staff(user: Any) -> bool:
    """Tell whether the user works for the state."""
    return is_signed_in(user) and user.kind == AccountKind.STAFF


def is_applicant(user: Any) -> bool:
    """Tell whether the user comes as a citizen or for an organization."""
    return is_signed_in(user) and user.kind in {AccountKind.CITIZEN, AccountKind.ORGANIZATION}


def mandates_of(user: Any, *, on: date) -> list[Mandate]:
    """Return the mandates that count on a day: none but those of an officer whose account is in use."""
    return user.mandates_on(on) if is_staff(user) else []


def holds(user: Any, *, role: str, agency_id: int, on: date, field_code: str | None = None) -> bool:
    """Tell whether the user may act in this role for this agency on this day.

    Args:
        user: Anybody; a guest, a citizen and a closed account hold nothing.
        role: The role that is asked for.
        agency_id: The agency that is asked for.
        on: The day. The first day of a mandate counts, the day on which it ends does not.
        field_code: The field of work; None asks for the role in any field.
    """
    return any(
        mandate.role == role
        and mandate.agency_id == agency_id
        and (not mandate.fields or field_code is None or field_code in mandate.fields)
        for mandate in mandates_of(user, on=on)
    )


def agencies_of(user: Any, *, on: date, roles: Iterable[str] | None = None) -> frozenset[int]:
    """Return the ids of the agencies for which the user acts on a day, in any role or in one of ``roles``."""
    wanted = None if roles is None else frozenset(roles)
    return frozenset(
        mandate.agency_id for mandate in mandates_of(user, on=on) if wanted is None or mandate.role in wanted
    )


def mandates_held(
    user: Any, *, roles: Iterable[str], level: str, on: date, field_code: str | None = None
) -> list[Mandate]:
    """Return the mandates of a user in one of some roles, at agencies of a level.

    Args:
        user: Anybody.
        roles: Which roles count.
        level: Of the agency: province, district or commune.
        on: The day.
        field_code: The field of work; None for any. A mandate without fields is for all of them.
    """
    wanted = frozenset(roles)
    return [
        mandate
        for mandate in mandates_of(user, on=on)
        if mandate.role in wanted
        and mandate.agency.level == level
        and (field_code is None or not mandate.fields or field_code in mandate.fields)
    ]


def competent_agencies(user: User, *, field_code: str, on: date) -> frozenset[int]:
    """Return the agencies of the province competent for a field, with the divisions that do the work.

    Read for all fields at once, once per day and instance of the user, as mandates are: every page asks.
    """
    known: dict[date, dict[str, frozenset[int]]] = user.__dict__.setdefault("_competent_agencies", {})
    if on not in known:
        found: dict[str, frozenset[int]] = {}
        assigned = FieldAssignment.objects.valid_on(on).filter(level=AgencyLevel.PROVINCE)
        for code, agency, division in assigned.values_list("field_code", "agency_id", "division_id"):
            found[code] = found.get(code, frozenset()) | {one for one in (agency, division) if one}
        known[on] = found
    return known[on].get(field_code, frozenset())


def acts_for_field(user: Any, *, roles: Iterable[str], field_code: str, on: date) -> bool:
    """Tell whether the user holds one of the roles in the province's agency competent for a field, or a division of it."""
    held = mandates_held(user, roles=roles, level=AgencyLevel.PROVINCE, on=on, field_code=field_code)
    return bool(held) and any(
        mandate.agency_id in competent_agencies(user, field_code=field_code, on=on) for mandate in held
    )


def may_manage_accounts(user: Any, *, on: date) -> bool:
    """Tell whether the user administers accounts anywhere on this day."""
    return any(mandate.role == Role.ADMINISTRATOR for mandate in mandates_of(user, on=on))


def may_serve_applicants(user: Any, *, on: date) -> bool:
    """Tell whether the user works at a desk, where citizens and firms get their accounts after showing who they are."""
    return any(mandate.role in DESK_ROLES for mandate in mandates_of(user, on=on))


def governed_agencies(user: Any, *, on: date) -> frozenset[int]:
    """Return the ids of the agencies whose staff the user administers: those of the mandate and all below them.

    An agency is followed by its code, so that it stays governed when the law renames it or moves it.
    """
    own = {mandate.agency.code for mandate in mandates_of(user, on=on) if mandate.role == Role.ADMINISTRATOR}
    if not own:
        return frozenset()
    rows = list(Agency.objects.values_list("id", "code", "parent__code"))
    below: dict[str, set[str]] = {}
    for _id, code, parent_code in rows:
        below.setdefault(parent_code or "", set()).add(code)
    governed, frontier = set(own), set(own)
    while frontier:
        frontier = {child for code in frontier for child in below.get(code, ())} - governed
        governed |= frontier
    return frozenset(agency_id for agency_id, code, _parent in rows if code in governed)


def visible_accounts(user: Any, *, on: date) -> Q:
    """Return the one predicate that says which accounts a user may see.

    Everybody sees their own. An administrator sees the staff of the agencies that they govern, now or before, and
    those who hold no mandate yet.
    """
    if not is_signed_in(user):
        return Q(pk__in=[])
    governed = governed_agencies(user, on=on)
    if not governed:
        return Q(pk=user.pk)
    mandates = Mandate.objects.filter(user=OuterRef("pk"))
    in_reach = Exists(mandates.filter(agency__in=governed)) | ~Exists(mandates)
    return Q(pk=user.pk) | Q(in_reach, kind=AccountKind.STAFF)


def may_change_account(user: Any, account: User, *, on: date) -> bool:
    """Tell whether the user may reset the password of an account, end its sessions or close it.

    Only an administrator, never on the own account, and only where they govern every mandate that the account holds or
    will hold: who could take over an account would take over all its mandates.
    """
    if not may_manage_accounts(user, on=on) or account.pk == user.pk or account.kind != AccountKind.STAFF:
        return False
    lasting = account.mandates.filter(Q(valid_until=None) | Q(valid_until__gt=on))
    return not lasting.exclude(agency__in=governed_agencies(user, on=on)).exists()


def may_grant_in(user: Any, account: User, agency_id: int, *, on: date) -> bool:
    """Tell whether the user may give or end a mandate of this account in this agency. Nobody does so for themselves."""
    return account.pk != user.pk and agency_id in governed_agencies(user, on=on)
