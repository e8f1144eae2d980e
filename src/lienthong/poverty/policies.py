"""Who may see and do what in the poverty review. Pure, except that mandates and the competent agency are read.

The province is the agency that the law of the day makes competent for the field: it opens rounds, loads standards and
sees every commune. A commune's officers run their own review, its leaders sign. Enumerators see the households given to
them. Auditors read. Citizens see their own household, elsewhere (``queries.own``).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from lienthong.accounts.policies import acts_for_field, is_staff, mandates_held
from lienthong.accounts.states import Role
from lienthong.units.states import AgencyLevel

FIELD = "poverty"
RUNNING_ROLES = frozenset({Role.PROCESSOR, Role.DIVISION_HEAD, Role.LEADER})
APPROVING_ROLES = frozenset({Role.DIVISION_HEAD, Role.LEADER})
COMMUNE_READING_ROLES = RUNNING_ROLES | {Role.RECEIVER, Role.AUDITOR}


def runs_province(user: Any, *, on: date) -> bool:
    """Tell whether the user opens rounds, loads standards and publishes forms."""
    return acts_for_field(user, roles=RUNNING_ROLES, field_code=FIELD, on=on)


def approves_standards(user: Any, *, on: date) -> bool:
    """Tell whether the user may approve, as the second person, what another prepared for the whole province."""
    return acts_for_field(user, roles=APPROVING_ROLES, field_code=FIELD, on=on)


def sees_province(user: Any, *, on: date) -> bool:
    """Tell whether the user sees every commune: the competent agency's officers, and the province's auditors."""
    return runs_province(user, on=on) or bool(
        mandates_held(user, roles={Role.AUDITOR}, level=AgencyLevel.PROVINCE, on=on, field_code=FIELD)
    )


def communes_of(user: Any, *, on: date, roles: Iterable[str] = COMMUNE_READING_ROLES) -> frozenset[int]:
    """Return the ids of the communes in which the user holds one of the roles."""
    return frozenset(
        mandate.agency.unit_id
        for mandate in mandates_held(user, roles=roles, level=AgencyLevel.COMMUNE, on=on, field_code=FIELD)
    )


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
