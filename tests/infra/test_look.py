"""The style guide and each page kind in a real browser, under the real content security policy."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django_htmx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.infra import kind_samples, styleguide

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.infra.urls")]

DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
HTMX = Path(django_htmx.__file__).parent / "static"
PHONE, DESK = 390, 1280
PAGES = {
    "guide-office": lambda: styleguide.page("base/office.html"),
    "guide-portal": lambda: styleguide.page("base/portal.html"),
    **{f"kind-{kind}": functools.partial(kind_samples.page, kind) for kind in kind_samples.SAMPLES},
}


class _Site(http.server.BaseHTTPRequestHandler):
    built = DIST

    def do_GET(self) -> None:
        name = self.path.split("?")[0].lstrip("/")
        if name in PAGES:
            self._send("text/html; charset=utf-8", PAGES[name]().encode())
            return
        places = (base / name.removeprefix("static/") for base in (self.built, HTMX))
        file = next((place for place in places if place.is_file()), None)
        if file is None:
            self.send_error(404)
            return
        kind = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(file.suffix, "font/woff2")
        self._send(kind, file.read_bytes())

    def _send(self, kind: str, body: bytes) -> None:
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header(
            "Content-Security-Policy", "; ".join(f"{name} {' '.join(where)}" for name, where in policy.items())
        )
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (DIST / "app.css").exists():
        if os.environ.get("CI"):
            pytest.fail("static/dist is empty: run npm ci && npm run build")
        pytest.skip("static/dist is empty: run npm ci && npm run build")
    # A copy: a build that runs beside the tests may take the files away.
    _Site.built = Path(shutil.copytree(DIST, tmp_path_factory.mktemp("site") / "dist"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def open_page(chromium: Browser, site: str, complaints: list[str]) -> Iterator[Any]:
    opened = []

    def open_at(name: str, width: int, **context: Any) -> Page:
        surroundings = chromium.new_context(viewport={"width": width, "height": 900}, **context)
        opened.append(surroundings)
        page = surroundings.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}/{name}")
        page.wait_for_load_state("networkidle")
        return page

    yield open_at
    for surroundings in opened:
        surroundings.close()


def spills(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_accessible_fits_and_runs_under_the_policy(
    name: str, width: int, open_page: Any, complaints: list[str]
) -> None:
    page = open_page(name, width)

    violations = Axe().run(page).response["violations"]

    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []
    assert spills(page) == 0
    assert complaints == []


@pytest.mark.parametrize("width", [640, 320])
@pytest.mark.parametrize("name", ["guide-office", "guide-portal"])
def test_nothing_is_cut_off_at_two_and_four_times_the_size(name: str, width: int, open_page: Any) -> None:
    assert spills(open_page(name, width, device_scale_factor=2)) == 0


def test_focus_is_a_ring_of_ink_around_amber_on_everything(open_page: Any) -> None:
    page = open_page("kind-check_answers", DESK)
    without_ring = []

    for _ in range(16):
        page.keyboard.press("Tab")
        outline, element = page.evaluate(
            """() => {
                const here = document.activeElement;
                const label = here.nextElementSibling?.querySelector(".govuk-checkboxes__label, .govuk-radios__label");
                const style = getComputedStyle(label || here, label ? "::before" : null);
                return [style.outlineStyle + " " + style.outlineWidth + " " + style.outlineColor, here.outerHTML.slice(0, 80)];
            }"""
        )
        if element.startswith("<body"):
            break
        if outline != "solid 3px rgb(29, 35, 33)":
            without_ring.append((outline, element))

    assert without_ring == []


def test_a_work_list_is_walked_and_marked_by_keys(open_page: Any) -> None:
    page = open_page("kind-work_list", DESK)

    assert page.is_disabled("#bulk button")
    for key in "jjxk":
        page.keyboard.press(key)

    assert page.evaluate("document.activeElement.textContent") == "H55.16-261123-0009"
    assert page.inner_text("[data-count]") == "1"
    assert page.is_enabled("#bulk button")
    page.keyboard.press("Enter")
    assert page.url.endswith("#H55.16-261123-0009")


def test_the_keys_explain_themselves_and_can_be_switched_off(open_page: Any) -> None:
    page = open_page("kind-work_list", DESK)

    page.keyboard.press("?")
    assert page.is_visible("dialog.keys")
    page.check("[data-keys-off]")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")

    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_the_menu_of_a_telephone_opens_without_scripts(open_page: Any) -> None:
    page = open_page("kind-work_list", PHONE, java_script_enabled=False)

    assert not page.is_visible("#office-nav")
    page.click("text=Danh mục")
    assert page.is_visible("#office-nav")


def test_what_was_typed_comes_back_after_leaving_and_can_be_dropped(open_page: Any) -> None:
    page = open_page("kind-decision", DESK)

    page.fill("#id_note", "Đã gọi điện, hẹn bổ sung thứ Năm")
    page.reload()
    assert page.input_value("#id_note") == "Đã gọi điện, hẹn bổ sung thứ Năm"
    page.click("text=Bỏ phần gõ dở")
    assert page.input_value("#id_note") == ""
    page.reload()
    assert not page.is_visible("[data-kept-note]")


def test_what_one_person_typed_is_not_shown_to_the_next(open_page: Any) -> None:
    page = open_page("kind-decision", DESK)

    page.fill("#id_note", "Điều riêng")
    page.evaluate("sessionStorage.setItem('person', '1')")
    page.reload()

    assert page.input_value("#id_note") == ""


def test_a_form_is_sent_once_however_often_the_button_is_pressed(open_page: Any) -> None:
    page = open_page("kind-decision", DESK)
    page.evaluate(
        """() => {
            window.sent = [];
            const form = document.querySelector("main form[data-keep]");
            form.addEventListener("submit", (event) => window.sent.push(event.defaultPrevented));
            window.addEventListener("submit", (event) => {
                if (!event.defaultPrevented) { event.preventDefault(); window.got = new FormData(form, event.submitter).get("return"); }
                else window.refused = (window.refused || 0) + 1;
            });
        }"""
    )

    page.click("button[name=return]")
    page.evaluate("document.querySelector('main form[data-keep]').requestSubmit()")

    assert page.evaluate("window.got") == "1"
    assert page.evaluate("window.refused") == 1
    page.wait_for_selector("button[name=return]:disabled")  # the browser disables it only after it has sent the form
