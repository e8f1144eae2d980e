"""The two sides of a comparison, prepared: every column read once into numbers that compare fast."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.dates import read_birth_dates, read_compact_dates
from lienthong.verification.linkage.few_values import (
    DEAD,
    NONE,
    TRUE,
    read_ethnicities,
    read_flags,
    read_households,
    read_sexes,
)
from lienthong.verification.linkage.hashing import Counts, SmallCounts, combine
from lienthong.verification.linkage.learnt import Learnt
from lienthong.verification.linkage.names import Names, Vocabulary, read_population_names, read_register_names
from lienthong.verification.linkage.numbers import read_numbers, read_population_numbers
from lienthong.verification.linkage.places import Places

_FEWEST_UNDER_A_HEAD = 3
_NAME_COLUMNS = {
    "name_exact": "exact", "name_bare": "bare", "name_sound": "sound", "name_bag": "bag", "name_ends": "ends",
    "given": "given", "surname": "surname", "tokens": "tokens",
}  # fmt: skip
_HEAD_COLUMNS = {"head_bag": "bag", "head_ends": "ends"}
# Hashes that no name has, different on the two sides, so that "unknown" never equals "unknown".
_ABSENT = {"register": 0, "population": 1}


class Side:
    """What both sides have. Arrays hold one value per row; -1 stands for unknown.

    Attributes:
        number_of_rows: Rows.
        number, old_number: Identity numbers.
        name_codes, names: Per row the number of its name, and the distinct names.
        head_codes: Per row the number of the name of the head of the household; -1 where not known.
        year, month_day, is_year_short: Date of birth; month_day is 0 where unknown.
        sex, ethnicity, household: As numbers.
        communes: Up to three communes that the row may lie in.
        is_head: Whether the row is a head of household.
    """

    kind: str
    number_of_rows: int
    number: npt.NDArray[np.int64]
    old_number: npt.NDArray[np.int64]
    name_codes: npt.NDArray[np.int32]
    names: Names
    head_codes: npt.NDArray[np.int32]
    year: npt.NDArray[np.int32]
    month_day: npt.NDArray[np.int32]
    is_year_short: npt.NDArray[np.bool_]
    sex: npt.NDArray[np.int8]
    ethnicity: npt.NDArray[np.int16]
    household: npt.NDArray[np.int32]
    communes: list[npt.NDArray[np.int16]]
    is_head: npt.NDArray[np.bool_]

    def column(self, name: str, rows: npt.NDArray[np.int64] | slice = slice(None)) -> npt.NDArray[Any]:
        """Return a prepared column at these rows; a value that is unknown equals none of the other side."""
        if isinstance(rows, slice) and isinstance(plain := getattr(self, name, None), np.ndarray):
            return plain[rows]
        if isinstance(rows, slice):
            kept = self.__dict__.setdefault("_columns", {})
            if name not in kept:
                kept[name] = self.column(name, np.arange(self.number_of_rows))
            whole: npt.NDArray[Any] = kept[name]
            return whole
        if name in _NAME_COLUMNS:
            of_names: npt.NDArray[Any] = getattr(self.names, _NAME_COLUMNS[name])
            return of_names[self.name_codes[rows]]
        if name in _HEAD_COLUMNS:
            codes = self.head_codes[rows]
            values = getattr(self.names, _HEAD_COLUMNS[name])[np.maximum(codes, 0)]
            return np.where(codes >= 0, values, np.uint64(_ABSENT[self.kind]))
        return self._plain_column(name, rows)

    def _plain_column(self, name: str, rows: npt.NDArray[np.int64] | slice) -> npt.NDArray[Any]:
        if name.startswith("commune"):
            place = int(name.removeprefix("commune_") or 1) - 1 if name != "commune" else 0
            values: npt.NDArray[Any] = self.communes[place][rows]
        elif name == "short_year":
            values = self.year[rows] % 100
        elif name == "number_tail":
            values = self.number[rows] % 1_000_000
        else:
            values = getattr(self, name)[rows]
        return values

    def has(self, name: str, rows: npt.NDArray[np.int64] | slice = slice(None)) -> npt.NDArray[np.bool_]:
        """Say at which rows a prepared column is known."""
        if name in _NAME_COLUMNS:
            return self.names.tokens[self.name_codes[rows]] > 0
        if name in _HEAD_COLUMNS:
            return self.head_codes[rows] >= 0
        if name == "short_year":
            return self.year[rows] >= 0
        if name == "month_day":
            return self.month_day[rows] > 0
        if name == "number_tail":
            return self.number[rows] >= 0
        known: npt.NDArray[np.bool_] = self._plain_column(name, rows) >= 0
        return known


class Population(Side):
    """The population, prepared: who people are by the population database. Dữ liệu dân cư.

    Attributes:
        texts: The columns that are shown, as read, in the order of rows.
        is_dead: Whether the database knows the person as dead.
        vocabulary: The syllables of names.
        ethnicities, commune_codes: What the numbers of those columns stand for.
    """

    kind = "population"

    @classmethod
    def prepare(cls, frame: pl.DataFrame, *, places: Places, learnt: Learnt | None = None) -> Population:
        """Prepare a population.

        Args:
            frame: Columns number, old_number, full_name, birth_date, sex, ethnicity, commune_code, household_id,
                is_head, life_status; all but number and full_name may be missing.
            places: Which communes of today an old code means.
            learnt: What a whole population says, where this frame is a part of it.
        """
        made = cls()
        frame = _with_columns(
            frame, "number", "old_number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id",
            "is_head", "life_status",
        )  # fmt: skip
        made.number_of_rows = frame.height
        made.texts = frame.select(
            "number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "life_status"
        )
        # Names take as long as all else together.
        with ThreadPoolExecutor(2) as threads:
            names = threads.submit(read_population_names, frame["full_name"], learnt.vocabulary if learnt else None)
            made._read_the_rest(frame, places, learnt)
        codes, made.names, made.vocabulary = names.result()
        made.name_codes = codes.astype(np.int32)
        made.head_codes = made._heads()
        return made

    def _read_the_rest(self, frame: pl.DataFrame, places: Places, learnt: Learnt | None) -> None:
        self.number = read_population_numbers(frame["number"], digits=12)
        self.old_number = read_population_numbers(frame["old_number"], digits=9).astype(np.int32)
        self.year, self.month_day, self.is_year_short = read_compact_dates(frame["birth_date"])
        self.sex = read_sexes(frame["sex"]).astype(np.int8)
        self.ethnicity, self.ethnicities = read_ethnicities(frame["ethnicity"], learnt.ethnicities if learnt else None)
        commune, self.commune_codes = places.number(frame["commune_code"], learnt.commune_codes if learnt else None)
        self.communes = [commune]
        self.household = read_households(frame["household_id"])
        self.is_head = read_flags(frame["is_head"], TRUE)
        self.is_dead = read_flags(frame["life_status"], DEAD)

    texts: pl.DataFrame
    is_dead: npt.NDArray[np.bool_]
    vocabulary: Vocabulary
    ethnicities: list[str]
    commune_codes: list[str]

    @property
    def learnt(self) -> Learnt:
        """What this population says about how to read others."""
        return Learnt(self.vocabulary, self.ethnicities, self.commune_codes, int(self.year.max(initial=NONE)))

    def save(self, path: Path) -> None:
        """Keep what was prepared, so that the next run need not prepare it again; whole or not at all."""
        beside = path.with_name(f".{path.name}.part")
        with beside.open("wb") as file:
            pickle.dump(self, file, protocol=5)
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Population:
        """Read what ``save`` kept. Only for files that this house wrote itself: they are trusted."""
        with path.open("rb") as file:
            kept = pickle.load(file)  # noqa: S301 -- our own file, from our own data folder
        if not isinstance(kept, cls):
            raise TypeError(f"{path} holds no prepared population")
        return kept

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is quickly made again."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_columns", "_counts", "_bearers")}

    def forget_columns(self) -> None:
        """Let go of whole columns that were put together for blocking."""
        self.__dict__.pop("_columns", None)

    def _heads(self) -> npt.NDArray[np.int32]:
        """Give each person the name of the head of their household."""
        heads = np.flatnonzero(self.is_head & (self.household >= 0))
        name_of_head = np.full(int(self.household.max(initial=0)) + 1, NONE, np.int32)
        name_of_head[self.household[heads]] = self.name_codes[heads]
        heads_name: npt.NDArray[np.int32] = name_of_head[self.household]
        heads_name[self.household < 0] = NONE
        return heads_name

    def members_of(self, households: npt.NDArray[np.int64]) -> pl.DataFrame:
        """Return the people of some households, with the columns ``household`` and ``person``."""
        wanted = np.zeros(int(self.household.max(initial=0)) + 2, np.bool_)
        wanted[households] = True
        people = np.flatnonzero(wanted[self.household] & (self.household >= 0))
        return pl.DataFrame({"household": self.household[people], "person": people})

    @cached_property
    def share_under_such_a_head(self) -> npt.NDArray[np.float32]:
        """Per person, the share of the commune's people who live under a head of the same name; 1 where no head is known."""
        heads = np.flatnonzero(self.is_head & (self.household >= 0) & (self.communes[0] >= 0))
        size = np.bincount(self.household[self.household >= 0], minlength=1).astype(np.float64)
        communes = self.communes[0][heads]
        under = Counts(combine(self.column("head_bag", heads), communes), size[self.household[heads]])
        there = np.bincount(self.communes[0][self.communes[0] >= 0])
        share = np.ones(len(size) + 1, np.float32)  # the last is for people without a household
        share[self.household[heads]] = (
            np.maximum(under.at(np.arange(len(heads))), _FEWEST_UNDER_A_HEAD) / there[communes]
        )
        of_people: npt.NDArray[np.float32] = share[self.household]
        return of_people

    @cached_property
    def _bearers(self) -> dict[bool, npt.NDArray[np.float64]]:
        """How many people bear each name, and how many live under a head of that name (True)."""
        heads = self.head_codes[self.head_codes >= 0]
        return {
            of_heads: np.bincount(codes, minlength=len(self.names)).astype(np.float64)
            for of_heads, codes in ((False, self.name_codes), (True, heads))
        }

    def counts(self, column: str) -> Counts:
        """Count how many people share each value of a column of names; kept."""
        kept: dict[str, Counts] = self.__dict__.setdefault("_counts", {})
        if column not in kept:
            values = getattr(self.names, (_NAME_COLUMNS | _HEAD_COLUMNS)[column])
            kept[column] = Counts(values, self._bearers[column in _HEAD_COLUMNS])
        return kept[column]

    def sharing(self, register: Register, column: str, records: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Say how many people have what these records have in a prepared column. Looked up once per name, or per record."""
        kept: dict[str, npt.NDArray[np.float32]] = register.__dict__.setdefault("_sharing", {})
        if column in _NAME_COLUMNS or column in _HEAD_COLUMNS:
            if column not in kept:
                values = getattr(register.names, (_NAME_COLUMNS | _HEAD_COLUMNS)[column])
                kept[column] = self.counts(column).of(values)
            codes = register.name_codes if column in _NAME_COLUMNS else register.head_codes
            return kept[column][codes[records]]
        if column not in kept:
            kept[column] = SmallCounts(_small(self, column)).of(_small(register, column))
        return kept[column][records]

    def bearers(self, column: str, people: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Say how many people share what these people have in a column of their names."""
        return self.counts(column).at(self.name_codes[people])


class Register(Side):
    """A register, prepared. Sổ, danh sách đối tượng.

    Attributes:
        record_ids: The register's own keys, as text.
        texts: The frame as given.
        is_number_odd: Whether a number was typed that is none.
        is_number_given: Whether anything was typed as a number.
    """

    kind = "register"
    record_ids: pl.Series
    texts: pl.DataFrame
    is_number_odd: npt.NDArray[np.bool_]
    is_number_given: npt.NDArray[np.bool_]

    @classmethod
    def prepare(cls, frame: pl.DataFrame, *, population: Population | Learnt, places: Places) -> Register:
        """Prepare a register against a population, whose names say what a syllable is.

        Args:
            frame: Columns record_id, number, full_name, birth_date, sex, ethnicity, commune_code, household_id,
                head_name; all but record_id may be missing.
            places: Which communes of today an old code means.
            population: The population that it will be compared with.
        """
        made = cls()
        learnt = population if isinstance(population, Learnt) else population.learnt
        frame = _with_columns(
            frame, "number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "head_name"
        )
        made.number_of_rows = frame.height
        made.record_ids, made.texts = frame["record_id"].cast(pl.String), frame
        with ThreadPoolExecutor(2) as threads:
            both = pl.concat([frame["full_name"], frame["head_name"]])
            names = threads.submit(read_register_names, both, learnt.vocabulary)
            made._read_the_rest(frame, places, learnt)
        codes, made.names = names.result()
        made.name_codes, heads = codes[: frame.height].astype(np.int32), codes[frame.height :].astype(np.int32)
        made.head_codes = np.where(made.names.tokens[heads] > 0, heads, np.int32(NONE))
        made.is_head = (made.head_codes >= 0) & (made.names.ends[made.name_codes] == made.names.ends[made.head_codes])
        return made

    def _read_the_rest(self, frame: pl.DataFrame, places: Places, learnt: Learnt) -> None:
        self.number, self.old_number, self.is_number_odd, self.is_number_given = read_numbers(frame["number"])
        self.year, self.month_day, self.is_year_short = read_birth_dates(
            frame["birth_date"], newest_year=learnt.newest_year, any_year=True
        )
        self.sex = read_sexes(frame["sex"]).astype(np.int8)
        self.ethnicity, _ = read_ethnicities(frame["ethnicity"], learnt.ethnicities)
        self.communes = places.find(frame["commune_code"], learnt.commune_codes)
        self.household = read_households(frame["household_id"])


def _small(side: Side, column: str) -> npt.NDArray[Any]:
    """Return a column of small whole numbers; a date of birth packed into few bits."""
    if column == "birth_date":
        return side.year * 512 + side.month_day // 100 * 32 + side.month_day % 100
    return side.column(column)


def _with_columns(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Add the columns that a file does not have, all unknown, and make every column text or a flag."""
    missing = [pl.lit(None, pl.String).alias(name) for name in names if name not in frame.columns]
    texts = [
        pl.col(name).cast(pl.String)
        for name, kind in frame.schema.items()
        if name in names and kind not in (pl.String, pl.Boolean) and not (name == "household_id" and kind.is_integer())
    ]
    return frame.with_columns(*texts, *missing)
