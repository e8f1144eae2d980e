"""What no page expects, and who brings it to each address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.architecture.routes import Route, Walker
from tests.architecture.test_routes import EXPECTED

NUL = "a%00b"
# As they stand in an address or in the body of a form.
GARBAGE = {
    "nul": NUL,
    "long": "x" * 3_000,
    "long letters": quote("Ỷ" * 600),
    "half an escape": "%",
    "no escape": "%zz%u1234",
    "no text": "%ff%fe%80",
    "half a surrogate": "%ed%a0%80",
    "negative": "-1",
    "huge": "9" * 5_000,
    "a fraction": "1.5e400",
    "another digit": quote("²"),
    "the year 3000": "3000-01-01",
    "the year 0": "0000-00-00",
    "no uuid": "00000000-0000-0000-0000-00000000000g",
    "quotes": quote("'\"`;--<script>{{ 7*7 }}{% csrf_token %}"),
    "emoji": quote("😀\u202e\u200b"),
    "up": quote("../../../../etc/passwd"),
}
SENT_EVERY_TIME = {"nul", "no text", "another digit"}
EACH_GARBAGE = pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(text, id=name, marks=() if name in SENT_EVERY_TIME else pytest.mark.slow)
        for name, text in GARBAGE.items()
    ],
)
# One person who may come in to each address.
PREFERRED = [
    "guest", "owner", "processor", "receiver", "leader", "editor", "administrator", "leader elsewhere", "poverty leader",
]  # fmt: skip


def visitor(route: Route, walkers: dict[str, Walker]) -> Walker:
    # Nobody comes in by a session where devices bring keys of their own.
    who = next((who for who in PREFERRED[1:] + PREFERRED[:1] if who in EXPECTED[route.name]), "guest")
    return walkers[who]


def broken(answer: Any, garbage: str) -> bool:
    """A NUL is refused before anything else is asked; everything else gets an answer of some other kind."""
    if garbage == NUL:
        return bool(answer.status_code != 400)
    return bool(answer.status_code >= 500)
