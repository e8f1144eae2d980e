"""An invented population in the communes as they were, moved on by the mergers of 2025."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from lienthong.ops.demo import names
from lienthong.people.services.bulk import (
    HouseholdColumns,
    MembershipColumns,
    NumberColumns,
    PersonColumns,
    Population,
    ResidenceColumns,
    bulk_load_people,
)
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit

Whole = NDArray[np.int64]
Days = NDArray[np.datetime64]

REGISTER_OPENS = np.datetime64("2020-03-01", "D")
MERGER = np.datetime64("2025-07-01", "D")
NEVER = np.datetime64("NaT", "D")
HOUSEHOLD_SIZES = np.array([0.10, 0.18, 0.22, 0.27, 0.13, 0.07, 0.03])
PEOPLE_PER_HOUSEHOLD = 3.42
HAMLETS_OF_A_COMMUNE = 12
CROWD = 25
DEAD_SHARE = 0.012
YEAR_ONLY_SHARE = 0.006
OLD_CARD_SHARE = 0.85
# Serials of personal numbers from here on belong to the demo province: no office gives them out in this order.
FIRST_SERIAL = 900_000
PROVINCES_OF_BIRTH = {"019": 86.0, "006": 4.0, "004": 2.0, "020": 2.0, "001": 2.0, "024": 2.0, "034": 2.0}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as the register opened, and what became of it.

    Attributes:
        stages: The rows it went through until the merger of 2025: id, and the day on which the row ended.
        successors: Ids of what it became then; two where it was divided.
        is_crowded: Whether many people live there.
    """

    stages: tuple[tuple[int, date], ...]
    successors: tuple[int, ...]
    is_crowded: bool = False


def load_population(
    count: int, *, today: date, seed: int, now: datetime, crowded: Collection[int] = frozenset()
) -> None:
    """Invent people in all communes of both provinces and write them. The database holds the places already.

    Args:
        count: How many people.
        today: Day on which ages and communes are as they are.
        seed: The same seed, day and count give the same people.
        now: When they are written.
        crowded: Ids of communes, of now or of then, in which most of the people live, so that few people make full desks.
    """
    communes = [_line_of(unit, crowded) for unit in units.communes_on(REGISTER_OPENS.item())]
    population = invent_population(count, communes=communes, today=today, seed=seed)
    bulk_load_people(population, source="dữ liệu minh họa", acting_user_id=None, now=now)


def _line_of(unit: AdministrativeUnit, crowded: Collection[int]) -> Commune:
    """Follow a commune from the opening of the register through every change up to the merger of 2025."""
    merged_on: date = MERGER.item()
    stages = []
    while unit.valid_until is not None and unit.valid_until <= merged_on:
        stages.append((unit.pk, unit.valid_until))
        if unit.valid_until == merged_on:
            break
        unit = units.descendants_on(unit, unit.valid_until)[0].unit
    heirs = tuple(one.unit.pk for one in units.descendants_on(unit, merged_on))
    is_crowded = heirs[0] in crowded or any(unit_id in crowded for unit_id, _until in stages)
    return Commune(tuple(stages), heirs, is_crowded)


