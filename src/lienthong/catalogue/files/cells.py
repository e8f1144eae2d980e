"""One value of a file, whatever way a person or a program wrote it: text, number, day, yes or no, one of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override

from lienthong.catalogue.findings import Finding, Severity
from lienthong.kernel.days import parse_day
from lienthong.kernel.text import UncleanText, clean_line, fold
from lienthong.rules.deadline_text import read_allowance
from lienthong.rules.deadlines import Allowance, Unit

T = TypeVar("T", bound=TextChoices)

FILE_LANGUAGE = "vi"
_YES = {"co", "x", "true", "yes", "1"}
_NO = {"", "khong", "false", "no", "0"}
_SEPARATOR = ";"


class Cells:
    """One mapping of a file, read key by key. Whatever cannot be read becomes a finding and a harmless value."""

    def __init__(
        self, raw: Any, *, place: str, labels: Mapping[str, Any], findings: list[Finding], others: Iterable[str] = ()
    ) -> None:
        self.place, self.labels, self.findings = place, labels, findings
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.complain(_("Chỗ này cần nhiều mục “tên: giá trị”."))
        known = {*labels, *others}
        for key in self.raw:
            if key not in known:
                self.complain(_("Không có mục “%(key)s” trong mẫu. Kiểm tra chính tả.") % {"key": str(key)[:60]})

    def complain(self, text: str, *, severity: Severity = Severity.ERROR) -> None:
        """Note one finding at this place."""
        self.findings.append(Finding(text, self.place, severity))

    def says(self, key: str) -> bool:
        """Say whether there is a value at all."""
        return self.raw.get(key) not in (None, "")

    def text(self, key: str, *, at_most: int, required: bool = False, lines: bool = False) -> str:
        """Read text; codes must be text already, since a number loses its zeros."""
        value = self.raw.get(key)
        if value in (None, ""):
            if required:
                self._missing(key)
            return ""
        if not isinstance(value, str):
            return self._not_text(key, value)
        try:
            if not lines:
                return clean_line(value, at_most=at_most)
            text = "\n".join(clean_line(line, at_most=at_most) for line in value.strip().splitlines())
        except UncleanText as unclean:
            self.complain(f"“{self._label(key)}”: {unclean}")
            return ""
        if len(text) > at_most:
            self.complain(
                _("“%(label)s” dài %(count)s ký tự, tối đa %(limit)s.")
                % {"label": self._label(key), "count": len(text), "limit": at_most}
            )
        return text

    def choice(self, key: str, choices: type[T], default: T | None = None) -> T | None:
        """Read one of a closed list, by its code or by its Vietnamese words."""
        value = self.raw.get(key)
        if value in (None, ""):
            if default is None:
                self._missing(key)
            return default
        return self._choice(key, str(value), choices) or default

    def choices(self, key: str, choices: type[T]) -> tuple[str, ...]:
        """Read some of a closed list."""
        read = (self._choice(key, text, choices) for text in self.texts(key, at_most=60))
        return tuple(dict.fromkeys(one.value for one in read if one))

    def texts(self, key: str, *, at_most: int) -> tuple[str, ...]:
        """Read several texts: a list, or one text with semicolons."""
        value = self.raw.get(key)
        if value in (None, ""):
            return ()
        parts = value.split(_SEPARATOR) if isinstance(value, str) else value
        if not isinstance(parts, list):
            self.complain(_("“%(label)s” cần một danh sách.") % {"label": self._label(key)})
            return ()
        cells = [Cells({key: part}, place=self.place, labels=self.labels, findings=self.findings) for part in parts]
        return tuple(filter(None, (cell.text(key, at_most=at_most) for cell in cells)))

    def day(self, key: str, *, required: bool = False) -> date | None:
        """Read a day."""
        value = self.raw.get(key)
        if value in (None, ""):
            if required:
                self._missing(key)
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        try:
            return parse_day(str(value))
        except ValueError as unreadable:
            self.complain(f"“{self._label(key)}”: {unreadable}")
            return None

    def whole(self, key: str, *, default: int | None = None, at_most: int = 10**12) -> int | None:
        """Read a whole number that is not negative."""
        value = self.raw.get(key)
        if value in (None, ""):
            if default is None:
                self._missing(key)
            return default
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value.strip()[:20])
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= at_most:
            self.complain(
                _("“%(label)s” cần một số nguyên từ 0 đến %(most)s; đang là “%(value)s”.")
                % {"label": self._label(key), "most": at_most, "value": str(value)[:40]}
            )
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Read yes or no."""
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        folded = fold(str(value)).removesuffix(".0")
        if folded in _YES or folded in _NO:
            return folded in _YES
        self.complain(
            _("“%(label)s” ghi “có” hoặc “không”; đang là “%(value)s”.")
            % {"label": self._label(key), "value": str(value)[:40]}
        )
        return default

    def allowance(self, key: str) -> tuple[Allowance, ...]:
        """Read a chain of time limits: a list of {amount, unit}, one such mapping, or words."""
        value = self.raw.get(key)
        if value in (None, "", []):
            return ()
        try:
            if isinstance(value, str):
                return read_allowance(value)
            parts = value if isinstance(value, list) else [value]
            return tuple(Allowance(_whole(part["amount"]), Unit(part["unit"])) for part in parts)
        except (ValueError, KeyError, TypeError) as unreadable:
            known = ", ".join(unit.value for unit in Unit)
            self.complain(
                str(unreadable)
                if isinstance(value, str)
                else _("“%(label)s” cần số lượng (amount) và đơn vị (unit: %(units)s).")
                % {"label": self._label(key), "units": known}
            )
            return ()

    def rows(self, key: str) -> list[Any]:
        """Give the rows of a part."""
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.complain(_("“%(key)s” cần một danh sách.") % {"key": key})
            return []
        return value

    def _choice(self, key: str, text: str, choices: type[T]) -> T | None:
        # Files speak Vietnamese, whatever language their reader has chosen for the pages.
        with override(FILE_LANGUAGE):
            words = {fold(str(member.label)): member for member in choices}
        for member in choices:
            if text.strip() == member.value:
                return member
        if fold(text) in words:
            return words[fold(text)]
        self.complain(
            _("“%(label)s” không có giá trị “%(value)s”. Hãy chọn một trong: %(known)s.")
            % {
                "label": self._label(key),
                "value": text[:60],
                "known": ", ".join(f"{member.label} ({member.value})" for member in choices),
            }
        )
        return None

    def _not_text(self, key: str, value: Any) -> str:
        self.complain(
            _("“%(label)s” phải là chữ; “%(value)s” bị đọc thành số, có thể đã mất số 0. Hãy đặt trong ngoặc kép (YAML) hoặc định dạng ô là Text (Excel).")
            % {"label": self._label(key), "value": str(value)[:40]}
            if isinstance(value, int | float)
            else _("“%(label)s” phải là chữ.") % {"label": self._label(key)}
        )  # fmt: skip
        return ""

    def _missing(self, key: str) -> None:
        self.complain(_("Thiếu “%(label)s” (%(key)s).") % {"label": self._label(key), "key": key})

    def _label(self, key: str) -> str:
        return str(self.labels.get(key, key))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value
