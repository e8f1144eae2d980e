"""What a clerk writes where the personal number belongs: the number, a damaged one, another's, or nothing."""

from collections.abc import Callable
from random import Random

import numpy as np

from lienthong.ops.invented.dirt import Rates
from lienthong.ops.invented.folk import NONE, Folk
from lienthong.ops.invented.vocabulary import Flags, Whole, Words

PLACEHOLDERS = ("000000000000", "123456789", "0", "không có", "999999999999")
_LOOKS_LIKE = str.maketrans("01356789", "68865712")


def kinds_of_numbers(rng: np.random.Generator, valid: Flags, rates: Rates) -> Words:
    """Draw for each record what stands in place of the number: ``valid`` or one of the kinds of the table."""
    odds = np.array(list(rates.values()))
    kinds = np.full(len(valid), "valid", dtype=object)
    kinds[~valid] = np.array(list(rates), dtype=object)[rng.choice(len(odds), (~valid).sum(), p=odds / odds.sum())]
    return kinds


def write_numbers(
    rng: np.random.Generator, folk: Folk, person: Whole, home: Whole, kinds: Words, *, dressed: float, misread: float
) -> tuple[list[str | None], list[str]]:
    """Write the numbers of records.

    Args:
        rng: Where chance comes from.
        folk: Everybody.
        person: Whom each record describes.
        home: In which household the register has each.
        kinds: What stands in place of each number, as drawn.
        dressed: Share of numbers with an apostrophe, spaces or a decimal fraction about them.
        misread: Share of numbers in which one digit was read as another.

    Returns:
        What is written, and what kind it turned out to be.
    """
    luck = Random(int(rng.integers(0, 2**62)))
    texts, found = [], []
    for whom, where, drawn in zip(person.tolist(), home.tolist(), kinds, strict=True):
        text, kind = _WRITTEN[drawn](folk, whom, where, luck)
        if text and luck.random() < misread:
            text, kind = _one_digit_misread(text, luck), kind if kind != "valid" else "typo"
        if text and luck.random() < dressed:
            text = luck.choice(["'" + text, text + " ", text[:4] + " " + text[4:], text + ".0"])
        texts.append(text)
        found.append(kind)
    return texts, found


Written = tuple[str | None, str]


def _right(folk: Folk, person: int, _home: int, _luck: Random) -> Written:
    return f"{folk.number[person]:012d}", "valid"


def _missing(_folk: Folk, _person: int, _home: int, _luck: Random) -> Written:
    return None, "missing"


def _old(folk: Folk, person: int, _home: int, _luck: Random) -> Written:
    number = folk.old_number[person]
    return (None, "missing") if number == NONE else (f"{number:09d}", "cmnd")


def _zero_lost(folk: Folk, person: int, _home: int, _luck: Random) -> Written:
    return str(folk.number[person]), "zerolost"


def _mistyped(folk: Folk, person: int, _home: int, luck: Random) -> Written:
    right = f"{folk.number[person]:012d}"
    kind, place = luck.randrange(4), luck.randrange(12)
    if kind <= 1:
        text = right[:place] + str((int(right[place]) + luck.randrange(1, 10)) % 10) + right[place + 1 :]
    elif kind == 2:
        place = min(place, 10)
        text = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    elif luck.random() < 0.5:
        text = right[:place] + right[place + 1 :]
    else:
        text = right[:place] + right[place] + right[place:]
    return text, "valid" if text == right else "typo"


def _of_the_household(folk: Folk, person: int, home: int, luck: Random) -> Written:
    head = int(folk.homes.head[home])
    others = [row for row in range(head, head + int(folk.homes.size[home])) if row != person and row < folk.inside]
    if not others:
        return None, "missing"
    whose = others[0] if luck.random() < 0.7 else luck.choice(others)
    return f"{folk.number[whose]:012d}", "hhmember"


def _of_a_stranger(folk: Folk, _person: int, _home: int, luck: Random) -> Written:
    return f"{folk.number[luck.randrange(folk.inside)]:012d}", "stranger"


def _in_scientific_notation(folk: Folk, person: int, _home: int, luck: Random) -> Written:
    number = int(folk.number[person])
    return (f"{number:.4E}".replace("E+0", "E+") if luck.random() < 0.5 else f"{number // 1000}000"), "sci"


def _placeholder(_folk: Folk, _person: int, _home: int, luck: Random) -> Written:
    return luck.choice(PLACEHOLDERS), "placeholder"


def _one_digit_misread(text: str, luck: Random) -> str:
    place = luck.randrange(len(text))
    return text[:place] + text[place].translate(_LOOKS_LIKE) + text[place + 1 :]


_WRITTEN: dict[str, Callable[[Folk, int, int, Random], Written]] = {
    "valid": _right,
    "missing": _missing,
    "cmnd": _old,
    "zerolost": _zero_lost,
    "typo": _mistyped,
    "hhmember": _of_the_household,
    "stranger": _of_a_stranger,
    "sci": _in_scientific_notation,
    "placeholder": _placeholder,
}
