"""The form fields of days: three small numbers, and dates of birth of which only a part is known."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import widgets
from lienthong.infra.fields import WordedField
from lienthong.kernel.days import BirthDate, format_day


class DayField(WordedField):
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
        longest = (2, 2, 4)
        if odd := [
            text
            for text, most in zip(texts, longest, strict=True)
            if text and not (re.fullmatch(r"[0-9]+", text) and len(text) <= most)
        ]:
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
        before = cast(widgets.Day, self.widget).decompress(initial)
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
