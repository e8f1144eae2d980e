"""Names as they are typed, and at which level two of them agree."""

import unicodedata

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.verification.linkage.keystrokes import keystrokes
from lienthong.verification.linkage.names import Vocabulary, read_population_names, read_register_names
from lienthong.verification.linkage.syllables import bare, canonical, sound
from lienthong.verification.linkage.vocabulary import Field
from tests.verification.linkage.small import GIVEN_NAMES, MIDDLE_NAMES, SURNAMES, level_of


def level(typed: str, known: str) -> str:
    return level_of(Field.NAME, {"full_name": typed}, {"full_name": known})


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Nguyễn Thị Ánh", "NGUYỄN THỊ ÁNH"),
        ("nguyễn thị ánh", "Nguyễn Thị Ánh"),
        (nfd("Nguyễn Thị Ánh"), "Nguyễn Thị Ánh"),
        (nfd("NGUYỄN THỊ ÁNH"), "nguyễn thị ánh"),
        ("  Nguyễn   Thị Ánh ", "Nguyễn Thị Ánh"),
        ("Nguyễn\u00a0Thị\u00a0Ánh", "Nguyễn Thị Ánh"),
        ("Nguyễn\tThị\nÁnh", "Nguyễn Thị Ánh"),
        ("\ufeffNguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("Nguyễn Thị Ánh.", "Nguyễn Thị Ánh"),
        ("Nguyễn Thị Ánh,", "Nguyễn Thị Ánh"),
        ("Lê Thị Hoà", "Lê Thị Hòa"),
        ("LÊ THỊ HOÀ", "LÊ THỊ HÒA"),
        ("Trần Văn Khoẻ", "Trần Văn Khỏe"),
        ("Vũ Thuý Hà", "Vũ Thúy Hà"),
        ("Lí Văn Hùng", "Lý Văn Hùng"),
        ("Nguyễn Thị Mĩ", "Nguyễn Thị Mỹ"),
        ("Nguyễn Quí", "Nguyễn Quý"),
        ("Hoàng Sĩ Kì", "Hoàng Sỹ Kỳ"),
    ],
)
def test_spellings_of_one_name_are_exact(typed: str, known: str) -> None:
    assert level(typed, known) == "exact"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Nguyen Thi Anh", "Nguyễn Thị Ánh"),
        ("NGUYEN THI DAO", "Nguyễn Thị Đào"),
        ("Nguyễn Thị Anh", "Nguyễn Thị Ánh"),
        ("Nguyễn Thi Ánh", "Nguyễn Thị Ánh"),
        ("Hoang Van Tuân", "Hoàng Văn Tuấn"),
        ("Lê Thị Thúy", "Lê Thị Thùy"),
    ],
)
def test_only_marks_differ(typed: str, known: str) -> None:
    assert level(typed, known) == "diacritics"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Nguyễn Văn Lăm", "Nguyễn Văn Năm"),
        ("Lông Văn Hùng", "Nông Văn Hùng"),
        ("Lê Thị Chinh", "Lê Thị Trinh"),
        ("Lê Thị Xương", "Lê Thị Sương"),
        ("Lê Thị Gianh", "Lê Thị Danh"),
        ("Lê Thị Rung", "Lê Thị Dung"),
        ("Hoàng Quang Dinh", "Hoàng Quang Vinh"),
        ("Hoàng Văn Ngĩa", "Hoàng Văn Nghĩa"),
        ("Hoàng Văn Gi", "Hoàng Văn Di"),
        ("Trần Văn Kường", "Trần Văn Cường"),
        ("Chiệu Xuân Lam", "Triệu Xuân Nam"),
        ("lgo van sy", "lgo văn xỉ"),
    ],
)
def test_sounds_that_the_north_does_not_keep_apart(typed: str, known: str) -> None:
    assert level(typed, known) == "spelling"


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("An Nguyễn Văn", "Nguyễn Văn An", "order"),
        ("Văn An Nguyễn", "Nguyễn Văn An", "order"),
        ("An Nguyen Van", "Nguyễn Văn An", "order"),
        ("Nguyễn Ánh", "Nguyễn Thị Ánh", "middle"),
        ("Nguyễn Thị Ngọc Ánh", "Nguyễn Thị Ánh", "middle"),
        ("Nguyễn Ánh", "Nguyễn Thị Ngọc Ánh", "middle"),
        ("Nguyen Anh", "Nguyễn Thị Ánh", "middle"),
        ("Nguyễn Đức Ánh", "Nguyễn Thị Ánh", "other_middle"),
        ("Trần Văn Ánh", "Nguyễn Thị Ánh", "given"),
        ("Nguyễn Văn Cường", "Nguyễn Thị Ánh", "surname"),
        ("Lò A Páo", "Nguyễn Thị Ánh", "other"),
    ],
)
def test_parts_of_names(typed: str, known: str, expected: str) -> None:
    assert level(typed, known) == expected


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("Nguyễn Văn Hungg", "Nguyễn Văn Hùng", "typo"),
        ("Nguyễn Văn Hng", "Nguyễn Văn Hùng", "typo"),
        ("Nguyễn Văn Thnah", "Nguyễn Văn Thanh", "typo"),
        ("Nguyễn Vắn Thamh", "Nguyễn Văn Thanh", "typo"),
        ("Ngyuễn Văn Thanh", "Nguyễn Văn Thanh", "typo"),
        ("Nguễn Văn Thanhh", "Nguyễn Văn Thanh", "similar"),
        ("Ngyuễn Văn Thnah", "Nguyễn Văn Thanh", "similar"),
        ("Nguyễn Văn Thxyzh", "Nguyễn Văn Thanh", "surname"),
    ],
)
def test_slips_of_the_keyboard(typed: str, known: str, expected: str) -> None:
    assert level(typed, known) == expected


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("NguyÔn V¨n §¹t", "Nguyễn Văn Đạt", "exact"),
        ("NGUY\u00d4N V\u00a1N §\u00b9T", "Nguyễn Văn Đạt", "exact"),
        ("NGUYÔN V¨N HïNG", "Nguyễn Văn Hùng", "exact"),
        ("TrÇn ThÞ Hµ", "Trần Thị Hà", "exact"),
        ("Nguyeãn Vaên Ñaït", "Nguyễn Văn Đạt", "exact"),
        ("NGUYEÃN THÒ HÖÔNG", "Nguyễn Thị Hương", "exact"),
        # Unicode stays what it is, though each of these letters stands for another in an old font.
        ("Hoàng Văn Bé", "Hoàng Văn Bé", "exact"),
        ("Ma Thị Mão", "Ma Thị Mão", "exact"),
        ("Đàm Thị Ký", "Đàm Thị Ký", "exact"),
    ],
)
def test_old_fonts_are_read_where_they_are(typed: str, known: str, expected: str) -> None:
    assert level(typed, known) == expected


