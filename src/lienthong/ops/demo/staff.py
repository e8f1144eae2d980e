"""Officers of the demo province: enough for every role in every agency that its dossiers pass through, in its time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

import numpy as np
from django.conf import settings
from django.contrib.auth.hashers import make_password

from lienthong.accounts.models import User
from lienthong.accounts.services.bulk import StaffAccount, StaffMandate, load_staff
from lienthong.accounts.states import Role
from lienthong.ops.demo import names
from lienthong.units.models import Agency, FieldAssignment
from lienthong.units.states import AgencyKind, AgencyLevel

BASIS = "Dữ liệu minh họa"
PROVINCE_DESK = "H55.TTPVHCC"
DEMO_COMMUNE = "H55.05443"
# Competent for poverty until the end of February 2025, and since.
POVERTY_OFFICES = ("H55.LDTBXH", "H55.SNNMT")
# Likewise for social assistance; the monthly payments go out from there.
ASSISTANCE_OFFICES = ("H55.LDTBXH", "H55.SYT")

# Those who try the house sign in as these. One person may work in several agencies that followed each other.
NAMED = (
    ("demo.motcua", Role.RECEIVER, (PROVINCE_DESK,)),
    ("demo.phutrach", Role.DESK_HEAD, (PROVINCE_DESK,)),
    ("demo.chuyenvien", Role.PROCESSOR, ("H55.LDTBXH", "H55.SNV")),
    ("demo.truongphong", Role.DIVISION_HEAD, ("H55.LDTBXH", "H55.SNV")),
    ("demo.lanhdao", Role.LEADER, ("H55.LDTBXH", "H55.SNV")),
    ("demo.xa.tiepnhan", Role.RECEIVER, (DEMO_COMMUNE,)),
    ("demo.xa.chuyenvien", Role.PROCESSOR, (DEMO_COMMUNE,)),
    ("demo.xa.truongphong", Role.DIVISION_HEAD, (DEMO_COMMUNE,)),
    ("demo.xa.lanhdao", Role.LEADER, (DEMO_COMMUNE,)),
    ("demo.xa.dieutravien", Role.ENUMERATOR, (DEMO_COMMUNE,)),
    ("demo.xa.dieutravien2", Role.ENUMERATOR, (DEMO_COMMUNE,)),
    ("demo.giamngheo", Role.PROCESSOR, POVERTY_OFFICES),
    ("demo.giamngheo.truongphong", Role.DIVISION_HEAD, POVERTY_OFFICES),
    ("demo.giamngheo.lanhdao", Role.LEADER, POVERTY_OFFICES),
    ("demo.ketoan", Role.ACCOUNTANT, ASSISTANCE_OFFICES),
    ("demo.ketoan2", Role.ACCOUNTANT, ASSISTANCE_OFFICES),
    ("demo.trogiup", Role.DIVISION_HEAD, ASSISTANCE_OFFICES),
    ("demo.trogiup.lanhdao", Role.LEADER, ASSISTANCE_OFFICES),
    ("demo.danhmuc", Role.CATALOGUE_EDITOR, ("H55.SNV",)),
    ("demo.danhmuc2", Role.CATALOGUE_EDITOR, ("H55.SNV",)),
    ("demo.quantri", Role.ADMINISTRATOR, ("H55",)),
    ("demo.thanhtra", Role.AUDITOR, ("H55.SNV",)),
)
# Two leaders, because whoever has reviewed a dossier does not decide on it.
AT_A_DESK = ((Role.RECEIVER, 2),)
AT_AN_OFFICE = ((Role.PROCESSOR, 2), (Role.DIVISION_HEAD, 1), (Role.LEADER, 2))
AT_A_COMMUNE = ((Role.RECEIVER, 1), (Role.PROCESSOR, 2), (Role.LEADER, 2))


@dataclass
class Staff:
    """Knows who does a role in an agency.

    Args:
        seed: The same seed gives the same names.
        now: When the accounts are opened.
    """

    seed: int
    now: datetime
    _officers: dict[tuple[str, int], tuple[int, ...]] = field(default_factory=dict)

    def open_all(self, *, communes: Iterable[str], since: date) -> None:
        """Open the accounts: of the demo, and of the offices that settle, with mandates dated like their agencies.

        Args:
            communes: Codes of the commune committees that receive dossiers.
            since: First day on which anybody works.
        """
        rows: dict[str, list[Agency]] = {}
        for agency in Agency.objects.order_by("code", "valid_from"):
            rows.setdefault(agency.code, []).append(agency)
        wanted = self._wanted(rows, communes=sorted(set(communes)), since=since)
        rng = np.random.default_rng([self.seed, 7])
        shared = make_password(settings.DEMO_PASSWORD)  # one hash for all: making it takes half a second
        accounts = [
            StaffAccount(
                username=username,
                full_name=_name(rng),
                mandates=[
                    StaffMandate(role, agency.pk, agency.valid_from, agency.valid_until)
                    for code in codes
                    for agency in rows.get(code, ())
                ],
                password_hash=shared if username.startswith("demo.") else "",
                phone="02080000000",
            )
            for username, role, codes in wanted
        ]
        users = load_staff(accounts, basis=BASIS, now=self.now)
        for account in accounts:
            for mandate in account.mandates:
                key = mandate.role.value, mandate.agency_id
                self._officers[key] = (*self._officers.get(key, ()), users[account.username].pk)

    def one(self, role: str, agency_id: int, *, luck: Random, not_one_of: Collection[int | None] = ()) -> int:
        """Return somebody who does a role in an agency; the first of them does most of the work.

        Raises:
            LookupError: Nobody does, or nobody else.
        """
        free = [one for one in self._officers.get((role, agency_id), ()) if one not in not_one_of]
        if not free:
            raise LookupError(f"nobody is {role} in agency {agency_id}")
        return free[0] if len(free) == 1 or luck.random() < 0.7 else luck.choice(free[1:])

    def is_there(self, role: str, agency_id: int) -> bool:
        """Tell whether anybody does a role in an agency."""
        return (role, agency_id) in self._officers

    def user(self, username: str) -> User:
        """Return an account of the demo."""
        found: User = User.objects.select_related("person", "organization").get(username=username)
        return found

    def _wanted(
        self, rows: dict[str, list[Agency]], *, communes: Sequence[str], since: date
    ) -> list[tuple[str, Role, tuple[str, ...]]]:
        """Return username, role and agencies of everybody: those of the demo first, then whoever is still missing."""
        wanted = list(NAMED)
        held = {(role, code) for _username, role, codes in NAMED for code in codes}
        offices = [(code, AT_AN_OFFICE) for code in _offices(since)]
        desks = [(code, AT_A_DESK) for code in _desks(rows, since)]
        for code, roles in [*desks, *offices, *((code, AT_A_COMMUNE) for code in communes)]:
            for role, how_many in roles:
                for _ in range(how_many - ((role, code) in held)):
                    wanted.append((f"canbo.{len(wanted) + 1:04d}", role, (code,)))
        return wanted


def _offices(since: date) -> list[str]:
    """Return the codes of the agencies that decide in some field, by a rule of the province or of a district."""
    assigned = FieldAssignment.objects.exclude(agency=None).exclude(valid_until__lte=since)
    return sorted(set(assigned.values_list("agency__code", flat=True)))


def _desks(rows: dict[str, list[Agency]], since: date) -> list[str]:
    return [
        code
        for code, agencies in rows.items()
        if agencies[-1].kind == AgencyKind.ONE_STOP_DESK
        and agencies[-1].level == AgencyLevel.PROVINCE
        and (agencies[-1].valid_until is None or agencies[-1].valid_until > since)
    ]


def _name(rng: np.random.Generator) -> str:
    group = np.array(["Kinh"], dtype=object)
    female, born = rng.random(1) < 0.5, np.array([int(rng.integers(1968, 1998))])
    return names.full_names(rng, names.surnames(rng, group), female, born)[0]
