"""Names typed while the Vietnamese keyboard was off: "Nguyeenx" (Telex) or "Nguye64n" (VNI keys) for "Nguyễn"."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lienthong.kernel.text import nfc

_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"

_DOT_BEFORE_MARK = re.compile("(\u0323)([\u0302\u0306])")  # as Unicode orders them; hands make the letter first


class _Keyboard(NamedTuple):
    """Which keys make marks: by mark and letter, and by tone."""

    marks: dict[str, str]
    tones: dict[str, str]


_TONES = "\u0300\u0301\u0309\u0303\u0323"
_TELEX = _Keyboard({_CIRCUMFLEX: "", _BREVE: "w", _HORN: "w", "đ": "dd"}, dict(zip(_TONES, "fsrxj", strict=True)))
_VNI = _Keyboard({_CIRCUMFLEX: "6", _BREVE: "8", _HORN: "7", "đ": "d9"}, dict(zip(_TONES, "21345", strict=True)))


def keystrokes(syllables: Iterable[str]) -> dict[str, str]:
    """Give the syllable that each row of keys was meant to be; keys that may mean two of the syllables are left out."""
    meant: dict[str, str] = {}
    for syllable in syllables:
        for keys in set(_keys(syllable)) - {syllable}:
            meant[keys] = "" if meant.get(keys, syllable) != syllable else syllable
    return {keys: syllable for keys, syllable in meant.items() if syllable}


def _keys(syllable: str) -> Iterator[str]:
    """Give the usual ways to type a syllable: the tone at once or at the end; "ươ" with one w; marks made, the tone not."""
    marks = _DOT_BEFORE_MARK.sub(r"\2\1", unicodedata.normalize("NFD", syllable))
    tone = next((mark for mark in marks if mark in _TONES), "")
    for keyboard in (_TELEX, _VNI):
        key = keyboard.tones.get(tone, "")
        at_once = "".join(_typed(marks, keyboard, key))
        at_end = "".join(_typed(marks, keyboard, "")) + key
        yield from (at_once, at_end, at_once.replace("uwow", "uow"), at_end.replace("uwow", "uow"))
        yield nfc(marks.replace(tone, "")) + key if tone else at_end


def _typed(marks: str, keyboard: _Keyboard, tone: str) -> Iterator[str]:
    vowel = ""
    for letter in marks:
        if letter in _TONES:
            yield tone
        elif letter == _CIRCUMFLEX:
            yield keyboard.marks[letter] or vowel
        else:
            vowel = letter
            yield keyboard.marks.get(letter, letter)