def test_a_syllable_that_nobody_has_is_not_taken_for_an_old_font() -> None:
    # In TCVN3 "é" is "ộ"; but "Bé" is a name as it stands.
    assert level("Hoàng Văn Bé", "Hoàng Văn Bộ") != "exact"


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyeenx Thij Huowng",
        "NGUYEENX THIJ HUOWNG",
        "Nguyeexn Thij Huwowng",
        "Nguye64n Thi5 Hu7o7ng",
        "Nguye6n4 Thi5 Hu7o7ng",
        "Nguyênx Thij Hương",
    ],
)
def test_what_was_typed_with_the_keyboard_off_is_read(typed: str) -> None:
    assert level(typed, "Nguyễn Thị Hương") == "exact"


def test_keys_that_may_mean_two_syllables_or_one_that_nobody_has_are_left_alone() -> None:
    assert "hoas" not in keystrokes(["hóa", "hoá"])
    assert keystrokes(["lan", "mai"]) == {}
    assert level("Nguyễn Thị Huowng", "Nguyễn Thị Mai") == "surname"


@pytest.mark.parametrize(
    ("syllable", "keys"),
    [("đặng", "ddawngj"), ("đặng", "ddawjng"), ("đặng", "d9a8ng5"), ("ngô", "ngoo"), ("lư", "luw"), ("bùi", "buif")],
)
def test_each_way_of_typing_is_known(syllable: str, keys: str) -> None:
    assert keystrokes([syllable, "an"])[keys] == syllable


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("NguyễnThị Ánh", "Nguyễn Thị Ánh", "exact"),
        ("NGUYỄNTHỊ ÁNH", "Nguyễn Thị Ánh", "exact"),
        ("Nguyễn ThịÁnh", "Nguyễn Thị Ánh", "exact"),
        ("nguyenthi anh", "Nguyễn Thị Ánh", "diacritics"),
        # "Hoan" is a syllable; it is not "Ho An" run together.
        ("Lê Thị Hoan", "Lê Thị Ho An", "middle"),
    ],
)
def test_glued_words_are_split_where_they_are_two(typed: str, known: str, expected: str) -> None:
    assert level(typed, known) in {expected} | ({"similar", "typo", "surname"} if expected == "middle" else set())


