"""What is drawn for people to judge."""

import random

from hypothesis import given
from hypothesis import strategies as st

from lienthong.verification.sampling import (
    BAND_EDGES,
    StratumKey,
    allocate,
    band_end,
    band_of,
    draw,
    edges_with,
    mixed,
)

KEYS = st.builds(StratumKey, st.sampled_from(["verified", "not_found", "moved"]), st.sampled_from(BAND_EDGES))
SIZES = st.dictionaries(KEYS, st.integers(0, 4000), max_size=12)


@given(st.floats(0, 1), st.floats(0.5, 1))
def test_every_probability_lies_in_its_band_on_one_side_of_the_threshold(probability: float, threshold: float) -> None:
    edges = edges_with(threshold)
    low = band_of(probability, edges)

    assert low <= probability <= band_end(low, edges)
    assert (low >= threshold) == (probability >= threshold) or threshold == 1


def test_a_stratum_is_read_as_it_was_kept() -> None:
    key = StratumKey("verified", 0.999)

    assert key.text == "verified:0.999"
    assert StratumKey.read(key.text) == key


@given(SIZES, st.integers(0, 600))
def test_no_stratum_stays_unseen_and_no_record_is_drawn_twice(sizes: dict[StratumKey, int], wanted: int) -> None:
    drawn = allocate(sizes, wanted=wanted)

    assert sum(drawn.values()) == min(wanted, sum(sizes.values()))
    assert all(count <= sizes[key] for key, count in drawn.items())
    filled = [key for key in sizes if sizes[key]]
    if wanted >= 8 * len(filled):
        assert all(drawn[key] >= min(8, sizes[key]) for key in filled)


@given(st.lists(KEYS, max_size=200), st.integers(0, 60), st.integers(0, 2**31))
def test_the_same_seed_draws_the_same_sample_whatever_the_order(keys: list[StratumKey], wanted: int, seed: int) -> None:
    rows = [(key, identity) for identity, key in enumerate(keys)]
    shuffled = rows.copy()
    random.Random(1).shuffle(shuffled)

    sample = draw(rows, wanted=wanted, seed=seed)

    assert draw(shuffled, wanted=wanted, seed=seed) == sample
    known = dict(zip(range(len(keys)), keys, strict=True))
    assert all(known[identity] == key for key, ids in sample.items() for identity in ids)
    ids = [identity for some in sample.values() for identity in some]
    assert len(ids) == len(set(ids)) == min(wanted, len(keys))
    assert sorted(mixed(ids, seed=seed)) == sorted(ids)


def test_another_seed_draws_another_sample() -> None:
    rows = [(StratumKey("verified", 0.999), identity) for identity in range(1000)]

    assert draw(rows, wanted=50, seed=1) != draw(rows, wanted=50, seed=2)
