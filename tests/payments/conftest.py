from pathlib import Path
from typing import Any

import pytest

from lienthong.payments import sources
from tests.payments.bank import BankedHouse
from tests.payments.house import House, OwingSource


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> OwingSource:
    """The only source of this test."""
    owing = OwingSource()
    monkeypatch.setattr(sources, "_SOURCES", {owing.code: owing})
    return owing


@pytest.fixture
def house(world: Any, source: OwingSource) -> House:
    """A house that pays."""
    return House(world, source)


@pytest.fixture
def bank(house: House, tmp_path: Path) -> BankedHouse:
    """A house that pays from an account at a bank, which answers."""
    return BankedHouse(house, tmp_path)
