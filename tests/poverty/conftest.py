"""What tests of the review ask for."""

import pytest

from tests.poverty.filled import Field, set_field
from tests.world import World


@pytest.fixture
def field(world: World) -> Field:
    """A commune that visits, with forms in use, an enumerator and a household."""
    return set_field(world)
