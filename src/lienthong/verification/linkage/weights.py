"""Weights of agreement by Fellegi and Sunter: how much more often a level occurs among true pairs than by chance.

Shares among true pairs (m) come first from records whose number says who they are, then from the data themselves by
expectation and maximisation: nothing was ever labelled. Chances (u) come from how often a value occurs in the
population: a rare name weighs more than a common one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.comparing import THREADS, Pairs, compare, level_number
from lienthong.verification.linkage.hashing import scatter
from lienthong.verification.linkage.levels import COMPARISONS, Comparison, Level
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.vocabulary import FIELD_WORDS, Field

Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.float32]
Shares = dict[Field, Floats]

_RANDOM_PAIRS = 60_000
_FEWEST_UNDER_A_HEAD = 3
_TWINS = 0.004  # share of the other members of a household who are born on one's own day
_NUMBER_OF_A_RELATIVE = 0.01  # share of the other members of a household whose number is written for one's own
# Level, how many spellings such a slip can make at any place of a name, its share, and its least chance.
_SLIPS = (("typo", 300, 0.02, 0.0), ("similar", 20_000, 0.005, 1e-4))


@dataclass(frozen=True)
class Model:
    """What a run learnt, enough to do the next without learning. Mô hình.

    Errors come together: a clerk in a hurry misspells the name and the date. So true pairs are of two kinds, carefully
    kept records and careless ones, each with shares of its own.

    Attributes:
        careful, careless: Per field, the share of true pairs of that kind at each level (m).
        share_careless: Share of the careless kind.
        chances: Per field, the share of random pairs at each level (u), where the level has no frequency of its own.
        share_present: Share of the records without an exact number whose person is in the population.
        share_at_home: Share of members of a household who are in the household where most of it was found.
    """

    careful: Shares
    careless: Shares
    chances: Shares
    share_careless: float = 0.3
    share_present: float = 0.93
    share_at_home: float = 0.85

    def true_shares(self, field: Field) -> Floats:
        """Return the share of all true pairs at each level of a field."""
        return (1 - self.share_careless) * self.careful[field] + self.share_careless * self.careless[field]

    def as_plain_data(self) -> dict[str, Any]:
        """Return values for JSON: per field its levels with words and shares (``m`` of all true pairs, ``u`` by chance)."""
        return {
            "share_careless": self.share_careless,
            "share_present": self.share_present,
            "share_at_home": self.share_at_home,
            "fields": {comparison.field.value: self._levels(comparison) for comparison in COMPARISONS},
        }

    def _levels(self, comparison: Comparison) -> list[dict[str, Any]]:
        columns = (
            self.true_shares(comparison.field), self.careful[comparison.field], self.careless[comparison.field],
            self.chances[comparison.field],
        )  # fmt: skip
        return [
            {"level": level.code, "words": level.words, "m": m, "m_careful": careful, "m_careless": careless, "u": u}
            for level, m, careful, careless, u in zip(
                comparison.levels, *(column.tolist() for column in columns), strict=True
            )
        ]

    @classmethod
    def from_plain_data(cls, data: dict[str, Any]) -> Model:
        """Read what ``as_plain_data`` gave."""

        def column(name: str) -> Shares:
            return {
                Field(field): np.array([level[name] for level in data["fields"][field]]) for field in data["fields"]
            }

        return cls(
            column("m_careful"), column("m_careless"), column("u"),
            data["share_careless"], data["share_present"], data["share_at_home"],
        )  # fmt: skip


def usual_shares() -> Shares:
    """Return the shares among true pairs that the declaration takes for usual."""
    shares = {}
    for comparison in COMPARISONS:
        usual = np.array([level.usual for level in comparison.levels])
        shares[comparison.field] = usual / usual.sum()
    return shares


def flattened(shares: Shares) -> Shares:
    """Return shares with more at the rare levels: where to begin for careless records."""
    return {name: np.sqrt(share) / np.sqrt(share).sum() for name, share in shares.items()}


def sample_chances(register: Register, population: Population) -> Shares:
    """Compare random pairs, to see how often each level occurs by chance.

    Which pairs depends on what the rows hold and not on their order, so that a shuffled file gives the same.
    """
    of_register = _some(register.record_ids.hash(seed=2).to_numpy(), _RANDOM_PAIRS)
    of_population = _some(scatter(population.number), _RANDOM_PAIRS)
    count = min(len(of_register), len(of_population))
    pairs = Pairs(of_register[:count], of_population[:count])
    compare(register, population, pairs)
    chances = {}
    for comparison in COMPARISONS:
        levels = pairs.levels[comparison.field]
        counts = np.bincount(levels[levels >= 0], minlength=len(comparison.levels)) + 0.5
        shares = counts / counts.sum()
        for number, level in enumerate(comparison.levels):
            if level.chance:
                shares[number] = level.chance
        chances[comparison.field] = shares
    return chances


def prepare_frequencies(register: Register, population: Population) -> None:
    """Count once, before threads ask, how many people have what each record has."""
    columns = {level.frequency for comparison in COMPARISONS for level in comparison.levels if level.frequency}
    columns |= {level.beyond for comparison in COMPARISONS for level in comparison.levels if level.beyond}
    counted = sorted(columns - {"one_person", "name_misspelt"} | {"surname"})
    nobody = np.zeros(0, np.int64)
    with ThreadPoolExecutor(THREADS) as threads:
        heads = threads.submit(lambda: population.share_under_such_a_head)
        list(threads.map(lambda column: population.sharing(register, column, nobody), counted))
        heads.result()


def _some(hashes: npt.NDArray[np.uint64], wanted: int) -> npt.NDArray[np.int64]:
    """Choose rows by their hashes, over and over where there are too few."""
    if len(hashes) > wanted:
        lowest = np.argpartition(hashes, wanted)[:wanted]
        return lowest[np.argsort(hashes[lowest])]
    order = np.argsort(hashes)
    return np.resize(order, wanted) if len(order) else order


def log_chances(register: Register, population: Population, pairs: Pairs, chances: Shares) -> dict[Field, Bits]:
    """Give, per field and pair, the logarithm (base 2) of how often its level occurs by chance.

    For a level with a frequency this is the share of people with the value that the record has.
    """
    logs = {
        comparison.field: _log_chances_of(register, population, pairs, comparison, chances[comparison.field])
        for comparison in COMPARISONS
    }
    _misspelt(register, population, pairs, logs[Field.NAME])
    _at_home(register, population, pairs, logs)
    return logs


def _log_chances_of(
    register: Register, population: Population, pairs: Pairs, comparison: Comparison, chances: Floats
) -> Bits:
    levels = pairs.levels[comparison.field]
    found = np.append(np.log2(chances), 0).astype(np.float32)[levels]
    for number, level in enumerate(comparison.levels):
        at_level = np.flatnonzero(levels == number) if level.frequency else ()
        if len(at_level):
            found[at_level] = _log_frequency(register, population, level, pairs.records[at_level])
    return found


@dataclass
class Evidence:
    """Pairs and how often their levels occur by chance, ready to be weighed.

    Attributes:
        pairs: The pairs with their levels.
        logs: Per field, what ``log_chances`` gave.
    """

    pairs: Pairs
    logs: dict[Field, Bits]

    def where(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Evidence:
        """Return some of the pairs."""
        return Evidence(self.pairs.where(chosen), {name: log[chosen] for name, log in self.logs.items()})

    @classmethod
    def joined(cls, parts: Sequence[Evidence]) -> Evidence:
        """Put several together, in their order."""
        logs = {name: np.concatenate([part.logs[name] for part in parts]) for name in parts[0].logs}
        return cls(Pairs.joined([part.pairs for part in parts]), logs)

    def bits(self, shares: Shares, fields: Iterable[Field] = tuple(Field)) -> Bits:
        """Add up the weights of some fields, for shares of one kind of true pairs."""
        total = np.zeros(len(self.pairs), np.float32)
        for name in fields:
            total += _field_bits(self.pairs.levels[name], shares[name], self.logs[name])
        return total

    def weigh(self, model: Model, fields: Iterable[Field] = tuple(Field)) -> tuple[Bits, Bits]:
        """Return the weight of each pair in bits, and the probability that a true pair of such levels is careless."""
        fields = tuple(fields)
        careful = self.bits(model.careful, fields) + np.float32(np.log2(1 - model.share_careless))
        careless = self.bits(model.careless, fields) + np.float32(np.log2(model.share_careless))
        total = np.logaddexp2(careful, careless)
        return total, np.exp2(careless - total)

    def by_field(self, model: Model) -> dict[Field, Bits]:
        """Return the weight of each field in bits: between its careful and its careless one, as the pair suggests."""
        _, careless = self.weigh(model)
        return {
            name: (1 - careless) * _field_bits(self.pairs.levels[name], model.careful[name], self.logs[name])
            + careless * _field_bits(self.pairs.levels[name], model.careless[name], self.logs[name])
            for name in Field
        }


def _field_bits(levels: npt.NDArray[np.int8], shares: Floats, logs: Bits) -> Bits:
    """Weigh one field: positive speaks for one person, negative for two; 0 where the field says nothing."""
    # One more place at the end, which is where a level of -1 looks.
    table = np.append(np.log2(shares), 0).astype(np.float32)
    return table[levels] - logs


def learn_shares(pairs: Pairs, probabilities: Floats, before: Shares, *, strength: float) -> Shares:
    """Estimate the shares among true pairs from pairs that are true with some probability.

    Args:
        probabilities: Per pair, that it is true.
        before: Shares believed so far, which count for ``strength`` pairs.
    """
    shares = {}
    for comparison in COMPARISONS:
        levels = pairs.levels[comparison.field]
        counts = np.bincount(levels + 1, weights=probabilities, minlength=len(comparison.levels) + 1)[1:]
        believed = counts + strength * before[comparison.field]
        shares[comparison.field] = believed / believed.sum()
    return shares


def _log_frequency(
    register: Register, population: Population, level: Level, records: npt.NDArray[np.int64]
) -> Bits | float:
    """Give log2 of the share of people who have what these records have in the level's column."""
    if level.frequency == "one_person":
        return -float(np.log2(population.number_of_rows))
    if level.frequency == "name_misspelt":
        return 0.0  # depends on both names of the pair: see _misspelt
    common = population.sharing(register, level.frequency, records)
    if level.beyond:
        common = common - population.sharing(register, level.beyond, records)
    if level.frequency.startswith("head_"):
        common = np.maximum(common, _FEWEST_UNDER_A_HEAD)
    share = np.maximum(common, 1) / population.number_of_rows
    if level.is_complement:
        share = np.maximum(1 - share, 1e-3)
    return np.log2(share).astype(np.float32)


