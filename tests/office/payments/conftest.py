"""A commune with people who are paid, on screen."""

from __future__ import annotations

import pytest

from lienthong.payments import sources
from tests.office.payments.payroll import Allowances, Payroll
from tests.world import World


@pytest.fixture
def payroll(world: World, monkeypatch: pytest.MonkeyPatch) -> Payroll:
    """The programmes that pay are one of the test's own, whatever the house has registered."""
    source = Allowances()
    monkeypatch.setattr(sources, "_SOURCES", {source.code: source})
    return Payroll(world, source)
