"""Names as columns: every distinct spelling once, read into syllables, hashed at each level at which names agree."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.kernel.old_encodings import decode_tcvn3, decode_vni, is_vietnamese_syllable
from lienthong.verification.linkage.hashing import Hashes, combine, distinct, distinct_few, scatter
from lienthong.verification.linkage.keystrokes import keystrokes
from lienthong.verification.linkage.syllables import bare, canonical, sound

_NOT_LETTERS = str.maketrans(dict.fromkeys(".,;:'’‘`-_()/\\\u00a0\t\r\n\u200b\ufeff", " "))
_SHORTEST_GLUED, _LONGEST_GLUED = 4, 14  # letters; the longest syllable, "nghiêng", has seven
WIDEST = 6  # syllables looked at where spelling is measured
_PLAIN, _TCVN3, _VNI = 0, 1, 2
_DECODERS = {_TCVN3: decode_tcvn3, _VNI: decode_vni}
Ids = npt.NDArray[np.int32]


@dataclass
class Vocabulary:
    """The syllables that names are made of, numbered at three levels. Learnt from the population, grown by a register."""

    exact: dict[str, int] = field(default_factory=dict)
    bare: dict[str, int] = field(default_factory=dict)
    sound: dict[str, int] = field(default_factory=dict)

    def number(self, syllable: str) -> tuple[int, int, int]:
        """Return the numbers of a canonical syllable, new ones where it is new."""
        return (
            self.exact.setdefault(syllable, len(self.exact) + 1),
            self.bare.setdefault(bare(syllable), len(self.bare) + 1),
            self.sound.setdefault(sound(syllable), len(self.sound) + 1),
        )

    def copy(self) -> Vocabulary:
        """Return a vocabulary that may grow without this one growing."""
        return Vocabulary(dict(self.exact), dict(self.bare), dict(self.sound))


class Names:
    """Distinct names of one side.

    Attributes:
        exact, bare, sound: One hash per name over its syllables in order: as spelled, without marks, by sound.
        bag: The same by sound, whatever the order.
        ends: Surname and given name by sound.
        surname, given: Numbers of those syllables by sound; 0 for an empty name.
        tokens: Number of syllables.
    """

    def __init__(self, offsets: npt.NDArray[np.int64], syllables: Ids, vocabulary: Vocabulary) -> None:
        lengths = np.diff(offsets)
        self._offsets, self._bare_ids, self._vocabulary = offsets, syllables[:, 1], vocabulary
        self.tokens = lengths.astype(np.int32)
        first = np.minimum(offsets[:-1], max(len(syllables) - 1, 0))
        last = np.maximum(offsets[1:] - 1, 0)
        place = (np.arange(len(syllables)) - np.repeat(offsets[:-1], lengths)).astype(np.uint64)
        self.exact, self.bare, self.sound = (
            self._sums(scatter(combine(syllables[:, level], place))) for level in range(3)
        )
        self.bag = self._sums(scatter(syllables[:, 2]))
        empty = lengths == 0
        if len(syllables):
            self.surname = np.where(empty, 0, syllables[first, 2]).astype(np.int32)
            self.given = np.where(empty, 0, syllables[last, 2]).astype(np.int32)
        else:
            self.surname = self.given = np.zeros(len(lengths), np.int32)
        self.ends = combine(self.surname, self.given)

    @cached_property
    def grid(self) -> Ids:
        """The first syllables of each name without marks, by number, one row per name; 0 after its end."""
        grid = np.zeros((len(self), WIDEST), np.int32)
        name = np.repeat(np.arange(len(self)), self.tokens)
        place = np.arange(len(name)) - np.repeat(self._offsets[:-1], self.tokens)
        inside = place < WIDEST
        grid[name[inside], place[inside]] = self._bare_ids[inside]
        return grid

    def __len__(self) -> int:
        return len(self.tokens)

    def _sums(self, hashes: Hashes) -> Hashes:
        """Add up the hashes of each name; wrapping around is what is wanted."""
        total = np.zeros(len(hashes) + 1, np.uint64)
        np.cumsum(hashes, out=total[1:])
        return total[self._offsets[1:]] - total[self._offsets[:-1]]

    def plain(self, which: npt.NDArray[np.integer]) -> list[str]:
        """Return names without marks, in small letters."""
        spelled, ids, offsets = self.spelled, self._bare_ids, self._offsets
        return [" ".join(spelled[ids[offsets[name] : offsets[name + 1]]]) for name in which]

    @cached_property
    def spelled(self) -> npt.NDArray[Any]:
        """The syllables without marks, by number."""
        return np.array(["", *self._vocabulary.bare], np.object_)


def read_population_names(
    column: pl.Series, vocabulary: Vocabulary | None = None
) -> tuple[npt.NDArray[np.int64], Names, Vocabulary]:
    """Read the names of the population, which say what syllables there are.

    Args:
        column: Names.
        vocabulary: Syllables numbered before, so that parts of a population that are read apart agree on them.

    Returns:
        Per row the number of its name; the names; the vocabulary.
    """
    vocabulary = vocabulary or Vocabulary()
    codes, spellings = distinct(column)
    tokens = _Tokens(spellings)
    return codes, tokens.names(tokens.syllables(), vocabulary), vocabulary


def read_register_names(column: pl.Series, vocabulary: Vocabulary) -> tuple[npt.NDArray[np.int64], Names]:
    """Read names as people typed them: old encodings decoded, glued words split, by what the population's names know.

    A name is decoded whole or not at all: one word that is no syllable until it is decoded tells the encoding of all.
    """
    codes, spellings = distinct(column)
    tokens = _Tokens(spellings)
    meanings = tokens.syllables()
    encodings = np.zeros(len(tokens.texts), np.int8)
    known = vocabulary.exact.keys()
    mended: dict[str, list[str]] = {}
    by_keys: dict[str, str] | None = None
    for number, syllables in enumerate(meanings):
        if known >= set(syllables):
            continue
        encodings[number] = encoding = _encoding_of(tokens.texts[number], vocabulary)
        if not encoding:
            by_keys = keystrokes(known) if by_keys is None else by_keys
            meanings[number] = [
                part
                for syllable in syllables
                for part in mended.get(syllable) or mended.setdefault(syllable, _mended(syllable, vocabulary, by_keys))
            ]
    encoding_of_name = np.zeros(len(spellings), np.int8)
    np.maximum.at(encoding_of_name, tokens.name_of_each, encodings[tokens.ids])
    for encoding, decode in _DECODERS.items():
        meant = encoding_of_name[tokens.name_of_each] == encoding
        if meant.any():
            tokens.replace(meant, partial(_decoded, decode=decode, vocabulary=vocabulary), meanings)
    return codes, tokens.names(meanings, vocabulary.copy())


class _Tokens:
    """The words of distinct names: each distinct word once, and which words each name has."""

    def __init__(self, spellings: pl.Series) -> None:
        words = spellings.str.split(" ")
        lengths = words.list.len().to_numpy().astype(np.int64)
        self._number_of_names = len(spellings)
        self.name_of_each = np.repeat(np.arange(len(spellings)), lengths)
        ids, self.texts = distinct_few(words.explode())
        self.ids = ids.astype(np.int64)

    def syllables(self) -> list[list[str]]:
        """Read each word as it stands: composed, small letters, punctuation as spaces. Capitals share one reading."""
        lowered = distinct(pl.Series(self.texts, dtype=pl.String).str.normalize("NFC").str.to_lowercase())
        read = [[canonical(part) for part in text.translate(_NOT_LETTERS).split()] for text in lowered.values.to_list()]
        return [read[code] for code in lowered.codes.tolist()]

    def replace(
        self, where: npt.NDArray[np.bool_], read: Callable[[str], list[str]], meanings: list[list[str]]
    ) -> None:
        """Give the words at these places a reading of their own, beside the one they have elsewhere."""
        old, places = np.unique(self.ids[where], return_inverse=True)
        start = len(meanings)
        for number in old:
            meanings.append(read(self.texts[number]))
            self.texts.append(self.texts[number])
        self.ids[where] = start + places

    def names(self, meanings: list[list[str]], vocabulary: Vocabulary) -> Names:
        """Put the names together from what each word means: none, one or several syllables."""
        numbered = [[vocabulary.number(syllable) for syllable in meaning] for meaning in meanings]
        length_of_word = np.array([len(meaning) for meaning in numbered], np.int64)
        flat = np.array([numbers for meaning in numbered for numbers in meaning], np.int32).reshape(-1, 3)
        start_of_word = np.r_[0, np.cumsum(length_of_word)]
        lengths = length_of_word[self.ids]
        starts = np.repeat(start_of_word[self.ids], lengths)
        within = np.arange(len(starts)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        syllables = flat[starts + within]
        per_name = np.bincount(self.name_of_each, weights=lengths, minlength=self._number_of_names).astype(np.int64)
        return Names(np.r_[0, np.cumsum(per_name)], syllables, vocabulary)


def _parts(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).lower().translate(_NOT_LETTERS).split()


def _encoding_of(text: str, vocabulary: Vocabulary) -> int:
    """Tell the old encoding in which a word is a syllable of the population, where it is none as it stands.

    What is well formed as it stands is a name that nobody else bears, as "Bé" is, which would read "Bộ" in TCVN3.
    """
    if text.isascii() or is_vietnamese_syllable(text):
        return _PLAIN
    for encoding, decode in _DECODERS.items():
        syllables = [canonical(part) for part in _parts(decode(text))]
        if syllables and all(syllable in vocabulary.exact for syllable in syllables):
            return encoding
    return _PLAIN


def _decoded(text: str, decode: Callable[[str], str], vocabulary: Vocabulary) -> list[str]:
    decoded = [canonical(part) for part in _parts(decode(text))]
    syllables = [part for syllable in decoded for part in _unglued(syllable, vocabulary)]
    as_typed = [canonical(part) for part in _parts(text)]
    return syllables if all(syllable in vocabulary.exact for syllable in syllables) else as_typed


def _mended(syllable: str, vocabulary: Vocabulary, meant: dict[str, str]) -> list[str]:
    """Read what was typed with the Vietnamese keyboard off, split what was run together; leave the rest."""
    if syllable in meant and bare(syllable) not in vocabulary.bare:
        return [meant[syllable]]
    return _unglued(syllable, vocabulary)


def _unglued(syllable: str, vocabulary: Vocabulary) -> list[str]:
    """Split "nguyenthi" into its two syllables; leave what is no such pair."""
    if (
        not _SHORTEST_GLUED <= len(syllable) <= _LONGEST_GLUED
        or syllable in vocabulary.exact
        or bare(syllable) in vocabulary.bare
    ):
        return [syllable]
    if is_vietnamese_syllable(syllable):
        return [syllable]
    letters = bare(syllable)
    cuts = [
        cut
        for cut in range(2, len(letters) - 1)
        if _is_known(letters[:cut], vocabulary) and _is_known(letters[cut:], vocabulary)
    ]
    for known, spell in ((vocabulary.exact, canonical), (vocabulary.bare, bare)):
        for cut in cuts:
            pair = [canonical(syllable[:cut]), canonical(syllable[cut:])]
            if all(spell(part) in known for part in pair):
                return pair
    return [syllable]


def _is_known(letters: str, vocabulary: Vocabulary) -> bool:
    """Say whether letters without marks may be a syllable of the population, whose lone y is written i."""
    return letters in vocabulary.bare or (letters.endswith("y") and f"{letters[:-1]}i" in vocabulary.bare)
