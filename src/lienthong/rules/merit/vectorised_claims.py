"""What each claim of many people brings, before the rules on what may stand beside what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.rules.merit.columns import CATEGORIES, RELATIONS, UNKNOWN, Codes, MeritColumns, Numbers
from lienthong.rules.merit.facts import Category, Relation
from lienthong.rules.merit.law import MeritLaw

Flags = npt.NDArray[np.bool_]
MOST_MONTHS: Final = 600  # as facts.py allows
PERCENT: Final = 101


def of(category: Category) -> int:
    """Give the code of a category."""
    return CATEGORIES.index(category)


def relation_code(relation: Relation) -> int:
    """Give the code of a relation."""
    return RELATIONS.index(relation)


@dataclass(slots=True)
class ClaimAmounts:
    """Amounts of each claim, đồng, and whether a fact is missing to know them."""

    size: int
    monthly: Numbers = field(init=False)
    supplement: Numbers = field(init=False)
    attendant: Numbers = field(init=False)
    extra: Numbers = field(init=False)
    study: Numbers = field(init=False)
    study_yearly: Numbers = field(init=False)
    worship: Numbers = field(init=False)
    one_off: Numbers = field(init=False)
    is_lacking: Flags = field(init=False)
    is_kin_of_martyr: Flags = field(init=False)
    is_survivor_of_other: Flags = field(init=False)

    def __post_init__(self) -> None:
        for name in ("monthly", "supplement", "attendant", "extra", "study", "study_yearly", "worship", "one_off"):
            setattr(self, name, np.zeros(self.size, dtype=np.int64))
        for name in ("is_lacking", "is_kin_of_martyr", "is_survivor_of_other"):
            setattr(self, name, np.zeros(self.size, dtype=np.bool_))


def all_hold(*flags: Codes) -> Codes:
    """Say whether all hold: 0 where one has failed, -1 where one is unknown and none has failed."""
    lowest: Codes = np.minimum.reduce([_IN_ORDER[one] for one in flags])
    return _AS_TOLD[lowest]


def any_holds(*flags: Codes) -> Codes:
    """Say whether one holds: 1 where one does, -1 where one is unknown and none holds."""
    highest: Codes = np.maximum.reduce([_IN_ORDER[one] for one in flags])
    return _AS_TOLD[highest]


_IN_ORDER: Final = np.array([0, 2, 1], dtype=np.int8)
"""From no (0), yes (1) and unknown (-1, the last entry) to an order in which "and" is the lowest."""
_AS_TOLD: Final = np.array([0, UNKNOWN, 1], dtype=np.int8)


class ClaimRoom:
    """The columns of one pass, claim by claim, and the amounts that are found.

    Attributes:
        stands: Which claims do not give way to another as a whole.
    """

    def __init__(self, columns: MeritColumns, person: Numbers, law: MeritLaw) -> None:
        self.law, self.person, self.found = law, person, ClaimAmounts(len(columns.claims))
        self.claims, self.people = columns.claims, columns
        self.category, self.relation = columns.claims.category, columns.claims.relation
        self.rate = columns.claims.rate.astype(np.int64)
        self.at_home = columns.lives_at_home[person]
        self.is_lonely = columns.is_lonely[person]
        self.school = columns.school[person]
        self.stands = ~self._shut_out()

    def has(self, *categories: Category) -> Flags:
        """Say of each claim whether its person has a claim of one of some categories."""
        found = np.zeros(len(self.people), dtype=np.bool_)
        found[self.person[np.isin(self.category, [of(one) for one in categories])]] = True
        return found[self.person]

    def _shut_out(self) -> Flags:
        before, resistance = Category.ACTIVIST_BEFORE_1945, Category.RESISTANCE_PARTICIPANT
        helpers = [
            of(Category.HELPER_BEFORE_1945),
            of(Category.HELPER_RESISTANCE_ORDER),
            of(Category.HELPER_RESISTANCE_MEDAL),
        ]
        later = (self.category == of(Category.ACTIVIST_OF_1945)) & self.has(before)
        helping = np.isin(self.category, helpers) & self.has(before, Category.ACTIVIST_OF_1945, resistance)
        mother = (
            (self.category == of(Category.RELATIVE_OF_MARTYR))
            & (self.relation == relation_code(Relation.PARENT))
            & self.has(Category.HEROIC_MOTHER)
        )
        found: Flags = later | helping | mother
        return found

    def are(self, category: Category) -> Flags:
        """Say which claims are of a category and stand."""
        found: Flags = (self.category == of(category)) & self.stands
        return found

    def lacks(self, where: Flags) -> None:
        """Write down where a fact is missing."""
        self.found.is_lacking |= where

    def by_rate(self, levels: Numbers, where: Flags) -> Numbers:
        """Look levels up by the rate of injury, zero where it is unknown."""
        return np.where(where & (self.rate >= 0), levels[np.maximum(self.rate, 0)], 0)

    def amount(self, code: str) -> int:
        """Give the monthly level of a row, đồng."""
        return int(self.law.monthly[code].amount)

    def band(self, beginning: str) -> Numbers:
        """Give the levels of some rows by rate of injury from 0 to 100; zero where no row is for it."""
        levels = np.zeros(PERCENT, dtype=np.int64)
        for low, high, code in self.law.bands[beginning]:
            levels[low : high + 1] = self.amount(code)
        return levels

    def pay_extra(self, where: Flags, holds: Codes, code: str) -> None:
        """Pay the extra to who has nobody, and say where that is not known."""
        self.lacks(where & (holds == UNKNOWN))
        self.found.extra[where & (holds == 1)] = self.amount(code)
