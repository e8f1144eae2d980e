"""Who may see and do what in verification. Pure, except that an officer's mandates are read once per request.

The province (its departments' specialists, heads and leaders) makes batches, loads copies and sees every commune. A
commune's officers see and work the records of their commune; its heads decide what touches identity numbers. Auditors
read. Citizens see nothing.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from lienthong.accounts.models import Mandate
from lienthong.accounts.policies import is_staff, mandates_held
from lienthong.accounts.states import Role
from lienthong.units.states import AgencyLevel

WORKING_ROLES = frozenset({Role.PROCESSOR, Role.RECEIVER, Role.DIVISION_HEAD, Role.LEADER})
PREPARING_ROLES = frozenset({Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER})
DECIDING_ROLES = frozenset({Role.DIVISION_HEAD, Role.LEADER})
READING_ROLES = WORKING_ROLES | {Role.AUDITOR}


def _held(user: Any, roles: Iterable[str], level: str, *, on: date) -> list[Mandate]:
    return mandates_held(user, roles=roles, level=level, on=on)


def runs_batches(user: Any, *, on: date) -> bool:
    """Tell whether the user makes batches, loads copies and chooses the threshold: the province's own officers."""
    return bool(_held(user, PREPARING_ROLES, AgencyLevel.PROVINCE, on=on))


def sees_province(user: Any, *, on: date) -> bool:
    """Tell whether the user sees every commune: the province's officers and auditors."""
    return bool(_held(user, PREPARING_ROLES | {Role.AUDITOR}, AgencyLevel.PROVINCE, on=on))


def communes_of(user: Any, *, on: date) -> frozenset[int]:
    """Return the ids of the communes whose records the user may see by a mandate of the commune."""
    return frozenset(m.agency.unit_id for m in _held(user, READING_ROLES, AgencyLevel.COMMUNE, on=on))


def sees_verification(user: Any, *, on: date) -> bool:
    """Tell whether there is anything of verification for the user."""
    return is_staff(user) and (sees_province(user, on=on) or bool(communes_of(user, on=on)))


def works_cases(user: Any, *, on: date) -> bool:
    """Tell whether the user may decide or propose anything anywhere: an auditor only reads."""
    return runs_batches(user, on=on) or bool(_held(user, WORKING_ROLES, AgencyLevel.COMMUNE, on=on))


def works_in(user: Any, commune_id: int | None, *, on: date) -> bool:
    """Tell whether the user may work the records of a commune; those of no commune belong to the province."""
    if runs_batches(user, on=on):
        return True
    held = _held(user, WORKING_ROLES, AgencyLevel.COMMUNE, on=on)
    return commune_id is not None and any(m.agency.unit_id == commune_id for m in held)


def decides_numbers_in(user: Any, commune_id: int | None, *, on: date) -> bool:
    """Tell whether the user may decide, as the second person, what touches an identity number in a commune."""
    if _held(user, DECIDING_ROLES, AgencyLevel.PROVINCE, on=on):
        return True
    held = _held(user, DECIDING_ROLES, AgencyLevel.COMMUNE, on=on)
    return commune_id is not None and any(m.agency.unit_id == commune_id for m in held)


def decides_numbers(user: Any, *, on: date) -> bool:
    """Tell whether the user decides anywhere, as the second person, what touches an identity number."""
    levels = (AgencyLevel.PROVINCE, AgencyLevel.COMMUNE)
    return any(_held(user, DECIDING_ROLES, level, on=on) for level in levels)


def visible_to(user: Any, *, on: date, path: str = "commune") -> Q:
    """Return the one predicate that says which records a user may see; used by list, record, export and count alike.

    Args:
        user: Anybody.
        on: The day.
        path: The way from the table that is asked to the commune: ``commune`` for cases and entries,
            ``entry__commune`` for verdicts.
    """
    if sees_province(user, on=on):
        return Q()
    return Q(**{f"{path}__in": communes_of(user, on=on)})
