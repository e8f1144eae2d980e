"""A name is kept as people wrote it, but for what could mislead or break."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.file_names import MAX_LENGTH, clean_name, named_as
from lienthong.documents.inspection.kinds import JPEG, KINDS, PDF, PNG


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        (unicodedata.normalize("NFD", "Giấy khai sinh.pdf"), "Giấy khai sinh.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\An\\Đơn.docx", "Đơn.docx"),
        ("đơn\r\nSet-Cookie: x.pdf", "đơn Set-Cookie: x.pdf"),
        ("đơn\x00.pdf", "đơn .pdf"),
        ("giay\u202efdp.exe", "giayfdp.exe"),
        ("a \"b\" 'c' <d>.pdf", "a \"b\" 'c' <d>.pdf"),
        ("ảnh 😀.jpg", "ảnh 😀.jpg"),
        ("ảnh\ud800.jpg", "ảnh .jpg"),
        ("", "tệp"),
        ("..", "tệp"),
        ("/", "tệp"),
    ],
)
def test_a_name_is_cleaned(raw: str, name: str) -> None:
    assert clean_name(raw) == name


def test_a_long_name_is_cut_in_the_middle_and_keeps_its_ending() -> None:
    name = clean_name("Ữ" * 300 + ".pdf")

    assert len(name) == MAX_LENGTH
    assert name.endswith("Ữ….pdf")


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (PDF, "Đơn.PDF", "Đơn.PDF"),
        (PNG, "ảnh.jpg", "ảnh.jpg.png"),
        (JPEG, "ảnh.jpeg", "ảnh.jpeg"),
        (PDF, "chay.exe", "chay.exe.pdf"),
        (PDF, "Đơn", "Đơn.pdf"),
    ],
)
def test_the_ending_follows_the_content(kind: object, name: str, expected: str) -> None:
    assert named_as(kind, name) == expected  # type: ignore[arg-type]


@given(st.text(max_size=400), st.sampled_from(KINDS))
def test_whatever_comes_a_name_can_be_stored_and_sent(raw: str, kind: object) -> None:
    name = named_as(kind, clean_name(raw))  # type: ignore[arg-type]

    assert 0 < len(name) <= MAX_LENGTH
    assert "/" not in name
    assert unicodedata.is_normalized("NFC", name)
    assert not {unicodedata.category(letter) for letter in name} & {"Cc", "Cs", "Zl", "Zp"}
    name.encode()