def invent_population(count: int, *, communes: list[Commune], today: date, seed: int) -> Population:
    """Invent people in households.

    Args:
        count: How many people.
        communes: The communes as the register opened, with what became of them.
        today: Day on which ages are as they are.
        seed: The same seed, day and count give the same people.

    Returns:
        Columns for ``people.services.bulk``: each person with one personal number, a household, and a residence in
        every row that their commune went through. Where a commune was divided, the hamlet decides where they belong now.
    """
    rng = np.random.default_rng([seed, count])
    now = np.datetime64(today, "D")
    household, position = _households(rng, count)
    many = int(household[-1]) + 1
    weight = rng.lognormal(0, 0.55, len(communes)) * np.array([CROWD if one.is_crowded else 1 for one in communes])
    commune = np.sort(rng.choice(len(communes), many, p=weight / weight.sum()))
    hamlet = rng.integers(1, HAMLETS_OF_A_COMMUNE + 1, many)
    female, born, relation = _family(rng, household, position, now)
    groups = _groups(rng, communes, commune)[household]
    family = names.surnames(rng, groups)
    head = np.flatnonzero(position == 0)[household]
    family = np.where((position > 1) | (rng.random(count) < 0.02), family[head], family)
    years = born.astype("datetime64[Y]").astype(np.int64) + 1970
    year_only = (rng.random(count) < YEAR_ONLY_SHARE) & (years < 1960)
    born = np.where(year_only, born.astype("datetime64[Y]").astype("datetime64[D]"), born)
    died = _deaths(rng, years, now)
    old_card = np.flatnonzero((years < 2006) & (rng.random(count) < OLD_CARD_SHARE))
    everyone = np.arange(count)
    start = np.maximum(REGISTER_OPENS, born)
    return Population(
        people=PersonColumns(
            full_name=names.full_names(rng, family, female, years),
            sex=np.where(female, "female", "male").tolist(),
            birth_on=born,
            birth_precision=np.where(year_only, "year", "day").tolist(),
            ethnicity=groups.tolist(),
            died_on=died,
            phone=_phones(rng, years),
        ),
        numbers=NumberColumns(
            person=np.r_[everyone, old_card],
            kind=["personal_id"] * count + ["old_id_card"] * len(old_card),
            number=[*_personal_numbers(rng, years, female), *_old_numbers(rng, len(old_card))],
            issued_on=np.full(count + len(old_card), NEVER),
            issued_by=[""] * (count + len(old_card)),
            valid_from=np.r_[
                np.maximum(born, np.datetime64("2016-01-01", "D")), born[old_card] + np.timedelta64(16 * 365, "D")
            ],
            valid_until=np.r_[np.full(count, NEVER), np.full(len(old_card), np.datetime64("2025-01-01", "D"))],
        ),
        residences=_residences(everyone, start, commune[household], hamlet[household], communes),
        households=HouseholdColumns(
            code=[f"HGD{number:08d}" for number in range(many)],
            unit=_after(commune, hamlet, communes),
            hamlet=[f"Xóm {number}" for number in hamlet.tolist()],
            valid_from=np.full(many, REGISTER_OPENS),
            valid_until=np.full(many, NEVER),
        ),
        memberships=MembershipColumns(
            household=household,
            person=everyone,
            relation=relation.tolist(),
            valid_from=start,
            valid_until=np.full(count, NEVER),
        ),
    )


def _households(rng: np.random.Generator, count: int) -> tuple[Whole, Whole]:
    """Return for each person the household and the place in it; the first is the head."""
    sizes = rng.choice(
        np.arange(1, len(HOUSEHOLD_SIZES) + 1), int(count / PEOPLE_PER_HOUSEHOLD * 1.2) + 20, p=HOUSEHOLD_SIZES
    )
    household = np.repeat(np.arange(len(sizes)), sizes)[:count]
    first = np.searchsorted(household, household)
    return household, np.arange(count) - first


def _family(
    rng: np.random.Generator, household: Whole, position: Whole, now: np.datetime64
) -> tuple[NDArray[np.bool_], NDArray[np.datetime64], NDArray[np.str_]]:
    """Return sex, birth and relation: a head, a spouse, children; the fifth and later may be parents of the head."""
    count = len(household)
    head_age = np.clip(rng.normal(49, 15, int(household[-1]) + 1), 19, 96)[household]
    head_female = (rng.random(int(household[-1]) + 1) < 0.27)[household]
    has_spouse = (rng.random(int(household[-1]) + 1) < 0.85)[household]
    parent = (position >= 4) & (head_age < 60)
    relation = np.select(
        [position == 0, (position == 1) & has_spouse, parent], ["head", "spouse", "parent"], default="child"
    )
    gap = 19 + rng.gamma(4, 2.2, count)
    age = np.select(
        [relation == "head", relation == "spouse", relation == "parent"],
        [head_age, np.clip(head_age + rng.normal(0, 4, count), 18, 99), head_age + gap],
        default=np.clip(head_age - gap, 0.05, 80),
    )
    age = np.clip(age, 0.05, 103)
    female = np.select(
        [relation == "head", relation == "spouse"], [head_female, ~head_female], default=rng.random(count) < 0.49
    )
    born = now - np.ceil(age * 365.25).astype("timedelta64[D]")
    return female.astype(bool), born, relation


def _groups(rng: np.random.Generator, communes: list[Commune], commune: Whole) -> NDArray[np.object_]:
    """Draw the ethnic group of each household: minorities live together, so their share differs by commune."""
    words, numbers = names.ethnic_groups()
    minority = np.clip(rng.beta(0.55, 1.25, len(communes)), 0.01, 0.97)
    minority *= (1 - numbers[0]) / minority.mean()
    is_minority = rng.random(len(commune)) < np.clip(minority, 0.005, 0.97)[commune]
    drawn = words[1:][rng.choice(len(words) - 1, len(commune), p=numbers[1:] / numbers[1:].sum())]
    return np.where(is_minority, drawn, words[0])


