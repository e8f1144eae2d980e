"""Who a record is: its candidates compete with each other and with "not in the population"."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
_MOST_BITS = 900.0


class Best(NamedTuple):
    """Per register row, its best pair and the next; -1 where there is none.

    Attributes:
        pair, runner_up: Places among the pairs.
        probability, runner_up_probability: Of each.
        total: Probability that any of the candidates is the person.
    """

    pair: Rows
    probability: Floats
    runner_up: Rows
    runner_up_probability: Floats
    total: Floats


def compete(number_of_records: int, records: Rows, evidence: Floats, absent: Floats | float) -> tuple[Floats, Floats]:
    """Give each pair the probability that it is the one true pair of its record.

    Args:
        records: Row of the register of each pair.
        evidence: log2 of prior times likelihood ratio of each pair.
        absent: log2 of the prior of "not in the population", per record or for all.

    Returns:
        The probability of each pair, and per record that of being absent.
    """
    evidence = np.minimum(evidence, _MOST_BITS)
    highest = np.zeros(number_of_records) + absent
    np.maximum.at(highest, records, evidence)
    likelihood = np.exp2(evidence - highest[records])
    of_absent = np.exp2(absent - highest)
    total = np.bincount(records, weights=likelihood, minlength=number_of_records) + of_absent
    return likelihood / total[records], of_absent / total


def best_of(number_of_records: int, records: Rows, order: Rows, probabilities: Floats) -> Best:
    """Find the best and the second pair of each record.

    Args:
        order: Which of equal ones is taken: the lowest. The person's number, which no shuffling of rows changes.
    """
    best = _highest(number_of_records, records, order, probabilities)
    rest = np.ones(len(records), np.bool_)
    rest[best[best >= 0]] = False
    others = np.flatnonzero(rest)
    second = _highest(number_of_records, records[others], order[others], probabilities[others])
    runner_up = np.where(second >= 0, others[second], -1) if len(others) else second

    def of(pairs: Rows) -> Floats:
        found = np.zeros(len(pairs))
        found[pairs >= 0] = probabilities[pairs[pairs >= 0]]
        return found

    total = np.bincount(records, weights=probabilities, minlength=number_of_records).astype(np.float64)
    return Best(best, of(best), runner_up, of(runner_up), total)


def _highest(number_of_records: int, records: Rows, order: Rows, probabilities: Floats) -> Rows:
    """Return per record the place of its most probable pair; -1 where it has none."""
    most = np.full(number_of_records, -np.inf)
    np.maximum.at(most, records, probabilities)
    equal = np.flatnonzero(probabilities == most[records])
    first = np.full(number_of_records, np.iinfo(np.int64).max)
    np.minimum.at(first, records[equal], order[equal])
    chosen = equal[order[equal] == first[records[equal]]]
    places = np.full(number_of_records, -1)
    places[records[chosen]] = chosen
    return places
