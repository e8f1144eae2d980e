"""The form fields that are typed: they accept what people write and say what is wrong, where, and what to do.

A field knows how a value is written, not whether it is true: that is asked of the services. Screens take their fields
from ``lienthong.infra.forms``.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.vn import mst

from lienthong.infra import widgets
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.money import Dong, parse_dong
from lienthong.kernel.text import UncleanText, clean_line

_LETTERS_OF_A_NAME = 2
_PERSONAL_ID_LENGTHS, _TAX_CODE_LENGTHS = (9, 12), (10, 13)


class WordedField(forms.Field):
    """A field whose refusals name the field, in the words of the house."""

    missing = gettext_lazy("Chưa có “%(label)s”. Hãy điền mục này.")

    def validate(self, value: Any) -> None:
        if self.required and value in self.empty_values:
            raise ValidationError(self._missing(), code="required")

    def _missing(self) -> str:
        return str(self.missing) % {"label": self.label or _("mục này")}


class LineField(WordedField, forms.CharField):
    """One line of text in one Unicode form (NFC), with single spaces and no control characters."""

    def __init__(
        self,
        *,
        max_length: int = 200,
        autocomplete: str = "",
        width: int | None = None,
        spellcheck: bool = True,
        **rest: Any,
    ) -> None:
        rest.setdefault("widget", widgets.Line(width=width))
        super().__init__(strip=False, **rest)
        self.at_most = max_length
        # The reader of the text says it in words; Django's own sentence names neither the place nor the cure.
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete
        if not spellcheck:
            self.widget.attrs["spellcheck"] = "false"

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if not text.strip():
            return ""
        try:
            return clean_line(text, at_most=self.at_most)
        except UncleanText as unclean:
            raise ValidationError(str(unclean), code="unclean") from unclean


class NameField(LineField):
    """The name of a person or an organization: any script and sign, and at least two letters."""

    def __init__(self, *, max_length: int = 255, **rest: Any) -> None:
        super().__init__(max_length=max_length, **rest)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text and sum(letter.isalpha() for letter in text) < _LETTERS_OF_A_NAME:
            raise ValidationError(
                _("“%(label)s” cần ít nhất hai chữ cái. Hãy ghi tên đúng như trên giấy tờ.")
                % {"label": self.label or _("Mục này")},
                code="no_name",
            )
        return text


class NoteField(WordedField, forms.CharField):
    """Several lines of text, each read as ``LineField`` reads its own."""

    def __init__(self, *, max_length: int = 2000, rows: int = 4, **rest: Any) -> None:
        rest.setdefault("widget", widgets.Note(limit=max_length, rows=rows))
        super().__init__(strip=False, **rest)
        self.at_most = max_length
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        lines = str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
        try:
            text = "\n".join(clean_line(line, at_most=len(line) or 1) if line.strip() else "" for line in lines)
        except UncleanText as unclean:
            raise ValidationError(str(unclean), code="unclean") from unclean
        if len(text) > self.at_most:
            raise ValidationError(
                _("“%(label)s” dài tối đa %(limit)s ký tự; đang có %(count)s. Hãy rút gọn bớt.")
                % {"label": self.label or _("Mục này"), "limit": self.at_most, "count": len(text)},
                code="max_length",
            )
        return text


class PersonalIdField(LineField):
    """A personal identity number of 12 digits, or an old one of 9. Returns its digits."""

    def __init__(self, *, autocomplete: str = "off", **rest: Any) -> None:
        rest.setdefault("label", gettext_lazy("Số định danh cá nhân"))
        rest.setdefault("help_text", gettext_lazy("12 chữ số trên thẻ căn cước"))
        rest.setdefault("widget", widgets.Digits(width=20, autocomplete=autocomplete))
        super().__init__(max_length=60, **rest)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return read_personal_id(text).number
        except UnreadablePersonalId as unreadable:
            raise ValidationError(str(unreadable), code="unreadable") from unreadable


class PhoneField(LineField):
    """A Vietnamese telephone number. Returns it as dialled inside the country: 0 and nine or ten digits."""

    def __init__(self, *, autocomplete: str = "tel", **rest: Any) -> None:
        rest.setdefault("label", gettext_lazy("Số điện thoại"))
        rest.setdefault("widget", widgets.Digits(width=20, autocomplete=autocomplete, attrs={"inputmode": "tel"}))
        super().__init__(max_length=60, **rest)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        digits = re.sub(r"^(\+|00)84", "0", re.sub(r"[\s.()\-]", "", text))
        if not re.fullmatch(r"[0-9]+", digits):
            raise ValidationError(
                _("Số điện thoại chỉ gồm chữ số, có thể bắt đầu bằng +84. Ví dụ: 0912 345 678."), code="unreadable"
            )
        if re.fullmatch(r"0[35789][0-9]{8}|02[0-9]{9}", digits):
            return digits
        if len(digits) == 9 and digits[0] in "35789":
            raise ValidationError(_("Số điện thoại cần 10 chữ số; đang có 9. Kiểm tra số 0 ở đầu."), code="length")
        raise ValidationError(
            _(
                "Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09; số máy bàn có 11 chữ số, bắt đầu bằng 02. "
                "Đang có %(count)s chữ số: kiểm tra lại từng số."
            )
            % {"count": len(digits)},
            code="length",
        )


class EmailField(LineField):
    """An e-mail address."""

    def __init__(self, *, autocomplete: str = "email", **rest: Any) -> None:
        rest.setdefault("label", gettext_lazy("Thư điện tử"))
        rest.setdefault("widget", widgets.Line(width=30, attrs={"inputmode": "email", "autocapitalize": "none"}))
        super().__init__(max_length=254, autocomplete=autocomplete, spellcheck=False, **rest)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text and not re.fullmatch(r"[^@\s\"<>(),;:\\]+@[^@\s\"<>(),;:\\.]+(\.[^@\s\"<>(),;:\\.]+)+", text):
            raise ValidationError(
                _("Địa chỉ thư điện tử có dạng ten@vidu.vn. Kiểm tra dấu @ và phần sau dấu @."), code="unreadable"
            )
        return text


class TaxCodeField(LineField):
    """A tax code: 10 digits, or 13 for a branch. Returns digits, with a dash before the branch."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("label", gettext_lazy("Mã số thuế"))
        rest.setdefault("widget", widgets.Digits(width=20))
        super().__init__(max_length=60, **rest)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        digits = mst.compact(text)
        if not re.fullmatch(r"[0-9]+", digits):
            raise ValidationError(
                _("Mã số thuế chỉ gồm chữ số, ví dụ 0100233488 hoặc 0314409058-002."), code="unreadable"
            )
        try:
            return mst.format(mst.validate(digits))
        except InvalidLength as wrong:
            raise ValidationError(
                _("Mã số thuế cần 10 chữ số, hoặc 13 với đơn vị phụ thuộc; đang có %(count)s. Kiểm tra số 0 ở đầu.")
                % {"count": len(digits)},
                code="length",
            ) from wrong
        except InvalidChecksum as wrong:
            raise ValidationError(
                _("Chữ số thứ 10 không khớp với chín chữ số trước. So lại từng số với giấy đăng ký thuế."),
                code="checksum",
            ) from wrong
        except ValueError as wrong:
            raise ValidationError(
                _("Mã số thuế này không thể có thật. So lại từng số với giấy đăng ký thuế."), code="unreadable"
            ) from wrong


