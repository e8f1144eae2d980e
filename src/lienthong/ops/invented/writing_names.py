"""How a clerk writes a name: its slips one after the other, from the ear to the keyboard to the font."""

import unicodedata
from collections.abc import Callable
from random import Random

import numpy as np

from lienthong.kernel.text import new_tone_placement, old_tone_placement
from lienthong.ops.invented import syllables, vocabulary
from lienthong.ops.invented.dirt import Rates
from lienthong.ops.invented.old_fonts import to_tcvn3, to_vni
from lienthong.ops.invented.vocabulary import Flags, Words

Syllables = list[str]
Step = Callable[[Syllables, bool, Random], Syllables]

MOST = 0.6
COMMON_GIVEN_NAMES, COMMON_MIDDLE_NAMES = 150, 5
NO_BREAK_SPACE = "\u00a0"


def write_names(
    rng: np.random.Generator, names: Words, female: Flags, *, noise: np.ndarray, rates: Rates, writing: Rates,
    forced: dict[str, Flags] | None = None,
) -> tuple[list[str], list[str]]:  # fmt: skip
    """Write names as a register has them.

    Args:
        rng: Where chance comes from.
        names: The right names.
        female: Whether each is a woman's.
        noise: By how much the rates of slips are multiplied, for each name.
        rates: Rate of each slip.
        writing: Rate of each manner of writing, which noise does not change.
        forced: Slips that happen for certain, and to whom.

    Returns:
        The written names, and for each the codes of what is wrong with it, with commas between.
    """
    codes = [*ALL_SLIPS, *writing]
    odds = [np.minimum(rates.get(code, 0.0) * noise, MOST) for code in ALL_SLIPS]
    odds += [np.full(len(names), rate) for rate in writing.values()]
    happens = rng.random((len(names), len(codes))) < np.stack(odds, axis=1)
    for code, who in (forced or {}).items():
        happens[:, codes.index(code)] |= who
    events: list[list[str]] = [[] for _ in names]
    for row, column in zip(*np.nonzero(happens), strict=True):
        events[row].append(codes[column])
    luck = Random(int(rng.integers(0, 2**62)))
    written = [write_name(*one, luck) for one in zip(names, events, female.tolist(), strict=True)]
    return [text for text, _wrong in written], [",".join(sorted(wrong)) for _text, wrong in written]


def write_name(name: str, events: list[str], female: bool, luck: Random) -> tuple[str, set[str]]:
    """Write one name with the slips that happen, and return which of them changed it."""
    wrong: set[str] = set()
    words = name.split()
    for code, step in BY_EAR:
        if code in events and not (code == "middrop" and "thidrop" in wrong):
            changed = step(list(words), female, luck)
            wrong |= {code} if changed != words else set()
            words = changed
    place = new_tone_placement if luck.random() < 0.5 else old_tone_placement
    words = [place(word) for word in words]
    for code, step in BY_HAND:
        if code in events and not (code == "pardiac" and "nodiac" in events):
            changed = step(list(words), female, luck)
            wrong |= {code} if changed != words else set()
            words = changed
    text = " ".join(words)
    if "upper" in events:
        text = text.upper()
    elif "lower" in events:
        text = text.lower()
    return _spaced(_encoded(text, events, wrong), events, luck), wrong


def _encoded(text: str, events: list[str], wrong: set[str]) -> str:
    """Put a text into an old font, or take its letters apart; what has no marks any more stays as it is."""
    if "nodiac" in wrong:
        return text
    for code, encode in ENCODINGS.items():
        if code in events:
            wrong.add(code)
            return encode(text)
    return text


def _spaced(text: str, events: list[str], luck: Random) -> str:
    if "ws" not in events:
        return text
    return luck.choice([" " + text, text + "  ", text.replace(" ", "  ", 1), text.replace(" ", NO_BREAK_SPACE, 1)])


def _another_given_name(words: Syllables, female: bool, luck: Random) -> Syllables:
    common = vocabulary.given_names("female" if female else "male")[:COMMON_GIVEN_NAMES]
    return [*words[:-1], luck.choice(common)]


