"""Households of invented people: who lives with whom, how old, of which sex and ethnic group."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from lienthong.ops.invented import vocabulary
from lienthong.ops.invented.communes import Communes
from lienthong.ops.invented.vocabulary import Flags, Whole

SIZES = np.array([0.10, 0.18, 0.22, 0.27, 0.13, 0.07, 0.03])
PEOPLE_PER_HOUSEHOLD = 3.42
THIS_YEAR = 2025
OLDEST = 104


class Place(IntEnum):
    """Place in a household. Quan hệ với chủ hộ."""

    HEAD = 0
    SPOUSE = 1
    CHILD = 2
    PARENT = 3
    GRANDCHILD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Households:
    """Households, and their people one after the other, the head first.

    Attributes:
        commune: Commune of each household, by its place in the old communes.
        group: Ethnic group of each household, by its place in the vocabulary.
        size: People in each household.
        head: Row of the head of each household.
        of: Household of each person.
        place: ``Place`` of each person in it.
        female: Whether each person is a woman.
        born: Year of birth of each person.
        person_group: Ethnic group of each person.
    """

    commune: Whole
    group: Whole
    size: Whole
    head: Whole
    of: Whole
    place: Whole
    female: Flags
    born: Whole
    person_group: Whole


def invent_households(rng: np.random.Generator, count: int, *, communes: Communes) -> Households:
    """Invent households of at least about so many people."""
    many = int(count / PEOPLE_PER_HOUSEHOLD) + 50
    size = rng.choice(np.arange(1, len(SIZES) + 1), many, p=SIZES)
    commune = rng.choice(len(communes), many, p=communes.share)
    group = np.where(rng.random(many) < communes.minorities[commune], _minorities(rng, many), 0)
    of, head = np.repeat(np.arange(many), size), np.cumsum(size) - size
    position = np.arange(len(of)) - head[of]
    place = _places(rng, position)
    age_of_head = np.clip(rng.normal(49, 15, many), 19, 96).astype(np.int64)
    led_by_woman = rng.random(many) < 0.27
    age, place = _ages(rng, place, age_of_head[of], led_by_woman[of])
    female = rng.random(len(of)) < 0.495
    female = np.select([place == Place.HEAD, place == Place.SPOUSE], [led_by_woman[of], ~led_by_woman[of]], female)
    return Households(
        commune=commune, group=group, size=size, head=head, of=of, place=place, female=female,
        born=THIS_YEAR - np.floor(age).astype(np.int64),
        person_group=_with_mixed_marriages(rng, group[of], place, communes.minorities[commune[of]]),
    )  # fmt: skip


def _minorities(rng: np.random.Generator, count: int) -> Whole:
    shares = vocabulary.ethnic_groups()[1][1:]
    return 1 + rng.choice(len(shares), count, p=shares / shares.sum())


def _places(rng: np.random.Generator, position: Whole) -> Whole:
    place = np.full(len(position), int(Place.CHILD))
    place[position == 0] = Place.HEAD
    place[(position == 1) & (rng.random(len(position)) < 0.82)] = Place.SPOUSE
    chance, others = rng.random(len(position)), place == Place.CHILD
    place[others & (chance < 0.08)] = Place.PARENT
    place[others & (chance > 0.86)] = Place.GRANDCHILD
    return place


def _ages(rng: np.random.Generator, place: Whole, head: Whole, led_by_woman: Flags) -> tuple[np.ndarray, Whole]:
    """Give everybody an age that fits the head's; who cannot have the place he was given takes another one."""
    count = len(place)
    between = 19 + rng.gamma(4, 2.2, count)
    spouse = head + rng.normal(0, 4, count) - np.where(led_by_woman, -3, 3)
    grandchild = head - between - 19 - rng.gamma(4, 2.2, count)
    place = np.where((place == Place.GRANDCHILD) & (grandchild < 0), Place.CHILD, place)
    place = np.where((place == Place.CHILD) & (head - between < 0), Place.PARENT, place)
    too_old = (place == Place.PARENT) & (head + between > OLDEST - 1)
    age = np.select(
        [place == Place.HEAD, place == Place.SPOUSE, place == Place.GRANDCHILD, too_old, place == Place.PARENT],
        [head, np.maximum(spouse, 18), grandchild, np.maximum(head - 25, 1), head + between],
        head - between,
    )
    return np.clip(age, 0, OLDEST), np.where(too_old, Place.CHILD, place)


def _with_mixed_marriages(rng: np.random.Generator, group: Whole, place: Whole, minorities: np.ndarray) -> Whole:
    mixed = np.flatnonzero((place == Place.SPOUSE) & (rng.random(len(group)) < 0.15))
    chosen = np.where(rng.random(len(mixed)) < minorities[mixed], _minorities(rng, len(mixed)), 0)
    found = group.copy()
    found[mixed] = chosen
    return found
