"""Funerals of those who received the social pension, by the cases in pension_funeral.yaml."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.decisions import Outcome
from lienthong.rules.parameters import NoValueInForce, load_yaml
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral

CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "pension_funeral.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    expected = case["expect"]

    decision = pension_funeral(PensionFuneralFacts(**case["given"]), on=case["on"], known_on=case.get("known_on"))

    assert decision.outcome is Outcome(expected["outcome"])
    assert decision.value == expected.get("amount")
    assert list(decision.missing) == expected.get("missing", [])
    articles = {str(reference) for reference in decision.references}
    assert set(expected.get("articles", [])) <= articles


def test_every_outcome_has_a_case() -> None:
    assert {case["expect"]["outcome"] for case in CASES} == set(Outcome)


def test_a_value_that_was_not_read_in_the_text_says_so() -> None:
    facts = PensionFuneralFacts(
        received_social_pension=True, claimant_arranged_funeral=True, highest_other_funeral_support=None
    )
    reasons = pension_funeral(facts, on=date(2026, 7, 1)).reasons
    assert any("chưa đọc được văn bản" in one.text for one in reasons)


def test_before_the_social_pension_there_is_no_value() -> None:
    with pytest.raises(NoValueInForce, match=r"social_assistance/social_pension\.yaml"):
        pension_funeral(PensionFuneralFacts(), on=date(2025, 6, 30))
