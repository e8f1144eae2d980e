"""An OpenRosa client as ODK Collect is one, over a real socket: fetches forms and lists, sends in parts, signs in by Digest."""

from __future__ import annotations

import hashlib
import http.client
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

BOUNDARY = "----cat-giua-hai-phan"
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
MESSAGE = "{http://openrosa.org/http/response}message"


@dataclass
class Answered:
    """An answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def words(self) -> str:
        """The sentence that the phone shows."""
        return fromstring(self.body).findtext(MESSAGE) or ""

    @property
    def root(self) -> Element:
        return fromstring(self.body)


@dataclass
class Phone:
    """One phone: its server, and name and password where the address has no token."""

    server: str
    login: str = ""
    password: str = ""
    nonces: dict[str, tuple[str, int]] = field(default_factory=dict)

    def get(self, address: str, **headers: str) -> Answered:
        return self.ask("GET", address, headers=headers)

    def forms(self) -> dict[str, dict[str, str]]:
        """Return what the list of forms says, by form."""
        answered = self.get(f"{self.server}/formList")
        assert answered.status == 200, answered.body
        return {
            str(one.findtext(f"{LIST}formID")): {child.tag.removeprefix(LIST): child.text or "" for child in one}
            for one in answered.root
        }

    def manifest(self, address: str) -> list[dict[str, str]]:
        """Return the files that belong to a form."""
        return [
            {"type": one.get("type", ""), **{child.tag.removeprefix(MANIFEST): child.text or "" for child in one}}
            for one in self.get(address).root
        ]

    def head(self) -> Answered:
        """Ask before sending, as Collect does."""
        return self.ask("HEAD", f"{self.server}/submission")

    def send(self, xml: bytes, *photos: tuple[str, bytes], chunked: bool = False) -> Answered:
        """Send a filled form with some of its photos."""
        content = form_data(xml, photos)
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        body: bytes | Iterable[bytes] = _pieces(content) if chunked else content
        return self.ask("POST", f"{self.server}/submission", headers=headers, body=body)

    def cut_off(self, xml: bytes, *photos: tuple[str, bytes]) -> None:
        """Begin to send, and lose the network half way."""
        content, parts = form_data(xml, photos), urlsplit(f"{self.server}/submission")
        line = http.client.HTTPConnection(parts.netloc, timeout=30)
        line.putrequest("POST", parts.path)
        line.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        line.putheader("Content-Length", str(len(content)))
        line.endheaders()
        line.send(content[: len(content) // 2])
        line.close()

    def ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterable[bytes] | None = None,
    ) -> Answered:
        """Ask anything; where the server wants a name and a password, ask again with them, as often as a nonce is stale."""
        for _again in range(3):
            parts = urlsplit(address)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            told = {"X-OpenRosa-Version": "1.0", **(headers or {})}
            if self.login and parts.netloc in self.nonces:
                told["Authorization"] = self.authorization(method, target, parts.netloc)
            answered = send(parts.netloc, method, target, told, body)
            if answered.status != 401 or not self.login:
                return answered
            challenge = answered.headers["WWW-Authenticate"]
            is_refused = "Authorization" in told and "stale=true" not in challenge
            self.nonces[parts.netloc] = (re.findall(r'nonce="([^"]+)"', challenge)[0], 0)
            if is_refused:
                return answered
        return answered

    def authorization(self, method: str, target: str, place: str) -> str:
        nonce, used = self.nonces[place]
        self.nonces[place] = (nonce, used + 1)
        count, client_nonce = f"{used + 1:08x}", secrets.token_hex(8)
        ha1, ha2 = md5(f"{self.login}:Lien Thong:{self.password}"), md5(f"{method}:{target}")
        response = md5(f"{ha1}:{nonce}:{count}:{client_nonce}:auth:{ha2}")
        return (
            f'Digest username="{self.login}", realm="Lien Thong", nonce="{nonce}", uri="{target}", qop=auth, nc={count},'
            f' cnonce="{client_nonce}", response="{response}", algorithm=MD5'
        )


def send(
    place: str, method: str, target: str, headers: Mapping[str, str], body: bytes | Iterable[bytes] | None = None
) -> Answered:
    """Send one request on a line of its own; no redirect is followed."""
    line = http.client.HTTPConnection(place, timeout=60)
    line.request(
        method,
        target,
        body=body,
        headers=dict(headers),
        encode_chunked=body is not None and not isinstance(body, bytes),
    )
    answer = line.getresponse()
    answered = Answered(answer.status, dict(answer.getheaders()), answer.read())
    line.close()
    return answered


def form_data(xml: bytes, photos: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the body of a submission: the XML, then the photos under their own names."""
    parts = [_part("xml_submission_file", "submission.xml", "text/xml", xml)]
    parts += [_part(name, name, "image/png", content) for name, content in photos]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _part(name: str, file_name: str, kind: str, content: bytes) -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n"


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 7000):
        yield content[start : start + 7000]
