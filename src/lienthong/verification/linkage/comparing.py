"""Pairs of a record and a person, and the level at which each field of a pair agrees."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from lienthong.verification.linkage.levels import COMPARISONS, NAME_DISTANCE, NUMBER_DISTANCE, Comparison
from lienthong.verification.linkage.names import WIDEST, Names
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.vocabulary import Field

SILENT = -1
FAR = 9
Rows = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]

_AT_ONCE = 45_000  # pairs compared together: few enough for little memory
THREADS = min(4, os.cpu_count() or 1)
_REGISTER, _POPULATION = "_l", "_r"
_DERIVED: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "month": lambda year, month_day: month_day // 100,
    "day": lambda year, month_day: month_day % 100,
    "short_year": lambda year, month_day: year % 100,
    "decade": lambda year, month_day: year // 10,
    "century": lambda year, month_day: year // 100,
    "year_unit": lambda year, month_day: year % 10,
    "turned_year": lambda year, month_day: year % 10 * 10 + year // 10 % 10,
    # Months of thirty and a half days: exact enough for "within 56 days", and the same on every engine.
    "day_count": lambda year, month_day: (
        pl.when(month_day > 0).then(year * 366 + month_day // 100 * 30.5 + month_day % 100).otherwise(None)
    ),
}


@dataclass
class Pairs:
    """Pairs of a register row and a population row.

    Attributes:
        records, people: The rows of each pair.
        levels: Per field the number of the level of each pair, as in ``Comparison.levels``; -1 where it says nothing.
    """

    records: Rows
    people: Rows
    levels: dict[Field, Levels] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def keys(self) -> Rows:
        """One number per pair, in the order of record and person."""
        return (self.records << 32) | self.people

    def parts(self, size: int) -> list[Pairs]:
        """Cut into parts of some size, in order; at least one."""
        return [self.where(slice(start, start + size)) for start in range(0, max(len(self), 1), size)]

    def where(self, chosen: npt.NDArray[np.bool_] | Rows | slice) -> Pairs:
        """Return some of the pairs."""
        return Pairs(
            self.records[chosen], self.people[chosen], {name: levels[chosen] for name, levels in self.levels.items()}
        )

    @classmethod
    def joined(cls, parts: Iterable[Pairs]) -> Pairs:
        """Put pairs together."""
        parts = list(parts)
        return cls(
            np.concatenate([part.records for part in parts]),
            np.concatenate([part.people for part in parts]),
            {name: np.concatenate([part.levels[name] for part in parts]) for name in parts[0].levels},
        )


def compare(register: Register, population: Population, pairs: Pairs) -> None:
    """Fill in the levels of pairs, all but those that need the distance between two spellings."""
    pairs.levels = {comparison.field: np.empty(len(pairs), np.int8) for comparison in COMPARISONS}
    asked = [_level_of(comparison).alias(comparison.field) for comparison in COMPARISONS]
    for start in range(0, len(pairs), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        frame = _pair_frame(register, population, Pairs(pairs.records[part], pairs.people[part]))
        for levels in frame.select(asked).iter_columns():
            pairs.levels[Field(levels.name)][part] = levels.to_numpy()
    _measure_numbers(register, population, pairs)


def measure_names(register: Register, population: Population, pairs: Pairs, which: npt.NDArray[np.bool_]) -> None:
    """Raise pairs of nearly equal spelling to their level, among ``which``: a costly measure, taken where it can matter."""
    comparison = _COMPARISON[Field.NAME]
    typo, similar = level_number(comparison, "typo"), level_number(comparison, "similar")
    levels = pairs.levels[Field.NAME]
    chosen = np.flatnonzero(which & (levels > similar))
    if not len(chosen):
        return
    distance = _spelling_distance(
        register.names, register.name_codes[pairs.records[chosen]],
        population.names, population.name_codes[pairs.people[chosen]],
    )  # fmt: skip
    two = chosen[distance == 2]
    levels[two] = np.minimum(levels[two], similar)
    levels[chosen[distance <= 1]] = typo


def _spelling_distance(
    our_names: Names, ours: npt.NDArray[np.integer], their_names: Names, theirs: npt.NDArray[np.integer]
) -> npt.NDArray[np.uint8]:
    """Count the letters typed wrongly between names of as many syllables, at most two of which differ.

    Syllables are few thousand, so that their distances are measured once each.

    Returns:
        The count per pair; 9 where there are more, or the names have not as many syllables.
    """
    ours_grid, theirs_grid = our_names.grid[ours], their_names.grid[theirs]
    differs = ours_grid != theirs_grid
    comparable = (our_names.tokens[ours] == their_names.tokens[theirs]) & (differs.sum(axis=1) <= 2)
    comparable &= our_names.tokens[ours] <= WIDEST
    pair, place = np.nonzero(differs & comparable[:, None])
    one, other = ours_grid[pair, place], theirs_grid[pair, place]
    # The register's vocabulary begins with the population's: its numbers serve for both.
    spelled = our_names.spelled
    together, back = np.unique(one.astype(np.int64) * len(spelled) + other, return_inverse=True)
    apart = process.cpdist(
        spelled[together // len(spelled)], spelled[together % len(spelled)],
        scorer=OSA.distance, score_cutoff=2, dtype=np.uint8, workers=1,
    )  # fmt: skip
    total = np.bincount(pair, weights=apart[back], minlength=len(ours))
    return np.where(comparable, np.minimum(total, FAR), FAR).astype(np.uint8)


def _pair_frame(register: Register, population: Population, pairs: Pairs) -> pl.DataFrame:
    """Bring together the columns that conditions speak of, at the rows of the pairs."""
    columns: dict[str, npt.NDArray[Any]] = {}
    for name in sorted(_wanted_columns()):
        base, suffix = name[:-2], name[-2:]
        side, rows = (register, pairs.records) if suffix == _REGISTER else (population, pairs.people)
        columns[name] = side.column(base, rows)
    frame = pl.DataFrame(columns)
    return frame.with_columns(
        make(pl.col(f"year{suffix}"), pl.col(f"month_day{suffix}")).alias(f"{name}{suffix}")
        for suffix in (_REGISTER, _POPULATION)
        for name, make in _DERIVED.items()
    )


def _wanted_columns() -> set[str]:
    """Return the names of the columns in all conditions, but those derived from others."""
    wanted = {"year_l", "year_r", "month_day_l", "month_day_r"}
    for comparison in COMPARISONS:
        wanted |= {f"{name}{suffix}" for name in comparison.needs for suffix in (_REGISTER, _POPULATION)}
        for condition in (comparison.silent, *(level.condition for level in comparison.levels)):
            if condition:
                wanted |= set(pl.sql_expr(condition).meta.root_names())
    derived = {f"{name}{suffix}" for name in _DERIVED for suffix in (_REGISTER, _POPULATION)}
    return wanted - derived - {NAME_DISTANCE, NUMBER_DISTANCE}


def _level_of(comparison: Comparison) -> pl.Expr:
    """Ask the levels in their order; the costly ones are filled in later."""
    silent = pl.any_horizontal(
        [_is_absent(name, suffix) for name in comparison.needs for suffix in (_REGISTER, _POPULATION)]
    )
    if comparison.silent:
        silent |= pl.sql_expr(comparison.silent)
    answer: Any = pl.when(silent).then(pl.lit(SILENT, pl.Int8))
    for number, level in enumerate(comparison.levels):
        if level.condition and not any(costly in level.condition for costly in (NAME_DISTANCE, NUMBER_DISTANCE)):
            answer = answer.when(pl.sql_expr(level.condition)).then(pl.lit(number, pl.Int8))
    rest: pl.Expr = answer.otherwise(pl.lit(len(comparison.levels) - 1, pl.Int8))
    return rest


def _is_absent(name: str, suffix: str) -> pl.Expr:
    """Say where a prepared column is unknown, in the codes of ``Side.column``."""
    column = pl.col(f"{name}{suffix}")
    if name.startswith("name_"):
        return pl.col(f"tokens{suffix}") == 0
    if name.startswith("head_"):
        return column <= 1
    return column < 0


def _measure_numbers(register: Register, population: Population, pairs: Pairs) -> None:
    comparison = _COMPARISON[Field.NUMBER]
    levels = pairs.levels[Field.NUMBER]
    unequal = np.flatnonzero(levels == len(comparison.levels) - 1)
    ours, theirs = register.number[pairs.records[unequal]], population.number[pairs.people[unequal]]
    apart = np.zeros(len(unequal), np.int8)
    for _ in range(12):
        apart += ours % 10 != theirs % 10
        ours, theirs = ours // 10, theirs // 10
    levels[unequal[apart <= 2]] = level_number(comparison, "similar")


_COMPARISON = {comparison.field: comparison for comparison in COMPARISONS}


def level_number(comparison: Comparison, code: str) -> int:
    """Return the number of a level by its code."""
    return next(number for number, level in enumerate(comparison.levels) if level.code == code)
