"""Communes by code of any date."""

import polars as pl
import pytest

from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.vocabulary import Field
from tests.verification.linkage.small import level_of

# 05440 went into 05443; 05441 was cut in two; 05443 lives on, larger than it was; 05446 was two, and one kept the code.
MAP = pl.DataFrame(
    [("05440", "05443"), ("05441", "05443"), ("05441", "05446"), ("05443", "05443"), ("05446", "05446"), ("05446", "05449")],
    schema=["old", "new"], orient="row",
)  # fmt: skip
PLACES = Places.read(MAP)
KNOWN = ["05443", "05446", "05449"]


def found(code: str | None) -> list[str]:
    columns = PLACES.find(pl.Series([code], dtype=pl.String), KNOWN)
    return [KNOWN[column[0]] for column in columns if column[0] >= 0]


@pytest.mark.parametrize(
    ("code", "communes"),
    [
        ("05440", ["05443"]),
        ("05443", ["05443"]),
        ("05441", ["05443", "05446"]),
        ("05446", ["05446", "05449"]),
        ("5440", ["05443"]),
        (" 05440 ", ["05443"]),
        ("5446", ["05446", "05449"]),
        ("99999", []),
        ("", []),
        (None, []),
        ("Xã Ví Dụ", []),
    ],
)
def test_a_code_of_any_date_means_the_communes_of_today(code: str | None, communes: list[str]) -> None:
    assert found(code) == communes


def test_at_most_three_communes_are_kept() -> None:
    places = Places.read(pl.DataFrame({"old": ["1"] * 5, "new": list("abcde")}))

    columns = places.find(pl.Series(["1"]), list("abcde"))

    assert [column[0] for column in columns] == [0, 1, 2]


def test_without_a_map_a_code_is_itself() -> None:
    columns = Places.read(None).find(pl.Series(["05443", "05440"]), KNOWN)

    assert [column.tolist() for column in columns] == [[0, -1], [-1, -1], [-1, -1]]


def test_a_map_with_gaps_twice_and_in_another_order_says_the_same() -> None:
    gaps = pl.DataFrame({"old": [None, "05440"], "new": ["05443", None]})

    assert Places.read(pl.concat([MAP, gaps, MAP]).reverse()).successors == PLACES.successors


def test_numbers_given_before_are_kept_so_that_parts_agree() -> None:
    codes, known = PLACES.number(pl.Series(["05449", "05443", None, " 05446 "]))
    again, _ = PLACES.number(pl.Series(["05446"]), known)

    assert known == KNOWN
    assert codes.tolist() == [2, 0, -1, 1]
    assert again.tolist() == [1]


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("05440", "05443", "same"),
        ("05441", "05446", "same"),
        ("05446", "05449", "same"),
        ("05440", "05446", "other"),
        ("99999", "05443", ""),
        (None, "05443", ""),
        ("05443", None, ""),
    ],
)
def test_how_two_communes_agree(typed: str | None, known: str | None, expected: str) -> None:
    assert level_of(Field.COMMUNE, {"commune_code": typed}, {"commune_code": known}, PLACES) == expected
