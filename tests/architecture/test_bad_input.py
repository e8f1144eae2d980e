"""Whatever is sent to whatever address: a clear answer, an intact database, and never a broken page."""

from __future__ import annotations

import pytest

from tests.architecture.garbage import EACH_GARBAGE, broken, visitor
from tests.architecture.routes import Stage, Walker, all_routes

ASKED_BY_ADDRESS = [
    "q", "page", "after", "before", "list", "field", "state", "channel", "figure", "period", "by", "group", "format", "sort",
    "number", "year", "agency", "role", "level", "applicant", "online", "on", "day", "next", "code", "secret", "download",
]  # fmt: skip
LENGTH_OF_A_KEY = 43  # of a device; an address takes nothing shorter


@EACH_GARBAGE
def test_in_the_query_of_every_address(stage: Stage, walkers: dict[str, Walker], garbage: str) -> None:
    query = "&".join(f"{name}={garbage}" for name in ASKED_BY_ADDRESS)

    answers = {
        route.name: visitor(route, walkers).send("get", f"{stage.address(route)}?{query}") for route in all_routes()
    }

    assert {name: answer.status_code for name, answer in answers.items() if broken(answer, garbage)} == {}


@EACH_GARBAGE
def test_in_the_middle_of_every_address(stage: Stage, walkers: dict[str, Walker], garbage: str) -> None:
    wrong = []
    for route in all_routes():
        walker = visitor(route, walkers)
        for name in route.takes:
            held = {**stage.samples, **stage.samples_of.get(route.name, {})}[name]
            held = "held-here" if isinstance(held, str) and len(held) != LENGTH_OF_A_KEY else held
            address = stage.address(route, **{name: held}).replace(str(held), garbage)
            answer = walker.send("get", address)
            if broken(answer, garbage):
                wrong.append((route.name, name, answer.status_code))

    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "lienthong_session=%00; csrftoken=\xf0\x9f; lienthong_last_account=x:y:z"},
        {"Accept-Language": "x" * 5_000},
        {"X-Forwarded-For": "'; drop table", "User-Agent": "\\" * 3_000},
        {"HX-Request": "true", "HX-Current-URL": "javascript:alert(1)"},
        {"Range": "bytes=9999999-1", "If-Modified-Since": "never"},
    ],
)
def test_in_headers(stage: Stage, walkers: dict[str, Walker], headers: dict[str, str]) -> None:
    answers = {
        route.name: visitor(route, walkers).send("get", stage.address(route), headers=headers) for route in all_routes()
    }

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 500} == {}
