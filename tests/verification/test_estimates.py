"""Rates and intervals, each beside a computation that goes another way."""

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.verification.estimates import Interval, Stratum, most_errors, recall, stratified, wilson

Z = 1.959963984540054


def by_bisection(hits: int, tried: int) -> tuple[float, float]:
    """Solve the score test for the rates that it just does not reject, by halving."""

    def score(rate: float) -> float:
        return (hits / tried - rate) / (rate * (1 - rate) / tried) ** 0.5

    def root(left: float, right: float, wanted: float) -> float:
        for _step in range(200):
            middle = (left + right) / 2
            left, right = (middle, right) if score(middle) > wanted else (left, middle)
        return left

    share, tiny = hits / tried, 1e-12
    low = 0.0 if hits == 0 else root(tiny, share, Z)
    high = 1.0 if hits == tried else root(share if hits else tiny, 1 - tiny, -Z)
    return low, high


@given(st.integers(1, 2000).flatmap(lambda tried: st.tuples(st.integers(0, tried), st.just(tried))))
def test_the_interval_of_wilson_is_where_the_score_test_turns(case: tuple[int, int]) -> None:
    hits, tried = case
    interval = wilson(hits, tried)

    assert interval is not None
    low, high = by_bisection(hits, tried)
    assert interval.low == pytest.approx(low, abs=1e-9)
    assert interval.high == pytest.approx(high, abs=1e-9)
    assert 0 <= interval.low <= interval.rate <= interval.high <= 1


STRATA = st.lists(
    st.integers(1, 5000).flatmap(
        lambda size: st.integers(0, min(size, 300)).flatmap(
            lambda judged: st.integers(0, judged).map(lambda hits: Stratum(size, judged, hits))
        )
    ),
    min_size=1,
    max_size=8,
)


@given(STRATA)
def test_the_estimate_weighs_each_stratum_by_its_size(strata: list[Stratum]) -> None:
    interval = stratified(strata)

    judged = [one for one in strata if one.judged]
    if not judged:
        assert interval is None
        return
    assert interval is not None
    expected = sum(one.size * one.hits / one.judged for one in judged) / sum(one.size for one in judged)
    assert interval.rate == pytest.approx(expected)
    assert -1e-12 <= interval.low <= interval.high <= 1 + 1e-12


@given(st.integers(2, 300), st.data())
def test_one_great_stratum_is_a_simple_sample(judged: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, judged))
    whole, simple = stratified([Stratum(10**12, judged, hits)]), wilson(hits, judged)

    assert whole is not None and simple is not None
    assert whole.low == pytest.approx(simple.low, abs=1e-6)
    assert whole.high == pytest.approx(simple.high, abs=1e-6)


@given(STRATA)
def test_what_was_judged_whole_leaves_no_doubt(strata: list[Stratum]) -> None:
    whole = [Stratum(one.size, one.size, min(one.size, one.hits)) for one in strata]
    interval = stratified(whole)

    assert interval is not None
    assert interval.low == pytest.approx(interval.rate)
    assert interval.high == pytest.approx(interval.rate)


def test_a_stratum_that_nobody_looked_at_may_be_anything() -> None:
    interval = stratified([Stratum(60, 60, 60), Stratum(40, 0, 0)])

    assert interval == Interval(1.0, pytest.approx(0.6), pytest.approx(1.0))  # type: ignore[arg-type]


@pytest.mark.parametrize("rates", [(0.999, 0.95, 0.6), (0.5, 0.5, 0.5), (1.0, 0.9, 0.02)])
def test_the_true_rate_lies_in_the_interval_as_often_as_it_says(rates: tuple[float, ...]) -> None:
    sizes, tries = (20_000, 1_500, 300), (150, 80, 60)
    truth = sum(size * round(size * rate) / size for size, rate in zip(sizes, rates, strict=True)) / sum(sizes)
    chance, inside, rounds = random.Random(20261129), 0, 600
    for _round in range(rounds):
        strata = []
        for size, rate, judged in zip(sizes, rates, tries, strict=True):
            good = round(size * rate)
            hits = sum(one < good for one in chance.sample(range(size), judged))
            strata.append(Stratum(size, judged, hits))
        interval = stratified(strata)
        assert interval is not None
        inside += interval.low <= truth <= interval.high

    assert inside / rounds >= 0.93


@given(STRATA, STRATA)
def test_recall_lies_between_the_worst_and_the_best_of_both_parts(found: list[Stratum], missed: list[Stratum]) -> None:
    interval, right, lost = recall(found, missed), stratified(found), stratified(missed)

    if right is None:
        assert interval is None
        return
    assert interval is not None
    assert 0 <= interval.low <= interval.rate <= interval.high <= 1 + 1e-12
    if lost is not None and right.rate:
        kept, gone = right.rate * sum(one.size for one in found), lost.rate * sum(one.size for one in missed)
        assert interval.rate == pytest.approx(kept / (kept + gone))


def test_nothing_left_out_is_a_recall_of_one() -> None:
    assert recall([Stratum(10, 10, 9)], []) == Interval(1.0, 1.0, 1.0)
    assert recall([Stratum(10, 0, 0)], [Stratum(10, 10, 1)]) is None
    assert recall([Stratum(10, 10, 10)], [Stratum(10, 0, 0)]) == Interval(1.0, 0.5, 1.0)


@pytest.mark.parametrize("tried", [1, 30, 300, 500, 20_000])
def test_none_found_is_less_than_about_three_divided_by_the_tries(tried: int) -> None:
    most = most_errors(tried)

    assert most is not None
    # Exactly: with that rate, to find none has a chance of one in twenty.
    assert comb(tried, 0) * (1 - most) ** tried == pytest.approx(0.05)
    assert most <= 3 / tried
    assert tried < 30 or most == pytest.approx(3 / tried, rel=0.06)


def test_nothing_tried_is_no_rate() -> None:
    assert wilson(0, 0) is None
    assert stratified([]) is None
    assert most_errors(0) is None


def test_a_stratum_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot have"):
        Stratum(3, 4, 1)
