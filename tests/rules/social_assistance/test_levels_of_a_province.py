"""What a resolution of the province sets higher, once it is recorded, is what is given once too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.rules.emergency.kinds import EmergencyKind, decide_emergency, emergency_from_plain
from lienthong.rules.parameters import DatedValue, Parameter, load_parameter
from lienthong.rules.social_assistance import law
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral

SINCE = date(2026, 11, 1)
RESOLUTION = LegalReference(document="12/2026/NQ-HĐND")
SET = {
    "base_level": 650_000, "social_pension_level": 600_000, "funeral_multiple_in_institution": 60, "house_lost": 60_000_000,
    "house_repair": 10_000_000, "protection_food": 80_000,
}  # fmt: skip
FIRE = {"cause": "fire", "treated_days": 5, "at_residence": True}


def forget() -> None:
    for kept in (law.law_on, law._recorded_law, law._days_of_change):
        kept.cache_clear()


@pytest.fixture(autouse=True)
def resolution(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Record the levels of SET in ``provincial.yaml``."""

    def load(name: str) -> Parameter:
        found, key = load_parameter(name), name.rpartition("provincial:")[2]
        if key not in SET or ":" not in name:
            return found
        value = DatedValue(
            applied_from=SINCE, value=SET[key], reference=RESOLUTION, confidence=Confidence.VERIFIED
        )  # fmt: skip
        return replace(found, values=(*found.values, value))

    monkeypatch.setattr(law, "load_parameter", load)
    forget()
    yield
    forget()


def funeral(on: date = SINCE, **known: bool) -> Any:
    facts = FuneralFacts(claimant_arranged_funeral=True, highest_other_funeral_support=0, **known)  # type: ignore[arg-type]
    return funeral_support(facts, on=on)


def test_a_funeral_is_supported_by_the_standard_level_of_the_province() -> None:
    found = funeral(received_monthly_social_assistance=True, in_institution=False)

    assert law.law_on(SINCE).base == 650_000
    assert found.value == 20 * 650_000
    assert any("12/2026/NQ-HĐND" in reason.text for reason in found.reasons)
    assert "335/2026/NĐ-CP, Điều 11 khoản 1 điểm a" in {str(one) for one in found.references}


def test_until_the_resolution_applies_the_national_level_holds() -> None:
    found = funeral(date(2026, 10, 31), received_monthly_social_assistance=True, in_institution=False)

    assert found.value == 20 * 540_000


def test_how_many_times_is_the_higher_of_the_two_too() -> None:
    found = funeral(in_institution=True)

    assert found.value == 60 * 650_000
    assert "12/2026/NQ-HĐND" in {str(one) for one in found.references}


def test_a_funeral_by_the_law_of_the_pension_follows_the_pension_of_the_province() -> None:
    facts = PensionFuneralFacts(
        received_social_pension=True, claimant_arranged_funeral=True, highest_other_funeral_support=0  # type: ignore[arg-type]
    )  # fmt: skip

    assert pension_funeral(facts, on=SINCE).value == 20 * 600_000


@pytest.mark.parametrize(
    ("kind", "told", "amount"),
    [
        (EmergencyKind.INJURY, FIRE, 10 * 650_000),
        (EmergencyKind.DEATH, {"cause": "fire", "buried_by_others": False}, 50 * 650_000),
        (EmergencyKind.HOUSE, {"damage": "lost", "has_other_home": False}, 60_000_000),
        (EmergencyKind.HOUSE, {"damage": "badly_damaged", "is_habitable": False}, 20_000_000),
        (
            EmergencyKind.PROTECTION,
            {"group": "vagrant", "from_day": "2026-11-01", "until_day": "2026-11-11"},
            10 * 80_000,
        ),
    ],
)
def test_an_emergency_is_supported_by_what_is_higher(kind: EmergencyKind, told: dict[str, Any], amount: int) -> None:
    if kind is EmergencyKind.HOUSE:
        told = {"cause": "fire", "poverty_class": "poor", **told}

    found = decide_emergency(emergency_from_plain(kind, told), on=SINCE, known_on=SINCE)

    assert found.value is not None
    assert found.value.amount == amount
