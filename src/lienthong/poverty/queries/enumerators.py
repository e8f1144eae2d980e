"""Who visits households in a commune."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import AccountKind, Role
from lienthong.poverty.policies import FIELD, RUNNING_ROLES
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
