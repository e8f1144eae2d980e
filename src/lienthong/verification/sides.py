"""Ours and theirs, field by field: what each side says, how it compares, what taking theirs would write. Pure.

Hai phía của một bản ghi. Works on anything with the columns of an entry and of a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lienthong.kernel.days import BirthDate
from lienthong.kernel.text import fold, nfc
from lienthong.verification.letter_diff import LetterDiff, letter_diff
from lienthong.verification.linkage.vocabulary import Field, FieldVerdict, Status

# Field of a verdict → column of an entry, and name of the same thing in a snapshot of the population.
COLUMNS = {
    Field.NUMBER: ("number", "number"),
    Field.NAME: ("full_name", "full_name"),
    Field.BIRTH: ("birth_date", "birth_date"),
    Field.SEX: ("sex", "sex"),
    Field.ETHNICITY: ("ethnicity", "ethnicity"),
    Field.COMMUNE: ("commune_code", "commune_code"),
    Field.HEAD: ("head_name", "head_name"),
}
# What an officer may write into an entry by hand.
TYPED = ("number", "full_name", "birth_date", "sex", "ethnicity")
_TAKEN = {Field.NUMBER, Field.NAME, Field.BIRTH, Field.SEX, Field.ETHNICITY}
_WORTH_TAKING = {FieldVerdict.SIMILAR, FieldVerdict.DIFFERENT, FieldVerdict.MISSING_HERE}
_FULL_DATE = 8

Changes = dict[str, list[str]]


class Sided(Protocol):
    """A verdict as the sides of it are read."""

    status: str
    found_number: str
    is_linked: bool
    fields: Mapping[str, Any]
    snapshot: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of the comparison. ``weight`` in bits; None where the field was not weighed."""

    field: Field
    ours: str
    theirs: str
    verdict: FieldVerdict | None
    weight: float | None
    diff: LetterDiff


def side_by_side(entry: Any, verdict: Sided, *, person: Mapping[str, Any] | None = None) -> list[FieldRow]:
    """Line up what the register says and what the population has.

    Args:
        entry: The entry of the register.
        verdict: What the batch says of it.
        person: Somebody whom a later inquiry found; they stand in for the snapshot of a verdict that found nobody.
    """
    theirs = person or verdict.snapshot
    rows = []
    for field, (column, name) in COLUMNS.items():
        here, there = str(getattr(entry, column) or ""), plain_value(column, str(theirs.get(name) or ""))
        if not here and not there:
            continue
        said = verdict.fields.get(field.value, {}) if person is None else {}
        found = FieldVerdict(said["verdict"]) if said.get("verdict") else None
        if found is None and theirs:
            found = compared(here, there, column=column)
        shown = plain_value(column, here)
        # Where nothing stands beside, no letter differs.
        alike = (
            not there
            or found in {FieldVerdict.EQUAL, None}
            or (found is FieldVerdict.EQUAL_NORMALISED and shown == there)
        )
        diff = letter_diff(ours=here, theirs=here if alike else there)
        if alike:
            diff = LetterDiff(diff.ours, letter_diff(ours=there, theirs=there).theirs, ())
        rows.append(FieldRow(field, here, there, found, said.get("weight"), diff))
    return rows


def accepted_changes(entry: Any, verdict: Sided, *, person: Mapping[str, Any] | None = None) -> Changes:
    """Return what taking the population's side would write: {column: [ours, theirs]}. Empty where nobody was found.

    The commune is taken only where moving is what the case is about: a place on the register is a matter of its own.
    """
    if not (verdict.is_linked or person):
        return {}
    changes: Changes = {}
    for row in side_by_side(entry, verdict, person=person):
        taken = row.field in _TAKEN or (row.field is Field.COMMUNE and verdict.status == Status.MOVED)
        worth = row.verdict in _WORTH_TAKING or (
            row.field is Field.NAME and row.verdict is FieldVerdict.EQUAL_NORMALISED and row.diff.words
        )
        if taken and worth and row.theirs and row.theirs != row.ours:
            changes[COLUMNS[row.field][0]] = [row.ours, row.theirs]
    return changes


def typed_changes(entry: Any, typed: Mapping[str, str]) -> Changes:
    """Return what somebody typed as changes, without what stays as it was."""
    return {
        column: [str(getattr(entry, column)), nfc(typed[column]).strip()]
        for column in TYPED
        if column in typed and nfc(typed[column]).strip() != getattr(entry, column)
    }


def touches_number(changes: Iterable[str]) -> bool:
    """Tell whether any of these columns is an identity number."""
    return "number" in changes


def compared(ours: str, theirs: str, *, column: str) -> FieldVerdict:
    """Compare one field of one person plainly, as after an inquiry, where no engine has weighed anything."""
    if not theirs:
        return FieldVerdict.MISSING_THERE
    if not ours:
        return FieldVerdict.MISSING_HERE
    if ours == theirs:
        return FieldVerdict.EQUAL
    if fold(plain_value(column, ours)) == fold(theirs):
        return FieldVerdict.EQUAL_NORMALISED
    return FieldVerdict.DIFFERENT


def plain_value(column: str, text: str) -> str:
    """Write a value as people write it: a birth date as 05/07/1960 or 1960 whatever form it has; the rest as it is."""
    text = nfc(text).strip()
    if column != "birth_date" or not text:
        return text
    digits = text if text.isascii() and text.isdigit() and len(text) == _FULL_DATE else ""
    if digits:
        day, month, year = digits[6:], digits[4:6], digits[:4]
        text = "/".join(part for part in (day, month, year) if part != "00")
    try:
        return str(BirthDate.parse(text))
    except ValueError:
        return text
