"""Dates of birth as registers hold them."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.verification.linkage.dates import UNKNOWN_YEAR, read_birth_dates, read_compact_dates
from lienthong.verification.linkage.vocabulary import Field
from tests.verification.linkage.small import level_of

NEWEST = 2026


def read(text: str | None) -> tuple[int, int, bool]:
    dates = read_birth_dates(pl.Series([text], dtype=pl.String), newest_year=NEWEST)
    return int(dates.year[0]), int(dates.month_day[0]), bool(dates.is_year_short[0])


@pytest.mark.parametrize(
    "text",
    [
        "05/09/1954", "5/9/1954", "05-09-1954", "05.09.1954", "5 9 1954", " 05/09/1954 ", "'05/09/1954", "05 / 09 / 1954",
        "1954-09-05", "1954/09/05", "1954.9.5", "1954-09-05 00:00:00", "1954-09-05T00:00:00", "05/09/1954 00:00",
        "05091954", "19540905", "ngày 05 tháng 09 năm 1954", "Ngày 5 tháng 9 năm 1954", "Sinh ngày 5 tháng 9 năm 1954",
        "19972", "19972.0",
    ],
)  # fmt: skip
def test_every_way_to_write_a_day(text: str) -> None:
    assert read(text) == (1954, 905, False)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1950", 1950), ("1950.0", 1950), (" 1950 ", 1950), ("00/00/1950", 1950), ("0/0/1950", 1950), ("09/1950", 1950),
        ("9-1950", 1950), ("tháng 9/1950", 1950), ("tháng 9 năm 1950", 1950), ("khoảng 1950", 1950), ("năm 1950", 1950),
        ("--/--/1950", 1950), ("xx/xx/1950", 1950), ("19500000", 1950), ("45/13/1950", 1950), ("1950?", 1950),
        ("1880", 1880), ("2026", 2026),
    ],
)  # fmt: skip
def test_only_the_year_is_known(text: str, year: int) -> None:
    assert read(text) == (year, 0, False)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("05/09/54", 1954),
        ("05/09/99", 1999),
        ("05/09/26", 2026),
        ("05/09/27", 1927),
        ("05/09/00", 2000),
        ("5-9-08", 2008),
    ],
)
def test_two_digits_of_the_year_are_of_the_century_that_can_be(text: str, year: int) -> None:
    assert read(text) == (year, 905, True)


def test_day_and_month_are_turned_where_nothing_else_is_possible() -> None:
    assert read("09/25/1954") == (1954, 925, False)
    assert read("25/09/1954") == (1954, 925, False)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "   ", "'", "không rõ", "?", "--", "nan", "None", "abc", "1", "12", "99/99", "1054", "05/09/1054", "9" * 30,
        "05/09/19540", "#####", "#N/A", "=TODAY()", "-1954", "🙂", "\x00", "٠٥/٠٩/١٩٥٤", "05/09/2150", "0000", "00000000",
    ],
)  # fmt: skip
def test_nonsense_is_no_date(text: str | None) -> None:
    year, month_day, is_short = read(text)

    assert (year, month_day, is_short) == (UNKNOWN_YEAR, 0, False) or 1880 <= year <= 2099
    if text is None or not any(digit in text for digit in "123456789"):
        assert year == UNKNOWN_YEAR


@pytest.mark.parametrize(("text", "year"), [("05/09/7023", 7023), ("5/9/1054", 1054), ("2954-09-05", 2954)])
def test_a_year_in_which_nobody_lives_is_kept_where_it_is_compared_and_only_there(text: str, year: int) -> None:
    kept = read_birth_dates(pl.Series([text]), newest_year=NEWEST, any_year=True)

    assert (kept.year[0], kept.month_day[0]) == (year, 905)
    assert read(text) == (UNKNOWN_YEAR, 0, False)


@pytest.mark.parametrize("text", ["7023", "00/00/7023", "45/45/7023", "99999999", "năm 7023"])
def test_such_a_year_alone_says_nothing(text: str) -> None:
    kept = read_birth_dates(pl.Series([text]), newest_year=NEWEST, any_year=True)

    assert kept.year[0] == UNKNOWN_YEAR or 1880 <= kept.year[0] <= 2099


def test_a_column_is_read_in_its_order_and_equal_texts_alike() -> None:
    texts = ["05/09/1954", None, "1954", "05/09/1954", "19972", ""]

    dates = read_birth_dates(pl.Series(texts), newest_year=NEWEST)

    assert dates.year.tolist() == [1954, -1, 1954, 1954, 1954, -1]
    assert dates.month_day.tolist() == [905, 0, 0, 905, 905, 0]


@settings(max_examples=60, deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31)))
def test_any_day_is_read_back_from_the_usual_ways(day: date) -> None:
    ways = [f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day:%d.%m.%Y}"]

    dates = read_birth_dates(pl.Series(ways), newest_year=NEWEST)

    assert {(int(f"{day:%Y}"), int(f"{day:%m%d}"))} == set(
        zip(dates.year.tolist(), dates.month_day.tolist(), strict=True)
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=8))
def test_no_text_stops_the_reading(texts: list[str]) -> None:
    dates = read_birth_dates(pl.Series(texts, dtype=pl.String), newest_year=NEWEST)

    assert len(dates.year) == len(texts)
    assert np.all((dates.year == UNKNOWN_YEAR) | (dates.year >= 1880))
    assert np.all(dates.month_day[dates.year == UNKNOWN_YEAR] == 0)


def test_the_population_writes_eight_digits_and_other_forms_are_read_all_the_same() -> None:
    column = pl.Series(["19540905", "19540000", None, "05/09/1954", "1954-09-05", "1954", "rác", "99999999"])

    dates = read_compact_dates(column)

    assert dates.year.tolist() == [1954, 1954, -1, 1954, 1954, 1954, -1, -1]
    assert dates.month_day.tolist() == [905, 0, 0, 905, 905, 0, 0, 0]


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("05/09/1954", "19540905", "exact"),
        ("05/09/54", "19540905", "exact"),
        ("19972", "19540905", "exact"),
        ("1954", "19540905", "partial"),
        ("01/01/1954", "19540905", "partial"),
        ("00/00/1954", "19540905", "partial"),
        ("05/09/1954", "19540000", "partial"),
        ("05/09/1954", "19540101", "partial"),
        ("1954", "19540000", "partial"),
        ("01/01/1954", "19540101", "exact"),
        ("09/05/1954", "19540905", "swapped"),
        ("06/09/1954", "19540905", "one_part"),
        ("05/10/1954", "19540905", "one_part"),
        ("05/09/1955", "19540905", "year_off"),
        ("05/09/1945", "19540905", "year_off"),
        ("05/09/1964", "19540905", "year_off"),
        ("05/09/1854", "19540905", "year_off"),
        ("05/09/7954", "19540905", "year_off"),
        ("06/09/7954", "19540905", "other"),
        ("28/07/1954", "19540905", "lunar"),
        ("20/12/1954", "19550201", "lunar"),
        ("20/02/1954", "19540905", "same_year"),
        ("20/02/1955", "19540905", "next_year"),
        ("20/02/1970", "19540905", "other"),
        ("không rõ", "19540905", ""),
        ("05/09/1954", None, ""),
    ],
)
def test_how_two_dates_agree(typed: str, known: str | None, expected: str) -> None:
    assert level_of(Field.BIRTH, {"birth_date": typed}, {"birth_date": known}) == expected
