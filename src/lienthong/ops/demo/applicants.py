"""Who asks: invented grown-ups with where they lived then and live now, and invented firms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import count

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from stdnum.vn import mst

from lienthong.accounts.services import OpenAccount, open_account
from lienthong.accounts.states import AccountKind
from lienthong.kernel.days import add_months
from lienthong.people import services as people
from lienthong.people.models import Organization, Person, Residence
from lienthong.units.models import AdministrativeUnit

Whole = NDArray[np.int64]

GROWN_UP = 22
KINDS = ("Công ty TNHH", "Công ty cổ phần", "Hợp tác xã", "Doanh nghiệp tư nhân", "Trung tâm đào tạo nghề")
WORDS = (
    "Chè Tân Hương",
    "Sông Công",
    "Núi Cốc",
    "Gang Thép Mới",
    "Phú Bình",
    "Đại Từ Xanh",
    "Thịnh Đán",
    "Ba Bể",
    "ATK",
)
# No province has this beginning, so that these tax codes are right and belong to nobody.
TAX_CODE_BEGINNING = "99"


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person or firm as a dossier names it. ``user_id`` is the account, where there is one."""

    name: str
    key: str
    number: str
    phone: str
    address: str
    unit_id: int | None
    person_id: int | None = None
    organization_id: int | None = None
    user_id: int | None = None


class Applicants:
    """The grown-ups and firms of the province on a day.

    Args:
        on: The day; people count for the commune they lived in then.
        most: How many people at most; of a larger province every n-th is taken.
    """

    def __init__(self, *, on: date, most: int) -> None:
        self._on = on
        living = Person.objects.filter(died_on=None, birth_on__lt=add_months(on, -12 * GROWN_UP))
        every = max(1, living.count() // most)
        first = Person.objects.order_by("pk").values_list("pk", flat=True).first() or 0
        nth = living.extra(where=["(people_person.id - %s) %% %s = 0"], params=[first, every])
        rows = nth if every > 1 else living
        residences = Residence.objects.valid_on(on).filter(person__in=rows).order_by("unit_id", "person_id")
        columns = ("person_id", "unit_id", "hamlet", "person__full_name", "person__name_key", "person__phone")
        self._rows = list(residences.values_list(*columns, "person__personal_id_number"))
        self._units = np.array([row[1] for row in self._rows], dtype=np.int64)
        accounts = Person.objects.exclude(accounts=None).values_list("pk", "accounts__pk")
        self._accounts = dict(accounts)

    @cached_property
    def firms(self) -> Sequence[Applicant]:
        """The firms, by age of their record."""
        found = Organization.objects.order_by("pk").prefetch_related("accounts")
        return [
            Applicant(
                firm.name, firm.name_key, firm.tax_code, firm.phone, firm.address, firm.unit_id, organization_id=firm.pk,
                user_id=next((account.pk for account in firm.accounts.all()), None),
            )
            for firm in found
        ]  # fmt: skip

    def learn(self) -> None:
        """Ask the database for what is asked once only."""
        assert self.firms is not None and self._names is not None

    @cached_property
    def _names(self) -> dict[int, str]:
        return dict(AdministrativeUnit.objects.values_list("pk", "name"))

    def person(self, place: int) -> Applicant:
        """Return the grown-up at a place of the list."""
        person_id, unit_id, hamlet, name, key, phone, number = self._rows[place]
        address = ", ".join(filter(None, [hamlet, self._names[unit_id]]))
        return Applicant(
            name, key, number, phone, address, unit_id, person_id=person_id, user_id=self._accounts.get(person_id)
        )

    def person_of(self, user_id: int) -> int:
        """Return the place of the person to whom an account belongs."""
        return next(place for place, row in enumerate(self._rows) if self._accounts.get(row[0]) == user_id)

    def living_in(self, unit_id: int) -> tuple[int, int]:
        """Return where the grown-ups of a commune begin and end in the list."""
        first, beyond = np.searchsorted(self._units, [unit_id, unit_id + 1])
        return int(first), int(beyond)

    def draw(self, rng: np.random.Generator, units: Whole) -> Whole:
        """Draw a grown-up of each commune named; somebody lives in each."""
        first, beyond = np.searchsorted(self._units, units), np.searchsorted(self._units, units, "right")
        return first + (rng.random(len(units)) * (beyond - first)).astype(np.int64)

    @property
    def inhabited(self) -> Whole:
        """Ids of the communes in which anybody lives."""
        return np.unique(self._units)

    def __len__(self) -> int:
        return len(self._rows)


def register_firms(how_many: int, *, unit_code: str, now: datetime) -> None:
    """Register invented firms with tax codes whose check digit is right."""
    for number, tax_code in zip(range(how_many), _tax_codes(), strict=False):
        name = f"{KINDS[number % len(KINDS)]} {WORDS[number // len(KINDS) % len(WORDS)]} (minh họa {number + 1})"
        command = people.RegisterOrganization(
            tax_code=tax_code, name=name, unit_code=unit_code, address="Đường Minh Họa", phone=f"0208{number:07d}"
        )
        people.register_organization(command, acting_user_id=None, now=now)


def open_accounts(*, unit_id: int, today: date, now: datetime) -> None:
    """Open the accounts of the citizen and the firm whom visitors sign in as.

    Raises:
        LookupError: Nobody of age lives in the commune, or there is no firm.
    """
    born_before = add_months(today, -12 * (GROWN_UP + 5))
    women = Person.objects.filter(
        unit=unit_id, died_on=None, birth_on__lt=born_before, sex="female", birth_precision="day"
    )
    person, firm = women.order_by("-birth_on", "pk").first(), Organization.objects.order_by("pk").first()
    if person is None or firm is None:
        raise LookupError("the demo commune has nobody who could sign in")
    citizen = OpenAccount(
        username="demo.congdan", kind=AccountKind.CITIZEN, full_name=person.full_name, person_id=person.pk,
        phone="0900000001", password=settings.DEMO_PASSWORD,
    )  # fmt: skip
    company = OpenAccount(
        username="demo.doanhnghiep", kind=AccountKind.ORGANIZATION, full_name=firm.name, organization_id=firm.pk,
        phone="0208000001", password=settings.DEMO_PASSWORD,
    )  # fmt: skip
    for command in (citizen, company):
        open_account(command, acting_user=None, now=now)


def _tax_codes() -> Iterator[str]:
    """Yield tax codes with a right check digit; some numbers have no check digit at all."""
    for number in count(1):
        digit = mst.calc_check_digit(f"{TAX_CODE_BEGINNING}{number:07d}")
        if len(digit) == 1:
            yield f"{TAX_CODE_BEGINNING}{number:07d}{digit}"
