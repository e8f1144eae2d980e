"""Whatever is sent to whatever address: a clear answer, an intact database, and never a broken page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from lienthong.infra.models import Event
from tests.architecture.routes import Route, Stage, Walker, all_routes
from tests.architecture.test_routes import EXPECTED

NUL = "a%00b"
# As they stand in an address or in the body of a form.
GARBAGE = {
    "nul": NUL,
    "long": "x" * 10_000,
    "long letters": quote("Ỷ" * 2_000),
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
ASKED_BY_ADDRESS = [
    "q", "page", "after", "before", "list", "field", "state", "channel", "figure", "period", "by", "group", "format", "sort",
    "number", "year", "agency", "role", "level", "applicant", "online", "on", "day", "next", "code", "secret", "download",
]  # fmt: skip
SENT_WITHOUT_A_PAGE = ["dossier", "press", "next", "language", "seen", "client_key", "reason"]
LENGTH_OF_A_KEY = 43  # of a device; an address takes nothing shorter
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


@pytest.fixture
def walkers(stage: Stage) -> dict[str, Walker]:
    return {who: Walker(stage, who) for who in PREFERRED}


def visitor(route: Route, walkers: dict[str, Walker]) -> Walker:
    # Nobody comes in by a session where devices bring keys of their own.
    who = next((who for who in PREFERRED[1:] + PREFERRED[:1] if who in EXPECTED[route.name]), "guest")
    return walkers[who]


def broken(answer: Any, garbage: str) -> bool:
    """A NUL is refused before anything else is asked; everything else gets an answer of some other kind."""
    if garbage == NUL:
        return bool(answer.status_code != 400)
    return bool(answer.status_code >= 500)


def fields_of(walker: Walker, address: str) -> dict[str, str]:
    """Every field that the page at an address sends back to it, with what it holds."""
    answer = walker.send("get", address)
    if "html" not in answer.get("Content-Type", ""):
        return dict.fromkeys(SENT_WITHOUT_A_PAGE, "")
    page = BeautifulSoup(answer.text_sent, "html.parser")
    fields = {}
    for form in page.select("main form[method=post]"):
        if form.get("action") in {None, "", address}:
            for control in form.select("[name]"):
                fields[str(control["name"])] = str(control.get("value") or "")
    return fields or dict.fromkeys(SENT_WITHOUT_A_PAGE, "")


@pytest.fixture(scope="module")
def fields_found() -> dict[str, dict[str, str]]:
    """The fields of each page, read once for all garbage: the stage is set alike for every test."""
    return {}


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


@EACH_GARBAGE
def test_in_every_field_of_every_form(
    stage: Stage, walkers: dict[str, Walker], fields_found: dict[str, dict[str, str]], garbage: str
) -> None:
    events = Event.objects.count()
    wrong = []
    for route in all_routes():
        walker, address = visitor(route, walkers), stage.address(route)
        fields = fields_found.get(route.name) or fields_found.setdefault(route.name, fields_of(walker, address))
        keeps_hidden = {"seen", "client_key", "number_seen"}
        everything = "&".join(f"{quote(name)}={garbage}" for name in fields)
        but_hidden = "&".join(
            f"{quote(name)}={quote(value) if name in keeps_hidden else garbage}" for name, value in fields.items()
        )
        for body in dict.fromkeys([everything, but_hidden]):
            answer = walker.send("post", address, body, content_type="application/x-www-form-urlencoded")
            if broken(answer, garbage):
                wrong.append((route.name, answer.status_code))

    assert wrong == []
    assert Event.objects.count() == events


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"a[]=1&a[]=2&a=1&a=2&=&&a", "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % number for number in range(1_500)), "application/x-www-form-urlencoded"),
        (b'{"reason": "\\u0000"}', "application/json"),
        (b"<xml/>", "text/xml"),
        (b"--x\r\nno multipart", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"a=1", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"a=\xff", "text/plain; charset=utf-16"),
    ],
)
def test_as_a_body_that_is_no_form(stage: Stage, walkers: dict[str, Walker], body: bytes, content_type: str) -> None:
    answers = {
        route.name: visitor(route, walkers).send("post", stage.address(route), body, content_type=content_type)
        for route in all_routes()
    }

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code >= 500} == {}


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
