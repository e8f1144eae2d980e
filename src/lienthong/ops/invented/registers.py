"""The same register in a tier of dirt, as a file would bring it, and the truth about each of its rows."""

from dataclasses import dataclass
from random import Random

import numpy as np
import polars as pl

from lienthong.ops.invented import dirt as dirts
from lienthong.ops.invented import vocabulary
from lienthong.ops.invented.communes import Communes
from lienthong.ops.invented.dirt import Dirt
from lienthong.ops.invented.entries import HOUSEHOLD_LIST, Entries
from lienthong.ops.invented.folk import NONE, Folk
from lienthong.ops.invented.reference import Reference
from lienthong.ops.invented.vocabulary import Flags, Whole, Words
from lienthong.ops.invented.writing_dates import write_dates
from lienthong.ops.invented.writing_names import write_names
from lienthong.ops.invented.writing_numbers import kinds_of_numbers, write_numbers

LIST_NAMES = np.array(["HN", "BTXH"])
LEAST_NOISE, MOST_NOISE = 0.2, 4.5
BEFORE_CERTIFICATES = 1960
HEADS_ARE_WRITTEN_BETTER = 0.8
HABITUAL_NAME = "alias_habit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """A register and the truth.

    Attributes:
        frame: Texts as typed: rid, danh_sach, so_giay_to, ho_ten, ngay_sinh, gioi_tinh, dan_toc, ma_xa, ho_id, chu_ho.
        truth: rid, cccd (null for who is not in the population), is_dup, dead, id_kind, name_err, dob_err; and
            other_cccd, the second number of people who have two, where there are such people.
    """

    frame: pl.DataFrame
    truth: pl.DataFrame


def write_register(
    rng: np.random.Generator, folk: Folk, entries: Entries, *, communes: Communes, dirt: Dirt, reference: Reference
) -> Registers:
    """Write the entries down as dirtily as a tier and its other kinds of dirt have it."""
    many, person = len(entries), entries.person
    noise, valid = _care(rng, entries, communes, dirt)
    copied = _copied_from_old_files(rng, entries, communes, dirt)
    kinds = kinds_of_numbers(rng, valid, dirts.table("numbers"))
    kinds[copied & (rng.random(many) < 0.7)] = "cmnd"
    numbers, kinds_found = write_numbers(
        rng, folk, person, entries.home, kinds, dressed=dirts.table("dressed_numbers")["any"],
        misread=dirt.kind("misread") / 4,
    )  # fmt: skip
    noise *= dirt.noise
    habit = _names_of_habit(rng, folk, entries, dirt)
    names, name_slips = write_names(
        rng, habit, folk.homes.female[person], noise=noise, rates=dirt.names, writing=dirts.table("writing"),
        forced={"tcvn3": copied},
    )  # fmt: skip
    by_habit = habit != entries.name
    births, birth_slips = write_dates(
        rng, folk.homes.born[person], folk.month[person], folk.day[person],
        noise=noise * np.where(folk.homes.born[person] < BEFORE_CERTIFICATES, 1.4, 1.0), rates=dirt.dates,
        forced={"d_year": copied & (rng.random(many) < 0.4)},
    )  # fmt: skip
    no_household = (entries.household_code == NONE) | (rng.random(many) < dirt.kind("no_households"))
    frame = pl.DataFrame(
        {
            "rid": np.arange(many, dtype=np.int32),
            "danh_sach": LIST_NAMES[entries.list_number],
            "so_giay_to": pl.Series(numbers, dtype=pl.String),
            "ho_ten": pl.Series(names, dtype=pl.String),
            "ngay_sinh": pl.Series(births, dtype=pl.String),
            "gioi_tinh": _sexes(rng, folk.homes.female[person], noise),
            "dan_toc": _groups(rng, entries.group, noise),
            "ma_xa": _communes(rng, entries, communes, noise, copied),
            "ho_id": pl.Series(np.where(no_household, NONE, entries.household_code)).cast(pl.Int32).replace(NONE, None),
            "chu_ho": _heads(rng, folk, entries, noise, dirt),
        }
    )
    inside = person < folk.inside
    truth = pl.DataFrame(
        {
            "rid": frame["rid"],
            "cccd": _numbers_of(np.where(inside, folk.number[person], NONE)),
            "is_dup": entries.is_doubled,
            "dead": folk.is_dead[person] & inside,
            "id_kind": kinds_found,
            "name_err": _with_habit(name_slips, by_habit),
            "dob_err": birth_slips,
        }
    )
    if dirt.kind("two_numbers"):
        truth = truth.with_columns(_numbers_of(reference.second_number[person]).alias("other_cccd"))
    return Registers(frame=frame, truth=truth)


def _numbers_of(numbers: Whole) -> pl.Series:
    column = pl.Series("n", numbers)
    return pl.select(pl.when(column != NONE).then(column.cast(pl.String).str.zfill(12))).to_series()


def _care(rng: np.random.Generator, entries: Entries, communes: Communes, dirt: Dirt) -> tuple[np.ndarray, Flags]:
    """Return how noisy each record is, and which have a valid number: careless records rather have not."""
    noise = communes.carelessness[entries.commune] * np.where(entries.group > 0, 1.15, 1.0)
    noise = np.clip(noise * rng.lognormal(0, 0.3, len(entries)), LEAST_NOISE, MOST_NOISE)
    odds = np.log(dirt.valid / (1 - dirt.valid))
    chance = 1 / (1 + np.exp(-(odds * 1.12 - 0.9 * np.log(noise) + 0.25)))
    valid = rng.random(len(entries)) < chance * dirt.valid / chance.mean()
    noise = noise * np.where(valid, 0.88, 1.12)
    return noise / noise.mean(), valid


def _copied_from_old_files(rng: np.random.Generator, entries: Entries, communes: Communes, dirt: Dirt) -> Flags:
    copying = np.flatnonzero(rng.random(len(communes)) < dirt.kind("old_files"))
    return np.isin(entries.commune, copying)


def _names_of_habit(rng: np.random.Generator, folk: Folk, entries: Entries, dirt: Dirt) -> Words:
    """Let some people stand on the list by the name that everybody calls them, minorities more often."""
    names = entries.name.copy()
    often = dirt.kind("aliases") * np.where(entries.group > 0, 1.8, 0.65)
    luck = Random(int(rng.integers(0, 2**62)))
    for row in np.flatnonzero(rng.random(len(entries)) < often):
        sex = "female" if folk.homes.female[entries.person[row]] else "male"
        names[row] = " ".join([*names[row].split()[:-1], luck.choice(vocabulary.given_names(sex))])
    return names


def _with_habit(slips: list[str], by_habit: Flags) -> list[str]:
    return [
        ",".join(filter(None, [HABITUAL_NAME if habit else "", slip]))
        for slip, habit in zip(slips, by_habit.tolist(), strict=True)
    ]


def _sexes(rng: np.random.Generator, female: Flags, noise: np.ndarray) -> pl.Series:
    rates = dirts.table("others")
    written = female ^ (rng.random(len(female)) < rates["sex_wrong"] * noise)
    missing = rng.random(len(female)) < rates["sex_missing"] * noise
    return _texts(np.where(written, "Nữ", "Nam"), missing)


def _groups(rng: np.random.Generator, group: Whole, noise: np.ndarray) -> pl.Series:
    rates = dirts.table("others")
    words, shares = vocabulary.ethnic_groups()
    wrong = rng.random(len(group)) < rates["ethnicity_wrong"] * noise
    written = np.where(wrong, rng.choice(len(words), len(group), p=shares), group)
    return _texts(words[written], rng.random(len(group)) < rates["ethnicity_missing"] * noise)


def _communes(
    rng: np.random.Generator, entries: Entries, communes: Communes, noise: np.ndarray, copied: Flags
) -> pl.Series:
    """Write the code of the commune, half of the time the old one; some records have another commune or none."""
    rates, many = dirts.table("others"), len(entries)
    wrong = rng.random(many) < rates["commune_wrong"] * np.sqrt(noise)
    old = np.where(wrong, rng.choice(len(communes), many, p=communes.share), entries.commune)
    new = np.where(old == entries.commune, entries.heir, communes.heir[old])
    written = np.where((rng.random(many) < 0.5) | copied, communes.old[old], communes.new[new])
    return _texts(written, rng.random(many) < rates["commune_missing"] * noise)


def _heads(rng: np.random.Generator, folk: Folk, entries: Entries, noise: np.ndarray, dirt: Dirt) -> pl.Series:
    """Write the head of the household, once for all members of a household of the list."""
    rates = dirts.table("others")
    on_list = np.where(entries.list_number == HOUSEHOLD_LIST, rates["head_missing"], rates["head_missing_in_support"])
    missing = rng.random(len(entries)) < on_list * (1 if dirt.noise < 1 else np.sqrt(dirt.noise))
    missing |= rng.random(len(entries)) < dirt.kind("no_households")
    keys = entries.home * 2 + (entries.household >= 0)
    _different, first, which = np.unique(keys, return_index=True, return_inverse=True)
    written, _slips = write_names(
        rng, entries.head_name[first], folk.homes.female[folk.homes.head[entries.home[first]]],
        noise=noise[first] * HEADS_ARE_WRITTEN_BETTER, rates=dirt.names, writing=dirts.table("writing"),
    )  # fmt: skip
    return _texts(np.array(written, dtype=object)[which], missing)


def _texts(written: np.ndarray, missing: Flags) -> pl.Series:
    words = written.astype(object)
    words[missing] = None
    return pl.Series(words.tolist(), dtype=pl.String)
