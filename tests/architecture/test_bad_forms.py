"""Whatever is sent as a form to whatever address: a clear answer, an intact database, and never a broken page."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from lienthong.infra.models import Event
from tests.architecture.garbage import EACH_GARBAGE, broken, visitor
from tests.architecture.routes import Stage, Walker, all_routes

SENT_WITHOUT_A_PAGE = ["dossier", "press", "next", "language", "seen", "client_key", "reason"]


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
