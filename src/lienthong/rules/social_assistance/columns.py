"""Facts of many persons as columns of numbers, for :mod:`lienthong.rules.social_assistance.vectorised`.

Yes and no are 2 and 0, unknown is 1, so that "and" is the minimum and "or" the maximum. A code is the place of its word in the
enumeration of ``facts.py``; -1 is unknown, as of amounts. Dates of birth are the first and the last possible day, in days since
1970; an unknown one reaches from ``NEVER`` to ``EVER``. Children lie in rows of their own, each with the row of its parent:
how many of them count depends on the day, so the counts are derived for each assessment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lienthong.kernel.days import BirthDate, DatePrecision
from lienthong.kernel.logic import Answer
from lienthong.rules.social_assistance.facts import AMOUNTS, CHOICES, FLAGS, ChildFacts, PersonFacts

Codes = npt.NDArray[np.int8]
Days = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FALSE: Final = 0
UNKNOWN: Final = 1
TRUE: Final = 2
NO_CODE: Final = -1
NO_AMOUNT: Final = -1
NEVER: Final = -(2**31)
EVER: Final = 2**31 - 1
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildColumns:
    """The children of all persons, one after the other, in the order of their parents.

    Attributes:
        parent: The row of the parent.
    """

    parent: npt.NDArray[np.int32]
    birth_earliest: Days
    birth_latest: Days
    is_studying: Codes

    def __len__(self) -> int:
        return len(self.parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonColumns:
    """Persons, column by column, by the names of ``PersonFacts``.

    Attributes:
        has_known_children: 0 where it is not known which children the person raises.
    """

    birth_earliest: Days
    birth_latest: Days
    sex: Codes
    poverty: Codes
    disability: Codes
    is_abandoned: Codes
    father: Codes
    mother: Codes
    received_as_orphan: Codes
    is_studying: Codes
    has_hiv: Codes
    marital: Codes
    has_supporter: Codes
    supporter_receives_allowance: Codes
    lives_in_difficult_area: Codes
    pension: Numbers
    other_benefit: Numbers
    has_stable_income: Codes
    in_institution: Codes
    eligible_for_institution: Codes
    care: Codes
    is_pregnant: Codes
    spouse_receives_care_support: Codes
    pension_request: Codes
    has_known_children: Codes
    children: ChildColumns

    def __len__(self) -> int:
        return len(self.poverty)


PERSON_COLUMNS: Final = tuple(one.name for one in fields(PersonColumns) if one.name != "children")


def day_number(day: date) -> int:
    """Give a day as the columns hold it."""
    return day.toordinal() - _EPOCH


def code_of(value: StrEnum | None) -> int:
    """Give the code of a word; -1 for none."""
    return NO_CODE if value is None else list(type(value)).index(value)


def columns_from_facts(persons: Sequence[PersonFacts]) -> PersonColumns:
    """Turn facts into columns.

    Args:
        persons: One after the other.
    """
    raised = [(row, child) for row, person in enumerate(persons) for child in person.children or ()]
    return PersonColumns(
        birth_earliest=_days(_earliest(one.birth_date) for one in persons),
        birth_latest=_days(_latest(one.birth_date) for one in persons),
        has_known_children=_codes(int(one.children is not None) for one in persons),
        children=ChildColumns(
            parent=np.array([row for row, _ in raised], dtype=np.int32),
            birth_earliest=_days(_earliest(child.birth_date) for _, child in raised),
            birth_latest=_days(_latest(child.birth_date) for _, child in raised),
            is_studying=_codes(_flag(child.is_studying) for _, child in raised),
        ),
        **{name: _codes(code_of(getattr(one, name)) for one in persons) for name in CHOICES},  # type: ignore[arg-type]
        **{name: _codes(_flag(getattr(one, name)) for one in persons) for name in FLAGS},  # type: ignore[arg-type]
        **{name: _numbers(getattr(one, name) for one in persons) for name in AMOUNTS},  # type: ignore[arg-type]
    )


def facts_at(columns: PersonColumns, row: int) -> PersonFacts:
    """Turn one row back into facts, to reason about it one by one."""
    found: dict[str, Any] = {name: _word(kind, getattr(columns, name)[row]) for name, kind in CHOICES.items()}
    found |= {name: _answer(getattr(columns, name)[row]) for name in FLAGS}
    found |= {name: _amount(getattr(columns, name)[row]) for name in AMOUNTS}
    children = columns.children
    first, last = np.searchsorted(children.parent, [row, row + 1])
    return PersonFacts(
        birth_date=_birth_date(columns.birth_earliest[row], columns.birth_latest[row]),
        children=tuple(
            ChildFacts(
                birth_date=_birth_date(children.birth_earliest[place], children.birth_latest[place]),
                is_studying=_answer(children.is_studying[place]),
            )
            for place in range(first, last)
        )
        if columns.has_known_children[row]
        else None,
        **found,
    )


def rows_of(columns: PersonColumns, rows: npt.NDArray[np.intp]) -> PersonColumns:
    """Take some rows, in ascending order, with their children."""
    children = columns.children
    first, last = np.searchsorted(children.parent, [rows[0], rows[-1] + 1]) if len(rows) else (0, 0)
    start, end = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
    place_of = np.full(end - start, NO_CODE, dtype=np.int32)
    place_of[rows - start] = np.arange(len(rows), dtype=np.int32)
    place = place_of[children.parent[first:last] - np.int32(start)]
    kept = place >= 0
    return PersonColumns(
        **{name: getattr(columns, name)[rows] for name in PERSON_COLUMNS},
        children=ChildColumns(
            parent=place[kept],
            birth_earliest=children.birth_earliest[first:last][kept],
            birth_latest=children.birth_latest[first:last][kept],
            is_studying=children.is_studying[first:last][kept],
        ),
    )


def _earliest(birth: BirthDate | None) -> int:
    return NEVER if birth is None else day_number(birth.earliest)


def _latest(birth: BirthDate | None) -> int:
    return EVER if birth is None else day_number(birth.latest)


def _birth_date(earliest: np.int32, latest: np.int32) -> BirthDate | None:
    if earliest == NEVER:
        return None
    day = date.fromordinal(int(earliest) + _EPOCH)
    if earliest == latest:
        return BirthDate(day)
    month = BirthDate(day, DatePrecision.MONTH)
    return month if day_number(month.latest) == latest else BirthDate(day, DatePrecision.YEAR)


def _flag(answer: Answer) -> int:
    return UNKNOWN if answer is None else (TRUE if answer else FALSE)


def _answer(code: np.int8) -> Answer:
    return None if code == UNKNOWN else bool(code == TRUE)


def _word(kind: type[StrEnum], code: np.int8) -> Any:
    return None if code == NO_CODE else list(kind)[code]


def _amount(number: np.int64) -> Any:
    return None if number == NO_AMOUNT else int(number)


def _codes(values: Iterable[int]) -> Codes:
    return np.fromiter(values, dtype=np.int8)


def _days(values: Iterable[int]) -> Days:
    return np.fromiter(values, dtype=np.int32)


def _numbers(values: Iterable[int | None]) -> Numbers:
    return np.array([NO_AMOUNT if value is None else value for value in values], dtype=np.int64)


def places(kind: type[StrEnum], *wanted: StrEnum) -> Codes:
    """Make a table from codes to yes, no and unknown; the last entry is that of -1.

    Args:
        kind: The enumeration.
        wanted: The words that mean yes.
    """
    return np.array([TRUE if one in wanted else FALSE for one in kind] + [UNKNOWN], dtype=np.int8)
