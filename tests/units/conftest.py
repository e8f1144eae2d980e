from datetime import UTC, datetime

import pytest

from lienthong.units import services as units

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def places(db: None) -> None:
    """The real places."""
    units.load_places(now=NOW)
