"""Who visits households in a commune."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import AccountKind, Role
from lienthong.poverty import policies
from lienthong.poverty.policies import FIELD, RUNNING_ROLES
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import AgencyLevel


def enumerators_of(unit_id: int, *, on: date) -> list[User]:
    """Return who visits households in a commune on a day, by name: its enumerators, and officers who go themselves."""
    mandates = Mandate.objects.valid_on(on).filter(
        Q(fields=[]) | Q(fields__contains=[FIELD]),
        agency__unit=unit_id,
        agency__level=AgencyLevel.COMMUNE,
        role__in=RUNNING_ROLES | {Role.ENUMERATOR},
    )
    people = User.objects.filter(kind=AccountKind.STAFF, is_active=True, pk__in=mandates.values("user"))
    return list(people.order_by("sort_key", "pk"))


def who_may_get_devices(user: User, *, unit_code: str = "", on: date) -> list[tuple[AdministrativeUnit, User]]:
    """Return for whom a user may add a device, each with the commune in which they visit.

    Enumerators of the communes that the user runs; themselves in the others where they visit; for the province those of the
    commune of this code.
    """
    units = AdministrativeUnit.objects.order_by("sort_key", "pk")
    if unit_code and policies.runs_province(user, on=on):
        runs = frozenset(units.valid_on(on).filter(code=unit_code).values_list("pk", flat=True))
    else:
        runs = policies.communes_of(user, on=on, roles=RUNNING_ROLES)
    own = policies.enumerates_in(user, on=on) - runs
    return [
        (unit, one)
        for unit in units.filter(pk__in=runs | own)
        for one in ([user] if unit.pk in own else enumerators_of(unit.pk, on=on))
    ]
