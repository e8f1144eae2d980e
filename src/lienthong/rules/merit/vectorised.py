"""The numpy twin of :func:`lienthong.rules.merit.assessing.assess_merit`: everybody of a province at once.

The same amounts and outcomes as one by one, without the words.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.kernel.decisions import Outcome
from lienthong.rules.merit.columns import UNKNOWN, MeritColumns, Numbers, with_claims
from lienthong.rules.merit.law import MeritLaw, merit_law
from lienthong.rules.merit.levels import LevelTables
from lienthong.rules.merit.lines import LineKind
from lienthong.rules.merit.vectorised_claims import ClaimAmounts, ClaimRoom
from lienthong.rules.merit.vectorised_own import own_amounts
from lienthong.rules.merit.vectorised_survivors import study_amounts, survivor_amounts

OUTCOMES: Final = tuple(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedColumns:
    """What many people are due, đồng; while an outcome is UNKNOWN the sums are what is certain.

    Attributes:
        outcomes: The place in ``OUTCOMES``.
        monthly: Allowances.
        attendant: For the attendant.
        extra: For who has nobody.
        study: Each month for studies.
        yearly: Each year.
        one_off: Once.
    """

    outcomes: npt.NDArray[np.int8]
    monthly: Numbers
    supplement: Numbers
    attendant: Numbers
    extra: Numbers
    study: Numbers
    yearly: Numbers
    one_off: Numbers

    @property
    def monthly_amount(self) -> Numbers:
        """What each receives each month for themselves; see ``MeritAssessment.monthly_amount``."""
        return self.monthly + self.supplement + self.extra

    @property
    def monthly_total(self) -> Numbers:
        """Everything that is paid each month."""
        return self.monthly_amount + self.attendant + self.study

    def __len__(self) -> int:
        return len(self.outcomes)


_AMOUNTS: Final = tuple(one.name for one in fields(AssessedColumns) if one.name != "outcomes")


def assess_columns(
    columns: MeritColumns, *, on: date, known_on: date | None = None, tables: LevelTables | None = None
) -> AssessedColumns:
    """Assess many people.

    Chế độ ưu đãi của nhiều người có công cùng lúc.

    Args:
        columns: The people.
        on: As for ``assess_merit``.
        known_on: As for ``assess_merit``.
        tables: As for ``assess_merit``.

    Returns:
        For everybody what ``assess_merit`` says of them.

    Raises:
        NoValueInForce: No levels are recorded for ``on``.
    """
    law = merit_law(on, known_on=known_on, tables=tables)
    rows, few = with_claims(columns)
    found = _of_claimants(few, law)
    if len(rows) == len(columns):
        return found
    outcomes = np.full(len(columns), OUTCOMES.index(Outcome.UNKNOWN), dtype=np.int8)
    outcomes[columns.suspension != UNKNOWN] = OUTCOMES.index(Outcome.REFUSED)
    outcomes[rows] = found.outcomes
    spread: dict[str, Numbers] = {name: np.zeros(len(columns), dtype=np.int64) for name in _AMOUNTS}
    for name, amounts in spread.items():
        amounts[rows] = getattr(found, name)
    return AssessedColumns(outcomes=outcomes, **spread)


def _of_claimants(columns: MeritColumns, law: MeritLaw) -> AssessedColumns:
    """Assess people of whom each has a claim."""
    size = len(columns)
    sizes = np.diff(columns.claims.offsets)
    person = np.repeat(np.arange(size), sizes)
    room = ClaimRoom(columns, person, law)
    for amounts_of in (own_amounts, survivor_amounts, study_amounts):
        amounts_of(room)
    claims = room.found
    is_unknown = np.zeros(size, dtype=np.bool_)
    is_unknown[person[claims.is_lacking]] = True
    paid = {
        LineKind.MONTHLY: _monthly(columns, claims, person, law, size),
        LineKind.SUPPLEMENT: _sum(claims.supplement, person, size),
        LineKind.ATTENDANT: _highest(claims.attendant, person, size),
        LineKind.EXTRA: _highest(claims.extra, person, size),
        LineKind.STUDY: _highest(claims.study, person, size),
        LineKind.YEARLY: _sum(claims.worship, person, size) + _highest(claims.study_yearly, person, size),
        LineKind.ONE_OFF: _sum(claims.one_off, person, size),
    }
    is_suspended = columns.suspension != UNKNOWN
    for amounts in paid.values():
        amounts[is_suspended] = 0
    is_granted = np.any(np.stack(list(paid.values())) > 0, axis=0)
    outcomes = np.where(
        is_suspended,
        OUTCOMES.index(Outcome.REFUSED),
        np.where(
            is_unknown,
            OUTCOMES.index(Outcome.UNKNOWN),
            np.where(is_granted, OUTCOMES.index(Outcome.GRANTED), OUTCOMES.index(Outcome.REFUSED)),
        ),
    ).astype(np.int8)
    return AssessedColumns(
        outcomes=outcomes,
        monthly=paid[LineKind.MONTHLY],
        supplement=paid[LineKind.SUPPLEMENT],
        attendant=paid[LineKind.ATTENDANT],
        extra=paid[LineKind.EXTRA],
        study=paid[LineKind.STUDY],
        yearly=paid[LineKind.YEARLY],
        one_off=paid[LineKind.ONE_OFF],
    )


def _sum(amounts: Numbers, person: Numbers, size: int) -> Numbers:
    found = np.zeros(size, dtype=np.int64)
    np.add.at(found, person, amounts)
    return found


def _highest(amounts: Numbers, person: Numbers, size: int) -> Numbers:
    found = np.zeros(size, dtype=np.int64)
    np.maximum.at(found, person, amounts)
    return found


def _monthly(columns: MeritColumns, claims: ClaimAmounts, person: Numbers, law: MeritLaw, size: int) -> Numbers:
    """Add up own allowances, the one level for all martyrs, and as many survivors' allowances as may stand beside it."""
    is_martyrs = claims.is_kin_of_martyr & (claims.monthly > 0)
    is_others = claims.is_survivor_of_other & (claims.monthly > 0)
    own = np.where(is_martyrs | is_others, 0, claims.monthly)
    martyrs = _sum(np.where(is_martyrs, columns.claims.number_of_martyrs, 0), person, size)
    levels = np.array([0, *(law.monthly[f"martyr_{number}"].amount for number in (1, 2, 3))], dtype=np.int64)
    allowed = np.where(
        martyrs >= law.bounds.martyrs_alone,
        0,
        np.where(martyrs > 0, law.bounds.beside_one_martyr, law.bounds.survivor_allowances),
    )
    others = _survivors_of_others(
        columns, claims.monthly, is_others=is_others, is_martyrs=is_martyrs, person=person, allowed=allowed
    )
    return _sum(own + others, person, size) + levels[np.minimum(martyrs, len(levels) - 1)]


