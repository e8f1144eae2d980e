"""The numpy twin of :func:`lienthong.rules.social_assistance.assessing.assess`: every person of a province at once.

The same answers as one by one, without the words. Whoever can hold no category at all is left out first by a few comparisons.
For everybody else each age band and place that is possible is gone through; in each, the unknown facts once at their worst and,
where any is unknown, once at their best.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.kernel.decisions import Outcome
from lienthong.rules.social_assistance.categories import ALONE, BESIDE_SINGLE_PARENT, CARER_CATEGORIES
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.columns import (
    FALSE,
    NO_CODE,
    TRUE,
    UNKNOWN,
    Codes,
    Flags,
    Numbers,
    PersonColumns,
    day_number,
    rows_of,
)
from lienthong.rules.social_assistance.combining import MOST, Outlook, never_beside_other
from lienthong.rules.social_assistance.law import AssistanceLaw, ProvincialLevels, law_on
from lienthong.rules.social_assistance.vectorised_candidates import may_hold
from lienthong.rules.social_assistance.vectorised_conditions import (
    CONDITIONS,
    Bands,
    ChildCounts,
    Found,
    Rows,
    Tenths,
    child_counts,
    social_pension_holds,
)

OUTCOMES: Final = (Outcome.REFUSED, Outcome.UNKNOWN, Outcome.GRANTED)
CATEGORIES: Final = tuple(C)
AT_ONCE: Final = 16_384
"""So many rows that the columns in work stay in the processor's cache, and memory does not grow with the province."""
_Places = npt.NDArray[np.intp]


@dataclass(slots=True, kw_only=True)
class AssessedColumns:
    """What many persons are owed each month.

    Attributes:
        outcome: The place in ``OUTCOMES``.
        lowest: Đồng a month that the unknown facts allow at least.
        highest: Đồng a month at most.
        category: The place in ``CATEGORIES`` of what is paid for the person, a single parent's allowance left out; -1: nothing.
        amount: Đồng a month of that category.
        single_parent: Đồng a month of a single parent's allowance, by itself or beside the category.
        beside_none: Đồng a month of these that are never paid beside a benefit by another instrument.
        own_support: Đồng a month of the support of a disabled person who is pregnant or raises infants.
        carer_category: The place in ``CATEGORIES`` of what is paid to whoever cares; -1: nothing.
        carer: Đồng a month of that.

    Every column after ``highest`` is empty while the outcome is unknown.
    """

    outcome: Codes
    lowest: Numbers
    highest: Numbers
    category: Codes
    amount: Numbers
    single_parent: Numbers
    beside_none: Numbers
    own_support: Numbers
    carer_category: Codes
    carer: Numbers

    def __len__(self) -> int:
        return len(self.outcome)


_LINES: Final = ("category", "amount", "single_parent", "beside_none", "own_support", "carer_category", "carer")
_COLUMNS: Final = ("outcome", "lowest", "highest", *_LINES)


def assess_columns(
    columns: PersonColumns,
    *,
    on: date,
    known_on: date | None = None,
    law: AssistanceLaw | None = None,
    provincial: ProvincialLevels | None = None,
) -> AssessedColumns:
    """Work out what many persons are owed each month.

    Xét trợ giúp xã hội hàng tháng cho nhiều người cùng lúc.

    Args:
        columns: The persons.
        on: The day of the assessment.
        known_on: Apply only what was in force on this day.
        law: Other values than those of the day, as of a draft.
        provincial: Higher levels of the province beside those that are recorded.

    Returns:
        For every person what ``assess`` says.

    Raises:
        NoValueInForce: Something is not recorded for ``on``; the message names the file and the key to complete.
    """
    rows, few = assess_candidates(columns, on=on, law=law or law_on(on, known_on=known_on, provincial=provincial))
    found = _nothing(len(columns))
    for name in _COLUMNS:
        getattr(found, name)[rows] = getattr(few, name)
    return found


def assess_candidates(
    columns: PersonColumns, *, on: date, law: AssistanceLaw
) -> tuple[npt.NDArray[np.intp], AssessedColumns]:
    """Work out what those are owed who may be owed anything; all others are refused.

    Args:
        columns: The persons.
        on: The day of the assessment.
        law: Of the day.

    Returns:
        The rows of those persons, in ascending order, and what ``assess`` says of them.
    """
    bands = Bands.of(law, on)
    rows = np.flatnonzero(may_hold(columns, law, bands) & (columns.birth_earliest <= day_number(on)))
    found = _nothing(len(rows))
    for start in range(0, len(rows), AT_ONCE):
        kept = rows_of(columns, rows[start : start + AT_ONCE])
        part = _Work(kept, law, bands, child_counts(kept.children, len(kept), law, on)).assessed()
        for name in _COLUMNS:
            getattr(found, name)[start : start + AT_ONCE] = getattr(part, name)
    return rows, found


