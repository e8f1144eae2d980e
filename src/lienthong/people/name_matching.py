"""How a typed name may differ from the one on record, in plain Python: which names to look for, and how near each is.

Names are compared folded: tone marks, letter marks and the place of a tone never separate two names, they only order
them. Beyond that a typed name may have one wrong letter, its words in another order, a word too many or too few.
"""

from enum import IntEnum
from functools import cached_property
from itertools import permutations

from lienthong.kernel.text import fold, new_tone_placement, nfc, old_tone_placement

_LETTERS = "abcdefghijklmnopqrstuvwxyz "
_REORDERED_AT_MOST = 5
_LONGEST = 60
WHOLE_NAME = 3  # words; with fewer a name is likely only a part of one


class Nearness(IntEnum):
    """How near a name is to what was typed; nearer is smaller. Mức độ khớp."""

    SAME_NUMBER = 0
    SAME_SPELLING = 1
    SAME_LETTERS = 2
    OTHER_ORDER = 3
    ONE_LETTER_OFF = 4
    OTHER_WORDS = 5
    SIMILAR = 6


class TypedName:
    """A name as somebody typed it, ready to be looked for.

    Attributes:
        key: What was typed, folded.
        words: The words of the key.
    """

    def __init__(self, text: str) -> None:
        self._plain = " ".join(nfc(text).lower().split())
        self.key = fold(text)[:_LONGEST].strip()
        self.words = tuple(self.key.split())

    @cached_property
    def spellings(self) -> frozenset[str]:
        """The typed name in small letters, with the tone of oa, oe, uy at either place."""
        return frozenset({self._plain, old_tone_placement(self._plain), new_tone_placement(self._plain)})

    @cached_property
    def neighbours(self) -> dict[str, Nearness]:
        """Every name with the same words in another order, with one letter added, lost, wrong or swapped, or a word less."""
        near: dict[str, Nearness] = {}
        if len(self.words) >= WHOLE_NAME:
            shorter = (" ".join([*self.words[:place], *self.words[place + 1 :]]) for place in range(len(self.words)))
            near |= dict.fromkeys(shorter, Nearness.OTHER_WORDS)
        near |= dict.fromkeys(_one_letter_off(self.key), Nearness.ONE_LETTER_OFF)
        if len(self.words) <= _REORDERED_AT_MOST:
            near |= dict.fromkeys(map(" ".join, permutations(self.words)), Nearness.OTHER_ORDER)
        near.pop(self.key, None)
        return near

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """What stands before and after each place where a word may be missing; a name that fits both ends has more words."""
        return [
            (" ".join([*self.words[:gap], ""]), " ".join(["", *self.words[gap:]])) for gap in range(len(self.words) + 1)
        ]

    def nearness(self, *, name_key: str, full_name: str) -> Nearness:
        """Say how near a person's name is."""
        if name_key == self.key:
            return Nearness.SAME_SPELLING if full_name.lower() in self.spellings else Nearness.SAME_LETTERS
        if (near := self.neighbours.get(name_key)) is not None:
            return near
        return Nearness.OTHER_WORDS if _has_in_order(name_key.split(), self.words) else Nearness.SIMILAR


def _one_letter_off(key: str) -> set[str]:
    near = set[str]()
    for place in range(len(key) + 1):
        head, tail = key[:place], key[place:]
        near |= {head + letter + tail for letter in _LETTERS}
        if tail:
            near.add(head + tail[1:])
            near |= {head + letter + tail[1:] for letter in _LETTERS}
        if len(tail) > 1:
            near.add(head + tail[1] + tail[0] + tail[2:])
    near.discard(key)
    return near


def _has_in_order(words: list[str], wanted: tuple[str, ...]) -> bool:
    remaining = iter(words)
    return all(word in remaining for word in wanted)
