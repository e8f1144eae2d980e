"""Cases that a lawyer can read: what is decided on a day, and what is stored for the months ahead."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lienthong.assistance.models import Entitlement
from lienthong.assistance.states import Benefit
from tests.assistance.known import amount_in, disabled, granted, known
from tests.factories.people import PersonFactory
from tests.world import World, at

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "stored_months.yaml").read_text("utf-8")
)


def expect(row: Entitlement, months: dict[Any, int]) -> None:
    found = {str(month): amount_in(row, date.fromisoformat(f"{month}-01")) for month in months}
    assert found == {str(month): amount for month, amount in months.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_what_is_stored_is_what_the_law_says(world: World, case: dict[str, Any]) -> None:
    world.now = at(f"{case['decided_on']} 09:00")
    facts = {"facts": case.get("facts", {}), "born": case["born"]}
    if "disability" in case:
        person = disabled(world, level=case["disability"], since=date(2026, 3, 10), **facts)
    else:
        person = known(world, **facts)
    expect(granted(world, person), case["months"])
    if "carer_months" in case:
        carer = PersonFactory()
        row = granted(world, person, Benefit.CARER, payee_id=carer.pk, payee_ground="carer")
        expect(row, case["carer_months"])
