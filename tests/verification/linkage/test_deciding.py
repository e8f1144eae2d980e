"""Candidates compete with each other and with "not in the population"."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.verification.linkage.deciding import best_of, compete

BITS = st.floats(min_value=-200, max_value=1200, allow_nan=False)
PAIRS = st.lists(st.tuples(st.integers(0, 4), BITS), max_size=14)
ABSENT = st.floats(min_value=-40, max_value=0)
RECORDS = 5


def competed(pairs: list[tuple[int, float]], absent: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    records = np.array([record for record, _ in pairs], np.int64)
    evidence = np.array([bits for _, bits in pairs], np.float64)
    return records, *compete(RECORDS, records, evidence, absent)


@settings(max_examples=60, deadline=None)
@given(PAIRS, ABSENT)
def test_the_candidates_of_a_record_and_absent_are_all_there_is(pairs: list[tuple[int, float]], absent: float) -> None:
    records, probabilities, absents = competed(pairs, absent)

    total = np.bincount(records, weights=probabilities, minlength=RECORDS) + absents
    assert np.allclose(total, 1)


@settings(max_examples=60, deadline=None)
@given(PAIRS, ABSENT)
def test_no_probability_is_below_nought_or_above_one(pairs: list[tuple[int, float]], absent: float) -> None:
    _records, probabilities, absents = competed(pairs, absent)

    for values in (probabilities, absents):
        assert np.all(values >= 0)
        assert np.all(values <= 1)


@settings(max_examples=60, deadline=None)
@given(PAIRS, ABSENT, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(pairs: list[tuple[int, float]], absent: float, chance: object) -> None:
    places = list(range(len(pairs)))
    chance.shuffle(places)  # type: ignore[attr-defined]

    _records, straight, absents = competed(pairs, absent)
    _records, shuffled, absents_too = competed([pairs[place] for place in places], absent)

    assert np.allclose(shuffled, straight[places] if places else straight)
    assert np.allclose(absents, absents_too)


@settings(max_examples=60, deadline=None)
@given(PAIRS, ABSENT, st.integers(0, RECORDS - 1))
def test_a_hopeless_candidate_changes_nothing(pairs: list[tuple[int, float]], absent: float, record: int) -> None:
    _records, before, absents = competed(pairs, absent)
    _records, after, absents_too = competed([*pairs, (record, absent - 120.0)], absent)

    assert np.allclose(after[:-1], before)
    assert np.allclose(absents, absents_too)
    assert after[-1] < 1e-30


@settings(max_examples=60, deadline=None)
@given(PAIRS, ABSENT)
def test_more_evidence_is_never_less_probable(pairs: list[tuple[int, float]], absent: float) -> None:
    records, probabilities, _absents = competed(pairs, absent)

    for one in range(len(pairs)):
        for other in range(len(pairs)):
            if records[one] == records[other] and pairs[one][1] >= pairs[other][1]:
                assert probabilities[one] >= probabilities[other]


def test_nobody_to_choose_from_is_absent() -> None:
    _records, probabilities, absents = competed([], -3.0)

    assert len(probabilities) == 0
    assert absents.tolist() == [1.0] * RECORDS


@settings(max_examples=60, deadline=None)
@given(PAIRS, ABSENT)
def test_the_best_is_the_most_probable_and_the_second_comes_after_it(
    pairs: list[tuple[int, float]], absent: float
) -> None:
    records, probabilities, _absents = competed(pairs, absent)
    order = np.arange(len(pairs))

    best = best_of(RECORDS, records, order, probabilities)

    for record in range(RECORDS):
        own = np.flatnonzero(records == record)
        assert (best.pair[record] >= 0) == (len(own) > 0)
        assert (best.runner_up[record] >= 0) == (len(own) > 1)
        if len(own):
            assert best.probability[record] == probabilities[own].max()
            assert best.runner_up_probability[record] <= best.probability[record]
            assert best.runner_up[record] != best.pair[record]
            assert best.total[record] == pytest.approx(probabilities[own].sum())


def test_of_equal_candidates_the_lowest_number_is_taken_whatever_the_order_of_rows() -> None:
    records, probabilities = np.array([0, 0, 0]), np.array([0.3, 0.3, 0.3])

    for numbers in ([7, 5, 9], [5, 9, 7], [9, 7, 5]):
        best = best_of(1, records, np.array(numbers), probabilities)

        assert numbers[best.pair[0]] == 5
        assert numbers[best.runner_up[0]] == 7
