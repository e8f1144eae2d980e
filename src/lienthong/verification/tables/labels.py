"""Heads of columns as words: the same head is the same key, however it is typed."""

import re
from collections.abc import Callable

from lienthong.kernel.old_encodings import decode_tcvn3, decode_vni, looks_like_tcvn3, looks_like_vni
from lienthong.kernel.text import fold, nfc

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_WORD = re.compile(r"[^\w]+|_")
_COPY = re.compile(r" \(\d+\)$")


def readable(label: str) -> str:
    """Return a head on one line, decoded when it was typed in an old font."""
    return " ".join(nfc(decoder_of(label)(label)).split())


def decoder_of(text: str) -> Callable[[str], str]:
    """Return what reads a text: as it is, or as one of the old fonts it looks typed in."""
    if looks_like_tcvn3(text):
        return decode_tcvn3
    return decode_vni if looks_like_vni(text) else str


def key_of_label(label: str) -> str:
    """Return the words of a head without case, diacritics and punctuation.

    Examples:
        >>> key_of_label("Họ  và\\ntên:"), key_of_label("so_giay_to"), key_of_label("Số CMND/CCCD")
        ('ho va ten', 'so giay to', 'so cmnd cccd')
    """
    return " ".join(_NOT_WORD.sub(" ", fold(readable(label))).split())


def key_without_asides(label: str) -> str:
    """Return the key of a head without what stands in brackets.

    Examples:
        >>> key_without_asides("Ngày sinh (dd/mm/yyyy)"), key_without_asides("Thôn (2)")
        ('ngay sinh', 'thon')
    """
    return key_of_label(_ASIDE.sub(" ", label))


def made_unique(labels: list[str]) -> list[str]:
    """Number heads that come twice: "Họ tên", "Họ tên (2)"."""
    seen: set[str] = set()
    unique = []
    for label in labels:
        plain, name, copy = _COPY.sub("", label), label, 2
        while name in seen:
            name, copy = f"{plain} ({copy})", copy + 1
        seen.add(name)
        unique.append(name)
    return unique


def column_letters(place: int) -> str:
    """Return Excel's name of the column, counted from 0.

    Examples:
        >>> column_letters(0), column_letters(25), column_letters(26)
        ('A', 'Z', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
