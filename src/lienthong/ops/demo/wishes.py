"""Which dossiers there are to invent: procedure, desk, applicant, moment and way, drawn column by column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from lienthong.catalogue.states import ReceivingLevel
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services.request import CODE_ALPHABET, SECRET_LENGTH
from lienthong.kernel.days import local_day, local_moment
from lienthong.ops.demo.applicants import Applicant, Applicants
from lienthong.ops.demo.hours import Hours
from lienthong.ops.demo.law import Law, VersionFacts

Whole = NDArray[np.int64]

# Some procedures are common and most of them rare, as they are; what is not named here weighs little.
COMMON = {
    "1.001731": 9.0, "1.001776": 9.0, "1.001653": 5.0, "1.001699": 4.0, "1.010833": 4.0, "1.011607": 4.0, "1.001753": 3.0,
    "1.014199": 6.0, "1.014200": 3.0, "1.014201": 3.0, "1.014196": 2.0, "1.001978": 6.0, "2.000148": 3.0, "1.001966": 2.0,
    "2.000205": 6.0, "1.000105": 5.0, "1.009811": 4.0, "2.000192": 2.0, "1.000459": 2.0, "2.001955": 3.0, "2.000134": 3.0,
    "1.010814": 3.0, "1.010803": 3.0, "1.010805": 2.0, "1.010816": 1.5,
}  # fmt: skip
SELDOM = 0.5
# What a programme grants is granted by its own service, one by one: in a large province such dossiers stay few.
ANSWERS = {
    "circumstance": "survivor",
    "deceased_birth": "1938-05-17",
    "arranged_funeral": "yes",
    "other_support": "0",
}
EVENINGS = (time(19, 5), time(22, 40))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One dossier to invent."""

    version: VersionFacts
    desk_id: int
    unit_id: int
    applicant: Applicant
    received: int
    is_online: bool
    is_refused_at_intake: bool
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Dossiers to invent in the order of their receipt, column by column.

    ``firm`` is -1 where a person asks; ``serial`` is 0 where the desk does not take the request in.
    """

    law: Law
    hours: Hours
    applicants: Applicants
    version: Whole
    desk: Whole
    unit: Whole
    person: Whole
    firm: Whole
    minute: Whole
    online: NDArray[np.bool_]
    serial: Whole

    def __len__(self) -> int:
        return len(self.minute)

    def learn(self, *, until: datetime) -> None:
        """Ask the database for all that the stories will need, so that they can be told without it."""
        places = set(zip(self.version.tolist(), self.desk.tolist(), self.unit.tolist(), strict=True))
        first = self.hours.moment(int(self.minute[0]))
        for version_id, desk_id, unit_id in places:
            self.law.learn(version_id, desk_id=desk_id, unit_id=unit_id, first=local_day(first), until=local_day(until))
        self.applicants.learn()

    def wish(self, place: int) -> Wish:
        """Return one of them."""
        desk_id, minute, firm = int(self.desk[place]), int(self.minute[place]), int(self.firm[place])
        prefix, day = self.law.code_prefix(desk_id), self.hours.day_at(minute)
        return Wish(
            version=self.law.versions[int(self.version[place])],
            desk_id=desk_id,
            unit_id=int(self.unit[place]),
            applicant=self.applicants.firms[firm] if firm >= 0 else self.applicants.person(int(self.person[place])),
            received=minute,
            is_online=bool(self.online[place]),
            is_refused_at_intake=not self.serial[place],
            code=f"{prefix}-{day:%y%m%d}-{int(self.serial[place]):04d}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is asked for between two days.

    Attributes:
        count: How many dossiers.
        first: First day of receipt.
        until: Day after the last.
        province_desk: The desk of the province, by day.
        communes: Committees that receive, with their commune and how much of all they get: (agency, unit, share).
        takes: Which procedures are asked for.
        online: How many are filed online, or which share of them.
        refused: Which share of those filed online is refused at the desk.
        lately: How many of them come on the last days; the others come on any day.
        lately_since: First of these last days.
        seed: The same seed draws the same.
    """

    count: int
    first: date
    until: date
    province_desk: Callable[[date], int]
    communes: Sequence[tuple[int, int, float]]
    takes: Callable[[VersionFacts], bool]
    online: int | float
    refused: float
    seed: int
    lately: int = 0
    lately_since: date = date.min


def draw(demand: Demand, *, law: Law, hours: Hours, applicants: Applicants) -> Wishes:
    """Draw the dossiers of a demand: day and minute, procedure in force that day, desk and applicant."""
    rng = np.random.default_rng([demand.seed, demand.count, demand.first.toordinal()])
    first, beyond = hours.spans(demand.first, demand.until)
    any_day = rng.integers(first, beyond, demand.count - demand.lately)
    last_days = rng.integers(hours.opening(max(demand.first, demand.lately_since)), beyond, demand.lately)
    minute = np.sort(np.concatenate([any_day, last_days]))
    version = _procedures(rng, demand, law, hours, minute)
    facts = law.versions
    at_commune = np.array([facts[one].receiving_level == ReceivingLevel.COMMUNE for one in version.tolist()])
    by_citizen = np.array([facts[one].for_citizens for one in version.tolist()])
    inhabited = set(applicants.inhabited.tolist())
    communes = np.array([(agency, unit) for agency, unit, _share in demand.communes], dtype=np.int64)
    shares = np.array([share if unit in inhabited else 0.0 for _agency, unit, share in demand.communes])
    place = rng.choice(len(communes), demand.count, p=shares / shares.sum())
    desk_of_day = {day: demand.province_desk(day) for day in hours.days if demand.first <= day < demand.until}
    days = [hours.day_at(one) for one in minute.tolist()]
    desk = np.where(at_commune, communes[place, 0], np.array([desk_of_day[day] for day in days]))
    person = applicants.draw(rng, communes[place, 1])
    firm = np.where(by_citizen, -1, rng.integers(0, len(applicants.firms), demand.count))
    seat = {agency_id: agency.unit_id for agency_id, agency in law.agencies.items()}
    seats = np.array([seat[one] for one in desk.tolist()])
    online = _online(rng, demand, version, facts)
    is_taken_in = ~(online & (rng.random(demand.count) < demand.refused))
    return Wishes(
        law=law,
        hours=hours,
        applicants=applicants,
        version=version,
        desk=desk,
        unit=np.where(firm >= 0, seats, communes[place, 1]),
        person=person,
        firm=firm,
        minute=minute,
        online=online,
        serial=_serials(desk, days, is_taken_in),
    )


