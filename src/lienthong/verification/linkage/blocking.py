"""Candidates: the pairs worth comparing, found by what both sides have in common."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from lienthong.verification.linkage.comparing import Pairs, Rows
from lienthong.verification.linkage.dates import FIRST_OF_JANUARY
from lienthong.verification.linkage.hashing import Hashes, combine, sorted_distinct
from lienthong.verification.linkage.levels import BlockingRule
from lienthong.verification.linkage.sides import Population, Register, Side

_SIEVE_BITS = 22


def candidates(register: Register, population: Population, records: Rows, rules: Iterable[BlockingRule]) -> Pairs:
    """Find the pairs of some records with people who share the columns of at least one rule.

    Args:
        records: Rows of the register that look for a person.
        rules: Which columns must agree; a column that is unknown on one side agrees with nothing.

    Returns:
        Each pair once, by record and person.
    """
    found = [np.zeros(0, np.int64)]
    for rule in rules:
        for commune in range(len(register.communes)) if "commune" in rule.columns else (0,):
            found.append(_pairs_of(register, population, records, rule, commune))
    pairs = sorted_distinct(np.concatenate(found))
    return Pairs(pairs >> 32, pairs & 0xFFFFFFFF)


def _pairs_of(
    register: Register, population: Population, records: Rows, rule: BlockingRule, commune: int
) -> npt.NDArray[np.int64]:
    asked = records[_usable(register, rule, records, commune)]
    if not len(asked):
        return np.zeros(0, np.int64)
    our_keys = _keys(register, rule, asked, commune)
    people = _people_with_one_of(population, rule, our_keys)
    their_keys = _keys(population, rule, people, 0)
    order = np.argsort(our_keys, kind="stable")
    asked, our_keys = asked[order], our_keys[order]
    first = np.searchsorted(our_keys, their_keys, side="left")
    length = np.searchsorted(our_keys, their_keys, side="right") - first
    shared = length > 0
    people, first, length = people[shared], first[shared], length[shared]
    # Each person who shares a key meets every record with that key.
    start = np.repeat(first, length)
    within = np.arange(len(start)) - np.repeat(np.cumsum(length) - length, length)
    return (asked[start + within] << 32) | np.repeat(people, length)


def _people_with_one_of(population: Population, rule: BlockingRule, our_keys: Hashes) -> Rows:
    """Sieve the population for those who may share a key: a table of bits, then the exact look."""
    keys = _keys(population, rule, slice(None), 0)
    sieve = np.zeros(1 << _SIEVE_BITS, np.bool_)
    shift = np.uint64(64 - _SIEVE_BITS)
    sieve[our_keys >> shift] = True
    return np.flatnonzero(sieve[keys >> shift] & _usable(population, rule, slice(None), 0))


def _keys(side: Side, rule: BlockingRule, rows: Rows | slice, commune: int) -> Hashes:
    columns = [side.communes[commune][rows] if name == "commune" else side.column(name, rows) for name in rule.columns]
    return combine(*columns)


def _usable(side: Side, rule: BlockingRule, rows: Rows | slice, commune: int) -> npt.NDArray[np.bool_]:
    """Say at which rows every column of a rule is known."""
    usable = None
    for name in rule.columns:
        has = side.communes[commune][rows] >= 0 if name == "commune" else side.has(name, rows)
        usable = has if usable is None else usable & has
    if rule.known_day:
        usable = usable & (side.month_day[rows] != FIRST_OF_JANUARY) & (side.month_day[rows] > 0)
    assert usable is not None
    return usable
