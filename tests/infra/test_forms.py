"""Forms are drawn so that everybody can fill them in, and every refusal says what, where and what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines

from lienthong.infra import forms
from lienthong.kernel.days import BirthDate, DatePrecision
from tests.infra import styleguide


def drawn(form: django_forms.BaseForm) -> BeautifulSoup:
    return BeautifulSoup(str(form), "html.parser")


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)} found"
    return found[0]


def refusal(field: django_forms.Field, value: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return " ".join(caught.value.messages)


class PlainForm(django_forms.Form):
    name = django_forms.CharField(label="Tên", help_text="Như trên <thẻ>")
    kind = django_forms.ChoiceField(label="Loại", choices=[("a", "A"), ("b", "B")], widget=django_forms.RadioSelect)
    agreed = django_forms.BooleanField(label="Đồng ý", required=False)


# --- drawn -----------------------------------------------------------------------------------------------------------


def test_a_plain_django_form_is_drawn_with_linked_labels_and_escaped_hints() -> None:
    page = drawn(PlainForm())

    label = one(page, "label[for=id_name]")
    assert "govuk-label" in label["class"]
    assert one(page, "#id_name")["aria-describedby"] == "id_name_helptext"
    assert one(page, "#id_name_helptext").get_text() == "Như trên <thẻ>"
    assert one(page, "legend").get_text(strip=True) == "Loại"
    assert one(page, "label[for=id_agreed]").get_text() == "Đồng ý"


def test_no_control_carries_the_browsers_own_required_bubble() -> None:
    assert drawn(PlainForm()).select("[required]") == []
    assert drawn(styleguide.SampleForm()).select("[required]") == []


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    page = drawn(styleguide.SampleForm())

    assert "(không bắt buộc)" in one(page, "label[for=id_phone]").get_text()
    assert "(không bắt buộc)" not in one(page, "label[for=id_full_name]").get_text()
    assert "(không bắt buộc)" not in one(page, "label[for=id_agreed]").get_text()


def test_an_error_stands_between_hint_and_control_and_is_linked_to_it() -> None:
    page = drawn(styleguide.WrongForm(styleguide.WRONG))
    control = one(page, "#id_wrong-personal_id")
    error = one(page, "#id_wrong-personal_id_error")

    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "id_wrong-personal_id_helptext id_wrong-personal_id_error"
    assert one(error, ".govuk-visually-hidden").get_text() == "Lỗi:"
    assert error.find_previous(id="id_wrong-personal_id_helptext")
    assert error.find_next(id="id_wrong-personal_id")


def test_the_error_of_a_group_is_linked_to_its_fieldset_and_not_to_each_mark() -> None:
    page = drawn(styleguide.WrongForm(styleguide.WRONG))
    group = one(page, "#id_wrong-sex_error").find_parent("fieldset")

    assert isinstance(group, Tag)
    assert group["aria-describedby"] == "id_wrong-sex_error"
    assert [mark.get("aria-invalid") for mark in group.select("input")] == [None, None]


def test_every_id_that_a_control_or_label_points_to_is_on_the_page_once() -> None:
    page = drawn(styleguide.WrongForm(styleguide.WRONG))
    ids = [tag["id"] for tag in page.select("[id]")]
    described = [name for tag in page.select("[aria-describedby]") for name in str(tag["aria-describedby"]).split()]

    assert len(ids) == len(set(ids))
    assert set(described) <= set(ids)
    assert {str(tag["for"]) for tag in page.select("label[for]")} <= set(ids)


def test_a_day_is_three_labelled_number_fields() -> None:
    page = drawn(styleguide.FilledForm(initial={"born": BirthDate.parse("03/1954")}))
    names = [tag["name"] for tag in page.select(".govuk-date-input input")][:3]

    assert names == ["filled-born_day", "filled-born_month", "filled-born_year"]
    assert [tag.get("value") for tag in page.select(".govuk-date-input input")][:3] == [None, "3", "1954"]
    assert {tag["inputmode"] for tag in page.select(".govuk-date-input input")} == {"numeric"}
    assert [label.get_text() for label in page.select(".govuk-date-input label")][:3] == ["Ngày", "Tháng", "Năm"]


def test_what_was_typed_stays_when_it_is_refused() -> None:
    page = drawn(styleguide.WrongForm(styleguide.WRONG))

    assert one(page, "#id_wrong-born_0")["value"] == "31"
    assert one(page, "#id_wrong-amount")["value"] == "một triệu"
    assert len(one(page, "#id_wrong-note").get_text().strip()) == 312


def test_the_limit_of_a_note_is_told_without_scripts_and_never_cuts_what_is_pasted() -> None:
    note = one(drawn(styleguide.SampleForm()), "#id_note")

    assert "maxlength" not in note.attrs
    assert note["aria-describedby"] == "id_note-info"
    assert one(drawn(styleguide.SampleForm()), "#id_note-info").get_text() == "Tối đa 300 ký tự"


def test_personal_fields_can_be_filled_in_by_the_browser() -> None:
    page = drawn(styleguide.SampleForm())

    assert one(page, "#id_full_name")["autocomplete"] == "name"
    assert one(page, "#id_phone")["autocomplete"] == "tel"
    assert one(page, "#id_born_2")["autocomplete"] == "bday-year"
    assert one(page, "#id_personal_id")["autocomplete"] == "off"


def test_the_question_of_a_page_is_its_heading() -> None:
    template = engines["django"].from_string(
        "{% load parts %}{% field form.sex heading=True %}{% field form.note heading=True %}"
    )
    page = BeautifulSoup(template.render({"form": styleguide.SampleForm()}), "html.parser")

    assert one(page, "legend > h1").get_text(strip=True) == "Giới tính"
    assert one(page, "h1 > label[for=id_note]")


def test_the_error_summary_links_each_error_to_the_control_it_is_about() -> None:
    form = styleguide.WrongForm(styleguide.WRONG)
    template = engines["django"].from_string("{% load parts %}{% error_summary form %}{{ form }}")
    page = BeautifulSoup(template.render({"form": form}), "html.parser")
    targets = [str(link["href"]).removeprefix("#") for link in page.select(".govuk-error-summary a")]

    assert len(targets) == len(form.errors)
    assert {"id_wrong-born_0", "id_wrong-sex_0", "id_wrong-papers", "id_wrong-agreed"} <= set(targets)
    assert all(page.find(id=target) for target in targets)


def test_no_error_no_summary() -> None:
    template = engines["django"].from_string("{% load parts %}{% error_summary form %}")

    assert template.render({"form": styleguide.SampleForm()}) == ""


def test_a_refusal_of_a_service_is_shown_above_the_form_or_beside_its_field() -> None:
    form = styleguide.SampleForm({})
    form.errors.clear()
    form.show(ValueError("Hồ sơ đã do người khác tiếp nhận lúc 08:15."))
    form.show(ValueError("Người này đã có hồ sơ đang giải quyết."), field="personal_id")

    assert form.non_field_errors() == ["Hồ sơ đã do người khác tiếp nhận lúc 08:15."]
    assert form["personal_id"].errors == ["Người này đã có hồ sơ đang giải quyết."]


# --- read ------------------------------------------------------------------------------------------------------------


def test_a_line_is_kept_in_one_unicode_form_with_single_spaces() -> None:
    assert forms.LineField(label="Họ và tên").clean("  Nguye\u0302\u0303n   Thị  Ỷ ") == "Nguyễn Thị Ỷ"


@pytest.mark.parametrize("text", ["Nguyễn\x00 An", "Nguyễn\x07 An", "Nguyễn\u202e An"])
def test_characters_that_nobody_sees_are_refused_with_a_cure(text: str) -> None:
    assert "xóa" in refusal(forms.LineField(label="Họ và tên"), text).lower()


def test_a_line_that_is_too_long_says_by_how_much() -> None:
    words = refusal(forms.LineField(label="Họ và tên", max_length=200), "a" * 312)

    assert "312" in words
    assert "200" in words


@pytest.mark.parametrize("text", [".", "123", "A", "1. 2 b", "😀😀", "–", "001190012345"])
def test_a_name_without_two_letters_is_none(text: str) -> None:
    words = refusal(forms.NameField(label="Họ và tên"), text)

    assert words == "“Họ và tên” cần ít nhất hai chữ cái. Hãy ghi tên đúng như trên giấy tờ."


@pytest.mark.parametrize("text", ["Ỷ Ẳ", "An", "Công ty 3 Sao", "3A1B", "O'Brien <b>", "王伟", "Пётр"])
def test_a_name_may_hold_digits_and_signs_beside_its_letters(text: str) -> None:
    assert forms.NameField(label="Họ và tên").clean(text) == text


def test_a_note_keeps_its_lines() -> None:
    assert forms.NoteField(label="Ghi chú").clean("một\r\n\r\nhai  ba ") == "một\n\nhai ba"


def test_a_note_that_is_too_long_names_itself() -> None:
    words = refusal(forms.NoteField(label="Ghi chú", max_length=300), "x" * 312)

    assert words == "“Ghi chú” dài tối đa 300 ký tự; đang có 312. Hãy rút gọn bớt."


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (forms.LineField(label="Họ và tên"), "Chưa có “Họ và tên”. Hãy điền mục này."),
        (forms.DayField(label="Ngày cấp"), "Chưa có “Ngày cấp”. Hãy điền ngày, tháng và năm."),
        (forms.BirthDateField(), "Chưa có “Ngày sinh”. Hãy điền ít nhất năm sinh."),
        (forms.ChoiceField(label="Giới tính", choices=styleguide.SEXES), "Chưa chọn “Giới tính”. Hãy chọn một mục."),
        (
            forms.ChoicesField(label="Cách nhận", choices=styleguide.WAYS),
            "Chưa chọn “Cách nhận”. Hãy chọn ít nhất một mục.",
        ),
        (forms.FilesField(label="Tờ khai"), "Chưa có tệp nào cho “Tờ khai”. Hãy chọn ít nhất một tệp."),
        (forms.AgreementField(label="Tôi cam đoan"), "Để tiếp tục, hãy đánh dấu ô “Tôi cam đoan”."),
        (forms.MoneyField(label="Số tiền"), "Chưa có “Số tiền”. Hãy điền mục này."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, django_forms.Field) else "",
)
def test_what_is_missing_is_named_with_what_to_do(field: django_forms.Field, words: str) -> None:
    assert refusal(field, None) == words


def test_a_personal_number_that_lost_its_zero_is_told_so() -> None:
    words = refusal(forms.PersonalIdField(), "19085001234")

    assert words == "Số định danh cần 12 chữ số; đang có 11. Kiểm tra số 0 ở đầu."


def test_a_personal_number_is_read_with_the_spaces_people_type() -> None:
    assert forms.PersonalIdField().clean(" 0190 8500 1234 ") == "019085001234"


@pytest.mark.parametrize("text", ["0912345678", "0912 345 678", "+84 912.345.678", "0084912345678", "(091) 234-5678"])
def test_a_telephone_number_is_kept_as_dialled_inside_the_country(text: str) -> None:
    assert forms.PhoneField().clean(text) == "0912345678"


@pytest.mark.parametrize(("text", "words"), [("912345678", "số 0 ở đầu"), ("09123", "Đang có 5"), ("abc", "chữ số")])
def test_a_telephone_number_that_cannot_be_dialled_says_why(text: str, words: str) -> None:
    assert words in refusal(forms.PhoneField(), text)


def test_an_address_without_an_at_sign_is_told_where_to_look() -> None:
    assert "dấu @" in refusal(forms.EmailField(), "an.vidu.vn")
    assert forms.EmailField().clean("an@vidu.vn") == "an@vidu.vn"


def test_a_tax_code_is_checked_by_its_last_digit() -> None:
    assert forms.TaxCodeField().clean("0100 233 488") == "0100233488"
    assert forms.TaxCodeField().clean("0314409058002") == "0314409058-002"
    assert "thứ 10" in refusal(forms.TaxCodeField(), "0100233489")
    assert "đang có 9" in refusal(forms.TaxCodeField(), "100233488")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("019 154 000001", "019154000001"), ("090123456", "090123456"), ("0100 233 488", "0100233488"),
        ("0314409058002", "0314409058-002"), ("'019154000001", "019154000001"), ("  ", ""),
    ],
)  # fmt: skip
def test_the_number_of_whoever_asks_is_a_personal_number_or_a_tax_code(text: str, kept: str) -> None:
    assert forms.ApplicantNumberField(required=False).clean(text) == kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("19154000001", "đang có 11. Kiểm tra số 0 ở đầu"),
        ("12345678", "đang có 8"),
        ("0" * 40, "đang có 40"),
        ("0100233489", "thứ 10"),
        ("C1234567", "“C”"),
        ("1,9154E+10", "chữ số cuối đã mất"),
        ("٠١٩١٥٤٠٠٠٠٠١", "chỉ gồm chữ số"),
    ],
)
def test_a_number_that_is_neither_says_how_many_digits_there_are_and_what_to_check(text: str, words: str) -> None:
    assert words in refusal(forms.ApplicantNumberField(required=False), text)


def test_money_is_read_as_people_write_it() -> None:
    field = forms.MoneyField(label="Số tiền", required=False)

    assert field.clean("1.234.567 ₫") == 1_234_567
    assert field.clean("") is None
    assert field.prepare_value(2_789_000) == "2.789.000"
    assert "từ 0 đến" in refusal(field, "-5")


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (["31", "2", "1954"], "không có ngày 31"),
        (["", "", "1954"], "còn thiếu ngày và tháng"),
        (["12", "3", "54"], "đủ 4 chữ số"),
        (["mười", "3", "1954"], "“mười” không đọc được"),
        (["1000", "1000", "1000"], "“1000” không đọc được"),
        (["1", "1", "3000"], "từ 01/01/1900 đến 31/12/2100; đang là 01/01/3000"),
    ],
)
def test_a_day_that_cannot_be_says_which_part_is_wrong(parts: list[str], words: str) -> None:
    assert words in refusal(forms.DayField(label="Ngày cấp"), parts)


def test_a_day_is_a_date() -> None:
    assert forms.DayField(label="Ngày cấp").clean(["27", "11", "2026"]) == date(2026, 11, 27)
    assert forms.DayField(label="Ngày cấp", required=False).clean(["", "", ""]) is None


def test_a_date_of_birth_may_be_known_to_the_month_or_the_year() -> None:
    field = forms.BirthDateField()

    assert field.clean(["", "", "1954"]) == BirthDate(date(1954, 1, 1), DatePrecision.YEAR)
    assert field.clean(["", "3", "1954"]) == BirthDate(date(1954, 3, 1), DatePrecision.MONTH)
    assert field.clean(["12", "3", "1954"]) == BirthDate(date(1954, 3, 12))
    assert "còn thiếu tháng" in refusal(field, ["12", "", "1954"])
    assert "còn thiếu năm" in refusal(field, ["12", "3", ""])


def test_an_unchanged_day_is_not_a_change() -> None:
    field = forms.BirthDateField()

    assert not field.has_changed(BirthDate.parse("12/03/1954"), ["12", "03", "1954"])
    assert field.has_changed(BirthDate.parse("1954"), ["12", "03", "1954"])


def test_a_choice_that_is_no_longer_offered_asks_to_choose_again() -> None:
    field = forms.ChoiceField(label="Giới tính", choices=styleguide.SEXES)

    assert refusal(field, "other") == "Lựa chọn cho “Giới tính” không còn trong danh sách. Hãy chọn lại."


def test_every_file_that_cannot_be_taken_is_named_at_once() -> None:
    files = [
        SimpleUploadedFile("to khai.pdf", b"%PDF"),
        SimpleUploadedFile("trống.pdf", b""),
        SimpleUploadedFile("giấy khai sinh.exe", b"MZ"),
        SimpleUploadedFile("ảnh.jpg", b"x" * 2_000_000),
    ]
    words = refusal(forms.FilesField(label="Giấy tờ", limit_bytes=1024 * 1024), files)

    assert "“trống.pdf” rỗng" in words
    assert "“giấy khai sinh.exe” thuộc loại chưa nhận được" in words
    assert "“ảnh.jpg” nặng 1,9 MB; mỗi tệp tối đa 1 MB" in words
    assert "to khai" not in words


def test_several_files_come_as_a_list() -> None:
    files = [SimpleUploadedFile("a.pdf", b"%PDF"), SimpleUploadedFile("b.PDF", b"%PDF")]

    assert forms.FilesField(label="Giấy tờ").clean(files) == files
    assert forms.FilesField(label="Giấy tờ", required=False).clean([]) == []
    assert "tối đa 1 tệp; đang chọn 2" in refusal(forms.FilesField(label="Giấy tờ", at_most=1), files)