def _misspelt(register: Register, population: Population, pairs: Pairs, logs: Bits) -> None:
    """Fill in the chance of a misspelt name.

    A slip makes one of some hundred spellings. Where the slip made a name that people bear, the record is more likely
    one of them; where nobody is called so, it speaks for the name next to it nearly as if it were spelled right.
    """
    for code, spellings, share_of_slips, least in _SLIPS:
        slips = np.flatnonzero(pairs.levels[Field.NAME] == level_number(comparison_of(Field.NAME), code))
        if len(slips):
            typed = population.sharing(register, "name_bare", pairs.records[slips])
            meant = population.bearers("name_bare", pairs.people[slips])
            share = (spellings * typed + share_of_slips * 2 * meant) / population.number_of_rows
            logs[slips] = np.log2(np.clip(share, max(least, 1 / population.number_of_rows), 0.5))


def _at_home(register: Register, population: Population, pairs: Pairs, logs: dict[Field, Bits]) -> None:
    """Treat pairs of one head in one commune as of one household.

    Head and commune go together: the head's share is that within the commune, so that the commune is not counted twice.
    """
    same_head = pairs.levels[Field.HEAD] == level_number(comparison_of(Field.HEAD), "same")
    home = np.flatnonzero(same_head & (pairs.levels[Field.COMMUNE] == 0))
    if len(home):
        logs[Field.HEAD][home] = np.log2(population.share_under_such_a_head[pairs.people[home]])
        share_households(register, population, pairs, logs, home)


