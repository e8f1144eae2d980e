"""Candidates: the pairs worth comparing, found by what both sides have in common."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lienthong.verification.linkage.comparing import THREADS, Pairs, Rows
from lienthong.verification.linkage.dates import FIRST_OF_JANUARY
from lienthong.verification.linkage.hashing import Hashes, combine, sorted_distinct
from lienthong.verification.linkage.levels import BlockingRule
from lienthong.verification.linkage.sides import Population, Register, Side

_SIEVE_BITS = 22


def candidates(
    register: Register,
    population: Population,
    records: Rows,
    rules: Iterable[BlockingRule],
    *,
    among: npt.NDArray[np.bool_] | None = None,
) -> Pairs:
    """Find the pairs of some records with people who share the columns of at least one rule.

    Args:
        records: Rows of the register that look for a person.
        rules: Which columns must agree; a column that is unknown on one side agrees with nothing.
        among: Which people are looked at; all where None.

    Returns:
        Each pair once, in the order of record and person.
    """
    searches = [
        _Search(register, population, rule, commune, among)
        for rule in rules
        # A commune of before the mergers may have gone into several; each is one more key.
        for commune in (range(len(register.communes)) if "commune" in rule.columns else (0,))
    ]
    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(lambda search: search.pairs(records), searches))
    pairs = sorted_distinct(np.concatenate([np.zeros(0, np.int64), *found]))
    return Pairs(pairs >> 32, pairs & 0xFFFFFFFF)


@dataclass(frozen=True)
class _Search:
    """One rule, with one of the communes that a record may lie in."""

    register: Register
    population: Population
    rule: BlockingRule
    commune: int
    among: npt.NDArray[np.bool_] | None

    def pairs(self, records: Rows) -> npt.NDArray[np.int64]:
        """Return the pairs of records with people of the same key, as one number each."""
        asked = records[self._usable(self.register, records, self.commune)]
        if not len(asked):
            return np.zeros(0, np.int64)
        our_keys = self._keys(self.register, asked, self.commune)
        people = self._people_with_one_of(our_keys)
        their_keys = self._keys(self.population, people, 0)
        order, their_order = np.argsort(our_keys), np.argsort(their_keys)
        asked, our_keys, people, their_keys = (
            asked[order],
            our_keys[order],
            people[their_order],
            their_keys[their_order],
        )
        first = np.searchsorted(our_keys, their_keys, side="left")
        length = np.searchsorted(our_keys, their_keys, side="right") - first
        shared = length > 0
        people, first, length = people[shared], first[shared], length[shared]
        # Each person who shares a key meets every record with that key.
        start = np.repeat(first, length)
        within = np.arange(len(start)) - np.repeat(np.cumsum(length) - length, length)
        pairs: npt.NDArray[np.int64] = (asked[start + within] << 32) | np.repeat(people, length)
        return pairs

    def _people_with_one_of(self, our_keys: Hashes) -> Rows:
        """Sieve the population for those who may share a key: a table of bits first, then the exact look."""
        keys = self._keys(self.population, slice(None), 0)
        sieve = np.zeros(1 << _SIEVE_BITS, np.bool_)
        shift = np.uint64(64 - _SIEVE_BITS)
        sieve[our_keys >> shift] = True
        possible = sieve[keys >> shift] & self._usable(self.population, slice(None), 0)
        return np.flatnonzero(possible if self.among is None else possible & self.among)

    def _keys(self, side: Side, rows: Rows | slice, commune: int) -> Hashes:
        return combine(
            *(
                side.communes[commune][rows] if name == "commune" else side.column(name, rows)
                for name in self.rule.columns
            )
        )

    def _usable(self, side: Side, rows: Rows | slice, commune: int) -> npt.NDArray[np.bool_]:
        """Say at which rows every column of the rule is known."""
        usable: npt.NDArray[np.bool_] = np.logical_and.reduce(
            [
                side.communes[commune][rows] >= 0 if name == "commune" else side.has(name, rows)
                for name in self.rule.columns
            ]
        )
        if self.rule.known_day:
            usable &= (side.month_day[rows] != FIRST_OF_JANUARY) & (side.month_day[rows] > 0)
        return usable
