"""Put the demo province together: people, officers, firms, and the dossiers of 2022 and of this year."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import count

import numpy as np
from django.conf import settings
from django.db import transaction
from stdnum.vn import mst

from lienthong.accounts.models import User
from lienthong.accounts.services import OpenAccount, open_account
from lienthong.accounts.states import AccountKind
from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.states import ApplicantKind, Channel, ReceivingLevel, VersionStatus
from lienthong.dossiers.services.bulk import load_stories
from lienthong.infra import dispatch
from lienthong.kernel.days import local_day, local_moment
from lienthong.ops.demo import drafts
from lienthong.ops.demo.population import load_population
from lienthong.ops.demo.staff import DEMO_COMMUNE, Staff
from lienthong.ops.demo.stories import Applicant, Teller, Wish
from lienthong.people import services as people
from lienthong.people.models import Organization, Person
from lienthong.units import queries as units
from lienthong.units.models import Agency
from lienthong.units.states import AgencyLevel

PROVINCE_DESK = "H55.TTPVHCC"
COMMUNE_DESKS = 10
DEMO_COMMUNE_SHARE = 0.45
# So that the citizen and the firm of the demo have a story of their own.
OWN_SHARE, FIRMS_THAT_ASK = 0.008, 12
FIRST_DAY_OF_2022, LAST_DAY_OF_2022 = date(2022, 1, 4), date(2022, 11, 30)
# What the department reported of 2022: dossiers of procedures that were open online, and those filed online.
OPEN_ONLINE_2022, FILED_ONLINE_2022 = 861, 587
LEVEL_FOUR = 4
OPENS, CLOSES = time(7, 45), time(16, 15)


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a province is invented."""

    people: int
    firms: int
    dossiers_this_year: int
    online_share: float = 0.55


SCALES = {"small": Scale(people=4_000, firms=40, dossiers_this_year=420)}
Say = Callable[[str], None]


