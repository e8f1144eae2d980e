"""From what the Splink model scored to verdicts, by the engine's own code: candidates compete, a number alone never links.

The population here is only the people whom a verdict may speak of, numbered by their place among them; how common a value
is was counted where all people are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage import linking
from lienthong.verification.linkage.comparing import Pairs, compare, measure_names
from lienthong.verification.linkage.deciding import best_of, compete
from lienthong.verification.linkage.learnt import Learnt
from lienthong.verification.linkage.levels import OWN_EVIDENCE
from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.verdicts import in_words
from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.linkage.weights import Model
from lienthong.verification.spark.scoring import Scores

USUALLY_PRESENT = 0.93
NOBODY = -1
# The engine words its verdicts over a population of at least one: this one nobody is.
NOBODY_AT_ALL = pl.DataFrame(
    {"number": [None], "full_name": [None]}, schema={"number": pl.String, "full_name": pl.String}
)


@dataclass(frozen=True, slots=True)
class Found:
    """What came back.

    Attributes:
        scores: Of the candidates.
        register: The register, as given.
        concerned: The people of ``scores.concerned``, as given.
        people: Number of people in the population.
    """

    scores: Scores
    register: pl.DataFrame
    concerned: pl.DataFrame
    people: int


def verdicts(found: Found, *, places: Places, learnt: Learnt, model: Model | None) -> pl.DataFrame:
    """Let the candidates of each record compete, and word what comes out.

    Returns:
        The verdicts of the engine, ``population_row`` counted in the whole population.
    """
    concerned = found.concerned if found.concerned.height else NOBODY_AT_ALL
    population = Population.prepare(concerned, places=places, learnt=learnt)
    register = Register.prepare(found.register, population=learnt, places=places)
    decided = linking.Linker(register, population, model, None)
    _decide(decided, found, present=model.share_present if model else USUALLY_PRESENT)
    row = pl.col("population_row")
    rows = found.scores.concerned
    return in_words(decided).with_columns(
        pl.when(row >= 0).then(rows.gather(pl.Series(np.maximum(decided.person, 0))) if len(rows) else None)
        .otherwise(NOBODY).alias("population_row")
    )  # fmt: skip


def _decide(decided: linking.Linker, found: Found, *, present: float) -> None:
    """Fill in who each record is."""
    decided.is_asked[:] = True
    pairs, count = found.scores.pairs, decided.register.number_of_rows
    records = pairs["record"].to_numpy()
    people = np.searchsorted(found.scores.concerned.to_numpy(), pairs["person"].to_numpy())
    evidence = pairs["bits"].to_numpy() + np.log2(present / found.people)
    probabilities, _ = compete(count, records, evidence, np.log2(1 - present))
    best = best_of(count, records, decided.population.number[people], probabilities)
    rows = np.flatnonzero(best.pair >= 0)
    chosen, second = best.pair[rows], best.runner_up[rows]
    bits = {name: pairs[f"{name}_bits"].to_numpy().astype(np.float32) for name in Field}
    own = np.sum([bits[name][chosen] for name in OWN_EVIDENCE], axis=0)
    good = (best.probability[rows] >= linking.LINKED_FROM) & (own > linking.LEAST_OWN_EVIDENCE)
    decided.candidate[rows] = people[chosen]
    decided.person[rows] = np.where(good, people[chosen], NOBODY)
    decided.probability[rows] = np.minimum(best.probability[rows], linking.MOST_PROBABLE)
    decided.total_probability[rows] = best.total[rows]
    decided.stage[rows] = linking.BLOCKED
    by_number = _numbers_agree(decided, rows) & (own > linking.ENOUGH_OF_ONE_PERSON)
    decided.stage[rows[by_number]] = linking.EXACT
    decided.runner_up[rows] = np.where(second >= 0, people[second], NOBODY)
    decided.runner_up_probability[rows] = best.runner_up_probability[rows]
    pairs_shown = Pairs(rows, people[chosen])
    compare(decided.register, decided.population, pairs_shown)
    measure_names(decided.register, decided.population, pairs_shown, np.ones(len(rows), np.bool_))
    decided.find_owners(np.arange(count))
    has_second = second >= 0
    for name in Field:
        decided.levels[name][rows] = pairs_shown.levels[name]
        decided.bits[name][rows] = bits[name][chosen]
        decided.runner_up_bits[name][rows[has_second]] = bits[name][second[has_second]]


def _numbers_agree(decided: linking.Linker, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    register, population, person = decided.register, decided.population, decided.candidate[rows]
    pairs = ((register.number, population.number), (register.old_number, population.old_number))
    agree = np.zeros(len(rows), np.bool_)
    for ours, theirs in pairs:
        agree |= (ours[rows] >= 0) & (ours[rows] == theirs[person])
    return agree
