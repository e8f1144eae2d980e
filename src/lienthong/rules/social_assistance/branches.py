"""Everything that unknown facts allow: the lowest and the highest total, and which of them could still change it.

Almost every fact works one way only: whatever it adds anywhere it never takes away elsewhere. So all unknown facts together at
their worst give the lowest total, and at their best the highest. Two facts work both ways and are gone through one by one: the
age, and care in an institution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any, Final

from lienthong.kernel.days import AgeRange
from lienthong.rules.social_assistance.categories import BESIDE_SINGLE_PARENT
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.combining import Outlook, Payable, payable, try_all
from lienthong.rules.social_assistance.facts import AMOUNTS, FIELDS, PersonFacts, PovertyStanding
from lienthong.rules.social_assistance.law import AssistanceLaw
from lienthong.rules.social_assistance.trying import PARENT_FROM, Case, Tried, Way

BIRTH_DATE: Final = "birth_date"
IN_INSTITUTION: Final = "in_institution"

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Branch:
    """One of the ages and places that the facts allow; everything else stays as it is known."""

    case: Case

    @cached_property
    def found(self) -> tuple[Tried, ...]:
        """Every category, tried."""
        return try_all(self.case)

    @cached_property
    def worst(self) -> Payable:
        """What is paid at least."""
        return payable(self.found, self.case.facts, self.case.law, Outlook.WORST)

    @cached_property
    def best(self) -> Payable:
        """What is paid at most."""
        return payable(self.found, self.case.facts, self.case.law, Outlook.BEST)

    def least_if(self, settings: Settings) -> int:
        """Give the lowest total when some facts turn out as said."""
        facts = _settled(self.case.facts, settings)
        return payable(try_all(replace(self.case, facts=facts)), facts, self.case.law, Outlook.WORST).total


def branches(case: Case) -> tuple[Branch, ...]:
    """Go through the ages and places that the facts allow: from the youngest, at home first."""
    places = (False, True) if case.facts.in_institution is None else (case.facts.in_institution,)
    return tuple(
        Branch(replace(case, facts=replace(case.facts, in_institution=place), age=age))
        for age in _ages(case.age, case.law)
        for place in places
    )


def thresholds(law: AssistanceLaw) -> tuple[int, ...]:
    """Give the ages in years at which anything can change, lowest first."""
    return tuple(sorted({*law.year_thresholds, PARENT_FROM}))


def _ages(age: AgeRange | None, law: AssistanceLaw) -> Iterator[AgeRange]:
    """Take one age of each band that is possible."""
    if age is None:
        age = AgeRange(0, thresholds(law)[-1])
    yield AgeRange(age.lowest, age.lowest)
    yield from (AgeRange(years, years) for years in thresholds(law) if age.lowest < years <= age.highest)


def missing_facts(found: tuple[Branch, ...]) -> tuple[str, ...]:
    """Name the unknown facts that could still change the total, in the order of the law.

    A fact is named when there is some way for the other unknown facts to turn out in which it makes a difference. Because
    facts work one way only, it is enough to look at the least that makes each category hold, everything else at its worst.

    Args:
        found: The branches of one person.
    """
    matter: dict[str, None] = {}
    witnesses: list[Settings] = [{}]
    for branch in found:
        for settings in _witnesses(branch):
            if settings not in witnesses:
                witnesses.append(settings)
            if settings.keys() <= matter.keys():
                continue
            reached = branch.least_if(settings)
            for fact in settings:
                without = {name: value for name, value in settings.items() if name != fact}
                if fact not in matter and branch.least_if(without) != reached:
                    matter[fact] = None
    ordered = [fact for fact in (BIRTH_DATE, IN_INSTITUTION) if _differs(found, fact, witnesses)]
    return (*ordered, *sorted(matter, key=_place_of()))


def _place_of() -> Callable[[str], tuple[int, str]]:
    return lambda fact: (FIELDS.index(fact.partition(".")[0]), fact)


def _differs(found: tuple[Branch, ...], fact: str, witnesses: Iterable[Settings]) -> bool:
    """Say whether an age, or a place, makes a difference while everything else is the same."""
    groups: dict[Any, list[Branch]] = {}
    for branch in found:
        case = branch.case
        groups.setdefault(case.facts.in_institution if fact == BIRTH_DATE else case.age, []).append(branch)
    for group in groups.values():
        if len(group) < 2:
            continue
        if len({branch.best.total for branch in group}) > 1:
            return True
        if any(len({branch.least_if(settings) for branch in group}) > 1 for settings in witnesses):
            return True
    return False


def _witnesses(branch: Branch) -> Iterator[Settings]:
    """Yield what it takes, at the least, for each category, and for a single parent's with another beside it."""
    facts = branch.case.facts
    nothing = {name: 0 for name in AMOUNTS if getattr(facts, name) is None}
    ways = {one.category: list(_ways(one)) for one in branch.found}
    for amounts in (nothing, *_with_small_pension(nothing, branch.case.law)):
        if amounts:
            yield amounts
        for category in C:
            for way in ways[category]:
                yield {**_together(way), **amounts}
        for way in ways[C.SINGLE_PARENT]:
            for category in BESIDE_SINGLE_PARENT:
                for other in ways[category]:
                    yield {**_together(way, other), **amounts}


def _with_small_pension(amounts: Settings, law: AssistanceLaw) -> Iterator[Settings]:
    """Yield a pension below the social pension: it shuts out some allowances and leaves the social pension."""
    level = law.social_pension_level
    if "pension" in amounts and level is not None:
        yield {**amounts, "pension": int(level.value) - 1}


def _ways(one: Tried) -> Iterator[Way]:
    """Yield each way in which what is unknown of a category comes to hold."""
    if one.holds is False:
        return
    groups = [condition.ways for condition in one.conditions if condition.holds is None and condition.ways]
    if one.ways:
        groups.append(one.ways)
    for parts in product(*groups):
        if way := tuple(setting for part in parts for setting in part):
            yield way


def _together(*ways: Way) -> Settings:
    """Let several ways come true at once; of two standings of the household the poorer does for both."""
    settings: dict[str, Any] = {}
    for way in ways:
        for name, value in way:
            if name == "poverty" and settings.get(name) is PovertyStanding.POOR:
                continue
            settings[name] = value
    return settings


def _settled(facts: PersonFacts, settings: Settings) -> PersonFacts:
    """Give the facts with some of them known."""
    plain = {name: value for name, value in settings.items() if "." not in name}
    children = list(facts.children or ())
    for name, value in settings.items():
        if "." in name:
            _, place, field = name.split(".")
            children[int(place) - 1] = replace(children[int(place) - 1], **{field: value})
            plain["children"] = tuple(children)
    return replace(facts, **plain) if plain else facts