@pytest.mark.parametrize("nothing", [None, "", "   ", "...", "\u00a0", "-"])
def test_no_name_says_nothing(nothing: str | None) -> None:
    assert level_of(Field.NAME, {"full_name": nothing}, {"full_name": "Nguyễn Thị Ánh"}) == ""
    assert level_of(Field.NAME, {"full_name": "Nguyễn Thị Ánh"}, {"full_name": nothing}) == ""
    assert level_of(Field.NAME, {"full_name": nothing}, {"full_name": nothing}) == ""


@pytest.mark.parametrize(
    "name", ["a" * 10_000, "Nguyễn " * 3_000, "ễ" * 10_000, "\x00'\\;--🙂\u202e", "١٢٣", "Ng." * 500]
)
def test_absurd_names_are_compared_like_others(name: str) -> None:
    assert level(name, "Nguyễn Thị Ánh") in {"surname", "other", "given"}
    assert level(name, name) in {"exact", "diacritics"}


def test_a_register_does_not_teach_the_population_new_syllables() -> None:
    _codes, _names, vocabulary = read_population_names(pl.Series(["Nguyễn Thị Ánh"]))
    before = dict(vocabulary.exact)

    read_register_names(pl.Series(["Xyz Abc"]), vocabulary)

    assert vocabulary.exact == before


NAME = st.tuples(
    st.sampled_from(SURNAMES),
    st.sampled_from(MIDDLE_NAMES["Nam"] + MIDDLE_NAMES["Nữ"]),
    st.sampled_from(GIVEN_NAMES["Nam"] + GIVEN_NAMES["Nữ"]),
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(NAME, min_size=1, max_size=6), change=st.sampled_from([str.upper, str.lower, nfd, str.title]))
def test_how_it_is_written_changes_no_level(names: list[str], change: object) -> None:
    assert callable(change)
    _codes, ours, vocabulary = read_population_names(pl.Series(names))
    codes, theirs = read_register_names(pl.Series([change(name) for name in names]), vocabulary)
    codes_there, ours, _ = read_population_names(pl.Series(names), vocabulary)

    for kind in ("exact", "bare", "sound", "bag", "ends", "surname", "given"):
        assert np.array_equal(getattr(theirs, kind)[codes], getattr(ours, kind)[codes_there]), kind


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_syllable_at_three_levels_each_coarser_than_the_one_before(text: str) -> None:
    text = text.lower()
    syllable = canonical(text)

    assert canonical(syllable) == syllable
    assert bare(bare(text)) == bare(text)
    assert sound(text) == sound(bare(text))


def test_a_vocabulary_numbers_a_syllable_once() -> None:
    vocabulary = Vocabulary()

    assert vocabulary.number("lan") == vocabulary.number("lan")
    assert vocabulary.number("làn")[1:] == vocabulary.number("lan")[1:]
    assert vocabulary.number("nan")[2] == vocabulary.number("lan")[2]
