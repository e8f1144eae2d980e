"""Asking one by one: which question to put next."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.verification.linkage import Variant, variants

YEAR = 2026


def asked(**record: str | None) -> list[Variant]:
    return variants(record, this_year=YEAR)


def test_the_record_as_it_stands_is_asked_first_put_into_order() -> None:
    first = asked(number="'19160000001", full_name=" MA  THỊ LAN ", birth_date="5-7-1960")[0]

    assert (first.number, first.full_name, first.birth_date) == ("019160000001", "Ma Thị Lan", "05/07/1960")


def test_no_question_is_asked_twice_and_none_is_empty() -> None:
    questions = asked(number="019160000001", full_name="Nguyễn Thị Thúy", birth_date="05/07/1960")

    put = [(one.number, one.full_name, one.birth_date) for one in questions]
    assert len(set(put)) == len(put)
    assert all(one.words for one in questions)
    assert all(one.number or (one.full_name and one.birth_date) for one in questions)


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"full_name": "Lê Thị Hòa"}, "Lê Thị Hoà"),
        ({"full_name": "Lê Thị Hoà"}, "Lê Thị Hòa"),
        ({"full_name": "Vũ Thị Mỹ Ly"}, "Vũ Thị Mỹ Li"),
        ({"full_name": "Lan Ma Thị"}, "Thị Lan Ma"),
        ({"full_name": "NguyÔn V¨n §¹t"}, "Nguyễn Văn Đạt"),
        ({"full_name": "Nguyeãn Vaên Ñaït"}, "Nguyễn Văn Đạt"),
    ],
)
def test_other_spellings_of_the_name_are_asked(record: dict[str, str], name: str) -> None:
    names = [one.full_name for one in asked(number="019160000001", birth_date="05/07/1960", **record)]

    assert name in names


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        ("05/07/1960", ["05/07/1960", "07/05/1960"]),
        ("07/07/1960", ["07/07/1960"]),
        ("25/07/1960", ["25/07/1960"]),
        ("01/01/1960", ["01/01/1960", "1960"]),
        ("1960", ["1960", "01/01/1960"]),
        ("25/07/60", ["25/07/1960", "25/07/2060"]),
        ("25/07/20", ["25/07/2020", "25/07/1920"]),
    ],
)
def test_other_readings_of_the_date_are_asked(birth_date: str, expected: list[str]) -> None:
    questions = asked(number="019160000001", full_name="Ma Thị Lan", birth_date=birth_date)

    dates = list(dict.fromkeys(one.birth_date for one in questions if one.number and one.birth_date))
    assert dates == expected


def test_then_less_is_asked_first_without_the_date_then_without_the_number() -> None:
    questions = asked(number="019160000001", full_name="Ma Thị Lan", birth_date="25/07/1960")

    assert Variant("019160000001", "Ma Thị Lan", "", "số và họ tên, không ngày sinh") in questions
    assert questions[-1].number == ""
    assert questions[-1].birth_date


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"full_name": None},
        {"number": "", "full_name": "  ", "birth_date": ""},
        {"number": "abc", "birth_date": "xyz"},
    ],
)
def test_of_nothing_nothing_is_asked(record: dict[str, str | None]) -> None:
    assert variants(record, this_year=YEAR) == []


def test_a_number_alone_is_asked() -> None:
    assert next((one.number, one.full_name) for one in asked(number="090123456")) == ("090123456", "")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["number", "full_name", "birth_date"]), st.text(max_size=40)))
def test_no_record_stops_the_asking(record: dict[str, str]) -> None:
    for one in variants({**record}, this_year=YEAR):
        assert len(one.number) in {0, 9, 12}
        assert len(one.birth_date) in {0, 4, 10}
