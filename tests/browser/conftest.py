"""A real browser before a running house: the loaded province, people who come by, and what every page must hold."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page

from lienthong.accounts.models import User
from tests.screens import enter
from tests.world import World

PHONE, DESK = 390, 1280
NAVIGATION_MS = 120_000
PASSWORD = "chè xanh buổi sáng"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
TAKES_PICTURES = os.environ.get("LIENTHONG_SCREENSHOTS") == "1"
HEAVIEST_PICTURE = 200_000


@pytest.fixture
def world(chromium: Browser, transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """The province, written for the server to read, at a moment that its clock shows too."""
    world = World()
    settings.DEMO_MODE = True
    settings.AXES_ENABLED = False
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    return world


class Visitor:
    """Somebody before a screen."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.status: int | None = None
        self.complaints: list[str] = []
        page.on("console", lambda message: self._complain(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _complain(self, kind: str, text: str) -> None:
        # The browser itself reports a form that was refused (422) or a page that is not there (404).
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(text)

    def open(self, address: str) -> Visitor:
        answer = self.page.goto(address if address.startswith("http") else self.url + address)
        self.status = answer.status if answer else None
        return self

    def follow(self, words: str) -> Visitor:
        self.page.get_by_role("link", name=re.compile(rf"^\s*{re.escape(words)}")).first.click()
        self.page.wait_for_load_state()
        return self

    def press(self, words: str, **typed: str) -> Visitor:
        for name, value in typed.items():
            self.fill(name, value)
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self.page.wait_for_load_state()
        return self

    def fill(self, name: str, value: str) -> None:
        control = self.page.locator(f"main [name='{name}']").first
        kind = control.get_attribute("type")
        if kind == "radio":
            self.page.locator(f"main [name='{name}'][value='{value}']").check(force=True)
        elif kind == "checkbox":
            control.check(force=True)
        elif control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)

    @property
    def words(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    def is_sound(self) -> Visitor:
        """Look the page over: no finding of axe, nothing wider than the screen, nothing that the browser complains of."""
        found = Axe().run(self.page).response["violations"]
        findings = [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
        spill = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        where = (self.page.url, self.page.viewport_size)
        assert (findings, spill, self.complaints) == ([], 0, []), where
        return self

    def picture(self, name: str) -> Visitor:
        """Keep a picture of the page for the README, when asked to."""
        if TAKES_PICTURES:
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.evaluate("document.activeElement.blur()")
            self.page.screenshot(path=str(PICTURES / f"{name}.png"))
            assert (PICTURES / f"{name}.png").stat().st_size <= HEAVIEST_PICTURE, f"{name}.png is too heavy"
        return self


@pytest.fixture
def come_by(chromium: Browser, live_server: Any, world: World) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a browser for somebody, signed in, at a width."""
    contexts = []

    def open_for(user: User | None = None, *, width: int = DESK, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width == DESK else 780},
            java_script_enabled=scripts,
            locale="vi-VN",
        )
        # What a page costs is measured elsewhere; on a busy machine it comes when it comes.
        context.set_default_navigation_timeout(NAVIGATION_MS)
        contexts.append(context)
        if user is not None:
            session = enter(user).cookies["lienthong_session"].value
            context.add_cookies([{"name": "lienthong_session", "value": session, "url": live_server.url}])
        return Visitor(context.new_page(), live_server.url)

    yield open_for
    for context in contexts:
        context.close()
