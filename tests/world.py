"""The province as the law has it, with officers made on demand: what tests of dossiers and screens stand on.

Places, agencies and procedures are our own data files, loaded once per test process; officers, citizens and dossiers are
made by each test and rolled back with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import AccountKind, Role
from lienthong.catalogue import queries as catalogue
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import Applicant, GivenItem, Request, Target
from lienthong.kernel.days import local_day, local_moment
from lienthong.kernel.text import fold, person_sort_key
from lienthong.people.models import Person
from lienthong.people.states import Sex
from lienthong.units import queries as units
from lienthong.units.models import Agency

PROVINCE_DESK = "H55.TTPVHCC"
HOME_AFFAIRS = "H55.SNV"
COMMUNE = "H55.05443"
FUNERAL_SUPPORT = "1.001731"
WORK_PERMIT = "1.014199"
_numbers = count(1)


def at(text: str) -> datetime:
    """Read ``2026-11-23 09:30`` as a moment of the province."""
    day, _, clock = text.partition(" ")
    return local_moment(date.fromisoformat(day), time.fromisoformat(clock or "08:00"))


NOW = at("2026-11-16 09:00")


def target(dossier: Dossier) -> Target:
    """Aim at a dossier as it stands."""
    return Target(dossier_id=dossier.pk, seen=dossier.sequence, client_key=uuid4())


@dataclass
class World:
    """Makes officers, citizens and dossiers of the province."""

    now: datetime = NOW
    _staff: dict[tuple[str, str], User] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_day(self.now)

    def agency(self, code: str) -> Agency:
        return units.agency_on(code, self.today)

    def officer(self, role: Role, agency: str = COMMUNE, *, fields: Sequence[str] = (), another: bool = False) -> User:
        """Return an officer with one mandate; the same one for the same role and agency unless ``another``."""
        key = (str(role), agency)
        if key in self._staff and not another and not fields:
            return self._staff[key]
        user = self.account(AccountKind.STAFF, f"Cán bộ {Role(role).label} {next(_numbers)}")
        Mandate.objects.create(
            user=user, role=role, agency=self.agency(agency), fields=list(fields), valid_from=date(2020, 3, 1)
        )
        self._staff.setdefault(key, user)
        return user

    def citizen(self, name: str = "Nguyễn Thị Ngọc Ỷ") -> User:
        """Return a citizen with an account and a record."""
        person = Person.objects.create(
            full_name=name,
            name_key=fold(name),
            sort_key=person_sort_key(name),
            sex=Sex.FEMALE,
            birth_on=date(1990, 5, 1),
        )
        return self.account(AccountKind.CITIZEN, name, person=person)

    def account(self, kind: AccountKind, name: str, **links: Any) -> User:
        user = User(
            username=f"tai.khoan.{next(_numbers)}", kind=kind, full_name=name, name_key=fold(name),
            sort_key=person_sort_key(name), created_at=self.now, **links,
        )  # fmt: skip
        user.set_unusable_password()
        user.save()
        return user

    def request(self, code: str = FUNERAL_SUPPORT, *, name: str = "Hoàng Văn Ẩn", **changes: Any) -> Request:
        """Return a complete request: every required paper of the version in force, every question answered."""
        version = catalogue.procedure_in_force(code, on=self.today)
        items = [GivenItem(number=item.number, originals=1, copies=1) for item in version.items.order_by("number")]
        answers = {
            "deceased_name": "Hoàng Thị Ổn", "deceased_number": f"{19000000000 + next(_numbers):012d}", "died_on": (self.today - timedelta(days=14)).isoformat(),
            "circumstance": "survivor", "deceased_birth": "1938-05-17", "arranged_funeral": "yes", "other_support": "0",
        }  # fmt: skip
        known: dict[str, Any] = {
            "applicant": Applicant(
                name=name, number="019085001234", phone="0912345678", address="Tổ 12, phường Phan Đình Phùng"
            ),
            "items": items,
            "answers": answers if code == FUNERAL_SUPPORT else {},
        }
        return Request(**{**known, **changes})

    def receive(
        self, code: str = FUNERAL_SUPPORT, *, desk: str | None = None, now: datetime | None = None, hand_over: bool = True,
        key: UUID | None = None, **changes: Any,
    ) -> Dossier:  # fmt: skip
        """Receive a complete request at the desk."""
        desk = desk or (COMMUNE if code == FUNERAL_SUPPORT else PROVINCE_DESK)
        command = dossiers.ReceiveDossier(
            procedure_code=code,
            receiving_agency_id=self.agency(desk).pk,
            channel="counter",
            request=self.request(code, **changes),
            client_key=key or uuid4(),
            hand_over=hand_over,
        )
        return dossiers.receive_dossier(command, acting_user=self.officer(Role.RECEIVER, desk), now=now or self.now)

    def to_decision(self, dossier: Dossier, *, now: datetime | None = None) -> Dossier:
        """Pass a dossier through its steps up to the one that decides."""
        from lienthong.dossiers import routing

        while not routing.decides_now(dossier):
            role = Role(dossier.step_role)
            officer = self.officer(role, Agency.objects.get(pk=dossier.agency_id).code)
            dossier = dossiers.pass_on(
                dossiers.PassOn(target=target(dossier), proposal="Đề nghị phê duyệt"),
                acting_user=officer,
                now=now or self.now,
            )
        return dossier

    def decider(self, dossier: Dossier) -> User:
        """Return an officer who may decide and did nothing before."""
        code = Agency.objects.get(pk=dossier.agency_id).code
        return self.officer(Role(dossier.step_role), code, another=True)

    def approve(self, dossier: Dossier, *, now: datetime | None = None) -> Dossier:
        """Bring a dossier to its decision and approve it."""
        dossier = self.to_decision(dossier, now=now)
        command = dossiers.Approve(target=target(dossier), document_number="1234/QĐ-UBND")
        return dossiers.approve(command, acting_user=self.decider(dossier), now=now or self.now)


def later(moment: datetime, **span: int) -> datetime:
    """Return a later moment."""
    return moment + timedelta(**span)
