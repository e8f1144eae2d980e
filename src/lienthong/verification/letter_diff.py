"""Which letters differ between what we wrote and what the population has. Pure; case is no difference, a tone mark is.

So khớp từng chữ. Words are lined up first and letters inside them after, so that a word left out shows as one word and
not as crumbs of its neighbours.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Levenshtein

# Longer texts are shown without marks: nobody reads letters in them, and lining up costs length times length.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of letters on one side, and whether the other side has something else there."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class LetterDiff:
    """Both sides cut into pieces, and the words that differ as pairs for whoever does not see the marks."""

    ours: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    words: tuple[tuple[str, str], ...]


def letter_diff(*, ours: str, theirs: str) -> LetterDiff:
    """Line two texts up and cut each into pieces that are the same and pieces that differ.

    Args:
        ours: What our register says.
        theirs: What the population database says.

    Returns:
        The pieces of both sides; joined they give the texts (NFC). ``words`` holds each pair of words that differ, one
        of them empty where a word is missing on that side.

    Examples:
        >>> diff = letter_diff(ours="Ma Thị Hương", theirs="Ma Thị Hường")
        >>> [piece.text for piece in diff.theirs if piece.differs]
        ['ờ']
        >>> letter_diff(ours="Lê An", theirs="Lê Thị An").words
        (('', 'Thị'),)
    """
    here, there = unicodedata.normalize("NFC", ours), unicodedata.normalize("NFC", theirs)
    if max(len(here), len(there)) > LONGEST:
        return LetterDiff(_whole(here), _whole(there), ((here, there),) if _key(here) != _key(there) else ())
    marked_here, marked_there = [False] * len(here), [False] * len(there)
    words: list[tuple[str, str]] = []
    for left, right in _unlike_words(here, there):
        words.append((here[slice(*left)].strip(), there[slice(*right)].strip()))
        for place in _unlike_letters(here, left, there, right):
            marked_here[place] = True
        for place in _unlike_letters(there, right, here, left):
            marked_there[place] = True
    return LetterDiff(_pieces(here, marked_here), _pieces(there, marked_there), tuple(words))


def _unlike_words(here: str, there: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the spans of both texts where whole words differ."""
    left, right = _spans(here), _spans(there)
    steps = Levenshtein.opcodes(
        [_key(here[start:end]) for start, end in left], [_key(there[start:end]) for start, end in right]
    )
    for step in steps:
        if step.tag == "equal":
            continue
        yield (
            _cover(left[step.src_start : step.src_end], len(here)),
            _cover(right[step.dest_start : step.dest_end], len(there)),
        )


def _unlike_letters(text: str, span: tuple[int, int], other: str, other_span: tuple[int, int]) -> Iterator[int]:
    letters = [_key(letter) for letter in text[slice(*span)]]
    others = [_key(letter) for letter in other[slice(*other_span)]]
    if len(letters) == len(others) and not any(letter.isalpha() for letter in letters):
        # Numbers and dates are read place by place: 34 against 43 differs twice.
        yield from (span[0] + place for place, letter in enumerate(letters) if letter != others[place])
        return
    for step in Levenshtein.opcodes(letters, others):
        if step.tag != "equal":
            yield from range(span[0] + step.src_start, span[0] + step.src_end)


def _spans(text: str) -> list[tuple[int, int]]:
    spans, place = [], 0
    for is_space, run in groupby(text, key=str.isspace):
        length = len(list(run))
        if not is_space:
            spans.append((place, place + length))
        place += length
    return spans


def _cover(spans: Sequence[tuple[int, int]], end: int) -> tuple[int, int]:
    return (spans[0][0], spans[-1][1]) if spans else (end, end)


def _pieces(text: str, marks: Sequence[bool]) -> tuple[Piece, ...]:
    runs = groupby(zip(text, marks, strict=True), key=lambda pair: pair[1])
    return tuple(Piece("".join(letter for letter, _mark in run), differs) for differs, run in runs)


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, False),) if text else ()


def _key(text: str) -> str:
    return text.casefold()
