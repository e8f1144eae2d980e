"""Codes that a banking application scans: published examples, and what is refused."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.payments.banks import UnknownBank, bank_name, bank_of, banks, find_bank
from lienthong.payments.vietqr import NoCodePossible, crc16, payload, picture

# Published with the CRC catalogue (CRC-16/CCITT-FALSE) and with the specification of the code.
PUBLISHED = {
    b"123456789": "29B1",
    b"": "FFFF",
    b"A": "B915",
    b"00020101021138480010A00000072701300006970403011621129950446040255204581253037045802VN5910PHUONG CAC6005HANOI62110307NPS68696304": "5802",
}


@pytest.mark.parametrize(("content", "sum_"), PUBLISHED.items())
def test_the_check_sum_of_published_examples(content: bytes, sum_: str) -> None:
    assert f"{crc16(content):04X}" == sum_


def test_the_published_example_of_a_transfer() -> None:
    said = payload(bank_code="970415", account="113366668888", amount=79_000, purpose="Ủng Hộ Quỹ Vắc Xin")

    assert said == (
        "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405790005802VN6222"
        "0818Ung Ho Quy Vac Xin63043ACF"
    )


@given(
    account=st.text(string.ascii_letters + string.digits, min_size=1, max_size=19),
    amount=st.none() | st.integers(1, 10**13 - 1),
    purpose=st.text(max_size=60),
)
def test_a_code_reads_back_tag_by_tag(account: str, amount: int | None, purpose: str) -> None:
    said = payload(bank_code="970436", account=account, amount=amount, purpose=purpose)
    tags = _tags(said)

    assert said.isascii()
    assert _tags(_tags(tags["38"])["01"]) == {"00": "970436", "01": account}
    assert tags.get("54") == (None if amount is None else str(amount))
    assert tags["01"] == ("11" if amount is None else "12")
    assert tags["63"] == f"{crc16(said[:-4].encode()):04X}"


@pytest.mark.parametrize(
    "values",
    [
        {"bank_code": "97041", "account": "1"},
        {"bank_code": "97041x", "account": "1"},
        {"bank_code": "970415", "account": ""},
        {"bank_code": "970415", "account": "1" * 20},
        {"bank_code": "970415", "account": "12 34"},
        {"bank_code": "970415", "account": "1", "amount": 0},
        {"bank_code": "970415", "account": "1", "amount": -5},
        {"bank_code": "970415", "account": "1", "amount": 10**13},
    ],
)
def test_no_code_of_values_that_do_not_fit(values: dict[str, object]) -> None:
    with pytest.raises(NoCodePossible):
        payload(**values)  # type: ignore[arg-type]


def test_the_picture_is_an_svg_without_script() -> None:
    drawn = picture(payload(bank_code="970405", account="0123456789"))

    assert drawn.startswith("<svg")
    assert "script" not in drawn


def test_banks_are_known_by_six_digits_and_say_how_sure_we_are() -> None:
    assert len(banks()) > 40
    assert all(re.fullmatch(r"\d{6}", code) for code in banks())
    assert all(bank.source for bank in banks().values())
    assert len({bank.short for bank in banks().values()}) == len(banks())


def test_a_bank_is_found_by_what_people_type() -> None:
    assert bank_of("970405").short == "Agribank"
    assert bank_name("000001") == "000001"
    assert find_bank("VIETCOMBANK") is banks()["970436"]
    assert find_bank("Ngân hàng") is None
    with pytest.raises(UnknownBank, match=r"banks\.yaml"):
        bank_of("000001")


def _tags(text: str) -> dict[str, str]:
    found = {}
    while text:
        length = int(text[2:4])
        found[text[:2]] = text[4 : 4 + length]
        text = text[4 + length :]
    return found
