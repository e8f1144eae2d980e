"""Who may see and do what in the poverty review. Pure, except that mandates and the competent agency are read.

The province is the agency that the law of the day makes competent for the field: it opens rounds, loads standards and
sees every commune. A commune's officers run their own review, its leaders sign. Enumerators see the households given to
them. Auditors read. Citizens see their own household, elsewhere (``queries.own``).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.policies import is_staff, mandates_of
from lienthong.accounts.states import Role
from lienthong.units.models import FieldAssignment
from lienthong.units.states import AgencyLevel

FIELD = "poverty"
RUNNING_ROLES = frozenset({Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER})
APPROVING_ROLES = frozenset({Role.DIVISION_HEAD, Role.LEADER})
COMMUNE_READING_ROLES = RUNNING_ROLES | {Role.RECEIVER, Role.AUDITOR}


def _held(user: Any, roles: Iterable[str], level: str, *, on: date) -> list[Mandate]:
    wanted = frozenset(roles)
    return [
        mandate
        for mandate in mandates_of(user, on=on)
        if mandate.role in wanted and mandate.agency.level == level and (not mandate.fields or FIELD in mandate.fields)
    ]


def _at_the_province(user: Any, roles: Iterable[str], *, on: date) -> bool:
    """Tell whether the user holds one of the roles in the province's agency competent for poverty, or a division of it."""
    held = _held(user, roles, AgencyLevel.PROVINCE, on=on)
    if not held:
        return False
    return any(mandate.agency_id in _competent(user, on=on) for mandate in held)


def _competent(user: User, *, on: date) -> frozenset[int]:
    """Return the agencies competent at the province, read once per day and instance, as mandates are: every page asks."""
    known: dict[date, frozenset[int]] = user.__dict__.setdefault("_competent_for_poverty", {})
    if on not in known:
        assigned = FieldAssignment.objects.valid_on(on).filter(field_code=FIELD, level=AgencyLevel.PROVINCE)
        pairs = assigned.values_list("agency_id", "division_id")
        known[on] = frozenset(row for pair in pairs for row in pair if row)
    return known[on]


def runs_province(user: Any, *, on: date) -> bool:
    """Tell whether the user opens rounds, loads standards and publishes forms."""
    return _at_the_province(user, RUNNING_ROLES, on=on)


def approves_standards(user: Any, *, on: date) -> bool:
    """Tell whether the user may approve, as the second person, what another prepared for the whole province."""
    return _at_the_province(user, APPROVING_ROLES, on=on)


def sees_province(user: Any, *, on: date) -> bool:
    """Tell whether the user sees every commune: the competent agency's officers, and the province's auditors."""
    return runs_province(user, on=on) or bool(_held(user, {Role.AUDITOR}, AgencyLevel.PROVINCE, on=on))


def communes_of(user: Any, *, on: date, roles: Iterable[str] = COMMUNE_READING_ROLES) -> frozenset[int]:
    """Return the ids of the communes in which the user holds one of the roles."""
    return frozenset(mandate.agency.unit_id for mandate in _held(user, roles, AgencyLevel.COMMUNE, on=on))


def sees_poverty(user: Any, *, on: date) -> bool:
    """Tell whether there is anything of the review for an officer: dashboards, lists, pages of households."""
    return is_staff(user) and (sees_province(user, on=on) or bool(communes_of(user, on=on)))


def runs_a_commune(user: Any, *, on: date) -> bool:
    """Tell whether the user runs the review of some commune."""
    return bool(communes_of(user, on=on, roles=RUNNING_ROLES))


def runs_commune(user: Any, unit_id: int, *, on: date) -> bool:
    """Tell whether the user lists, assigns, records meetings, posts and prepares decisions in this commune."""
    return unit_id in communes_of(user, on=on, roles=RUNNING_ROLES)


def signs_in_commune(user: Any, unit_id: int, *, on: date) -> bool:
    """Tell whether the user signs decisions of this commune."""
    return unit_id in communes_of(user, on=on, roles={Role.LEADER})


def enumerates_in(user: Any, *, on: date) -> frozenset[int]:
    """Return the ids of the communes in which the user visits households: enumerators, and officers who go themselves."""
    return communes_of(user, on=on, roles=RUNNING_ROLES | {Role.ENUMERATOR})


def gives_devices(user: Any, unit_id: int, *, on: date) -> bool:
    """Tell whether the user adds and revokes the devices of this commune's enumerators."""
    return runs_commune(user, unit_id, on=on) or runs_province(user, on=on)


def is_enumerator(user: Any, *, on: date) -> bool:
    """Tell whether the user visits households anywhere."""
    return bool(enumerates_in(user, on=on))


def comes_in(user: Any, *, on: date) -> bool:
    """Tell whether there is anything of the review for this user."""
    return sees_poverty(user, on=on) or is_enumerator(user, on=on)


def visible_to(user: Any, *, on: date, path: str = "commune_review__unit") -> Q:
    """Return the one predicate that says which rows a user may see; used by list, record, export and count alike.

    An enumerator sees the households given to them and nobody else's.

    Args:
        user: Anybody.
        on: The day.
        path: The way from the table that is asked to the commune: ``unit`` for a commune's review,
            ``commune_review__unit`` for households of a list, ``review__commune_review__unit`` for visits.
    """
    if sees_province(user, on=on):
        return Q()
    seen = Q(**{f"{path}__in": communes_of(user, on=on)})
    commune_review = path.removesuffix("unit").removesuffix("commune_review__")
    if path.endswith("commune_review__unit") and is_enumerator(user, on=on):
        seen |= Q(**{f"{commune_review}enumerator": user.pk})
    return seen
