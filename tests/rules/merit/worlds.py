"""People with merit of every kind for property tests."""

import random
from typing import Any

from lienthong.kernel.days import BirthDate
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.facts import (
    CLAIM_FLAGS,
    PERSON_FLAGS,
    Category,
    MeritClaim,
    MeritFacts,
    Relation,
    School,
    Suspension,
)

RATES = [0, 4, 5, 10, 11, 15, 16, 20, 21, 40, 41, 50, 51, 60, 61, 70, 71, 80, 81, 90, 91, 99, 100]
BIRTHS = [
    "1940",
    "03/2006",
    "2006",
    "2007-07-01",
    "2008-07-01",
    "2008-07-02",
    "2006-06-30",
    "2004-02-29",
    "2015",
    "1990",
]


def random_people(seed: int, size: int, *, unknown: float) -> list[MeritFacts]:
    chance = random.Random(seed)

    def maybe(value: Any) -> Any:
        return None if chance.random() < unknown else value

    def flag() -> bool | None:
        return maybe(chance.random() < 0.5)

    def claim() -> MeritClaim:
        return MeritClaim(
            category=chance.choice(list(Category)),
            relation=maybe(chance.choice(list(Relation))),
            rate=maybe(chance.choice(RATES)),
            seniority_units=maybe(chance.randint(0, 20)),
            resistance_months=maybe(chance.choice([0, 1, 5, 6, 11, 12, 17, 18, 100, 360])),
            number_of_martyrs=maybe(chance.randint(1, 5)),
            origin=chance.choice([None, None, "A", "B"]),
            **{name: flag() for name in CLAIM_FLAGS},
        )

    return [
        MeritFacts(
            claims=tuple(claim() for _ in range(chance.choice([0, 1, 1, 1, 1, 2, 3, 4]))),
            birth_date=maybe(BirthDate.parse(chance.choice(BIRTHS))),
            school=maybe(chance.choice(list(School))),
            disability=maybe(chance.choice(list(DisabilityLevel))),
            monthly_income=maybe(
                chance.choice([0, 974_400, 1_232_999, 1_233_000, 1_673_399, 1_673_400, 1_807_200, 5_000_000])
            ),
            suspension=chance.choice([*[None] * 15, *Suspension]),
            **{name: flag() for name in PERSON_FLAGS},
        )
        for _ in range(size)
    ]


def survivors(seed: int, size: int) -> list[MeritFacts]:
    """People with several claims as relatives, all of which hold: what may stand beside what decides."""
    chance = random.Random(seed)
    groups = [
        Category.RELATIVE_OF_ACTIVIST_BEFORE_1945,
        Category.RELATIVE_OF_ACTIVIST_OF_1945,
        Category.RELATIVE_OF_MARTYR,
        Category.RELATIVE_OF_WAR_INVALID,
        Category.RELATIVE_OF_SICK_SOLDIER,
        Category.RELATIVE_OF_AGENT_ORANGE_RESISTER,
    ]
    return [
        MeritFacts(
            claims=tuple(
                MeritClaim(
                    category=chance.choice(groups), relation=Relation.SPOUSE, rate=61, has_died=True,
                    died_while_receiving=True, number_of_martyrs=chance.choice([1, 1, 1, 2]),
                    origin=chance.choice([None, "A", "B", "C"]),
                )
                for _ in range(chance.randint(1, 5))
            ),
            is_lonely=chance.random() < 0.5, has_reached_pension_age=True, school=School.NONE,
        )
        for _ in range(size)
    ]  # fmt: skip
