"""The people of an invented province as they are: names, births, numbers, who died, who is not in the population at all."""

from dataclasses import dataclass, replace

import numpy as np

from lienthong.ops.invented import vocabulary
from lienthong.ops.invented.communes import Communes
from lienthong.ops.invented.households import THIS_YEAR, Households, Place, invent_households
from lienthong.ops.invented.vocabulary import Flags, Whole, Words

NONE = -1
PROVINCES_OF_BIRTH = {
    "019": 0.845, "006": 0.03, "004": 0.02, "020": 0.015, "024": 0.02, "001": 0.015, "026": 0.005, "025": 0.005,
    "034": 0.012, "035": 0.008, "036": 0.01, "033": 0.005, "030": 0.005, "008": 0.005,
}  # fmt: skip
OWN_PROVINCE = "019"
SERIALS = 1_000_000
FIRST_OLD_NUMBER = 90_000_000
OLD_NUMBERS_UNTIL = 2006
OLD_NUMBERS_ON_FILE = 0.85
# Days that people remember: feasts, the day of the commune's list, the days that clerks write when nobody knows.
REMEMBERED_DAYS = np.array([32, 62, 94, 125, 156, 188, 219, 251, 282, 9, 14, 19, 243, 121])
TWIN_SHARE = 0.022
SAME_MIDDLE_NAME_OF_BROTHERS = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Folk:
    """Everybody, in households one after the other; those outside the population come last.

    Attributes:
        homes: Their households.
        surname: Surname of each person.
        full_name: Whole name, the tone of oa, oe, uy on the first vowel.
        month: Month of birth; 0 where nobody knows it.
        day: Day of birth; 0 where nobody knows it.
        number: Personal number as a whole number of twelve digits.
        old_number: Number of the old identity card; ``NONE`` for none.
        has_old_on_file: Whether the population database has the old number too.
        is_dead: Whether the person has died.
        lives_in: New commune of each person, by its place.
        inside: How many of them, from the first on, are in the population.
    """

    homes: Households
    surname: Words
    full_name: Words
    month: Whole
    day: Whole
    number: Whole
    old_number: Whole
    has_old_on_file: Flags
    is_dead: Flags
    lives_in: Whole
    inside: int

    def __len__(self) -> int:
        return len(self.number)


