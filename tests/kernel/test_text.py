"""Vietnamese text: search key, dictionary order, tone placement, and what may be stored."""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.kernel.text import (
    UncleanText,
    clean_line,
    fold,
    new_tone_placement,
    nfc,
    old_tone_placement,
    person_sort_key,
    same_ignoring_tone_placement,
    sort_key,
    title_name,
)

VIETNAMESE = st.text(alphabet="aáàảãạăắằẳẵặâấầẩẫậbcdđeéêếghiíklmnoóôốơớpqrstuúưứvxyýABCĐÊƠƯ ", max_size=40)


def rises(keys: Iterable[str]) -> bool:
    return all(earlier < later for earlier, later in pairwise(keys))


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Nguyễn Thị  Đào ", "nguyen thi dao"),
            ("ẤP Ỷ LẠI", "ap y lai"),
            (unicodedata.normalize("NFD", "Đặng Hữu Phước"), "dang huu phuoc"),
            ("Müller", "muller"),
            ("K'Sor H\u2019Bia", "k'sor h\u2019bia"),
            ("", ""),
        ],
    )
    def test_the_search_key_has_no_diacritics_no_case_and_single_spaces(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    @given(VIETNAMESE)
    def test_folding_does_not_depend_on_the_form_of_unicode_and_is_done_once(self, text: str) -> None:
        folded = fold(text)

        assert fold(unicodedata.normalize("NFD", text)) == folded == fold(folded) == fold(text.upper())
        assert folded.isascii()


class TestDictionaryOrder:
    def test_letters_come_in_the_order_of_the_alphabet(self) -> None:
        words = [
            "an",
            "ăn",
            "ân",
            "ba",
            "ca",
            "da",
            "đa",
            "em",
            "êm",
            "gà",
            "ho",
            "la",
            "na",
            "oi",
            "ôi",
            "ơi",
            "un",
            "ưng",
            "xa",
            "y",
        ]

        assert rises(map(sort_key, words))

    def test_tones_come_after_letters_in_their_order(self) -> None:
        words = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mài", "man"]

        assert rises(map(sort_key, words))

    def test_tones_are_compared_syllable_by_syllable(self) -> None:
        words = ["ba", "ba na", "ba vì", "bà", "bà ba", "bá"]

        assert rises(map(sort_key, words))

    def test_numbers_come_by_value(self) -> None:
        hamlets = ["Tổ 1", "Tổ 2", "Tổ 10", "Tổ 10A", "Tổ 11"]

        assert rises(map(sort_key, hamlets))

    def test_case_and_the_form_of_unicode_do_not_matter(self) -> None:
        assert sort_key("ĐỒNG HỶ") == sort_key(unicodedata.normalize("NFD", "Đồng Hỷ"))

    def test_the_key_is_plain_ascii_so_that_the_c_collation_keeps_the_order(self) -> None:
        assert sort_key("Xã Quyết Thắng, tổ 3").isascii()

    def test_people_are_ordered_by_given_name_then_middle_then_surname(self) -> None:
        people = ["Lê An", "Lê Ái An", "Đỗ Văn An", "Trần Văn An", "Bùi Văn Bình An", "Lê Thị Ân", "Lê Thị Bình"]

        assert rises(map(person_sort_key, people))

    def test_a_name_of_one_word_and_an_empty_name_have_their_place(self) -> None:
        assert person_sort_key("") < person_sort_key("An") < person_sort_key("Lê An")

    @given(VIETNAMESE, VIETNAMESE)
    def test_a_text_comes_before_every_longer_text_that_begins_with_it(self, start: str, rest: str) -> None:
        assert sort_key(start) <= sort_key(f"{start} {rest}")


class TestTonePlacement:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("hòa", "hoà"),
            ("khỏe", "khoẻ"),
            ("thúy", "thuý"),
            ("Hòa Bình", "Hoà Bình"),
            ("THÚY", "THUÝ"),
            ("Ủy ban", "Uỷ ban"),
        ],
    )
    def test_both_spellings_turn_into_each_other(self, old: str, new: str) -> None:
        assert old_tone_placement(new) == old == old_tone_placement(old)
        assert new_tone_placement(old) == new == new_tone_placement(new)
        assert same_ignoring_tone_placement(old, new)

    @pytest.mark.parametrize(
        "word", ["quý", "quà", "hoàn", "thuở", "toán", "khuya", "oán", "hai", "mùa", "Y", "nguyễn"]
    )
    def test_words_with_one_spelling_stay(self, word: str) -> None:
        assert old_tone_placement(word) == word == new_tone_placement(word)

    def test_a_different_tone_or_case_is_a_different_word(self) -> None:
        assert not same_ignoring_tone_placement("hòa", "hóa")
        assert not same_ignoring_tone_placement("hòa", "Hòa")

    @given(VIETNAMESE)
    def test_placing_a_tone_never_changes_the_letters(self, text: str) -> None:
        assert fold(old_tone_placement(text)) == fold(new_tone_placement(text)) == fold(text)
        assert old_tone_placement(new_tone_placement(text)) == old_tone_placement(text)


class TestTitleName:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("NGUYỄN VĂN ĐẠT", "Nguyễn Văn Đạt"),
            ("nguyễn văn đạt", "Nguyễn Văn Đạt"),
            ("  LÒ   THỊ Ý ", "Lò Thị Ý"),
            ("Y-BLƠK", "Y-Blơk"),
            ("H'MÔNG", "H'Mông"),
        ],
    )
    def test_names_in_one_case_are_written_the_usual_way(self, typed: str, name: str) -> None:
        assert title_name(typed) == name

    def test_a_name_somebody_took_care_of_is_left_alone(self) -> None:
        assert title_name("Nguyễn văn Đạt") == "Nguyễn văn Đạt"


class TestCleanLine:
    def test_squeezes_white_space_and_composes_letters(self) -> None:
        assert clean_line(unicodedata.normalize("NFD", " Đặng\t Văn\r\nPhước "), at_most=50) == "Đặng Văn Phước"

    def test_drops_what_nobody_sees(self) -> None:
        assert clean_line("\ufeffAn\u200b \u00adBình", at_most=50) == "An Bình"

    def test_keeps_quotes_and_emoji(self) -> None:
        assert clean_line('"An" O\'Hara 👩\u200d🌾', at_most=50) == '"An" O\'Hara 👩\u200d🌾'

    @pytest.mark.parametrize("character", ["\x00", "\x07", "\x7f", "\u202e", "\u2066", "\ud800"])
    def test_refuses_control_characters_and_says_which_and_where(self, character: str) -> None:
        with pytest.raises(UncleanText, match=rf"U\+{ord(character):04X}\) ở vị trí 3"):
            clean_line(f"An{character}", at_most=50)

    def test_refuses_a_text_too_long_and_says_by_how_much(self) -> None:
        with pytest.raises(UncleanText, match=r"dài 300 ký tự, tối đa 255\. Hãy rút bớt 45 ký tự"):
            clean_line("a" * 300, at_most=255)
        assert clean_line("a" * 255, at_most=255) == "a" * 255

    @given(st.text(max_size=60))
    def test_whatever_passes_is_stable_and_within_bounds(self, text: str) -> None:
        try:
            line = clean_line(text, at_most=40)
        except UncleanText:
            return

        assert line == clean_line(line, at_most=40) == nfc(line)
        assert len(line) <= 40
        assert "\x00" not in line
