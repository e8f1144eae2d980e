"""Who of many persons can hold any category at all, by a few comparisons: almost nobody of a province.

Whoever is left out is certainly owed nothing. Whoever stays may still be owed nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lienthong.rules.social_assistance.allowances import SEVERE, UNMARRIED
from lienthong.rules.social_assistance.columns import FALSE, Flags, PersonColumns, code_of
from lienthong.rules.social_assistance.facts import (
    MaritalState,
    ParentState,
    PensionRequest,
    PovertyStanding,
)
from lienthong.rules.social_assistance.law import AssistanceLaw
from lienthong.rules.social_assistance.vectorised_conditions import Bands

_CERTAINLY_NOT_SINGLE: Final = tuple(code_of(one) for one in MaritalState if one not in UNMARRIED)


def may_hold(columns: PersonColumns, law: AssistanceLaw, bands: Bands) -> Flags:
    """Say who may hold a category: each asks for at least one of these.

    A severe disability; an institution; childhood or youth without care; an age from which there is something for
    everybody; or poverty together with HIV, old age, infancy in a difficult area, or children of a single parent.
    """
    found = columns.disability <= max(code_of(one) for one in SEVERE)  # the worst come first; -1 is unknown
    found |= columns.in_institution != FALSE
    found |= _without_care(columns, law, bands)
    found |= _old(columns, law, bands)
    found |= (columns.poverty != code_of(PovertyStanding.OTHER)) & _of_the_poor(columns, law, bands)
    return found


def _without_care(columns: PersonColumns, law: AssistanceLaw, bands: Bands) -> Flags:
    caring = code_of(ParentState.CARING)
    found: Flags = (columns.father != caring) & (columns.mother != caring)
    found |= columns.is_abandoned != FALSE
    found &= columns.birth_latest > bands.cutoff(law.age("child_below"))
    student = (columns.received_as_orphan != FALSE) & (columns.is_studying != FALSE)
    student &= columns.birth_latest > bands.cutoff(law.age("student_below"))
    found |= student
    return found


def _old(columns: PersonColumns, law: AssistanceLaw, bands: Bands) -> Flags:
    found = np.zeros(len(columns), dtype=np.bool_)
    if law.tenths("elderly_without_pension"):
        found |= (columns.birth_earliest <= bands.cutoff(law.age("without_pension_from"))) & (columns.pension <= 0)
    pension_from = law.age_if_any("social_pension_from")
    if law.social_pension_level is not None and pension_from is not None:
        asked = columns.pension_request != code_of(PensionRequest.NONE)
        found |= (columns.birth_earliest <= bands.cutoff(pension_from)) & asked
    return found


def _of_the_poor(columns: PersonColumns, law: AssistanceLaw, bands: Bands) -> Flags:
    ages = [law.age("elderly_from"), law.age("difficult_area_elderly_from"), law.age_if_any("social_pension_poor_from")]
    found = columns.birth_earliest <= bands.cutoff(min(years for years in ages if years is not None))
    found |= columns.has_hiv != FALSE
    is_small = columns.birth_latest > bands.cutoff(law.age("difficult_area_child_below"))
    found |= is_small & (columns.lives_in_difficult_area != FALSE)
    raises = columns.has_known_children == 0
    raises[columns.children.parent] = True
    for code in _CERTAINLY_NOT_SINGLE:
        raises &= columns.marital != code
    found |= raises
    return found
