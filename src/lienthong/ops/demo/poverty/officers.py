"""Who works on the poverty review in the demo province: officers of every commune, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from lienthong.accounts.models import Mandate
from lienthong.accounts.services.bulk import StaffAccount, StaffMandate, load_staff
from lienthong.accounts.states import Role
from lienthong.ops.demo import names
from lienthong.ops.demo.staff import BASIS
from lienthong.units import queries as units
from lienthong.units.models import Agency
from lienthong.units.states import AgencyKind

ROLES = (Role.PROCESSOR, Role.LEADER)


@dataclass(frozen=True, slots=True)
class Pair:
    """Ids of the officer who does the work of a commune, and of the leader who signs."""

    officer: int
    leader: int


class Officers:
    """Knows who reviews in which commune.

    What a former commune did is under the names of those who work in the one that it became.

    Args:
        today: The day that is today; officers are those of now.
        now: When accounts are opened.
        seed: The same seed gives the same names.
    """

    def __init__(self, *, today: date, now: datetime, seed: int) -> None:
        committees = list(units.agencies_on(today, kind=AgencyKind.COMMUNE_COMMITTEE).order_by("code"))
        held = self._held(committees, today)
        missing = [(one, role) for one in committees for role in ROLES if (one.pk, role) not in held]
        rng = np.random.default_rng([seed, 79])
        accounts = [
            StaffAccount(
                username=f"canbo.xa.{agency.code.rpartition('.')[2]}.{place % 2 + 1}", full_name=name,
                mandates=[StaffMandate(role, agency.pk, agency.valid_from, agency.valid_until)], phone="02080000000",
            )
            for place, ((agency, role), name) in enumerate(zip(missing, _names(rng, len(missing)), strict=True))
        ]  # fmt: skip
        users = load_staff(accounts, basis=BASIS, now=now)
        for account in accounts:
            (mandate,) = account.mandates
            held[mandate.agency_id, mandate.role] = users[account.username].pk
        self._pairs = {one.unit_id: Pair(held[one.pk, Role.PROCESSOR], held[one.pk, Role.LEADER]) for one in committees}

    def of(self, unit_id: int) -> Pair:
        """Return who reviews in a commune of now."""
        return self._pairs[unit_id]

    @property
    def anybody(self) -> Pair:
        """Return a pair for a commune in which nobody lives."""
        return next(iter(self._pairs.values()))

    @staticmethod
    def _held(committees: Iterable[Agency], today: date) -> dict[tuple[int, str], int]:
        mandates = Mandate.objects.valid_on(today).filter(agency__in=[one.pk for one in committees], role__in=ROLES)
        found: dict[tuple[int, str], int] = {}
        for agency_id, role, user_id in mandates.order_by("pk").values_list("agency_id", "role", "user_id"):
            found.setdefault((agency_id, Role(role)), user_id)
        return found


def _names(rng: np.random.Generator, count: int) -> list[str]:
    if not count:
        return []
    family = names.surnames(rng, np.array(["Kinh"] * count, dtype=object))
    return names.full_names(rng, family, rng.random(count) < 0.5, rng.integers(1968, 1998, count))
