"""Every category for many persons at once: whether it holds (0 no, 1 unknown, 2 yes) and how many tenths it gives.

The same conditions as ``allowances.py`` and ``supports.py``, for persons of one age band each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from lienthong.kernel.days import add_months
from lienthong.kernel.identity import Sex
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance.allowances import SEVERE, UNMARRIED
from lienthong.rules.social_assistance.branches import thresholds
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.columns import (
    FALSE,
    TRUE,
    UNKNOWN,
    ChildColumns,
    Codes,
    Flags,
    PersonColumns,
    code_of,
    day_number,
    places,
)
from lienthong.rules.social_assistance.facts import (
    MOST_CHILDREN,
    WITHOUT_SPOUSE,
    Care,
    MaritalState,
    ParentState,
    PensionRequest,
    PovertyStanding,
)
from lienthong.rules.social_assistance.law import AssistanceLaw
from lienthong.rules.social_assistance.trying import PARENT_FROM

Tenths = npt.NDArray[np.int16]

_POOR: Final = places(PovertyStanding, PovertyStanding.POOR)
_POOR_OR_NEAR: Final = places(PovertyStanding, PovertyStanding.POOR, PovertyStanding.NEAR_POOR)
_GONE: Final = places(ParentState, *(one for one in ParentState if one is not ParentState.CARING))
_UNMARRIED: Final = places(MaritalState, *UNMARRIED)
_SEVERE: Final = places(DisabilityLevel, *SEVERE)
_EXTREMELY: Final = places(DisabilityLevel, DisabilityLevel.EXTREMELY_SEVERE)
_TAKEN_IN: Final = places(Care, Care.TAKEN_IN)
_IN_HOUSEHOLD: Final = places(Care, Care.HOUSEHOLD)


@dataclass(frozen=True, slots=True)
class Found:
    """Whether a category holds, and the tenths it gives when unknown facts turn out badly, or well."""

    holds: Codes
    lowest: Tenths
    highest: Tenths


@dataclass(frozen=True, slots=True)
class Bands:
    """The ages at which anything can change; band 0 is below the first of them.

    Attributes:
        years: Ages, lowest first.
        cutoffs: For each, the last day of birth on which the age has been reached.
    """

    years: tuple[int, ...]
    cutoffs: npt.NDArray[np.int64]

    @classmethod
    def of(cls, law: AssistanceLaw, on: date) -> Bands:
        """Reckon the days of birth of a day."""
        years = thresholds(law)
        return cls(years, np.array([day_number(last_birth(on, 12 * one)) for one in years]))

    def __len__(self) -> int:
        return len(self.years) + 1

    def place(self, years: int) -> int:
        """Give the band that begins with an age."""
        return self.years.index(years) + 1

    def cutoff(self, years: int) -> int:
        """Give the last day of birth of whoever has reached an age."""
        return int(self.cutoffs[self.place(years) - 1])

    def of_births(self, births: npt.NDArray[np.int32]) -> Codes:
        """Give the band of everybody born on a day."""
        band = np.zeros(len(births), dtype=np.int8)
        for cutoff in self.cutoffs:
            band += births <= cutoff
        return band


def last_birth(on: date, months: int) -> date:
    """Give the last day of birth of whoever has reached an age on a day, by the rule of the kernel on 29 February."""
    day = add_months(on, -months)
    later = day + timedelta(days=1)
    return later if add_months(later, months) <= on else day


@dataclass(frozen=True, slots=True)
class ChildCounts:
    """How many children of each person count, certainly and at most; unknown children are not among them."""

    raised: Tenths
    raised_at_most: Tenths
    infants: Tenths
    infants_at_most: Tenths

    def take(self, rows: npt.NDArray[np.intp]) -> ChildCounts:
        """Take some rows."""
        return ChildCounts(self.raised[rows], self.raised_at_most[rows], self.infants[rows], self.infants_at_most[rows])


def child_counts(children: ChildColumns, parents: int, law: AssistanceLaw, on: date) -> ChildCounts:
    """Count children by their ages on a day."""
    young = _younger(children, last_birth(on, 12 * law.age("child_below")))
    young_enough = _younger(children, last_birth(on, 12 * law.age("raised_student_below")))
    is_born = np.where(children.birth_earliest <= day_number(on), np.int8(TRUE), np.int8(FALSE))
    raised = np.minimum(is_born, np.maximum(young, np.minimum(young_enough, children.is_studying)))
    infant = np.minimum(is_born, _younger(children, last_birth(on, law.age("infant_below_months"))))

    def count(chosen: Flags) -> Tenths:
        return np.bincount(children.parent[chosen], minlength=parents).astype(np.int16)

    return ChildCounts(count(raised == TRUE), count(raised != FALSE), count(infant == TRUE), count(infant != FALSE))


def _younger(children: ChildColumns, last: date) -> Codes:
    cutoff = day_number(last)
    certain, possible = children.birth_earliest > cutoff, children.birth_latest > cutoff
    return certain.astype(np.int8) + possible.astype(np.int8)


@dataclass(frozen=True)
class Rows:
    """Persons of one age band each, with what the categories ask of them."""

    columns: PersonColumns
    law: AssistanceLaw
    bands: Bands
    band: Codes
    counts: ChildCounts

    def reached(self, name: str) -> Flags:
        """Say whose age has been reached."""
        return self.band >= self.bands.place(self.law.age(name))

    def from_age(self, name: str) -> Codes:
        """Give yes or no for an age reached."""
        return self.reached(name).astype(np.int8) * np.int8(TRUE)

    def below(self, name: str) -> Codes:
        """Give yes or no for an age not yet reached."""
        return np.int8(TRUE) - self.from_age(name)

    def everywhere(self, coefficient: str) -> Tenths:
        """Give a coefficient to everybody."""
        return np.full(len(self.band), self.law.tenths(coefficient), dtype=np.int16)

    def by_age(self, name: str, below: str, above: str) -> Tenths:
        """Give one coefficient below an age and another from it."""
        return np.where(self.reached(name), np.int16(self.law.tenths(above)), np.int16(self.law.tenths(below)))

    @cached_property
    def is_poor(self) -> Codes:
        """Whether the household is poor."""
        return _POOR[self.columns.poverty]

    @cached_property
    def is_poor_or_near(self) -> Codes:
        """Whether the household is poor or near-poor."""
        return _POOR_OR_NEAR[self.columns.poverty]

    @cached_property
    def is_severe(self) -> Codes:
        """Whether the disability is severe or extremely severe."""
        return _SEVERE[self.columns.disability]

    @cached_property
    def is_extremely_severe(self) -> Codes:
        """Whether the disability is extremely severe."""
        return _EXTREMELY[self.columns.disability]

    @cached_property
    def is_taken_in(self) -> Codes:
        """Whether somebody took the person in."""
        return _TAKEN_IN[self.columns.care]

    @cached_property
    def has_no_benefit(self) -> Codes:
        """Whether there is neither pension nor another monthly benefit."""
        return np.minimum(_is_zero(self.columns.pension), _is_zero(self.columns.other_benefit))

    @cached_property
    def may_be_parent(self) -> Flags:
        """Of whom children and pregnancies that nobody reported are assumed."""
        return self.band >= self.bands.place(PARENT_FROM)

    @cached_property
    def unreported(self) -> Tenths:
        """As many children as may be there unreported."""
        may_be = self.may_be_parent & (self.columns.has_known_children == 0)
        return np.where(may_be, np.int16(MOST_CHILDREN), np.int16(0))


def _is_zero(amounts: npt.NDArray[np.int64]) -> Codes:
    is_zero: Codes = (amounts == 0).astype(np.int8) + (amounts <= 0).astype(np.int8)
    return is_zero


def _not(answers: Codes) -> Codes:
    return np.int8(TRUE) - answers


def _all(*answers: Codes) -> Codes:
    found = answers[0]
    for one in answers[1:]:
        found = np.minimum(found, one)
    return found


def _same(holds: Codes, tenths: Tenths) -> Found:
    return Found(holds, tenths, tenths)


def _child_without_care(rows: Rows) -> Found:
    columns = rows.columns
    parents = np.minimum(_GONE[columns.father], _GONE[columns.mother])
    holds = np.minimum(rows.below("child_below"), np.maximum(columns.is_abandoned, parents))
    return _same(holds, rows.by_age("youngest_below", "child_without_care_youngest", "child_without_care_older"))


def _student_without_care(rows: Rows) -> Found:
    columns = rows.columns
    of_age = _all(rows.from_age("child_below"), rows.below("student_below"))
    holds = _all(of_age, columns.received_as_orphan, columns.is_studying)
    return _same(holds, rows.everywhere("student_without_care"))


def _child_with_hiv(rows: Rows) -> Found:
    holds = _all(rows.below("child_below"), rows.columns.has_hiv, rows.is_poor)
    return _same(holds, rows.by_age("youngest_below", "child_with_hiv_youngest", "child_with_hiv_older"))


def _single_parent(rows: Rows) -> Found:
    fewest = rows.counts.raised
    most = rows.counts.raised_at_most + rows.unreported
    has_children = (fewest > 0).astype(np.int8) + (most > 0).astype(np.int8)
    holds = _all(rows.is_poor_or_near, _UNMARRIED[rows.columns.marital], has_children)
    each = np.int16(rows.law.tenths("single_parent_per_child"))
    return Found(holds, fewest * each, most * each)


def _elderly_without_supporter(rows: Rows) -> Found:
    columns = rows.columns
    alone = np.maximum(_not(columns.has_supporter), columns.supporter_receives_allowance)
    holds = _all(rows.from_age("elderly_from"), rows.is_poor, alone)
    return _same(holds, rows.by_age("oldest_from", "elderly_without_supporter", "elderly_without_supporter_oldest"))


def _elderly_in_difficult_area(rows: Rows) -> Found:
    of_age = _all(rows.from_age("difficult_area_elderly_from"), rows.below("oldest_from"))
    holds = _all(of_age, rows.is_poor_or_near, rows.columns.lives_in_difficult_area)
    return _same(holds, rows.everywhere("elderly_in_difficult_area"))


def _elderly_without_pension(rows: Rows) -> Found:
    holds = _all(rows.from_age("without_pension_from"), rows.has_no_benefit)
    return _same(holds, rows.everywhere("elderly_without_pension"))


def _elderly_taken_in(rows: Rows) -> Found:
    columns = rows.columns
    alone = _all(_not(columns.has_supporter), columns.eligible_for_institution)
    holds = _all(rows.from_age("elderly_from"), rows.is_poor, alone, rows.is_taken_in)
    return _same(holds, rows.everywhere("elderly_taken_in"))


def _disability(rows: Rows) -> Found:
    is_child, is_elderly = ~rows.reached("child_below"), rows.reached("elderly_from")

    def tenths(degree: DisabilityLevel) -> Tenths:
        name = f"{degree.value}_disability"
        of_adults = np.where(is_elderly, np.int16(rows.law.tenths(f"{name}_elderly")), np.int16(rows.law.tenths(name)))
        return np.where(is_child, np.int16(rows.law.tenths(f"{name}_child")), of_adults).astype(np.int16)

    severe, extremely = tenths(DisabilityLevel.SEVERE), tenths(DisabilityLevel.EXTREMELY_SEVERE)
    degree = rows.columns.disability
    known = np.where(degree == code_of(DisabilityLevel.SEVERE), severe, extremely)
    return Found(rows.is_severe, known, np.where(degree < 0, np.maximum(severe, extremely), known))


def _small_child_in_difficult_area(rows: Rows) -> Found:
    of_age = rows.below("difficult_area_child_below")
    holds = _all(of_age, rows.is_poor_or_near, rows.columns.lives_in_difficult_area)
    return _same(holds, rows.everywhere("small_child_in_difficult_area"))


def _person_with_hiv(rows: Rows) -> Found:
    columns = rows.columns
    needy = _all(rows.is_poor, _not(columns.has_stable_income), rows.has_no_benefit)
    holds = _all(rows.from_age("child_below"), columns.has_hiv, needy)
    return _same(holds, rows.everywhere("person_with_hiv"))


def social_pension_holds(rows: Rows) -> Codes:
    """Say who is entitled to the social pension."""
    law, columns = rows.law, rows.columns
    if law.social_pension_level is None or law.age_if_any("social_pension_from") is None:
        return np.zeros(len(rows.band), dtype=np.int8)
    of_age = np.maximum(
        rows.from_age("social_pension_from"),
        np.minimum(rows.from_age("social_pension_poor_from"), rows.is_poor_or_near),
    )
    low = np.where(columns.pension < law.social_pension, np.int8(TRUE), np.int8(FALSE))
    low[columns.pension < 0] = UNKNOWN
    requests = [PensionRequest.WRITTEN]
    if law.chooses("handed_over_without_request", "yes"):
        requests.append(PensionRequest.HANDED_OVER)
    return _all(of_age, low, places(PensionRequest, *requests)[columns.pension_request])


def _care_of_child(rows: Rows) -> Found:
    holds = np.minimum(_child_without_care(rows).holds, rows.is_taken_in)
    return _same(holds, rows.by_age("youngest_below", "care_of_child_youngest", "care_of_child_older"))


def _care_of_elderly(rows: Rows) -> Found:
    return _same(_elderly_taken_in(rows).holds, rows.everywhere("care_of_elderly"))


def _pregnant_or_raising_infant(rows: Rows) -> Found:
    columns = rows.columns
    is_not_assumed = ~rows.may_be_parent | (columns.sex == code_of(Sex.MALE)) | rows.reached("elderly_from")
    pregnant = np.where((columns.is_pregnant == UNKNOWN) & is_not_assumed, np.int8(FALSE), columns.is_pregnant)
    fewest = rows.counts.infants + (pregnant == TRUE)
    most = rows.counts.infants_at_most + rows.unreported + (pregnant != FALSE)
    any_at_all = (fewest > 0).astype(np.int8) + (most > 0).astype(np.int8)
    has_no_spouse = np.isin(columns.marital, [code_of(one) for one in WITHOUT_SPOUSE])
    receives = columns.spouse_receives_care_support
    receives = np.where((receives == UNKNOWN) & has_no_spouse, np.int8(FALSE), receives)
    holds = _all(rows.is_severe, any_at_all, _not(receives))
    levels = np.array(
        [0, *(rows.law.tenths(name) for name in ("pregnant_or_raising_infant", "pregnant_and_raising_infants"))],
        dtype=np.int16,
    )
    return Found(holds, levels[np.minimum(fewest, 2)], levels[np.minimum(most, 2)])


def _care_in_household(rows: Rows) -> Found:
    holds = np.minimum(rows.is_extremely_severe, _IN_HOUSEHOLD[rows.columns.care])
    return _same(holds, rows.everywhere("care_in_household"))


def _care_taken_in(rows: Rows) -> Found:
    holds = np.minimum(rows.is_extremely_severe, rows.is_taken_in)
    return _same(holds, rows.by_age("child_below", "care_taken_in_child", "care_taken_in"))


CONDITIONS: Final[Mapping[C, Callable[[Rows], Found]]] = {
    C.CHILD_WITHOUT_CARE: _child_without_care,
    C.STUDENT_WITHOUT_CARE: _student_without_care,
    C.CHILD_WITH_HIV: _child_with_hiv,
    C.SINGLE_PARENT: _single_parent,
    C.ELDERLY_WITHOUT_SUPPORTER: _elderly_without_supporter,
    C.ELDERLY_IN_DIFFICULT_AREA: _elderly_in_difficult_area,
    C.ELDERLY_WITHOUT_PENSION: _elderly_without_pension,
    C.ELDERLY_TAKEN_IN: _elderly_taken_in,
    C.DISABILITY: _disability,
    C.SMALL_CHILD_IN_DIFFICULT_AREA: _small_child_in_difficult_area,
    C.PERSON_WITH_HIV: _person_with_hiv,
    C.CARE_OF_CHILD: _care_of_child,
    C.CARE_OF_ELDERLY: _care_of_elderly,
    C.PREGNANT_OR_RAISING_INFANT: _pregnant_or_raising_infant,
    C.CARE_IN_HOUSEHOLD: _care_in_household,
    C.CARE_TAKEN_IN: _care_taken_in,
}
"""Everything that is reckoned in tenths; the social pension and care in institutions stand apart."""
