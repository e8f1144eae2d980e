"""Screens as people use them: a page is read, a link followed, a form filled in and sent as a browser sends it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from django.test import Client

from lienthong.accounts.models import User

WRITTEN_INTO_PAGES = ("{{", "}}", "{%", "%}", "style=", "onclick=", "javascript:")


def plain(tag: Tag | None) -> str:
    """Return the words of a part of a page in one line."""
    return " ".join(tag.get_text(" ").split()) if tag is not None else ""


class Page:
    """What somebody sees after an answer, and what they can do from there."""

    def __init__(self, browser: Browser, answer: Any) -> None:
        self.browser, self.answer, self.status = browser, answer, answer.status_code
        self.path: str = answer.request["PATH_INFO"]
        if "html" in answer.get("Content-Type", ""):
            text = answer.content.decode()
            assert not [found for found in WRITTEN_INTO_PAGES if found in text], f"{self.path} holds template or script"

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.answer.content, "html.parser")

    @cached_property
    def main(self) -> Tag:
        main = self.soup.find("main")
        assert isinstance(main, Tag), f"{self.path} has no main part"
        return main

    @property
    def words(self) -> str:
        return plain(self.main)

    @property
    def heading(self) -> str:
        return plain(self.main.find("h1"))  # type: ignore[arg-type]

    @property
    def lead(self) -> str:
        return plain(self.main.find(class_="lead"))  # type: ignore[arg-type]

    @property
    def title(self) -> str:
        return plain(self.soup.title)

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [plain(line) for line in self.soup.select(".govuk-error-summary li")]

    @property
    def notices(self) -> str:
        """What the last action reports."""
        return " ".join(plain(one) for one in self.soup.select(".govuk-notification-banner, .messages, [role=status]"))

    def error_beside(self, name: str) -> str:
        """The sentence that stands with one field."""
        control = self.main.find(attrs={"name": name})
        assert isinstance(control, Tag), f"no field {name}"
        described = str(control.get("aria-describedby") or "").split()
        found = [plain(self.soup.find(id=one)) for one in described if one.endswith("_error")]  # type: ignore[arg-type]
        group = control.find_parent(class_="govuk-form-group") or control.find_parent("td")
        return " ".join(found) or plain(group.select_one(".govuk-error-message") if group else None)

    def rows(self, caption: str = "") -> list[list[str]]:
        """The body of the first table, or of the one whose caption begins so, cell by cell."""
        for table in self.main.find_all("table"):
            if plain(table.caption).startswith(caption):
                return [[plain(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")]
        return []

    def codes(self) -> list[str]:
        """The numbers of the dossiers in a list, from top to bottom."""
        return [plain(link) for link in self.main.select("tr[data-row] a.code")]

    def link(self, words: str) -> str:
        """The address behind the first link that begins with these words."""
        for link in self.soup.find_all("a", href=True):
            if plain(link).startswith(words):
                return urljoin(self.path, str(link["href"]))
        raise AssertionError(f"no link {words!r} on {self.path}: {[plain(one) for one in self.soup.find_all('a')]}")

    def links(self) -> list[str]:
        return [plain(link) for link in self.soup.find_all("a", href=True)]

    def buttons(self) -> list[str]:
        return [plain(button) for button in self.main.find_all("button")]

    def follow(self, words: str) -> Page:
        return self.browser.open(self.link(words))

    def form(self, button: str) -> tuple[str, dict[str, list[Any]]]:
        """Where the form of a button goes, and what it holds now, as a browser would send it."""
        pressed = next((one for one in self.soup.find_all("button") if plain(one).startswith(button)), None)
        assert pressed is not None, f"no button {button!r} on {self.path}: {self.buttons()}"
        identity = pressed.get("form")
        form = self.soup.find("form", id=identity) if identity else pressed.find_parent("form")
        assert isinstance(form, Tag)
        data: dict[str, list[Any]] = {}
        for name, value in _sent_by(self.soup, form):
            data.setdefault(name, []).append(value)
        if pressed.get("name"):
            data[str(pressed["name"])] = [str(pressed.get("value", ""))]
        action = str(pressed.get("formaction") or form.get("action") or "")
        return urljoin(self.path, action) if action else self._here(), data

    def press(self, button: str, **typed: Any) -> Page:
        """Type into the form of a button and press it. A list sends several values, None leaves a field out."""
        address, data = self.form(button)
        for name, value in typed.items():
            if value is None:
                data.pop(name, None)
            else:
                data[name] = value if isinstance(value, list) else [value]
        if self._asks(button):
            return self.browser.open(f"{address.partition('?')[0]}?{urlencode(data, doseq=True)}")
        return self.browser.send(address, data)

    def _asks(self, button: str) -> bool:
        """Whether the form of a button asks by its address instead of sending."""
        pressed = next(one for one in self.soup.find_all("button") if plain(one).startswith(button))
        form = pressed.find_parent("form")
        return isinstance(form, Tag) and not pressed.get("form") and str(form.get("method", "get")).lower() == "get"

    def _here(self) -> str:
        query = self.answer.request.get("QUERY_STRING", "")
        return f"{self.path}?{query}" if query else self.path


class Browser(Client):
    """The browser of one person, followed to where it is led."""

    def open(self, address: str, **headers: Any) -> Page:
        return Page(self, self.get(address, follow=True, **headers))

    def send(self, address: str, data: dict[str, Any]) -> Page:
        return Page(self, self.post(address, data, follow=True))


def enter(user: User | None) -> Browser:
    """Return a browser in which somebody is signed in; a guest's for None."""
    browser = Browser()
    if user is not None:
        browser.force_login(user)
    return browser


def same_place(address: str, other: str) -> bool:
    """Tell whether two addresses open the same path."""
    return urlsplit(address).path == urlsplit(other).path


def _sent_by(soup: BeautifulSoup, form: Tag) -> Iterator[tuple[str, str]]:
    outside = soup.find_all(attrs={"form": form["id"]}) if form.get("id") else []
    for control in [*form.find_all(["input", "select", "textarea"]), *outside]:
        name, kind = control.get("name"), control.get("type", "")
        if not name or control.name == "button" or kind in {"submit", "file", "button"}:
            continue
        if control.name == "textarea":
            yield name, control.get_text().removeprefix("\n")
        elif control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            yield name, str(chosen.get("value", plain(chosen))) if chosen else ""
        elif kind not in {"checkbox", "radio"} or control.has_attr("checked"):
            yield name, control.get("value", "on" if kind == "checkbox" else "")
