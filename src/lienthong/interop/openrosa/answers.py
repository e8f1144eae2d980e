"""What OpenRosa says back: XML with the protocol's own headers, whatever happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date

XML = "text/xml; charset=utf-8"
# A phone sends the photos of one form in parts no larger than this.
REQUEST_LIMIT_BYTES = 2 * settings.UPLOAD_LIMIT_BYTES


def message(words: str, *, status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return an ``OpenRosaResponse``: the one form in which a device shows words to its user."""
    nature = "" if status < 400 else ' nature="error"'
    body = f'<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message{nature}>{escape(words)}</message></OpenRosaResponse>'
    return xml(body, status=status, headers=headers)


def xml(body: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return an XML document."""
    return with_headers(
        HttpResponse(
            f'<?xml version="1.0" encoding="UTF-8"?>\n{body}',
            content_type=XML,
            status=status,
            headers=dict(headers or {}),
        )
    )


def with_headers(response: HttpResponse) -> HttpResponse:
    """Add what the protocol wants on every answer."""
    response["X-OpenRosa-Version"] = "1.0"
    response["X-OpenRosa-Accept-Content-Length"] = str(REQUEST_LIMIT_BYTES)
    return response


def dated(response: HttpResponse, now: datetime) -> HttpResponse:
    """Add the server's own time, by which a device with a wrong clock is noticed."""
    response["Date"] = http_date(now.timestamp())
    return response


def form_list(forms: Iterable[tuple[str, str, str, str, str, str]]) -> str:
    """Return the list of forms: id, title, version, MD5, address, address of the manifest of each."""
    return (
        '<xforms xmlns="http://openrosa.org/xforms/xformsList">'
        + "".join(
            f"<xform><formID>{escape(form_id)}</formID><name>{escape(title)}</name><version>{escape(version)}</version>"
            f"<hash>md5:{md5}</hash><downloadUrl>{escape(address)}</downloadUrl>"
            f"<manifestUrl>{escape(manifest)}</manifestUrl></xform>"
            for form_id, title, version, md5, address, manifest in forms
        )
        + "</xforms>"
    )


def manifest(files: Iterable[tuple[str, str, str]]) -> str:
    """Return the files that belong to a form: name, MD5, address; each is a list of entities."""
    return (
        '<manifest xmlns="http://openrosa.org/xforms/xformsManifest">'
        + "".join(
            f"<mediaFile type={quoteattr('entityList')}><filename>{escape(name)}</filename><hash>md5:{md5}</hash>"
            f"<downloadUrl>{escape(address)}</downloadUrl></mediaFile>"
            for name, md5, address in files
        )
        + "</manifest>"
    )
