"""What the house knows of people for social assistance and merit: every dated record once, then any day without asking again.

Unknown stays None. Each fact says which record it came from.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Model, Q

from lienthong.assistance.models import (
    Circumstance,
    DifficultArea,
    DisabilityCertificate,
    EntitlementRate,
    MeritClaim,
)
from lienthong.assistance.queries.turned_sixteen import PaidMonths, was_paid_at_sixteen
from lienthong.assistance.states import Benefit, Programme
from lienthong.kernel.days import BirthDate, DatePrecision, format_day
from lienthong.kernel.identity import Sex
from lienthong.kernel.money import Dong
from lienthong.people.models import Condition, HouseholdMembership, Person, Residence
from lienthong.people.states import RESIDENCE_ORDER, ConditionKind, ResidenceKind
from lienthong.poverty.models import HouseholdStanding
from lienthong.poverty.states import HouseholdClass
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.facts import MeritFacts
from lienthong.rules.merit.lines import OWN_KINDS
from lienthong.rules.merit.plain_facts import merit_from_plain
from lienthong.rules.parameters import load_parameter
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.changes import REPLACED
from lienthong.rules.social_assistance.facts import FIELDS, PensionRequest, PersonFacts, PovertyStanding
from lienthong.rules.social_assistance.plain_facts import person_as_plain, person_from_plain
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units import queries as units
from lienthong.units.queries import NO_SUCCESSIONS, Successions

MERIT_PREFIX: Final = "merit."
_CLASSES: Final = {
    HouseholdClass.POOR: PovertyStanding.POOR,
    HouseholdClass.NEAR_POOR: PovertyStanding.NEAR_POOR,
    HouseholdClass.AVERAGE: PovertyStanding.OTHER,
    HouseholdClass.NOT_POOR: PovertyStanding.OTHER,
}
# What other benefit counts against social assistance: what a person with merit receives for themselves.
_OTHER_BENEFITS: Final = tuple(str(kind) for kind in OWN_KINDS)


@dataclass(frozen=True, slots=True)
class FactSource:
    """Which record a fact came from, in words and by its table and number."""

    words: str
    record: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """The facts of a person on a day, and where each came from. Thông tin đã có của một người."""

    person_id: int
    on: date
    facts: PersonFacts
    sources: Mapping[str, FactSource]


@dataclass(slots=True)
class History:
    """Everything dated that is recorded of one person. Thông tin theo thời gian của một người.

    ``areas`` are those recorded as especially difficult, of all communes: whether the list of a day is there at all decides
    between "no" and "not known". ``places`` says what communes of another day have become.
    """

    person: Person
    residences: Sequence[Residence] = ()
    memberships: Sequence[HouseholdMembership] = ()
    standings: Sequence[HouseholdStanding] = ()
    certificates: Sequence[DisabilityCertificate] = ()
    conditions: Sequence[Condition] = ()
    circumstances: Sequence[Circumstance] = ()
    claims: Sequence[MeritClaim] = ()
    rates: Sequence[EntitlementRate] = ()
    areas: Sequence[DifficultArea] = ()
    places: Successions = NO_SUCCESSIONS
    _known: dict[date, KnownFacts] = field(default_factory=dict)
    _turns: list[date] = field(default_factory=list)
    _facts: dict[int, PersonFacts] = field(default_factory=dict)
    _merit: dict[int, MeritFacts] = field(default_factory=dict)
    _digests: dict[int, str] = field(default_factory=dict)

    @property
    def birth_date(self) -> BirthDate | None:
        """The date of birth, as far as it is known."""
        born = self.person.birth_on
        return BirthDate(born, DatePrecision(self.person.birth_precision)) if born else None

    def facts_on(self, day: date) -> PersonFacts:
        """Return the facts as they stood on a day; they are the same until the next day on which anything begins or ends."""
        place = self._place(day)
        if place not in self._facts:
            self._facts[place] = self.known_on(day).facts
        return self._facts[place]

    def digest_on(self, day: date) -> str:
        """Return the digest of the facts as they stood on a day, as 64 hexadecimal digits."""
        place = self._place(day)
        if place not in self._digests:
            text = json.dumps(person_as_plain(self.facts_on(day)), sort_keys=True, ensure_ascii=False)
            self._digests[place] = hashlib.sha256(text.encode()).hexdigest()
        return self._digests[place]

    def known_on(self, day: date) -> KnownFacts:
        """Return the facts as they stood on a day, each with its source."""
        if day not in self._known:
            self._known[day] = self._collect(day)
        return self._known[day]

    def unit_on(self, day: date) -> int | None:
        """Return the commune that the person lives in on a day; where they died before, the last one."""
        found = self._residence(day)
        return found.unit_id if found else self.person.unit_id

    def merit_facts_on(self, day: date) -> MeritFacts:
        """Return what is known for the benefits of people with merit on a day."""
        place = self._place(day)
        if place not in self._merit:
            self._merit[place] = self._collect_merit(day)
        return self._merit[place]

    def _place(self, day: date) -> int:
        """Return between which of the days on which a record begins or ends, or the law asks otherwise, a day lies."""
        if not self._turns:
            dated = (
                self.residences, self.memberships, self.standings, self.certificates, self.conditions, self.circumstances,
                self.claims, self.areas,
            )  # fmt: skip
            days = {day for rows in dated for row in rows for day in (row.valid_from, row.valid_until)}
            days |= {month for rate in self.rates for month in (rate.first_month, rate.end_month)}
            days.add(load_parameter("social_assistance/social_pension:level").values[0].applied_from)
            days |= set(self.places.ends.values())
            self._turns = sorted(day for day in days if day is not None)
        return bisect_right(self._turns, day)

    def _collect_merit(self, day: date) -> MeritFacts:
        plain: dict[str, Any] = {"claims": [claim.data for claim in _on(self.claims, day)]}
        for row in _on(self.circumstances, day):
            if row.name.startswith(MERIT_PREFIX):
                plain[row.name.removeprefix(MERIT_PREFIX)] = row.value
        if self.birth_date is not None:
            plain["birth_date"] = str(self.birth_date)
        level = self._disability(day)
        if level is not None:
            plain.setdefault("disability", level[0])
        return merit_from_plain(plain)

    def amount_of(self, programme: str, month: date, benefits: Iterable[str]) -> Dong | None:
        """Add up the current rates of a month; None where no rate of the programme covers it."""
        wanted = set(benefits)
        rates = [
            rate
            for rate in self.rates
            if rate.entitlement.programme == programme and rate.entitlement.benefit in wanted and _covers(rate, month)
        ]
        return Dong(sum(rate.amount for rate in rates)) if rates else None

    def categories_of(self, month: date) -> frozenset[str]:
        """Return the categories of social assistance that were paid in a month."""
        return frozenset(
            str(line["code"])
            for rate in self.rates
            if rate.entitlement.programme == Programme.SOCIAL and rate.amount and _covers(rate, month)
            for line in rate.basis.get("lines", ())
        )

    def received_assistance_in(self, month: date) -> bool:
        """Tell whether the person received an allowance of their own for a month; one that was suspended is received too."""
        return any(
            rate.entitlement.programme == Programme.SOCIAL
            and rate.entitlement.benefit in {Benefit.PERSONAL, Benefit.OWN_SUPPORT}
            and (rate.amount > 0 or bool(rate.basis.get("suspended")))
            and _covers(rate, month)
            for rate in self.rates
        )

    def received_pension_in(self, month: date) -> bool:
        """Tell whether the social pension was paid for a month."""
        return AssistanceCategory.SOCIAL_PENSION.value in self.categories_of(month)

    def was_in_institution(self, day: date) -> bool | None:
        """Tell whether the person was cared for in an institution on a day: as recorded, else as was paid for the month."""
        recorded = self.facts_on(day).in_institution
        is_paid = AssistanceCategory.INSTITUTION.value in self.categories_of(month_of(day))
        return True if recorded is None and is_paid else recorded

    def _collect(self, day: date) -> KnownFacts:
        plain: dict[str, Any] = {}
        sources: dict[str, FactSource] = {}
        for row in _on(self.circumstances, day):
            if row.name in FIELDS:
                plain[row.name] = row.value
                sources[row.name] = FactSource(row.evidence, f"circumstance:{row.pk}", row.valid_from)
        found = dict(_fields(person_from_plain(plain)))
        for name, value, source in self._recorded(day, found):
            if value is not None:
                found[name] = value
                sources[name] = source
        return KnownFacts(self.person.pk, day, PersonFacts(**found), sources)

    def _recorded(self, day: date, told: Mapping[str, Any]) -> Iterable[tuple[str, Any, FactSource]]:
        """Yield what registers say; they count before what was told, save where only the higher of two counts."""
        of_people = FactSource("Dữ liệu dân cư", f"person:{self.person.pk}")
        yield "birth_date", self.birth_date, of_people
        if self.person.sex in set(Sex):
            yield "sex", Sex(self.person.sex), of_people
        if standing := self._standing(day):
            words = f"Kết quả rà soát hộ nghèo, áp dụng từ ngày {format_day(standing.valid_from)}"
            source = FactSource(words, f"standing:{standing.pk}", standing.valid_from)
            yield "poverty", _CLASSES[HouseholdClass(standing.household_class)], source
        if disability := self._disability(day):
            yield "disability", disability[0], disability[1]
        for condition in _on(self.conditions, day):
            if condition.kind == ConditionKind.HIV:
                words = condition.evidence or "Tình trạng đã ghi"
                yield "has_hiv", True, FactSource(words, f"condition:{condition.pk}", condition.valid_from)
        yield from self._of_place(day)
        yield from self._of_benefits(day, told)

    def _standing(self, day: date) -> HouseholdStanding | None:
        household = next((row.household_id for row in _on(self.memberships, day)), None)
        return next((row for row in _on(self.standings, day) if row.household_id == household), None)

    def _disability(self, day: date) -> tuple[DisabilityLevel, FactSource] | None:
        for certificate in _on(self.certificates, day):
            words = f"Giấy xác nhận khuyết tật số {certificate.number}, cấp ngày {format_day(certificate.issued_on)}"
            source = FactSource(words, f"certificate:{certificate.pk}", certificate.valid_from)
            return DisabilityLevel(certificate.level), source
        for condition in _on(self.conditions, day):
            if condition.kind == ConditionKind.DISABILITY and condition.level in set(DisabilityLevel):
                words = condition.evidence or "Tình trạng đã ghi"
                return DisabilityLevel(condition.level), FactSource(
                    words, f"condition:{condition.pk}", condition.valid_from
                )
        return None

    def _residence(self, day: date) -> Residence | None:
        return min(
            _on(self.residences, day),
            key=lambda row: RESIDENCE_ORDER.index(ResidenceKind(row.kind)),
            default=None,
        )

    def _of_place(self, day: date) -> Iterable[tuple[str, Any, FactSource]]:
        home = self._residence(day)
        in_force = _on(self.areas, day)
        # A decree on a commune that was absorbed says nothing of the new one: what is difficult there is decided anew.
        listed = [area for area in in_force if self.places.heirs(area.unit_id, day) == {area.unit_id}]
        if not listed or home is None:
            return
        heirs = self.places.heirs(home.unit_id, day)
        if len(heirs) != 1:
            return
        here = [area for area in listed if area.unit_id in heirs]
        if not here and any(heirs & self.places.heirs(area.unit_id, day) for area in in_force):
            return
        matching = [area for area in here if not area.hamlet or area.hamlet.casefold() == home.hamlet.casefold()]
        if matching:
            area = matching[0]
            source = FactSource(f"Nơi cư trú, theo {area.reference}", f"area:{area.pk}", area.valid_from)
            yield "lives_in_difficult_area", True, source
        elif not here or home.hamlet:
            words = "Nơi cư trú, không thuộc địa bàn đặc biệt khó khăn đã ghi"
            yield "lives_in_difficult_area", False, FactSource(words, f"residence:{home.pk}", home.valid_from)

    def _of_benefits(self, day: date, told: Mapping[str, Any]) -> Iterable[tuple[str, Any, FactSource]]:
        merit = self.amount_of(Programme.MERIT, month_of(day), _OTHER_BENEFITS)
        if merit is not None and merit > (told.get("other_benefit") or -1):
            yield "other_benefit", merit, FactSource("Trợ cấp ưu đãi người có công đang hưởng", "entitlements:merit")
        paid_until = load_parameter("social_assistance/social_pension:level").values[0].applied_from
        if told.get("pension_request") is None and day >= paid_until:
            month = month_of(paid_until - timedelta(days=1))
            if self.categories_of(month) & set(REPLACED):
                words = "Đang hưởng trợ cấp người cao tuổi khi chuyển sang trợ cấp hưu trí xã hội"
                yield "pension_request", PensionRequest.HANDED_OVER, FactSource(words, "entitlements:social", month)
        born = told.get("birth_date")
        if (
            told.get("received_as_orphan") is None
            and born
            and was_paid_at_sixteen(born.earliest, born.latest, self._paid_socially())
        ):
            words = "Đang hưởng trợ cấp trẻ em không có nguồn nuôi dưỡng khi đủ 16 tuổi"
            yield "received_as_orphan", True, FactSource(words, "entitlements:social")

    def _paid_socially(self) -> Iterable[PaidMonths]:
        for rate in self.rates:
            if rate.entitlement.programme == Programme.SOCIAL and rate.amount:
                codes = frozenset(str(line["code"]) for line in rate.basis.get("lines", ()))
                yield PaidMonths(codes, rate.first_month, rate.end_month)


def facts_of(person_id: int, on: date) -> PersonFacts:
    """Return what is known of a person on a day.

    Raises:
        KeyError: There is no such person.
    """
    return facts_of_many([person_id], on)[person_id]


def facts_of_many(person_ids: Iterable[int], on: date) -> dict[int, PersonFacts]:
    """Return what is known of many people on a day, with as many queries as for one."""
    return {pk: history.facts_on(on) for pk, history in histories_of(person_ids).items()}


def history_of(person_id: int) -> History:
    """Return everything dated of one person.

    Raises:
        KeyError: There is no such person.
    """
    return histories_of([person_id])[person_id]


def histories_of(person_ids: Iterable[int]) -> dict[int, History]:
    """Return everything dated of many people, with as many queries as for one."""
    ids = list(dict.fromkeys(person_ids))
    found = {person.pk: History(person) for person in Person.objects.filter(pk__in=ids)}
    if not found:
        return {}
    mine = Q(person_id__in=list(found))
    kept = Q(withdrawn_at=None)
    memberships = list(HouseholdMembership.objects.filter(mine).order_by("person_id", "-valid_from"))
    households = {row.household_id for row in memberships}
    standings = _by("household_id", HouseholdStanding.objects.filter(household_id__in=households).order_by("pk"))
    rows = {
        "residences": _by("person_id", Residence.objects.filter(mine).select_related("unit").order_by("pk")),
        "memberships": _by("person_id", memberships),
        "certificates": _by("person_id", DisabilityCertificate.objects.filter(mine & kept).order_by("-valid_from")),
        "conditions": _by("person_id", Condition.objects.filter(mine).order_by("pk")),
        "circumstances": _by("person_id", Circumstance.objects.filter(mine & kept).order_by("pk")),
        "claims": _by("person_id", MeritClaim.objects.filter(mine & kept).order_by("valid_from", "pk")),
    }
    rates: dict[int, list[EntitlementRate]] = defaultdict(list)
    current = EntitlementRate.objects.filter(entitlement__person_id__in=list(found), superseded_at=None)
    for rate in current.select_related("entitlement").order_by("entitlement_id", "first_month"):
        rates[rate.entitlement.person_id].append(rate)
    areas = list(DifficultArea.objects.select_related("unit").order_by("pk"))
    places = _places_of([*(row for one in rows["residences"].values() for row in one), *areas])
    for pk, history in found.items():
        for name, by_person in rows.items():
            setattr(history, name, by_person.get(pk, ()))
        history.standings = [row for one in history.memberships for row in standings.get(one.household_id, ())]
        history.rates, history.areas, history.places = rates.get(pk, ()), areas, places
    return found


def _places_of(rows: Iterable[Residence | DifficultArea]) -> Successions:
    """Read what followed the places of some rows; nothing is asked where all of them are still there."""
    return units.successions() if any(row.unit.valid_until is not None for row in rows) else NO_SUCCESSIONS


def _by(name: str, rows: Iterable[Model]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _on(rows: Sequence[Any], day: date) -> list[Any]:
    return [row for row in rows if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)]


def _covers(rate: EntitlementRate, month: date) -> bool:
    return rate.first_month <= month and (rate.end_month is None or month < rate.end_month)


def _fields(facts: PersonFacts) -> Iterable[tuple[str, Any]]:
    return ((name, getattr(facts, name)) for name in FIELDS)
