"""A commune with cases, on screen."""

import pytest

from tests.verification.cases import Caseload
from tests.world import World


@pytest.fixture
def caseload(world: World) -> Caseload:
    return Caseload(world)
