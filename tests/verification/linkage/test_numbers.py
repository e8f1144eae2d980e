"""Identity numbers as people type them and spreadsheets hold them."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.verification.linkage.numbers import NONE, read_numbers, read_population_numbers
from lienthong.verification.linkage.vocabulary import Field
from tests.verification.linkage.small import level_of

NUMBER, OLD_NUMBER = 19160000001, 90123456


def read(text: str | None) -> tuple[int, int, bool, bool]:
    numbers = read_numbers(pl.Series([text], dtype=pl.String))
    return tuple(column[0].item() for column in numbers)


@pytest.mark.parametrize(
    "text",
    [
        "019160000001", "19160000001", " 019160000001 ", "'019160000001", "’019160000001", "019 160 000 001", "019.160.000.001",
        "019160000001.0", "19160000001.0", "19160000001,00", "019\u00a0160000001", "019-160-000-001", "CCCD 019160000001",
        "CCCD: 019160000001.", "1.9160000001E+10", "1.9160000001e10", "1,9160000001E+10", "O19160000001",
    ],
)  # fmt: skip
def test_every_way_to_write_a_number(text: str) -> None:
    assert read(text) == (NUMBER, NONE, False, True)


def test_two_zeros_lost_are_given_back() -> None:
    assert read("1085000123") == (1085000123, NONE, False, True)


@pytest.mark.parametrize("text", ["090123456", "90123456", "90123456.0", "'090123456", "090 123 456", "CMND 090123456"])
def test_a_number_of_nine_digits_is_the_old_one(text: str) -> None:
    assert read(text) == (NONE, OLD_NUMBER, False, True)


@pytest.mark.parametrize("text", ["1.916E+10", "1.9E+10", "2E+10", "1.91600E+10", "1.9160000001E+99", "1E+0"])
def test_a_number_whose_last_digits_a_spreadsheet_lost_is_none(text: str) -> None:
    number, old_number, _odd, is_given = read(text)

    assert (number, old_number, is_given) == (NONE, NONE, True)


@pytest.mark.parametrize(
    "text",
    [
        "000000000000",
        "111111111111",
        "999999999",
        "123456789",
        "123456789012",
        "012345678912",
        "0",
        "00",
        "1",
        "0000000012",
    ],
)
def test_what_was_typed_because_something_had_to_be_is_no_number(text: str) -> None:
    assert read(text) == (NONE, NONE, False, True)


@pytest.mark.parametrize(
    "text",
    ["0191600000011", "1234567", "0912345678", "01916000000", "1234567890123456789012345", "019160000001/090123456"],
)
def test_digits_that_make_no_number_are_odd(text: str) -> None:
    assert read(text) == (NONE, NONE, True, True)


@pytest.mark.parametrize("text", ["không có", "chưa cấp", "x", "-", "🙂", "٠١٩١٦٠٠٠٠٠٠١", "#N/A", "=A1", "\x00"])
def test_letters_are_no_number_but_something_was_typed(text: str) -> None:
    number, old_number, is_odd, is_given = read(text)

    assert (number, old_number, is_given) == (NONE, NONE, True)
    assert not is_odd or any(letter.isdigit() for letter in text)


@pytest.mark.parametrize("text", [None, "", "  ", "'", "\u00a0"])
def test_nothing_typed_is_nothing_given(text: str | None) -> None:
    assert read(text) == (NONE, NONE, False, False)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=10**9, max_value=10**12 - 1).filter(lambda number: len(set(str(number))) > 1))
def test_any_number_is_read_back_with_its_zeros_and_without(number: int) -> None:
    if str(number).zfill(12) in {"123456789012", "012345678912"} or str(number) == "1234567890":
        return
    ways = [str(number).zfill(12), str(number), f"{number}.0", f"'{number}", f"{str(number).zfill(12)} "]

    assert set(read_numbers(pl.Series(ways)).number.tolist()) == {number}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6))
def test_no_text_stops_the_reading(texts: list[str]) -> None:
    numbers = read_numbers(pl.Series(texts, dtype=pl.String))

    assert len(numbers.number) == len(texts)
    assert not ((numbers.number >= 0) & (numbers.old_number >= 0)).any()
    assert (numbers.number < 10**12).all()


def test_the_population_has_numbers_of_one_length() -> None:
    column = pl.Series(["019160000001", None, "abc", "-5", "1" * 13, "9" * 30])

    assert read_population_numbers(column, digits=12).tolist() == [NUMBER, NONE, NONE, NONE, NONE, NONE]


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("019160000001", "019160000001", "exact"),
        ("19160000001", "019160000001", "exact"),
        ("019160000002", "019160000001", "similar"),
        ("019160000010", "019160000001", "similar"),
        ("019160000322", "019160000001", "other"),
        ("", "019160000001", ""),
        ("090123456", "019160000001", ""),
    ],
)
def test_how_two_numbers_agree(typed: str, known: str, expected: str) -> None:
    assert level_of(Field.NUMBER, {"number": typed}, {"number": known}) == expected


def test_the_old_number_is_compared_with_the_old_one() -> None:
    person = {"number": "019160000001", "old_number": "090123456"}

    assert level_of(Field.OLD_NUMBER, {"number": "90123456"}, person) == "exact"
    assert level_of(Field.OLD_NUMBER, {"number": "090123457"}, person) == "other"
    assert level_of(Field.OLD_NUMBER, {"number": "019160000001"}, person) == ""
