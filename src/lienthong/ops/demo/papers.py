"""Small papers for invented dossiers: a typed page as PDF, a stamp-like picture as PNG. Made here, of nobody."""

import io
import struct
import zlib
from datetime import datetime
from uuid import UUID

from lienthong.documents.services.store import Upload, store_upload

WIDTH, HEIGHT = 64, 40
_PAGE = (
    """BT /F1 13 Tf 56 780 Td 16 TL ({title}) Tj T* ({line}) Tj T* (Du lieu minh hoa - khong phai giay to that) Tj ET"""
)


def attach_pdf(title: str, *, number: int, by: int | None, now: datetime) -> UUID:
    """Keep a page that says what it stands for; ``number`` makes each page one of its own."""
    content = pdf_page(title, f"To so {number}")
    return _keep(content, name=f"giay-to-{number}.pdf", by=by, now=now)


def attach_png(*, number: int, by: int | None, now: datetime) -> UUID:
    """Keep a small picture, as a telephone would send one."""
    return _keep(png_picture(number), name=f"anh-chup-{number}.png", by=by, now=now)


def pdf_page(title: str, line: str) -> bytes:
    """Return a PDF of one page with two lines in plain letters."""
    text = _PAGE.format(title=_plain(title), line=_plain(line)).encode("ascii")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = io.BytesIO(), []
    body.write(b"%PDF-1.4\n")
    for number, part in enumerate(parts, start=1):
        places.append(body.tell())
        body.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    table = body.tell()
    body.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    for place in places:
        body.write(b"%010d 00000 n \n" % place)
    body.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table))
    return body.getvalue()


def png_picture(number: int) -> bytes:
    """Return a small picture of stripes whose colour tells the number."""
    colour = bytes([40 + number * 37 % 180, 60 + number * 53 % 150, 120])
    rows = [b"\0" + (colour if row // 4 % 2 else b"\xff\xff\xff") * WIDTH for row in range(HEIGHT)]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _keep(content: bytes, *, name: str, by: int | None, now: datetime) -> UUID:
    return store_upload(Upload(content=io.BytesIO(content), name=name), by=by, now=now).pk


def _plain(text: str) -> str:
    """Return letters that the font has, without what a PDF would take for its own marks."""
    return "".join(letter for letter in text if letter.isascii() and letter not in "()\\")