def invent_folk(rng: np.random.Generator, count: int, *, communes: Communes, same_name_siblings: float = 0.0) -> Folk:
    """Invent the people of a population and some more who are not in it.

    Args:
        rng: Where chance comes from.
        count: How many are in the population; a few more, so that no household is torn.
        communes: Where they live.
        same_name_siblings: Share of younger siblings who bear the name of an older one (of one who died, say).
    """
    outside = 6_000 if count > 200_000 else int(count * 0.03)
    homes = invent_households(rng, count + max(outside, 2_000), communes=communes)
    homes, month, day, twins = _births(rng, homes)
    surname = _surnames(rng, homes)
    surname[twins] = surname[twins - 1]
    middle = _middle_names(rng, homes, twins)
    given = vocabulary.draw_given_names(rng, homes.female, homes.born, homes.person_group)
    older, younger = _siblings(rng, homes, same_name_siblings)
    middle[younger], given[younger] = middle[older], given[older]
    many = len(homes.of)
    age = THIS_YEAR - homes.born
    heir = np.where(
        rng.random(len(homes.size)) < 0.5, communes.heir[homes.commune], communes.second_heir[homes.commune]
    )
    border = int(np.searchsorted(homes.head, min(count, many - 1)))
    return Folk(
        homes=homes, surname=surname, month=month, day=day,
        full_name=np.array(
            [f"{one} {two} {three}" if two else f"{one} {three}" for one, two, three in zip(surname, middle, given, strict=True)],
            dtype=object,
        ),
        number=_numbers(rng, homes, provinces=max(1, len(communes) // 178), communes=len(communes)),
        old_number=_old_numbers(rng, homes.born),
        has_old_on_file=rng.random(many) < OLD_NUMBERS_ON_FILE,
        is_dead=rng.random(many) < np.select([age < 60, age < 80], [0.0038, 0.0665], 0.342),
        lives_in=heir[homes.of],
        inside=int(homes.head[min(border, len(homes.head) - 1)]),
    )  # fmt: skip


def name_of_relative(folk: Folk, person: int, household: int) -> str:
    """Return the name of somebody who lives with a household that is not his, as a child of its family."""
    name: str = folk.full_name[person]
    family: str = folk.surname[folk.homes.head[household]]
    return f"{family}{name[len(folk.surname[person]) :]}"


def together(inside: Folk, outside: Folk) -> Folk:
    """Return the people of two folks as one; those of the second are not in the population."""
    people, households = len(inside), len(inside.homes.size)
    shift = {"of": households, "head": people}
    homes = Households(
        **{
            name: _one_after_the_other(
                getattr(inside.homes, name), getattr(outside.homes, name), shift=shift.get(name, 0)
            )
            for name in Households.__slots__
        }
    )
    columns = [name for name in Folk.__slots__ if name not in {"homes", "inside"}]
    joined = {name: _one_after_the_other(getattr(inside, name), getattr(outside, name)) for name in columns}
    return Folk(homes=homes, inside=people, **joined)


def _one_after_the_other(one: np.ndarray, other: np.ndarray, *, shift: int = 0) -> np.ndarray:
    joined: np.ndarray = np.r_[one, other + shift if shift else other]
    return joined


def _surnames(rng: np.random.Generator, homes: Households) -> Words:
    """Give children the surname of the father, and half of the children of women alone that of a man not there."""
    surname = vocabulary.draw_surnames(rng, homes.person_group)
    family = surname[homes.head]
    led_by_woman = homes.female[homes.head]
    spouse = np.flatnonzero(homes.place == Place.SPOUSE)
    husband = spouse[~homes.female[spouse]]
    family[homes.of[husband]] = surname[husband]
    alone = led_by_woman.copy()
    alone[homes.of[spouse]] = False
    alone_rows = np.flatnonzero(alone)
    elsewhere = alone_rows[rng.random(len(alone_rows)) >= 0.45]
    family[elsewhere] = vocabulary.draw_surnames(rng, homes.group[elsewhere])
    bears_it = (
        (homes.place == Place.CHILD)
        | ((homes.place == Place.GRANDCHILD) & (rng.random(len(surname)) < 0.7))
        | ((homes.place == Place.PARENT) & ~homes.female & ~led_by_woman[homes.of])
    )
    surname[bears_it] = family[homes.of[bears_it]]
    return surname


def _middle_names(rng: np.random.Generator, homes: Households, twins: Whole) -> Words:
    """Let brothers, and twins of one sex, often share the middle name."""
    middle = vocabulary.draw_middle_names(rng, homes.female, homes.born)
    third = np.minimum(homes.head + np.minimum(homes.size - 1, 2), len(middle) - 1)
    shared = np.where(homes.female[third], "", middle[third])[homes.of]
    brother = (homes.place == Place.CHILD) & ~homes.female & (rng.random(len(middle)) < SAME_MIDDLE_NAME_OF_BROTHERS)
    brother &= ~homes.female[third][homes.of]
    middle[brother] = shared[brother]
    alike = twins[(rng.random(len(twins)) < 0.65) & (homes.female[twins] == homes.female[twins - 1])]
    middle[alike] = middle[alike - 1]
    return middle


def _siblings(rng: np.random.Generator, homes: Households, share: float) -> tuple[Whole, Whole]:
    """Find children who follow upon one of the same sex in the same household, as many as the share says."""
    child = homes.place == Place.CHILD
    same = child[1:] & child[:-1] & (homes.of[1:] == homes.of[:-1]) & (homes.female[1:] == homes.female[:-1])
    younger = np.flatnonzero(same & (rng.random(len(same)) < share)) + 1
    return younger - 1, younger


def _births(rng: np.random.Generator, homes: Households) -> tuple[Households, Whole, Whole, Whole]:
    """Give everybody a birthday, and find the twins."""
    born, many = homes.born.copy(), len(homes.of)
    day_of_year = rng.integers(0, 365, many)
    new_year = np.select([born < 1950, born < 1970, born < 1990, born < 2006], [0.12, 0.07, 0.03, 0.01], 0.001)
    day_of_year[rng.random(many) < new_year * np.where(homes.person_group > 0, 2.2, 1)] = 0
    remembered = np.flatnonzero(rng.random(many) < np.where(born < 1975, 0.03, 0.004))
    day_of_year[remembered] = REMEMBERED_DAYS[rng.integers(0, len(REMEMBERED_DAYS), len(remembered))]
    child = homes.place == Place.CHILD
    together = child[1:] & child[:-1] & (homes.of[1:] == homes.of[:-1])
    twins = np.flatnonzero(together & (rng.random(many - 1) < TWIN_SHARE)) + 1
    born[twins], day_of_year[twins] = born[twins - 1], day_of_year[twins - 1]
    dates = np.datetime64("2001-01-01") + np.arange(365)
    months = dates.astype("datetime64[M]").astype(int) % 12 + 1
    days = (dates - dates.astype("datetime64[M]")).astype(int) + 1
    unknown = rng.random(many) < np.where(born < 1956, 0.022, np.where(homes.person_group > 0, 0.006, 0.001))
    month, day = np.where(unknown, 0, months[day_of_year]), np.where(unknown, 0, days[day_of_year])
    return replace(homes, born=born), month, day, twins


def _numbers(rng: np.random.Generator, homes: Households, *, provinces: int, communes: int) -> Whole:
    """Give out personal numbers: province of birth, sex and century, two digits of the year, six by chance."""
    many = len(homes.of)
    codes, odds = np.array(list(PROVINCES_OF_BIRTH)), np.array(list(PROVINCES_OF_BIRTH.values()))
    code = rng.choice(codes, many, p=odds)
    if provinces > 1:
        own = homes.commune[homes.of] * provinces // communes * 2 + 11
        code = np.where(code == OWN_PROVINCE, np.char.zfill(own.astype(str), 3), code)
    sex_and_century = homes.female + np.where(homes.born >= 2000, 2, 0)
    stem = (code.astype(np.int64) * 10 + sex_and_century) * 100 + homes.born % 100
    number = stem * SERIALS + rng.integers(0, SERIALS, many)
    while True:
        order = np.argsort(number, kind="stable")
        again = order[1:][number[order[1:]] == number[order[:-1]]]
        if not len(again):
            return number
        number[again] = stem[again] * SERIALS + rng.integers(0, SERIALS, len(again))


def _old_numbers(rng: np.random.Generator, born: Whole) -> Whole:
    drawn = rng.permutation(max(2_400_000, int(len(born) * 1.5)))[: len(born)] + FIRST_OLD_NUMBER
    return np.where(born <= OLD_NUMBERS_UNTIL, drawn, NONE)
