"""Persons of every kind for property tests, and everything that unknown facts may turn out to be."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from lienthong.kernel.days import BirthDate, DatePrecision, add_months
from lienthong.kernel.identity import Sex
from lienthong.kernel.money import Dong
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance.facts import (
    AMOUNTS,
    CHOICES,
    FLAGS,
    MOST_CHILDREN,
    WITHOUT_SPOUSE,
    Care,
    ChildFacts,
    MaritalState,
    ParentState,
    PensionRequest,
    PersonFacts,
    PovertyStanding,
)

# On each side of every change of the law, and 29 February.
DAYS = (
    date(2021, 7, 1), date(2023, 3, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 6, 30), date(2024, 7, 1),
    date(2025, 2, 28), date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 10, 4),
    date(2026, 11, 15), date(2028, 2, 29),
)  # fmt: skip
KNOWN = (date(2026, 10, 4), date(2026, 10, 5), date(2030, 1, 1))
EDGES = (0, 3, 4, 10, 16, 22, 60, 70, 75, 80)
AMOUNTS_OF_INTEREST = (0, 0, 0, 1, 359_999, 360_000, 499_999, 500_000, 540_000, 810_000, 900_000, 2_789_000)
ORDINARY = PersonFacts(
    sex=Sex.FEMALE, poverty=PovertyStanding.OTHER, disability=DisabilityLevel.NONE, is_abandoned=False,
    father=ParentState.CARING, mother=ParentState.CARING, received_as_orphan=False, is_studying=False, has_hiv=False,
    marital=MaritalState.MARRIED, children=(), has_supporter=True, supporter_receives_allowance=False,
    lives_in_difficult_area=False, pension=Dong(0), other_benefit=Dong(0), has_stable_income=False,
    in_institution=False, eligible_for_institution=False, care=Care.NONE, is_pregnant=False,
    spouse_receives_care_support=False, pension_request=PensionRequest.NONE,
)  # fmt: skip


def random_birth(chance: random.Random, on: date, *, partial: float) -> BirthDate:
    """Near an age that matters more often than not."""
    if chance.random() < 0.6:
        day = add_months(on, -12 * chance.choice(EDGES)) + timedelta(days=chance.choice((-366, -1, 0, 0, 1, 200)))
        day = date(day.year, 2, 29) if day.year % 4 == 0 and chance.random() < 0.05 else day
    else:
        day = on - timedelta(days=chance.randrange(36_000))
    precision = DatePrecision.DAY
    if chance.random() < partial:
        precision = chance.choice((DatePrecision.MONTH, DatePrecision.YEAR))
    return BirthDate(day, precision)


def random_person(chance: random.Random, on: date, *, unknown: float = 0.0, partial: float = 0.0) -> PersonFacts:
    """Invent a person; each fact is unknown with this probability, each date of birth only partly known with that."""

    def maybe(make: Callable[[], Any]) -> Any:
        return None if chance.random() < unknown else make()

    def child() -> ChildFacts:
        return ChildFacts(
            birth_date=maybe(lambda: random_birth(chance, on, partial=partial)),
            is_studying=maybe(lambda: chance.random() < 0.5),
        )

    flags = {name: maybe(lambda: chance.random() < 0.35) for name in FLAGS}
    flags["in_institution"] = maybe(lambda: chance.random() < 0.08)
    choices = {name: maybe(lambda kind=kind: chance.choice(list(kind))) for name, kind in CHOICES.items()}
    amounts = {name: maybe(lambda: Dong(chance.choice(AMOUNTS_OF_INTEREST))) for name in AMOUNTS}
    return PersonFacts(
        birth_date=maybe(lambda: random_birth(chance, on, partial=partial)),
        children=maybe(lambda: tuple(child() for _ in range(chance.choice((0, 0, 1, 1, 2, 3))))),
        **flags, **choices, **amounts,
    )  # fmt: skip


def forget(chance: random.Random, facts: PersonFacts, count: int) -> PersonFacts:
    """Make so many facts of a person unknown."""
    names = chance.sample([one.name for one in fields(PersonFacts) if one.name != "sex"], count)
    return replace(facts, **dict.fromkeys(names))


def possible_births(birth: BirthDate | None, on: date) -> Sequence[BirthDate]:
    """Give a day of birth for each side of each edge that is possible."""
    edges = {add_months(on, -12 * years) + timedelta(days=one) for years in EDGES for one in (0, 1)}
    edges |= {on, add_months(on, -12 * 100)}
    if birth is not None:
        edges |= {birth.earliest, birth.latest}
        edges = {day for day in edges if birth.earliest <= day <= birth.latest}
    return [BirthDate(day) for day in sorted(edges) if day <= on] or [BirthDate(max(edges))]


def possible_children(facts: PersonFacts, on: date, *, is_young: bool) -> Sequence[tuple[ChildFacts, ...]]:
    if facts.children is None:
        infant = ChildFacts(birth_date=BirthDate(on), is_studying=False)
        child = ChildFacts(birth_date=BirthDate(add_months(on, -120)), is_studying=False)
        several = ((), (infant,), (child,), (infant, infant), (infant,) * MOST_CHILDREN, (child,) * MOST_CHILDREN)
        return ((),) if is_young else several
    each = [
        [
            ChildFacts(birth_date=birth, is_studying=studying)
            for birth in possible_births(child.birth_date, on)
            for studying in ((False, True) if child.is_studying is None else (child.is_studying,))
        ]
        for child in facts.children
    ]
    return list(product(*each))


def domains(facts: PersonFacts, birth: BirthDate, on: date) -> dict[str, Sequence[Any]]:
    """Give what each fact may be for somebody born on a day: one value where it is known."""
    age = on.year - birth.day.year - ((on.month, on.day) < (birth.day.month, birth.day.day))
    found: dict[str, Sequence[Any]] = dict.fromkeys(FLAGS, (False, True))
    found |= {name: list(kind) for name, kind in CHOICES.items()}
    found["sex"] = [facts.sex]
    found |= dict.fromkeys(AMOUNTS, (0, 1, 500_000, 900_000, 2**50))
    if facts.sex is Sex.MALE or age < 10 or age >= 60:
        found["is_pregnant"] = (False,)
    if facts.marital in WITHOUT_SPOUSE:
        found["spouse_receives_care_support"] = (False,)
    found = {
        name: values if getattr(facts, name) is None else (getattr(facts, name),) for name, values in found.items()
    }
    found["children"] = possible_children(facts, on, is_young=age < 10)
    return found


def completions(facts: PersonFacts, on: date) -> Iterator[PersonFacts]:
    """Yield everything that the unknown facts may turn out to be."""
    for birth in possible_births(facts.birth_date, on):
        named = domains(facts, birth, on)
        for values in product(*named.values()):
            yield replace(facts, birth_date=birth, **dict(zip(named, values, strict=True)))


def random_completion(chance: random.Random, facts: PersonFacts, on: date) -> PersonFacts:
    """Give one of the things that the unknown facts may turn out to be."""
    birth = chance.choice(possible_births(facts.birth_date, on))
    chosen = {name: chance.choice(values) for name, values in domains(facts, birth, on).items()}
    return replace(facts, birth_date=birth, **chosen)
