"""Two records laid beside each other, letters that differ marked, and nothing said about what the engine thinks. Pure.

Hai bản ghi đặt cạnh nhau. For whoever judges blind, and for pairs inside our own registers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from lienthong.kernel.days import BirthDate
from lienthong.verification.letter_diff import Piece, letter_diff
from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.states import FIELD_WORDS

LABELS: dict[str, Promise] = {
    "number": FIELD_WORDS[Field.NUMBER],
    "full_name": FIELD_WORDS[Field.NAME],
    "birth_date": FIELD_WORDS[Field.BIRTH],
    "sex": FIELD_WORDS[Field.SEX],
    "ethnicity": FIELD_WORDS[Field.ETHNICITY],
    "commune_code": FIELD_WORDS[Field.COMMUNE],
    "head_name": FIELD_WORDS[Field.HEAD],
}
_COMPACT_DATE = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records, cut where their letters differ. Một dòng so sánh.

    ``ours_place`` and ``theirs_place`` name what a code of a commune means; empty for every other field.
    """

    label: Promise
    ours: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    ours_place: str = ""
    theirs_place: str = ""


def lay_beside(ours: Mapping[str, Any], theirs: Mapping[str, Any], *, places: Mapping[str, str]) -> list[Line]:
    """Lay two records beside each other, field by field; a field that neither has is left out.

    Args:
        ours: Fields of one record.
        theirs: Fields of the other.
        places: Name of each commune by its code.
    """
    lines = []
    for name, label in LABELS.items():
        named = places if name == "commune_code" else {}
        here, there = _plain(name, ours.get(name)), _plain(name, theirs.get(name))
        if here and there:
            diff = letter_diff(ours=here, theirs=there)
            lines.append(Line(label, diff.ours, diff.theirs, named.get(here, ""), named.get(there, "")))
        elif here or there:
            # What one side does not say differs from nothing.
            lines.append(Line(label, _whole(here), _whole(there), named.get(here, ""), named.get(there, "")))
    return lines


def fields_of(entry: Any) -> dict[str, str]:
    """Return the fields of an entry by which ``lay_beside`` knows them."""
    return {name: getattr(entry, name) for name in LABELS}


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, differs=False),) if text else ()


def _plain(name: str, value: Any) -> str:
    """Write a value as people write it: a birth date as 05/07/1960 whatever form it has."""
    text = str(value or "").strip()
    if name != "birth_date" or not text:
        return text
    if len(text) == _COMPACT_DATE and text.isascii() and text.isdigit():
        text = "/".join(part for part in (text[6:], text[4:6], text[:4]) if part != "00")
    try:
        return str(BirthDate.parse(text))
    except ValueError:
        return text
