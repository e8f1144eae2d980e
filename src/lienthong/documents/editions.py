"""Which edition of the printed forms is in force on a day: their numbers, titles and legal line, read from data.

Bộ mẫu theo thông tư.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lienthong.documents.states import FormCode
from lienthong.kernel.days import format_day
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.rules.parameters import load_yaml

EDITIONS_FILE = Path(__file__).parent / "forms" / "editions.yaml"


class NoEditionInForce(LookupError):
    """No edition of the forms is recorded for the day; the message names the file to complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEdition:
    """One form in one edition.

    Args:
        number: Number of the form in its circular; empty where the circular has none.
        title: Printed lines of the title.
        title_after_receipt: The title where it differs once a dossier was received.
        confidence: How the name was established.
    """

    number: str
    title: tuple[str, ...]
    title_after_receipt: tuple[str, ...]
    confidence: Confidence

    @property
    def name(self) -> str:
        """The title in one line, as in a sentence."""
        return " ".join(self.title).capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The set of forms of one circular. Bộ mẫu của một thông tư."""

    valid_from: date
    circular: str
    reference: LegalReference
    confidence: Confidence
    forms: Mapping[FormCode, FormEdition]

    def legal_line(self, code: FormCode) -> str:
        """Return the line that says which form of which circular this is; empty for a form that none prescribes."""
        number = self.forms[code].number
        return f"Mẫu số {number} – {self.circular}" if number else ""


def edition_on(day: date) -> Edition:
    """Return the edition that a paper issued on ``day`` follows.

    Raises:
        NoEditionInForce: The day lies before the first recorded edition.
    """
    for edition in reversed(editions()):
        if edition.valid_from <= day:
            return edition
    raise NoEditionInForce(
        f"Chưa có bộ mẫu giấy tờ cho ngày {format_day(day)}. "
        f"Hãy bổ sung tệp documents/forms/{EDITIONS_FILE.name}, hoặc kiểm tra lại ngày cấp."
    )


@cache
def editions() -> tuple[Edition, ...]:
    """Return every recorded edition, oldest first."""
    return tuple(sorted(map(_edition, load_yaml(EDITIONS_FILE)), key=lambda edition: edition.valid_from))


def _edition(entry: Mapping[str, Any]) -> Edition:
    return Edition(
        valid_from=entry["valid_from"],
        circular=entry["circular"],
        reference=LegalReference.parse(entry["reference"]),
        confidence=Confidence(entry["confidence"]),
        forms={code: _form(entry["forms"][code.value]) for code in FormCode},
    )


def _form(entry: Mapping[str, Any]) -> FormEdition:
    return FormEdition(
        number=entry["number"],
        title=tuple(entry["title"]),
        title_after_receipt=tuple(entry.get("title_after_receipt", entry["title"])),
        confidence=Confidence(entry["confidence"]),
    )
