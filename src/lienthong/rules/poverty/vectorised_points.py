"""The numpy twin of :func:`lienthong.rules.poverty.points.score`: what each household can get at least and at most.

What is known of a feature leaves a span of levels, in the order of the table or of the choices; the least and the most of
every such span are worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lienthong.rules.poverty.columns import UNKNOWN, Codes, HouseholdColumns, MemberColumns, Numbers
from lienthong.rules.poverty.facts import Job, Qualification
from lienthong.rules.poverty.points import CHOICES, JOBS, MATERIALS, NUMBERS, QUALIFICATIONS, Feature, Kind, PointsTable
from lienthong.rules.poverty.standards import Definitions
from lienthong.rules.poverty.vectorised_indicators import Flags, sizes, sums

_MANY = 2**31
Spans = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


def points_columns(
    columns: HouseholdColumns, table: PointsTable, column_of: npt.NDArray[np.intp], law: Definitions
) -> tuple[Numbers, Numbers]:
    """Add up the points of form B1 for every household.

    Args:
        columns: The households.
        table: The points table.
        column_of: For each household the place of its column among ``table.columns``.
        law: The definitions of the standard.

    Returns:
        The least and the most that each household can get; equal where the sum is known.
    """
    lowest = np.zeros(len(columns), dtype=np.int64)
    highest = np.zeros(len(columns), dtype=np.int64)
    for feature in table.features:
        ordered, (first, last) = _spans(feature, columns, law)
        least, most = _extremes(feature, ordered, table.columns)
        lowest += least[column_of, first, last]
        highest += most[column_of, first, last]
    return lowest, highest


def _extremes(feature: Feature, ordered: Sequence[str], columns: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Work out the least and the most points of every span of levels, by column."""
    by_code = {level.code: level.points for level in feature.levels}
    points = np.array([[by_code[code][column] for code in ordered] for column in columns], dtype=np.int64)
    count = len(ordered)
    least = np.zeros((len(columns), count, count), dtype=np.int64)
    most = np.zeros_like(least)
    for first in range(count):
        for last in range(first, count):
            least[:, first, last] = points[:, first : last + 1].min(axis=1)
            most[:, first, last] = points[:, first : last + 1].max(axis=1)
    return least, most


def _spans(feature: Feature, columns: HouseholdColumns, law: Definitions) -> tuple[Sequence[str], Spans]:
    """Give the order of the levels, and of each household the first and the last level that it can have."""
    if feature.kind is Kind.ASKED:
        codes = [level.code for level in feature.levels]
        given = columns.asked.get(feature.code)
        answers = np.full(len(columns), UNKNOWN, dtype=np.int8) if given is None else given
        return codes, _span_of(answers, len(codes))
    if feature.code in NUMBERS:
        return [level.code for level in feature.levels], _span_of_numbers(feature, columns, law)
    order = CHOICES[feature.code]
    if order == MATERIALS:
        return order, _span_of(getattr(columns, feature.code), len(order))
    return order, _span_of_best(feature.code, columns.members, law, len(order))


def _span_of(answers: Codes, count: int) -> Spans:
    unknown = answers == UNKNOWN
    known = answers.astype(np.intp)
    return np.where(unknown, 0, known), np.where(unknown, count - 1, known)


def _span_of_numbers(feature: Feature, columns: HouseholdColumns, law: Definitions) -> Spans:
    people = columns.members
    size = sizes(people)
    if feature.code == "household_size":
        lowest, most = size, size
    else:
        certain, is_open = (_dependants if feature.code == "dependants" else _pensioners)(people, law)
        lowest = sums(certain, people)
        most = lowest + sums(is_open, people)
    nobody_known = size == 0
    least = 1 if feature.code == "household_size" else 0
    lowest, most = np.where(nobody_known, least, lowest), np.where(nobody_known, _MANY, most)
    minimums = np.array([level.minimum for level in feature.levels], dtype=np.int64)
    return (
        np.searchsorted(minimums, lowest, side="right") - 1,
        np.searchsorted(minimums, most, side="right") - 1,
    )


def _dependants(people: MemberColumns, law: Definitions) -> tuple[Flags, Flags]:
    known_age = people.age != UNKNOWN
    certain = (people.is_disabled_or_ill == 1) | (
        known_age & ((people.age < law.dependant_below_age) | (people.age > law.dependant_above_age))
    )
    return certain, ~certain & (~known_age | (people.is_disabled_or_ill == UNKNOWN))


def _too_young(people: MemberColumns, law: Definitions) -> Flags:
    young: Flags = (people.age != UNKNOWN) & (people.age < law.asked_about_work_from_age)
    return young


def _pensioners(people: MemberColumns, law: Definitions) -> tuple[Flags, Flags]:
    return people.receives_pension == 1, (people.receives_pension == UNKNOWN) & ~_too_young(people, law)


def _span_of_best(code: str, people: MemberColumns, law: Definitions, count: int) -> Spans:
    if code == "highest_qualification":
        places, answers = _places(Qualification, QUALIFICATIONS, otherwise="lower"), people.qualification
    else:
        places, answers = _places(Job, JOBS, otherwise="none"), people.job
    is_open = (answers == UNKNOWN) & ~_too_young(people, law)
    best = np.full(len(people.offsets) - 1, count - 1, dtype=np.intp)
    for place in range(count - 2, -1, -1):
        best[sums((answers != UNKNOWN) & (places[answers] == place), people) > 0] = place
    unsure = (sums(is_open, people) > 0) | (sizes(people) == 0)
    return np.where(unsure, 0, best), best


def _places(kind: type[Qualification] | type[Job], order: Sequence[str], *, otherwise: str) -> npt.NDArray[np.intp]:
    """Make a table from the code of a word to its place in an order; words outside have that of ``otherwise``."""
    return np.array([order.index(word if word in order else otherwise) for word in kind], dtype=np.intp)