class Province:
    """One demo province for a seed and a day."""

    def __init__(self, *, scale: Scale, seed: int, now: datetime, say: Say) -> None:
        self.scale, self.seed, self.now, self.say = scale, seed, now, say
        self.today = local_day(now)
        self.rng = np.random.default_rng([seed, 3])
        self.staff = Staff(seed=seed, now=now)

    def build(self) -> None:
        """Invent everything and write it. The database holds places, agencies and procedures already."""
        self.say("Dân cư")
        with transaction.atomic():
            load_population(self.scale.people, today=self.today, seed=self.seed, now=self.now)
        self.say("Tổ chức, cán bộ, tài khoản")
        with transaction.atomic():
            self.staff.open_named()
            self._firms()
            self._applicant_accounts()
        self.say("Hồ sơ năm 2022 và năm nay")
        calendar_id, calendar = units.work_calendar(None)
        teller = Teller(staff=self.staff, now=self.now, seed=self.seed, calendar_id=calendar_id, calendar=calendar)
        load_stories(teller.tell([*self._wishes_of_2022(), *self._wishes_of_this_year()]))
        self.say("Hồ sơ đang chờ hôm nay")
        drafts.file_today(
            citizen=self.citizen, firm=self.firm, commune_desk=self._desk(DEMO_COMMUNE), now=self.now, today=self.today
        )
        dispatch.skip_what_is_there()

    @cached_property
    def citizen(self) -> User:
        """The account of the invented citizen whom visitors sign in as."""
        return User.objects.get(username="demo.congdan")

    @cached_property
    def firm(self) -> User:
        """The account of the invented firm whom visitors sign in as."""
        return User.objects.get(username="demo.doanhnghiep")

    def _firms(self) -> None:
        kinds = ("Công ty TNHH", "Công ty cổ phần", "Hợp tác xã", "Doanh nghiệp tư nhân", "Trung tâm đào tạo nghề")
        words = (
            "Chè Tân Hương",
            "Sông Công",
            "Núi Cốc",
            "Gang Thép Mới",
            "Phú Bình",
            "Đại Từ Xanh",
            "Thịnh Đán",
            "Ba Bể",
        )
        for number, tax_code in zip(range(self.scale.firms), _tax_codes(), strict=False):
            name = f"{kinds[number % len(kinds)]} {words[number // len(kinds) % len(words)]} (minh họa {number + 1})"
            people.register_organization(
                people.RegisterOrganization(
                    tax_code=tax_code, name=name, unit_code=DEMO_COMMUNE.removeprefix("H55."),
                    address="Đường Minh Họa", phone=f"0208{number:07d}",
                ),
                acting_user_id=None,
                now=self.now,
            )  # fmt: skip

    def _applicant_accounts(self) -> None:
        commune = units.unit_on(DEMO_COMMUNE.removeprefix("H55."), self.today)
        grown_up = self.today.replace(year=self.today.year - 25)
        person = (
            Person.objects.filter(unit=commune, died_on=None, birth_on__lt=grown_up, sex="female")
            .order_by("pk")
            .first()
        )
        organization = Organization.objects.order_by("pk").first()
        if person is None or organization is None:
            raise LookupError("the demo commune has nobody who could sign in")
        for command in (
            OpenAccount(username="demo.congdan", kind=AccountKind.CITIZEN, full_name=person.full_name, person_id=person.pk, phone="0900000001", password=settings.DEMO_PASSWORD),
            OpenAccount(username="demo.doanhnghiep", kind=AccountKind.ORGANIZATION, full_name=organization.name, organization_id=organization.pk, phone="0208000001", password=settings.DEMO_PASSWORD),
        ):  # fmt: skip
            open_account(command, acting_user=None, now=self.now)

    def _wishes_of_2022(self) -> Iterator[Wish]:
        """Yield exactly as many dossiers as were reported, on working days up to the end of November."""
        days = self._working_days(FIRST_DAY_OF_2022, LAST_DAY_OF_2022)
        online = np.zeros(OPEN_ONLINE_2022, dtype=bool)
        online[self.rng.permutation(OPEN_ONLINE_2022)[:FILED_ONLINE_2022]] = True
        versions = self._versions(date(2022, 7, 1), level_four=True)
        for number in range(OPEN_ONLINE_2022):
            yield self._wish(versions, days, is_online=bool(online[number]))

    def _wishes_of_this_year(self) -> Iterator[Wish]:
        first = date(self.today.year, 1, 5)
        days = self._working_days(min(first, self.today), self.today)
        # Work piles up towards today, so that every list has something in it.
        recent = days[-15:]
        versions = self._versions(self.today, level_four=False)
        for number in range(self.scale.dossiers_this_year):
            span = recent if number % 3 == 0 else days
            yield self._wish(versions, span, is_online=bool(self.rng.random() < self.scale.online_share))

    def _wish(self, versions: list[ProcedureVersion], days: list[date], *, is_online: bool) -> Wish:
        day = days[int(self.rng.integers(0, len(days)))]
        weights = np.array([_weight(version) for version in versions])
        version = versions[int(self.rng.choice(len(versions), p=weights / weights.sum()))]
        version = self._version_on(version.procedure.code, day) or version
        if is_online and Channel.ONLINE not in version.channels:
            is_online = False
        minute = int(self.rng.integers(0, (CLOSES.hour - OPENS.hour) * 60 + 30))
        moment = local_moment(day, OPENS) + timedelta(minutes=minute)
        desk = self._desk_for(version, day)
        return Wish(
            version=version,
            desk=desk,
            unit=desk.unit if desk.level == AgencyLevel.COMMUNE else self._commune_desk(day).unit,
            applicant=self._applicant(version),
            received_at=moment,
            is_online=is_online,
        )

    def _version_on(self, code: str, day: date) -> ProcedureVersion | None:
        return next(
            (
                version
                for version in self._published[code]
                if version.valid_from <= day and (version.valid_until is None or day < version.valid_until)
            ),
            None,
        )

    @cached_property
    def _published(self) -> dict[str, list[ProcedureVersion]]:
        found: dict[str, list[ProcedureVersion]] = {}
        published = ProcedureVersion.objects.filter(status=VersionStatus.PUBLISHED).select_related("procedure__field")
        for version in published.order_by("valid_from"):
            found.setdefault(version.procedure.code, []).append(version)
        return found

    def _versions(self, day: date, *, level_four: bool) -> list[ProcedureVersion]:
        """Return the versions that dossiers are invented for; an outside agency's procedures are left out."""
        found = ProcedureVersion.objects.valid_on(day).filter(status=VersionStatus.PUBLISHED, handled_by="")
        if level_four:
            found = found.filter(online_level_then=LEVEL_FOUR)
        return list(found.select_related("procedure__field").order_by("procedure__code"))

    def _desk_for(self, version: ProcedureVersion, day: date) -> Agency:
        if version.receiving_level == ReceivingLevel.PROVINCE:
            return self._agency_on(PROVINCE_DESK, day)
        return self._commune_desk(day)

    def _commune_desk(self, day: date) -> Agency:
        codes = self._commune_codes(day)
        own = self.rng.random() < DEMO_COMMUNE_SHARE
        return self._agency_on(DEMO_COMMUNE if own else codes[int(self.rng.integers(0, len(codes)))], day)

    def _commune_codes(self, day: date) -> list[str]:
        key = day >= date(2025, 7, 1)
        if key not in self._codes:
            desks = units.receiving_agencies(AgencyLevel.COMMUNE, on=day).filter(unit__code__startswith="05")
            self._codes[key] = [
                agency.code for agency in desks.order_by("code")[:: max(1, desks.count() // COMMUNE_DESKS)]
            ]
        return self._codes[key]

    @cached_property
    def _codes(self) -> dict[bool, list[str]]:
        return {}

    def _agency_on(self, code: str, day: date) -> Agency:
        if (code, day) not in self._agencies:
            self._agencies[code, day] = units.agency_on(code, day)
        return self._agencies[code, day]

    @cached_property
    def _agencies(self) -> dict[tuple[str, date], Agency]:
        return {}

    def _desk(self, code: str) -> Agency:
        return self._agency_on(code, self.today)

    def _applicant(self, version: ProcedureVersion) -> Applicant:
        if ApplicantKind.CITIZEN not in version.applicants:
            firm = self._all_firms[int(self.rng.integers(0, min(len(self._all_firms), FIRMS_THAT_ASK)))]
            return Applicant(firm.name, firm.tax_code, firm.phone, firm.address, organization_id=firm.pk)
        person = self._grown_ups[int(self.rng.integers(0, len(self._grown_ups)))]
        if self.citizen.person is not None and self.rng.random() < OWN_SHARE:
            person = self.citizen.person
        place = person.unit.name if person.unit else ""
        return Applicant(person.full_name, person.personal_id_number, person.phone, place, person_id=person.pk)

    @cached_property
    def _all_firms(self) -> list[Organization]:
        return list(Organization.objects.order_by("pk"))

    @cached_property
    def _grown_ups(self) -> list[Person]:
        grown_up = date(self.today.year - 20, 1, 1)
        people_there = Person.objects.filter(died_on=None, birth_on__lt=grown_up).select_related("unit")
        return list(people_there.order_by("pk")[:20_000])

    def _working_days(self, first: date, last: date) -> list[date]:
        _, calendar = units.work_calendar(None)
        span = (last - first).days + 1
        days = [first + timedelta(days=number) for number in range(span)]
        return [day for day in days if calendar.is_working_day(day)]


def _tax_codes() -> Iterator[str]:
    """Yield tax codes with a right check digit in a range that no province has; some numbers have no check digit."""
    for number in count(1):
        digit = mst.calc_check_digit(f"99{number:07d}")
        if len(digit) == 1:
            yield f"99{number:07d}{digit}"


def _weight(version: ProcedureVersion) -> float:
    """Make some procedures common and most of them rare, as they are."""
    common = {"1.001731": 10.0, "1.001776": 9.0, "1.014199": 6.0, "1.001653": 5.0, "1.010833": 5.0, "1.011607": 4.0}
    return common.get(version.procedure.code, 0.6)
