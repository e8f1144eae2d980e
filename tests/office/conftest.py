"""The office at a moment of its own: what the world calls now is what every request reads from the clock."""

from typing import Any

import pytest
from django.utils import timezone

from tests.world import World


@pytest.fixture(autouse=True)
def _the_clock_shows_the_moment_of_the_world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "world" in request.fixturenames:
        world: World = request.getfixturevalue("world")
        monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def queries_of() -> Any:
    """Return a function that counts the queries of one page, after the same page has been opened once to warm up."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.screens import Browser

    def count(browser: Browser, address: str) -> int:
        browser.open(address)
        with CaptureQueriesContext(connection) as captured:
            browser.open(address)
        return len(captured)

    return count
