"""The name of a payment line in every file that leaves the house or comes back: sixteen characters that no bank cuts.

Mã dòng chi. ``LT``, the number of the line, two check digits (ISO 7064, modulo 97). Two letters in front keep a spreadsheet
from reading it as a number; the check digits show a name that was typed or cut on the way.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_LINE: Final = 10**12 - 1
_PREFIX: Final = "LT"
_SHAPE: Final = re.compile(r"LT(\d{12})(\d{2})")
_INSIDE: Final = re.compile(r"(?<![A-Z0-9])LT\d{14}(?!\d)", re.IGNORECASE)


def key_of(line_id: int) -> str:
    """Return the name of a line.

    Raises:
        ValueError: The number is none that a line can have.

    Examples:
        >>> key_of(7)
        'LT00000000000777'
    """
    if not 0 < line_id <= LONGEST_LINE:
        raise ValueError(f"no number of a payment line: {line_id}")
    return f"{_PREFIX}{line_id:012d}{_check(line_id):02d}"


def line_of(key: str) -> int | None:
    """Return the number of the line that a name says; None where it is no name of ours, or was mangled.

    Examples:
        >>> line_of(" lt00000000000777 "), line_of("LT00000000000778"), line_of("NONREF")
        (7, None, None)
    """
    found = _SHAPE.fullmatch(key.strip().upper())
    if found is None or not key.isascii():
        return None
    line_id = int(found[1])
    return line_id if line_id and _check(line_id) == int(found[2]) else None


def line_named_in(*texts: str) -> int | None:
    """Return the line that the first of these texts names alone; a text that names two different lines names none.

    Examples:
        >>> line_named_in("NONREF", "TRA TRO CAP LT00000000000777 T9")
        7
    """
    for text in texts:
        named = {line for line in map(line_of, _INSIDE.findall(text)) if line is not None}
        if len(named) == 1:
            return named.pop()
        if named:
            return None
    return None


def _check(line_id: int) -> int:
    return 98 - line_id * 100 % 97
