"""The name of a line comes back as it left, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.payments.line_keys import LONGEST_LINE, key_of, line_named_in, line_of

LINES = st.integers(min_value=1, max_value=LONGEST_LINE)


@given(LINES)
def test_every_line_is_found_again_by_its_name(line: int) -> None:
    key = key_of(line)

    assert len(key) == 16
    assert line_of(key) == line
    assert line_named_in("NONREF", f"TRA TRO CAP {key.lower()} T9/2026") == line


@given(LINES, st.integers(2, 15), st.integers(1, 9))
def test_one_wrong_digit_names_nothing(line: int, place: int, shift: int) -> None:
    key = key_of(line)
    wrong = key[:place] + str((int(key[place]) + shift) % 10) + key[place + 1 :]

    assert line_of(wrong) is None


@given(LINES, st.integers(2, 14))
def test_two_digits_in_the_wrong_order_name_nothing(line: int, place: int) -> None:
    key = key_of(line)
    swapped = key[:place] + key[place + 1] + key[place] + key[place + 2 :]

    assert line_of(swapped) == (line if swapped == key else None)


@pytest.mark.parametrize(
    "text", ["", "NONREF", "LT", "LT0000000000077", "LT000000000007777", "LT٠٠٠٠٠٠٠٠٠٠٠٧٧٧", "12345"]
)
def test_what_is_no_name_of_ours_names_nothing(text: str) -> None:
    assert line_of(text) is None


def test_a_text_that_names_two_lines_names_none() -> None:
    assert line_named_in(f"{key_of(1)} {key_of(2)}") is None


@pytest.mark.parametrize("line", [0, -1, LONGEST_LINE + 1])
def test_no_name_for_a_number_that_no_line_has(line: int) -> None:
    with pytest.raises(ValueError, match="payment line"):
        key_of(line)
