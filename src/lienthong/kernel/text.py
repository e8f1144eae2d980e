"""Vietnamese text: one normal form, the search key, dictionary order, tone placement, old encodings, clean input."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_DICTIONARY_TONES = (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT)  # after the level tone: huyền hỏi ngã sắc nặng
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: chr(ord("A") + rank) for rank, letter in enumerate(_ALPHABET)}
_FIELD_GAP, _SYLLABLE_GAP = " ", "!"
_TONE_RANK = {tone: chr(ord('"') + 1 + rank) for rank, tone in enumerate(_DICTIONARY_TONES)}
_LEVEL_RANK = '"'
_DIGITS_PADDED_TO = 6

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_NUMBERS = re.compile(r"(\d+)")
_OPEN_RIMES = ("oa", "oe", "uy")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_DIRECTION_CHARACTERS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class UncleanText(ValueError):
    """The text holds something that may not be stored; the message says what, where and what to do."""


def nfc(text: str) -> str:
    """Give the composed form (NFC), in which every text of the platform is stored and compared."""
    return unicodedata.normalize("NFC", text)


def _split_tone(letter: str) -> tuple[str, str]:
    """Split one composed letter into the letter without its tone, and the tone (empty for none)."""
    marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in _TONE_RANK), "")
    return (nfc(marks.replace(tone, "")), tone) if tone else (letter, "")


def _bare(letter: str) -> str:
    if letter in "đĐ":
        return "d" if letter == "đ" else "D"
    return "".join(mark for mark in unicodedata.normalize("NFD", letter) if not unicodedata.combining(mark))


# Every letter that Vietnamese composes, so that folding a million names is one table look-up per letter.
_FOLDED = {
    ord(letter): _bare(letter)
    for vowel in "aăâeêioôơuưyđ"
    for letter in {vowel, *(nfc(vowel + tone) for tone in _DICTIONARY_TONES)}
    if len(letter) == 1
}


def fold(text: str) -> str:
    """Give the search key: lower case, no diacritics, đ as d, spaces squeezed.

    Examples:
        >>> fold("  Nguyễn Thị  ĐÀO ")
        'nguyen thi dao'
    """
    folded = nfc(text).lower().translate(_FOLDED)
    if not folded.isascii():
        folded = "".join(map(_bare, folded))
    return " ".join(folded.split())


@lru_cache(maxsize=65536)
def _syllable_key(syllable: str) -> str:
    tone_rank, ranks = _LEVEL_RANK, []
    for letter in _NUMBER.sub(lambda digits: digits[0].zfill(_DIGITS_PADDED_TO), syllable):
        plain, tone = _split_tone(letter)
        tone_rank = _TONE_RANK.get(tone, tone_rank)
        ranks.append(_LETTER_RANK.get(plain) or _LETTER_RANK.get(_bare(plain), plain))
    return "".join(ranks) + tone_rank


def sort_key(text: str) -> str:
    """Give a plain string that puts texts in Vietnamese dictionary order when compared by code point.

    Letters come first (a ă â b c d đ e ê …), then, syllable by syllable, the tone: ngang huyền hỏi ngã sắc nặng. Numbers
    sort by value; case and punctuation do not count. In the database the column needs ``COLLATE "C"``.

    Examples:
        >>> sorted(["bán", "ban", "bàn tay", "bàn", "bản"], key=sort_key)
        ['ban', 'bàn', 'bàn tay', 'bản', 'bán']
        >>> sorted(["Tổ 10", "Tổ 9", "Tô", "Đông", "Dương"], key=sort_key)
        ['Dương', 'Đông', 'Tô', 'Tổ 9', 'Tổ 10']
    """
    return _SYLLABLE_GAP.join(map(_syllable_key, _WORD.findall(nfc(text).lower())))


def person_sort_key(full_name: str) -> str:
    """Give the sort key of a person: given name first, then the middle names, then the surname.

    Examples:
        >>> sorted(["Trần Văn An", "Lê Thị Bình", "Đỗ Văn An", "Lê Ái An"], key=person_sort_key)
        ['Lê Ái An', 'Đỗ Văn An', 'Trần Văn An', 'Lê Thị Bình']
    """
    syllables = [_syllable_key(word) for word in _WORD.findall(nfc(full_name).lower())]
    if not syllables:
        return ""
    surname, middle, given = syllables[:-1][:1], syllables[1:-1], syllables[-1:]
    return _FIELD_GAP.join(_SYLLABLE_GAP.join(part) for part in (given, middle, surname))


def old_tone_placement(text: str) -> str:
    """Put the tone of an open oa, oe, uy on its first vowel (hòa, khỏe, thúy), the older and more common spelling."""
    return _LETTERS.sub(lambda word: _place_tone(word[0], on_first_vowel=True), nfc(text))


def new_tone_placement(text: str) -> str:
    """Put the tone of an open oa, oe, uy on its second vowel (hoà, khoẻ, thuý), the spelling of newer school books."""
    return _LETTERS.sub(lambda word: _place_tone(word[0], on_first_vowel=False), nfc(text))


def same_ignoring_tone_placement(one: str, other: str) -> bool:
    """Say whether two texts are the same but for where the tone of oa, oe, uy is written.

    Examples:
        >>> same_ignoring_tone_placement("Hoà", "Hòa"), same_ignoring_tone_placement("Hòa", "Hóa")
        (True, False)
    """
    return old_tone_placement(one) == old_tone_placement(other)


@lru_cache(maxsize=65536)
def _place_tone(word: str, *, on_first_vowel: bool) -> str:
    if len(word) < 2:
        return word
    (first, first_tone), (second, second_tone) = _split_tone(word[-2]), _split_tone(word[-1])
    tone = first_tone or second_tone
    # In "qu" the u belongs to the consonant: quý is spelled one way only.
    if not tone or (first + second).lower() not in _OPEN_RIMES or word[-3:-2].lower() == "q":
        return word
    return word[:-2] + (nfc(first + tone) + second if on_first_vowel else first + nfc(second + tone))


def title_name(text: str) -> str:
    """Write a name that was typed all in capitals, or all in small letters, the usual way; leave others alone.

    Examples:
        >>> title_name("NGUYỄN THỊ  ÁNH"), title_name("H'MÔNG"), title_name("Lò Văn chính")
        ('Nguyễn Thị Ánh', "H'Mông", 'Lò Văn chính')
    """
    squeezed = " ".join(nfc(text).split())
    if not (squeezed.isupper() or squeezed.islower()):
        return squeezed
    return _LETTERS.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), squeezed)


def natural_key(text: str) -> list[tuple[int, str]]:
    """Return by what names are sorted that hold numbers.

    Examples:
        >>> sorted(["Xóm 10", "Xóm 2"], key=natural_key)
        ['Xóm 2', 'Xóm 10']
    """
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in _NUMBERS.split(text)]


def whole_number(text: str, *, digits: int = 17) -> int | None:
    """Return the number that somebody typed or an address holds; None where it is none, or longer than any id.

    Examples:
        >>> whole_number("0042"), whole_number("-1"), whole_number("٣"), whole_number("12345", digits=4)
        (42, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def clean_line(text: str, *, at_most: int) -> str:
    """Give one line of text fit to be stored: NFC, white space squeezed, invisible characters gone.

    Args:
        text: What somebody typed or a file holds. Tabs and line breaks count as spaces.
        at_most: Longest length allowed, in characters.

    Raises:
        UncleanText: It holds NUL, another control character, a character that reverses the reading direction, half of
            a surrogate pair, or is too long; the message says which and what to do.
    """
    line = " ".join(nfc(text).translate(_INVISIBLE).split())
    for place, character in enumerate(line, start=1):
        if unicodedata.category(character) in {"Cc", "Cs"} or character in _DIRECTION_CHARACTERS:
            raise UncleanText(
                f"Có ký tự điều khiển không hiển thị được (mã U+{ord(character):04X}) ở vị trí {place}. "
                "Hãy xóa ký tự đó hoặc gõ lại nội dung."
            )
    if len(line) > at_most:
        raise UncleanText(f"Nội dung dài {len(line)} ký tự, tối đa {at_most}. Hãy rút bớt {len(line) - at_most} ký tự.")
    return line


_OUTSIDE_SWIFT = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")


def swift_text(text: str, *, at_most: int) -> str:
    """Give the text in the letters that every bank of the SWIFT network reads: no diacritics, few marks, no double stroke.

    Chữ không dấu cho lệnh chi. Cut at the length that the field has; a text of which nothing is left comes back empty.

    Examples:
        >>> swift_text("Đỗ Thị Ánh Nguyệt & con", at_most=140)
        'Do Thi Anh Nguyet con'
        >>> swift_text("Truy lĩnh T7/2026 – 1.080.000 ₫", at_most=20)
        'Truy linh T7/2026 -'
    """
    plain = nfc(text).replace("–", "-").replace("—", "-")
    plain = "".join(letter if letter.isascii() else _bare(letter) for letter in plain)
    plain = re.sub(r"/{2,}", "/", " ".join(_OUTSIDE_SWIFT.sub(" ", plain).split()))
    # A field that begins with one of these means something else to the network.
    return plain.lstrip("/-: ")[:at_most].rstrip()