def _survivors_of_others(
    columns: MeritColumns,
    amounts: Numbers,
    *,
    is_others: npt.NDArray[np.bool_],
    is_martyrs: npt.NDArray[np.bool_],
    person: Numbers,
    allowed: Numbers,
) -> Numbers:
    """Keep one allowance for each person with merit, and the highest of them up to the number that is allowed."""
    kept = np.zeros(len(amounts), dtype=np.int64)
    if not is_others.any():
        return kept
    origin = columns.claims.origin
    unnamed = origin.max() + 1 + np.arange(len(origin))
    key = np.where(origin == UNKNOWN, unnamed, origin)
    width = int(unnamed[-1]) + 1
    of_martyrs = (person * width + key)[is_martyrs & (origin != UNKNOWN)]
    where = np.flatnonzero(is_others & ~np.isin(person * width + key, of_martyrs))
    order = where[np.lexsort((where, -amounts[where], key[where], person[where]))]
    group = person[order] * width + key[order]
    first = np.concatenate([[True], group[1:] != group[:-1]]) if len(order) else np.zeros(0, dtype=np.bool_)
    best = order[first]
    ranked = best[np.lexsort((best, -amounts[best], person[best]))]
    if not len(ranked):
        return kept
    starts = np.concatenate([[True], person[ranked][1:] != person[ranked][:-1]])
    position = np.arange(len(ranked))
    rank = position - np.maximum.accumulate(np.where(starts, position, 0))
    paid = ranked[rank < allowed[person[ranked]]]
    kept[paid] = amounts[paid]
    return kept
