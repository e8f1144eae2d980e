"""The rules against the decree written down a second time, and against everything that unknown facts may turn out to be."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.kernel.decisions import Outcome
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.facts import PersonFacts
from tests.rules.social_assistance.naive import naive_total
from tests.rules.social_assistance.worlds import (
    DAYS,
    KNOWN,
    ORDINARY,
    completions,
    forget,
    random_completion,
    random_person,
)

seeds = st.integers(0, 2**32)
MOST = 2_000


@given(seed=seeds, on=st.sampled_from(DAYS), known_on=st.sampled_from(KNOWN))
@settings(max_examples=60, deadline=None)
def test_of_whom_everything_is_known_the_amount_is_that_of_the_decree(seed: int, on: date, known_on: date) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        facts = random_person(chance, on)

        found = assess(facts, on=on, known_on=known_on)

        assert found.amount == naive_total(facts, on, known_on), facts
        assert found.outcome is (Outcome.GRANTED if found.amount else Outcome.REFUSED)
        assert sum(line.amount for line in found.lines) == found.amount
        assert found.decision.outcome is found.outcome
        assert found.missing == ()


def enumerable(chance: random.Random, on: date) -> tuple[PersonFacts, list[PersonFacts]]:
    """Invent a person of whom little enough is unknown to go through everything."""
    while True:
        facts = random_person(chance, on, partial=0.3)
        if chance.random() < 0.3:
            facts = forget(chance, ORDINARY, chance.choice((1, 2, 3)))
        facts = forget(chance, facts, chance.choice((0, 1, 1, 2, 3)))
        everything = list(islice(completions(facts, on), MOST + 1))
        if len(everything) <= MOST:
            return facts, everything


@given(seed=seeds, on=st.sampled_from(DAYS), known_on=st.sampled_from(KNOWN))
@settings(max_examples=20, deadline=None)
def test_the_bounds_are_the_least_and_the_most_that_the_unknown_facts_allow(
    seed: int, on: date, known_on: date
) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        facts, everything = enumerable(chance, on)
        totals = [naive_total(one, on, known_on) for one in everything]

        found = assess(facts, on=on, known_on=known_on)

        assert (found.lowest, found.highest) == (min(totals), max(totals)), facts
        assert (found.outcome is Outcome.UNKNOWN) is (min(totals) < max(totals))


@given(seed=seeds, on=st.sampled_from(DAYS), known_on=st.sampled_from(KNOWN))
@settings(max_examples=15, deadline=None)
def test_exactly_the_facts_that_could_change_the_amount_are_missing(seed: int, on: date, known_on: date) -> None:
    chance = random.Random(seed)
    for _ in range(4):
        facts, everything = enumerable(chance, on)

        found = assess(facts, on=on, known_on=known_on)

        amounts = [(one, naive_total(one, on, known_on)) for one in everything]
        assert {one.fact for one in found.missing} == influential(facts, amounts), facts


@given(seed=seeds, on=st.sampled_from(DAYS))
@settings(max_examples=25, deadline=None)
def test_however_little_is_known_nothing_lies_outside_the_bounds(seed: int, on: date) -> None:
    chance = random.Random(seed)
    facts = random_person(chance, on, unknown=chance.choice((0.1, 0.3, 0.6)), partial=0.3)
    found = assess(facts, on=on, known_on=date(2030, 1, 1))

    totals = [naive_total(random_completion(chance, facts, on), on, date(2030, 1, 1)) for _ in range(60)]

    assert found.lowest <= min(totals)
    assert max(totals) <= found.highest


@given(seed=seeds, on=st.sampled_from(DAYS))
@settings(max_examples=40, deadline=None)
def test_whoever_answers_what_was_asked_gets_an_answer(seed: int, on: date) -> None:
    chance = random.Random(seed)
    facts = random_person(chance, on, unknown=chance.choice((0.05, 0.2, 0.5, 1)), partial=0.3)
    asked = [one.fact for one in assess(facts, on=on).missing]

    answered = answer(facts, asked, random_completion(chance, facts, on))

    assert assess(answered, on=on).outcome is not Outcome.UNKNOWN


def answer(facts: PersonFacts, asked: Sequence[str], truth: PersonFacts) -> PersonFacts:
    """Let the person answer some questions, and no others."""
    plain = {name: getattr(truth, name) for name in asked if "." not in name}
    children = list(facts.children or ())
    for name in asked:
        if "." in name and truth.children is not None:
            _, place, field = name.split(".")
            known = getattr(truth.children[int(place) - 1], field)
            children[int(place) - 1] = replace(children[int(place) - 1], **{field: known})
            plain["children"] = tuple(children)
    return replace(facts, **plain)


def atoms(facts: PersonFacts) -> dict[str, object]:
    """Take a completed person apart into facts, each child's on their own."""
    found = {name: getattr(facts, name) for name in PersonFacts.__dataclass_fields__ if name != "children"}
    for place, child in enumerate(facts.children or (), 1):
        found[f"children.{place}.birth_date"] = child.birth_date
        found[f"children.{place}.is_studying"] = child.is_studying
    return found


def influential(facts: PersonFacts, everything: Sequence[tuple[PersonFacts, int]]) -> set[str]:
    """Find the facts that make a difference while all others are the same."""
    found = set()
    if facts.children is None:
        groups: dict[object, set[int]] = defaultdict(set)
        for one, total in everything:
            groups[tuple(value for name, value in atoms(one).items() if "." not in name)].add(total)
        if any(len(totals) > 1 for totals in groups.values()):
            found.add("children")
    names = (
        {name for one, _ in everything[:1] for name in atoms(one)}
        if facts.children is not None
        else set(PersonFacts.__dataclass_fields__) - {"children"}
    )
    for name in names:
        groups = defaultdict(set)
        for one, total in everything:
            rest = tuple((key, value) for key, value in atoms(one).items() if key != name)
            groups[rest].add(total)
        if any(len(totals) > 1 for totals in groups.values()):
            found.add(name)
    return found


@pytest.mark.parametrize("on", DAYS)
def test_of_whom_nothing_is_known_everything_is_asked(on: date) -> None:
    found = assess(PersonFacts(), on=on)

    asked = {one.fact for one in found.missing}
    without = {"sex"} | (set() if on >= date(2025, 7, 1) else {"pension_request"})
    assert asked == set(PersonFacts.__dataclass_fields__) - without
    assert found.outcome is Outcome.UNKNOWN
    assert found.lowest == 0
