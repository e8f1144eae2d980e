"""How links are compared with the truth."""

import polars as pl
import pytest

from lienthong.ops.bench.verification import marks

TRUTH = pl.DataFrame({"rid": [0, 1, 2, 3], "cccd": ["a", "b", "c", None]})


def links(*found: str | None) -> pl.DataFrame:
    return pl.DataFrame({"rid": list(range(len(found))), "cccd": pl.Series(found, dtype=pl.String)})


def test_a_link_to_nobody_in_the_population_is_wrong() -> None:
    found = marks.accuracy(links("a", "x", None, "d"), TRUTH)

    assert (found.links, found.wrong) == (3, 2)
    assert (found.precision, found.recall) == (1 / 3, 1 / 3)
    assert found.f1 == pytest.approx(1 / 3)


def test_no_links_are_no_success() -> None:
    assert marks.accuracy(links(None, None, None, None), TRUTH).f1 == 0


def test_either_number_of_somebody_with_two_is_right() -> None:
    truth = TRUTH.with_columns(other_cccd=pl.Series(["z", None, None, None], dtype=pl.String))

    assert marks.accuracy(links("z", "b", "c", None), truth).f1 == 1


def test_a_band_says_by_how_many_points_it_is_off() -> None:
    judged = pl.DataFrame({"probability": [0.92] * 10 + [1.0] * 10, "is_right": [True] * 8 + [False] * 2 + [True] * 10})

    bands = marks.calibration(judged)

    assert [(band["from"], band["records"], band["points"]) for band in bands] == [(0.9, 10, -12.0), (0.999, 10, 0.0)]


def test_a_band_with_few_records_is_not_judged() -> None:
    many = {"records": marks.FEW, "points": -2.0}

    assert marks.worst_band([many, {"records": marks.FEW - 1, "points": 40.0}]) == 2.0
    assert marks.worst_band([]) == 0


def test_what_was_noticed_has_precision_and_recall() -> None:
    said, true = pl.Series([True, True, False, False]), pl.Series([True, False, True, True])

    assert marks.detection(said, true) == {
        "said": 2,
        "true": 3,
        "precision": 0.5,
        "recall": pytest.approx(1 / 3, abs=1e-4),
    }


def test_a_square_grows_with_the_power_two() -> None:
    assert marks.exponent({10: 1.0, 100: 100.0, 1000: 10_000.0}) == pytest.approx(2)
