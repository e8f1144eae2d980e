"""Cases that a lawyer can read: what is decided on a day, and what is stored for the months ahead."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lienthong.assistance.models import Entitlement
from lienthong.assistance.services.changing import adjust
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


def test_while_a_fact_lacks_nothing_is_kept_by_a_law_that_is_not_in_force_yet(world: World) -> None:
    world.now = at("2026-10-02 09:00")
    row = granted(world, disabled(world))
    row.person.circumstances.filter(name="in_institution").update(withdrawn_at=world.now)
    adjust(row.person_id, from_month=row.first_month, reason="Rà soát", acting_user_id=None, now=world.now)
    expect(row, {"2026-10": 750_000, "2026-11": 750_000})


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
