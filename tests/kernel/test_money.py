"""Money is whole đồng, written as officials write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.kernel.money import dong_in_words, format_dong, parse_dong


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"),
        (1, "một đồng"),
        (5, "năm đồng"),
        (10, "mười đồng"),
        (11, "mười một đồng"),
        (15, "mười lăm đồng"),
        (20, "hai mươi đồng"),
        (21, "hai mươi mốt đồng"),
        (24, "hai mươi bốn đồng"),
        (55, "năm mươi lăm đồng"),
        (101, "một trăm lẻ một đồng"),
        (110, "một trăm mười đồng"),
        (115, "một trăm mười lăm đồng"),
        (1_000, "một nghìn đồng"),
        (1_005, "một nghìn không trăm lẻ năm đồng"),
        (1_015, "một nghìn không trăm mười lăm đồng"),
        (360_000, "ba trăm sáu mươi nghìn đồng"),
        (7_200_000, "bảy triệu hai trăm nghìn đồng"),
        (24_000_001, "hai mươi bốn triệu không trăm nghìn không trăm lẻ một đồng"),
        (24_000_500, "hai mươi bốn triệu không trăm nghìn năm trăm đồng"),
        (1_000_000_000, "một tỷ đồng"),
        (1_000_000_005, "một tỷ không trăm triệu không trăm nghìn không trăm lẻ năm đồng"),
        (1_234_000_000_000, "một nghìn hai trăm ba mươi bốn tỷ đồng"),
        (2_000_000_000_000_000_000, "hai tỷ tỷ đồng"),
        (-1_500, "âm một nghìn năm trăm đồng"),
    ],
)
def test_amounts_are_spelled_in_the_official_style(amount: int, words: str) -> None:
    assert dong_in_words(amount) == words


def test_amounts_are_grouped_by_dots_and_keep_their_sign_of_currency_on_the_line() -> None:
    assert format_dong(1_234_567) == "1.234.567\u00a0₫"
    assert format_dong(0) == "0\u00a0₫"


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_every_amount_that_is_written_can_be_read_back(amount: int) -> None:
    assert parse_dong(format_dong(amount)) == amount


@pytest.mark.parametrize(
    "text", ["1234567", "1.234.567", "1,234,567 VND", " 1 234 567 đ", "1.234.567 đồng", "1.234.567 VNĐ"]
)
def test_reads_the_ways_people_type_an_amount(text: str) -> None:
    assert parse_dong(text) == 1_234_567


@pytest.mark.parametrize(
    "text", ["", "đồng", "1.5", "12.34", "1.234,567", "1.2345", "mười", "1e6", "--5", "١٢٣", "1.234.56"]
)
def test_refuses_what_is_not_a_whole_number_of_dong_and_shows_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"Hãy nhập số nguyên đồng, ví dụ 1\.234\.567"):
        parse_dong(text)


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=10**12))
def test_two_amounts_are_never_spelled_alike(one: int, other: int) -> None:
    assert (dong_in_words(one) == dong_in_words(other)) == (one == other)
