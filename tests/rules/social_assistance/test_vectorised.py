"""Many persons at once are owed what they are owed one by one."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.kernel.days import BirthDate
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.categories import BenefitKind
from lienthong.rules.social_assistance.columns import columns_from_facts, facts_at, rows_of
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import AssistanceLaw, ProvincialLevels, law_on
from lienthong.rules.social_assistance.vectorised import CATEGORIES, OUTCOMES, AssessedColumns, assess_columns
from lienthong.rules.social_assistance.vectorised_candidates import may_hold
from lienthong.rules.social_assistance.vectorised_conditions import Bands
from tests.rules.social_assistance.worlds import DAYS, KNOWN, ORDINARY, forget, random_person

seeds = st.integers(0, 2**32)
HIGHER = ProvincialLevels(
    base_level=Dong(600_000),
    social_pension_level=Dong(650_000),
    coefficients=(("severe_disability", 17),),
    reference=LegalReference(document="Nghị quyết của tỉnh"),
)
DRAFT = LegalReference(document="Dự thảo")


def persons(seed: int, on: date, count: int = 50) -> list[PersonFacts]:
    chance = random.Random(seed)
    unknown, partial = chance.choice((0.0, 0.03, 0.15, 0.5)), chance.choice((0.0, 0.2))
    found = [random_person(chance, on, unknown=unknown, partial=partial) for _ in range(count)]
    found += [forget(chance, ORDINARY, chance.choice((1, 2, 4))) for _ in range(count // 5)]
    return found


def assert_same(found: AssessedColumns, row: int, alone: Assessment) -> None:
    assert OUTCOMES[found.outcome[row]] is alone.outcome
    assert (found.lowest[row], found.highest[row]) == (alone.lowest, alone.highest)
    assert found.beside_none[row] == alone.beside_none
    lines = {line.category: line.amount for line in alone.lines}
    assert found.single_parent[row] == lines.pop(C.SINGLE_PARENT, 0)
    assert found.own_support[row] == lines.pop(C.PREGNANT_OR_RAISING_INFANT, 0)
    carer = [(line.category, line.amount) for line in alone.lines if line.payee == "carer"]
    personal = [one for one in lines.items() if one[0].kind is not BenefitKind.CARE_SUPPORT]
    assert named(found.carer_category[row], found.carer[row]) == carer
    assert named(found.category[row], found.amount[row]) == personal


def named(category: np.int8, amount: np.int64) -> list[tuple[C, int]]:
    return [] if category < 0 else [(CATEGORIES[category], int(amount))]


def compare(facts: Sequence[PersonFacts], on: date, **choices: object) -> None:
    found = assess_columns(columns_from_facts(facts), on=on, **choices)  # type: ignore[arg-type]
    for row, person in enumerate(facts):
        assert_same(found, row, assess(person, on=on, **choices))  # type: ignore[arg-type]


@given(seed=seeds, on=st.sampled_from(DAYS), known_on=st.sampled_from(KNOWN))
@settings(max_examples=40, deadline=None)
def test_everybody_is_owed_the_same_as_one_by_one(seed: int, on: date, known_on: date) -> None:
    compare(persons(seed, on), on, known_on=known_on)


@given(seed=seeds, on=st.sampled_from(DAYS))
@settings(max_examples=12, deadline=None)
def test_with_higher_levels_of_the_province_too(seed: int, on: date) -> None:
    compare(persons(seed, on), on, provincial=HIGHER)


def drafts(on: date) -> list[AssistanceLaw]:
    law = law_on(on)
    ages = {"social_pension_from": 70, "oldest_from": 78} if "social_pension_from" in law.ages else {"oldest_from": 78}
    open_questions = {
        "social_pension_beside_other_benefit": "both",
        "social_pension_with_lower_pension": "difference",
        "handed_over_without_request": "no",
        "pension_beside_allowance": "both",
    }
    options = {name: word for name, word in open_questions.items() if name in law.options}
    return [
        law.with_values(base_level=600_000, reference=DRAFT),
        law.with_values(ages=ages, coefficients={"care_in_household": 15}, reference=DRAFT),
        law.with_values(options=options, reference=DRAFT),
    ]


@given(seed=seeds, on=st.sampled_from(DAYS), which=st.integers(0, 2))
@settings(max_examples=20, deadline=None)
def test_under_a_draft_of_the_law_too(seed: int, on: date, which: int) -> None:
    compare(persons(seed, on), on, law=drafts(on)[which])


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_columns_keep_every_fact(seed: int) -> None:
    facts = persons(seed, date(2026, 8, 1))
    columns = columns_from_facts(facts)

    assert [facts_at(columns, row) for row in range(len(facts))] == facts
    some = np.arange(0, len(facts), 3)
    assert [facts_at(rows_of(columns, some), row) for row in range(len(some))] == facts[::3]


def test_nobody_is_no_trouble() -> None:
    assert len(assess_columns(columns_from_facts([]), on=date(2026, 8, 1))) == 0


def test_whoever_can_hold_nothing_is_left_out_and_refused() -> None:
    columns = columns_from_facts([ORDINARY] * 3)
    law = law_on(date(2026, 8, 1))

    assert not may_hold(columns, law, Bands.of(law, date(2026, 8, 1))).any()
    assert assess_columns(columns, on=date(2026, 8, 1)).outcome.tolist() == [0, 0, 0]


@pytest.mark.parametrize("on", [date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)])
def test_born_on_29_february(on: date) -> None:
    facts = [
        replace(ORDINARY, birth_date=BirthDate(date(year, 2, 29)), is_abandoned=True)
        for year in (2008, 2020, 2024)
        if date(year, 2, 29) <= on
    ]
    compare(facts, on)
