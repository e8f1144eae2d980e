"""Names of invented people, drawn from frequency tables by ethnic group, sex and generation."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lienthong.rules.parameters import load_yaml

Shares = tuple[NDArray[np.object_], NDArray[np.float64]]

RANKS_BEFORE_THE_FIRST = 9.0
FALL_OF_POPULARITY = 0.82
YOUNGER_FROM = 1985


@cache
def tables() -> dict[str, Any]:
    """Return the frequency tables as they stand in ``names.yaml``."""
    content: dict[str, Any] = load_yaml(Path(__file__).with_name("names.yaml"))
    return content


def shares(weights: dict[str, float]) -> Shares:
    """Turn words with weights into words with probabilities."""
    words, numbers = np.array(list(weights), dtype=object), np.array(list(weights.values()), dtype=float)
    return words, numbers / numbers.sum()


def ranked(words: list[str]) -> Shares:
    """Give words in order of popularity a probability that falls with the rank."""
    numbers = 1 / (np.arange(len(words)) + RANKS_BEFORE_THE_FIRST) ** FALL_OF_POPULARITY
    return np.array(words, dtype=object), numbers / numbers.sum()


def ethnic_groups() -> Shares:
    """Return the ethnic groups with their shares of the province."""
    return shares(tables()["ethnic_groups"])


def surnames(rng: np.random.Generator, groups: NDArray[np.object_]) -> NDArray[np.object_]:
    """Draw a surname for each ethnic group named."""
    drawn = np.empty(len(groups), dtype=object)
    for group, weights in tables()["surnames"].items():
        here = np.flatnonzero(groups == group)
        words, numbers = shares(weights)
        drawn[here] = words[rng.choice(len(words), len(here), p=numbers)]
    return drawn


def full_names(
    rng: np.random.Generator, family: NDArray[np.object_], female: NDArray[np.bool_], born: NDArray[np.int64]
) -> list[str]:
    """Draw whole names.

    Args:
        rng: Where chance comes from.
        family: Surnames.
        female: Whether each person is a woman.
        born: Year of birth of each person; middle names follow the generation.
    """
    middle, given = np.empty(len(family), dtype=object), np.empty(len(family), dtype=object)
    young = born >= YOUNGER_FROM
    for sex, is_sex in (("male", ~female), ("female", female)):
        words, numbers = ranked(tables()["given_names"][sex])
        here = np.flatnonzero(is_sex)
        given[here] = words[rng.choice(len(words), len(here), p=numbers)]
        for generation, is_generation in (("older", ~young), ("younger", young)):
            here = np.flatnonzero(is_sex & is_generation)
            words, numbers = shares(tables()["middle_names"][f"{sex}_{generation}"])
            middle[here] = words[rng.choice(len(words), len(here), p=numbers)]
    return [f"{one} {two} {three}" for one, two, three in zip(family, middle, given, strict=True)]