def _another_middle_name(words: Syllables, female: bool, luck: Random) -> Syllables:
    if len(words) < 3:
        return words
    table = vocabulary.middle_names("female" if female else "male", "older")[0]
    common = [name for name in table if name and " " not in name][:COMMON_MIDDLE_NAMES]
    return [words[0], luck.choice(common), words[-1]]


def _without_thi(words: Syllables, _female: bool, _luck: Random) -> Syllables:
    if "Thị" in words[1:-1]:
        words.remove("Thị")
    return words


def _without_middle(words: Syllables, _female: bool, _luck: Random) -> Syllables:
    return [words[0], words[-1]] if len(words) > 2 else words


def _out_of_order(words: Syllables, _female: bool, luck: Random) -> Syllables:
    return [words[-1], *words[:-1]] if luck.random() < 0.5 else [*words[1:], words[0]]


def _abbreviated(words: Syllables, _female: bool, luck: Random) -> Syllables:
    if len(words) < 3:
        return words
    if luck.random() < 0.5:
        return [words[0], *(word[0] + "." for word in words[1:-1]), words[-1]]
    return [words[0][:2] + ".", *words[1:]]


def _every_i_for_y(words: Syllables, _female: bool, luck: Random) -> Syllables:
    return [syllables.i_for_y(word, luck) for word in words]


def _without_any_mark(words: Syllables, _female: bool, _luck: Random) -> Syllables:
    return [syllables.without_marks(word) for word in words]


def _one_without_marks(words: Syllables, _female: bool, luck: Random) -> Syllables:
    marked = [place for place, word in enumerate(words) if syllables.without_marks(word) != word]
    if not marked:
        return words
    place = luck.choice(marked)
    only_tone = luck.random() < 0.5 and syllables.tone_of(words[place])
    words[place] = (syllables.without_tone if only_tone else syllables.without_marks)(words[place])
    return words


def _two_glued(words: Syllables, _female: bool, luck: Random) -> Syllables:
    if len(words) < 2:
        return words
    place = luck.randrange(len(words) - 1)
    return [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]


def _one(slip: syllables.Slip, *, anywhere: bool = False) -> Step:
    """Let a slip happen to one syllable: to one that it changes, or to any."""

    def step(words: Syllables, _female: bool, luck: Random) -> Syllables:
        seed = luck.random()
        changed = {place: slip(word, Random(seed)) for place, word in enumerate(words)}
        places = [place for place in changed if anywhere or changed[place] != words[place]]
        if places:
            place = luck.choice(places)
            words[place] = changed[place]
        return words

    return step


BY_EAR: tuple[tuple[str, Step], ...] = (
    ("alias", _another_given_name),
    ("midchg", _another_middle_name),
    ("thidrop", _without_thi),
    ("middrop", _without_middle),
    ("iy", _every_i_for_y),
    ("tonecf", _one(syllables.another_tone)),
    ("vowcf", _one(syllables.another_vowel_mark)),
    ("ln", _one(syllables.l_for_n)),
    ("cons", _one(syllables.another_initial)),
    ("typo", _one(syllables.mistyped, anywhere=True)),
    ("swap", _out_of_order),
    ("abbrev", _abbreviated),
)
BY_HAND: tuple[tuple[str, Step], ...] = (
    ("beside", _one(syllables.struck_beside)),
    ("keys", _one(syllables.keys_left_standing)),
    ("misread", _one(syllables.misread)),
    ("nodiac", _without_any_mark),
    ("pardiac", _one_without_marks),
    ("glue", _two_glued),
)
ENCODINGS: dict[str, Callable[[str], str]] = {
    "tcvn3": to_tcvn3,
    "vni": to_vni,
    "nfd": lambda text: unicodedata.normalize("NFD", text),
}
ALL_SLIPS = [code for code, _step in (*BY_EAR, *BY_HAND)] + ["tcvn3", "vni"]
