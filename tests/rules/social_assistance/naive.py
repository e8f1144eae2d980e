"""The decree written down a second time, for persons of whom everything is known: plain, slow, with its own numbers.

It shares nothing with the rules but the facts, so that neither can be wrong in the same way as the other.
"""

from datetime import date

from lienthong.kernel.days import BirthDate
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance.facts import (
    Care,
    ChildFacts,
    MaritalState,
    ParentState,
    PensionRequest,
    PersonFacts,
    PovertyStanding,
)

NEW_DECREE = date(2026, 10, 5)


def base_level(on: date, known_on: date) -> int:
    if on >= date(2026, 7, 1) and known_on >= NEW_DECREE:
        return 540_000
    return 500_000 if on >= date(2024, 7, 1) else 360_000


def years(birth: BirthDate | None, on: date) -> int:
    assert birth is not None
    born = birth.day
    has_had_birthday = (on.month, on.day) >= (born.month, born.day)
    if (born.month, born.day) == (2, 29) and (on.month, on.day) == (2, 28) and not is_leap(on.year):
        has_had_birthday = True
    return on.year - born.year - (not has_had_birthday)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def is_born(birth: BirthDate | None, on: date) -> bool:
    assert birth is not None
    return birth.day <= on


GONE = {ParentState.DEAD, ParentState.MISSING, ParentState.INSTITUTION, ParentState.DETAINED}
SINGLE = {MaritalState.NEVER_MARRIED, MaritalState.WIDOWED, MaritalState.SPOUSE_MISSING}


def naive_total(facts: PersonFacts, on: date, known_on: date) -> int:
    if not is_born(facts.birth_date, on):
        return 0
    base, age = base_level(on, known_on), years(facts.birth_date, on)
    if facts.in_institution:
        return base * (5 if age < 4 else 4)
    assert facts.pension is not None and facts.other_benefit is not None
    allowance = base * max(alone(facts, age), single_parent(facts, on) + beside(facts, age, on, known_on)) // 10
    if allowance <= max(facts.pension, facts.other_benefit):
        allowance = 0
    pension = social_pension(facts, age, on, known_on)
    if pension <= facts.other_benefit:
        pension = 0
    return max(allowance, pension) + base * (carer(facts, age) + own_support(facts, age, on)) // 10


def has_social_pension(on: date, known_on: date) -> bool:
    return on >= date(2025, 7, 1) and known_on >= date(2025, 7, 1)


def is_poor(facts: PersonFacts) -> bool:
    return facts.poverty is PovertyStanding.POOR


def is_poor_or_near(facts: PersonFacts) -> bool:
    return facts.poverty in {PovertyStanding.POOR, PovertyStanding.NEAR_POOR}


def is_without_care(facts: PersonFacts, age: int) -> bool:
    return age < 16 and bool(facts.is_abandoned or (facts.father in GONE and facts.mother in GONE))


def is_taken_in_as_elderly(facts: PersonFacts, age: int) -> bool:
    needy = is_poor(facts) and not facts.has_supporter and bool(facts.eligible_for_institution)
    return age >= 60 and needy and facts.care is Care.TAKEN_IN


def alone(facts: PersonFacts, age: int) -> int:
    without_care, with_hiv = is_without_care(facts, age), bool(facts.has_hiv) and age < 16 and is_poor(facts)
    found = [0]
    if without_care:
        found.append(25 if age < 4 else 15)
    if 16 <= age < 22 and facts.received_as_orphan and facts.is_studying:
        found.append(15)
    if with_hiv:
        found.append(25 if age < 4 else 20)
    is_other = without_care or with_hiv or disability_tenths(facts.disability, age)
    if age < 3 and is_poor_or_near(facts) and facts.lives_in_difficult_area and not is_other:
        found.append(15)
    return max(found)


def beside(facts: PersonFacts, age: int, on: date, known_on: date) -> int:
    found = [disability_tenths(facts.disability, age)]
    has_no_benefit = facts.pension == 0 and facts.other_benefit == 0
    if age >= 60 and is_poor(facts) and (not facts.has_supporter or facts.supporter_receives_allowance):
        found.append(15 if age < 80 else 20)
    elif not has_social_pension(on, known_on):
        if 75 <= age < 80 and is_poor_or_near(facts) and facts.lives_in_difficult_area:
            found.append(10)
        if age >= 80 and has_no_benefit:
            found.append(10)
    if is_taken_in_as_elderly(facts, age):
        found.append(30)
    if age >= 16 and facts.has_hiv and is_poor(facts) and not facts.has_stable_income and has_no_benefit:
        found.append(15)
    return max(found)


def single_parent(facts: PersonFacts, on: date) -> int:
    if not is_poor_or_near(facts) or facts.marital not in SINGLE:
        return 0
    return 10 * sum(counts_for_single_parent(child, on) for child in born_children(facts, on))


def born_children(facts: PersonFacts, on: date) -> list[ChildFacts]:
    assert facts.children is not None
    return [child for child in facts.children if is_born(child.birth_date, on)]


def social_pension(facts: PersonFacts, age: int, on: date, known_on: date) -> int:
    if not has_social_pension(on, known_on) or facts.pension is None:
        return 0
    level = max(500_000, base_level(on, known_on))
    is_of_age = age >= 75 or (age >= 70 and is_poor_or_near(facts))
    has_asked = facts.pension_request in {PensionRequest.WRITTEN, PensionRequest.HANDED_OVER}
    return level if is_of_age and has_asked and facts.pension < level else 0


def carer(facts: PersonFacts, age: int) -> int:
    extremely = facts.disability is DisabilityLevel.EXTREMELY_SEVERE
    found = [0]
    if facts.care is Care.TAKEN_IN:
        found.append((25 if age < 4 else 15) if is_without_care(facts, age) else 0)
        found.append((25 if age < 16 else 15) if extremely else 0)
    if is_taken_in_as_elderly(facts, age):
        found.append(15)
    if extremely and facts.care is Care.HOUSEHOLD:
        found.append(10)
    return max(found)


def own_support(facts: PersonFacts, age: int, on: date) -> int:
    if not disability_tenths(facts.disability, age) or facts.spouse_receives_care_support:
        return 0
    reasons = bool(facts.is_pregnant) + sum(is_infant(child, on) for child in born_children(facts, on))
    return {0: 0, 1: 15}.get(reasons, 20)


def disability_tenths(degree: DisabilityLevel | None, age: int) -> int:
    child_or_elderly = age < 16 or age >= 60
    if degree is DisabilityLevel.EXTREMELY_SEVERE:
        return 25 if child_or_elderly else 20
    if degree is DisabilityLevel.SEVERE:
        return 20 if child_or_elderly else 15
    return 0


def counts_for_single_parent(child: ChildFacts, on: date) -> bool:
    age = years(child.birth_date, on)
    return age < 16 or (age < 22 and bool(child.is_studying))


def is_infant(child: ChildFacts, on: date) -> bool:
    return years(child.birth_date, on) < 3
