"""The kinds of file that are accepted, and the one question asked of every upload: what is it really?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import filetype

from lienthong.documents.inspection import images, office, pdf
from lienthong.documents.inspection.refusals import KindNotAccepted, NotWhatItsNameSays, OldOfficeFile

_HEAD_BYTES = 8192
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file. Loại tệp.

    Args:
        label: What people call it.
        endings: Usual endings of its name; the first is given to a name that has another.
        shown_in_page: Whether a browser may show it instead of saving it.
        examine: Looks for what is wrong inside; raises a ``FileRefused``.
    """

    label: str
    media_type: str
    endings: tuple[str, ...]
    shown_in_page: bool = False
    examine: Callable[[Path, str], None]


PDF = Kind(label="PDF", media_type="application/pdf", endings=(".pdf",), shown_in_page=True, examine=pdf.examine)
JPEG = Kind(
    label="JPEG",
    media_type="image/jpeg",
    endings=(".jpg", ".jpeg"),
    shown_in_page=True,
    examine=images.examine(images.jpeg_sizes),
)
PNG = Kind(
    label="PNG",
    media_type="image/png",
    endings=(".png",),
    shown_in_page=True,
    examine=images.examine(images.png_sizes),
)
TIFF = Kind(label="TIFF", media_type="image/tiff", endings=(".tif", ".tiff"), examine=images.examine(images.tiff_sizes))
HEIC = Kind(
    label="HEIC", media_type="image/heic", endings=(".heic", ".heif"), examine=images.examine(images.heic_sizes)
)
DOCX = Kind(
    label="DOCX",
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings=(".docx",),
    examine=office.examine,
)
XLSX = Kind(
    label="XLSX",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    endings=(".xlsx",),
    examine=office.examine,
)


def _nothing_to_look_for(_file: Path, _name: str) -> None:
    """Whoever keeps such a file has read it."""


# What the house exchanges with other houses; nobody hands these in at a counter, so no upload is taken for one.
XML = Kind(label="XML", media_type="application/xml", endings=(".xml",), examine=_nothing_to_look_for)
TEXT = Kind(label="văn bản", media_type="text/plain", endings=(".txt", ".sta"), examine=_nothing_to_look_for)

KINDS = (PDF, JPEG, PNG, TIFF, HEIC, DOCX, XLSX)
_OFFICE_KINDS = {office.WORD_PART: DOCX, office.SHEET_PART: XLSX}


def inspect(file: Path, *, name: str) -> Kind:
    """Find out what a file is and whether it is fit to be kept.

    Args:
        file: Where its bytes lie.
        name: Its cleaned name, for the refusal.

    Raises:
        FileRefused: In words that say what to do.
    """
    with file.open("rb") as content:
        head = content.read(_HEAD_BYTES)
    kind = _kind_by_first_bytes(file, head, name)
    if kind is None:
        raise _unknown(head, name)
    kind.examine(file, name)
    return kind


def kind_of_media_type(media_type: str) -> Kind | None:
    """Return the kind that a stored file was found to be."""
    return next((kind for kind in KINDS if kind.media_type == media_type), None)


def _kind_by_first_bytes(file: Path, head: bytes, name: str) -> Kind | None:
    if head.startswith(_ZIP):
        return _OFFICE_KINDS.get(office.main_part(file, name))
    found = filetype.guess_mime(head)
    return kind_of_media_type(found) if found else None


def _unknown(head: bytes, name: str) -> KindNotAccepted | NotWhatItsNameSays | OldOfficeFile:
    if head.startswith(_OLD_OFFICE):
        return OldOfficeFile(name)
    ending = Path(name).suffix.lower()
    if any(ending in kind.endings for kind in KINDS):
        return NotWhatItsNameSays(name, ending=ending)
    return KindNotAccepted(name, kinds=", ".join(kind.label for kind in KINDS))
