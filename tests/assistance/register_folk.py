"""People of every kind with dated records of every kind, for tests that go through the whole register."""

import random
from datetime import date, timedelta

from lienthong.assistance.models import Circumstance
from lienthong.people.models import Condition, Household, HouseholdMembership, Person, Residence
from lienthong.people.states import BirthPrecision, ConditionKind, HouseholdRelation, ResidenceKind, Sex
from lienthong.poverty.models import HouseholdStanding
from lienthong.poverty.states import HouseholdClass
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.facts import Category
from lienthong.units.models import AdministrativeUnit
from tests.factories.accounts import UserFactory
from tests.factories.assistance import (
    DifficultAreaFactory,
    DisabilityCertificateFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    MeritClaimFactory,
)
from tests.factories.people import PersonFactory
from tests.factories.units import AdministrativeUnitFactory

ON = date(2026, 11, 16)
_CHOICES = {
    "marital": ["never_married", "married", "widowed"],
    "father": ["caring", "dead", "detained"],
    "mother": ["caring", "dead"],
    "has_supporter": [True, False],
    "pension": [0, 0, 450_000, 3_000_000],
    "other_benefit": [0, 800_000],
    "pension_request": ["none", "written"],
    "care": ["none", "household", "taken_in"],
    "is_studying": [True, False],
    "has_stable_income": [True, False],
    "children": [[], [{"birth_date": "2020-05-01"}], [{"birth_date": "2012"}, {"birth_date": "2024-03", "is_studying": False}]],
    "merit.lives_at_home": [True, False],
    "poverty": ["poor", "other"],
    "birth_date": ["1944", "03/1950"],
    "received_as_orphan": [False],
}  # fmt: skip


def settle(count: int, seed: int, *, units: list[AdministrativeUnit] | None = None) -> list[Person]:
    """Make so many people with a few records each, the same for the same seed."""
    chance = random.Random(seed)
    clerk = UserFactory()
    units = units or [AdministrativeUnitFactory(), AdministrativeUnitFactory()]
    DifficultAreaFactory(unit=units[0], hamlet="Xóm Nà Mạ")
    DifficultAreaFactory(unit=units[-1], valid_from=date(2020, 1, 1), valid_until=date(2024, 1, 1))
    people = []
    for place in range(count):
        age = chance.choice([1, 2, 7, 15, 17, 30, 40, 64, 70, 74, 75, 76, 80, 88])
        born = ON - timedelta(days=int(age * 365.25) + chance.randint(0, 364))
        person = PersonFactory(
            sex=chance.choice([Sex.MALE, Sex.FEMALE, Sex.UNKNOWN]),
            birth_on=chance.choice([born, born, born, None]),
            birth_precision=chance.choice(
                [BirthPrecision.DAY, BirthPrecision.DAY, BirthPrecision.MONTH, BirthPrecision.YEAR]
            ),
            ethnicity=chance.choice(["Kinh", "Tày", "Nùng", ""]),
        )
        people.append(person)
        unit = chance.choice(units)
        if chance.random() < 0.9:
            Residence.objects.create(
                person=person,
                unit=unit,
                kind=chance.choice([ResidenceKind.PERMANENT, ResidenceKind.CURRENT]),
                hamlet=chance.choice(["Xóm Nà Mạ", "xóm nà mạ", "Xóm 2", ""]),
                valid_from=date(2020, 1, 1),
                valid_until=chance.choice([None, None, None, date(2026, 1, 1)]),
            )
        if chance.random() < 0.3:
            Residence.objects.create(
                person=person,
                unit=chance.choice(units),
                kind=ResidenceKind.TEMPORARY,
                hamlet="Xóm Nà Mạ",
                valid_from=date(2026, 2, 1),
            )
        Person.objects.filter(pk=person.pk).update(unit=unit)
        if chance.random() < 0.7:
            household = Household.objects.create(code=f"H{seed}-{place}", unit=unit, valid_from=date(2020, 1, 1))
            HouseholdMembership.objects.create(
                household=household, person=person, relation=HouseholdRelation.HEAD, valid_from=date(2020, 1, 1)
            )
            if chance.random() < 0.7:
                HouseholdStanding.objects.create(
                    household=household,
                    household_class=chance.choice(list(HouseholdClass)),
                    source="Danh sách",
                    valid_from=date(2025, 1, 1),
                    valid_until=chance.choice([None, None, date(2026, 3, 1)]),
                )
        if chance.random() < 0.3:
            DisabilityCertificateFactory(person=person, level=chance.choice(list(DisabilityLevel)), recorded_by=clerk)
        if chance.random() < 0.2:
            Condition.objects.create(
                person=person,
                kind=chance.choice(list(ConditionKind)),
                level=chance.choice(["", "severe", "mild"]),
                valid_from=date(2024, 1, 1),
            )
        for name in chance.sample(list(_CHOICES), chance.randint(0, 6)):
            Circumstance.objects.create(
                person=person,
                name=name,
                value=chance.choice(_CHOICES[name]),
                valid_from=date(2025, 1, 1),
                evidence="Biên bản",
                valid_until=chance.choice([None, None, None, date(2026, 6, 1)]),
                recorded_by=clerk,
                recorded_at=person_recorded(),
            )
        if chance.random() < 0.1:
            MeritClaimFactory(
                person=person,
                category=chance.choice([Category.WAR_INVALID, Category.SICK_SOLDIER, Category.HEROIC_MOTHER]),
                prepared_by=clerk,
            )
        if chance.random() < 0.15:
            _receives(person, unit, chance)
    return people  # fmt: skip


def person_recorded() -> object:
    from tests.factories.assistance import RECORDED_AT

    return RECORDED_AT


def _receives(person: Person, unit: AdministrativeUnit, chance: random.Random) -> None:
    programme, benefit = chance.choice(
        [("social-assistance", "personal"), ("merit", "monthly"), ("merit", "extra"), ("merit", "study")]
    )
    code = chance.choice(["disability", "child_without_care", "elderly_without_pension", "social_pension"])
    first = chance.choice([date(2024, 7, 1), date(2026, 8, 1)])
    entitlement = EntitlementFactory(person=person, unit=unit, programme=programme, benefit=benefit, first_month=first)
    amount = chance.choice([0, 540_000, 2_500_000])
    EntitlementRateFactory(
        entitlement=entitlement,
        amount=amount,
        basis={"category": code, "lines": [{"code": code, "amount": amount, "words": code}]},
    )
