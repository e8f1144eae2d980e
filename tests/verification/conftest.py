"""A commune with cases, and a population that answers as told."""

import pytest

from lienthong.verification.services import reading, running
from tests.verification.cases import Caseload
from tests.verification.fakes import FakePopulation, nothing_wrong
from tests.world import World


@pytest.fixture
def caseload(world: World) -> Caseload:
    return Caseload(world)


@pytest.fixture
def population(monkeypatch: pytest.MonkeyPatch) -> FakePopulation:
    """Let batches that run here ask a population that answers as told."""
    fake = FakePopulation()
    monkeypatch.setattr(running, "port_for", lambda _batch: fake)
    monkeypatch.setattr(reading.linkage, "precheck", nothing_wrong, raising=False)
    return fake