def answers_of(luck: Random, *, on: date, longest_ago: int) -> dict[str, str]:
    """Return what is told of a funeral: somebody old who died some days before a day, called by a number of their own."""
    died_on = on - timedelta(days=luck.randint(3, longest_ago))
    name = f"Người đã mất số {luck.randint(1, 999_999)} (dữ liệu minh họa)"
    return {**ANSWERS, "deceased_name": name, "died_on": died_on.isoformat()}


def row_of(wish: Wish, *, luck: Random, created_at: datetime) -> Dossier:
    """Return the row of a wish as the applicant wrote it, before anything has happened."""
    applicant, version = wish.applicant, wish.version
    answers: dict[str, str] = {}
    if version.has_questions:
        answers = answers_of(luck, on=local_day(created_at), longest_ago=40)
    values = {
        **_BLANK,
        "public_id": UUID(int=luck.getrandbits(128), version=4),
        "secret": "".join(luck.choices(CODE_ALPHABET, k=SECRET_LENGTH)),
        "version_id": version.id,
        "procedure_code": version.code,
        "field_code": version.field_code,
        "channel": "online" if wish.is_online else "counter",
        "receiving_agency_id": wish.desk_id,
        "unit_id": wish.unit_id,
        "person_id": applicant.person_id,
        "organization_id": applicant.organization_id,
        "submitted_by_id": applicant.user_id if wish.is_online else None,
        "applicant_name": applicant.name,
        "applicant_key": applicant.key,
        "applicant_number": applicant.number,
        "applicant_phone": applicant.phone,
        "applicant_address": applicant.address,
        "answers": answers,
        "return_way": "online" if wish.is_online and luck.random() < 0.5 else "counter",
        "created_at": created_at,
        "updated_at": created_at,
    }
    # Values in the order of the columns make a row four times as fast as names do.
    return Dossier.from_db("default", _COLUMNS, [values[name] for name in _COLUMNS])


_COLUMNS = tuple(field.attname for field in Dossier._meta.concrete_fields)
_BLANK = {name: value for name, value in Dossier().__dict__.items() if name in _COLUMNS}


def sent_before(received: datetime, luck: Random) -> datetime:
    """Return when a request that a desk received was sent: the evening before, or some hours before."""
    if luck.random() < 0.5:
        opens, closes = EVENINGS
        evening = local_moment(local_day(received) - timedelta(days=1), opens)
        return evening + timedelta(minutes=luck.randint(0, (closes.hour - opens.hour) * 60))
    return received - timedelta(minutes=luck.randint(20, 300))


def _procedures(rng: np.random.Generator, demand: Demand, law: Law, hours: Hours, minute: Whole) -> Whole:
    """Draw a procedure for each minute among those in force that day."""
    wanted = [version for version in law.versions.values() if demand.takes(version)]
    changes = {demand.first, demand.until}
    for version in wanted:
        changes |= {
            day for day in (version.valid_from, version.valid_until) if day and demand.first < day < demand.until
        }
    drawn = np.zeros(len(minute), dtype=np.int64)
    ordered = sorted(changes)
    for first, until in pairwise(ordered):
        rows = np.flatnonzero((minute >= hours.opening(first)) & (minute < hours.opening(until)))
        in_force = [
            one for one in wanted if one.valid_from <= first and (one.valid_until is None or one.valid_until > first)
        ]
        weights = np.array([COMMON.get(one.code, SELDOM) for one in in_force])
        ids = np.array([one.id for one in in_force], dtype=np.int64)
        drawn[rows] = ids[rng.choice(len(ids), len(rows), p=weights / weights.sum())]
    return drawn


def _online(
    rng: np.random.Generator, demand: Demand, version: Whole, facts: dict[int, VersionFacts]
) -> NDArray[np.bool_]:
    """Draw which are filed online: exactly so many where a number is asked for."""
    possible = np.array([facts[one].is_online for one in version.tolist()])
    if isinstance(demand.online, float):
        return possible & (rng.random(len(version)) < demand.online)
    online = np.zeros(len(version), dtype=bool)
    online[rng.permutation(np.flatnonzero(possible))[: demand.online]] = True
    return online


def _serials(desk: Whole, days: Sequence[date], is_taken_in: NDArray[np.bool_]) -> Whole:
    """Number what each desk takes in on a day from one, in the order of receipt; 0 for what it does not take in."""
    rows = np.flatnonzero(is_taken_in)
    keys = np.array([day.toordinal() for day in days], dtype=np.int64)[rows] * 100_000 + desk[rows]
    _, group, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    serials = np.zeros(len(desk), dtype=np.int64)
    serials[rows[order]] = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return serials
