"""What the population database holds of invented people: nearly what is true, with errors of its own."""

from dataclasses import dataclass
from random import Random

import numpy as np
import polars as pl

from lienthong.kernel.text import new_tone_placement, old_tone_placement
from lienthong.ops.invented import syllables, vocabulary
from lienthong.ops.invented.communes import Communes
from lienthong.ops.invented.dirt import Rates
from lienthong.ops.invented.folk import NONE, SERIALS, Folk
from lienthong.ops.invented.households import Place
from lienthong.ops.invented.vocabulary import Whole, Words

WRONG_NAMES, WRONG_BIRTHS = 0.006, 0.007
MIDDLE_NAMES_BY_MISTAKE = ("Văn", "Thị", "Hữu", "Đức", "Thanh")


@dataclass(frozen=True, slots=True)
class Reference:
    """The population as its database has it.

    Attributes:
        frame: One row per person, in no order that would say anything.
        second_number: The other number of people who are in it twice; ``NONE`` for all others.
    """

    frame: pl.DataFrame
    second_number: Whole


def reference_of(rng: np.random.Generator, folk: Folk, *, communes: Communes, kinds: Rates) -> Reference:
    """Write down the population.

    Args:
        rng: Where chance comes from.
        folk: Everybody; only those inside are written.
        communes: Where they live.
        kinds: Rates of the kinds of dirt that lie in the population: stale_addresses, two_numbers.
    """
    inside = slice(0, folk.inside)
    homes, many = folk.homes, folk.inside
    year, month, day = _births(rng, homes.born[inside].copy(), folk.month[inside].copy(), folk.day[inside].copy())
    lives_in = folk.lives_in[inside].copy()
    stale = np.flatnonzero(rng.random(many) < kinds.get("stale_addresses", 0.0))
    lives_in[stale] = communes.heir[rng.choice(len(communes), len(stale), p=communes.share)]
    groups = vocabulary.ethnic_groups()[0].astype(str)
    old = np.where(folk.has_old_on_file[inside], folk.old_number[inside], NONE)
    frame = pl.DataFrame(
        {
            "cccd": _digits(folk.number[inside], 12),
            "cmnd": pl.select(pl.when(pl.Series(old) != NONE).then(_digits(old, 9))).to_series(),
            "ho_ten": _names(rng, folk.full_name[inside]),
            "ngay_sinh": _digits(year * 10_000 + month * 100 + day, 8),
            "gioi_tinh": pl.Series(np.where(homes.female[inside], "Nữ", "Nam")),
            "dan_toc": pl.Series(groups[homes.person_group[inside]]),
            "ma_xa": pl.Series(communes.new[lives_in]),
            "ho_id": pl.Series(homes.of[inside]).cast(pl.Int32),
            "chu_ho": pl.Series(homes.place[inside] == Place.HEAD),
            "trang_thai": pl.Series(np.where(folk.is_dead[inside], "chet", "song")),
        }
    )
    second, twice = _second_numbers(rng, folk, kinds.get("two_numbers", 0.0))
    if len(twice):
        again = frame[twice].with_columns(
            _digits(second[twice], 12).alias("cccd"),
            pl.lit(None, pl.String).alias("cmnd"),
            pl.lit(False).alias("chu_ho"),
        )
        frame = pl.concat([frame, again])
    return Reference(frame[rng.permutation(frame.height)], second)


def _digits(numbers: Whole, length: int) -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(length)


def _names(rng: np.random.Generator, names: Words) -> pl.Series:
    """Write names in capitals, either way of placing the tone, and some of them wrong."""
    written = names.copy()
    luck = Random(int(rng.integers(0, 2**62)))
    wrong = np.flatnonzero(rng.random(len(names)) < WRONG_NAMES)
    written[wrong] = [_slightly_wrong(name, luck) for name in written[wrong]]
    column = pl.DataFrame({"name": pl.Series(written.tolist(), dtype=pl.String), "new": rng.random(len(names)) < 0.5})
    different = column["name"].unique()
    ways = pl.DataFrame(
        {
            "name": different,
            "newly": [new_tone_placement(name).upper() for name in different.to_list()],
            "formerly": [old_tone_placement(name).upper() for name in different.to_list()],
        }
    )
    placed = column.join(ways, on="name", how="left", maintain_order="left")
    return placed.select(pl.when("new").then("newly").otherwise("formerly")).to_series()


def _slightly_wrong(name: str, luck: Random) -> str:
    words = name.split()
    place = luck.randrange(len(words))
    if luck.random() < 0.7:
        for slip in (syllables.another_tone, _toneless, syllables.another_vowel_mark, syllables.i_for_y):
            changed = slip(words[place], luck)
            if changed != words[place]:
                return " ".join([*words[:place], changed, *words[place + 1 :]])
    return " ".join([words[0], luck.choice(MIDDLE_NAMES_BY_MISTAKE), words[-1]]) if len(words) > 2 else name


def _toneless(word: str, _luck: Random) -> str:
    return syllables.without_tone(word)


def _births(rng: np.random.Generator, year: Whole, month: Whole, day: Whole) -> tuple[Whole, Whole, Whole]:
    """Get some dates of birth wrong: the year by one, 1 January, day and month swapped, another day."""
    chosen = np.flatnonzero(rng.random(len(year)) < WRONG_BIRTHS)
    kind = rng.random(len(chosen))
    rows = chosen[kind < 0.35]
    year[rows] += rng.choice([-1, 1], len(rows))
    rows = chosen[(kind >= 0.35) & (kind < 0.6)]
    month[rows], day[rows] = 1, 1
    rows = chosen[(kind >= 0.6) & (kind < 0.8)]
    rows = rows[(day[rows] <= 12) & (day[rows] > 0)]
    month[rows], day[rows] = day[rows], month[rows]
    rows = chosen[kind >= 0.8]
    rows = rows[month[rows] > 0]
    day[rows] = rng.integers(1, 29, len(rows))
    return year, month, day


def _second_numbers(rng: np.random.Generator, folk: Folk, share: float) -> tuple[Whole, Whole]:
    """Give some people a second number that nobody has, and return who."""
    second = np.full(len(folk), NONE)
    twice = np.flatnonzero(rng.random(folk.inside) < share)
    another = folk.number[twice] // SERIALS * SERIALS + rng.integers(0, SERIALS, len(twice))
    first = np.zeros(len(another), dtype=bool)
    first[np.unique(another, return_index=True)[1]] = True
    free = first & ~np.isin(another, folk.number)
    second[twice[free]] = another[free]
    return second, twice[free]
