"""Officers of the demo province: whoever a step needs, in the agency of the day, with mandates dated like the agencies."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.conf import settings
from django.contrib.auth.hashers import make_password

from lienthong.accounts.models import User
from lienthong.accounts.services.bulk import StaffAccount, StaffMandate, load_staff
from lienthong.accounts.states import Role
from lienthong.ops.demo import names
from lienthong.units.models import Agency

BASIS = "Dữ liệu minh họa"
DEMO_COMMUNE = "H55.05443"

# Those who try the house sign in as these. One person may work in several agencies that followed each other.
NAMED = (
    ("demo.motcua", Role.RECEIVER, ("H55.TTPVHCC",)),
    ("demo.phutrach", Role.DESK_HEAD, ("H55.TTPVHCC",)),
    ("demo.chuyenvien", Role.PROCESSOR, ("H55.LDTBXH", "H55.SNV")),
    ("demo.truongphong", Role.DIVISION_HEAD, ("H55.LDTBXH", "H55.SNV")),
    ("demo.lanhdao", Role.LEADER, ("H55.LDTBXH", "H55.SNV")),
    ("demo.xa.tiepnhan", Role.RECEIVER, (DEMO_COMMUNE,)),
    ("demo.xa.chuyenvien", Role.PROCESSOR, (DEMO_COMMUNE,)),
    ("demo.xa.truongphong", Role.DIVISION_HEAD, (DEMO_COMMUNE,)),
    ("demo.xa.lanhdao", Role.LEADER, (DEMO_COMMUNE,)),
    ("demo.danhmuc", Role.CATALOGUE_EDITOR, ("H55.SNV",)),
    ("demo.danhmuc2", Role.CATALOGUE_EDITOR, ("H55.SNV",)),
    ("demo.quantri", Role.ADMINISTRATOR, ("H55",)),
    ("demo.thanhtra", Role.AUDITOR, ("H55.SNV",)),
)


@dataclass
class Staff:
    """Gives the officer for a role in an agency; makes one where nobody is there yet."""

    seed: int
    now: datetime
    _officers: dict[tuple[str, str], int] = field(default_factory=dict)
    _agencies: dict[int, Agency] = field(default_factory=dict)
    _made: int = 0

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng([self.seed, 7])
        self._agencies = Agency.objects.in_bulk()
        self._rows: dict[str, list[Agency]] = {}
        for agency in sorted(self._agencies.values(), key=lambda one: one.valid_from):
            self._rows.setdefault(agency.code, []).append(agency)

    def open_named(self) -> None:
        """Open the accounts that visitors of the demo use, all with one password."""
        password_hash = make_password(settings.DEMO_PASSWORD)
        accounts = [
            StaffAccount(
                username=username,
                full_name=self._name(),
                mandates=[mandate for code in codes for mandate in self._mandates(role, code)],
                password_hash=password_hash,
                phone="02080000000",
            )
            for username, role, codes in NAMED
        ]
        users = load_staff(accounts, basis=BASIS, now=self.now)
        for username, role, codes in NAMED:
            for code in codes:
                self._officers.setdefault((role, code), users[username].pk)

    def officer(self, role: str, agency_id: int) -> int:
        """Return the id of the officer who does a role in an agency."""
        code = self._agencies[agency_id].code
        known = self._officers.get((role, code))
        if known is None:
            known = self._officers[role, code] = self._another(Role(role), code).pk
        return known

    def _another(self, role: Role, code: str) -> User:
        self._made += 1
        username = f"canbo.{self._made:04d}"
        account = StaffAccount(username=username, full_name=self._name(), mandates=self._mandates(role, code))
        return load_staff([account], basis=BASIS, now=self.now)[username]

    def _mandates(self, role: Role, code: str) -> list[StaffMandate]:
        return [
            StaffMandate(role, agency.pk, agency.valid_from, agency.valid_until) for agency in self._rows.get(code, ())
        ]

    def _name(self) -> str:
        group = np.array(["Kinh"], dtype=object)
        female = self._rng.random(1) < 0.5
        born = np.array([int(self._rng.integers(1968, 1998))])
        return names.full_names(self._rng, names.surnames(self._rng, group), female, born)[0]
