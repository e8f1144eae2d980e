"""What it takes to try a category: conditions that hold, fail or are unknown, and the ways in which facts would settle them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from lienthong.kernel.days import AgeRange, BirthDate, add_months
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.logic import Answer, all_of, any_of, negate
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.facts import MOST_CHILDREN, ChildFacts, PersonFacts, PovertyStanding
from lienthong.rules.social_assistance.law import AssistanceLaw

PARENT_FROM: Final = 10
"""Of whoever is younger, children and pregnancies that nobody reported are not assumed. No number of the law."""

Setting = tuple[str, Any]
"""The name of a fact, and a value that it may turn out to have."""

Way = tuple[Setting, ...]
"""Facts that together settle what is unknown."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a category.

    Điều kiện.

    Attributes:
        ways: While it is unknown, each way in which it could come to hold; empty where only the age is not known.
        is_age: Whether it is the person's age that it requires.
    """

    text: str
    holds: Answer
    reference: LegalReference
    ways: tuple[Way, ...] = ()
    is_age: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """What a category gives in a month: đồng, and how they come about.

    Attributes:
        coefficient: Name of the coefficient; None for a fixed amount.
        tenths: Of the standard level, all children together.
    """

    amount: int = 0
    tenths: int | None = None
    coefficient: str | None = None
    times: int = 1


NOTHING: Final = Level()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One category that was tried.

    Attributes:
        lowest: What it gives when it holds and every unknown fact turns out badly.
        highest: What it gives when every unknown fact turns out well; ``NOTHING`` when it has failed.
        ways: Further ways to more, beside those of its conditions: each child, each degree.
        reference: Where the category is defined.
    """

    category: AssistanceCategory
    holds: Answer
    conditions: tuple[Condition, ...]
    lowest: Level
    highest: Level
    reference: LegalReference
    ways: tuple[Way, ...] = ()


def tried(
    category: AssistanceCategory,
    reference: LegalReference,
    conditions: Iterable[Condition],
    *,
    levels: tuple[Level, Level],
    ways: tuple[Way, ...] = (),
) -> Tried:
    """Put the conditions of a category together."""
    found = tuple(conditions)
    holds = all_of(*(one.holds for one in found))
    lowest, highest = levels
    return Tried(
        category=category,
        holds=holds,
        conditions=found,
        lowest=lowest if holds else NOTHING,
        highest=NOTHING if holds is False else highest,
        reference=reference,
        ways=ways if holds is not False else (),
    )


