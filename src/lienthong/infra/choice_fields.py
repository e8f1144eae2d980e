"""The form fields that are chosen: one of a few, some of a few, one sentence to agree to, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import widgets
from lienthong.infra.fields import WordedField

PAPER_KINDS = (".pdf", ".jpg", ".jpeg", ".png")
MEGABYTE = 1024 * 1024


class ChoiceField(WordedField, forms.ChoiceField):
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
        WordedField.validate(self, value)
        if value and not self.valid_value(value):
            raise ValidationError(str(self.strange) % {"label": self.label or _("mục này")}, code="invalid_choice")


class ChoicesField(WordedField, forms.MultipleChoiceField):
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
        WordedField.validate(self, value)
        if not all(self.valid_value(one) for one in value):
            raise ValidationError(str(self.strange) % {"label": self.label or _("mục này")}, code="invalid_choice")


class AgreementField(forms.BooleanField):
    """One sentence to agree to."""

    def validate(self, value: Any) -> None:
        if self.required and not value:
            sentence = _("Để tiếp tục, hãy đánh dấu ô “%(label)s”.")
            raise ValidationError(sentence % {"label": self.label or ""}, code="required")


class FilesField(WordedField, forms.FileField):
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
            format_lazy(
                gettext_lazy("PDF hoặc ảnh chụp rõ (JPG, PNG), mỗi tệp tối đa {limit} MB"),
                limit=limit_bytes // MEGABYTE,
            ),
        )
        super().__init__(**rest)
        self.at_most, self.limit_bytes, self.kinds = at_most, limit_bytes, tuple(kinds)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
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

    def _wrong_with(self, file: UploadedFile[Any]) -> list[str]:
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
