"""Indicators and classes, by the cases in ``cases/``."""

from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.legal import LegalReference
from lienthong.rules.parameters import load_yaml
from lienthong.rules.poverty.classifying import classify
from lienthong.rules.poverty.facts import Area, HouseholdFacts
from lienthong.rules.poverty.indicators import deprivations
from lienthong.rules.poverty.plain_facts import household_from_plain
from lienthong.rules.poverty.standards import ProvincialLines, standard

CASES = Path(__file__).parent / "cases"
INDICATORS: list[dict[str, Any]] = load_yaml(CASES / "indicators.yaml")
CLASSES: list[dict[str, Any]] = load_yaml(CASES / "classes.yaml")
WORDS = {"unknown": None}


@pytest.mark.parametrize("case", INDICATORS, ids=[case["name"] for case in INDICATORS])
def test_indicator(case: dict[str, Any]) -> None:
    results = deprivations(household_from_plain(case["given"]), standard(case.get("standard", "2022-2026")))
    found = {result.code: result for result in results}

    for code, expected in case["expect"].items():
        assert found[code].is_deprived is (WORDS[expected] if isinstance(expected, str) else expected)
        assert bool(found[code].missing) is (found[code].is_deprived is None)
        assert found[code].why.endswith(".")


@pytest.mark.parametrize("case", CLASSES, ids=[case["name"] for case in CLASSES])
def test_class(case: dict[str, Any]) -> None:
    law = standard(case["standard"])
    deprived, undecided = case["deprived"], case.get("undecided", 0)
    codes = [indicator.code for indicator in law.indicators]
    recorded = {code: place < deprived for place, code in enumerate(codes[: len(codes) - undecided])}
    lines = case.get("provincial")

    found = classify(
        HouseholdFacts(area=Area(case["area"]) if "area" in case else None, income_per_person=case.get("income")),
        law,
        a_points=case.get("a_points"),
        given=recorded,
        provincial_lines=ProvincialLines(**lines, reference=LegalReference(document="Nghị quyết")) if lines else None,
    )

    expected = case["expect"]
    assert found.poverty_class == expected["class"]
    assert bool(found.missing) is (expected["class"] is None)
    if "missing" in expected:
        assert list(found.missing) == expected["missing"]
    for name in ("b_points", "route"):
        if name in expected:
            assert getattr(found, name) == expected[name]
    if "possible" in expected:
        assert list(found.possible_classes) == expected["possible"]


def test_every_indicator_has_cases_on_both_sides_and_one_unknown() -> None:
    said = {(code, str(answer)) for case in INDICATORS for code, answer in case["expect"].items()}
    codes = {one.code for period in ("2016-2021", "2022-2026", "2027-2030") for one in standard(period).indicators}

    assert len(INDICATORS) + len(CLASSES) >= 80
    assert {(code, answer) for code in codes for answer in ("True", "False")} <= said