@dataclass(frozen=True, slots=True)
class ChildCount:
    """How many children count: certainly, and at most; with the ways in which one more would count."""

    lowest: int
    highest: int
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One person on one day under one law, with the ages that the date of birth allows; None: not known at all."""

    facts: PersonFacts
    law: AssistanceLaw
    on: date
    age: AgeRange | None

    def at_least(self, years: int) -> Answer:
        """Say whether the person has reached an age."""
        return None if self.age is None else self.age.at_least(years)

    @property
    def in_years(self) -> str:
        """The age in words."""
        return words.age(self.age)

    def from_age(self, name: str, reference: LegalReference) -> Condition:
        """Require an age."""
        years = self.law.age(name)
        return Condition(f"Từ đủ {years} tuổi ({self.in_years})", self.at_least(years), reference, is_age=True)

    def below_age(self, name: str, reference: LegalReference) -> Condition:
        """Require to be younger."""
        years = self.law.age(name)
        return Condition(f"Dưới {years} tuổi ({self.in_years})", negate(self.at_least(years)), reference, is_age=True)

    def flag(self, text: str, name: str, reference: LegalReference, *, wanted: bool = True) -> Condition:
        """Require a yes or a no."""
        answer: Answer = getattr(self.facts, name)
        return Condition(text, answer if wanted else negate(answer), reference, (((name, wanted),),))

    @property
    def is_poor(self) -> Answer:
        """Whether the household is poor."""
        standing = self.facts.poverty
        return None if standing is None else standing is PovertyStanding.POOR

    @property
    def is_poor_or_near(self) -> Answer:
        """Whether the household is poor or near-poor."""
        standing = self.facts.poverty
        return None if standing is None else standing is not PovertyStanding.OTHER

    def poor(self, reference: LegalReference) -> Condition:
        """Require a poor household."""
        text = f"Thuộc hộ nghèo ({words.value(self.facts.poverty)})"
        return Condition(text, self.is_poor, reference, ((("poverty", PovertyStanding.POOR),),))

    def poor_or_near(self, reference: LegalReference) -> Condition:
        """Require a poor or near-poor household."""
        text = f"Thuộc hộ nghèo, hộ cận nghèo ({words.value(self.facts.poverty)})"
        return Condition(text, self.is_poor_or_near, reference, ((("poverty", PovertyStanding.NEAR_POOR),),))

    def may_be_parent(self) -> bool:
        """Say whether children and pregnancies that nobody reported are to be reckoned with."""
        return self.at_least(PARENT_FROM) is not False

    def raised_children(self) -> ChildCount:
        """Count the children for whom a single parent is paid."""
        return self._count(_counts_as_raised, _ways_to_be_raised, self._some_child(self._birth_years_ago(10)))

    def infants(self) -> ChildCount:
        """Count the infants for whom a disabled person is supported."""
        return self._count(_counts_as_infant, _ways_to_be_infant, self._some_child(BirthDate(self.on)))

    def _some_child(self, born: BirthDate) -> ChildFacts:
        return ChildFacts(birth_date=born, is_studying=False)

    def _birth_years_ago(self, years: int) -> BirthDate:
        return BirthDate(add_months(self.on, -12 * years))

    def _count(self, counts: Any, ways_of: Any, some_child: ChildFacts) -> ChildCount:
        children = self.facts.children
        if children is None:
            if not self.may_be_parent():
                return ChildCount(0, 0)
            one = (("children", (some_child,)),)
            many = (("children", (some_child,) * MOST_CHILDREN),)
            return ChildCount(0, MOST_CHILDREN, (one, many))
        answers = [counts(child, self) for child in children]
        unknown = [ways_of(child, place, self) for place, child in enumerate(children, 1) if answers[place - 1] is None]
        lowest = answers.count(True)
        return ChildCount(lowest, lowest + len(unknown), tuple(_each_and_together(unknown)))


def _each_and_together(unknown: list[list[Way]]) -> Iterable[Way]:
    """Let so many of the unknown children count as it takes: one, two, … all, each time with every way of the last."""
    for size in range(1, len(unknown) + 1):
        for last in range(len(unknown)):
            others = [one for place, one in enumerate(unknown) if place != last][: size - 1]
            certain = tuple(setting for ways in others for setting in ways[0])
            yield from (certain + way for way in unknown[last])


def _age_of(child: ChildFacts, on: date) -> AgeRange | None:
    return None if child.birth_date is None else child.birth_date.age_on(on)


def is_born(birth_date: BirthDate | None, on: date) -> bool:
    """Say whether somebody was born, as far as is known."""
    return birth_date is None or birth_date.earliest <= on


def _counts_as_raised(child: ChildFacts, case: Case) -> Answer:
    if not is_born(child.birth_date, case.on):
        return False
    age = _age_of(child, case.on)
    of_age = None if age is None else age.at_least(case.law.age("child_below"))
    too_old = None if age is None else age.at_least(case.law.age("raised_student_below"))
    return any_of(negate(of_age), all_of(negate(too_old), child.is_studying))


def _ways_to_be_raised(child: ChildFacts, place: int, case: Case) -> list[Way]:
    birth, studying = f"children.{place}.birth_date", f"children.{place}.is_studying"
    law, age = case.law, _age_of(child, case.on)
    young: Setting = (birth, case._birth_years_ago(law.age("child_below") - 1))
    student: Setting = (birth, case._birth_years_ago(law.age("raised_student_below") - 1))
    may_be_young = age is None or age.at_least(law.age("child_below")) is not True
    is_certainly_young_enough = age is not None and age.at_least(law.age("raised_student_below")) is False
    found: list[Way] = []
    if may_be_young:
        found.append((young,))
    if child.is_studying is not False:
        settings: list[Setting] = [] if is_certainly_young_enough else [student]
        settings += [(studying, True)] if child.is_studying is None else []
        found.append(tuple(settings))
    return found


def _counts_as_infant(child: ChildFacts, case: Case) -> Answer:
    if child.birth_date is None:
        return None
    if not is_born(child.birth_date, case.on):
        return False
    months = case.law.age("infant_below_months")
    if add_months(child.birth_date.latest, months) <= case.on:
        return False
    return True if add_months(child.birth_date.earliest, months) > case.on else None


def _ways_to_be_infant(child: ChildFacts, place: int, case: Case) -> list[Way]:
    return [((f"children.{place}.birth_date", BirthDate(case.on)),)]