def _nothing(count: int) -> AssessedColumns:
    def amounts() -> Numbers:
        return np.zeros(count, dtype=np.int64)

    def nobody() -> Codes:
        return np.full(count, NO_CODE, dtype=np.int8)

    return AssessedColumns(
        outcome=np.zeros(count, dtype=np.int8), lowest=amounts(), highest=amounts(), category=nobody(),
        amount=amounts(), single_parent=amounts(), beside_none=amounts(), own_support=amounts(), carer_category=nobody(), carer=amounts(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Paid:
    """What is paid when the unknown facts turn out one way."""

    category: Codes
    amount: Numbers
    single_parent: Numbers
    beside_none: Numbers
    own_support: Numbers
    carer_category: Codes
    carer: Numbers

    @property
    def total(self) -> Numbers:
        return self.amount + self.single_parent + self.own_support + self.carer


@dataclass(frozen=True, slots=True)
class _Work:
    """The persons who may hold something."""

    columns: PersonColumns
    law: AssistanceLaw
    bands: Bands
    counts: ChildCounts

    def assessed(self) -> AssessedColumns:
        """Go through every band and place that is possible, and keep the least and the most."""
        youngest, oldest = (
            self.bands.of_births(born) for born in (self.columns.birth_latest, self.columns.birth_earliest)
        )
        found = _nothing(len(self.columns))
        found.lowest += MOST
        is_new = np.ones(len(self.columns), dtype=np.bool_)
        place = self.columns.in_institution
        for step in range(int((oldest - youngest).max()) + 1):
            band = youngest + np.int8(step)
            of_band = band <= oldest
            self._pass(found, of_band, place != TRUE, band, is_new, at=_at_home)
            self._pass(found, of_band, place != FALSE, band, is_new, at=_in_institution)
        is_known = found.lowest == found.highest
        found.outcome = np.where(is_known, np.where(found.highest > 0, np.int8(2), np.int8(0)), np.int8(1))
        for name in _LINES:
            getattr(found, name)[~is_known] = NO_CODE if name.endswith("category") else 0
        return found

    def _pass(
        self,
        found: AssessedColumns,
        of_band: Flags,
        of_place: Flags,
        band: Codes,
        is_new: Flags,
        *,
        at: Callable[[Rows], tuple[_Paid, Numbers]],
    ) -> None:
        """Assess those of a band and place, and put together what was found with what was found before."""
        wanted = np.flatnonzero(of_band & of_place)
        if not len(wanted):
            return
        if 2 * len(wanted) > len(self.columns) and of_band.all():
            part, chosen = Rows(self.columns, self.law, self.bands, band, self.counts), wanted
        else:
            columns, counts = rows_of(self.columns, wanted), self.counts.take(wanted)
            part, chosen = Rows(columns, self.law, self.bands, band[wanted], counts), np.arange(len(wanted))
        worst, best = at(part)
        first = is_new[wanted]
        for name in _LINES:
            getattr(found, name)[wanted[first]] = getattr(worst, name)[chosen[first]]
        is_new[wanted] = False
        least, most = worst.total[chosen], best[chosen]
        found.lowest[wanted] = np.minimum(found.lowest[wanted], np.minimum(least, most))
        found.highest[wanted] = np.maximum(found.highest[wanted], np.maximum(least, most))


def _in_institution(part: Rows) -> tuple[_Paid, Numbers]:
    tenths = part.by_age("youngest_below", "institution_youngest", "institution_older")
    amount = tenths.astype(np.int64) * part.law.base // 10
    holds = social_pension_holds(part)
    category = np.full(len(amount), CATEGORIES.index(C.INSTITUTION), dtype=np.int8)
    nothing, nobody = np.zeros(len(amount), dtype=np.int64), np.full(len(amount), NO_CODE, dtype=np.int8)
    paid = []
    for outlook in Outlook:
        pension = _social_pension(part, holds, outlook)
        is_higher = pension > amount
        shown = np.where(is_higher, np.int8(CATEGORIES.index(C.SOCIAL_PENSION)), category)
        beside_none = np.where(is_higher, _beside_none(pension, part.law), nothing)
        paid.append(_Paid(shown, np.maximum(amount, pension), nothing, beside_none, nothing, nobody, nothing))
    worst, best = paid
    return worst, best.total


def _at_home(part: Rows) -> tuple[_Paid, Numbers]:
    found = {category: rule(part) for category, rule in CONDITIONS.items()}
    pension = social_pension_holds(part)
    worst = _paid(part, found, pension, Outlook.WORST)
    best = worst.total.copy()
    unsure = np.flatnonzero(_is_unsure(part, found, pension))
    if len(unsure):
        some = {
            category: Found(one.holds[unsure], one.lowest[unsure], one.highest[unsure])
            for category, one in found.items()
        }
        columns = rows_of(part.columns, unsure)
        few = Rows(columns, part.law, part.bands, part.band[unsure], part.counts.take(unsure))
        best[unsure] = _paid(few, some, pension[unsure], Outlook.BEST).total
    return worst, best


def _is_unsure(part: Rows, found: Mapping[C, Found], pension: Codes) -> Flags:
    unsure: Flags = (part.columns.pension < 0) | (part.columns.other_benefit < 0) | (pension == UNKNOWN)
    for one in found.values():
        unsure |= one.holds == UNKNOWN
        if one.lowest is not one.highest:
            unsure |= (one.lowest != one.highest) & (one.holds != FALSE)
    return unsure


def _paid(part: Rows, found: Mapping[C, Found], pension_holds: Codes, outlook: Outlook) -> _Paid:
    """Combine what holds; the same rules in the same order as ``combining.payable``."""
    law = part.law
    held = {category: _held(one, outlook) for category, one in found.items()}
    shut_out = held[C.ELDERLY_WITHOUT_SUPPORTER] > 0
    for other_elderly in (C.ELDERLY_IN_DIFFICULT_AREA, C.ELDERLY_WITHOUT_PENSION):
        held[other_elderly] = np.where(shut_out, np.int16(0), held[other_elderly])
    shut_out = (held[C.CHILD_WITHOUT_CARE] > 0) | (held[C.CHILD_WITH_HIV] > 0) | (held[C.DISABILITY] > 0)
    held[C.SMALL_CHILD_IN_DIFFICULT_AREA] = np.where(shut_out, np.int16(0), held[C.SMALL_CHILD_IN_DIFFICULT_AREA])

    alone_category, alone = _highest(held, ALONE)
    beside_category, beside = _highest(held, BESIDE_SINGLE_PARENT)
    single = held[C.SINGLE_PARENT]
    is_alone = (alone > 0) & (alone >= single + beside)
    category = np.where(is_alone, alone_category, beside_category)
    amount = np.where(is_alone, alone, beside).astype(np.int64) * law.base // 10
    single_parent = np.where(is_alone, np.int16(0), single).astype(np.int64) * law.base // 10

    other = _amounts(part.columns.other_benefit, outlook)
    limit = other
    if law.chooses("pension_beside_allowance", "highest"):
        limit = np.maximum(other, _amounts(part.columns.pension, outlook))
    is_lower = amount + single_parent <= limit
    amount[is_lower], single_parent[is_lower], category[is_lower] = 0, 0, NO_CODE
    pension = _social_pension(part, pension_holds, outlook)
    if law.chooses("social_pension_beside_other_benefit", "highest"):
        pension[pension <= other] = 0
    is_higher = pension > amount + single_parent
    category = np.where(is_higher, np.int8(CATEGORIES.index(C.SOCIAL_PENSION)), category)
    carer_category, carer = _highest(held, CARER_CATEGORIES)
    return _Paid(
        category=category,
        amount=np.where(is_higher, pension, amount),
        single_parent=np.where(is_higher, np.int64(0), single_parent),
        beside_none=np.where(is_higher, _beside_none(pension, law), amount + single_parent),
        own_support=held[C.PREGNANT_OR_RAISING_INFANT].astype(np.int64) * law.base // 10,
        carer_category=carer_category,
        carer=carer.astype(np.int64) * law.base // 10,
    )


def _held(one: Found, outlook: Outlook) -> Tenths:
    if outlook is Outlook.WORST:
        return np.where(one.holds == TRUE, one.lowest, np.int16(0))
    return np.where(one.holds != FALSE, one.highest, np.int16(0))


def _highest(held: Mapping[C, Tenths], among: tuple[C, ...]) -> tuple[Codes, Tenths]:
    """Choose the highest; of equals the first in the order of the law."""
    best = held[among[0]].copy()
    category = np.where(best > 0, np.int8(CATEGORIES.index(among[0])), np.int8(NO_CODE))
    for one in among[1:]:
        is_higher = held[one] > best
        category[is_higher] = CATEGORIES.index(one)
        np.maximum(best, held[one], out=best)
    return category, best


def _amounts(amounts: Numbers, outlook: Outlook) -> Numbers:
    return np.where(amounts < 0, np.int64(MOST if outlook is Outlook.WORST else 0), amounts)


def _beside_none(pension: Numbers, law: AssistanceLaw) -> Numbers:
    return pension if never_beside_other(C.SOCIAL_PENSION, law) else np.zeros_like(pension)


def _social_pension(part: Rows, holds: Codes, outlook: Outlook) -> Numbers:
    law, pension = part.law, part.columns.pension
    is_held = holds == TRUE if outlook is Outlook.WORST else holds != FALSE
    level = np.full(len(pension), law.social_pension, dtype=np.int64)
    if law.chooses("social_pension_with_lower_pension", "difference"):
        lacking = np.maximum(np.int64(0), level - pension)
        level = np.where(pension < 0, np.int64(0) if outlook is Outlook.WORST else level, lacking)
    return np.where(is_held, level, np.int64(0))
