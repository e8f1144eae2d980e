"""The form fields of every screen: they accept what people type and say what is wrong, where, and what to do.

A field knows how a value is written, not whether it is true: that is asked of the services.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.vn import mst

from lienthong.infra import widgets
from lienthong.kernel.days import BirthDate, format_day
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.money import Dong, parse_dong
from lienthong.kernel.text import UncleanText, clean_line

PAPER_KINDS = (".pdf", ".jpg", ".jpeg", ".png")
MEGABYTE = 1024 * 1024


class _Worded(forms.Field):
    """A field whose refusals name the field, in the words of the house."""

    missing = gettext_lazy("Chưa có “%(label)s”. Hãy điền mục này.")

    def validate(self, value: Any) -> None:
        if self.required and value in self.empty_values:
            raise ValidationError(self._missing(), code="required")

    def _missing(self) -> str:
        return str(self.missing) % {"label": self.label or _("mục này")}


class LineField(_Worded, forms.CharField):
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


class NoteField(_Worded, forms.CharField):
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


class DayField(_Worded):
    """A day, typed as day, month and year. Returns a ``date``, or None."""

    widget = widgets.Day
    missing = gettext_lazy("Chưa có “%(label)s”. Hãy điền ngày, tháng và năm.")

    def __init__(
        self,
        *,
        earliest: date = date(1900, 1, 1),
        latest: date = date(2100, 12, 31),
        autocomplete: str = "",
        **rest: Any,
    ) -> None:
        rest.setdefault("help_text", gettext_lazy("Ví dụ: 27 11 2026"))
        rest.setdefault("widget", widgets.Day(autocomplete=autocomplete))
        super().__init__(**rest)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | BirthDate | None:
        texts = [str(part or "").strip() for part in value or ()]
        if not any(texts):
            return None
        known = self._read(texts)
        if known.latest < self.earliest or known.earliest > self.latest:
            raise ValidationError(
                _("“%(label)s” cần trong khoảng từ %(earliest)s đến %(latest)s; đang là %(given)s. Kiểm tra lại năm.")
                % {
                    "label": self.label or _("Ngày này"),
                    "earliest": format_day(self.earliest),
                    "latest": format_day(self.latest),
                    "given": known,
                },
                code="range",
            )
        return self._known(known)

    def _read(self, texts: list[str]) -> BirthDate:
        names = (_("ngày"), _("tháng"), _("năm"))
        if missing := [name for name, text in zip(names, texts, strict=True) if not text and self._needs(name, texts)]:
            raise ValidationError(
                _("“%(label)s” còn thiếu %(parts)s.")
                % {"label": self.label or _("Ngày này"), "parts": _(" và ").join(missing)},
                code="incomplete",
            )
        if odd := [text for text in texts if text and not re.fullmatch(r"[0-9]{1,4}", text)]:
            raise ValidationError(
                _("Ngày, tháng, năm viết bằng chữ số; “%(odd)s” không đọc được. Ví dụ: 27 11 2026.") % {"odd": odd[0]},
                code="unreadable",
            )
        if len(texts[2]) < 4:
            raise ValidationError(
                _("Năm cần đủ 4 chữ số; đang là “%(year)s”. Ví dụ: 1954.") % {"year": texts[2]}, code="year"
            )
        try:
            return BirthDate.parse("/".join(filter(None, texts)))
        except ValueError as nonexistent:
            raise ValidationError(str(nonexistent), code="nonexistent") from nonexistent

    def _needs(self, part: str, texts: list[str]) -> bool:
        return True

    def _known(self, known: BirthDate) -> date | BirthDate:
        return known.day

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.widget.decompress(initial)
        return [text.lstrip("0") for text in before] != [
            str(part or "").strip().lstrip("0") for part in data or ["", "", ""]
        ]


class BirthDateField(DayField):
    """A date of birth that may be known only to the month or the year. Returns a ``BirthDate``, or None."""

    missing = gettext_lazy("Chưa có “%(label)s”. Hãy điền ít nhất năm sinh.")

    def __init__(self, *, autocomplete: str = "bday", **rest: Any) -> None:
        rest.setdefault("label", gettext_lazy("Ngày sinh"))
        rest.setdefault(
            "help_text", gettext_lazy("Ví dụ: 12 3 1954. Chỉ biết tháng hoặc năm thì để trống phần không biết.")
        )
        super().__init__(autocomplete=autocomplete, **rest)

    def _needs(self, part: str, texts: list[str]) -> bool:
        day_without_month = bool(texts[0]) and not texts[1]
        return part == _("năm") or (part == _("tháng") and day_without_month)

    def _known(self, known: BirthDate) -> BirthDate:
        return known


class ChoiceField(_Worded, forms.ChoiceField):
    """One of a few, as radios; ``select=True`` for one of many, as a drop-down list."""

    missing = gettext_lazy("Chưa chọn “%(label)s”. Hãy chọn một mục.")
    strange = gettext_lazy("Lựa chọn cho “%(label)s” không còn trong danh sách. Hãy chọn lại.")

    def __init__(
        self,
        *,
        choices: Iterable[Any] | Callable[[], Iterable[Any]] = (),
        hints: Mapping[str, str] | None = None,
        inline: bool = False,
        select: bool = False,
        **rest: Any,
    ) -> None:
        rest.setdefault("widget", forms.Select() if select else widgets.Radios(hints=hints, inline=inline))
        super().__init__(choices=choices, **rest)

    def validate(self, value: Any) -> None:
        _Worded.validate(self, value)
        if value and not self.valid_value(value):
            raise ValidationError(str(self.strange) % {"label": self.label or _("mục này")}, code="invalid_choice")


class ChoicesField(_Worded, forms.MultipleChoiceField):
    """Some of a few, as checkboxes."""

    missing = gettext_lazy("Chưa chọn “%(label)s”. Hãy chọn ít nhất một mục.")
    strange = ChoiceField.strange

    def __init__(
        self,
        *,
        choices: Iterable[Any] | Callable[[], Iterable[Any]] = (),
        hints: Mapping[str, str] | None = None,
        **rest: Any,
    ) -> None:
        rest.setdefault("widget", widgets.Checkboxes(hints=hints))
        super().__init__(choices=choices, **rest)

    def validate(self, value: Any) -> None:
        _Worded.validate(self, value)
        if not all(self.valid_value(one) for one in value):
            raise ValidationError(str(self.strange) % {"label": self.label or _("mục này")}, code="invalid_choice")


class AgreementField(forms.BooleanField):
    """One sentence to agree to."""

    def validate(self, value: Any) -> None:
        if self.required and not value:
            sentence = _("Để tiếp tục, hãy đánh dấu ô “%(label)s”.")
            raise ValidationError(sentence % {"label": self.label or ""}, code="required")


class FilesField(_Worded, forms.FileField):
    """Papers as files: several by default. Returns a list of uploaded files.

    What a file really holds is asked of ``documents``; here only its name and its weight are looked at.
    """

    missing = gettext_lazy("Chưa có tệp nào cho “%(label)s”. Hãy chọn ít nhất một tệp.")

    def __init__(
        self,
        *,
        several: bool = True,
        at_most: int = 10,
        limit_bytes: int = 25 * MEGABYTE,
        kinds: Sequence[str] = PAPER_KINDS,
        **rest: Any,
    ) -> None:
        rest.setdefault("widget", widgets.Files(several=several, accept=kinds))
        rest.setdefault(
            "help_text",
            gettext_lazy("PDF hoặc ảnh chụp rõ (JPG, PNG), mỗi tệp tối đa %(limit)s MB")
            % {"limit": limit_bytes // MEGABYTE},
        )
        super().__init__(**rest)
        self.at_most, self.limit_bytes, self.kinds = at_most, limit_bytes, tuple(kinds)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        files = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        self.validate(files)
        if len(files) > self.at_most:
            raise ValidationError(
                _("Mỗi lần gửi tối đa %(limit)s tệp; đang chọn %(count)s. Hãy gửi làm nhiều lần.")
                % {"limit": self.at_most, "count": len(files)},
                code="count",
            )
        if wrong := [sentence for one in files for sentence in self._wrong_with(one)]:
            raise ValidationError([ValidationError(sentence, code="file") for sentence in wrong])
        return files

    def _wrong_with(self, file: UploadedFile) -> list[str]:
        name = {"name": file.name}
        if not file.size:
            return [_("Tệp “%(name)s” rỗng. Hãy mở thử tệp trên máy, rồi chọn lại.") % name]
        if file.size > self.limit_bytes:
            weights = {"weight": f"{file.size / MEGABYTE:.1f}".replace(".", ","), "limit": self.limit_bytes // MEGABYTE}
            return [
                _("Tệp “%(name)s” nặng %(weight)s MB; mỗi tệp tối đa %(limit)s MB. Hãy chụp lại nhỏ hơn hoặc tách tệp.")
                % {**name, **weights}
            ]
        if self.kinds and not str(file.name).lower().endswith(self.kinds):
            kinds = ", ".join(kind.lstrip(".").upper() for kind in self.kinds)
            return [
                _("Tệp “%(name)s” thuộc loại chưa nhận được. Hãy gửi một trong các loại: %(kinds)s.")
                % {**name, "kinds": kinds}
            ]
        return []


__all__ = [
    "AgreementField",
    "BirthDateField",
    "ChoiceField",
    "ChoicesField",
    "DayField",
    "EmailField",
    "FilesField",
    "LineField",
    "MoneyField",
    "NoteField",
    "PersonalIdField",
    "PhoneField",
    "TaxCodeField",
]
