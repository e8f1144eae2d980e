"""Identity numbers: what they say, what looks wrong, and the one thing that refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.kernel.days import BirthDate
from lienthong.kernel.identity import FindingKind, Sex, UnreadablePersonalId, birth_provinces, read_personal_id


def kinds(text: str) -> list[FindingKind]:
    return [finding.kind for finding in read_personal_id(text).findings]


class TestTwelveDigits:
    @pytest.mark.parametrize(
        ("number", "sex", "year"),
        [
            ("019054123456", Sex.MALE, 1954),
            ("019154123456", Sex.FEMALE, 1954),
            ("019210123456", Sex.MALE, 2010),
            ("019310123456", Sex.FEMALE, 2010),
            ("019400123456", Sex.MALE, 2100),
            ("019999123456", Sex.FEMALE, 2399),
        ],
    )
    def test_tell_province_sex_and_year_of_birth(self, number: str, sex: Sex, year: int) -> None:
        person = read_personal_id(number)

        assert (person.sex, person.birth_year, person.is_old) == (sex, year, False)
        assert (person.province_code, person.province_name) == ("019", "Thái Nguyên")
        assert person.findings == ()

    def test_a_province_that_has_ended_stays_in_the_number(self) -> None:
        assert read_personal_id("006154123456").province_name == "Bắc Kạn"

    def test_an_unknown_province_is_a_warning_only(self) -> None:
        assert kinds("099054123456") == [FindingKind.UNKNOWN_PROVINCE]

    def test_differences_from_the_record_are_told_and_not_refused(self) -> None:
        person = read_personal_id("019054123456")

        findings = person.compare_with(sex=Sex.FEMALE, birth_date=BirthDate.parse("03/1955"))

        assert [finding.kind for finding in findings] == [FindingKind.SEX_DIFFERS, FindingKind.BIRTH_YEAR_DIFFERS]
        assert findings[0].text == "Giới tính theo số định danh là Nam, đã khai là Nữ."
        assert findings[1].text == "Năm sinh theo số định danh là 1954, đã khai là 1955."

    def test_what_is_not_recorded_is_not_compared(self) -> None:
        person = read_personal_id("019054123456")

        assert person.compare_with(sex=None, birth_date=None) == ()
        assert person.compare_with(sex=Sex.MALE, birth_date=BirthDate.parse("1954")) == ()


class TestNineDigits:
    def test_say_nothing_about_the_person_but_are_kept(self) -> None:
        person = read_personal_id("090123456")

        assert (person.is_old, person.province_code, person.province_name) == (True, None, None)
        assert (person.sex, person.birth_year) == (None, None)
        assert person.compare_with(sex=Sex.MALE, birth_date=BirthDate.parse("1954")) == ()
        assert [finding.kind for finding in person.findings] == [FindingKind.OLD_NUMBER]


class TestWhatSpreadsheetsDo:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("'019054123456", FindingKind.APOSTROPHE),
            ("019 054 123456", FindingKind.SEPARATORS),
            ("019.054.123456", FindingKind.SEPARATORS),
            ("１９９054123456", None),
            ("1.99054123456E+11", FindingKind.SCIENTIFIC_NOTATION),
            ("199054123456.0", None),
        ],
    )
    def test_the_number_is_read_and_what_was_done_to_it_noted(self, text: str, kind: FindingKind | None) -> None:
        found = kinds(text)

        assert read_personal_id(text).number[3:] == "054123456"
        assert (kind in found) if kind else FindingKind.SEPARATORS not in found

    def test_eleven_digits_have_probably_lost_a_zero(self) -> None:
        with pytest.raises(UnreadablePersonalId) as refusal:
            read_personal_id("19054123456")

        assert str(refusal.value) == "Số định danh cần 12 chữ số; đang có 11. Kiểm tra số 0 ở đầu."
        assert refusal.value.suggestion == "019054123456"
        assert [finding.kind for finding in refusal.value.findings] == [FindingKind.LEADING_ZERO_LOST]

    def test_ten_digits_have_probably_lost_two(self) -> None:
        with pytest.raises(UnreadablePersonalId, match=r"đang có 10\. Kiểm tra số 0") as refusal:
            read_personal_id("1054123456")

        assert refusal.value.suggestion == "001054123456"

    def test_eight_digits_are_an_old_number_without_its_zero(self) -> None:
        with pytest.raises(UnreadablePersonalId, match="Chứng minh nhân dân cũ có 9 chữ số") as refusal:
            read_personal_id("90123456")

        assert refusal.value.suggestion == "090123456"

    def test_nothing_is_suggested_that_would_be_no_province_either(self) -> None:
        with pytest.raises(UnreadablePersonalId, match=r"đang có 11\. Kiểm tra số 0") as refusal:
            read_personal_id("99054123456")

        assert refusal.value.suggestion is None

    def test_digits_a_spreadsheet_rounded_away_are_gone(self) -> None:
        with pytest.raises(UnreadablePersonalId, match="các chữ số cuối đã mất") as refusal:
            read_personal_id("1.9054E+11")

        assert refusal.value.suggestion is None
        assert refusal.value.findings[0].kind is FindingKind.SCIENTIFIC_NOTATION

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "Chưa nhập số định danh"),
            ("  ", "Chưa nhập số định danh"),
            ("0190541234567", "đang có 13"),
            ("123", "đang có 3"),
            ("01905412345X", "ký tự “X”"),
            ("019054\x00123456", "chỉ gồm chữ số"),
            ("٠١٩٠٥٤١٢٣٤٥٦", "chỉ gồm chữ số"),
        ],
    )
    def test_other_text_is_refused_with_what_to_do(self, text: str, sentence: str) -> None:
        with pytest.raises(UnreadablePersonalId, match=sentence):
            read_personal_id(text)

    @pytest.mark.parametrize("text", ["000000000001", "000000000", "111111111111", "123456789"])
    def test_numbers_that_only_fill_a_field_are_noticed(self, text: str) -> None:
        assert FindingKind.PLACEHOLDER in kinds(text)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        number = read_personal_id(text).number
    except UnreadablePersonalId as refusal:
        assert "Số định danh" in str(refusal) or "số định danh" in str(refusal)
    else:
        assert len(number) in {9, 12}
        assert number.isascii()
        assert number.isdigit()


def test_the_table_holds_every_province_before_the_mergers_with_its_source() -> None:
    provinces = birth_provinces()

    assert len(provinces) == 63
    assert all(len(code) == 3 and code.startswith("0") for code in provinces)
    assert (provinces["001"], provinces["096"]) == ("Hà Nội", "Cà Mau")
