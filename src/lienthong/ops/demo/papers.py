"""Small papers for invented dossiers: a typed page as PDF, a stamp-like picture as PNG. Made here, of nobody."""

import io
import struct
import textwrap
import unicodedata
import zlib
from datetime import datetime
from random import Random

from django.db import transaction
from django.db.models import Q

from lienthong.accounts.states import Role
from lienthong.documents import services as documents
from lienthong.documents.models import StoredFile
from lienthong.documents.services.store import Upload, store_upload
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import RESULT
from lienthong.dossiers.states import OPEN_STATES, WAITING_STATES, DossierState
from lienthong.ops.demo.staff import NAMED, Staff

WIDTH, HEIGHT = 64, 40
LETTERS_IN_A_LINE = 72
RUNNING = (DossierState.DRAFT, *WAITING_STATES, *OPEN_STATES, DossierState.DECIDED)
# In a large province the desk of the province holds very many: only the newest get papers.
MOST_DOSSIERS = 300
OPENLY = "Du lieu minh hoa - khong phai giay to that"


@transaction.atomic
def attach_to_running(staff: Staff, *, luck: Random) -> None:
    """Attach a file to each paper that was handed in, and to each result, of what still runs where visitors sign in."""
    agencies = {code for _username, _role, codes in NAMED for code in codes}
    running = Dossier.objects.filter(
        Q(state__in=RUNNING, receiving_agency__code__in=agencies)
        | Q(state__in=RUNNING, agency__code__in=agencies)
        | Q(submitted_by__username__in=("demo.congdan", "demo.doanhnghiep"))
    )
    newest = running.order_by("-pk").prefetch_related("items")[:MOST_DOSSIERS]
    scans = Scans()
    for handed_in_at, _pk, dossier in sorted((_handed_in_at(one), one.pk, one) for one in newest):
        by = dossier.submitted_by_id or staff.one(Role.RECEIVER.value, dossier.receiving_agency_id or 0, luck=luck)
        given = [item for item in sorted(dossier.items.all(), key=lambda item: item.number) if item.is_given]
        for place, item in enumerate(given):
            is_picture = dossier.submitted_by_id is not None and place == 1
            scan = scans.of(item.name, is_picture=is_picture, at=handed_in_at)
            documents.attach(dossier.stream, f"item:{item.number}", scan, by=by, now=handed_in_at)
        if dossier.state == DossierState.DECIDED:
            scan = scans.of("Kết quả giải quyết", is_picture=False, at=handed_in_at)
            documents.attach(dossier.stream, RESULT, scan, by=None, now=dossier.updated_at)


class Scans:
    """The invented files by the name of their paper: each is kept once, however many dossiers have it attached."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool], StoredFile] = {}

    def of(self, paper: str, *, is_picture: bool, at: datetime) -> StoredFile:
        """Return a page that says which paper it stands for, or a picture as a telephone would send one."""
        key = paper, is_picture
        if key not in self._kept:
            content = png_picture(len(self._kept)) if is_picture else pdf_page(*textwrap.wrap(paper, LETTERS_IN_A_LINE))
            name = f"{paper[:60].strip()} (minh họa).{'png' if is_picture else 'pdf'}"
            self._kept[key] = store_upload(Upload(content=io.BytesIO(content), name=name), by=None, now=at)
        return self._kept[key]


def _handed_in_at(dossier: Dossier) -> datetime:
    return dossier.submitted_at or dossier.received_at or dossier.created_at


def pdf_page(*lines: str) -> bytes:
    """Return a PDF of one page with some lines in plain letters, and below them that it is invented."""
    shown = " T* ".join(f"({_plain(line)}) Tj" for line in (*lines, "", OPENLY))
    text = f"BT /F1 13 Tf 56 780 Td 18 TL {shown} ET".encode("ascii")
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


def _plain(text: str) -> str:
    """Return letters that the font has, without what a PDF would take for its own marks."""
    parted = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in parted if letter.isascii() and letter not in "()\\")
