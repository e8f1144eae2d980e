"""Emergency assistance, by the cases in cases.yaml."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.decisions import Decision, Outcome
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.emergency.assistance import EmergencyAssistance
from lienthong.rules.emergency.facts import (
    Cause,
    Damage,
    DeathFacts,
    HousingFacts,
    HungerFacts,
    InjuryFacts,
    ProtectedGroup,
    ProtectionFacts,
    ProvincialLevels,
)
from lienthong.rules.emergency.granting import (
    death_support,
    housing_support,
    injury_support,
    rice_support,
    temporary_protection,
)
from lienthong.rules.parameters import NoValueInForce, load_yaml
from lienthong.rules.poverty.classes import PovertyClass

CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "cases.yaml")
KINDS: Mapping[str, tuple[type, Callable[..., Decision[EmergencyAssistance]]]] = {
    "rice": (HungerFacts, rice_support),
    "injury": (InjuryFacts, injury_support),
    "death": (DeathFacts, death_support),
    "housing": (HousingFacts, housing_support),
    "protection": (ProtectionFacts, temporary_protection),
}
CHOICES = {"cause": Cause, "damage": Damage, "poverty_class": PovertyClass, "group": ProtectedGroup}


def decide(case: dict[str, Any]) -> Decision[EmergencyAssistance]:
    kind, decide_on = KINDS[case["kind"]]
    facts = kind(**{name: CHOICES.get(name, lambda same: same)(value) for name, value in case["given"].items()})
    more: dict[str, Any] = {}
    if "provincial" in case:
        resolution = LegalReference(document="Nghị quyết của Hội đồng nhân dân tỉnh")
        more["provincial"] = ProvincialLevels(reference=resolution, **case["provincial"])
    more["received_on"] = case.get("received_on")
    return decide_on(facts, on=case["on"], known_on=case.get("known_on"), **more)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    expected = case["expect"]

    found = decide(case)

    assert found.outcome is Outcome(expected.get("outcome", "granted"))
    assert list(found.missing) == expected.get("missing", [])
    assert set(expected.get("articles", [])) <= {str(reference) for reference in found.references}
    if found.value is not None:
        assert found.value.amount == expected.get("amount", 0)
        assert found.value.rice_kg == expected.get("rice_kg", 0)
        assert found.value.decided_by == expected.get("decided_by", found.value.decided_by)
        assert found.value.within.in_words == expected.get("within", found.value.within.in_words)
        assert expected.get("notice", "") in " ".join(found.value.notices)


def test_every_kind_has_every_outcome() -> None:
    said = {(case["kind"], case["expect"].get("outcome", "granted")) for case in CASES}

    assert said >= {(kind, outcome.value) for kind in KINDS for outcome in Outcome}
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_the_source_of_a_higher_amount_is_the_provinces() -> None:
    case = next(case for case in CASES if case["name"] == "Tỉnh quy định cao hơn cho mất nhà")

    value = decide(case).value

    assert value is not None
    assert value.words.replace("\u00a0", " ") == "60.000.000 ₫ mỗi hộ (Nghị quyết của Hội đồng nhân dân tỉnh)"


def test_before_the_decree_there_is_no_value() -> None:
    with pytest.raises(NoValueInForce, match=r"emergency/amounts\.yaml"):
        injury_support(InjuryFacts(), on=date(2021, 6, 30))


def test_numbers_that_cannot_be_are_refused_in_words() -> None:
    for make, sentence in (
        (lambda: HungerFacts(persons=0), "phải lớn hơn 0"),
        (lambda: InjuryFacts(treated_days=-1), "không thể âm"),
        (lambda: ProtectionFacts(from_day=date(2024, 2, 1), until_day=date(2024, 2, 1)), "phải sau ngày bắt đầu"),
    ):
        with pytest.raises(ValueError, match=sentence):
            make()


def test_an_amount_is_told_with_how_it_came_about() -> None:
    facts = DeathFacts(cause=Cause.FIRE, buried_by_others=True, actual_cost=Dong(30_000_000))

    value = death_support(facts, on=date(2024, 7, 1)).value

    assert value is not None
    assert value.words.replace("\u00a0", " ") == (
        "chi phí thực tế 30.000.000 ₫, cao hơn 50 lần mức chuẩn 500.000 ₫ (76/2024/NĐ-CP, Điều 1 khoản 1)"
    )
