"""Funeral support, by the cases in funeral_support.yaml."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.days import BirthDate
from lienthong.kernel.decisions import Outcome
from lienthong.rules.parameters import NoValueInForce, load_yaml
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support

CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "funeral_support.yaml")


def facts_of(given: dict[str, Any]) -> FuneralFacts:
    birth_date = BirthDate.parse(given["birth_date"]) if "birth_date" in given else None
    return FuneralFacts(**{**given, "birth_date": birth_date})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    expected = case["expect"]

    decision = funeral_support(facts_of(case["given"]), on=case["on"], known_on=case.get("known_on"))

    assert decision.outcome is Outcome(expected["outcome"])
    assert decision.value == expected.get("amount")
    assert list(decision.missing) == expected.get("missing", [])
    articles = {str(reference) for reference in decision.references}
    assert set(expected.get("articles", [])) <= articles
    assert expected.get("told", "") in " ".join(reason.text for reason in decision.reasons)


def test_every_outcome_has_a_case() -> None:
    assert {case["expect"]["outcome"] for case in CASES} == set(Outcome)


def test_the_reason_shows_how_the_amount_came_about() -> None:
    facts = FuneralFacts(
        received_monthly_social_assistance=True, claimant_arranged_funeral=True, highest_other_funeral_support=None,
        in_institution=False,
    )  # fmt: skip

    reasons = funeral_support(facts, on=date(2022, 9, 12)).reasons

    assert reasons[-1].text.replace("\u00a0", " ") == (
        "Mức hỗ trợ 7.200.000 ₫ (20 lần mức chuẩn 360.000 ₫, 20/2021/NĐ-CP, Điều 4 khoản 2) cao hơn mức theo văn bản khác"
    )
    assert [reason.holds for reason in reasons] == [True, None, None, False, True, None]


def test_before_the_decree_there_is_no_value() -> None:
    with pytest.raises(NoValueInForce, match=r"social_assistance/funeral_support\.yaml"):
        funeral_support(FuneralFacts(), on=date(2021, 6, 30))


def test_a_death_before_the_birth_is_told() -> None:
    facts = FuneralFacts(birth_date=BirthDate.parse("1954"), died_on=date(1953, 1, 1))

    with pytest.raises(ValueError, match="trước ngày sinh"):
        funeral_support(facts, on=date(2022, 9, 12))