def share_households(
    register: Register, population: Population, pairs: Pairs, logs: dict[Field, Bits], home: npt.NDArray[np.int64]
) -> None:
    """Correct chances for pairs of one household: what its members share is no coincidence."""
    names = pairs.levels[Field.NAME][home]
    with_surname = home[(names >= 0) & (names <= level_number(comparison_of(Field.NAME), "other_middle"))]
    surname = population.bearers("surname", pairs.people[with_surname])
    logs[Field.NAME][with_surname] -= np.log2(np.maximum(surname, 1) / population.number_of_rows).astype(np.float32)
    # Of few with a surname, each seems to have the only name; but no name is more common than its given name.
    given = np.maximum(
        population.bearers("given", pairs.people[with_surname]),
        population.sharing(register, "given", pairs.records[with_surname]),
    )
    given = np.log2(given / population.number_of_rows)
    logs[Field.NAME][with_surname] = np.minimum(logs[Field.NAME][with_surname], np.minimum(given, -1))
    logs[Field.ETHNICITY][home] = np.where(pairs.levels[Field.ETHNICITY][home] == 0, 0, logs[Field.ETHNICITY][home])
    same_day = home[pairs.levels[Field.BIRTH][home] == 0]
    logs[Field.BIRTH][same_day] = np.maximum(logs[Field.BIRTH][same_day], np.log2(_TWINS))
    for name in (Field.NUMBER, Field.OLD_NUMBER):
        equal = home[pairs.levels[name][home] == 0]
        logs[name][equal] = np.log2(_NUMBER_OF_A_RELATIVE)


def first_model(register: Register, population: Population) -> Model:
    """Return a model of the usual shares, before any pair is seen."""
    usual = usual_shares()
    return Model(usual, flattened(usual), sample_chances(register, population))


def level_words(field: Field, levels: npt.NDArray[np.int8]) -> pl.Series:
    """Return "họ tên (chỉ khác dấu)" for each level of a field; null where the field says nothing."""
    words = [f"{FIELD_WORDS[field]} ({level.words})" for level in comparison_of(field).levels]
    return words_at(levels, words)


def words_at(numbers: npt.NDArray[np.integer], words: Sequence[str]) -> pl.Series:
    """Return the word of each number; null for a number below zero."""
    places = pl.Series(numbers.astype(np.int32))
    return pl.Series(words, dtype=pl.String).gather(pl.select(pl.when(places >= 0).then(places)).to_series())


def comparison_of(field: Field) -> Comparison:
    """Return the comparison of a field."""
    return next(comparison for comparison in COMPARISONS if comparison.field is field)
