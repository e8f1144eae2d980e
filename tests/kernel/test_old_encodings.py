"""Files of the old fonts are recognised and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.kernel.old_encodings import (
    decode_tcvn3,
    decode_vni,
    is_vietnamese_syllable,
    looks_like_tcvn3,
    looks_like_vni,
)
from lienthong.kernel.text import nfc

# As the fonts .VnTime and VNI-Times hold them, typed from their published code tables.
SAMPLES = [
    (
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Céng hßa x· héi chñ nghÜa ViÖt Nam",
        "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam",
    ),
    ("Độc lập - Tự do - Hạnh phúc", "§éc lËp - Tù do - H¹nh phóc", "Ñoäc laäp - Töï do - Haïnh phuùc"),
    ("Nguyễn Thị Bích Phượng", "NguyÔn ThÞ BÝch Ph\u00adîng", "Nguyeãn Thò Bích Phöôïng"),
    ("Thái Nguyên", "Th¸i Nguyªn", "Thaùi Nguyeân"),
    ("Đỗ Quỳnh Ỷ", "§ç Quúnh û", "Ñoã Quyønh YÛ"),
    ("Bắc Kạn", "B¾c K¹n", "Baéc Kaïn"),
]


@pytest.mark.parametrize(("text", "tcvn3", "vni"), SAMPLES)
def test_reads_both_encodings(text: str, tcvn3: str, vni: str) -> None:
    assert decode_tcvn3(tcvn3).lower() == text.lower()
    assert decode_vni(vni) == text


@pytest.mark.parametrize(("text", "tcvn3", "vni"), SAMPLES)
def test_reads_them_from_the_bytes_of_the_file_too(text: str, tcvn3: str, vni: str) -> None:
    assert decode_tcvn3(tcvn3.encode("latin-1")).lower() == text.lower()
    assert decode_vni(vni.encode("latin-1")) == text


@pytest.mark.parametrize(("text", "tcvn3", "vni"), SAMPLES)
def test_tells_them_apart_from_each_other_and_from_unicode(text: str, tcvn3: str, vni: str) -> None:
    assert (looks_like_tcvn3(tcvn3), looks_like_vni(tcvn3)) == (True, False)
    assert (looks_like_tcvn3(vni), looks_like_vni(vni)) == (False, True)
    assert not looks_like_tcvn3(text)
    assert not looks_like_vni(text)
    assert not looks_like_tcvn3(text.encode())
    assert looks_like_tcvn3(tcvn3.encode("latin-1"))


def test_capitals_of_a_capital_font_stay_capitals() -> None:
    assert decode_tcvn3("NGUYÔN V¡N §¹T") == "NGUYỄN VĂN ĐẠT"
    assert decode_tcvn3("Lª V¨n TuÊn") == "Lê Văn Tuấn"
    assert decode_vni("NGUYEÃN THÒ HÖÔNG") == "NGUYỄN THỊ HƯƠNG"


@pytest.mark.parametrize("text", ["", "Nguyen Van An", "Müller", "café", "Krông Búk", "Y Blơk Êban", "Hoà", "ĐẶNG"])
def test_other_text_is_not_taken_for_an_old_encoding(text: str) -> None:
    assert not looks_like_tcvn3(text)
    assert not looks_like_vni(text)


@pytest.mark.parametrize(
    "word", ["nghiêng", "khuỷu", "quỳnh", "giếng", "gì", "Thoại", "ưa", "yếu", "oằn", "quốc", "thuở", "khuya"]
)
def test_knows_the_shape_of_a_syllable(word: str) -> None:
    assert is_vietnamese_syllable(word)


@pytest.mark.parametrize("word", ["nguyeãn", "hat", "hàt", "búk", "krông", "h", "áà", "boo"])
def test_knows_what_is_no_syllable(word: str) -> None:
    assert not is_vietnamese_syllable(word)


@given(st.text(max_size=40), st.binary(max_size=40))
def test_decoding_never_fails_and_gives_composed_text(text: str, content: bytes) -> None:
    for source in (text, content):
        assert decode_tcvn3(source) == nfc(decode_tcvn3(source))
        assert decode_vni(source) == nfc(decode_vni(source))
        looks_like_tcvn3(source)
        looks_like_vni(source)
