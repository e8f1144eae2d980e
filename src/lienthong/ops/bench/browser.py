"""A visitor that opens pages over HTTP as a browser does: one connection kept open, cookies, forms with their token."""

import http.client
import re
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Unexpected(Exception):
    """A page answered otherwise than it should; the text says which and how."""


class Browser:
    """One visitor.

    Args:
        port: Where the house listens on this machine.
    """

    def __init__(self, port: int) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._origin = f"http://127.0.0.1:{port}"
        self._cookies: dict[str, str] = {}

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the page of the house."""
        self.post("/sign-in/", {"username": username, "password": password})
        status, _body, _seconds = self._ask("GET", "/account/")
        if status != http.client.OK:
            raise Unexpected(f"{username} could not sign in: /account/ answers {status}")

    def seconds_of(self, path: str) -> float:
        """Open a page and return how long its last byte took to come."""
        status, body, seconds = self._ask("GET", path)
        if status != http.client.OK:
            raise Unexpected(f"{path} answers {status}: {body[:300]!r}")
        return seconds

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Send the form of a page and return where it leads, or the path itself where it stays."""
        _status, page, _seconds = self._ask("GET", path)
        token = _TOKEN.search(page.decode())
        body = urlencode({"csrfmiddlewaretoken": token[1] if token else "", **fields})
        self._ask("POST", path, body)
        return self._led_to or path

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes, float]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self._origin}
        began = time.perf_counter()
        self._link.request(method, path, body, headers)
        answer = self._link.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        for header in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        self._led_to = answer.headers.get("Location")
        return answer.status, content, seconds