def _deaths(rng: np.random.Generator, years: Whole, now: np.datetime64) -> NDArray[np.datetime64]:
    dead = (rng.random(len(years)) < DEAD_SHARE * 4) & (years < 1955)
    days = now - rng.integers(20, 4 * 365, len(years)).astype("timedelta64[D]")
    return np.where(dead, days, NEVER)


def _phones(rng: np.random.Generator, years: Whole) -> list[str]:
    """Give most grown-ups a number of the range 0900 0xx xxx, which is not in use."""
    serials = rng.integers(0, 100_000, len(years))
    has = (years < 2010) & (rng.random(len(years)) < 0.8)
    return [f"09000{serial:05d}" if yes else "" for serial, yes in zip(serials.tolist(), has.tolist(), strict=True)]


def _personal_numbers(rng: np.random.Generator, years: Whole, female: NDArray[np.bool_]) -> list[str]:
    """Give each person a number of their own that fits province, century, sex and year."""
    words, shares = names.shares(PROVINCES_OF_BIRTH)
    province = words[rng.choice(len(words), len(years), p=shares)].astype(str)
    century_and_sex = np.where(years >= 2000, 2, 0) + female
    beginning = np.char.add(
        np.char.add(province, century_and_sex.astype(str)), np.char.zfill((years % 100).astype(str), 2)
    )
    _, place, counts = np.unique(beginning, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    rank = np.empty(len(years), dtype=np.int64)
    rank[order] = np.arange(len(years)) - np.repeat(np.cumsum(counts) - counts, counts)
    serials = np.char.zfill((FIRST_SERIAL + rank).astype(str), 6)
    numbers: list[str] = np.char.add(beginning, serials).tolist()
    return numbers


def _old_numbers(rng: np.random.Generator, count: int) -> list[str]:
    start = 90_000_000 + int(rng.integers(0, 1_000))
    return [f"{number:09d}" for number in range(start, start + count)]


def _residences(
    everyone: Whole, start: NDArray[np.datetime64], commune: Whole, hamlet: Whole, communes: list[Commune]
) -> ResidenceColumns:
    """Return where people lived: until the merger in the old commune, from it on in what that became."""
    hamlets = np.array([f"Xóm {number}" for number in hamlet.tolist()], dtype=object)
    parts = list(_before(start, commune, communes))
    parts.append(
        (everyone, _after(commune, hamlet, communes), np.maximum(start, MERGER), np.full(len(everyone), NEVER))
    )
    person = np.concatenate([part[0] for part in parts])
    begins, source = np.concatenate([part[2] for part in parts]), np.full(len(person), "khai báo cư trú", dtype=object)
    moved = begins > start[person]
    source[moved] = [f"sáp nhập {year}" for year in (begins[moved].astype("datetime64[Y]").astype(int) + 1970).tolist()]
    return ResidenceColumns(
        person=person,
        kind=["permanent"] * len(person),
        unit=np.concatenate([part[1] for part in parts]),
        hamlet=hamlets[person].tolist(),
        address=[""] * len(person),
        valid_from=begins,
        valid_until=np.concatenate([part[3] for part in parts]),
        source=source.tolist(),
    )


def _before(start: Days, commune: Whole, communes: list[Commune]) -> Iterator[tuple[Whole, Whole, Days, Days]]:
    """Yield who lived where before the merger, row by row of the communes' lives: person, unit, from, until."""
    began = np.full(len(commune), REGISTER_OPENS)
    for place in range(max(len(one.stages) for one in communes)):
        stages = [one.stages[place] if place < len(one.stages) else (0, None) for one in communes]
        unit = np.array([unit_id for unit_id, _until in stages])[commune]
        until = np.array([day for _unit_id, day in stages], dtype="datetime64[D]")[commune]
        rows = np.flatnonzero((unit > 0) & (start < until))
        yield rows, unit[rows], np.maximum(start, began)[rows], until[rows]
        began = until


def _after(commune: Whole, hamlet: Whole, communes: list[Commune]) -> Whole:
    """Return the commune after the merger; in a divided one the lower half of the hamlets went to the first successor."""
    first = np.array([one.successors[0] for one in communes])[commune]
    second = np.array([one.successors[-1] for one in communes])[commune]
    return np.where(hamlet <= HAMLETS_OF_A_COMMUNE // 2, first, second)
