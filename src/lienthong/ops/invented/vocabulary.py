"""All names that invented people may bear: the tables of the demo province and their long tail."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lienthong.ops.demo import names
from lienthong.rules.parameters import load_yaml

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.object_]

GENERATIONS = 5
YEARS_OF_A_GENERATION = 17
OLDEST_GENERATION_ENDS = 1945
TASTE_OF_A_GENERATION = 0.7
HIGHLAND_GROUPS = ("Dao", "Hmông")
HIGHLAND_NAMES = 0.42


@cache
def tail() -> dict[str, Any]:
    """Return what ``names.yaml`` adds to the tables of the demo province."""
    content: dict[str, Any] = load_yaml(Path(__file__).with_name("names.yaml"))
    return content


@cache
def ethnic_groups() -> names.Shares:
    """Return the ethnic groups, the largest first, with their shares of the province."""
    return names.ethnic_groups()


@cache
def surnames_of(group: str) -> names.Shares:
    """Return the surnames of an ethnic group with their shares."""
    return names.shares({**names.tables()["surnames"][group], **tail()["surnames"].get(group, {})})


@cache
def middle_names(sex: str, generation: str) -> names.Shares:
    """Return the middle names of a sex (male, female) and a generation (older, younger); an empty one is none."""
    table = f"{sex}_{generation}"
    return names.shares({**names.tables()["middle_names"][table], **tail()["middle_names"][table]})


@cache
def given_names(sex: str) -> list[str]:
    """Return the given names of a sex, the most common first."""
    return [*names.tables()["given_names"][sex], *tail()["given_names"][sex]]


def draw_surnames(rng: np.random.Generator, groups: Whole) -> Words:
    """Draw a surname for each ethnic group, given by its place in ``ethnic_groups``."""
    drawn = np.empty(len(groups), dtype=object)
    for place, group in enumerate(ethnic_groups()[0]):
        here = np.flatnonzero(groups == place)
        drawn[here] = _draw(rng, surnames_of(group), len(here))
    return drawn


def draw_middle_names(rng: np.random.Generator, female: Flags, born: Whole) -> Words:
    """Draw middle names; the younger somebody is, the likelier a middle name of the younger generation."""
    younger = rng.random(len(born)) < np.clip((born - 1962) / 48, 0, 1)
    drawn = np.empty(len(born), dtype=object)
    for sex, is_sex in (("male", ~female), ("female", female)):
        for generation, is_generation in (("older", ~younger), ("younger", younger)):
            here = np.flatnonzero(is_sex & is_generation)
            drawn[here] = _draw(rng, middle_names(sex, generation), len(here))
    return drawn


def draw_given_names(rng: np.random.Generator, female: Flags, born: Whole, groups: Whole) -> Words:
    """Draw given names: each generation has a taste of its own, and the highlands have names besides the others."""
    drawn = np.empty(len(born), dtype=object)
    generation = np.clip((born - OLDEST_GENERATION_ENDS) // YEARS_OF_A_GENERATION, 0, GENERATIONS - 1)
    highland = np.isin(groups, [list(ethnic_groups()[0]).index(group) for group in HIGHLAND_GROUPS])
    from_the_highlands = highland & (rng.random(len(born)) < HIGHLAND_NAMES)
    for sex, is_sex in (("male", ~female), ("female", female)):
        words, falling = names.ranked(given_names(sex))
        for number in range(GENERATIONS):
            taste = falling * rng.lognormal(0, TASTE_OF_A_GENERATION, len(words))
            here = np.flatnonzero(is_sex & (generation == number))
            drawn[here] = _draw(rng, (words, taste / taste.sum()), len(here))
        here = np.flatnonzero(is_sex & from_the_highlands)
        own = np.array(tail()["given_names_of_the_highlands"][sex], dtype=object)
        drawn[here] = own[rng.integers(0, len(own), len(here))]
    return drawn


def _draw(rng: np.random.Generator, table: names.Shares, count: int) -> Words:
    words, odds = table
    drawn: Words = words[rng.choice(len(words), count, p=odds)]
    return drawn
