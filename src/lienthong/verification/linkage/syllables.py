"""One Vietnamese syllable as verification sees it: canonical spelling, bare letters, the sound class of the north."""

import unicodedata
from functools import cache

from lienthong.kernel.text import fold, nfc, old_tone_placement

# Initials that northern speech and hurried typing do not keep apart; the longest first.
_SAME_INITIAL = (
    ("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "z"), ("d", "z"), ("r", "z"), ("v", "z"),
    ("x", "s"), ("k", "c"), ("q", "c"),
)  # fmt: skip
_VOWELS = tuple("aeiouy")


@cache
def canonical(syllable: str) -> str:
    """Give one spelling for spellings that mean the same: tone on the older vowel, i for a lone y (Lý, Lí; Thuý, Thúy)."""
    syllable = old_tone_placement(syllable)
    letters = fold(syllable)
    if letters.endswith("y") and len(letters) > 1 and (letters[-2] not in "aeiou" or letters == "quy"):
        marks = unicodedata.normalize("NFD", syllable)
        place = marks.rfind("y")
        syllable = nfc(marks[:place] + "i" + marks[place + 1 :])
    return syllable


@cache
def bare(syllable: str) -> str:
    """Give the syllable without any mark, đ as d."""
    return fold(syllable)


@cache
def sound(syllable: str) -> str:
    """Give the class of what sounds alike where l/n, tr/ch, s/x, d/gi/r are confused, without marks."""
    letters = fold(syllable)
    # In "gì" and "gìn" the i is the vowel as well.
    if letters.startswith("gi") and letters[2:3] not in _VOWELS:
        letters = "gi" + letters[1:]
    for written, same in _SAME_INITIAL:
        if letters.startswith(written):
            letters = same + letters[len(written) :]
            break
    if letters.startswith("n") and not letters.startswith(("ng", "nh")):
        letters = "l" + letters[1:]
    return letters.replace("y", "i")
