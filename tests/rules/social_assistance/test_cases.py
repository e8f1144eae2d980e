"""Monthly social assistance by the cases in ``cases/``, which a lawyer can read, check and add to."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.decisions import Outcome
from lienthong.kernel.legal import LegalReference
from lienthong.rules.parameters import load_yaml
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.columns import columns_from_facts
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import ProvincialLevels
from lienthong.rules.social_assistance.plain_facts import person_as_plain, person_from_plain
from lienthong.rules.social_assistance.vectorised import assess_columns
from tests.rules.social_assistance.test_vectorised import assert_same
from tests.rules.social_assistance.worlds import ORDINARY

FILES = ("children", "adults", "elderly", "care", "combination", "law_changes", "unknown")
CASES: list[dict[str, Any]] = [
    case for name in FILES for case in load_yaml(Path(__file__).parent / "cases" / f"{name}.yaml")
]


def facts_of(case: dict[str, Any]) -> PersonFacts:
    given = {name: str(value) if name == "birth_date" else value for name, value in case["given"].items()}
    given["children"] = [
        {name: str(value) if name == "birth_date" else value for name, value in child.items()}
        for child in given.get("children", [])
    ]
    facts = person_from_plain({**person_as_plain(ORDINARY), **given})
    return replace(facts, **dict.fromkeys(case.get("unknown", ())))


def choices_of(case: dict[str, Any]) -> dict[str, Any]:
    levels = case.get("provincial")
    if levels:
        coefficients = tuple(levels.get("coefficients", {}).items())
        reference = LegalReference(document="Nghị quyết của tỉnh")
        levels = ProvincialLevels(**{**levels, "coefficients": coefficients}, reference=reference)
    return {"on": case["on"], "known_on": case.get("known_on"), "provincial": levels}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    facts, choices, expected = facts_of(case), choices_of(case), case["expect"]

    found = assess(facts, **choices)

    amount = expected.get("amount", 0)
    assert found.outcome is Outcome(expected.get("outcome", "granted"))
    assert found.amount == (None if found.outcome is Outcome.UNKNOWN else amount)
    if "lines" in expected:
        assert {line.category: line.amount for line in found.lines} == expected["lines"]
    if "beside_none" in expected:
        assert found.beside_none == expected["beside_none"]
    if "bounds" in expected:
        assert [found.lowest, found.highest] == expected["bounds"]
    if "missing" in expected:
        assert [one.fact for one in found.missing] == expected["missing"]
    if "payees" in expected:
        assert expected["payees"].items() <= {line.category: line.payee for line in found.lines}.items()
    assert all(found.category(AssistanceCategory(one)).holds is True for one in expected.get("holds", ()))
    assert all(found.category(AssistanceCategory(one)).holds is False for one in expected.get("fails", ()))
    assert set(expected.get("articles", ())) <= {str(reference) for reference in found.references}
    check_notices(found, expected)
    assert_same(assess_columns(columns_from_facts([facts]), **choices), 0, found)


def check_notices(found: Assessment, expected: dict[str, Any]) -> None:
    for words in expected.get("notices", ()):
        assert any(words.lower() in notice.lower() for notice in found.notices), found.notices
    if expected.get("notices") == []:
        assert found.notices == ()


def test_there_are_cases_of_every_category_that_holds_and_that_fails() -> None:
    assert len(CASES) >= 150
    held, failed = set(), set()
    for case in CASES:
        for one in assess(facts_of(case), **choices_of(case)).categories:
            held |= {one.category} if one.holds else set()
            failed |= {one.category} if one.holds is False else set()
    assert held == failed == set(AssistanceCategory)


def test_every_category_is_paid_somewhere() -> None:
    paid = {line.category for case in CASES for line in assess(facts_of(case), **choices_of(case)).lines}

    assert paid == set(AssistanceCategory)


def test_every_name_is_said_once() -> None:
    names = [case["name"] for case in CASES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES[::7], ids=[case["name"] for case in CASES[::7]])
def test_the_result_can_be_read_sentence_by_sentence(case: dict[str, Any]) -> None:
    found = assess(facts_of(case), **choices_of(case))

    assert [sentence.split(". ")[0] for sentence in found.in_words] == [
        str(place) for place in range(1, len(found.in_words) + 1)
    ]
    assert all(sentence.endswith(".") for sentence in found.in_words)
    assert "None" not in " ".join(found.in_words)
