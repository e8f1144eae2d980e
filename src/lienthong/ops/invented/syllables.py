"""What may go wrong with one syllable of a name: its tone, its vowels, its consonants, its keys, its looks."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from random import Random

from lienthong.kernel.text import nfc

Slip = Callable[[str, Random], str]

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_TONES = (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT)
# Heard alike: hook and tilde everywhere in the province's speech, the others when read from handwriting.
_OTHER_TONE = {_HOOK: _TILDE, _TILDE: _HOOK, _ACUTE: _GRAVE, _GRAVE: _ACUTE, _DOT: _HOOK}
_OTHER_VOWEL = {"ơ": "ô", "ô": "ơ", "ă": "â", "â": "ă", "ư": "u", "ê": "e"}
_OTHER_INITIAL = (
    ("Tr", "Ch"), ("Ch", "Tr"), ("S", "X"), ("X", "S"), ("D", "Gi"), ("Gi", "D"), ("R", "D"), ("Gi", "R"), ("V", "D"),
)  # fmt: skip
_STRUCK_BY_MISTAKE = "aeiouhngtlm"
_NEIGHBOURS = {
    "a": "qsz", "e": "wrd", "i": "uok", "o": "ipl", "u": "yij", "n": "bmh", "h": "gjn", "t": "ryg", "g": "fhv", "c": "xvd",
    "l": "kop", "m": "n", "r": "et", "s": "ad", "d": "sf", "y": "tu", "p": "o", "v": "cb", "k": "jl", "b": "vn",
}  # fmt: skip
_TELEX_TONES = {_GRAVE: "f", _ACUTE: "s", _HOOK: "r", _TILDE: "x", _DOT: "j"}
_TELEX_VOWELS = {"â": "aa", "ă": "aw", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_LOOKS_LIKE = (
    ("rn", "m"), ("m", "rn"), ("l", "i"), ("i", "l"), ("ă", "â"), ("â", "ă"), ("ẽ", "ẻ"), ("ễ", "ể"), ("ữ", "ử"), ("h", "n"),
    ("c", "e"), ("o", "a"), ("u", "n"), ("ị", "i"), ("ạ", "a"), ("ọ", "o"), ("đ", "d"), ("Đ", "D"), ("g", "q"), ("T", "I"),
)  # fmt: skip


def tone_of(syllable: str) -> str:
    """Return the mark of a tone, or nothing for the level tone."""
    return next((mark for mark in unicodedata.normalize("NFD", syllable) if mark in _TONES), "")


@lru_cache(maxsize=65536)
def without_tone(syllable: str) -> str:
    """Return a syllable without its tone; ê, ơ and their like stay."""
    return nfc("".join(mark for mark in unicodedata.normalize("NFD", syllable) if mark not in _TONES))


@lru_cache(maxsize=65536)
def without_marks(syllable: str) -> str:
    """Return a syllable without any mark, as on a keyboard without Vietnamese."""
    plain = unicodedata.normalize("NFD", syllable.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def another_tone(syllable: str, _luck: Random) -> str:
    """Write the tone that is most easily taken for the right one."""
    return nfc("".join(_OTHER_TONE.get(mark, mark) for mark in unicodedata.normalize("NFD", syllable)))


def another_vowel_mark(syllable: str, _luck: Random) -> str:
    """Write ơ for ô, â for ă and their like."""
    tone, plain = tone_of(syllable), without_tone(syllable)
    place = next((number for number, letter in enumerate(plain) if letter in _OTHER_VOWEL), None)
    if place is None:
        return syllable
    plain = plain[:place] + _OTHER_VOWEL[plain[place]] + plain[place + 1 :]
    bearer = max(number for number, letter in enumerate(plain) if letter.lower() in "aăâeêioôơuưy")
    return nfc(plain[: bearer + 1] + tone + plain[bearer + 1 :])


def i_for_y(syllable: str, _luck: Random) -> str:
    """Write Lí for Lý, Mỹ for Mĩ, Quí for Quý, or the other way."""
    plain = without_marks(syllable).lower()
    if len(plain) not in {2, 3} or plain[-1] not in "iy" or (plain[-2] in "aeiou" and plain not in {"quy", "qui"}):
        return syllable
    marks = unicodedata.normalize("NFD", syllable)
    place = max(marks.rfind("i"), marks.rfind("y"))
    return nfc(marks[:place] + ("y" if marks[place] == "i" else "i") + marks[place + 1 :])


def l_for_n(syllable: str, _luck: Random) -> str:
    """Write l for n or n for l, as parts of the north speak."""
    if syllable.startswith("L"):
        return "N" + syllable[1:]
    if syllable.startswith("N") and not syllable.startswith(("Ng", "Nh")):
        return "L" + syllable[1:]
    return syllable


def another_initial(syllable: str, luck: Random) -> str:
    """Write ch for tr, x for s, d for gi or r, or the other way."""
    fitting = [pair for pair in _OTHER_INITIAL if syllable.startswith(pair[0]) and not syllable.startswith("Sh")]
    if not fitting:
        return syllable
    written, other = luck.choice(fitting)
    return other + syllable[len(written) :]


def mistyped(syllable: str, luck: Random) -> str:
    """Strike a wrong key, none, one too many, or two in the wrong order."""
    if len(syllable) < 2:
        return syllable
    place = luck.randrange(1, len(syllable))
    head, tail = syllable[:place], syllable[place:]
    kind = luck.randrange(4)
    if kind == 0:
        return head + luck.choice(_STRUCK_BY_MISTAKE) + tail[1:]
    if kind == 1:
        return head + tail[1:]
    if kind == 2:
        return head + luck.choice(_STRUCK_BY_MISTAKE) + tail
    return head[:-1] + tail[0] + head[-1] + tail[1:] if place > 1 else syllable


def struck_beside(syllable: str, luck: Random) -> str:
    """Strike the key beside the right one."""
    places = [place for place, letter in enumerate(syllable) if place and letter in _NEIGHBOURS]
    if not places:
        return syllable
    place = luck.choice(places)
    return syllable[:place] + luck.choice(_NEIGHBOURS[syllable[place]]) + syllable[place + 1 :]


def keys_left_standing(syllable: str, _luck: Random) -> str:
    """Leave the keys of the Telex way of typing as they were struck: Nguyeenx for Nguyễn."""
    struck = "".join(_TELEX_VOWELS.get(letter, letter) for letter in without_tone(syllable))
    return struck.replace("Đ", "Dd") + _TELEX_TONES.get(tone_of(syllable), "")


def misread(syllable: str, luck: Random) -> str:
    """Take a letter of a scanned page for one that looks like it."""
    fitting = [(seen, read) for seen, read in _LOOKS_LIKE if seen in syllable]
    if not fitting:
        return syllable
    seen, read = luck.choice(fitting)
    return syllable.replace(seen, read, 1)
