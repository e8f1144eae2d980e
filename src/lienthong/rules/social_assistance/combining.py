"""What is paid of everything that holds: the highest only, a single parent's beside another, care beside an allowance.

Nguyên tắc chỉ được hưởng một mức cao nhất.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from lienthong.kernel.logic import all_of, negate
from lienthong.rules.social_assistance.allowances import ALLOWANCES
from lienthong.rules.social_assistance.categories import (
    ALLOWANCE_CATEGORIES,
    ALONE,
    BESIDE_SINGLE_PARENT,
    CARER_CATEGORIES,
    BenefitGroup,
)
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import AssistanceLaw
from lienthong.rules.social_assistance.supports import SUPPORTS
from lienthong.rules.social_assistance.trying import NOTHING, Case, Condition, Level, Tried

MOST: Final = 2**62
"""More than any benefit: what an unknown other benefit may come to."""


class Outlook(StrEnum):
    """How the unknown facts turn out: everything badly for the person, or everything well."""

    WORST = "worst"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Share:
    """One category that is paid."""

    category: C
    level: Level


@dataclass(frozen=True, slots=True)
class Payable:
    """What is paid in a month: to the person, to the institution, and to whoever cares.

    Attributes:
        personal: The allowance, with a single parent's beside it; or the social pension; or care in an institution.
        own_support: Support of a disabled person who is pregnant or raises infants.
        carer: Support of whoever cares.
    """

    personal: tuple[Share, ...]
    own_support: Share | None
    carer: Share | None

    @property
    def shares(self) -> tuple[Share, ...]:
        """Everything that is paid."""
        return (*self.personal, *(one for one in (self.own_support, self.carer) if one))

    def of_group(self, group: BenefitGroup) -> int:
        """Give what is paid of one group, đồng a month."""
        return sum(one.level.amount for one in self.shares if one.category.group is group)

    @property
    def total(self) -> int:
        """Đồng a month."""
        return sum(one.level.amount for one in self.shares)


def try_all(case: Case) -> tuple[Tried, ...]:
    """Try every category, in the order of the law."""
    return tuple(rule(case) for rule in (*ALLOWANCES, *SUPPORTS))


def payable(found: Iterable[Tried], facts: PersonFacts, law: AssistanceLaw, outlook: Outlook) -> Payable:
    """Say what is paid when the unknown facts turn out badly, or well.

    Args:
        found: Every category tried; care in an institution must be known.
        facts: For the benefits by other instruments.
        law: Of the day.
        outlook: How the unknown facts turn out.

    Legal source:
        20/2021/NĐ-CP, Điều 5 khoản 5 điểm b, c and khoản 7 (exclusions), Điều 6 khoản 2 (the highest; single parents),
        Điều 20 khoản 2 (care), Điều 25 khoản 5 (institutions).
    """
    all_held = {
        one.category: level
        for one in found
        if (level := one.lowest if outlook is Outlook.WORST else one.highest).amount
    }
    held = _without_excluded(all_held)
    pension = Share(C.SOCIAL_PENSION, held[C.SOCIAL_PENSION]) if C.SOCIAL_PENSION in held else None
    if C.INSTITUTION in held:
        return Payable(_higher((Share(C.INSTITUTION, held[C.INSTITUTION]),), pension), None, None)
    other = _amount_of(facts.other_benefit, outlook)
    beside = (
        max(other, _amount_of(facts.pension, outlook)) if law.chooses("pension_beside_allowance", "highest") else other
    )
    allowance = highest_allowance(held)
    if sum(one.level.amount for one in allowance) <= beside:
        allowance = ()
    if pension and law.chooses("social_pension_beside_other_benefit", "highest") and pension.level.amount <= other:
        pension = None
    support = held.get(C.PREGNANT_OR_RAISING_INFANT)
    return Payable(
        _higher(allowance, pension),
        Share(C.PREGNANT_OR_RAISING_INFANT, support) if support else None,
        _highest(held, CARER_CATEGORIES),
    )


def highest_allowance(held: Mapping[C, Level]) -> tuple[Share, ...]:
    """Choose the highest allowance; a single parent's counts together with one of Điều 5 khoản 5, 6 or 8."""
    alone, beside = _highest(held, ALONE), _highest(held, BESIDE_SINGLE_PARENT)
    parent = Share(C.SINGLE_PARENT, held[C.SINGLE_PARENT]) if C.SINGLE_PARENT in held else None
    together = tuple(one for one in (parent, beside) if one)
    if alone and alone.level.amount >= sum(one.level.amount for one in together):
        return (alone,)
    return together


def never_beside_other(category: C, law: AssistanceLaw) -> bool:
    """Tell whether what a category gives is never paid beside a benefit by another instrument: only the higher of both is.

    Chỉ hưởng một mức cao nhất theo các văn bản khác nhau. Support of care and care in an institution stand beside it.

    Legal source:
        20/2021/NĐ-CP, Điều 6 khoản 2; of the social pension what ``combination.yaml`` chooses.
    """
    if category is C.SOCIAL_PENSION:
        return law.chooses("social_pension_beside_other_benefit", "highest")
    return category in ALLOWANCE_CATEGORIES


def with_exclusions(found: tuple[Tried, ...]) -> tuple[Tried, ...]:
    """Add to each category the conditions that others do not hold, where its own definition shuts them out."""
    by_category = {one.category: one for one in found}

    def complete(one: Tried) -> Tried:
        shut_out = [by_category[other] for other in _EXCLUSIONS.get(one.category, ())]
        if not shut_out or one.holds is False:
            return one
        conditions = [
            Condition(f"Không thuộc diện “{other.category.in_words}”", negate(other.holds), one.reference)
            for other in shut_out
        ]
        holds = all_of(one.holds, *(condition.holds for condition in conditions))
        return replace(
            one,
            holds=holds,
            conditions=(*one.conditions, *conditions),
            lowest=one.lowest if holds else NOTHING,
            highest=NOTHING if holds is False else one.highest,
        )

    return tuple(complete(one) for one in found)


_EXCLUSIONS: Final[Mapping[C, tuple[C, ...]]] = {
    C.ELDERLY_IN_DIFFICULT_AREA: (C.ELDERLY_WITHOUT_SUPPORTER,),
    C.ELDERLY_WITHOUT_PENSION: (C.ELDERLY_WITHOUT_SUPPORTER,),
    C.SMALL_CHILD_IN_DIFFICULT_AREA: (C.CHILD_WITHOUT_CARE, C.CHILD_WITH_HIV, C.DISABILITY),
}


def _without_excluded(held: Mapping[C, Level]) -> Mapping[C, Level]:
    return {
        category: level
        for category, level in held.items()
        if not any(other in held for other in _EXCLUSIONS.get(category, ()))
    }


def _highest(held: Mapping[C, Level], among: Iterable[C]) -> Share | None:
    """Choose the highest; of equals the first in the order of the law."""
    best: Share | None = None
    for category in among:
        level = held.get(category, NOTHING)
        if level.amount > (best.level.amount if best else 0):
            best = Share(category, level)
    return best


def _higher(shares: tuple[Share, ...], pension: Share | None) -> tuple[Share, ...]:
    if pension and pension.level.amount > sum(one.level.amount for one in shares):
        return (pension,)
    return shares


def _amount_of(amount: int | None, outlook: Outlook) -> int:
    if amount is not None:
        return amount
    return MOST if outlook is Outlook.WORST else 0