class ApplicantNumberField(LineField):
    """The number of whoever asks: a personal identity number or a tax code, told apart by how many digits there are."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("label", gettext_lazy("Số định danh cá nhân hoặc mã số thuế"))
        rest.setdefault("widget", widgets.Digits(width=20))
        super().__init__(max_length=60, **rest)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        digits = mst.compact(text)
        is_number = re.fullmatch(r"[0-9]+", digits) is not None
        if is_number and len(digits) in _TAX_CODE_LENGTHS:
            return TaxCodeField().to_python(text)
        if is_number and len(digits) not in _PERSONAL_ID_LENGTHS:
            raise ValidationError(
                _(
                    "Số định danh cần 12 chữ số (chứng minh nhân dân cũ 9), mã số thuế cần 10 hoặc 13; "
                    "đang có %(count)s. Kiểm tra số 0 ở đầu."
                )
                % {"count": len(digits)},
                code="length",
            )
        return PersonalIdField().to_python(text)


class MoneyField(LineField):
    """An amount in whole đồng. Returns an integer, or None."""

    def __init__(self, *, at_least: int = 0, at_most: int = 10**13, **rest: Any) -> None:
        attrs = {"inputmode": "numeric", "class": "govuk-input--digits", "autocomplete": "off"}
        rest.setdefault("widget", widgets.Line(width=10, suffix="₫", attrs=attrs))
        super().__init__(max_length=60, **rest)
        self.least, self.most = at_least, at_most

    def to_python(self, value: Any) -> Dong | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            amount = parse_dong(text)
        except ValueError as unreadable:
            raise ValidationError(str(unreadable), code="unreadable") from unreadable
        if not self.least <= amount <= self.most:
            grouped = {"least": f"{self.least:,}".replace(",", "."), "most": f"{self.most:,}".replace(",", ".")}
            raise ValidationError(_("Số tiền cần từ %(least)s đến %(most)s đồng.") % grouped, code="range")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value
